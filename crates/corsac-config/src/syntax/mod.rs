//! TOML and JSON as one kind of tree, in which every value has its position.

mod json;
mod other_format;
mod toml;

use std::ops::Range;

use crate::format::Format;

/// The message about a key or policy that is in the file already.
const DUPLICATE: &str = "this is in the file already: a key or policy can be written only once";

/// A value with its position.
#[derive(Debug)]
pub(crate) struct Node {
    /// Its position in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

/// A value without its position.
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
    /// A value that could not be parsed.
    Unread,
}

/// A key and its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The key's position in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) node: Node,
}

impl Value {
    /// Returns what it is, for a sentence.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Flag(_) => "`true` or `false`",
            Self::Whole(_) => "a number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(Kind::Fraction) => "a number with a fraction",
            Self::Other(Kind::Date) => "a date or time",
            Self::Other(Kind::Null) => "`null`",
            Self::Other(Kind::Unread) => "not a value",
        }
    }
}

/// An error in the syntax of TOML or JSON.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) span: Range<usize>,
    /// A clause without a full stop.
    pub(crate) message: String,
    /// What to write in place of the span.
    pub(crate) suggestion: Option<String>,
}

impl Entry {
    /// Moves all positions by a number of bytes.
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
        Self { span, message: message.into(), suggestion: None }
    }
}

/// Parses a file. Returns its table and all errors in its syntax. With errors, the table has what could be parsed.
pub(crate) fn parse(text: &str, format: Format) -> (Vec<Entry>, Vec<SyntaxError>) {
    let (entries, errors) = match format {
        Format::Toml => toml::parse(text),
        Format::Json => match json::parse(text) {
            Ok(entries) => (entries, Vec::new()),
            Err(error) => (Vec::new(), vec![error]),
        },
    };
    // A file without errors is in the expected format.
    let other_format = if errors.is_empty() { None } else { other_format::detect(text, format) };
    match other_format {
        Some(error) => (Vec::new(), vec![error]),
        None => (entries, errors),
    }
}
