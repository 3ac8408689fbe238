//! Lookups that give no answer.

/// Why no answer of a lookup came.
///
/// ```
/// assert_eq!(corsac_middleware::LookupFailure::TimedOut.as_str(), "lookup-timed-out");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LookupFailure {
    /// The lookup answered with an error.
    Failed,
    /// The lookup took longer than it may.
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
