//! Why no response came.

use std::fmt;

use corsac::browser::NetworkError;
use corsac::text::{LONGEST_MESSAGE, Printable};

use super::received::Peer;

/// Why an exchange brought no response.
///
/// ```
/// use corsac_fetch::{Peer, SendError};
///
/// let router = Peer { address: "192.168.1.1".parse().unwrap(), proxied: false };
/// assert_eq!(SendError::Declined(router).to_string(), "not sent: a connection to 192.168.1.1 is not allowed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a driver has to handle each of them")]
pub enum SendError {
    /// The network or the server failed.
    Failed(NetworkError),
    /// A connection was made, but `connected` refused it. Nothing of the request was sent.
    Declined(Peer),
    /// The request cannot be written as HTTP, for this reason, such as a line break in a header value. No connection was made.
    Unsendable(String),
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Declined(peer) => write!(f, "not sent: a connection to {} is not allowed", peer.address),
            Self::Unsendable(reason) => {
                write!(f, "cannot be sent: {}", Printable::new(reason, LONGEST_MESSAGE))
            }
        }
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Declined(_) | Self::Unsendable(_) => None,
        }
    }
}

impl From<NetworkError> for SendError {
    fn from(error: NetworkError) -> Self {
        Self::Failed(error)
    }
}
