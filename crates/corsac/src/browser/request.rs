//! What a page asks for: the request as script makes it, checked as `new Request()` and `XMLHttpRequest` check it.

use url::Url;

use super::address_space::AddressSpace;
use super::body::{BodyInit, BodyKind};
use super::client::Client;
use super::engine::{Profile, StreamBody};
use super::load::Load;
use super::request_error::RequestError;
use super::request_values::{CacheMode, Credentials, Mode, RedirectMode, ReferrerPolicy};
use super::script_headers::ScriptHeaders;
use crate::header::{self, HeaderLine, HeaderList};
use crate::method;
use crate::origin::Origin;

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
#[non_exhaustive]
pub enum Api {
    /// `fetch()`.
    #[default]
    Fetch,
    /// `XMLHttpRequest`; `upload_listeners`: were listeners registered on its `upload` object?
    XmlHttpRequest {
        /// Listeners force a preflight.
        upload_listeners: bool,
    },
    /// An element, a style sheet or another interface: see [`RequestInit::for_load`].
    Load(Load),
}

impl Api {
    /// The function's name, as the engines' messages have it: `fetch` or `XMLHttpRequest`. For a load, [`Load::as_str`].
    ///
    /// ```
    /// assert_eq!(corsac::browser::Api::Fetch.as_str(), "fetch");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::XmlHttpRequest { .. } => "XMLHttpRequest",
            Self::Load(load) => load.as_str(),
        }
    }

    /// The load, unless it is `fetch()` or `XMLHttpRequest`.
    ///
    /// ```
    /// use corsac::browser::{Api, Load};
    /// assert_eq!(Api::Load(Load::Font).load(), Some(Load::Font));
    /// assert_eq!(Api::Fetch.load(), None);
    /// ```
    pub fn load(self) -> Option<Load> {
        match self {
            Self::Load(load) => Some(load),
            Self::Fetch | Self::XmlHttpRequest { .. } => None,
        }
    }

    /// Returns `true` for `XMLHttpRequest`.
    pub(crate) fn is_xhr(self) -> bool {
        matches!(self, Self::XmlHttpRequest { .. })
    }
}

