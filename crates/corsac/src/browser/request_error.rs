//! Why a browser throws instead of making a request.

use std::fmt;

use super::request_values::Mode;
use crate::text::{Printable, QUOTED};

/// A request that script cannot make: a browser throws an exception, and nothing is sent.
///
/// ```
/// # use corsac::{browser::{Client, RequestError, RequestInit}, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// init.method = "TRACE".to_owned();
/// let error = init.build().unwrap_err();
/// assert_eq!(error.to_string(), "no script can send `TRACE`: browsers forbid CONNECT, TRACE and TRACK");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The method is not an HTTP token.
    MethodNotToken {
        /// The method.
        method: String,
    },
    /// CONNECT, TRACE or TRACK.
    MethodForbidden {
        /// The method.
        method: String,
    },
    /// A method other than GET, HEAD and POST in mode `no-cors`.
    MethodInNoCorsMode {
        /// The method.
        method: String,
    },
    /// A body for GET or HEAD.
    BodyNotAllowed {
        /// The method.
        method: String,
    },
    /// A streamed body in a mode other than `cors` and `same-origin`.
    StreamMode {
        /// The mode.
        mode: Mode,
    },
    /// A user name or password in the URL.
    UrlCredentials {
        /// The URL's host.
        host: String,
    },
    /// A header name that is not an HTTP token.
    HeaderName {
        /// The name.
        name: String,
    },
    /// A header value with a NUL, CR or LF.
    HeaderValue {
        /// The header's name.
        name: String,
    },
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text| Printable::new(text, QUOTED);
        match self {
            Self::MethodNotToken { method } => {
                write!(
                    f,
                    "`{}` is not a method: a method is a word such as GET, without spaces or punctuation",
                    quoted(method)
                )
            }
            Self::MethodForbidden { method } => {
                write!(f, "no script can send `{}`: browsers forbid CONNECT, TRACE and TRACK", quoted(method))
            }
            Self::MethodInNoCorsMode { method } => {
                write!(
                    f,
                    "`{}` cannot be sent in mode no-cors: browsers allow GET, HEAD and POST there",
                    quoted(method)
                )
            }
            Self::BodyNotAllowed { method } => {
                let method = quoted(method);
                write!(f, "a {method} request has no body: use POST or PUT, or leave the body out")
            }
            Self::StreamMode { mode } => {
                write!(f, "a streamed body cannot be sent in mode {mode}: use mode cors or same-origin")
            }
            Self::UrlCredentials { host } => {
                write!(
                    f,
                    "the URL for `{}` holds a user name or password, which fetch() refuses: send an Authorization header",
                    quoted(host)
                )
            }
            Self::HeaderName { name } => {
                write!(f, "`{}` is not a header name: a name is letters, digits and `-`", quoted(name))
            }
            Self::HeaderValue { name } => {
                let name = quoted(name);
                write!(f, "the value of `{name}` holds a line break or NUL, which no header can carry")
            }
        }
    }
}

impl std::error::Error for RequestError {}
