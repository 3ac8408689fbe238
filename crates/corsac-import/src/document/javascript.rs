//! Literals of JavaScript, as people paste them: `cors({ origin: [/^https:\/\/.../i], maxAge: 24 * 60 * 60 })`. Nothing is run: what is no literal is
//! kept as code.

use super::build::{Budget, Lines, map};
use super::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::{At, Files};

/// The key of what is no literal: a map with this one entry stands for it, its value is the code.
pub(crate) const CODE: &str = "(code)";

/// Finds the first literal of an object in a file that `is_wanted`, and reads it. JSON is one, too.
///
/// # Errors
///
/// Fails at the line where a literal that begins the file cannot be read, where one is too deep or too large, or if none is wanted.
pub(crate) fn javascript(files: &Files<'_>, file: usize) -> Result<Option<Node>, ImportError> {
    let whole = files.text(file);
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let lines = Lines::new(file, text);
    let reader = |rest| Reader { text, rest, lines: &lines, budget: Budget::new(files, file) };
    let mut first = reader(text);
    first.skip_blank();
    if first.rest.starts_with(['{', '[']) {
        return first.value(0).map(Some);
    }
    let mut problem = None;
    for start in ["cors(", "=", "(", "default", ":"] {
        // Few of them, because each may be read to the end of the file.
        let found = text.match_indices(start).filter(|(offset, _)| !is_in_comment(text, *offset));
        for (offset, _) in found.take(20) {
            let mut reader = reader(text.get(offset.saturating_add(start.len())..).unwrap_or_default());
            reader.skip_blank();
            if !reader.rest.starts_with('{') {
                continue;
            }
            match reader.value(0) {
                Ok(node) if start == "cors(" || is_options(&node) => return Ok(Some(node)),
                Err(error) if start == "cors(" => problem = problem.or(Some(error)),
                _ => {}
            }
        }
    }
    problem.map_or(Ok(None), Err)
}

/// Is it in a line that is a comment as a whole?
fn is_in_comment(text: &str, offset: usize) -> bool {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    line.starts_with("//") || line.starts_with('*') || line.starts_with("/*")
}

fn is_options(node: &Node) -> bool {
    ["origin", "credentials", "allowedHeaders", "optionsSuccessStatus", "exposedHeaders"]
        .iter()
        .any(|key| node.get(key).is_some())
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    lines: &'a Lines,
    budget: Budget<'a>,
}

impl<'a> Reader<'a> {
    fn at(&self) -> At {
        self.lines.at(self.text.len().saturating_sub(self.rest.len()))
    }

    fn error(&self, message: &str) -> ImportError {
        self.budget.error(self.at(), message)
    }

