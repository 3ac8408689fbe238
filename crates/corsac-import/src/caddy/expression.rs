//! Regular expressions of Go, which Caddy and Traefik have: searched for anywhere, in linear time.

use std::collections::HashMap;

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

/// The most bytes that a compiled expression may take, and how many more for each of its own.
const MOST_BYTES: usize = 256 << 10;
const MOST_BYTES_EACH: usize = 200;
/// The longest expression that is compiled.
const LONGEST: usize = 256 << 10;

/// The most expressions of one configuration.
const MOST_EXPRESSIONS: usize = 2000;

/// Compiles the expressions of a configuration: each once, and not more than there can be time for.
#[derive(Debug, Default)]
pub(crate) struct Compiler(HashMap<String, Option<Expression>>);

impl Compiler {
    /// The expression, or `None` if it cannot be compiled or is one too many.
    pub(crate) fn compile(&mut self, pattern: &str) -> Option<Expression> {
        if let Some(known) = self.0.get(pattern) {
            return known.clone();
        }
        if self.0.len() >= MOST_EXPRESSIONS {
            return None;
        }
        let compiled = Expression::new(pattern);
        self.0.insert(pattern.to_owned(), compiled.clone());
        compiled
    }
}

/// A compiled expression.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    regex: Regex,
    /// The names of its groups; the first is the whole.
    names: Vec<Option<String>>,
}

/// What an expression found: each group's number and name, and its text.
pub(crate) type Groups = Vec<(Option<String>, String)>;

impl Expression {
    /// The expression, or `None` if Go or we would not compile it.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        if pattern.len() > LONGEST {
            return None;
        }
        // In Go `\d` and `\w` are ASCII. What needs Unicode is compiled with it.
        let build = |unicode: bool| {
            let most = pattern.len().saturating_mul(MOST_BYTES_EACH).saturating_add(MOST_BYTES);
            let config = Config::new().nfa_size_limit(Some(most)).onepass(false).dfa(false);
            let syntax = syntax::Config::new().unicode(unicode).utf8(false).nest_limit(100);
            Regex::builder().configure(config.utf8_empty(false)).syntax(syntax).build(pattern).ok()
        };
        let regex = build(false).or_else(|| build(true))?;
        let names = regex
            .group_info()
            .pattern_names(regex_automata::PatternID::ZERO)
            .map(|name| name.map(str::to_owned))
            .collect();
        Some(Self { regex, names })
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The groups of the first match, the whole one first. A group that took no part is empty.
    pub(crate) fn find(&self, text: &str) -> Option<Groups> {
        let mut captures = self.regex.create_captures();
        self.regex.captures(text, &mut captures);
        captures.is_match().then(|| self.groups(&captures, text))
    }

    fn groups(&self, captures: &regex_automata::util::captures::Captures, text: &str) -> Groups {
        let group = |(number, name): (usize, &Option<String>)| {
            let span = captures.get_group(number);
            let text = span.and_then(|span| text.get(span.range())).unwrap_or_default();
            (name.clone(), text.to_owned())
        };
        self.names.iter().enumerate().map(group).collect()
    }

    /// The text with every match replaced, in which `$1` and `${name}` stand for groups.
    pub(crate) fn replace_all(&self, text: &str, with: &str) -> String {
        let mut replaced = String::new();
        let mut end = 0;
        for captures in self.regex.captures_iter(text).take(text.len().saturating_add(1)) {
            let Some(whole) = captures.get_group(0) else { continue };
            replaced.push_str(text.get(end..whole.start).unwrap_or_default());
            replaced.push_str(&expand(with, &self.groups(&captures, text)));
            end = whole.end;
        }
        replaced.push_str(text.get(end..).unwrap_or_default());
        replaced
    }
}

/// A template with the groups in the place of `$1`, `${1}` and `$name`; a name is as long as it can be.
pub(crate) fn expand(template: &str, groups: &[(Option<String>, String)]) -> String {
    let mut expanded = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        if let Some(behind) = after.strip_prefix('$') {
            expanded.push('$');
            rest = behind;
            continue;
        }
        let is_name = |each: char| each.is_alphanumeric() || each == '_';
        let braced = after.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (name, behind) = match braced {
            Some((name, behind)) if !name.is_empty() && name.chars().all(is_name) => (name, behind),
            _ => after.split_at(after.find(|each| !is_name(each)).unwrap_or(after.len())),
        };
        if name.is_empty() {
            expanded.push('$');
            rest = after;
            continue;
        }
        let group = match name.parse::<usize>() {
            Ok(number) => groups.get(number),
            Err(_) => groups.iter().find(|group| group.0.as_deref() == Some(name)),
        };
        expanded.push_str(group.map_or("", |group| &group.1));
        rest = behind;
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_searched_for_and_has_groups() {
        let expression = Expression::new(r"(?P<scheme>https?)://([a-z]+)\.example").unwrap();
        let groups = expression.find("x https://app.example.evil").unwrap();
        let texts: Vec<_> = groups.iter().map(|group| group.1.as_str()).collect();
        assert_eq!(texts, ["https://app.example", "https", "app"]);
        assert_eq!(groups[1].0.as_deref(), Some("scheme"));
    }

    #[test]
    fn templates_are_those_of_go() {
        let groups = [(None, "whole".to_owned()), (Some("name".to_owned()), "one".to_owned())];
        for (template, expanded) in [
            ("$1", "one"),
            ("${1}x", "onex"),
            ("$1x", ""),
            ("$name.", "one."),
            ("$$1", "$1"),
            ("a$", "a$"),
            ("$ 1", "$ 1"),
        ] {
            assert_eq!(expand(template, &groups), expanded, "{template}");
        }
        let slash = Expression::new("^/").unwrap();
        assert_eq!(slash.replace_all("/a/b", "/v1/"), "/v1/a/b");
        assert_eq!(Expression::new("").unwrap().replace_all("ab", "-"), "-a-b-");
    }

    #[test]
    fn what_cannot_be_compiled_is_nothing() {
        for pattern in ["(?=a)", r"(a)\1", "(", "(a{1000}){1000}"] {
            assert!(Expression::new(pattern).is_none(), "{pattern}");
        }
        assert!(Expression::new(r"^\p{L}+$").unwrap().is_match("ä"));
    }
}
