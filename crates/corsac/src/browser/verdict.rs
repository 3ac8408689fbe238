//! How a fetch can end, and the stage in which that is decided.

/// The four ways in which a fetch can end. The stricter of two is the greater.
///
/// ```
/// # use corsac::browser::{Reason, Refusal, Stage, Verdict};
/// # let url: url::Url = "https://api.example/".parse().unwrap();
/// let verdict_on = |reason| Refusal::new(Stage::Request, url.clone(), "https://app.example", reason).verdict();
/// // A page cannot tell these two apart.
/// assert_eq!(verdict_on(Reason::AllowOriginMissing), Verdict::Blocked);
/// assert_eq!(verdict_on(Reason::MixedContent), Verdict::Failed);
/// assert!(Verdict::Failed > Verdict::Blocked && Verdict::Blocked > Verdict::Opaque && Verdict::Opaque > Verdict::Readable);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "who matches on a verdict has to know each")]
pub enum Verdict {
    /// Script may read the response.
    Readable,
    /// The page gets the response, but cannot read it.
    Opaque,
    /// The CORS protocol refused the request or the response.
    Blocked,
    /// Something other than CORS made the fetch fail.
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

/// The part of a fetch in which it was decided.
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
#[non_exhaustive]
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
