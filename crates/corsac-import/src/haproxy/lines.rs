//! Lines as HAProxy cuts them into words: quotes, escapes, environment variables, comments, and the blocks `.if`.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::ImportError;
use crate::files::{At, Files};

/// The most levels of `.if`.
const MOST_LEVELS: usize = 100;

/// The most bytes that the values of variables bring into one line.
const MOST_OF_LINE: usize = 64 << 10;

/// The most bytes that the values of variables bring into all lines of a file.
const MOST_OF_FILE: usize = 16 << 20;

/// A line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: At,
    pub(super) words: Vec<String>,
    /// The environment variables without a default, whose values are not known here.
    pub(super) variables: Vec<String>,
    /// Whether a dollar between double quotes names no variable. HAProxy stops there; here it is one that is meant literally.
    pub(super) has_bare_dollar: bool,
}

/// The environment variables that the file sets itself.
type Environment = HashMap<String, String>;

impl Line {
    /// A word; empty if there are fewer.
    pub(super) fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", String::as_str)
    }

    /// The words from this one on.
    pub(super) fn from(&self, index: usize) -> &[String] {
        self.words.get(index..).unwrap_or_default()
    }
}

/// The lines of a file.
///
/// # Errors
///
/// Fails at a quote without an end, at `.if` without `.endif`, and where the values of variables become too long.
pub(super) fn lines(files: &Files<'_>, file: usize) -> Result<Vec<Line>, ImportError> {
    let mut lines = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut environment = Environment::new();
    let mut expanded = 0;
    let mut last = 1;
    for (index, text) in files.text(file).lines().enumerate() {
        let at = At { file, line: index.saturating_add(1) };
        last = at.line;
        let wrong = |why: String| ImportError::new(files.name(file), at.line, why);
        let line = words(text, at, &environment, &mut expanded).map_err(|uncut| wrong(uncut.why()))?;
        let first = line.word(0);
        let condition = || line.from(1).join(" ");
        match first {
            "" => {}
            ".if" => {
                if blocks.len() >= MOST_LEVELS {
                    return Err(wrong(format!("`.if` is nested over more than {MOST_LEVELS} levels.")));
                }
                let holds = holds(&condition());
                blocks.push(Block { is_read: holds, was_read: holds });
            }
            ".elif" | ".else" | ".endif" => {
                let Some(block) = blocks.last_mut() else {
                    return Err(wrong(format!("`{first}` has no `.if` before it.")));
                };
                block.is_read = !block.was_read && (first == ".else" || holds(&condition()));
                block.was_read |= block.is_read;
                if first == ".endif" {
                    blocks.pop();
                }
            }
            _ if blocks.iter().any(|block| !block.is_read) => {}
            "setenv" => {
                environment.insert(line.word(1).to_owned(), line.word(2).to_owned());
            }
            "presetenv" => {
                environment.entry(line.word(1).to_owned()).or_insert_with(|| line.word(2).to_owned());
            }
            "unsetenv" => environment.retain(|name, _| !line.from(1).contains(name)),
            _ => lines.push(line),
        }
    }
    if blocks.is_empty() {
        return Ok(lines);
    }
    Err(ImportError::new(files.name(file), last, "The file ends inside of `.if`: an `.endif` is missing."))
}

struct Block {
    is_read: bool,
    was_read: bool,
}

/// Whether a condition of `.if` holds, as far as that can be known here: no environment variable is defined, and the version and its features fit.
fn holds(condition: &str) -> bool {
    let bare = condition.trim();
    let (negated, bare) = bare.strip_prefix('!').map_or((false, bare), |rest| (true, rest.trim()));
    let holds = !(bare.is_empty() || bare == "0" || bare.starts_with("defined("));
    holds != negated
}

/// Why a line is not cut into words.
#[derive(Debug, PartialEq, Eq)]
enum Uncut {
    /// The quote that has no end.
    Quote(char),
    LongLine,
    LongFile,
}

impl Uncut {
    fn why(&self) -> String {
        match self {
            Self::Quote(quote) => format!(
                "The quote {quote} has no end on its line. HAProxy does not read on in the next line."
            ),
            Self::LongLine => {
                "The values of its environment variables make the line longer than 64 KiB.".to_owned()
            }
            Self::LongFile => {
                "Up to this line, the values of environment variables make the file longer than 16 MiB."
                    .to_owned()
            }
        }
    }
}

