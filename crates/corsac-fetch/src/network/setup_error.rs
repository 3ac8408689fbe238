//! What is wrong with the options.

use std::fmt;

use corsac::text::{LONGEST_MESSAGE, Printable};

/// What is wrong with [`NetworkOptions`](crate::NetworkOptions), as a message for people.
///
/// ```
/// let error = "api.example:443".parse::<corsac_fetch::ResolveOverride>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`api.example:443`: no port or no address; write `host:port:address`, like `api.example:443:127.0.0.1`",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkSetupError {
    message: String,
}

impl NetworkSetupError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for NetworkSetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printable::new(&self.message, LONGEST_MESSAGE).fmt(f)
    }
}

impl std::error::Error for NetworkSetupError {}
