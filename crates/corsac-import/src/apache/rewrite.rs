//! mod_rewrite: `RewriteRule` with its `RewriteCond`s.

mod parse;

use super::expression::Condition;
use super::pattern::{Groups, Pattern};
use super::reach::Names;
use super::request::{Found, Request, number};
use crate::files::At;
use crate::server::{Matching, Mention, Mentioned};

/// The most times that `[N]` begins again.
const MOST_ROUNDS: usize = 50;

/// The rules of a server, or of a directory.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    pub(super) engine: Option<bool>,
    pub(super) inherits: bool,
    pub(super) base: Option<String>,
    pub(super) rules: Vec<Rule>,
    /// Conditions whose rule has not come yet.
    pub(super) waiting: Vec<Test>,
}

/// A `RewriteRule` with the conditions before it.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) at: At,
    pub(super) pattern: Pattern,
    pub(super) is_negated: bool,
    pub(super) tests: Vec<Test>,
    /// `None` for `-`.
    pub(super) substitution: Option<String>,
    pub(super) flags: Flags,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Flags {
    pub(super) ignores_case: bool,
    pub(super) is_last: bool,
    pub(super) is_end: bool,
    pub(super) begins_again: bool,
    pub(super) is_chained: bool,
    pub(super) skips: usize,
    pub(super) is_proxy: bool,
    pub(super) passes_through: bool,
    /// `R`, `F` and `G`: the status.
    pub(super) status: Option<u16>,
    /// `E`: the variables that it sets, or removes.
    pub(super) variables: Vec<(String, Option<String>)>,
}

/// A `RewriteCond`.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) at: At,
    pub(super) subject: String,
    pub(super) check: Check,
    pub(super) is_negated: bool,
    pub(super) ignores_case: bool,
    pub(super) or_next: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Check {
    Pattern(Pattern),
    Equals(String),
    /// `<`, `<=`, `>`, `>=` with texts.
    Order {
        text: String,
        less: bool,
        or_equal: bool,
    },
    /// The same with numbers, and whether equality is all that counts.
    Numbers {
        number: i64,
        less: bool,
        or_equal: bool,
        only_equal: bool,
    },
    Expression(Condition),
    File,
    Folder,
    Unknown,
}

/// What the rules make of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Nothing,
    /// Answered with this status.
    Status {
        status: u16,
        at: At,
    },
    Redirect {
        status: u16,
        to: String,
        at: At,
    },
    Proxied,
    /// Another path, and whether other modules see it as the path of the request.
    Path {
        path: String,
        passes_through: bool,
    },
}

/// What the rules captured so far.
#[derive(Default)]
struct Captured {
    rule: Option<Groups>,
    test: Option<Groups>,
}

impl Rules {
    /// Applies the rules to a path. `folder` is what the paths in a directory begin with and what the rules do not see.
    pub(super) fn apply(
        rules: &[&Rule],
        request: &mut Request<'_>,
        mut path: String,
        folder: Option<&str>,
    ) -> Outcome {
        let mut changed = None;
        let mut rounds = 0_usize;
        let mut index = 0_usize;
        while let Some(rule) = rules.get(index) {
            index = index.saturating_add(1);
            let seen = folder.and_then(|folder| path.strip_prefix(folder)).unwrap_or(&path).to_owned();
            let Some(captured) = rule.matches(request, &seen) else {
                // A rule that does not match takes those that are chained to it along.
                let mut chained = rule.flags.is_chained;
                while chained {
                    chained = rules.get(index).is_some_and(|rule| rule.flags.is_chained);
                    index = index.saturating_add(1);
                }
                continue;
            };
            for (name, value) in &rule.flags.variables {
                match value {
                    Some(value) => {
                        let value = expand(value, request, &captured, &mut Vec::new());
                        request.environment.set(name, value);
                    }
                    None => request.environment.unset(name),
                }
            }
            let is_redirect = rule.flags.status.is_some_and(|status| (300..400).contains(&status));
            if let Some(status) = rule.flags.status.filter(|_| !is_redirect || rule.substitution.is_none()) {
                return Outcome::Status { status, at: rule.at };
            }
            if let Some(substitution) = &rule.substitution {
                let written = expand(substitution, request, &captured, &mut Vec::new());
                let is_url = written.split_once("://").is_some_and(|(scheme, _)| {
                    !scheme.is_empty()
                        && scheme
                            .chars()
                            .all(|character| character.is_ascii_alphanumeric() || character == '+')
                });
                if rule.flags.is_proxy {
                    return Outcome::Proxied;
                }
                let written = if is_url || written.starts_with('/') {
                    written
                } else {
                    format!("{}{written}", folder.unwrap_or("/"))
                };
                if is_url || is_redirect {
                    let status = rule.flags.status.unwrap_or(302);
                    return Outcome::Redirect { status, to: written, at: rule.at };
                }
                path = written.split('?').next().unwrap_or_default().to_owned();
                if path.len() > 8192 {
                    return Outcome::Status { status: 500, at: rule.at };
                }
                changed = Some(rule.flags.passes_through);
            }
            if rule.flags.passes_through {
                changed = Some(true);
                break;
            }
            if rule.flags.is_last || rule.flags.is_end || rule.flags.is_proxy {
                break;
            }
            if rule.flags.begins_again {
                rounds = rounds.saturating_add(1);
                if rounds >= MOST_ROUNDS {
                    return Outcome::Status { status: 500, at: rule.at };
                }
                index = 0;
                continue;
            }
            index = index.saturating_add(rule.flags.skips);
        }
        changed.map_or(Outcome::Nothing, |passes_through| Outcome::Path { path, passes_through })
    }
}

