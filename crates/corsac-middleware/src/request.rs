//! What a middleware looks at in a request.

use corsac::server::{Decision, RequestKind};
use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, ORIGIN,
    UPGRADE,
};
use http::{Extensions, Method, Request};

/// What a middleware looks at in a request. An adapter for a framework with types of its own fills it in.
///
/// ```
/// use corsac_middleware::RequestView;
///
/// let request = http::Request::get("/items").header("host", "Acme.example:8080").body(()).unwrap();
/// let view = RequestView::of(&request);
/// assert_eq!((view.path, view.host()), ("/items", Some("Acme.example")));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequestView<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as it was sent, nothing decoded.
    pub path: &'a str,
    /// The authority of the request's URI, as HTTP/2 has it and proxies are sent it. `None`: what the request is for is in `Host`.
    pub uri_authority: Option<&'a str>,
    /// The headers. An adapter may leave out those of which [`Cors::reads_all_headers`](crate::Cors::reads_all_headers) says that nobody
    /// reads them.
    pub headers: &'a HeaderMap,
    /// What outer layers left for inner ones.
    pub extensions: &'a Extensions,
}

impl<'a> RequestView<'a> {
    /// The headers that the middleware reads by itself: those of CORS, and those that say where a request comes from.
    ///
    /// ```
    /// assert!(corsac_middleware::RequestView::HEADERS.contains(&http::header::ORIGIN));
    /// ```
    pub const HEADERS: [HeaderName; 6] = [
        ORIGIN,
        ACCESS_CONTROL_REQUEST_METHOD,
        ACCESS_CONTROL_REQUEST_HEADERS,
        HOST,
        UPGRADE,
        HeaderName::from_static("sec-fetch-site"),
    ];

    /// The view of a request of the `http` crate.
    ///
    /// ```
    /// # use corsac_middleware::RequestView;
    /// let request = http::Request::put("https://api.example/items?page=2").body(()).unwrap();
    /// assert_eq!(RequestView::of(&request).uri_authority, Some("api.example"));
    /// ```
    pub fn of<B>(request: &'a Request<B>) -> Self {
        Self {
            method: request.method(),
            path: request.uri().path(),
            uri_authority: request.uri().authority().map(|authority| authority.as_str()),
            headers: request.headers(),
            extensions: request.extensions(),
        }
    }

    /// The host and port that the request is for: the URI's, or else what `Host` says.
    ///
    /// ```
    /// # use corsac_middleware::RequestView;
    /// let request = http::Request::get("/items").header("host", "acme.example:8080").body(()).unwrap();
    /// assert_eq!(RequestView::of(&request).authority(), Some("acme.example:8080"));
    /// ```
    pub fn authority(&self) -> Option<&'a str> {
        self.uri_authority.or_else(|| self.headers.get(HOST)?.to_str().ok())
    }

    /// The host that the request is for, without its port; in the case in which it was sent.
    ///
    /// ```
    /// # use corsac_middleware::RequestView;
    /// let request = http::Request::get("http://[::1]:8080/").body(()).unwrap();
    /// assert_eq!(RequestView::of(&request).host(), Some("[::1]"));
    /// ```
    pub fn host(&self) -> Option<&'a str> {
        let authority = self.authority()?;
        match authority.rfind(':') {
            Some(colon) if !authority.ends_with(']') => authority.get(..colon),
            _ => Some(authority),
        }
    }

    /// No preflight comes from the same origin.
    pub(crate) fn is_same_origin(&self, kind: RequestKind) -> bool {
        kind == RequestKind::Request && Decision::is_same_origin(self.headers, self.uri_authority)
    }
}

/// The parts of a request that are kept while a lookup takes its time.
pub(crate) struct Kept {
    method: Method,
    path: String,
    uri_authority: Option<String>,
    headers: HeaderMap,
    extensions: Extensions,
}

impl Kept {
    pub(crate) fn of(view: &RequestView<'_>, also: &[HeaderName]) -> Self {
        let mut headers = HeaderMap::new();
        for name in RequestView::HEADERS.iter().chain(also) {
            if !headers.contains_key(name) {
                headers.extend(view.headers.get_all(name).iter().map(|value| (name.clone(), value.clone())));
            }
        }
        Self {
            method: view.method.clone(),
            path: view.path.to_owned(),
            uri_authority: view.uri_authority.map(str::to_owned),
            headers,
            extensions: Extensions::new(),
        }
    }

    pub(crate) fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: &self.path,
            uri_authority: self.uri_authority.as_deref(),
            headers: &self.headers,
            extensions: &self.extensions,
        }
    }
}
