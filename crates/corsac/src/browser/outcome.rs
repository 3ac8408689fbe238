//! How a fetch ends: what script may read, or who said no.

use url::Url;

use super::reason::Reason;
use crate::header::HeaderList;

/// The end of a fetch, as a page sees it, with the reason that a page never sees.
///
/// ```
/// use corsac::browser::{FilteredResponse, Outcome};
/// let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// let promise = match &outcome {
///     Outcome::Readable(response) | Outcome::Opaque(response) => format!("a Response with status {}", response.status),
///     Outcome::Refused(refusal) => format!("a TypeError; and only we know of this: {}", refusal.reason),
/// };
/// assert_eq!(promise, "a Response with status 0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Script may read the response.
    Readable(FilteredResponse),
    /// The response is there, and script may use but not read it (`no-cors`, or a redirect in mode `manual`).
    Opaque(FilteredResponse),
    /// A network error. [`Refusal::verdict`] says whether the CORS protocol or something else is behind it.
    Refused(Box<Refusal>),
}

impl Outcome {
    /// The outcome in one word.
    ///
    /// ```
    /// use corsac::browser::{FilteredResponse, Outcome, Verdict};
    /// let outcome = Outcome::Opaque(FilteredResponse::opaque());
    /// assert_eq!(outcome.verdict(), Verdict::Opaque);
    /// ```
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Readable(_) => Verdict::Readable,
            Self::Opaque(_) => Verdict::Opaque,
            Self::Refused(refusal) => refusal.verdict(),
        }
    }

    /// The refusal, if it is one.
    ///
    /// ```
    /// use corsac::browser::{FilteredResponse, Outcome};
    /// assert!(Outcome::Opaque(FilteredResponse::opaque()).refusal().is_none());
    /// ```
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Readable(_) | Self::Opaque(_) => None,
        }
    }
}

/// The four ways in which a fetch can end.
///
/// ```
/// # use corsac::browser::{Reason, Refusal, Stage, Verdict};
/// # let refusal = Refusal { stage: Stage::Request, url: "https://api.example/".parse().unwrap(), status: None,
/// #     reason: Reason::AllowOriginMissing, cors_reason: None, origin: "https://app.example".into(), redirect: None };
/// let verdict_on = |reason| Refusal { reason, ..refusal.clone() }.verdict();
/// // To a page these two are the same.
/// assert_eq!(verdict_on(Reason::AllowOriginMissing), Verdict::Blocked);
/// assert_eq!(verdict_on(Reason::ErrorStatus { status: 500 }), Verdict::Failed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Script may read the response.
    Readable,
    /// The response is opaque to script.
    Opaque,
    /// The CORS protocol said no.
    Blocked,
    /// Something that is not CORS said no.
    Failed,
}

impl Verdict {
    /// The verdict's name in JSON: `readable`, `opaque`, `blocked` or `failed`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::Verdict::Blocked.as_str(), "blocked");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Readable => "readable",
            Self::Opaque => "opaque",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }
}

/// Who said no, where, and why.
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
/// assert_eq!(refusal.status, Some(200)); // the response came: it is only not for this page
/// assert_eq!(refusal.reason.code().as_str(), "allow-origin-mismatch");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The part of the fetch that failed.
    pub stage: Stage,
    /// The URL at which it failed: the current URL, or the redirect's `Location` when that was refused.
    pub url: Url,
    /// The status of the response that failed, if one came.
    pub status: Option<u16>,
    /// The reason, with its evidence.
    pub reason: Reason,
    /// What the CORS check itself said, when `reason` looks behind it: a 500 without CORS headers fails the CORS check with
    /// `allow-origin-missing`, browsers print that, and the reason is `error-status-without-cors`. Also what the CORS check says of a
    /// preflight that was redirected.
    pub cors_reason: Option<Reason>,
    /// The page's origin as the request carried it: `null` once redirects have made it so.
    pub origin: String,
    /// The redirect that the failed response was, if it was one.
    pub redirect: Option<RefusedRedirect>,
}

/// A redirect that was not followed.
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
/// let head = [("Access-Control-Allow-Origin", "*"), ("Location", "https://user:secret@api.example/v2")];
/// fetch.receive(Ok(ResponseHead::new(302, head)));
/// let Step::Done(outcome) = fetch.next(&mut cache, Duration::ZERO) else { panic!() };
/// let redirect = outcome.refusal().unwrap().redirect.as_ref().unwrap();
/// assert_eq!(redirect.from.as_str(), "https://api.example/"); // a CORS request follows to no URL with a password
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRedirect {
    /// The URL that answered with the redirect.
    pub from: Url,
    /// The response's `Location` as received, made readable (lossy UTF-8).
    pub location: String,
}

