//! A Caddyfile as words: quotes, backticks, heredocs, comments, lines that go on, and environment variables with a default.

use std::borrow::Cow;

use crate::error::ImportError;
use crate::files::At;

/// A word of a Caddyfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) at: At,
    /// What it was written in: `"`, a backtick, or `<` for a heredoc.
    pub(super) quote: Option<char>,
    /// Whether a line begins with it.
    pub(super) begins_line: bool,
}

impl Token {
    /// Whether it opens or closes a block, which a quoted brace does not.
    pub(super) fn is_brace(&self, brace: &str) -> bool {
        self.quote.is_none() && self.text == brace
    }

    /// As it was written, with its quotes.
    pub(super) fn raw(&self) -> Cow<'_, str> {
        match self.quote {
            Some('`') => Cow::Owned(format!("`{}`", self.text)),
            Some('"') => Cow::Owned(format!("\"{}\"", self.text.replace('"', "\\\""))),
            _ => Cow::Borrowed(&self.text),
        }
    }
}

/// The words of a file.
///
/// # Errors
///
/// Fails if a heredoc is never closed, or not closed as Caddy wants it.
pub(super) fn tokens(text: &str, file: usize, name: &str) -> Result<Vec<Token>, ImportError> {
    let text = with_defaults(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut lexer = Lexer { rest: text.chars().peekable(), line: 1, file, name, begins_line: true };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// The text with the default of each variable that has one. What a variable without a default is set to stands nowhere, so its name stays.
fn with_defaults(text: &str) -> Cow<'_, str> {
    if !text.contains("{$") {
        return Cow::Borrowed(text);
    }
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{$") {
        replaced.push_str(before);
        let Some((variable, behind)) = after.split_once('}') else {
            replaced.push_str("{$");
            rest = after;
            break;
        };
        match variable.split_once(':') {
            Some((_, default)) => replaced.push_str(default),
            None => {
                replaced.push_str("{$");
                replaced.push_str(variable);
                replaced.push('}');
            }
        }
        rest = behind;
    }
    replaced.push_str(rest);
    Cow::Owned(replaced)
}

struct Lexer<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    line: usize,
    file: usize,
    name: &'t str,
    begins_line: bool,
}

impl Lexer<'_> {
    fn next(&mut self) -> Result<Option<Token>, ImportError> {
        self.skip_space();
        let Some(&first) = self.rest.peek() else { return Ok(None) };
        let at = At { file: self.file, line: self.line };
        let begins_line = std::mem::replace(&mut self.begins_line, false);
        let (text, quote) = match first {
            '"' | '`' => (self.quoted(first), Some(first)),
            _ => match self.bare() {
                Bare::Word(text) => (text, None),
                Bare::Heredoc(marker) => (self.heredoc(&marker, at)?, Some('<')),
            },
        };
        Ok(Some(Token { text, at, quote, begins_line }))
    }

    fn read(&mut self) -> Option<char> {
        let next = self.rest.next();
        if next == Some('\n') {
            self.line = self.line.saturating_add(1);
        }
        next
    }

    /// Skips space, comments, and line breaks that a backslash hides.
    fn skip_space(&mut self) {
        while let Some(&next) = self.rest.peek() {
            match next {
                '\n' => self.begins_line = true,
                '#' => {
                    while self.rest.next_if(|next| *next != '\n').is_some() {}
                    continue;
                }
                '\\' => {
                    let mut ahead = self.rest.clone();
                    ahead.next();
                    if ahead.next_if(|next| *next == '\r').is_some() && ahead.peek() != Some(&'\n') {
                        return;
                    }
                    if ahead.peek() != Some(&'\n') {
                        return;
                    }
                    while self.rest.peek() != Some(&'\n') {
                        self.read();
                    }
                }
                _ if next.is_whitespace() => {}
                _ => return,
            }
            self.read();
        }
    }

    /// Only a quotation mark can be escaped in quotes, and nothing in backticks.
    fn quoted(&mut self, quote: char) -> String {
        self.read();
        let mut text = String::new();
        while let Some(next) = self.read() {
            if next == quote {
                break;
            }
            if quote == '"' && next == '\\' {
                match self.rest.next_if(|next| *next == '"') {
                    Some(escaped) => text.push(escaped),
                    None => {
                        text.push('\\');
                        // A backslash after a backslash escapes nothing.
                        if self.rest.next_if(|next| *next == '\\').is_some() {
                            text.push('\\');
                        }
                    }
                }
                continue;
            }
            text.push(next);
        }
        text
    }

    fn bare(&mut self) -> Bare {
        let mut text = String::new();
        let mut may_be_heredoc = true;
        while let Some(&next) = self.rest.peek() {
            if next == '\n'
                && may_be_heredoc
                && let Some(marker) = text.strip_prefix("<<")
            {
                return Bare::Heredoc(marker.trim_end_matches('\r').to_owned());
            }
            if next == '\r' && may_be_heredoc && text.starts_with("<<") {
                self.read();
                continue;
            }
            if next.is_whitespace() {
                break;
            }
            self.read();
            if next == '\\' {
                match self.rest.peek() {
                    Some('<') => {
                        may_be_heredoc = false;
                        continue;
                    }
                    Some('\n' | '\r') | None => break,
                    Some(_) => {}
                }
            }
            text.push(next);
        }
        Bare::Word(text)
    }

    /// The lines up to the marker, without the space that stands before the marker.
    fn heredoc(&mut self, marker: &str, at: At) -> Result<String, ImportError> {
        let refused = |line: usize, why: String| Err(ImportError::new(self.name, line, why));
        if marker.is_empty()
            || !marker.chars().all(|each| each.is_ascii_alphanumeric() || "-_".contains(each))
        {
            let why = format!(
                "`<<{marker}` begins a heredoc, and its marker may only have letters, digits, `-` and `_`."
            );
            return refused(at.line, why);
        }
        self.read();
        let mut lines: Vec<String> = Vec::new();
        loop {
            let mut line = String::new();
            let mut ended = true;
            while let Some(next) = self.rest.next() {
                if next == '\n' {
                    self.line = self.line.saturating_add(1);
                    ended = false;
                    break;
                }
                line.push(next);
                if line.ends_with(marker) {
                    return self.without_padding(&lines, &line, marker, at);
                }
            }
            if ended {
                let why = format!("The heredoc that begins here is never closed by its marker, `{marker}`.");
                return Err(ImportError::new(self.name, at.line, why));
            }
            lines.push(line);
        }
    }

    fn without_padding(
        &self,
        lines: &[String],
        last: &str,
        marker: &str,
        at: At,
    ) -> Result<String, ImportError> {
        let padding = last.strip_suffix(marker).unwrap_or_default();
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            let line = line.trim_end_matches('\r');
            if line.is_empty() {
                continue;
            }
            match line.strip_prefix(padding) {
                Some(line) => text.push_str(line),
                None => {
                    let line = at.line.saturating_add(number).saturating_add(1);
                    let why = format!(
                        "This line does not begin with the space that stands before the marker `{marker}`."
                    );
                    return Err(ImportError::new(self.name, line, why));
                }
            }
        }
        Ok(text)
    }
}

