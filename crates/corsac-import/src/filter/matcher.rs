//! How texts are compared: origins, and the paths and methods of routes.

use corsac::server::OriginEntry;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use super::{Allowed, not_read};
use crate::document::Text;
use crate::example::example;
use crate::files::At;
use crate::note::Noted;
use crate::server::{Matching, Mentioned};

/// How a text is compared.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    /// Everything matches, also a header that is not there.
    Everything,
    /// Every text matches that is there.
    Any,
    Exact(String),
    IgnoringCase(String),
    Prefix(String),
    /// A path, and those below it.
    Below(String),
    Glob {
        pattern: String,
        star: Star,
    },
    Expression(Regex),
    /// Nothing matches.
    Nothing,
}

/// What a `*` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Star {
    /// Any characters.
    Anything,
    /// Characters of a host: labels, and the dots between them.
    Host,
}

impl Matcher {
    /// Returns `true` if the text matches.
    pub(crate) fn matches(&self, text: Option<&str>) -> bool {
        let Some(text) = text else { return matches!(self, Self::Everything) };
        match self {
            Self::Everything | Self::Any => true,
            Self::Exact(exact) => exact == text,
            Self::IgnoringCase(exact) => exact.eq_ignore_ascii_case(text),
            Self::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Self::Below(path) => text
                .strip_prefix(path.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Self::Glob { pattern, star } => glob(pattern, text, *star),
            Self::Expression(expression) => expression.is_match(text),
            Self::Nothing => false,
        }
    }
}

/// Each star is as short as it can be, which is enough because only the last part has to be at the end. The work is linear for one star, and for
/// patterns with more of them what a search for each part costs.
fn glob(pattern: &str, text: &str, star: Star) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let is_between = |between: &str| star == Star::Anything || !between.contains([':', '/']);
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((between, after)) = rest.split_once(part) else { return false };
        if !is_between(between) {
            return false;
        }
        rest = after;
    }
    rest.strip_suffix(last).is_some_and(is_between)
}

/// What a pattern with stars says about origins: an entry of a policy if that is the same, or the expression that is.
pub(super) fn mentioned(pattern: &str) -> Mentioned {
    let is_entry = pattern.matches('*').count() == 1
        && (pattern.contains("://*.") || pattern.ends_with(":*"))
        && OriginEntry::split(pattern).is_some_and(|entry| entry.is_web());
    if is_entry {
        return Mentioned::Entry(pattern.to_owned());
    }
    let parts: Vec<String> = pattern.split('*').map(escape).collect();
    Mentioned::Pattern {
        pattern: pattern.to_owned(),
        expression: parts.join(".*"),
        matching: Matching::Whole,
        ignores_case: false,
    }
}

/// What matches a path that is written as a regular expression, from its beginning: what begins with a text, if the expression says no more, as
/// `/api(/|$)(.*)` does. With it comes the text that each path begins with.
pub(crate) fn path_expression(
    text: &Text,
    matching: Matching,
    ignores_case: bool,
    expressions: &mut Expressions,
) -> (Matcher, String) {
    const REST: [&str; 9] =
        ["(/|$)(.*)", "(/|$).*", "(/|$)", "(/.*)?", "/?(.*)", "/(.*)", "/.*", "/(.+)", "/.+"];
    let written = text.text.trim_start_matches('^');
    let is_plain =
        |path: &str| !path.contains(['\\', '(', ')', '[', ']', '{', '}', '*', '+', '?', '|', '^', '$']);
    for rest in REST {
        if let Some(path) = written.strip_suffix(rest).filter(|path| is_plain(path)) {
            return (Matcher::Below(path.to_owned()), path.to_owned());
        }
    }
    let open = if matching == Matching::Whole { &["(.*)", ".*"][..] } else { &["(.*)", ".*", ""] };
    for rest in open {
        if let Some(path) = written.strip_suffix(*rest).filter(|path| is_plain(path)) {
            return (Matcher::Prefix(path.to_owned()), path.to_owned());
        }
    }
    (expressions.matcher(text, matching, ignores_case), example(&text.text).unwrap_or_default())
}

/// A text as a regular expression that matches it alone.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() && !matches!(letter, '/' | ':' | '-' | '_' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// The most expressions of a configuration, and the most memory of each. Both bound the time that hostile files need.
const MOST_EXPRESSIONS: usize = 200;
const MOST_MEMORY: usize = 256 << 10;

/// Compiles regular expressions, and notes those that it cannot read.
#[derive(Debug, Default)]
pub(crate) struct Expressions {
    compiled: usize,
    pub(crate) notes: Vec<Noted>,
}

impl Expressions {
    /// What matches the expression. What cannot be read matches nothing, and gets a note.
    pub(crate) fn matcher(&mut self, expression: &Text, matching: Matching, ignores_case: bool) -> Matcher {
        self.compile(expression, matching, ignores_case).unwrap_or_else(|| {
            let why = format!(
                "The regular expression `{}` cannot be read here, so it counts as one that matches nothing.",
                expression.text
            );
            self.notes.push(not_read(expression.at, why));
            Matcher::Nothing
        })
    }

    fn compile(&mut self, expression: &Text, matching: Matching, ignores_case: bool) -> Option<Matcher> {
        let Text { text, at } = expression;
        self.compiled = self.compiled.saturating_add(1);
        if self.compiled > MOST_EXPRESSIONS {
            if self.compiled == MOST_EXPRESSIONS.saturating_add(1) {
                let why = format!(
                    "There are more than {MOST_EXPRESSIONS} regular expressions. Those from here on are not read."
                );
                self.notes.push(not_read(*at, why));
            }
            return Some(Matcher::Nothing);
        }
        let anchored = match matching {
            Matching::Search => text.clone(),
            Matching::Whole => format!(r"\A(?:{text})\z"),
            Matching::Prefix => format!(r"\A(?:{text})"),
        };
        let compiled = Regex::builder()
            .syntax(syntax::Config::new().case_insensitive(ignores_case).nest_limit(50))
            .configure(Regex::config().nfa_size_limit(Some(MOST_MEMORY)).onepass(false).dfa(false))
            .build(&anchored);
        compiled.ok().map(Matcher::Expression)
    }

    /// An entry for the origins that an expression matches. One that cannot be read matches nothing; that is noted where all expressions for origins are
    /// examined.
    pub(crate) fn allowed(&mut self, expression: &Text, matching: Matching, ignores_case: bool) -> Allowed {
        Allowed {
            matcher: self.compile(expression, matching, ignores_case).unwrap_or(Matcher::Nothing),
            sent: None,
            mentioned: Some(Mentioned::Expression {
                expression: expression.text.clone(),
                matching,
                ignores_case,
            }),
            at: expression.at,
        }
    }
}

/// An expression that the reader wrote itself.
pub(crate) fn own(expression: String, at: At) -> Text {
    Text { text: expression, at }
}
