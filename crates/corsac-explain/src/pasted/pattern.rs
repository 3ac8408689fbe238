//! How the words of messages are written down, and turned into regular expressions.
//!
//! The notation is that of regular expressions, without regard to case, and with these differences:
//! - A space stands for any amount of white space: lines may be wrapped anywhere between words. A space that may be missing is ` ?`.
//! - `'` stands for a quotation mark of any kind, for several of them, or for none: pastes lose and double them.
//! - Within `[...]`, and after a backslash, characters stand for themselves.
//! - `{url}`, `{origin}` and other names are values. Each has its own form, which is in [`FORMS`].

use regex::Regex;

/// The forms of values. The expression is that of the value without quotation marks.
const FORMS: &[(&str, &str)] = &[
    // What is not an absolute URL is matched too, as `<url>` or `{server}`, so that the words behind it are recognized.
    ("url", r"[^\s'][^\s']*?"),
    ("first-url", r"[^\s'][^\s']*?"),
    ("server", r"[^\s'][^\s']*?"),
    ("page", r"[^\s'][^\s']*?"),
    ("location", r"[^\n]{0,2000}?"),
    ("origin", r"[^\s'][^\s']*?"),
    ("kind", r"[A-Za-z]+(?:\s[a-z]+){0,3}?"),
    // Header values may contain anything, quotation marks included; the words behind them end them.
    ("value", r"[^\n]{0,500}?"),
    ("token", r"[^\n]{0,200}?"),
    ("name", r"[!#$%&*+.^_`|~0-9A-Za-z\-]+"),
    ("method", r"[!#$%&*+.^_`|~0-9A-Za-z\-]+"),
    ("status", r"[1-5][0-9][0-9]"),
    ("space", r"[a-z]+"),
    ("named", r"[a-z]+"),
    ("port", r"[0-9]{1,5}"),
    ("address", r"[0-9a-fA-F.:]+:[0-9]{1,5}"),
    ("error", r"[A-Z0-9_.]*[A-Z0-9_]"),
    ("scheme", r"[a-z][a-z0-9+.\-]*"),
    ("directive", r"[a-z\-]+"),
    ("type", r"[a-z0-9.+/\-]+"),
    ("cookie", r"[^\s']+"),
    ("real", r"https?://[^\s'<>()]+[^\s'<>().,;:]"),
];

/// Returns the regular expression of a message's words, or `None` if the words are no expression. A test compiles all of them.
pub(super) fn compiled(words: &str) -> Option<Regex> {
    let mut expression = String::from("(?i)");
    let mut rest = words;
    let mut is_in_class = false;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '[' | ']' => {
                is_in_class = character == '[';
                expression.push(character);
            }
            other if is_in_class && other != '\\' => expression.push(other),
            ' ' if rest.starts_with(" ?") => {
                expression.push_str(r"\s*");
                length = 2;
            }
            ' ' => expression.push_str(r"\s+"),
            // The quotation marks of a header's value may be its own.
            '\'' if is_quote_of_value(words, rest) => expression.push_str("'?"),
            '\'' => expression.push_str("'{0,3}"),
            '{' => match rest.split_once('}').and_then(|(name, _)| value(name.get(1..)?)) {
                Some((form, name_length)) => {
                    expression.push_str(&form);
                    length = name_length.saturating_add(2);
                }
                // The count of a repetition, such as `{0,80}`.
                None => expression.push('{'),
            },
            // An escaped character is not one of the notation.
            '\\' => {
                let escaped: String = rest.chars().take(2).collect();
                expression.push_str(&escaped);
                length = escaped.len();
            }
            other => expression.push(other),
        }
        rest = rest.get(length..)?;
    }
    Regex::new(&expression).ok()
}

/// Returns `true` if the quotation mark at the start of `rest` is one around a header's value.
fn is_quote_of_value(words: &str, rest: &str) -> bool {
    const VALUES: [&str; 3] = ["{value}", "{token}", "{location}"];
    let before = words.get(..words.len().saturating_sub(rest.len())).unwrap_or_default();
    let after = rest.get(1..).unwrap_or_default();
    VALUES.iter().any(|value| before.ends_with(value) || after.starts_with(value))
}

/// Returns the group of a value, and the length of its name.
fn value(name: &str) -> Option<(String, usize)> {
    let (_, form) = FORMS.iter().find(|(known, _)| *known == name)?;
    Some((format!("(?P<{}>{form})", group(name)), name.len()))
}

/// Returns the name of a value's group, which has no hyphen.
fn group(name: &str) -> String {
    name.replace('-', "_")
}

/// Returns where the values of a match start and end, in the order of [`FORMS`].
pub(super) fn values(captures: &regex::Captures<'_>) -> Vec<(&'static str, (usize, usize))> {
    let found = FORMS.iter().filter_map(|(name, _)| {
        let value = captures.name(&group(name))?;
        Some((*name, (value.start(), value.end())))
    });
    found.collect()
}
