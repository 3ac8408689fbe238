//! A fetch that ends in a network error: where it failed, and why.

use url::Url;

use super::reason::Reason;
use super::verdict::{Stage, Verdict};

/// Where a fetch failed, and why.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// # let mut cache = PreflightCache::default();
/// # let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// fetch.receive(Ok(ResponseHead::new(200, [("Access-Control-Allow-Origin", "https://www.example")])));
/// let Step::Done(outcome) = fetch.next(&mut cache, Duration::ZERO) else { panic!() };
/// let refusal = outcome.refusal().unwrap();
/// assert_eq!(refusal.status, Some(200)); // there is a response, but not for this page
/// assert_eq!(refusal.reason.code().as_str(), "allow-origin-mismatch");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The part of the fetch that failed.
    pub stage: Stage,
    /// The URL at which it failed: the current URL, or the redirect's `Location` when that was refused.
    pub url: Url,
    /// The request's method at that time. A redirect may have turned the method of the first request into GET.
    pub method: String,
    /// The status of the response that failed, if one came.
    pub status: Option<u16>,
    /// The reason with its evidence.
    pub reason: Reason,
    /// Why the CORS check of a redirected preflight failed too, if it did. Firefox prints that.
    pub cors_reason: Option<Reason>,
    /// The page's origin as the request sent it: `null` once redirects have tainted it.
    pub origin: String,
    /// The request's response tainting: [`ResponseTainting::Cors`] if the CORS check applied to its last response.
    pub response_tainting: ResponseTainting,
    /// The redirect that the failed response was, or the one that led to a URL to which nothing may be sent.
    pub redirect: Option<RefusedRedirect>,
}

impl Refusal {
    /// A refusal at `url` of a GET request from a page of `origin`, without a response. Set the other fields as needed.
    ///
    /// ```
    /// use corsac::browser::{Reason, Refusal, ResponseTainting, Stage};
    /// let url = url::Url::parse("https://api.example/").unwrap();
    /// let mut refusal = Refusal::new(Stage::Request, url, "https://app.example", Reason::AllowOriginMissing);
    /// refusal.status = Some(404);
    /// assert_eq!(refusal.response_tainting, ResponseTainting::Cors);
    /// ```
    pub fn new(stage: Stage, url: Url, origin: impl Into<String>, reason: Reason) -> Self {
        Self {
            stage,
            url,
            method: "GET".to_owned(),
            status: None,
            reason,
            cors_reason: None,
            origin: origin.into(),
            response_tainting: ResponseTainting::Cors,
            redirect: None,
        }
    }

    /// Returns [`Verdict::Blocked`] if the CORS protocol refused the response, else [`Verdict::Failed`].
    ///
    /// ```
    /// use corsac::browser::{Reason, Refusal, Stage, Verdict};
    /// let url = url::Url::parse("https://api.example/").unwrap();
    /// let refusal = Refusal::new(Stage::Request, url, "https://app.example", Reason::AllowOriginMissing);
    /// assert_eq!(refusal.verdict(), Verdict::Blocked);
    /// ```
    pub fn verdict(&self) -> Verdict {
        if self.reason.code().is_cors() { Verdict::Blocked } else { Verdict::Failed }
    }
}

/// A [request's response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting): how much of the response script may
/// see.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, ResponseTainting, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let init = RequestInit::new("https://app.example/".parse().unwrap(), page);
/// # let mut cache = PreflightCache::default();
/// # let mut fetch = Fetch::new(init.build().unwrap(), Engine::Chromium.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// fetch.receive(Ok(ResponseHead::new(302, [("Location", "https://user@app.example/")])));
/// let Step::Done(outcome) = fetch.next(&mut cache, Duration::ZERO) else { panic!() };
/// // Chromium refuses the user name, without any part of CORS.
/// assert_eq!(outcome.refusal().unwrap().response_tainting, ResponseTainting::Basic);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseTainting {
    /// All of it: the response is of the page's own origin. This is also the value before [main
    /// fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) has reached the first URL.
    Basic,
    /// What the CORS protocol allows.
    Cors,
    /// Nothing: mode `no-cors`.
    Opaque,
}

/// A redirect that was not followed, or that led to a URL to which nothing may be sent.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// # let mut cache = PreflightCache::default();
/// # let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// let head = [("Access-Control-Allow-Origin", "*"), ("Location", "//user:secret@api.example/v2")];
/// fetch.receive(Ok(ResponseHead::new(302, head)));
/// let Step::Done(outcome) = fetch.next(&mut cache, Duration::ZERO) else { panic!() };
/// let redirect = outcome.refusal().unwrap().redirect.as_ref().unwrap();
/// assert_eq!(redirect.from.as_str(), "https://api.example/"); // a CORS request does not follow a redirect to a URL with a password
/// assert_eq!(redirect.target.as_ref().unwrap().as_str(), "https://user:secret@api.example/v2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusedRedirect {
    /// The URL whose response is the redirect.
    pub from: Url,
    /// The response's `Location` as received, decoded as lossy UTF-8.
    pub location: String,
    /// The [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url); `None` if the `Location` is not a URL.
    pub target: Option<Url>,
    /// Whether a request to the target would be mixed content. This is known even if another rule refused the redirect first.
    pub target_is_mixed_content: bool,
}

impl RefusedRedirect {
    /// A redirect from `from`, whose `Location` is resolved against it.
    ///
    /// ```
    /// use corsac::browser::RefusedRedirect;
    /// let redirect = RefusedRedirect::new("https://api.example/a".parse().unwrap(), "b");
    /// assert_eq!(redirect.target.unwrap().as_str(), "https://api.example/b");
    /// ```
    pub fn new(from: Url, location: impl Into<String>) -> Self {
        let location = location.into();
        let target = from.join(&location).ok();
        Self { from, location, target, target_is_mixed_content: false }
    }
}