impl Rule {
    fn matches(&self, request: &mut Request<'_>, path: &str) -> Option<Captured> {
        let groups = self.pattern.groups(path);
        if groups.is_some() == self.is_negated {
            return None;
        }
        let mut captured = Captured { rule: groups, test: None };
        let mut looked_at = Vec::new();
        let mut tests = self.tests.iter();
        while let Some(test) = tests.next() {
            let mut looked = Vec::new();
            if test.holds(request, &mut captured, &mut looked) {
                looked_at.append(&mut looked);
                // The others of the same `[OR]` chain do not count any more.
                let mut or_next = test.or_next;
                while or_next {
                    or_next = tests.next().is_some_and(|test| test.or_next);
                }
            } else if !test.or_next {
                return None;
            }
        }
        request.vary(&looked_at, self.tests.first().map_or(self.at, |test| test.at));
        Some(captured)
    }

    /// Whether it does more than to set variables: it answers, leads to another path, or decides which rules come next.
    pub(super) fn decides_more_than_variables(&self) -> bool {
        let Flags { is_last, begins_again, is_chained, skips, is_proxy, passes_through, status, .. } =
            self.flags;
        let goes_on = !is_last && !begins_again && !is_chained && skips == 0 && !passes_through;
        !goes_on || is_proxy || status.is_some() || self.substitution.is_some()
    }

    /// The variables that it reads.
    pub(super) fn add_variables(&self, names: &mut Names) {
        for test in &self.tests {
            names.add_of_text(&test.subject);
            if let Check::Expression(condition) = &test.check {
                condition.add_variables(names);
            }
        }
        let values = self.flags.variables.iter().filter_map(|(_, value)| value.as_deref());
        values.chain(self.substitution.as_deref()).for_each(|text| names.add_of_text(text));
    }

    /// The expressions that its conditions compare the request's path with.
    pub(super) fn path_patterns(&self, patterns: &mut Vec<Pattern>) {
        for test in &self.tests {
            match &test.check {
                Check::Expression(condition) => condition.path_patterns(patterns),
                Check::Pattern(pattern) if test.is_about_path() => patterns.push(pattern.clone()),
                Check::Equals(text) if test.is_about_path() => {
                    patterns
                        .push(Pattern::new(&format!("^{}$", regex_syntax::escape(text)), test.ignores_case));
                }
                _ => {}
            }
        }
    }

    /// The origins that its conditions name.
    pub(super) fn mentions(&self, mentions: &mut Vec<Mention>) {
        for test in &self.tests {
            if let Check::Expression(condition) = &test.check {
                condition.mentions(test.at, mentions);
            }
            if !test.is_about_origin() {
                continue;
            }
            let what = match &test.check {
                Check::Pattern(pattern) => Mentioned::Expression {
                    expression: pattern.text.clone(),
                    matching: Matching::Search,
                    ignores_case: pattern.ignores_case,
                },
                Check::Equals(text) if !text.is_empty() => {
                    Mentioned::Text { text: text.clone(), ignores_case: test.ignores_case }
                }
                _ => continue,
            };
            mentions.push(Mention { what, at: test.at });
        }
    }
}

impl Test {
    /// All regular expressions in it.
    pub(super) fn patterns(&self) -> Vec<&Pattern> {
        let mut patterns = Vec::new();
        match &self.check {
            Check::Pattern(pattern) => patterns.push(pattern),
            Check::Expression(condition) => condition.patterns(&mut patterns),
            _ => {}
        }
        patterns
    }