/// What script writes, as the [`RequestInit`](https://fetch.spec.whatwg.org/#requestinit) of the standard: plain data.
/// [`RequestInit::build`] checks it.
///
/// ```
/// use corsac::browser::{Client, Credentials, RequestInit};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// // fetch(url, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" }, credentials: "include" })
/// let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
/// (init.method, init.body, init.credentials) = ("POST".to_owned(), Some("{}".into()), Credentials::Include);
/// init.headers.append("Content-Type", "application/json");
/// assert!(init.build().is_ok());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
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
    /// The body, whose type becomes the `Content-Type` unless the headers have one.
    pub body: Option<BodyInit>,
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
            body: None,
            mode: Mode::Cors,
            credentials: Credentials::SameOrigin,
            redirect: RedirectMode::Follow,
            cache: CacheMode::Default,
            referrer_policy: ReferrerPolicy::default(),
            force_preflight: false,
            target_address_space: None,
        }
    }

    /// The same request, changed.
    ///
    /// ```
    /// use corsac::browser::{Client, Credentials, RequestInit};
    /// # let page = Client::new(corsac::origin::Origin::parse("https://app.example").unwrap());
    /// let init = RequestInit::new("https://api.example/".parse().unwrap(), page).with(|init| {
    ///     init.method = "PUT".to_owned();
    ///     init.credentials = Credentials::Include;
    /// });
    /// assert_eq!((init.method.as_str(), init.credentials), ("PUT", Credentials::Include));
    /// ```
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Checks it as the standard says: [`new Request()`](https://fetch.spec.whatwg.org/#dom-request) with the headers' guard, or
    /// [`open()`](https://xhr.spec.whatwg.org/#the-open()-method), `setRequestHeader()` and `send()`.
    ///
    /// The method is normalized. Forbidden headers, and in mode `no-cors` headers that are not safelisted, are left out as a browser
    /// leaves them out, without an error; [`Request::ignored_headers`] names them. `XMLHttpRequest` combines lines of one name, and drops
    /// the body of a GET or HEAD.
    ///
    /// # Errors
    ///
    /// What makes a browser throw a `TypeError`: a method that is not a token, forbidden, or not safelisted in mode `no-cors`; a body
    /// for GET or HEAD given to `fetch()`; a header that cannot be written; for `fetch()`, a URL with a user name or password.
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
    pub fn build(self) -> Result<Request, RequestError> {
        self.build_for(&Profile::SPEC)
    }

    /// The same as in the engine of this profile: one engine sends a stream as text, which every mode takes.
    ///
    /// # Errors
    ///
    /// As [`RequestInit::build`].
    ///
    /// ```
    /// use corsac::browser::{BodyKind, Client, Engine, Mode, RequestInit};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
    /// (init.method, init.mode, init.body) = ("POST".to_owned(), Mode::NoCors, Some(BodyKind::Stream.into()));
    /// assert!(init.clone().build_for(Engine::Chromium.profile()).is_err());
    /// assert!(init.build_for(Engine::Firefox.profile()).is_ok());
    /// ```
    pub fn build_for(mut self, profile: &Profile) -> Result<Request, RequestError> {
        if !method::is_token(self.method.as_bytes()) {
            return Err(RequestError::MethodNotToken { method: self.method });
        }
        if method::is_forbidden_method(&self.method) {
            return Err(RequestError::MethodForbidden { method: self.method });
        }
        self.method = method::normalize_method(&self.method).into_owned();
        self.settle_beacon_mode(&profile.safelist);
        if self.mode == Mode::NoCors && !method::is_cors_safelisted_method(&self.method) {
            return Err(RequestError::MethodInNoCorsMode { method: self.method });
        }
        if self.body.is_some() && matches!(self.method.as_str(), "GET" | "HEAD") {
            if !self.api.is_xhr() {
                return Err(RequestError::BodyNotAllowed { method: self.method });
            }
            // send(), step 3
            self.body = None;
        }
        let kind = self.body.as_ref().map(BodyInit::kind);
        let streams = kind == Some(&BodyKind::Stream) && profile.stream_body != StreamBody::SentAsText;
        if streams && !matches!(self.mode, Mode::Cors | Mode::SameOrigin) {
            return Err(RequestError::StreamMode { mode: self.mode });
        }
        // XMLHttpRequest's open() takes them, in the URL and as arguments; they are for HTTP authentication.
        let url_has_credentials = !self.url.username().is_empty() || self.url.password().is_some();
        if self.api == Api::Fetch && url_has_credentials {
            return Err(RequestError::UrlCredentials {
                host: self.url.host_str().unwrap_or_default().to_owned(),
            });
        }
        for line in &self.headers {
            if !method::is_token(line.name.as_bytes()) {
                return Err(RequestError::HeaderName { name: line.name.clone() });
            }
            if !header::is_header_value(header::normalize(&line.value)) {
                return Err(RequestError::HeaderValue { name: line.name.clone() });
            }
        }
        let ScriptHeaders { headers, ignored, .. } = self.script_headers(profile);
        Ok(Request { init: self, headers, ignored_headers: ignored })
    }

    /// The headers and the body that the engine of this profile begins with.
    pub(crate) fn script_headers(&self, profile: &Profile) -> ScriptHeaders {
        let xhr = self.api.is_xhr();
        ScriptHeaders::read(&self.headers, self.body.as_ref().map(BodyInit::kind), self.mode, xhr, profile)
    }
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
// INVARIANT: the method is a normalized token and not forbidden; every line of `headers` passed the guard.
#[derive(Clone, Debug)]
pub struct Request {
    init: RequestInit,
    headers: HeaderList,
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

    /// The header lines that a browser sends of those that script set, in order, and the type that comes with the body.
    ///
    /// ```
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let init = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page);
    /// assert!(init.build().unwrap().headers().is_empty());
    /// ```
    pub fn headers(&self) -> &HeaderList {
        &self.headers
    }

    /// The header lines that script set, or its body brought, and a browser leaves out without a word.
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

    /// What script wrote, but with the method normalized, and without the body of a GET or HEAD.
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

    /// The request as an engine sees it. INVARIANT: method and headers stay.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut RequestInit)) {
        change(&mut self.init);
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
