//! Why a file cannot be read as a HAR.

use std::fmt;
use std::io::{self, Read};

use struson::reader::{JsonReaderPosition, JsonSyntaxError, ReaderError, SyntaxErrorKind};

use super::shortened::Shortened;

/// Why a file cannot be read as a HAR.
///
/// ```
/// use corsac_explain::har;
/// let error = har::read(&b"\xff\xfe{\0"[..]).unwrap_err();
/// assert_eq!(error.to_string(), "The file is UTF-16. A HAR is UTF-8: save it again in that encoding.");
/// let error = har::read(&b"{\"log\": {\"entries\": [{"[..]).unwrap_err();
/// assert_eq!(error.to_string(), "The file ends at byte 22 (line 1), in the middle of the JSON. Was it saved or sent completely?");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum HarError {
    /// The file cannot be read, or the copy not written.
    Io(io::Error),
    /// The file is empty.
    Empty,
    /// The file is not text in UTF-8, but this.
    OtherFormat {
        /// What it is, as the end of a sentence.
        what: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// The file ends too early.
    Truncated {
        /// The line, from 1.
        line: u64,
        /// How many bytes there are.
        bytes: u64,
    },
    /// The file is not JSON.
    NotJson {
        /// What is wrong.
        what: String,
        /// The line, from 1.
        line: u64,
        /// About how many bytes stand before it.
        bytes: u64,
    },
    /// The file is JSON, but not a HAR.
    NotHar {
        /// What is missing.
        missing: &'static str,
    },
}

impl HarError {
    /// Returns the error for one of the JSON reader.
    pub(super) fn from_json<R: Read>(error: &ReaderError, text: &Shortened<R>) -> Self {
        let (location, bytes) = (location(error), text.total());
        let is_at_end = matches!(error, ReaderError::SyntaxError(error) if is_at_end(error, text));
        let what = match error {
            ReaderError::IoError { error: inner, .. } if inner.kind() != io::ErrorKind::InvalidData => {
                return Self::Io(io::Error::new(inner.kind(), inner.to_string()));
            }
            ReaderError::IoError { .. } => "there are bytes that are not UTF-8".to_owned(),
            ReaderError::SyntaxError(error)
                if is_at_end || error.kind == SyntaxErrorKind::IncompleteDocument =>
            {
                return Self::Truncated { line: line(&error.location), bytes };
            }
            ReaderError::SyntaxError(error) => words(&format!("{:?}", error.kind)),
            ReaderError::MaxNestingDepthExceeded { max_nesting_depth, .. } => {
                format!("there are more than {max_nesting_depth} values inside each other")
            }
            ReaderError::UnsupportedNumberValue { .. } => "a number is too large".to_owned(),
            _ => "the structure is broken".to_owned(),
        };
        let bytes = location.and_then(|location| location.data_pos).unwrap_or(bytes);
        Self::NotJson { what, line: location.map_or(1, line), bytes }
    }
}

/// Returns `true` if a file that went on could be JSON.
fn is_at_end<R: Read>(error: &JsonSyntaxError, text: &Shortened<R>) -> bool {
    /// The position of a broken number or literal is its beginning.
    const LONGEST_WORD: u64 = 100;
    let is_in_word = matches!(error.kind, SyntaxErrorKind::MalformedNumber | SyntaxErrorKind::InvalidLiteral);
    let longest = if is_in_word { LONGEST_WORD } else { 0 };
    error.location.data_pos.is_some_and(|at| text.ends_at(at.saturating_add(longest)))
}

fn location(error: &ReaderError) -> Option<&JsonReaderPosition> {
    match error {
        ReaderError::SyntaxError(error) => Some(&error.location),
        ReaderError::UnexpectedValueType { location, .. }
        | ReaderError::UnexpectedStructure { location, .. }
        | ReaderError::MaxNestingDepthExceeded { location, .. }
        | ReaderError::UnsupportedNumberValue { location, .. }
        | ReaderError::IoError { location, .. } => Some(location),
        _ => None,
    }
}

fn line(location: &JsonReaderPosition) -> u64 {
    location.line_pos.as_ref().map_or(1, |position| position.line.saturating_add(1))
}

/// Makes words of a name such as `MissingComma`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

impl fmt::Display for HarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Empty => f.write_str("The file is empty."),
            Self::OtherFormat { what, instead } => write!(f, "The file is {what}. {instead}"),
            Self::Truncated { line, bytes } => write!(
                f,
                "The file ends at byte {bytes} (line {line}), in the middle of the JSON. Was it saved or sent completely?"
            ),
            Self::NotJson { what, line, bytes } => {
                write!(f, "The file is not JSON: {what}, in line {line}, about byte {bytes}.")
            }
            Self::NotHar { missing } => write!(
                f,
                "The file is JSON, but not a HAR: it has no {missing}. In the Network panel, choose \"Export HAR\" or \"Save all as HAR\"."
            ),
        }
    }
}

impl std::error::Error for HarError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}
