//! What a page asks for: the request as script makes it, checked as `new Request()` and `XMLHttpRequest` check it.

use std::fmt;

use url::Url;

use super::address_space::AddressSpace;
use super::client::Client;
use super::request_values::{CacheMode, Credentials, Mode, RedirectMode, ReferrerPolicy};
use crate::header::{self, HeaderLine, HeaderList};
use crate::method;
use crate::origin::Origin;
use crate::text::{Printable, QUOTED};

/// Which of a browser's functions makes the request. It decides a few defaults, and the words of the console messages.
///
/// ```
/// use corsac::browser::{Api, Client, Engine, Fetch, PreflightCache, RequestInit, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// init.method = "POST".to_owned();
/// init.api = Api::XmlHttpRequest { upload_listeners: true };
/// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// let Step::Send(first) = fetch.next(&mut PreflightCache::default(), std::time::Duration::ZERO) else { panic!() };
/// assert_eq!(first.method, "OPTIONS"); // a POST without the listeners goes as it is
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Api {
    /// `fetch()`.
    #[default]
    Fetch,
    /// `XMLHttpRequest`; `upload_listeners`: were listeners registered on its `upload` object?
    XmlHttpRequest {
        /// Listeners force a preflight.
        upload_listeners: bool,
    },
}

impl Api {
    /// The function's name, as the engines' messages have it: `fetch` or `XMLHttpRequest`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::Api::Fetch.as_str(), "fetch");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::XmlHttpRequest { .. } => "XMLHttpRequest",
        }
    }
}

/// A request's body, as far as CORS cares. The bytes stay with the caller.
///
/// ```
/// use corsac::browser::{Body, Client, RequestError, RequestInit};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// init.body = Body::Bytes;
/// assert_eq!(init.build().unwrap_err(), RequestError::BodyNotAllowed { method: "GET".into() });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Body {
    /// No body.
    #[default]
    None,
    /// Bytes that can be sent again after a redirect (a string, a `Blob`, form data).
    Bytes,
    /// A `ReadableStream`: it forces a preflight and cannot be sent twice.
    Stream,
}

/// What script writes, as the [`RequestInit`](https://fetch.spec.whatwg.org/#requestinit) of the standard: plain data.
/// [`RequestInit::build`] checks it.
///
/// ```
/// use corsac::browser::{Body, Client, Credentials, RequestInit};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// // fetch(url, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" }, credentials: "include" })
/// let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
/// (init.method, init.body, init.credentials) = ("POST".to_owned(), Body::Bytes, Credentials::Include);
/// init.headers.append("Content-Type", "application/json");
/// assert!(init.build().is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct RequestInit {
    /// Where to.
    pub url: Url,
    /// The page that asks.
    pub client: Client,
    /// `fetch()` or `XMLHttpRequest`.
    pub api: Api,
    /// The method, as script wrote it.
    pub method: String,
    /// The header lines, as script wrote them.
    pub headers: HeaderList,
    /// The body's kind.
    pub body: Body,
    /// Does the `Content-Type` among the headers come with the body (a `Blob`, form data), and not from script? One engine looks.
    pub content_type_comes_with_body: bool,
    /// The mode.
    pub mode: Mode,
    /// The credentials mode.
    pub credentials: Credentials,
    /// The redirect mode.
    pub redirect: RedirectMode,
    /// The cache mode.
    pub cache: CacheMode,
    /// The referrer policy.
    pub referrer_policy: ReferrerPolicy,
    /// Set the [use-CORS-preflight flag](https://fetch.spec.whatwg.org/#use-cors-preflight-flag) even though nothing else asks for it.
    pub force_preflight: bool,
    /// `targetAddressSpace`, if script named one.
    pub target_address_space: Option<AddressSpace>,
}

impl RequestInit {
    /// `fetch(url)` in this page: everything at its default.
    ///
    /// ```
    /// use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let request = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page).build().unwrap();
    /// assert_eq!(request.method(), "GET");
    /// ```
    pub fn new(url: Url, client: Client) -> Self {
        Self {
            url,
            client,
            api: Api::Fetch,
            method: "GET".to_owned(),
            headers: HeaderList::new(),
            body: Body::None,
            content_type_comes_with_body: false,
            mode: Mode::Cors,
            credentials: Credentials::SameOrigin,
            redirect: RedirectMode::Follow,
            cache: CacheMode::Default,
            referrer_policy: ReferrerPolicy::default(),
            force_preflight: false,
            target_address_space: None,
        }
    }

