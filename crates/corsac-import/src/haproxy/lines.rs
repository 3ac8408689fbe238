//! Lines as HAProxy cuts them into words: quotes, escapes, environment variables, comments, and the blocks `.if`.

use crate::error::ImportError;
use crate::files::{At, Files};

/// The most levels of `.if`.
const MOST_LEVELS: usize = 100;

/// A line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: At,
    pub(super) words: Vec<String>,
    /// The environment variables without a default, whose values are not known here.
    pub(super) variables: Vec<String>,
}

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
/// Fails at a quote without an end, and at `.if` without `.endif`.
pub(super) fn lines(files: &Files<'_>, file: usize) -> Result<Vec<Line>, ImportError> {
    let mut lines = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut last = 1;
    for (index, text) in files.text(file).lines().enumerate() {
        let at = At { file, line: index.saturating_add(1) };
        last = at.line;
        let wrong = |why: String| ImportError::new(files.name(file), at.line, why);
        let line = words(text, at).map_err(|quote| {
            wrong(format!(
                "The quote {quote} has no end on its line. HAProxy does not read on in the next line."
            ))
        })?;
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
            _ if blocks.iter().all(|block| block.is_read) => lines.push(line),
            _ => {}
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

/// The words of a line, or the quote that has no end.
fn words(text: &str, at: At) -> Result<Line, char> {
    let mut line = Line { at, words: Vec::new(), variables: Vec::new() };
    // `Some` once a word has begun; an empty pair of quotes is a word.
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (quote, character) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(character),
            (Some(_), '$') => {
                let value = variable(&mut rest, &mut line.variables);
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
    quote.map_or(Ok(line), Err)
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

/// The value of the variable that is named after a dollar: its default, or nothing.
fn variable(rest: &mut Characters<'_>, unknown: &mut Vec<String>) -> String {
    let is_braced = rest.next_if_eq(&'{').is_some();
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
    default.unwrap_or_else(|| {
        unknown.push(name);
        String::new()
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
            assert_eq!(words(text, at).unwrap().words, expected, "{text}");
        }
        assert_eq!(words("a 'b", at), Err('\''));
        assert_eq!(words("a \"b' c", at), Err('"'));
    }
}
