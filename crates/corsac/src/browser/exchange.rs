//! What is sent and received: the messages that the state machine asks its driver to exchange, and what can come back.

use std::fmt;

use url::Url;

use crate::header::HeaderList;
use crate::text::{LONGEST_MESSAGE, Printable};

/// The part of a fetch that an exchange belongs to.
///
/// ```
/// use corsac::browser::{Client, Engine, ExchangeKind, Fetch, PreflightCache, RequestInit, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// let Step::Send(first) = fetch.next(&mut PreflightCache::default(), std::time::Duration::ZERO) else { panic!() };
/// assert_eq!(first.kind, ExchangeKind::Request); // a plain GET to another origin goes without a preflight
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExchangeKind {
    /// A [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request).
    Preflight,
    /// The request that script made, at its first URL.
    Request,
    /// The same request, sent to the `Location` of a redirect.
    Redirect,
}

impl ExchangeKind {
    /// The kind's name in JSON: `preflight`, `request` or `redirect`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::ExchangeKind::Preflight.as_str(), "preflight");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Request => "request",
            Self::Redirect => "redirect",
        }
    }
}

/// One HTTP request to send, complete except for what belongs to the connection (`Host`, `Content-Length`, cookies, `User-Agent`,
/// `Accept-Encoding`).
///
/// ```
/// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// init.headers.append("X-Trace", "7");
/// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// let Step::Send(first) = fetch.next(&mut PreflightCache::default(), std::time::Duration::ZERO) else { panic!() };
/// assert_eq!(first.method, "OPTIONS");
/// assert_eq!(first.headers.text("Access-Control-Request-Headers").as_deref(), Some("x-trace"));
/// assert!(!first.credentials); // never for a preflight
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Exchange {
    /// Whether it is the preflight, the request or a redirect.
    pub kind: ExchangeKind,
    /// The method, as it is sent.
    pub method: String,
    /// The URL, which is always `http` or `https`. Its fragment is not sent.
    pub url: Url,
    /// The header lines, in the order to send them.
    pub headers: HeaderList,
    /// Whether cookies, client certificates and HTTP authentication are sent with the request, and `Set-Cookie` in the response is
    /// honoured.
    pub credentials: bool,
    /// Whether the body that the caller holds is sent with the request. A redirect can drop it, and a preflight has none.
    pub body: bool,
}

impl Exchange {
    /// An exchange without headers, credentials and body.
    ///
    /// ```
    /// use corsac::browser::{Exchange, ExchangeKind};
    /// let mut exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/".parse().unwrap());
    /// exchange.headers.append("Origin", "https://app.example");
    /// assert!(!exchange.credentials && !exchange.body);
    /// ```
    pub fn new(kind: ExchangeKind, method: impl Into<String>, url: Url) -> Self {
        let headers = HeaderList::new();
        Self { kind, method: method.into(), url, headers, credentials: false, body: false }
    }

    /// Returns `true` unless the method is `GET`, `HEAD` or `OPTIONS`, which only read ([RFC 9110, section
    /// 9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)). Any other method may change something on the server each time that it
    /// is sent.
    ///
    /// ```
    /// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, Step};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
    /// init.method = "POST".to_owned();
    /// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
    /// let Step::Send(first) = fetch.next(&mut PreflightCache::default(), std::time::Duration::ZERO) else { panic!() };
    /// assert!(first.may_change_something()); // a POST without a body needs no preflight
    /// ```
    pub fn may_change_something(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

/// The head of a response, as the driver received it.
///
/// ```
/// use corsac::browser::ResponseHead;
/// // Two layers of a server each add a line. Joined, the lines are not an origin.
/// let head = ResponseHead::new(200, [("Access-Control-Allow-Origin", "*"), ("access-control-allow-origin", "*")]);
/// assert_eq!(head.headers.text("Access-Control-Allow-Origin").as_deref(), Some("*, *"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseHead {
    /// The status code, 100 to 599 in practice. The driver skips 1xx responses.
    pub status: u16,
    /// The header lines as received. Names may be repeated; values need not be UTF-8.
    pub headers: HeaderList,
    /// The [range-requested flag](https://fetch.spec.whatwg.org/#concept-response-range-requested-flag): whether the response was made for
    /// a request with `Range`, even if this request has none. Only a cache or a service worker sets it in such a case.
    pub range_requested: bool,
}

impl ResponseHead {
    /// A response with this status and these header lines.
    ///
    /// ```
    /// let head = corsac::browser::ResponseHead::new(204, [("Vary", "Origin")]);
    /// assert_eq!(head.status, 204);
    /// ```
    pub fn new<N: Into<String>, V: Into<Vec<u8>>>(
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self { status, headers: headers.into_iter().collect(), range_requested: false }
    }

