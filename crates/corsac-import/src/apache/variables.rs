//! mod_setenvif and mod_env: the variables of a request.

use super::expression::{Condition, parse_condition};
use super::pattern::Pattern;
use super::reach::Names;
use super::request::{Found, Request};
use super::words::{next_word, words};
use crate::files::At;
use crate::server::{Matching, Mention, Mentioned};

/// `SetEnvIf` and its like.
#[derive(Clone, Debug)]
pub(super) struct VariableRule {
    pub(super) at: At,
    pub(super) test: Test,
    /// The variables that it sets, or removes.
    pub(super) changes: Vec<(String, Option<String>)>,
}

#[derive(Clone, Debug)]
pub(super) enum Test {
    /// The value of a request header or of something else, and the pattern.
    Value {
        subject: Subject,
        pattern: Pattern,
        is_plain: bool,
    },
    Expression(Condition),
}

#[derive(Clone, Debug)]
pub(super) enum Subject {
    Path,
    Method,
    Protocol,
    Address,
    /// A header, or if the request does not have it, a variable.
    Header(String),
    /// The last header whose name matches.
    Headers(Pattern),
}

impl VariableRule {
    /// Reads `SetEnvIf`, `SetEnvIfNoCase`, `SetEnvIfExpr`, `BrowserMatch` and `BrowserMatchNoCase`.
    pub(super) fn parse(directive: &str, arguments: &str, at: At) -> Result<Self, String> {
        let mut rest = arguments;
        let ignores_case = directive.ends_with("nocase");
        let test = if directive == "setenvifexpr" {
            let expression = next_word(&mut rest).unwrap_or_default();
            Test::Expression(
                parse_condition(&expression)
                    .map_err(|why| format!("The expression cannot be read: {why}."))?,
            )
        } else {
            let subject = if directive.starts_with("browsermatch") {
                Some("User-Agent".to_owned())
            } else {
                next_word(&mut rest)
            };
            let (Some(subject), Some(pattern)) = (subject, next_word(&mut rest)) else {
                return Err("The name of a header and a regular expression are expected here.".to_owned());
            };
            let plain = plain(&pattern);
            Test::Value {
                subject: subject_of(&subject, ignores_case),
                is_plain: plain.is_some(),
                pattern: Pattern::new(&pattern, ignores_case),
            }
        };
        let changes: Vec<_> = words(rest).iter().map(|word| change(word)).collect();
        if changes.is_empty() {
            return Err("The name of a variable is missing.".to_owned());
        }
        Ok(Self { at, test, changes })
    }

    pub(super) fn apply(&self, request: &mut Request<'_>) {
        let groups = match &self.test {
            Test::Value { subject, pattern, is_plain } => {
                let Some(groups) = pattern.groups(&value(request, subject)) else { return };
                (!is_plain).then_some(groups)
            }
            Test::Expression(condition) => {
                let mut found = Found::default();
                let holds = request.holds(condition, &mut found);
                request.vary(&found.looked_at, self.at);
                if !holds {
                    return;
                }
                found.groups
            }
        };
        for (name, value) in &self.changes {
            match value {
                // Without an expression, `$0` stays as it is written.
                Some(value) => {
                    let value = groups.as_ref().map_or_else(|| value.clone(), |groups| groups.fill(value));
                    request.environment.set(name, value);
                }
                None => request.environment.unset(name),
            }
        }
    }

    /// All regular expressions in it.
    pub(super) fn patterns(&self) -> Vec<&Pattern> {
        let mut patterns = Vec::new();
        match &self.test {
            Test::Value { subject, pattern, .. } => {
                patterns.push(pattern);
                if let Subject::Headers(name) = subject {
                    patterns.push(name);
                }
            }
            Test::Expression(condition) => condition.patterns(&mut patterns),
        }
        patterns
    }

    /// The variables that it reads.
    pub(super) fn add_variables(&self, names: &mut Names) {
        match &self.test {
            Test::Value { subject: Subject::Header(name), .. } => names.add(name),
            Test::Value { .. } => {}
            Test::Expression(condition) => condition.add_variables(names),
        }
    }

    /// The expressions that the request's path is compared with.
    pub(super) fn path_patterns(&self, patterns: &mut Vec<Pattern>) {
        match &self.test {
            Test::Value { subject: Subject::Path, pattern, .. } => patterns.push(pattern.clone()),
            Test::Value { .. } => {}
            Test::Expression(condition) => condition.path_patterns(patterns),
        }
    }

    pub(super) fn mentions(&self, mentions: &mut Vec<Mention>) {
        match &self.test {
            Test::Value { subject, pattern, .. } if subject.is_origin() => mentions.push(Mention {
                what: Mentioned::Expression {
                    expression: pattern.text.clone(),
                    matching: Matching::Search,
                    ignores_case: pattern.ignores_case,
                },
                at: self.at,
            }),
            Test::Value { .. } => {}
            Test::Expression(condition) => condition.mentions(self.at, mentions),
        }
    }
}

impl Subject {
    pub(super) fn is_origin(&self) -> bool {
        match self {
            Self::Header(name) => name.eq_ignore_ascii_case("origin"),
            Self::Headers(pattern) => pattern.is_match("Origin"),
            _ => false,
        }
    }
}

fn subject_of(name: &str, ignores_case: bool) -> Subject {
    match name.to_ascii_lowercase().as_str() {
        "request_uri" => Subject::Path,
        "request_method" => Subject::Method,
        "request_protocol" => Subject::Protocol,
        "remote_addr" | "remote_host" | "server_addr" => Subject::Address,
        _ if name.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character)) => {
            Subject::Header(name.to_owned())
        }
        _ => Subject::Headers(Pattern::new(name, ignores_case)),
    }
}

fn value(request: &Request<'_>, subject: &Subject) -> String {
    match subject {
        Subject::Path => request.uri.clone(),
        Subject::Method => request.method.clone(),
        Subject::Protocol => "HTTP/1.1".to_owned(),
        Subject::Address => "192.0.2.1".to_owned(),
        Subject::Header(name) => request
            .header(name)
            .or_else(|| request.environment.get(name).map(str::to_owned))
            .unwrap_or_default(),
        Subject::Headers(pattern) => {
            let names = request.asked.headers.iter().map(|line| line.name.clone());
            let last = names.rev().find(|name| pattern.is_match(name));
            last.and_then(|name| request.header(&name)).unwrap_or_default()
        }
    }
}

fn change(word: &str) -> (String, Option<String>) {
    match word.split_once('=') {
        Some((name, value)) if !value.is_empty() => {
            (name.to_owned(), (!value.starts_with('!')).then(|| value.to_owned()))
        }
        _ => {
            let word = word.trim_end_matches('=');
            match word.strip_prefix('!') {
                Some(name) => (name.to_owned(), None),
                None => (word.to_owned(), Some("1".to_owned())),
            }
        }
    }
}

/// The text that an expression without any special character stands for. Apache does not capture anything with it.
fn plain(expression: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = expression.chars();
    while let Some(character) = characters.next() {
        match character {
            '^' | '.' | '$' | '|' | '(' | ')' | '[' | ']' | '*' | '+' | '?' | '{' | '}' => return None,
            '\\' => {
                let escaped = characters.next()?;
                if !"^.$|()[]*+?{}\\".contains(escaped) {
                    return None;
                }
                text.push(escaped);
            }
            _ => text.push(character),
        }
    }
    Some(text)
}
