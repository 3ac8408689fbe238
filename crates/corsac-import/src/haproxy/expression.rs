//! Regular expressions of HAProxy: PCRE, without what cannot be matched in linear time.

use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;

use super::message::{MOST_BYTES, cut};

/// The bytes that an expression may take when it is compiled, and those for each of its own. So repetition cannot make much of little.
const COMPILED_BYTES: usize = 256 << 10;
const COMPILED_BYTES_EACH: usize = 200;
/// The most bytes of an expression. One of more is not tried.
const MOST_BYTES_OF_TEXT: usize = 128 << 10;

/// A regular expression.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub(super) text: String,
    /// `None` if it is not understood: it then matches nothing.
    compiled: Option<Regex>,
}

impl Expression {
    pub(super) fn new(text: &str, ignores_case: bool) -> Self {
        let most = COMPILED_BYTES.saturating_add(text.len().saturating_mul(COMPILED_BYTES_EACH));
        let compiled = Regex::builder()
            .configure(Regex::config().nfa_size_limit(Some(most)).onepass(false).dfa(false).utf8_empty(false))
            .syntax(
                syntax::Config::new()
                    .unicode(false)
                    .utf8(false)
                    .case_insensitive(ignores_case)
                    .nest_limit(100),
            )
            .build(if text.len() > MOST_BYTES_OF_TEXT { "(" } else { text })
            .ok();
        Self { text: text.to_owned(), compiled }
    }

    pub(super) fn is_understood(&self) -> bool {
        self.compiled.is_some()
    }

    pub(super) fn is_match(&self, value: &str) -> bool {
        self.compiled.as_ref().is_some_and(|regex| regex.is_match(value))
    }

    /// The replacement with what the first match caught, or nothing if there is no match. The whole value is replaced by it.
    pub(super) fn expand(&self, value: &str, replacement: &str) -> Option<String> {
        let regex = self.compiled.as_ref()?;
        let mut captures = regex.create_captures();
        regex.captures(value, &mut captures);
        captures.is_match().then(|| expanded(&captures, value, replacement))
    }

    /// The value with the first match, or each, replaced.
    pub(super) fn substitute(&self, value: &str, replacement: &str, each: bool) -> String {
        let Some(regex) = &self.compiled else { return value.to_owned() };
        let (mut text, mut end) = (String::new(), 0);
        for captures in regex.captures_iter(value).take(if each { usize::MAX } else { 1 }) {
            let Some(found) = captures.get_match() else { continue };
            text.push_str(value.get(end..found.start()).unwrap_or_default());
            text.push_str(&expanded(&captures, value, replacement));
            if text.len() > MOST_BYTES {
                return cut(&text, MOST_BYTES);
            }
            end = found.end();
        }
        text.push_str(value.get(end..).unwrap_or_default());
        text
    }
}

/// The text with `\1` and so on replaced.
fn expanded(captures: &Captures, value: &str, replacement: &str) -> String {
    let mut text = String::new();
    let mut rest = replacement.chars().peekable();
    while let Some(character) = rest.next() {
        if text.len() > MOST_BYTES {
            break;
        }
        if character != '\\' {
            text.push(character);
            continue;
        }
        match rest.peek().and_then(|digit| digit.to_digit(10)) {
            Some(group) => {
                rest.next();
                let span = usize::try_from(group).ok().and_then(|group| captures.get_group(group));
                text.push_str(span.and_then(|span| value.get(span.range())).unwrap_or_default());
            }
            None => text.extend(rest.next()),
        }
    }
    text
}
