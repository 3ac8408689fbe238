//! Why a lookup gave no answer.

/// Why a lookup gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LookupFailure {
    /// The lookup returned an error.
    Failed,
    /// The lookup took longer than its timeout.
    TimedOut,
}

impl LookupFailure {
    /// `lookup-failed` or `lookup-timed-out`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "lookup-failed",
            Self::TimedOut => "lookup-timed-out",
        }
    }
}
