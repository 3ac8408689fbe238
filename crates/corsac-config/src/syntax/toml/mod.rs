//! TOML, including files with errors.

mod recover;
mod tree;

use toml::de::DeTable;

use super::{Entry, SyntaxError};
use recover::recover;
use tree::{entries, read_error, read_errors};

/// The most errors that are reported. A file with more is probably not TOML at all.
const MOST_ERRORS: usize = 100;

/// For longer files, in bytes, only the first error is reported: the parser keeps all errors in memory.
const LONGEST_RECOVERED: usize = 1 << 20;

/// Parses a file. Returns the tree of what could be parsed, and the errors.
pub(super) fn parse(text: &str) -> (Vec<Entry>, Vec<SyntaxError>) {
    if text.len() > LONGEST_RECOVERED {
        return match DeTable::parse(text) {
            Ok(table) => (entries(table.into_inner()), Vec::new()),
            Err(error) => (Vec::new(), vec![read_error(&error, text)]),
        };
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return (entries(table.into_inner()), Vec::new());
    }
    let (entries, mut errors) = recover(text).unwrap_or_else(|| (Vec::new(), read_errors(&errors, text)));
    errors.truncate(MOST_ERRORS);
    (entries, errors)
}
