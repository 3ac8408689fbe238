//! A message as data: the words by which it is recognized, and what it means.

use corsac::browser::Engine;

use crate::ItemStage;

/// A message, or the part of one that is enough to recognize it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    /// What kind of line it is.
    pub(super) role: Role,
    /// The engine that prints it, if only one does.
    pub(super) engine: Option<Engine>,
    /// Whether other engines printed the same words, so that what `engine` of its reason says does not count.
    pub(super) is_shared: bool,
    /// Every code that it may mean, the likeliest first.
    pub(super) codes: &'static [&'static str],
    /// Whether the CORS protocol refused; `None` if the words cannot tell.
    pub(super) cors: Option<bool>,
    /// The part of the fetch that failed, if the words tell.
    pub(super) stage: Option<ItemStage>,
    /// The words, in the notation of [`pattern`](super::pattern).
    pub(super) words: &'static str,
}

/// What a line says about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Why the request failed.
    Reason,
    /// What stands around a reason: the URL, the origin.
    Frame,
    /// That a request failed: it belongs to a reason beside it, and is an item of its own without one.
    Companion,
    /// That some request failed, without its URL: script's exception.
    Exception,
}

impl Message {
    /// A reason for which the CORS protocol refuses.
    pub(super) const fn cors(codes: &'static [&'static str], words: &'static str) -> Self {
        Self {
            role: Role::Reason,
            engine: None,
            is_shared: false,
            codes,
            cors: Some(true),
            stage: None,
            words,
        }
    }

    /// A reason that is not the CORS protocol's.
    pub(super) const fn other(codes: &'static [&'static str], words: &'static str) -> Self {
        Self { cors: Some(false), ..Self::cors(codes, words) }
    }

    /// What stands around a reason.
    pub(super) const fn frame(words: &'static str) -> Self {
        Self { role: Role::Frame, cors: None, ..Self::cors(&[], words) }
    }

    /// A line that says that a request failed, and not why.
    pub(super) const fn companion(words: &'static str) -> Self {
        Self { role: Role::Companion, cors: None, ..Self::cors(&[], words) }
    }

    /// An exception that says that some request failed.
    pub(super) const fn exception(words: &'static str) -> Self {
        Self { role: Role::Exception, cors: None, ..Self::cors(&[], words) }
    }

    pub(super) const fn by(self, engine: Engine) -> Self {
        Self { engine: Some(engine), ..self }
    }

    /// Chrome and Safari printed it, when both were WebKit.
    pub(super) const fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }

    pub(super) const fn at(self, stage: ItemStage) -> Self {
        Self { stage: Some(stage), ..self }
    }

    pub(super) const fn meaning(self, codes: &'static [&'static str]) -> Self {
        Self { codes, ..self }
    }

    pub(super) const fn perhaps_cors(self) -> Self {
        Self { cors: None, ..self }
    }

    pub(super) const fn never_cors(self) -> Self {
        Self { cors: Some(false), ..self }
    }

    pub(super) const fn surely_cors(self) -> Self {
        Self { cors: Some(true), ..self }
    }
}
