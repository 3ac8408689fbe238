//! A place in a text, for the small readers of this module.

use super::ReadError;

/// What is left of a text to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    all: &'t str,
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { all: text, rest: text }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.rest
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    /// Goes past `text` if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Goes past the characters that `wanted` accepts, and returns them.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|character| !wanted(character)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Goes past `end`, and returns what stands before it. `None` if `end` does not occur: nothing is then left.
    pub(super) fn take_until(&mut self, end: &str) -> Option<&'t str> {
        let (taken, rest) = self.rest.split_once(end).map_or((None, ""), |(taken, rest)| (Some(taken), rest));
        self.rest = rest;
        taken
    }

    /// Goes past a name: letters, digits, `_` and `also`.
    pub(super) fn name(&mut self, also: char) -> &'t str {
        self.take_while(|character| character.is_alphanumeric() || character == '_' || character == also)
    }

    /// Returns the number of the line that is read, from 1.
    pub(super) fn line(&self) -> usize {
        let read = self.all.len().saturating_sub(self.rest.len());
        self.all.bytes().take(read).filter(|byte| *byte == b'\n').count().saturating_add(1)
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> ReadError {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |found| format!("`{found}`"));
        ReadError::Unexpected { line: self.line(), found, expected }
    }
}
