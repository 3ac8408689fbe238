//! Why a text could not be read as a request.

use std::fmt;

use corsac::text::{Printable, QUOTED};

use super::LONGEST;
use crate::secrets::redacted;

/// Why a text is not a request that [`read`](super::read) can take. The message says what to write instead, and repeats no value that could be a
/// secret.
///
/// ```
/// use corsac_explain::written_request::{ReadError, read};
///
/// let error = read("curl https://api.example/ -o copy.json").unwrap_err();
/// assert!(matches!(error, ReadError::Refused { .. }));
/// assert_eq!(error.to_string(), "`-o` cannot be used here, because it writes a file: leave it out");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// There is nothing but white space.
    Empty,
    /// The text has more than 1 MiB.
    TooLong,
    /// It is neither a command line, nor a call of `fetch()`, nor a request of an `.http` file.
    UnknownKind,
    /// Something that Corsac never does when it reads a request, such as running a command or reading a file.
    Refused {
        /// What stands there, such as `-o` or `$(...)`.
        what: String,
        /// The rest of the sentence: why, and what to write instead.
        why: &'static str,
    },
    /// The command has no such option.
    UnknownOption {
        /// The command, such as `curl`.
        command: &'static str,
        /// The option's name.
        option: String,
    },
    /// The value of an option is missing, or cannot be what the option needs.
    Value {
        /// The option's name.
        option: String,
        /// What it needs.
        needs: &'static str,
    },
    /// No URL is there.
    UrlMissing,
    /// The URL is not an absolute URL.
    Url {
        /// The URL without user name, password and query.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// A value that is only known when code or a shell runs, where the value itself is needed.
    Computed {
        /// What stands there, such as the name of a variable.
        what: String,
        /// What it is the value of, such as `the URL`.
        place: &'static str,
    },
    /// A variable of an `.http` file that the file does not define.
    UndefinedVariable {
        /// The variable's name.
        name: String,
    },
    /// A quotation mark or a bracket without its other half.
    Unfinished {
        /// What is not finished.
        what: &'static str,
        /// The line in which it starts, from 1.
        line: usize,
    },
    /// Something that cannot stand there.
    Unexpected {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// Objects and lists inside each other, more than 64 deep.
    TooDeep,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What cannot stand somewhere can be a URL or a header from somewhere else.
        let quoted = |text: &str| Printable::new(&redacted(text), QUOTED).to_string();
        match self {
            Self::Empty => f.write_str("there is no request, because the text is empty"),
            Self::TooLong => {
                write!(f, "the request is too long: at most {} MiB are read", LONGEST >> 20)
            }
            Self::UnknownKind => f.write_str(
                "this is no request that Corsac can read: write a command line of curl, Invoke-WebRequest or HTTPie, a call of fetch() or axios, or a \
                 request of an .http file. \"Copy as cURL\" in the network panel of a browser gives one",
            ),
            Self::Refused { what, why } => write!(f, "`{}` cannot be used here, {why}", quoted(what)),
            Self::UnknownOption { command, option } => write!(
                f,
                "`{}` is no option of {command} that Corsac knows, so it cannot say whether a value follows: leave it out",
                quoted(option)
            ),
            Self::Value { option, needs } => write!(f, "`{}` needs {needs}", quoted(option)),
            Self::UrlMissing => f.write_str("the request has no URL: add one, such as `https://api.example.com/items`"),
            Self::Url { url, why } => {
                write!(f, "`{}` is not the URL of a request: {why}", quoted(url))
            }
            Self::Computed { what, place } => write!(
                f,
                "{place} is `{}`, whose value only the program knows: write the value itself in its place",
                quoted(what)
            ),
            Self::UndefinedVariable { name } => write!(
                f,
                "the variable `{{{{{0}}}}}` is not defined in the text: add a line `@{0} = ...` above the request, or write the value in its place",
                quoted(name)
            ),
            Self::Unfinished { what, line } => {
                write!(f, "{what} in line {line} has no end: copy the whole request")
            }
            Self::Unexpected { line, found, expected } => {
                write!(f, "line {line} has {} where {expected} should be", quoted(found))
            }
            Self::TooDeep => f.write_str("more than 64 objects or lists are inside each other, which is the limit"),
        }
    }
}

impl std::error::Error for ReadError {}