    fn is_about_origin(&self) -> bool {
        self.subject.eq_ignore_ascii_case("%{HTTP:Origin}")
    }

    fn is_about_path(&self) -> bool {
        self.subject.eq_ignore_ascii_case("%{REQUEST_URI}")
    }

    /// Whether it reads a variable that mod_rewrite does not have and that people take for the request's `Origin`.
    pub(super) fn is_about_nothing(&self) -> bool {
        self.subject.eq_ignore_ascii_case("%{HTTP_ORIGIN}")
    }

    fn holds(&self, request: &mut Request<'_>, captured: &mut Captured, looked_at: &mut Vec<String>) -> bool {
        if let Check::Expression(condition) = &self.check {
            let mut found = Found::default();
            let holds = request.holds(condition, &mut found);
            request.vary(&found.looked_at, self.at);
            if holds && !self.is_negated {
                captured.test = found.groups;
            }
            return holds != self.is_negated;
        }
        let subject = expand(&self.subject, request, captured, looked_at);
        let holds = match &self.check {
            Check::Pattern(pattern) => {
                let groups = pattern.groups(&subject);
                let holds = groups.is_some();
                if holds && !self.is_negated {
                    captured.test = groups;
                }
                holds
            }
            Check::Equals(text) if self.ignores_case => subject.eq_ignore_ascii_case(text),
            Check::Equals(text) => subject == *text,
            Check::Order { text, less, or_equal } => {
                let order = subject.as_str().cmp(text);
                (*or_equal && order.is_eq()) || if *less { order.is_lt() } else { order.is_gt() }
            }
            Check::Numbers { number: other, less, or_equal, only_equal } => {
                let order = number(&subject).cmp(other);
                (*or_equal && order.is_eq())
                    || (!only_equal && if *less { order.is_lt() } else { order.is_gt() })
            }
            // A path whose last part has a dot is taken for a file that is there, and one with a slash at its end for a folder.
            Check::File => subject.rsplit('/').next().is_some_and(|last| last.contains('.')),
            Check::Folder => subject.ends_with('/'),
            Check::Expression(_) | Check::Unknown => false,
        };
        holds != self.is_negated
    }
}

/// The text with `$1`, `%1` and `%{NAME}` replaced. `looked_at` gets the request headers in it.
fn expand(text: &str, request: &Request<'_>, captured: &Captured, looked_at: &mut Vec<String>) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '$', '%']) {
        let (before, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        written.push_str(before);
        let mut characters = special.chars();
        let first = characters.next();
        let next = characters.next();
        let after_two =
            special.get(1_usize.saturating_add(next.map_or(0, char::len_utf8))..).unwrap_or_default();
        let digit = next.and_then(|next| next.to_digit(10));
        match (first, next, digit) {
            (Some('\\'), Some(next), _) => {
                written.push(next);
                rest = after_two;
            }
            (Some(kind @ ('$' | '%')), _, Some(digit)) => {
                let groups = if kind == '$' { &captured.rule } else { &captured.test };
                written.push_str(groups.as_ref().map_or("", |groups| groups.get(digit as usize)));
                rest = after_two;
            }
            (Some(kind @ ('$' | '%')), Some('{'), _) if after_two.contains('}') => {
                let (name, after) = after_two.split_once('}').unwrap_or((after_two, ""));
                if kind == '%' {
                    written.push_str(&variable(name, request, looked_at));
                } else {
                    // A map, which is somewhere else: what it gives without an entry.
                    written.push_str(name.split_once('|').map_or("", |(_, default)| default));
                }
                rest = after;
            }
            (first, _, _) => {
                written.extend(first);
                rest = special.get(1..).unwrap_or_default();
            }
        }
        if written.len() > 64 << 10 {
            return written;
        }
    }
    written.push_str(rest);
    written
}

fn variable(name: &str, request: &Request<'_>, looked_at: &mut Vec<String>) -> String {
    if let Some((kind, argument)) = name.split_once(':') {
        return match kind.to_ascii_uppercase().as_str() {
            "ENV" => request.environment.get(argument).unwrap_or_default().to_owned(),
            "HTTP" => {
                let value = request.header(argument);
                if value.is_some() && !argument.eq_ignore_ascii_case("host") {
                    looked_at.push(argument.to_owned());
                }
                value.unwrap_or_default()
            }
            "LA-U" | "LA-F" => request.variable(argument).unwrap_or_default(),
            _ => String::new(),
        };
    }
    request.variable(&name.to_ascii_uppercase()).unwrap_or_default()
}
