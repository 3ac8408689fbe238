//! Why a configuration cannot be read.

use std::fmt;

/// A configuration that cannot be read, with the place of the first problem.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportError {
    /// The name of the file.
    pub file: String,
    /// The line, which counts from 1.
    pub line: usize,
    /// What is wrong there and what to do, in whole sentences.
    pub message: String,
}

impl ImportError {
    pub(crate) fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for ImportError {}
