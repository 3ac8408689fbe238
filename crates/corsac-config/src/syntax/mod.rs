//! TOML and JSON as one tree, in which every value knows where it stands.

mod json;
mod toml;
mod wrong_kind;

use std::ops::Range;

use crate::format::Format;

/// A value.
#[derive(Debug)]
pub(crate) struct Node {
    /// Its bytes in the text.
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

/// What a value is.
#[derive(Debug)]
pub(crate) enum Value {
    Text(String),
    Flag(bool),
    /// A whole number, in decimal digits.
    Whole(String),
    List(Vec<Node>),
    /// In the order of the file.
    Table(Vec<Entry>),
    /// A value that no key takes.
    Other(Kind),
}

/// The kinds of values that no key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Fraction,
    Date,
    Null,
    /// What stands there is no value.
    Unread,
}

/// A key and its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The key's bytes in the text.
    pub(crate) span: Range<usize>,
    pub(crate) node: Node,
}

impl Value {
    /// What it is, for a sentence.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Flag(_) => "`true` or `false`",
            Self::Whole(_) => "a number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(Kind::Fraction) => "a number with a fraction",
            Self::Other(Kind::Date) => "a date or time",
            Self::Other(Kind::Null) => "`null`",
            Self::Other(Kind::Unread) => "no value",
        }
    }
}

/// A text that is not TOML, or not JSON.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) span: Range<usize>,
    /// A clause without a full stop.
    pub(crate) message: String,
    /// What to write in the span's place.
    pub(crate) meant: Option<String>,
}

impl Entry {
    /// The same in a text that has so many bytes more before it.
    fn move_by(&mut self, bytes: usize) {
        self.span = moved(&self.span, bytes);
        self.node.move_by(bytes);
    }
}

impl Node {
    fn move_by(&mut self, bytes: usize) {
        self.span = moved(&self.span, bytes);
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.move_by(bytes)),
            Value::Table(entries) => entries.iter_mut().for_each(|entry| entry.move_by(bytes)),
            _ => {}
        }
    }
}

fn moved(span: &Range<usize>, bytes: usize) -> Range<usize> {
    span.start.saturating_add(bytes)..span.end.saturating_add(bytes)
}

impl SyntaxError {
    fn move_by(&mut self, bytes: usize) {
        self.span = moved(&self.span, bytes);
    }

    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), meant: None }
    }
}

/// Reads the text: the table that it is, and everything that is wrong with its syntax. With errors, the table is what could be read.
pub(crate) fn parse(text: &str, format: Format) -> (Vec<Entry>, Vec<SyntaxError>) {
    let (entries, errors) = match format {
        Format::Toml => toml::parse(text),
        Format::Json => match json::parse(text) {
            Ok(entries) => (entries, Vec::new()),
            Err(error) => (Vec::new(), vec![error]),
        },
    };
    // A file that can be read is what it seems to be.
    let wrong_kind = if errors.is_empty() { None } else { wrong_kind::look(text, format) };
    match wrong_kind {
        Some(error) => (Vec::new(), vec![error]),
        None => (entries, errors),
    }
}