enum Bare {
    Word(String),
    Heredoc(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_caddy() {
        for (case, text, words) in [
            ("space separates", "a  b\tc", &["a", "b", "c"][..]),
            ("a comment needs space before it", "a#b # c\nd", &["a#b", "d"]),
            ("quotes keep space", r#"header X "a b""#, &["header", "X", "a b"]),
            ("a quotation mark can be escaped", r#""a \"b\" \d""#, &[r#"a "b" \d"#]),
            ("backticks keep everything", r#"`{"a":"\"}`"#, &[r#"{"a":"\"}"#]),
            ("a backslash in a word stays", r"^https://a\.b$", &[r"^https://a\.b$"]),
            ("a backslash at the end joins lines", "a \\\n b", &["a", "b"]),
            (
                "a heredoc loses its padding",
                "respond <<E\n\t\ta\n\n\t\t b\n\t\tE 200",
                &["respond", "a\n\n b", "200"],
            ),
            ("an escaped heredoc is a word", r"\<<a", &["<<a"]),
            ("a default is used", "{$HOST:a.example} {$PORT}", &["a.example", "{$PORT}"]),
            ("a byte order mark is not a word", "\u{feff}a", &["a"]),
            ("Windows' lines", "a\r\nb\r\n", &["a", "b"]),
        ] {
            let found = tokens(text, 0, "test").unwrap();
            assert_eq!(found.iter().map(|token| token.text.as_str()).collect::<Vec<_>>(), words, "{case}");
        }
    }

    #[test]
    fn each_word_knows_its_line_and_whether_the_line_begins_with_it() {
        let found = tokens("a b \\\n c\n\"d\ne\" f\n# g\nh", 0, "test").unwrap();
        let places: Vec<_> =
            found.iter().map(|token| (token.text.as_str(), token.at.line, token.begins_line)).collect();
        assert_eq!(
            places,
            [
                ("a", 1, true),
                ("b", 1, false),
                ("c", 2, false),
                ("d\ne", 3, true),
                ("f", 4, false),
                ("h", 6, true)
            ]
        );
    }

    #[test]
    fn a_heredoc_that_is_wrong_is_refused_at_its_line() {
        for (text, line) in [("a\nb <<E\nc", 2), ("b <<E\n  c\nd\n  E", 3), ("<<\nE", 1)] {
            assert_eq!(tokens(text, 0, "test").unwrap_err().line, line, "{text}");
        }
    }
}