    /// Check it as a browser does: [`new Request()`](https://fetch.spec.whatwg.org/#dom-request) and the headers' guard.
    ///
    /// The method is normalized. Forbidden headers, and in mode `no-cors` headers that are not safelisted, are left out as a browser
    /// leaves them out, without an error; [`Request::ignored_headers`] names them.
    ///
    /// # Errors
    ///
    /// What makes a browser throw a `TypeError`: a method that is not a token, forbidden, or not safelisted in mode `no-cors`; a body
    /// for GET or HEAD; a header that cannot be written; for `fetch()`, a URL with a user name or password.
    ///
    /// ```
    /// # use corsac::{browser::{Client, Mode, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
    /// init.headers.append("Content-Type", "application/json");
    /// assert_eq!(init.clone().build().unwrap().headers().len(), 1);
    /// init.mode = Mode::NoCors; // no way around the preflight: the header is gone
    /// assert_eq!(init.build().unwrap().headers().len(), 0);
    /// ```
    pub fn build(mut self) -> Result<Request, RequestError> {
        if !method::is_token(self.method.as_bytes()) {
            return Err(RequestError::MethodNotToken { method: self.method });
        }
        if method::is_forbidden_method(&self.method) {
            return Err(RequestError::MethodForbidden { method: self.method });
        }
        self.method = method::normalize_method(&self.method).into_owned();
        if self.mode == Mode::NoCors && !method::is_cors_safelisted_method(&self.method) {
            return Err(RequestError::MethodInNoCorsMode { method: self.method });
        }
        if self.body != Body::None && matches!(self.method.as_str(), "GET" | "HEAD") {
            return Err(RequestError::BodyNotAllowed { method: self.method });
        }
        if self.body == Body::Stream && !matches!(self.mode, Mode::Cors | Mode::SameOrigin) {
            return Err(RequestError::StreamMode { mode: self.mode });
        }
        // XMLHttpRequest's open() takes them, in the URL and as arguments; they are for HTTP authentication.
        let url_has_credentials = !self.url.username().is_empty() || self.url.password().is_some();
        if self.api == Api::Fetch && url_has_credentials {
            return Err(RequestError::UrlCredentials {
                host: self.url.host_str().unwrap_or_default().to_owned(),
            });
        }
        let (headers, ignored_headers) = apply_guard(&self.headers, self.mode)?;
        self.headers = headers;
        Ok(Request { init: self, ignored_headers })
    }
}

/// The [headers' guard](https://fetch.spec.whatwg.org/#concept-headers-guard): which lines script may set. Gives (kept, left out).
fn apply_guard(lines: &HeaderList, mode: Mode) -> Result<(HeaderList, Vec<HeaderLine>), RequestError> {
    let mut kept = HeaderList::new();
    let mut ignored = Vec::new();
    for line in lines {
        if !method::is_token(line.name.as_bytes()) {
            return Err(RequestError::HeaderName { name: line.name.clone() });
        }
        let value = header::normalize(&line.value);
        if !header::is_header_value(value) {
            return Err(RequestError::HeaderValue { name: line.name.clone() });
        }
        let forbidden = header::is_forbidden_request_header(&line.name, value);
        let unsafe_in_no_cors = mode == Mode::NoCors && !no_cors_safelisted_behind(&kept, &line.name, value);
        if forbidden || unsafe_in_no_cors {
            ignored.push(line.clone());
        } else {
            kept.append(line.name.clone(), value);
        }
    }
    Ok((kept, ignored))
}

/// [Append](https://fetch.spec.whatwg.org/#concept-headers-append), step 3: the guard of mode `no-cors` looks at the value that the lines so far
/// and this one make together.
fn no_cors_safelisted_behind(kept: &HeaderList, name: &str, value: &[u8]) -> bool {
    let joined = match kept.get(name) {
        Some(before) => [&before[..], b", ", value].concat(),
        None => value.to_vec(),
    };
    header::is_no_cors_safelisted(name, &joined)
}

/// A [request](https://fetch.spec.whatwg.org/#concept-request) that a browser would make: [`RequestInit`], checked.
///
/// ```
/// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// (init.method, init.headers) = ("delete".to_owned(), [("Origin", "https://bank.example")].into_iter().collect());
/// let request = init.build().unwrap();
/// assert_eq!(request.method(), "DELETE");
/// assert!(request.headers().is_empty()); // no script can say that it is another page
/// ```
// INVARIANT: the method is a normalized token and not forbidden; every header passed the guard.
#[derive(Clone, Debug)]
pub struct Request {
    init: RequestInit,
    ignored_headers: Vec<HeaderLine>,
}

impl Request {
    /// The method, normalized.
    ///
    /// ```
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let mut init = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page);
    /// init.method = "put".to_owned();
    /// assert_eq!(init.build().unwrap().method(), "PUT");
    /// ```
    pub fn method(&self) -> &str {
        &self.init.method
    }

    /// The header lines that a browser sends of those that script set, in order.
    ///
    /// ```
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let init = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page);
    /// assert!(init.build().unwrap().headers().is_empty());
    /// ```
    pub fn headers(&self) -> &HeaderList {
        &self.init.headers
    }

    /// The header lines that script set and a browser leaves out without a word.
    ///
    /// ```
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let mut init = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page);
    /// init.headers.append("Cookie", "a=b");
    /// assert_eq!(init.build().unwrap().ignored_headers().len(), 1);
    /// ```
    pub fn ignored_headers(&self) -> &[HeaderLine] {
        &self.ignored_headers
    }

    /// Everything else that script said, as it said it.
    ///
    /// ```
    /// # use corsac::{browser::{Client, Mode, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let init = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page);
    /// assert_eq!(init.build().unwrap().init().mode, Mode::Cors);
    /// ```
    pub fn init(&self) -> &RequestInit {
        &self.init
    }

    /// The origin of the page that asks.
    ///
    /// ```
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let init = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page);
    /// assert_eq!(init.build().unwrap().origin().as_str(), "https://app.example");
    /// ```
    pub fn origin(&self) -> &Origin {
        &self.init.client.origin
    }
}

/// A request that script cannot make: a browser throws, and nothing is sent.
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
