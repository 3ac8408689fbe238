//! What a policy looks at in a request.

use http::Method;
use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, HeaderValue,
    ORIGIN, UPGRADE,
};

use crate::header::{list_items, names};
use crate::origin::{default_port, serialized_port, split_port};

/// A request, as far as a policy looks at it.
///
/// It borrows from the request of an HTTP library: the `http` crate's with [`new`](Self::new), any other with [`of`](Self::of).
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
    /// The host and port that the request is for, where its URI has them, as in HTTP/2 and from proxies. `None` means that they are in `Host`.
    pub authority: Option<&'a str>,
}

impl<H> Clone for Request<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for Request<'_, H> {}

impl<'a> Request<'a> {
    /// A request of the `http` crate, whose URI names no authority.
    #[inline]
    pub fn new(method: &'a Method, headers: &'a HeaderMap) -> Self {
        Self::of(method.as_str(), headers)
    }
}

impl<'a, H: RequestHeaders> Request<'a, H> {
    /// A request of any HTTP library, whose URI names no authority.
    #[inline]
    pub fn of(method: &'a str, headers: &'a H) -> Self {
        Self { method, headers, authority: None }
    }

    /// The same request for the authority that its URI names, if it names one.
    #[must_use]
    #[inline]
    pub fn with_authority(self, authority: impl Into<Option<&'a str>>) -> Self {
        Self { authority: authority.into(), ..self }
    }

    /// What the request is to CORS, whatever the policy.
    #[inline]
    pub fn kind(&self) -> RequestKind {
        if self.first(RequestHeader::Origin).is_none() {
            RequestKind::WithoutOrigin
        } else if self.asks_for_method() {
            RequestKind::Preflight
        } else {
            RequestKind::Request
        }
    }

    /// Returns `true` if the request, which is not a preflight, comes from the origin that it goes to. Such a request is served, and its
    /// page may read the response, whatever a policy says. Browsers send `Origin` with all of them but GET and HEAD.
    ///
    /// `Sec-Fetch-Site` decides; it is `none` for what the user asked for in the address bar, which counts as the same origin. Without it,
    /// an `Origin` with the host and port of the request's authority does.
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

    /// Returns `true` if the request, which has this one `Origin` or not exactly one, comes from the origin that it goes to.
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
        // An authority may name the default port, an origin does not.
        let (host, port) = split_port(authority);
        let names_default = port.is_some_and(|port| serialized_port(port) == default_port(scheme));
        rest.eq_ignore_ascii_case(if names_default { host } else { authority }.as_bytes())
    }

    /// The first line of a header.
    #[inline]
    pub(super) fn first(&self, header: RequestHeader) -> Option<&'a [u8]> {
        let headers: &'a H = self.headers;
        headers.lines(header).next().map(AsRef::as_ref)
    }

    /// Returns `true` if it is `OPTIONS` and asks for the permission to use a method, as a preflight does.
    #[inline]
    fn asks_for_method(&self) -> bool {
        self.is_options() && self.first(RequestHeader::AccessControlRequestMethod).is_some()
    }

    #[inline]
    pub(super) fn is_options(&self) -> bool {
        self.method == "OPTIONS"
    }

    /// Returns `true` for the methods that change nothing, by [RFC 9110](https://httpwg.org/specs/rfc9110.html#safe.methods).
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

/// What a request is to CORS.
///
/// ```
/// assert_eq!(corsac::server::RequestKind::Preflight.as_str(), "preflight");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_enums,
    reason = "the protocol has no other kind, and adapters match on all of them"
)]
pub enum RequestKind {
    /// No `Origin`: from the same origin, or not from a browser at all.
    WithoutOrigin,
    /// With `Origin`. A browser sends it on every CORS request, and on everything but GET and HEAD of the same origin, too.
    Request,
    /// A [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request): `OPTIONS` with `Origin` and
    /// `Access-Control-Request-Method`. It is answered without the service.
    Preflight,
}

impl RequestKind {
    /// `without-origin`, `request` or `preflight`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WithoutOrigin => "without-origin",
            Self::Request => "request",
            Self::Preflight => "preflight",
        }
    }
}

/// A header of requests that a decision may read. It reads no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "every adapter has a name for each")]
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
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Origin,
        Self::AccessControlRequestMethod,
        Self::AccessControlRequestHeaders,
        Self::Host,
        Self::Upgrade,
        Self::SecFetchSite,
    ];

    /// The header's name.
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

/// The headers of a request, in the types of an HTTP library. It is implemented for the `http` crate's map; an adapter for another library
/// implements it for a type of its own.
///
/// ```
/// use corsac::server::{RequestHeader, RequestHeaders};
/// use http::{HeaderMap, HeaderValue};
///
/// let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("api.example"))]);
/// assert_eq!(headers.lines(RequestHeader::Host).next().unwrap(), "api.example");
/// ```
pub trait RequestHeaders {
    /// The value of a header line. A copy of it is what a response echoes.
    type Value: Clone + AsRef<[u8]>;

    /// The lines of a header, in their order.
    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &Self::Value>;
}

impl RequestHeaders for HeaderMap {
    type Value = HeaderValue;

    #[inline]
    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        self.get_all(header.name()).iter()
    }
}
