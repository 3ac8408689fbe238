//! Literals, as people paste them: `{ origin: [/^https:\/\/.../i], maxAge: 24 * 60 * 60 }`. A name that the program gives a literal stands for it.

use std::collections::HashSet;

use super::Source;
use super::lexer::{Kind, expression_length, is_word};
use super::names::Names;
use crate::document::build::{Budget, Lines, map};
use crate::document::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::At;

/// The key of what is no literal: a map with this one entry stands for it, its value is the code.
pub(crate) const CODE: &str = "(code)";

/// The key of what is put into an object with `...` and is not known.
pub(crate) const SPREAD: &str = "...";

/// How many names are followed from one to the next.
const MOST_FOLLOWED: usize = 8;

/// Reads literals of a program.
pub(super) struct Reader<'a, 'p> {
    /// The program up to the end of what is read.
    text: &'a str,
    rest: &'a str,
    source: &'p Source<'a>,
    lines: &'p Lines,
    names: &'p Names<'a>,
    budget: &'p mut Budget<'a>,
    /// The names whose values were read.
    pub(super) followed: HashSet<String>,
    following: usize,
}

impl<'a, 'p> Reader<'a, 'p> {
    pub(super) fn new(
        source: &'p Source<'a>,
        lines: &'p Lines,
        names: &'p Names<'a>,
        budget: &'p mut Budget<'a>,
    ) -> Self {
        Self {
            text: source.text,
            rest: "",
            source,
            lines,
            names,
            budget,
            followed: HashSet::new(),
            following: 0,
        }
    }

    /// The literal between two bytes.
    pub(super) fn literal(&mut self, start: usize, end: usize) -> Result<Node, ImportError> {
        self.text = self.source.text.get(..end).unwrap_or(self.source.text);
        self.rest = self.text.get(start..).unwrap_or_default();
        self.value(0)
    }

    /// The value of a name, if the program gives it a literal.
    fn follow(&mut self, name: &str, level: usize) -> Result<Option<Node>, ImportError> {
        let Some((start, end)) = self.names.literal(name).filter(|_| self.following < MOST_FOLLOWED) else {
            return Ok(None);
        };
        self.budget.spend(0, end.saturating_sub(start), self.at())?;
        let (text, rest) = (self.text, self.rest);
        self.text = self.source.text.get(..end).unwrap_or_default();
        self.rest = self.text.get(start..).unwrap_or_default();
        self.following = self.following.saturating_add(1);
        let value = self.value(level.saturating_add(1));
        self.following = self.following.saturating_sub(1);
        (self.text, self.rest) = (text, rest);
        if !self.followed.contains(name) {
            self.followed.insert(name.to_owned());
        }
        value.map(Some)
    }

