//! What comes out of a configuration.

use corsac::server::{PathPrefix, PolicyConfig};

use crate::note::NoteKind;

/// The policies that a configuration amounts to, and what is to be known about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The policies, in the order of the configuration. Each is valid.
    pub policies: Vec<ImportedPolicy>,
    /// The notes, in the order of files and lines.
    pub notes: Vec<Note>,
}

/// A policy that a part of a configuration amounts to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ImportedPolicy {
    /// Its name, as in `[policy.NAME]`.
    pub name: String,
    /// The path that it is for; none for the whole server.
    pub at: Option<PathPrefix>,
    /// The policy.
    pub config: PolicyConfig,
    /// The host that it is for, if the configuration names one. A policy file cannot say it.
    pub host: Option<String>,
    /// The file where the part begins.
    pub file: String,
    /// The line where it begins.
    pub line: usize,
    /// What is to be known about it and has no line, in whole sentences.
    pub remarks: Vec<String>,
}

/// A note at a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// What kind it is.
    pub kind: NoteKind,
    /// Its stable name, a row of the table in `docs/import.md`.
    pub code: &'static str,
    /// The file.
    pub file: String,
    /// The line, which counts from 1.
    pub line: usize,
    /// What is wrong there, in whole sentences, with the values of the configuration.
    pub message: String,
    /// What to write instead, in whole sentences; empty if there is nothing to change.
    pub instead: String,
    /// An origin that shows it.
    pub origin: Option<String>,
}
