//! Regular expressions of PCRE, as far as they run in linear time.

use std::cell::OnceCell;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::example::example;

/// The most memory that an expression's automaton takes.
const LARGEST: usize = 512 << 10;

/// An expression. It is compiled when it is used first: large configurations have many that are never asked for.
#[derive(Debug)]
pub(super) struct Expression {
    /// As the configuration writes it.
    pub(super) text: String,
    pub(super) ignores_case: bool,
    regex: OnceCell<Option<Regex>>,
}

/// What an expression has matched.
#[derive(Debug, Default)]
pub(super) struct Captured {
    /// `$1` and the following.
    pub(super) groups: Vec<String>,
    pub(super) named: Vec<(String, String)>,
}

impl Expression {
    pub(super) fn new(text: &str, ignores_case: bool) -> Self {
        Self { text: text.to_owned(), ignores_case, regex: OnceCell::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let syntax = syntax::Config::new()
                .unicode(false)
                .utf8(false)
                .case_insensitive(self.ignores_case)
                .nest_limit(100);
            let config =
                Regex::config().nfa_size_limit(Some(LARGEST)).utf8_empty(false).onepass(false).dfa(false);
            Regex::builder().configure(config).syntax(syntax).build(&self.translated()).ok()
        };
        self.regex.get_or_init(compile).as_ref()
    }

    /// Returns `false` if it has something that only a backtracking engine knows; then it never matches here.
    pub(super) fn is_known(&self) -> bool {
        self.regex().is_some()
    }

    /// How much work it is to match a text of this length.
    pub(super) fn cost(&self, length: usize) -> usize {
        let size = self.regex().map_or(0, |regex| regex.memory_usage() >> 9);
        size.saturating_add(1).saturating_mul(length.saturating_add(1))
    }

    pub(super) fn captures(&self, text: &str) -> Option<Captured> {
        let regex = self.regex()?;
        let mut captures = regex.create_captures();
        regex.captures(text, &mut captures);
        if !captures.is_match() {
            return None;
        }
        let group = |index| {
            let range = captures.get_group(index)?.range();
            Some(String::from_utf8_lossy(text.as_bytes().get(range)?).into_owned())
        };
        let groups: Vec<_> =
            (1..regex.captures_len()).map(|index| group(index).unwrap_or_default()).collect();
        let names = regex.group_info().pattern_names(regex_automata::PatternID::ZERO);
        let named = names
            .enumerate()
            .filter_map(|(index, name)| Some((name?.to_ascii_lowercase(), group(index).unwrap_or_default())));
        Some(Captured { groups, named: named.collect() })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The names of its groups.
    pub(super) fn names(&self) -> Vec<String> {
        let Some(regex) = self.regex() else { return Vec::new() };
        let names = regex.group_info().pattern_names(regex_automata::PatternID::ZERO);
        names.flatten().map(str::to_ascii_lowercase).collect()
    }

    /// The expression in the syntax of the crate, where it is different.
    pub(super) fn translated(&self) -> String {
        let mut translated = String::with_capacity(self.text.len());
        let mut characters = self.text.chars().peekable();
        // Inside of brackets: how many characters the class has.
        let mut class: Option<usize> = None;
        while let Some(character) = characters.next() {
            match (character, class) {
                ('\\', _) => match characters.next() {
                    Some('Z') => translated.push_str(r"\z"),
                    Some('h') => translated.push_str(if class.is_some() { r" \t" } else { r"[ \t]" }),
                    Some(next @ ('<' | '>')) => translated.push(next),
                    Some(next) => translated.extend(['\\', next]),
                    None => translated.push('\\'),
                },
                ('[', None) => {
                    translated.push('[');
                    if characters.next_if_eq(&'^').is_some() {
                        translated.push('^');
                    }
                    class = Some(0);
                    continue;
                }
                (']', Some(1..)) => {
                    translated.push(']');
                    class = None;
                    continue;
                }
                ('[', Some(_)) if characters.peek() == Some(&':') => {
                    translated.push('[');
                    while let Some(next) = characters.next_if(|next| *next != ']') {
                        translated.push(next);
                    }
                    translated.extend(characters.next());
                }
                ('[' | ']' | '&' | '~', Some(_)) => translated.extend(['\\', character]),
                ('{', None) if !is_repetition(characters.clone()) => translated.push_str(r"\{"),
                _ => translated.push(character),
            }
            class = class.map(|count| count.saturating_add(1));
        }
        translated
    }

    /// A text that it matches, probably.
    pub(super) fn sample(&self) -> Option<String> {
        example(&self.translated())
    }
}

/// After a `{`: a number, and perhaps a second one, up to `}`.
fn is_repetition(characters: std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let inside: String =
        characters.take(12).take_while(|next| next.is_ascii_digit() || matches!(next, ',' | '}')).collect();
    inside.starts_with(|first: char| first.is_ascii_digit()) && inside.contains('}')
}