    /// Takes the first `bytes` of what is left.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn takes(&mut self, text: &str) -> bool {
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// Blanks and comments.
    fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("//") {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.take(end);
            } else if self.rest.starts_with("/*") {
                let end = self.rest.find("*/").map_or(self.rest.len(), |end| end.saturating_add(2));
                self.take(end);
            } else {
                return;
            }
        }
    }

    fn value(&mut self, level: usize) -> Result<Node, ImportError> {
        self.skip_blank();
        let at = self.at();
        self.budget.level(level, at)?;
        self.budget.spend(1, 0, at)?;
        let start = self.rest;
        let value = match start.chars().next() {
            Some('{') => self.object(level)?,
            Some('[') => self.list(level)?,
            Some('"' | '\'' | '`') => Value::Text(self.string()?),
            Some('/') => self.expression(at)?,
            _ => self.word(),
        };
        self.skip_blank();
        if matches!(self.rest.chars().next(), None | Some(',' | '}' | ']' | ')' | ';')) || level == 0 {
            let is_template =
                matches!(&value, Value::Text(text) if start.starts_with('`') && text.contains("${"));
            return Ok(if is_template { self.code(start, at) } else { Node { at, value } });
        }
        // It goes on, so it was only the beginning of an expression.
        self.rest = start;
        self.skip_code()?;
        let bytes = start.len().saturating_sub(self.rest.len());
        let code = start.get(..bytes).unwrap_or_default().trim();
        Ok(match product(code) {
            Some(number) => Node { at, value: Value::Number(number.to_string()) },
            None => self.code(start, at),
        })
    }

    /// What was read since `start`, as code.
    fn code(&self, start: &str, at: At) -> Node {
        let bytes = start.len().saturating_sub(self.rest.len());
        let code = start.get(..bytes).unwrap_or_default().trim();
        code_node(code, at)
    }

    fn object(&mut self, level: usize) -> Result<Value, ImportError> {
        let level = level.saturating_add(1);
        let mut entries = Vec::new();
        self.take(1);
        loop {
            self.skip_blank();
            if self.takes("}") {
                return Ok(map(entries));
            }
            let (at, start) = (self.at(), self.rest);
            if self.rest.is_empty() {
                return Err(self.error("An object is not closed: `}` is missing."));
            }
            let text = match self.rest.chars().next() {
                Some('"' | '\'') => self.string()?,
                _ => {
                    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
                    let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
                    self.take(end).to_owned()
                }
            };
            self.skip_blank();
            let node = if !text.is_empty() && self.takes(":") {
                self.value(level)?
            } else {
                // `...other`, `origin` alone, `origin(...) {...}`, `[name]: ...`
                self.budget.spend(1, 0, at)?;
                self.skip_code()?;
                self.code(start, at)
            };
            entries.push((Key { text, at }, node));
            self.skip_blank();
            if !self.takes(",") && !self.rest.starts_with('}') {
                return Err(self.error("A comma is missing between two entries, or an object is not closed."));
            }
        }
    }

    fn list(&mut self, level: usize) -> Result<Value, ImportError> {
        let level = level.saturating_add(1);
        let mut items = Vec::new();
        self.take(1);
        loop {
            self.skip_blank();
            if self.takes("]") {
                return Ok(Value::List(items));
            }
            if self.rest.is_empty() {
                return Err(self.error("A list is not closed: `]` is missing."));
            }
            items.push(self.value(level)?);
            self.skip_blank();
            if !self.takes(",") && !self.rest.starts_with(']') {
                return Err(self.error("A comma is missing between two items, or a list is not closed."));
            }
        }
    }

    fn string(&mut self) -> Result<String, ImportError> {
        let start = self.at();
        let mut letters = self.rest.chars();
        let quote = letters.next();
        let mut text = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                _ if Some(letter) == quote => {
                    self.rest = letters.as_str();
                    return Ok(text);
                }
                '\n' if quote != Some('`') => break,
                '\\' => match letters.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some('u') => {
                        let digits: String = letters.clone().take(4).collect();
                        let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                        text.extend(code);
                        letters.by_ref().take(4).for_each(drop);
                    }
                    Some('\n') => {}
                    Some(other) => text.push(other),
                    None => break,
                },
                _ => text.push(letter),
            }
        }
        Err(self.budget.error(start, "A text is not closed: its quote is missing."))
    }

    /// `/source/flags`, as a map with the key `regexp`.
    fn expression(&mut self, at: At) -> Result<Value, ImportError> {
        let start = self.rest;
        self.skip_expression()?;
        let bytes = start.len().saturating_sub(self.rest.len());
        let text = start.get(..bytes).unwrap_or_default().to_owned();
        let key = Key { text: "regexp".to_owned(), at };
        Ok(Value::Map(vec![(key, Node { at, value: Value::Text(text) })]))
    }

    fn skip_expression(&mut self) -> Result<(), ImportError> {
        let (mut escaped, mut in_class) = (false, false);
        let end = self.rest.char_indices().skip(1).find(|(_, letter)| {
            let ends = *letter == '\n' || (*letter == '/' && !escaped && !in_class);
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                _ => {}
            }
            ends
        });
        let Some((end, '/')) = end else {
            return Err(self.error("A regular expression is not closed: `/` is missing."));
        };
        self.take(end.saturating_add(1));
        let flags = self.rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        self.take(flags);
        Ok(())
    }

    fn word(&mut self) -> Value {
        let is_part = |letter: char| letter.is_alphanumeric() || "_$.+-".contains(letter);
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let word = self.take(end);
        match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" => Value::Null,
            _ => match word.replace('_', "").parse::<f64>() {
                Ok(number)
                    if word.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) =>
                {
                    Value::Number(number.to_string())
                }
                _ => code_node(word, self.at()).value,
            },
        }
    }

    /// Skips code up to the comma or bracket that ends it.
    fn skip_code(&mut self) -> Result<(), ImportError> {
        let mut depth = 0_usize;
        // A slash after one of these begins an expression, and divides after everything else.
        let mut before = ' ';
        loop {
            self.skip_blank();
            let Some(letter) = self.rest.chars().next() else { return Ok(()) };
            match letter {
                '"' | '\'' | '`' => {
                    self.string()?;
                    before = letter;
                    continue;
                }
                '/' if "(,=:[!&|?{};> ".contains(before) => {
                    self.skip_expression()?;
                    before = letter;
                    continue;
                }
                '(' | '[' | '{' => depth = depth.saturating_add(1),
                ',' | ';' if depth == 0 => return Ok(()),
                ')' | ']' | '}' if depth == 0 => return Ok(()),
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = letter;
            self.take(letter.len_utf8());
        }
    }
}

fn code_node(code: &str, at: At) -> Node {
    let key = Key { text: CODE.to_owned(), at };
    Node { at, value: Value::Map(vec![(key, Node { at, value: Value::Text(code.to_owned()) })]) }
}

/// `24 * 60 * 60`
fn product(code: &str) -> Option<f64> {
    code.split('*').try_fold(1.0, |product, factor| Some(product * factor.trim().parse::<f64>().ok()?))
}
