//! The words of a command line, whatever shell it is for.

use super::ReadError;

/// A word, with what a shell would put into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// The word without quotes. The name of a variable stands where its value would.
    pub(super) bytes: Vec<u8>,
    /// The variables, as they are written, each with the place of its name in `bytes`.
    pub(super) variables: Vec<(usize, String)>,
}

impl Word {
    pub(super) fn push(&mut self, character: char) {
        self.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    pub(super) fn push_variable(&mut self, written: String, name: &str) {
        self.variables.push((self.bytes.len(), written));
        self.bytes.extend_from_slice(name.as_bytes());
    }

    /// Returns the word as text, or an error if its value is not known.
    pub(super) fn text(&self, place: &'static str) -> Result<String, ReadError> {
        match self.variables.first() {
            Some((_, variable)) => Err(ReadError::Computed { what: variable.clone(), place }),
            None => Ok(self.lossy()),
        }
    }

    /// Returns the word as text, with the names of variables in place of their values.
    pub(super) fn lossy(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), variables: Vec::new() }
    }
}

/// The first command of a text.
#[derive(Debug, Default)]
pub(super) struct CommandLine {
    /// The command's name, and its arguments.
    pub(super) words: Vec<Word>,
    /// Whether another command follows, as after `|` or `;`.
    pub(super) is_followed: bool,
}

/// The error of a character that makes a shell write or read a file.
pub(super) fn redirection(sign: &str) -> ReadError {
    let why = "because it makes the shell read or write a file: leave it out, or put the text in quotes";
    ReadError::Refused { what: sign.to_owned(), why }
}

/// The error of a part that makes a shell run another command.
pub(super) fn substitution(what: &str) -> ReadError {
    let why = "because Corsac runs no command: write its output in its place";
    ReadError::Refused { what: what.to_owned(), why }
}

/// Returns `true` for a character that ends a command of a Unix shell.
pub(super) fn is_end_of_command(character: char) -> bool {
    matches!(character, ';' | '|' | '&' | '\n')
}
