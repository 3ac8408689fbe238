//! How Envoy compares texts: the forms of its `StringMatcher`.

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_syntax::escape;

use crate::files::At;
use crate::server::{Matching, Mentioned};

/// The bytes that an expression may take when it is compiled, and those for each of its own. So repetition cannot make much of little.
const COMPILED_BYTES: usize = 256 << 10;
const COMPILED_BYTES_EACH: usize = 200;
/// The most bytes of an expression. One of more is not tried.
const MOST_BYTES_OF_TEXT: usize = 128 << 10;

/// A text that values are compared with.
#[derive(Clone, Debug)]
pub(super) struct TextMatcher {
    pub(super) at: At,
    pub(super) text: String,
    pub(super) kind: TextMatch,
    pub(super) ignores_case: bool,
}

#[derive(Clone, Debug)]
pub(super) enum TextMatch {
    Exact,
    Prefix,
    Suffix,
    Contains,
    /// The whole value has to match. `None` if the expression is not understood: it then matches nothing.
    Expression(Option<Regex>),
}

impl TextMatcher {
    pub(super) fn expression(text: &str, at: At) -> Self {
        let build = |text: &str| {
            let most = COMPILED_BYTES.saturating_add(text.len().saturating_mul(COMPILED_BYTES_EACH));
            Regex::builder()
                .configure(Regex::config().nfa_size_limit(Some(most)).onepass(false).dfa(false))
                .syntax(syntax::Config::new().nest_limit(100))
                .build(text)
                .ok()
        };
        let is_short = text.len() <= MOST_BYTES_OF_TEXT;
        let compiled = is_short.then(|| build(text)).flatten().and_then(|_| build(&format!("^(?:{text})$")));
        Self { at, text: text.to_owned(), kind: TextMatch::Expression(compiled), ignores_case: false }
    }

    pub(super) fn is_understood(&self) -> bool {
        !matches!(self.kind, TextMatch::Expression(None))
    }

    pub(super) fn fits(&self, value: &str) -> bool {
        if let TextMatch::Expression(expression) = &self.kind {
            return expression.as_ref().is_some_and(|expression| expression.is_match(value));
        }
        let lowered =
            |text: &str| if self.ignores_case { text.to_ascii_lowercase() } else { text.to_owned() };
        let (value, text) = (lowered(value), lowered(&self.text));
        match self.kind {
            TextMatch::Exact => value == text,
            TextMatch::Prefix => value.starts_with(&text),
            TextMatch::Suffix => value.ends_with(&text),
            TextMatch::Contains => value.contains(&text),
            TextMatch::Expression(_) => false,
        }
    }

    /// Whether the CORS filter takes it for a `*`: it asks every matcher about that text, too.
    pub(super) fn lets_all_in(&self) -> bool {
        self.fits("*")
    }

    /// What it means for origins.
    pub(super) fn mentioned(&self) -> Option<Mentioned> {
        let ignores_case = self.ignores_case;
        let search = |expression: String| {
            let pattern = self.text.clone();
            Some(Mentioned::Pattern { pattern, expression, matching: Matching::Search, ignores_case })
        };
        let text = escape(&self.text);
        match &self.kind {
            TextMatch::Exact | TextMatch::Prefix | TextMatch::Suffix | TextMatch::Contains
                if self.lets_all_in()
                    || self.text.contains('*') && !matches!(self.kind, TextMatch::Exact) =>
            {
                None
            }
            TextMatch::Exact => Some(Mentioned::Text { text: self.text.clone(), ignores_case }),
            TextMatch::Prefix => search(format!("^{text}")),
            TextMatch::Suffix => search(format!("{text}$")),
            TextMatch::Contains => search(text),
            TextMatch::Expression(None) => None,
            TextMatch::Expression(Some(_)) => Some(Mentioned::Expression {
                expression: self.text.clone(),
                matching: Matching::Whole,
                ignores_case,
            }),
        }
    }
}
