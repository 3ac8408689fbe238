//! What is wrong with an input, and where.

use serde_json::{Value, json};

/// Why a request cannot be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The field, such as `request.url`. Empty if it is about the whole input.
    pub(crate) field: String,
    /// The line of the field's text, from 1.
    pub(crate) line: Option<usize>,
    /// One sentence for a person.
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), line: None, message: message.into() }
    }

    pub(crate) fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "field": self.field, "line": self.line, "message": self.message })
    }
}
