//! Strings and templates, with their escapes.

use super::{Reader, Text, start_of};
use crate::written_request::ReadError;
use crate::written_request::cursor::Cursor;

impl<'t> Reader<'t> {
    /// Reads a string with its quotation marks.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, ReadError> {
        let start = self.cursor;
        let unfinished = || ReadError::Unfinished { what: "a string", line: start.line() };
        self.cursor.next();
        let mut text = Units::default();
        loop {
            match self.cursor.next().ok_or_else(unfinished)? {
                end if end == quote => return Ok(text.finish()),
                '\n' => return Err(unfinished()),
                '\\' => self.escape(&mut text),
                character => text.push(character),
            }
        }
    }

    pub(super) fn template(&mut self) -> Result<Text, ReadError> {
        let start = self.cursor;
        let unfinished = || ReadError::Unfinished { what: "a template", line: start.line() };
        self.cursor.next();
        let (mut text, mut computed) = (Units::default(), Vec::new());
        loop {
            if self.cursor.eat("${") {
                // Braces are counted, and what is inside is not read: templates inside templates end at the first brace that closes.
                let inside = self.inside_of_braces().ok_or_else(unfinished)?;
                let name = start_of(Cursor::new(inside.trim()));
                name.chars().for_each(|character| text.push(character));
                computed.push(name);
                continue;
            }
            match self.cursor.next().ok_or_else(unfinished)? {
                '`' => return Ok(Text { text: text.finish(), computed }),
                '\\' => self.escape(&mut text),
                character => text.push(character),
            }
        }
    }

    fn inside_of_braces(&mut self) -> Option<&'t str> {
        let start = self.cursor.rest();
        let mut open = 1_usize;
        loop {
            let before = self.cursor.rest().len();
            match self.cursor.next()? {
                '{' => open = open.saturating_add(1),
                '}' => open = open.checked_sub(1)?,
                _ => {}
            }
            if open == 0 {
                return start.get(..start.len().saturating_sub(before));
            }
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self, text: &mut Units) {
        let hexadecimal = |cursor: &mut Cursor<'t>, count: usize| {
            let digits = cursor.rest().get(..count)?;
            let value = digits
                .bytes()
                .all(|digit| digit.is_ascii_hexdigit())
                .then(|| u16::from_str_radix(digits, 16).ok())??;
            cursor.eat(digits);
            Some(value)
        };
        match self.cursor.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('v') => text.push('\u{b}'),
            Some('0') => text.push('\0'),
            Some('\n') | None => {}
            Some('x') => text.0.extend(hexadecimal(&mut self.cursor, 2)),
            Some('u') if self.cursor.eat("{") => {
                let digits = self.cursor.take_while(|character| character.is_ascii_hexdigit());
                self.cursor.eat("}");
                let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some('u') => text.0.extend(hexadecimal(&mut self.cursor, 4)),
            Some(character) => text.push(character),
        }
    }
}

/// The units of a string: two escapes can be one character.
#[derive(Default)]
struct Units(Vec<u16>);

impl Units {
    fn push(&mut self, character: char) {
        self.0.extend_from_slice(character.encode_utf16(&mut [0; 2]));
    }

    fn finish(self) -> String {
        String::from_utf16_lossy(&self.0)
    }
}