    /// What a name after `...` stands for; the code if that is not known. `start` is where the dots are.
    fn spread(&mut self, start: &'a str, at: At, level: usize) -> Result<Node, ImportError> {
        self.skip_code();
        let bytes = start.len().saturating_sub(self.rest.len());
        let name = start.get(..bytes).unwrap_or_default().trim_start_matches('.').trim();
        let known = self.follow(name, level)?;
        Ok(known.unwrap_or_else(|| self.code(start, at)))
    }
    fn offset(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    fn at(&self) -> At {
        self.lines.at(self.offset())
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
            Some('"' | '\'') => Value::Text(self.string()?),
            Some('`') if self.is_whole_template() => Value::Text(self.string()?),
            Some('/') => self.expression(at)?,
            _ => self.word(),
        };
        self.skip_blank();
        self.skip_type();
        if matches!(self.rest.chars().next(), None | Some(',' | '}' | ']' | ')' | ';')) || level == 0 {
            let name = start.get(..start.find(|letter| !is_word(letter)).unwrap_or(start.len()));
            let is_code = matches!(&value, Value::Map(entries) if entries.iter().any(|(key, node)| key.text == CODE && node.text() == name));
            if let Some(name) = name.filter(|_| is_code)
                && let Some(node) = self.follow(name, level)?
            {
                return Ok(node);
            }
            return Ok(Node { at, value });
        }
        // It goes on, so it was only the beginning of an expression.
        self.rest = start;
        self.skip_code();
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
            if self.rest.starts_with("...") {
                self.budget.spend(1, 0, at)?;
                let node = self.spread(start, at, level)?;
                match node.value {
                    Value::Map(more) if more.iter().all(|(key, _)| key.text != CODE) => entries.extend(more),
                    value => entries.push((Key { text: SPREAD.to_owned(), at }, Node { at: node.at, value })),
                }
                self.comma("}")?;
                continue;
            }
            let mut text = match self.rest.chars().next() {
                Some('"' | '\'') => self.string()?,
                _ => self.name().to_owned(),
            };
            self.skip_blank();
            if matches!(text.as_str(), "async" | "get") && self.rest.starts_with(is_word) {
                self.name().clone_into(&mut text);
                self.skip_blank();
            }
            let node = if !text.is_empty() && self.takes(":") {
                self.value(level)?
            } else {
                // `origin` alone, `origin(...) {...}`, `[name]: ...`
                self.budget.spend(1, 0, at)?;
                let known = if self.rest.starts_with([',', '}']) { self.follow(&text, level)? } else { None };
                self.skip_code();
                known.unwrap_or_else(|| self.code(start, at))
            };
            entries.push((Key { text, at }, node));
            self.comma("}")?;
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
            let (at, start) = (self.at(), self.rest);
            if self.rest.starts_with("...") {
                self.budget.spend(1, 0, at)?;
                let node = self.spread(start, at, level)?;
                match node.value {
                    Value::List(more) => items.extend(more),
                    value => items.push(Node { at: node.at, value }),
                }
            } else if self.rest.starts_with(',') {
                // A hole.
                self.budget.spend(1, 0, at)?;
                items.push(Node { at, value: Value::Null });
            } else {
                items.push(self.value(level)?);
            }
            self.comma("]")?;
        }
    }

    /// The comma after an entry or item, which the last may do without.
    fn comma(&mut self, end: &str) -> Result<(), ImportError> {
        self.skip_blank();
        if self.takes(",") || self.rest.starts_with(end) {
            return Ok(());
        }
        Err(self.error(&format!("A comma is missing here, or the `{end}` that closes what was begun.")))
    }

    fn name(&mut self) -> &'a str {
        let end = self.rest.find(|letter| !is_word(letter)).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// Returns `true` if nothing is put into the template that begins here.
    fn is_whole_template(&self) -> bool {
        let token = self.source.token_at(self.offset());
        self.source.kind(token) == Some(Kind::Template) && self.source.literal(token).is_some()
    }

    /// What TypeScript has after a value: `as string[]`, `satisfies CorsOptions`, `!`.
    fn skip_type(&mut self) {
        if self.rest.starts_with('!') && !self.rest.starts_with("!=") {
            self.take(1);
            self.skip_blank();
        }
        let is_type = ["as", "satisfies"].iter().any(|word| {
            self.rest.strip_prefix(word).is_some_and(|rest| rest.starts_with(char::is_whitespace))
        });
        if is_type {
            self.skip_code();
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
        let Some(length) = expression_length(self.rest) else {
            return Err(self.error("A regular expression is not closed: `/` is missing."));
        };
        let text = self.take(length).to_owned();
        let key = Key { text: "regexp".to_owned(), at };
        Ok(Value::Map(vec![(key, Node { at, value: Value::Text(text) })]))
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
    fn skip_code(&mut self) {
        let mut token = self.source.token_at(self.offset());
        while let Some(start) = self.source.tokens.get(token).map(|token| token.start) {
            let ends = matches!(self.source.written(token), "," | ";" | ")" | "]" | "}")
                && self.source.kind(token) == Some(Kind::Sign);
            if ends || start >= self.text.len() {
                self.rest = self.text.get(start..).unwrap_or_default();
                return;
            }
            let inside = self.source.partner(token).filter(|end| *end > token);
            token = inside.unwrap_or(token).saturating_add(1);
        }
        self.rest = "";
    }
}

pub(super) fn code_node(code: &str, at: At) -> Node {
    let key = Key { text: CODE.to_owned(), at };
    Node { at, value: Value::Map(vec![(key, Node { at, value: Value::Text(code.to_owned()) })]) }
}

/// `24 * 60 * 60`
fn product(code: &str) -> Option<f64> {
    code.split('*').try_fold(1.0, |product, factor| Some(product * factor.trim().parse::<f64>().ok()?))
}
