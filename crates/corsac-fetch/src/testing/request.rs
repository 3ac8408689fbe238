//! The request of a page, in few words.

use corsac::browser::{BodyInit, Client, Credentials, Engine, Request, RequestInit};
use corsac::origin::Origin;

/// A page of this origin, such as `https://app.example`, or `null` for a page without one.
///
/// # Panics
///
/// If it is not an origin.
///
/// ```
/// use corsac_fetch::testing::page;
/// let request = page("https://app.example").put("https://api.example/items/7").header("Content-Type", "application/json").body("{}");
/// assert_eq!(request.init().method, "PUT");
/// ```
#[track_caller]
pub fn page(origin: &str) -> Page {
    match Origin::parse(origin) {
        Ok(origin) => Page { origin },
        Err(error) => stop(&format!("the origin of a page: {error}")),
    }
}

/// A page that sends requests: see [`page`].
///
/// ```
/// let page = corsac_fetch::testing::page("https://app.example");
/// assert_eq!(page.get("https://api.example/").init().method, "GET");
/// assert_eq!(page.post("https://api.example/").init().method, "POST");
/// ```
#[derive(Clone, Debug)]
pub struct Page {
    origin: Origin,
}

impl Page {
    /// A GET request, as `fetch(url)` sends it. Panics if the URL is not one, like all of these.
    ///
    /// ```
    /// assert_eq!(corsac_fetch::testing::page("null").get("https://api.example/").init().method, "GET");
    /// ```
    #[track_caller]
    pub fn get(&self, url: &str) -> PageRequest {
        self.request("GET", url)
    }

    /// A POST request.
    ///
    /// ```
    /// assert_eq!(corsac_fetch::testing::page("null").post("https://api.example/").init().method, "POST");
    /// ```
    #[track_caller]
    pub fn post(&self, url: &str) -> PageRequest {
        self.request("POST", url)
    }

    /// A PUT request.
    ///
    /// ```
    /// assert_eq!(corsac_fetch::testing::page("null").put("https://api.example/").init().method, "PUT");
    /// ```
    #[track_caller]
    pub fn put(&self, url: &str) -> PageRequest {
        self.request("PUT", url)
    }

    /// A PATCH request.
    ///
    /// ```
    /// assert_eq!(corsac_fetch::testing::page("null").patch("https://api.example/").init().method, "PATCH");
    /// ```
    #[track_caller]
    pub fn patch(&self, url: &str) -> PageRequest {
        self.request("PATCH", url)
    }

    /// A DELETE request.
    ///
    /// ```
    /// assert_eq!(corsac_fetch::testing::page("null").delete("https://api.example/").init().method, "DELETE");
    /// ```
    #[track_caller]
    pub fn delete(&self, url: &str) -> PageRequest {
        self.request("DELETE", url)
    }

    /// A request with this method.
    ///
    /// # Panics
    ///
    /// If the URL is not an absolute one.
    ///
    /// ```
    /// assert_eq!(corsac_fetch::testing::page("null").request("HEAD", "https://api.example/").init().method, "HEAD");
    /// ```
    #[track_caller]
    pub fn request(&self, method: &str, url: &str) -> PageRequest {
        let url = match url.parse() {
            Ok(url) => url,
            Err(error) => stop(&format!("{url:?} is not an absolute URL: {error}")),
        };
        let mut init = RequestInit::new(url, Client::new(self.origin.clone()));
        method.clone_into(&mut init.method);
        PageRequest::from(init)
    }
}

/// A request of a page, and the browsers to ask as.
///
/// [`page`] makes one in few words. A [`RequestInit`] or a [`Request`] becomes one too, for everything else that a request may have.
///
/// ```
/// use corsac::browser::{Client, Mode, RequestInit};
/// use corsac::origin::Origin;
/// use corsac_fetch::testing::PageRequest;
///
/// let client = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new("https://api.example/".parse().unwrap(), client);
/// init.mode = Mode::NoCors;
/// assert_eq!(PageRequest::from(init).init().mode, Mode::NoCors);
/// ```
#[derive(Clone, Debug)]
pub struct PageRequest {
    init: RequestInit,
    cookies: Vec<String>,
    engines: Vec<Engine>,
}

impl PageRequest {
    /// Adds a header, as script would. A browser ignores those that script may not set.
    ///
    /// ```
    /// let request = corsac_fetch::testing::page("null").get("https://api.example/").header("Authorization", "Bearer abc");
    /// assert_eq!(request.init().headers.len(), 1);
    /// ```
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.init.headers.append(name, value);
        self
    }

    /// Sets the body, to text or to bytes. A browser adds a `Content-Type` for text if the request has none.
    ///
    /// ```
    /// let request = corsac_fetch::testing::page("null").post("https://api.example/").body("a=b");
    /// assert!(request.init().body.is_some());
    /// ```
    #[must_use]
    pub fn body(mut self, body: impl Into<BodyInit>) -> Self {
        self.init.body = Some(body.into());
        self
    }

    /// Sets the [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode). Without it, as with `fetch`, credentials go
    /// to the page's own origin alone.
    ///
    /// ```
    /// use corsac::browser::Credentials;
    /// let request = corsac_fetch::testing::page("null").get("https://api.example/").credentials(Credentials::Include);
    /// assert_eq!(request.init().credentials, Credentials::Include);
    /// ```
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.init.credentials = credentials;
        self
    }

    /// Adds a cookie that the browser has for the server, as `name=value`. It is sent with exchanges that include credentials.
    ///
    /// ```
    /// let request = corsac_fetch::testing::page("null").get("https://api.example/").cookie("session=abc");
    /// assert!(!format!("{:?}", request.init()).contains("abc")); // the browser adds it, not the page
    /// ```
    #[must_use]
    pub fn cookie(mut self, cookie: &str) -> Self {
        self.cookies.push(cookie.to_owned());
        self
    }

    /// Asks only as these engines. Without it: [`Engine::BROWSERS`].
    ///
    /// ```
    /// use corsac::browser::Engine;
    /// let request = corsac_fetch::testing::page("null").get("https://api.example/").engines([Engine::Firefox]);
    /// assert_eq!(request.init().method, "GET");
    /// ```
    #[must_use]
    pub fn engines(mut self, engines: impl IntoIterator<Item = Engine>) -> Self {
        self.engines = engines.into_iter().collect();
        self
    }

    /// The request, as script makes it.
    ///
    /// ```
    /// let request = corsac_fetch::testing::page("https://app.example").get("https://api.example/");
    /// assert_eq!(request.init().client.origin.as_str(), "https://app.example");
    /// ```
    pub fn init(&self) -> &RequestInit {
        &self.init
    }

    /// Returns the request if script can make it, with its cookies and engines.
    #[track_caller]
    pub(super) fn build(self) -> (Request, Vec<String>, Vec<Engine>) {
        let Self { init, cookies, engines } = self;
        if engines.is_empty() {
            stop("there are no engines to ask as: name one, or leave `engines` out");
        }
        match init.build() {
            Ok(request) => (request, cookies, engines),
            Err(error) => stop(&format!("no page can make this request: {error}")),
        }
    }
}

impl From<RequestInit> for PageRequest {
    fn from(init: RequestInit) -> Self {
        Self { init, cookies: Vec::new(), engines: Engine::BROWSERS.to_vec() }
    }
}

impl From<Request> for PageRequest {
    fn from(request: Request) -> Self {
        Self::from(request.init().clone())
    }
}

/// Ends the test, as an assertion does.
#[track_caller]
#[allow(clippy::panic)] // this is what an assertion is for
pub(super) fn stop(message: &str) -> ! {
    panic!("{message}")
}