    /// Returns `true` for a [redirect status](https://fetch.spec.whatwg.org/#redirect-status): 301, 302, 303, 307 or 308.
    ///
    /// ```
    /// use corsac::browser::ResponseHead;
    /// assert!(ResponseHead::new(302, [("Location", "/elsewhere")]).is_redirect());
    /// assert!(!ResponseHead::new(304, [("ETag", "1")]).is_redirect());
    /// ```
    pub fn is_redirect(&self) -> bool {
        is_redirect_status(self.status)
    }
}

/// Returns `true` for a [redirect status](https://fetch.spec.whatwg.org/#redirect-status): 301, 302, 303, 307 or 308.
///
/// ```
/// assert!(corsac::browser::is_redirect_status(308));
/// assert!(!corsac::browser::is_redirect_status(300));
/// ```
pub fn is_redirect_status(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// An exchange without a response. A page sees only a [network error](https://fetch.spec.whatwg.org/#concept-network-error); this says
/// which one it was.
///
/// ```
/// use corsac::browser::{NetworkError, NetworkErrorKind, Reason, ReasonCode};
/// let error = NetworkError::new(NetworkErrorKind::Dns, "no such host");
/// assert_eq!(Reason::Network(error).code(), ReasonCode::DnsFailed);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkError {
    /// What went wrong.
    pub kind: NetworkErrorKind,
    /// The message of the operating system or library, for a person to read. It may be empty.
    pub message: String,
}

impl NetworkError {
    /// An error of this kind with this message.
    ///
    /// ```
    /// use corsac::browser::{NetworkError, NetworkErrorKind};
    /// let error = NetworkError::new(NetworkErrorKind::Timeout, "no answer within 10 s");
    /// assert_eq!(error.to_string(), "timed out: no answer within 10 s");
    /// ```
    pub fn new(kind: NetworkErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.title())?;
        if !self.message.is_empty() {
            write!(f, ": {}", Printable::new(&self.message, LONGEST_MESSAGE))?;
        }
        Ok(())
    }
}

impl std::error::Error for NetworkError {}

/// The ways in which an exchange fails before there is a response.
///
/// ```
/// use corsac::browser::{NetworkError, NetworkErrorKind, Reason};
/// let reason = Reason::Network(NetworkError::new(NetworkErrorKind::TlsExpired, ""));
/// assert!(!reason.code().is_cors()); // although a page sees the same as after a CORS failure: "Failed to fetch"
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NetworkErrorKind {
    /// The host name has no address, or the resolver gave no answer.
    Dns,
    /// Nothing listens at that address and port.
    Refused,
    /// No route to the address (host or network unreachable).
    Unreachable,
    /// The peer reset the connection, or closed it before the head of a response was complete.
    Closed,
    /// No answer in the time allowed.
    Timeout,
    /// The certificate has expired, or is not valid yet.
    TlsExpired,
    /// The certificate is for other host names.
    TlsNameMismatch,
    /// The certificate's issuer is not trusted here (self-signed, private authority, missing intermediate).
    TlsUntrusted,
    /// TLS failed in another way: no common version, not TLS at all, a bad certificate.
    TlsProtocol,
    /// What came back is not HTTP, or exceeds a limit (endless headers, bad framing).
    Malformed,
    /// The proxy could not be used, or refused to connect.
    Proxy,
}

impl NetworkErrorKind {
    /// A short description for people.
    ///
    /// ```
    /// assert_eq!(corsac::browser::NetworkErrorKind::Refused.title(), "connection refused");
    /// ```
    pub fn title(self) -> &'static str {
        match self {
            Self::Dns => "host name not found",
            Self::Refused => "connection refused",
            Self::Unreachable => "host unreachable",
            Self::Closed => "connection closed",
            Self::Timeout => "timed out",
            Self::TlsExpired => "certificate expired or not yet valid",
            Self::TlsNameMismatch => "certificate is for another host name",
            Self::TlsUntrusted => "certificate is not trusted",
            Self::TlsProtocol => "TLS failed",
            Self::Malformed => "malformed response",
            Self::Proxy => "proxy failed",
        }
    }
}
