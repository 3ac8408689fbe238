//! What is found while a Caddyfile is read: origins, and what is not understood.

use std::collections::{HashMap, HashSet};

use super::expression::{Compiler, Expression};
use super::lexer::Token;
use super::placeholder::{self, full_name, is_of_request, names};
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::{Matching, Mention, Mentioned};

/// The most placeholders that are looked up.
const MOST_PLACEHOLDERS: usize = 500;

/// Mentions and notes, in the order of reading.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) mentions: Vec<Mention>,
    pub(super) notes: Vec<Noted>,
    /// What Caddy would not read, so that there is no configuration at all.
    pub(super) refused: Option<(At, String)>,
    compiler: Compiler,
    /// The values that `vars` and `map` give to placeholders, by their full names.
    values: HashMap<String, Vec<Token>>,
    /// Words that matter for CORS and have placeholders.
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    word: Token,
    /// Whether its value is an origin.
    is_origin: bool,
}

impl Findings {
    pub(super) fn new(notes: Vec<Noted>) -> Self {
        Self { notes, ..Self::default() }
    }

    /// An origin that is compared as a whole.
    pub(super) fn text(&mut self, text: &str, at: At) {
        self.mentions
            .push(Mention { what: Mentioned::Text { text: text.to_owned(), ignores_case: false }, at });
    }

    /// An expression that is searched for in the origin.
    pub(super) fn searched(&mut self, expression: &str, at: At) {
        let what = Mentioned::Expression {
            expression: expression.to_owned(),
            matching: Matching::Search,
            ignores_case: false,
        };
        self.mentions.push(Mention { what, at });
    }

    /// A value of the `header` matcher, in which `*` is a wildcard at the beginning and at the end only.
    pub(super) fn wildcard(&mut self, value: &str, at: At) {
        let escaped = |text: &str| regex_syntax::escape(text);
        match (value.strip_prefix('*'), value.strip_suffix('*')) {
            _ if value == "*" || value == "**" || value.is_empty() => {}
            (Some(rest), Some(_)) => self.searched(&escaped(rest.strip_suffix('*').unwrap_or(rest)), at),
            (Some(end), None) => self.searched(&format!("{}$", escaped(end)), at),
            (None, Some(start)) => self.searched(&format!("^{}", escaped(start)), at),
            (None, None) => self.text(value, at),
        }
    }

    /// A value of `Access-Control-Allow-Origin`.
    pub(super) fn allowed_origin(&mut self, value: &str, at: At) {
        if value != "*" && !value.is_empty() && !value.contains('{') {
            self.text(value, at);
        }
    }

    /// The expression of a word, which searches in the origin or in something else.
    pub(super) fn expression(&mut self, word: &Token, of_origin: bool) -> Option<Expression> {
        let expression = self.compiled(&word.text);
        if expression.is_none() {
            let why = format!(
                "The regular expression `{}` cannot be read, so it is taken to match nothing.",
                word.text
            );
            self.not_read(word.at, why);
        } else if of_origin {
            self.searched(&word.text, word.at);
        }
        expression
    }

    /// The expression, if it can be compiled.
    pub(super) fn compiled(&mut self, pattern: &str) -> Option<Expression> {
        self.compiler.compile(pattern)
    }

    pub(super) fn not_read(&mut self, at: At, why: impl Into<String>) {
        self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, why));
    }

    /// What a placeholder without a known value leaves open, in a word that matters for CORS.
    pub(super) fn unknown_value(&mut self, word: &Token) {
        if let Some((_, rest)) = word.text.split_once("{$") {
            let name = rest.split('}').next().unwrap_or_default();
            self.not_read(
                word.at,
                format!("What the environment variable `{name}` is set to does not stand in the file, so its value is not read."),
            );
        } else if word.text.contains("{args[") || word.text.contains("{args.") {
            let why =
                format!("Nothing that is imported gives a value for `{}`, so it is not read.", word.text);
            self.not_read(word.at, why);
        }
    }

    /// A word with placeholders, whose values may stand elsewhere in the file.
    pub(super) fn placeholders(&mut self, word: &Token) {
        if word.text.contains('{') {
            self.open.push(Open { word: word.clone(), is_origin: false });
        }
    }

    /// A word that is an origin, if it is a placeholder.
    pub(super) fn origin_of_placeholder(&mut self, word: &Token) {
        if word.text.contains('{') {
            self.open.push(Open { word: word.clone(), is_origin: true });
        }
    }

    /// A value that `vars` or `map` gives to a placeholder.
    pub(super) fn value(&mut self, placeholder: &str, value: &Token) {
        self.values.entry(full_name(placeholder)).or_default().push(value.clone());
    }

    /// Looks up the placeholders, when everything is read.
    pub(super) fn resolve(&mut self) {
        let mut seen: Vec<(At, String)> = Vec::new();
        let mut mentioned: HashSet<String> = HashSet::new();
        for Open { word, is_origin } in std::mem::take(&mut self.open) {
            let names: Vec<String> = names(&word.text).into_iter().map(full_name).collect();
            let is_whole =
                is_origin && names.len() == 1 && word.text.ends_with('}') && word.text.starts_with('{');
            for name in names {
                if seen.len() > MOST_PLACEHOLDERS {
                    return;
                }
                if seen.contains(&(word.at, name.clone())) {
                    continue;
                }
                seen.push((word.at, name.clone()));
                match self.values.get(&name) {
                    Some(values) => {
                        if !is_whole || !mentioned.insert(name.clone()) {
                            continue;
                        }
                        for value in values.clone() {
                            self.unknown_value(&value);
                            if !value.text.contains(['$', '{']) {
                                self.allowed_origin(&value.text, value.at);
                            }
                        }
                    }
                    None if is_of_request(&name)
                        || name.starts_with(['$', '%'])
                        || name.starts_with("args") => {}
                    None => {
                        let why = format!(
                            "What `{{{name}}}` stands for is not in the file, so its value is not read."
                        );
                        self.not_read(word.at, why);
                    }
                }
            }
        }
    }

    /// Whether the key of `vars` or the source of `map` is the origin; then its values are origins.
    pub(super) fn is_origin(key: &str) -> bool {
        placeholder::is_origin(key)
    }
}
