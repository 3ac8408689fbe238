//! Where a request is sent, and in which form.

use hyper::header::HeaderValue;
use url::{Host, Url};

use super::send_error::SendError;

/// Where a request is sent.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) tls: bool,
    pub(super) host: Host,
    pub(super) port: u16,
    /// Whether the request asks to switch to another protocol, which only HTTP/1.1 can do.
    pub(super) upgrades: bool,
}

impl Target {
    pub(super) fn of(url: &Url) -> Result<Self, SendError> {
        let tls = match url.scheme() {
            "http" => false,
            "https" => true,
            scheme => return Err(SendError::Unsendable(format!("`{scheme}:` is not HTTP"))),
        };
        match (url.host(), url.port_or_known_default()) {
            (Some(host), Some(port)) => Ok(Self { tls, host: host.to_owned(), port, upgrades: false }),
            _ => Err(SendError::Unsendable(format!("`{url}` has no host"))),
        }
    }
}

/// How a request is written on a connection.
pub(super) enum Form {
    /// HTTP/1.1 to the server: the request target is path and query.
    Origin,
    /// HTTP/1.1 to a proxy: the request target is the whole URL.
    Absolute { proxy_authorization: Option<HeaderValue> },
    /// HTTP/2.
    Http2,
    /// To a service of this program, in the form in which a server of HTTP/1.1 would call it.
    Service,
}
