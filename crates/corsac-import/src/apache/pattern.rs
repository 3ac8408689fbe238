//! Regular expressions, and what they captured.

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

use crate::example::example;

/// The most bytes that a compiled expression may take: so many, and so many more for each byte of its text.
const MOST_BYTES: (usize, usize) = (256 << 10, 200);
/// An expression that takes more is a large one.
const LARGE: usize = 64 << 10;

/// A regular expression as it is written. One that cannot be compiled never matches.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) ignores_case: bool,
    regex: Option<Regex>,
}

/// The groups of a match, the whole match first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Groups(Vec<String>);

impl Pattern {
    pub(super) fn new(text: &str, ignores_case: bool) -> Self {
        let syntax = syntax::Config::new()
            .unicode(false)
            .utf8(false)
            .case_insensitive(ignores_case)
            .dot_matches_new_line(true)
            .nest_limit(50);
        let most = MOST_BYTES.0.saturating_add(text.len().saturating_mul(MOST_BYTES.1));
        // Origins and paths are short, so what would be fast for long texts only takes memory.
        let config = Config::new()
            .nfa_size_limit(Some(most))
            .onepass(false)
            .hybrid(false)
            .dfa(false)
            .utf8_empty(false);
        let regex = Regex::builder().syntax(syntax).configure(config).build(text).ok();
        Self { text: text.to_owned(), ignores_case, regex }
    }

    /// Whether it was understood.
    pub(super) fn is_known(&self) -> bool {
        self.regex.is_some()
    }

    /// Whether it took much time to compile, or could not be compiled.
    pub(super) fn is_large(&self) -> bool {
        self.regex.as_ref().is_none_or(|regex| regex.memory_usage() > LARGE.saturating_add(self.text.len()))
    }

    pub(super) fn is_match(&self, subject: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.is_match(subject.as_bytes()))
    }

    pub(super) fn groups(&self, subject: &str) -> Option<Groups> {
        let regex = self.regex.as_ref()?;
        let mut captures = regex.create_captures();
        regex.captures(subject.as_bytes(), &mut captures);
        captures.is_match().then(|| {
            let group = |index| {
                let span = captures.get_group(index)?;
                subject.get(span.range()).map(str::to_owned)
            };
            Groups((0..captures.group_len().min(10)).map(|index| group(index).unwrap_or_default()).collect())
        })
    }

    /// The subject with the first match, or with all of them, replaced.
    pub(super) fn replaced(&self, subject: &str, replacement: &str, all: bool) -> String {
        let Some(regex) = &self.regex else { return subject.to_owned() };
        let mut captures = regex.create_captures();
        let (mut written, mut after) = (String::new(), 0);
        for found in regex.find_iter(subject.as_bytes()).take(if all { 1000 } else { 1 }) {
            let input = regex_automata::Input::new(subject.as_bytes()).range(found.range());
            regex.captures(input, &mut captures);
            let group = |index| {
                captures
                    .get_group(index)
                    .and_then(|span| subject.get(span.range()))
                    .unwrap_or_default()
                    .to_owned()
            };
            let groups = Groups((0..captures.group_len().min(10)).map(group).collect());
            written.push_str(subject.get(after..found.start()).unwrap_or_default());
            written.push_str(&groups.fill(replacement));
            after = found.end();
        }
        written.push_str(subject.get(after..).unwrap_or_default());
        written
    }
}

impl Groups {
    pub(super) fn get(&self, number: usize) -> &str {
        self.0.get(number).map_or("", String::as_str)
    }

    /// The text with `$0` to `$9` replaced. A backslash takes the next character as it is.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut written = String::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let number = characters.peek().filter(|_| character == '$').and_then(|next| next.to_digit(10));
            if let Some(number) = number {
                characters.next();
                written.push_str(self.get(number as usize));
            } else if character == '\\' && characters.peek().is_some() {
                written.extend(characters.next());
            } else {
                written.push(character);
            }
        }
        written
    }
}

/// A text that the expression matches, or nothing if none was found quickly.
pub(super) fn sample(pattern: &Pattern) -> Option<String> {
    let text = example(&pattern.text)?;
    [text.clone(), format!("/{text}"), format!("x{text}"), format!("{text}x")]
        .into_iter()
        .find(|text| pattern.is_match(text))
}
