//! What a page requests: the request as script makes it, checked as `new Request()` and `XMLHttpRequest` check it.

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

/// The browser function that makes the request. It decides a few defaults, and the wording of the console messages.
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
/// assert_eq!(first.method, "OPTIONS"); // without the listeners, there is no preflight
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// `fetch()`.
    #[default]
    Fetch,
    /// `XMLHttpRequest`.
    XmlHttpRequest {
        /// Whether listeners were registered on its `upload` object. They force a preflight.
        upload_listeners: bool,
    },
    /// An element, a style sheet or another interface: see [`RequestInit::for_load`].
    Load(Load),
}

impl Api {
    /// The function's name in the engines' messages: `fetch` or `XMLHttpRequest`. For a load, [`Load::as_str`].
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

    /// The load; `None` for `fetch()` and `XMLHttpRequest`.
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

/// What script writes, as the [`RequestInit`](https://fetch.spec.whatwg.org/#requestinit) of the standard. It is plain data, which
/// [`RequestInit::build`] checks.
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
    /// The URL to request.
    pub url: Url,
    /// The page that makes the request.
    pub client: Client,
    /// The function that makes the request.
    pub api: Api,
    /// The method, as script wrote it.
    pub method: String,
    /// The header lines, as script wrote them.
    pub headers: HeaderList,
    /// The body. Its type becomes the `Content-Type`, unless the headers have one.
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
    /// Whether to set the [use-CORS-preflight flag](https://fetch.spec.whatwg.org/#use-cors-preflight-flag) even if nothing else requires
    /// it.
    pub force_preflight: bool,
    /// `targetAddressSpace`, if script named one.
    pub target_address_space: Option<AddressSpace>,
}

impl RequestInit {
    /// `fetch(url)` in this page, with everything at its default.
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

    /// Applies `change` to the request and returns it.
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

    /// Checks the request as the standard says. For `fetch()` that is [`new Request()`](https://fetch.spec.whatwg.org/#dom-request) with
    /// the headers' guard; for `XMLHttpRequest`, [`open()`](https://xhr.spec.whatwg.org/#the-open()-method), `setRequestHeader()` and
    /// `send()`.
    ///
    /// The method is normalized. Forbidden headers are left out without an error, as in a browser. So are headers that are not safelisted,
    /// in mode `no-cors`. [`Request::ignored_headers`] returns them. `XMLHttpRequest` combines lines of one name, and drops the body of a
    /// GET or HEAD.
    ///
    /// # Errors
    ///
    /// Returns an error where a browser throws a `TypeError`: for a method that is not a token, that is forbidden, or that is not
    /// safelisted in mode `no-cors`; for a body of a GET or HEAD passed to `fetch()`; for a header that cannot be written; and, for
    /// `fetch()`, for a URL with a user name or password.
    ///
    /// ```
    /// # use corsac::{browser::{Client, Mode, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
    /// init.headers.append("Content-Type", "application/json");
    /// assert_eq!(init.clone().build().unwrap().headers().len(), 1);
    /// init.mode = Mode::NoCors; // the header is left out: it would need a preflight
    /// assert_eq!(init.build().unwrap().headers().len(), 0);
    /// ```
    pub fn build(self) -> Result<Request, RequestError> {
        self.build_for(&Profile::SPEC)
    }

    /// Checks the request as the engine of this profile does. One engine sends a stream as text, which is allowed in every mode.
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
        self.apply_beacon_mode(&profile.safelist);
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

    /// The headers and the body with which the engine of this profile begins.
    pub(crate) fn script_headers(&self, profile: &Profile) -> ScriptHeaders {
        let xhr = self.api.is_xhr();
        ScriptHeaders::read(&self.headers, self.body.as_ref().map(BodyInit::kind), self.mode, xhr, profile)
    }
}

/// A [request](https://fetch.spec.whatwg.org/#concept-request) that a browser would make: a [`RequestInit`] that was checked.
///
/// ```
/// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// (init.method, init.headers) = ("delete".to_owned(), [("Origin", "https://bank.example")].into_iter().collect());
/// let request = init.build().unwrap();
/// assert_eq!(request.method(), "DELETE");
/// assert!(request.headers().is_empty()); // script cannot set `Origin`
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

    /// The header lines that a browser silently leaves out, of those that script set or that came with the body.
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

    /// Changes the request to what an engine makes of it. INVARIANT: method and headers stay.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut RequestInit)) {
        change(&mut self.init);
    }

    /// The origin of the page that makes the request.
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
