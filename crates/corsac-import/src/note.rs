//! What is to be known about a configuration, each thing at its line.

use crate::files::At;

/// What kind of note it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// It lets strangers in, or lets them do more than was meant.
    Unsafe,
    /// It has no effect, or not the one that was meant.
    Dead,
    /// It works, and something else can break it: a cache, a second layer.
    Fragile,
    /// A policy cannot say it, so the policy does without.
    NotExpressible,
}

impl NoteKind {
    /// Every kind, the worst first.
    pub const ALL: &[Self] = &[Self::Unsafe, Self::Dead, Self::Fragile, Self::NotExpressible];

    /// Returns the kind's name in JSON: `unsafe`, `dead`, `fragile` or `not-expressible`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsafe => "unsafe",
            Self::Dead => "dead",
            Self::Fragile => "fragile",
            Self::NotExpressible => "not-expressible",
        }
    }
}

/// What is known about a place of a configuration, before it has the names of files and policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Noted {
    pub(crate) kind: NoteKind,
    /// A stable name in kebab-case, a row of `docs/import.md`.
    pub(crate) code: &'static str,
    pub(crate) at: At,
    /// What is wrong there, in whole sentences, with the values of the configuration.
    pub(crate) message: String,
    /// What to write instead, in whole sentences; empty if there is nothing to change.
    pub(crate) instead: String,
    /// An origin that shows it.
    pub(crate) origin: Option<String>,
}

impl Noted {
    pub(crate) fn new(kind: NoteKind, code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self { kind, code, at, message: message.into(), instead: String::new(), origin: None }
    }

    #[must_use]
    pub(crate) fn instead(mut self, instead: impl Into<String>) -> Self {
        self.instead = instead.into();
        self
    }

    #[must_use]
    pub(crate) fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }
}

/// The name of a header as people write it: `Access-Control-Allow-Origin`.
pub(crate) fn header_name(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    parts.collect::<Vec<_>>().join("-")
}
