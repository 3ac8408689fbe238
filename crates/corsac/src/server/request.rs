//! A request, as far as a policy reads it.

use http::Method;
use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, HeaderValue,
    ORIGIN, UPGRADE,
};

use crate::header::{list_items, names};
use crate::origin::{default_port, serialized_port, split_port};

/// A request, as far as a policy reads it.
///
/// It borrows from the request of an HTTP library: from the `http` crate's with [`new`](Self::new), from any other with [`of`](Self::of).
///
/// ```
/// use corsac::server::{Request, RequestKind};
/// use http::{HeaderMap, HeaderValue, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("origin", HeaderValue::from_static("https://app.example"));
/// headers.insert("access-control-request-method", HeaderValue::from_static("PUT"));
/// assert_eq!(Request::new(&Method::OPTIONS, &headers).kind(), RequestKind::Preflight);
/// assert_eq!(Request::new(&Method::GET, &headers).kind(), RequestKind::Request);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Request<'a, H = HeaderMap> {
    /// The method.
    pub method: &'a str,
    /// The headers.
    pub headers: &'a H,
    /// The host and port of the request's URI, which it has in HTTP/2 and from proxies. `None` if they are in `Host` instead.
    pub authority: Option<&'a str>,
}

impl<H> Clone for Request<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for Request<'_, H> {}

impl<'a> Request<'a> {
    /// Makes a request from types of the `http` crate. Its URI has no authority.
    #[inline]
    pub fn new(method: &'a Method, headers: &'a HeaderMap) -> Self {
        Self::of(method.as_str(), headers)
    }
}

impl<'a, H: RequestHeaders> Request<'a, H> {
    /// Makes a request from types of any HTTP library. Its URI has no authority.
    #[inline]
    pub fn of(method: &'a str, headers: &'a H) -> Self {
        Self { method, headers, authority: None }
    }

    /// Sets the authority of the request's URI, if it has one.
    #[must_use]
    #[inline]
    pub fn with_authority(self, authority: impl Into<Option<&'a str>>) -> Self {
        Self { authority: authority.into(), ..self }
    }

    /// Returns the kind of the request, which does not depend on a policy.
    #[inline]
    pub fn kind(&self) -> RequestKind {
        if self.first(RequestHeader::Origin).is_none() {
            RequestKind::WithoutOrigin
        } else if self.requests_method() {
            RequestKind::Preflight
        } else {
            RequestKind::Request
        }
    }

    /// Returns `true` if the request, which is not a preflight, comes from the origin that it goes to. Such a request is served and its page
    /// may read the response, whatever the policy. Browsers send `Origin` with same-origin requests unless they are GET or HEAD.
    ///
    /// `Sec-Fetch-Site` decides. It is `none` for a request that the user made in the address bar, which counts as same-origin. Without
    /// `Sec-Fetch-Site`, the request is same-origin if `Origin` has the host and port of the request's authority.
    ///
    /// ```
    /// use corsac::server::Request;
    /// use http::{HeaderMap, HeaderValue, Method};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("origin", HeaderValue::from_static("https://api.example"));
    /// let request = Request::new(&Method::POST, &headers);
    /// assert!(request.with_authority("api.example:443").is_same_origin());
    /// assert!(!request.with_authority("other.example").is_same_origin());
    /// ```
    pub fn is_same_origin(&self) -> bool {
        let headers: &'a H = self.headers;
        let mut origins = headers.lines(RequestHeader::Origin);
        let origin = origins.next().filter(|_| origins.next().is_none());
        self.is_of_origin(origin.map(AsRef::as_ref))
    }

    /// Does the same as [`is_same_origin`](Self::is_same_origin); `origin` is the request's `Origin`, or `None` if it does not have exactly one.
    pub(super) fn is_of_origin(&self, origin: Option<&[u8]>) -> bool {
        match self.first(RequestHeader::SecFetchSite) {
            Some(b"same-origin" | b"none") => return true,
            Some(_) => return false,
            None => {}
        }
        let host = || std::str::from_utf8(self.first(RequestHeader::Host)?).ok();
        let (Some(origin), Some(authority)) = (origin, self.authority.or_else(host)) else { return false };
        let scheme = match origin {
            [b'h', b't', b't', b'p', b's', b':', b'/', b'/', ..] => "https",
            [b'h', b't', b't', b'p', b':', b'/', b'/', ..] => "http",
            _ => return false,
        };
        let rest = origin.get(scheme.len() + "://".len()..).unwrap_or_default();
        // An authority may have the default port; an origin never has it.
        let (host, port) = split_port(authority);
        let names_default = port.is_some_and(|port| serialized_port(port) == default_port(scheme));
        rest.eq_ignore_ascii_case(if names_default { host } else { authority }.as_bytes())
    }

