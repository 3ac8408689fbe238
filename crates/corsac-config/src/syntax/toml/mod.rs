//! TOML.

mod recover;
mod tree;

use toml::de::DeTable;

use super::{Entry, SyntaxError};
use recover::recover;
use tree::{entries, read_error, read_errors};

/// A text with more errors than this is no TOML at all: the first ones say so.
const MOST_ERRORS: usize = 100;

/// In a text that is longer, in bytes, the first error is the only one: the parser keeps all that it comes upon, and each takes memory.
const LONGEST_RECOVERED: usize = 1 << 20;

/// The tree, and what is wrong; the tree is what could be read nevertheless.
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