impl Refusal {
    /// [`Verdict::Blocked`] if the CORS protocol said no, else [`Verdict::Failed`].
    ///
    /// ```
    /// use corsac::browser::{Reason, Refusal, Stage, Verdict};
    /// let url = url::Url::parse("https://api.example/").unwrap();
    /// let refusal = Refusal { stage: Stage::Request, url, status: Some(200), reason: Reason::AllowOriginMissing,
    ///     cors_reason: None, origin: "https://app.example".into(), redirect: None };
    /// assert_eq!(refusal.verdict(), Verdict::Blocked);
    /// ```
    pub fn verdict(&self) -> Verdict {
        if self.reason.code().is_cors() { Verdict::Blocked } else { Verdict::Failed }
    }

    /// The reason that browsers print: what the CORS check said, if something else is behind it.
    ///
    /// ```
    /// use corsac::browser::{Reason, Refusal, Stage};
    /// let url = url::Url::parse("https://api.example/").unwrap();
    /// let cors_reason = Some(Reason::AllowOriginMissing);
    /// let refusal = Refusal { stage: Stage::Request, url, status: Some(500), reason: Reason::ErrorStatus { status: 500 },
    ///     cors_reason, origin: "https://app.example".into(), redirect: None };
    /// assert_eq!(refusal.printed_reason(), &Reason::AllowOriginMissing);
    /// ```
    pub fn printed_reason(&self) -> &Reason {
        self.cors_reason.as_ref().filter(|_| !self.reason.code().is_cors()).unwrap_or(&self.reason)
    }
}

/// The part of a fetch in which something was decided.
///
/// ```
/// use corsac::browser::Stage;
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// init.method = "PUT".to_owned();
/// # let mut cache = PreflightCache::default();
/// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// fetch.receive(Ok(ResponseHead::new(404, [("Access-Control-Allow-Origin", "*")])));
/// let Step::Done(outcome) = fetch.next(&mut cache, Duration::ZERO) else { panic!() };
/// assert_eq!(outcome.refusal().unwrap().stage, Stage::Preflight); // the PUT itself was never sent
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Before anything was sent.
    Start,
    /// The CORS-preflight request, or its response.
    Preflight,
    /// The request itself, at its first URL.
    Request,
    /// A redirect: its `Location`, or the request at the URL that it led to.
    Redirect,
}

impl Stage {
    /// The stage's name in JSON: `start`, `preflight`, `request` or `redirect`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::Stage::Preflight.as_str(), "preflight");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Preflight => "preflight",
            Self::Request => "request",
            Self::Redirect => "redirect",
        }
    }
}

/// A [filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response): what script can see.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, Outcome, PreflightCache, RequestInit, ResponseHead, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// # let mut cache = PreflightCache::default();
/// # let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// let head = [("Access-Control-Allow-Origin", "*"), ("Content-Type", "text/plain"), ("ETag", "\"7\"")];
/// fetch.receive(Ok(ResponseHead::new(200, head)));
/// let Step::Done(Outcome::Readable(response)) = fetch.next(&mut cache, Duration::ZERO) else { panic!() };
/// assert!(response.headers.contains("Content-Type"));
/// assert!(!response.headers.contains("ETag")); // `Access-Control-Expose-Headers` does not name it
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilteredResponse {
    /// `Response.type`.
    pub kind: ResponseType,
    /// `Response.status`: 0 when opaque.
    pub status: u16,
    /// The header lines that script can read.
    pub headers: HeaderList,
    /// `Response.url`, without its fragment; `None` when opaque.
    pub url: Option<Url>,
    /// `Response.redirected`.
    pub redirected: bool,
    /// Did every response on the way pass the TAO check, so that script may read its timing?
    pub timing_allowed: bool,
}

impl FilteredResponse {
    /// An [opaque filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-opaque): status 0, no headers, no URL.
    ///
    /// ```
    /// assert_eq!(corsac::browser::FilteredResponse::opaque().status, 0);
    /// ```
    pub fn opaque() -> Self {
        Self {
            kind: ResponseType::Opaque,
            status: 0,
            headers: HeaderList::new(),
            url: None,
            redirected: false,
            timing_allowed: false,
        }
    }
}

/// A [response's type](https://fetch.spec.whatwg.org/#concept-response-type), as script reads it.
///
/// ```
/// use corsac::browser::{FilteredResponse, ResponseType};
/// assert_eq!(FilteredResponse::opaque().kind, ResponseType::Opaque); // what `no-cors` gets, whatever the server says
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// A same-origin response: all headers but `Set-Cookie`.
    Basic,
    /// A cross-origin response that passed the CORS check.
    Cors,
    /// A cross-origin response in mode `no-cors`.
    Opaque,
    /// A redirect response in redirect mode `manual`.
    OpaqueRedirect,
}

impl ResponseType {
    /// The name that script sees: `basic`, `cors`, `opaque` or `opaqueredirect`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::ResponseType::OpaqueRedirect.as_str(), "opaqueredirect");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Cors => "cors",
            Self::Opaque => "opaque",
            Self::OpaqueRedirect => "opaqueredirect",
        }
    }
}
