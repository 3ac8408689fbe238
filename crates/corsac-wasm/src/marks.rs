//! Marks beside the lines of a text field.

use serde_json::{Value, json};

/// What a line did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The line, from 1. 0 for one that is missing.
    pub(crate) line: usize,
    pub(crate) result: Result,
    /// One sentence.
    pub(crate) text: String,
    pub(crate) button: Option<Button>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Result {
    /// The browser looked at it, and went on.
    Pass,
    /// It decided against the request.
    Fail,
    /// Good to know.
    Note,
}

/// A button that writes a line: instead of the marked one, or as a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Button {
    pub(crate) label: &'static str,
    pub(crate) line: String,
}

impl Mark {
    pub(crate) fn to_json(&self) -> Value {
        let result = match self.result {
            Result::Pass => "pass",
            Result::Fail => "fail",
            Result::Note => "note",
        };
        let button = self.button.as_ref().map(|button| json!({ "label": button.label, "line": button.line }));
        json!({ "line": self.line, "result": result, "text": self.text, "button": button })
    }
}
