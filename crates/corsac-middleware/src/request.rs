//! What a middleware looks at in a request.

use corsac::origin::split_port;
use corsac::server::RequestHeaders;
use http::header::{HOST, HeaderMap};
use http::{Extensions, Method, Request};

/// What the program's own code sees of a request: [`PolicySource::select`](crate::PolicySource::select), the key of
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
    /// The path as it was sent, nothing decoded.
    pub path: &'a str,
    /// The authority of the request's URI, as HTTP/2 has it and proxies are sent it. `None`: what the request is for is in `Host`.
    pub uri_authority: Option<&'a str>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// What outer layers left for inner ones.
    pub extensions: &'a Extensions,
}

impl<'a> RequestView<'a> {
    /// The view of a request whose URI names no authority, from its parts.
    pub fn new(
        method: &'a Method,
        path: &'a str,
        headers: &'a HeaderMap,
        extensions: &'a Extensions,
    ) -> Self {
        Self { method, path, uri_authority: None, headers, extensions }
    }

    /// The same view for the authority that the request's URI names, if it names one.
    #[must_use]
    pub fn with_authority(self, authority: impl Into<Option<&'a str>>) -> Self {
        Self { uri_authority: authority.into(), ..self }
    }

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
        Some(split_port(self.authority()?).0)
    }
}

/// A request, in the types of an HTTP library: what an adapter hands in. For the `http` crate it is a [`RequestView`].
pub trait RequestHead {
    /// The headers.
    type Headers: RequestHeaders;

    /// The method.
    fn method(&self) -> &str;

    /// The path as it was sent, nothing decoded.
    fn path(&self) -> &str;

    /// The authority of the request's URI. `None`: what the request is for is in `Host`.
    fn authority(&self) -> Option<&str>;

    /// The headers.
    fn headers(&self) -> &Self::Headers;

    /// Shows the request to the program's own code. It is only asked for where there is such code, because an adapter may have to copy all
    /// headers for it.
    fn with_view<T>(&self, see: impl FnOnce(&RequestView<'_>) -> T) -> T;
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
    fn with_view<T>(&self, see: impl FnOnce(&RequestView<'_>) -> T) -> T {
        see(self)
    }
}

/// A request that is kept while a lookup takes its time.
#[cfg(feature = "lookups")]
pub(crate) struct KeptRequest {
    method: Method,
    path: String,
    uri_authority: Option<String>,
    headers: HeaderMap,
    extensions: Extensions,
}

#[cfg(feature = "lookups")]
impl KeptRequest {
    /// Keeps the headers that a decision reads, and those that a lookup declares.
    pub(crate) fn of(view: &RequestView<'_>, also: &[http::HeaderName]) -> Self {
        let mut headers = HeaderMap::new();
        let own = corsac::server::RequestHeader::ALL.map(corsac::server::RequestHeader::name);
        for name in own.iter().chain(also) {
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