/// The words of a line. The bytes of its variables' values are added to `expanded`, which has those of the lines before.
fn words(text: &str, at: At, environment: &Environment, expanded: &mut usize) -> Result<Line, Uncut> {
    let before = *expanded;
    let mut line = Line { at, words: Vec::new(), variables: Vec::new(), has_bare_dollar: false };
    // `Some` once a word has begun; an empty pair of quotes is a word.
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (quote, character) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(character),
            (Some(_), '$') => {
                let value = variable(&mut rest, environment, &mut line);
                *expanded = expanded.saturating_add(value.len());
                if expanded.saturating_sub(before) > MOST_OF_LINE {
                    return Err(Uncut::LongLine);
                }
                if *expanded > MOST_OF_FILE {
                    return Err(Uncut::LongFile);
                }
                word.get_or_insert_default().push_str(&value);
            }
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, '\\') => escape(&mut rest, quote.is_some(), word.get_or_insert_default()),
            (None, '#') => break,
            (None, ' ' | '\t' | '\r') => line.words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    line.words.extend(word);
    quote.map_or(Ok(line), |quote| Err(Uncut::Quote(quote)))
}

type Characters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

/// What follows a backslash. A backslash that escapes nothing special stays, so that `"\."` reaches the expression.
fn escape(rest: &mut Characters<'_>, is_quoted: bool, word: &mut String) {
    match rest.peek().copied() {
        Some('n') => word.push('\n'),
        Some('r') => word.push('\r'),
        Some('t') => word.push('\t'),
        Some('x') => {
            let digits: String = rest.clone().skip(1).take(2).collect();
            if let (2, Ok(byte)) = (digits.len(), u8::from_str_radix(&digits, 16)) {
                word.push(char::from(byte));
                rest.nth(2);
                return;
            }
            word.push('\\');
            return;
        }
        Some(character @ ('\\' | '"' | '\'' | '#' | ' ')) => word.push(character),
        Some('$') if is_quoted => word.push('$'),
        _ => {
            word.push('\\');
            return;
        }
    }
    rest.next();
}

/// The value of the variable that is named after a dollar: its own, its default, or nothing.
fn variable<'e>(rest: &mut Characters<'_>, environment: &'e Environment, line: &mut Line) -> Cow<'e, str> {
    let is_braced = rest.peek() == Some(&'{');
    let begins = if is_braced { rest.clone().nth(1) } else { rest.peek().copied() };
    if !begins.is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, '_' | '.')) {
        line.has_bare_dollar = true;
        return Cow::Borrowed("$");
    }
    rest.next_if_eq(&'{');
    let mut name = String::new();
    while let Some(character) = rest.next_if(|character| {
        character.is_ascii_alphanumeric() || *character == '_' || (*character == '.' && is_braced)
    }) {
        name.push(character);
    }
    let mut default = None;
    if is_braced {
        for character in rest.by_ref() {
            match (character, &mut default) {
                ('}', _) => break,
                ('-', default @ None) => *default = Some(String::new()),
                (_, Some(default)) => default.push(character),
                _ => {} // `[*]`
            }
        }
    }
    let value = environment.get(&name).map(|value| Cow::Borrowed(value.as_str()));
    value.or(default.map(Cow::Owned)).unwrap_or_else(|| {
        line.variables.push(name);
        Cow::Borrowed("")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_haproxy_cuts_them() {
        let at = At { file: 0, line: 1 };
        for (text, expected) in [
            ("  acl a hdr(origin) b # c", vec!["acl", "a", "hdr(origin)", "b"]),
            (r"rspadd Access-Control-Allow-Origin:\ *", vec!["rspadd", "Access-Control-Allow-Origin: *"]),
            (r#"a "b c" 'd "e" \' f"#, vec!["a", "b c", r#"d "e" \"#, "f"]),
            (r#"a "" ''"#, vec!["a", "", ""]),
            (r"reg ^https://a\.example$", vec!["reg", r"^https://a\.example$"]),
            (r"reg ^https://a\\.example$", vec!["reg", r"^https://a\.example$"]),
            (r#"reg "a\.b\$ ${NONE}${X-y} $Z.""#, vec!["reg", r"a\.b$ y ."]),
            (r"a\#b \x41\x4", vec!["a#b", r"A\x4"]),
            ("'${A}'", vec!["${A}"]),
        ] {
            assert_eq!(words(text, at, &Environment::new(), &mut 0).unwrap().words, expected, "{text}");
        }
        assert_eq!(words("a 'b", at, &Environment::new(), &mut 0), Err(Uncut::Quote('\'')));
        assert_eq!(words("a \"b' c", at, &Environment::new(), &mut 0), Err(Uncut::Quote('"')));
    }

    #[test]
    fn a_dollar_that_names_no_variable_stays_and_is_reported() {
        let at = At { file: 0, line: 1 };
        let environment = Environment::from([("X".to_owned(), "x".to_owned())]);
        for (text, expected, is_bare) in [
            (r#""^https://a\.example$""#, r"^https://a\.example$", true),
            (r#""a$1""#, "a$1", true),
            (r#""${1}""#, "${1}", true),
            (r#""$X-${X}-${X-y}""#, "x-x-x", false),
            (r"'a$'", "a$", false),
            (r"a$", "a$", false),
        ] {
            let line = words(text, at, &environment, &mut 0).unwrap();
            assert_eq!((line.words, line.has_bare_dollar), (vec![expected.to_owned()], is_bare), "{text}");
        }
    }
}
