//! What to write around a policy, and what came of it.

use std::fmt;

use crate::upstream::Upstream;

/// What to write besides the policy itself.
///
/// ```
/// use corsac_stacks::CompileOptions;
/// let options = CompileOptions::default().with(|options| options.whole_file = true);
/// assert_eq!(options.listen.to_string(), "127.0.0.1:8080");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CompileOptions {
    /// The server to which requests are forwarded. Defaults to none.
    pub upstream: Option<Upstream>,
    /// Whether to write a whole file, which the server can be started with, and not only the part about CORS. Defaults to `false`.
    pub whole_file: bool,
    /// Where the server of a whole file listens. Defaults to port 8080 on the loopback address.
    pub listen: std::net::SocketAddr,
    /// The name of the policy file, for the comment that says how to verify the server. Defaults to `corsac.toml`.
    pub file: String,
    /// Whether the policy is for one request that was checked, so that there is no file to compile again. Defaults to `false`.
    pub for_one_request: bool,
}

impl Default for CompileOptions {
    fn default() -> Self {
        Self {
            upstream: None,
            whole_file: false,
            listen: std::net::SocketAddr::from(([127, 0, 0, 1], 8080)),
            file: "corsac.toml".to_owned(),
            for_one_request: false,
        }
    }
}

impl CompileOptions {
    /// Returns the same options, changed.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// What was written for a target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compiled {
    /// The configuration or the code. It ends with a line feed.
    pub text: String,
    /// What to know about it, in sentences.
    pub notes: Vec<String>,
}

/// Why a policy was not compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// What the target cannot do, and why: a sentence.
    pub reason: String,
    /// What is possible instead: a sentence.
    pub instead: String,
}

impl Refused {
    pub(crate) fn new(reason: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { reason: reason.into(), instead: instead.into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.reason, self.instead)
    }
}

impl std::error::Error for Refused {}
