//! Errors: a file cannot be read, or has no policy of a name.

use std::fmt;
use std::io;
use std::path::PathBuf;

use corsac::text::{LONGEST_MESSAGE, Printable, QUOTED};
use miette::{Diagnostic, SourceCode};

use crate::problem::FileProblems;

/// Why a policy file cannot be used.
///
/// ```
/// let error = corsac_config::PolicyFile::read("no/such/file.toml").unwrap_err();
/// assert!(error.to_string().starts_with("cannot read `no/such/file.toml`: "));
/// ```
#[derive(Debug)]
pub enum ReadError {
    /// The file cannot be read.
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The file has errors.
    Problems(FileProblems),
}

impl From<FileProblems> for ReadError {
    fn from(problems: FileProblems) -> Self {
        Self::Problems(problems)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => {
                let path = path.as_os_str().as_encoded_bytes();
                write!(f, "cannot read `{}`: {error}", Printable::new(path, LONGEST_MESSAGE))
            }
            Self::Problems(problems) => problems.fmt(f),
        }
    }
}

/// If the file has errors, this is the diagnostic of its problems.
impl Diagnostic for ReadError {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Error)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        match self {
            Self::Io { .. } => None,
            Self::Problems(problems) => problems.source_code(),
        }
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        match self {
            Self::Io { .. } => None,
            Self::Problems(problems) => problems.related(),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            Self::Problems(_) => None,
        }
    }
}

/// The error for a name that no policy of a file has.
///
/// ```
/// use corsac_config::{Format, PolicyFile};
/// let file = PolicyFile::parse("policy.app.origins = [\"*\"]\npolicy.admin.origins = [\"*\"]\n", Format::Toml)?;
/// let error = file.policy("App").unwrap_err();
/// assert_eq!(error.to_string(), "the policy file has no policy `App`: it has `app`, `admin`");
/// # Ok::<(), corsac_config::FileProblems>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownPolicy {
    /// The name that was asked for.
    pub name: String,
    /// The names of the file's policies, in order.
    pub policies: Vec<String>,
}

impl fmt::Display for UnknownPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 20;
        write!(f, "the policy file has no policy `{}`: it has ", Printable::new(&self.name, QUOTED))?;
        for (index, name) in self.policies.iter().take(MOST).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{}`", Printable::new(name, QUOTED))?;
        }
        match self.policies.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

impl std::error::Error for UnknownPolicy {}

impl Diagnostic for UnknownPolicy {}
