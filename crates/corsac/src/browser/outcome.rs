//! How a fetch ends: what script may read, or why it gets nothing.

use url::Url;

use super::refusal::Refusal;
use super::verdict::Verdict;
use crate::header::HeaderList;

/// The end of a fetch as a page sees it, with the reason that a page does not see.
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
#[expect(clippy::exhaustive_enums, reason = "script reads a response, uses it, or gets none")]
pub enum Outcome {
    /// Script may read the response.
    Readable(FilteredResponse),
    /// There is a response, but script may only use it, not read it (`no-cors`, or a redirect in mode `manual`).
    Opaque(FilteredResponse),
    /// A network error. [`Refusal::verdict`] says whether it comes from the CORS protocol or from something else.
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

    /// The refusal; `None` for the other outcomes.
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
#[non_exhaustive]
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
    /// Whether every response, redirects included, passed the TAO check, so that script may read its timing.
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
#[non_exhaustive]
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
