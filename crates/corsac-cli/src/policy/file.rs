//! Reads a policy file, or standard input.

use corsac_config::{PolicyFile, ReadError};

use crate::arguments::FileArguments;
use crate::terminal::printable;

/// The policies, or why there are none.
pub(crate) fn read(arguments: &FileArguments) -> Result<PolicyFile, ReadError> {
    let FileArguments { file, format } = arguments;
    match (file.as_str(), format) {
        ("-", format) => PolicyFile::read_from(std::io::stdin().lock(), "standard input", *format),
        (path, None) => PolicyFile::read(path),
        (path, Some(format)) => {
            let file =
                std::fs::File::open(path).map_err(|error| ReadError::Io { path: path.into(), error })?;
            PolicyFile::read_from(file, path, Some(*format))
        }
    }
}

/// What is told about a file that cannot be read at all.
pub(crate) fn unreadable(path: &std::path::Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {error}", printable(&path.display().to_string()))
}
