//! TOML and JSON as one tree, in which every value knows where it stands.

mod json;
mod toml;

use std::ops::Range;

use crate::file::Format;

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
        }
    }
}

/// A text that is not TOML, or not JSON.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) span: Range<usize>,
    /// A clause without a full stop.
    pub(crate) message: String,
}

impl SyntaxError {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// Reads the text: the table that it is, or everything that is wrong with its syntax.
pub(crate) fn parse(text: &str, format: Format) -> Result<Vec<Entry>, Vec<SyntaxError>> {
    match format {
        Format::Toml => toml::parse(text),
        Format::Json => json::parse(text).map_err(|error| vec![error]),
    }
}