    /// Returns the first line of a header.
    #[inline]
    pub(super) fn first(&self, header: RequestHeader) -> Option<&'a [u8]> {
        let headers: &'a H = self.headers;
        headers.lines(header).next().map(AsRef::as_ref)
    }

    /// Returns `true` if it is `OPTIONS` and has an `Access-Control-Request-Method`, as a preflight does.
    #[inline]
    fn requests_method(&self) -> bool {
        self.is_options() && self.first(RequestHeader::AccessControlRequestMethod).is_some()
    }

    #[inline]
    pub(super) fn is_options(&self) -> bool {
        self.method == "OPTIONS"
    }

    /// Returns `true` for the safe methods, which change nothing, by [RFC 9110](https://httpwg.org/specs/rfc9110.html#safe.methods).
    #[inline]
    pub(super) fn is_safe(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    pub(super) fn is_websocket_upgrade(&self) -> bool {
        self.headers
            .lines(RequestHeader::Upgrade)
            .flat_map(|line| list_items(line.as_ref()))
            .any(|item| item.eq_ignore_ascii_case(b"websocket"))
    }
}

/// The kind of a request, as CORS distinguishes them.
///
/// ```
/// assert_eq!(corsac::server::RequestKind::Preflight.as_str(), "preflight");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_enums,
    reason = "the protocol has no other kinds, and adapters match on all of them"
)]
pub enum RequestKind {
    /// A request without `Origin`: from the same origin, or not from a browser at all.
    WithoutOrigin,
    /// A request with `Origin`. Browsers send it with every CORS request, and with same-origin requests unless they are GET or HEAD.
    Request,
    /// A [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request): `OPTIONS` with `Origin` and
    /// `Access-Control-Request-Method`. It is answered without calling the service.
    Preflight,
}

impl RequestKind {
    /// Returns `without-origin`, `request` or `preflight`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WithoutOrigin => "without-origin",
            Self::Request => "request",
            Self::Preflight => "preflight",
        }
    }
}

/// A request header that a decision reads. It reads no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "every adapter maps each of them to a name")]
pub enum RequestHeader {
    /// [`Origin`](https://fetch.spec.whatwg.org/#origin-header)
    Origin,
    /// [`Access-Control-Request-Method`](https://fetch.spec.whatwg.org/#http-access-control-request-method)
    AccessControlRequestMethod,
    /// [`Access-Control-Request-Headers`](https://fetch.spec.whatwg.org/#http-access-control-request-headers)
    AccessControlRequestHeaders,
    /// `Host`
    Host,
    /// `Upgrade`
    Upgrade,
    /// [`Sec-Fetch-Site`](https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header)
    SecFetchSite,
}

impl RequestHeader {
    /// All headers that a decision reads.
    pub const ALL: [Self; 6] = [
        Self::Origin,
        Self::AccessControlRequestMethod,
        Self::AccessControlRequestHeaders,
        Self::Host,
        Self::Upgrade,
        Self::SecFetchSite,
    ];

    /// Returns the header's name.
    #[inline]
    pub const fn name(self) -> HeaderName {
        match self {
            Self::Origin => ORIGIN,
            Self::AccessControlRequestMethod => ACCESS_CONTROL_REQUEST_METHOD,
            Self::AccessControlRequestHeaders => ACCESS_CONTROL_REQUEST_HEADERS,
            Self::Host => HOST,
            Self::Upgrade => UPGRADE,
            Self::SecFetchSite => const { HeaderName::from_static(names::SEC_FETCH_SITE) },
        }
    }
}

/// The headers of a request, in the types of an HTTP library. Implemented for the `http` crate's `HeaderMap`; an adapter for another library
/// implements it for its own type.
///
/// ```
/// use corsac::server::{RequestHeader, RequestHeaders};
/// use http::{HeaderMap, HeaderValue};
///
/// let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("api.example"))]);
/// assert_eq!(headers.lines(RequestHeader::Host).next().unwrap(), "api.example");
/// ```
pub trait RequestHeaders {
    /// The value of a header line. Responses echo clones of it.
    type Value: Clone + AsRef<[u8]>;

    /// Returns the lines of a header in order.
    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &Self::Value>;
}

impl RequestHeaders for HeaderMap {
    type Value = HeaderValue;

    #[inline]
    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        self.get_all(header.name()).iter()
    }
}
