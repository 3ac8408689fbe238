//! The parts of a request that the middleware uses.

use corsac::origin::split_port;
use corsac::server::RequestHeaders;
use http::header::{HOST, HeaderMap};
use http::{Extensions, Method, Request};

/// The parts of a request that your own code can use: in [`PolicySource::select`](crate::PolicySource::select) and in the key of
/// [`Tenants`](crate::Tenants).
///
/// ```
/// use corsac_middleware::RequestView;
///
/// let request = http::Request::get("/items").header("host", "Acme.example:8080").body(()).unwrap();
/// let view = RequestView::of(&request);
/// assert_eq!((view.path, view.host()), ("/items", Some("Acme.example")));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RequestView<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as it was sent, without decoding.
    pub path: &'a str,
    /// The authority of the request's URI, as HTTP/2 and requests to proxies have it. `None` if the URI has none; then `Host` says which server
    /// is meant.
    pub uri_authority: Option<&'a str>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The extensions, in which outer layers leave values for inner ones.
    pub extensions: &'a Extensions,
}

impl<'a> RequestView<'a> {
    /// A view made of these parts, for a URI without an authority.
    pub fn new(
        method: &'a Method,
        path: &'a str,
        headers: &'a HeaderMap,
        extensions: &'a Extensions,
    ) -> Self {
        Self { method, path, uri_authority: None, headers, extensions }
    }

    /// Sets the authority of the URI.
    #[must_use]
    pub fn with_authority(self, authority: impl Into<Option<&'a str>>) -> Self {
        Self { uri_authority: authority.into(), ..self }
    }

    /// A view of a request of the `http` crate.
    ///
    /// ```
    /// use corsac_middleware::RequestView;
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

    /// The host and port that the request is for: those of the URI, or else of `Host`.
    pub fn authority(&self) -> Option<&'a str> {
        self.uri_authority.or_else(|| self.headers.get(HOST)?.to_str().ok())
    }

    /// The host that the request is for, without its port, in the case in which it was sent.
    pub fn host(&self) -> Option<&'a str> {
        Some(split_port(self.authority()?).0)
    }
}

/// A request in the types of some HTTP library. An adapter implements it; for the `http` crate use [`RequestView`].
pub trait RequestHead {
    /// The headers.
    type Headers: RequestHeaders;

    /// The method.
    fn method(&self) -> &str;

    /// The path as it was sent, without decoding.
    fn path(&self) -> &str;

    /// The authority of the request's URI, if it has one.
    fn authority(&self) -> Option<&str>;

    /// The headers.
    fn headers(&self) -> &Self::Headers;

    /// Calls `use_view` with a view of the request, for a function of the program. It is called only if there is such a function, because an
    /// adapter may have to copy all headers to make the view.
    fn with_view<T>(&self, use_view: impl FnOnce(&RequestView<'_>) -> T) -> T;
}

impl RequestHead for RequestView<'_> {
    type Headers = HeaderMap;

    #[inline]
    fn method(&self) -> &str {
        self.method.as_str()
    }

    #[inline]
    fn path(&self) -> &str {
        self.path
    }

    #[inline]
    fn authority(&self) -> Option<&str> {
        self.uri_authority
    }

    #[inline]
    fn headers(&self) -> &HeaderMap {
        self.headers
    }

    #[inline]
    fn with_view<T>(&self, use_view: impl FnOnce(&RequestView<'_>) -> T) -> T {
        use_view(self)
    }
}

/// A copy of the parts of a request that a decision needs, for use after a lookup.
#[cfg(feature = "lookups")]
pub(crate) struct OwnedRequest {
    method: Method,
    path: String,
    uri_authority: Option<String>,
    headers: HeaderMap,
    extensions: Extensions,
}

#[cfg(feature = "lookups")]
impl OwnedRequest {
    /// Copies the headers that a decision reads, and those that a lookup declares.
    pub(crate) fn of(view: &RequestView<'_>, declared: &[http::HeaderName]) -> Self {
        let mut headers = HeaderMap::new();
        let read = corsac::server::RequestHeader::ALL.map(corsac::server::RequestHeader::name);
        for name in read.iter().chain(declared) {
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
        RequestView::new(&self.method, &self.path, &self.headers, &self.extensions)
            .with_authority(self.uri_authority.as_deref())
    }
}
