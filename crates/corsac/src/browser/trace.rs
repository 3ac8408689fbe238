//! The trace: each rule that ran, the evidence, and the result. The verdict follows from its last entry.

use std::borrow::Cow;

use super::verdict::Stage;

/// What happened, rule by rule, in order.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, Rule};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// # let mut cache = PreflightCache::default();
/// # let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// fetch.receive(Ok(ResponseHead::new(200, [("Access-Control-Allow-Origin", "*")])));
/// fetch.next(&mut cache, Duration::ZERO);
/// let rules: Vec<Rule> = fetch.trace().entries().iter().map(|entry| entry.rule).collect();
/// assert!(rules.contains(&Rule::CorsCheck));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    entries: Vec<TraceEntry>,
}

impl Trace {
    /// Each rule that ran, in order.
    ///
    /// ```
    /// assert_eq!(corsac::browser::Trace::default().entries().len(), 0);
    /// ```
    pub fn entries(&self) -> &[TraceEntry] {
        &self.entries
    }

    pub(crate) fn pass(&mut self, stage: Stage, rule: Rule, evidence: impl Into<Cow<'static, str>>) {
        self.push(stage, rule, RuleResult::Pass, evidence);
    }

    pub(crate) fn fail(&mut self, stage: Stage, rule: Rule, evidence: impl Into<Cow<'static, str>>) {
        self.push(stage, rule, RuleResult::Fail, evidence);
    }

    pub(crate) fn note(&mut self, stage: Stage, rule: Rule, evidence: impl Into<Cow<'static, str>>) {
        self.push(stage, rule, RuleResult::Note, evidence);
    }

    fn push(&mut self, stage: Stage, rule: Rule, result: RuleResult, evidence: impl Into<Cow<'static, str>>) {
        self.entries.push(TraceEntry { stage, rule, result, evidence: evidence.into() });
    }
}

/// One rule that ran.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// # let mut cache = PreflightCache::default();
/// # let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// fetch.receive(Ok(ResponseHead::new(200, [("Vary", "Origin")])));
/// fetch.next(&mut cache, Duration::ZERO);
/// let verdict = fetch.trace().entries().last().unwrap();
/// assert_eq!(verdict.rule.as_str(), "cors-check");
/// assert_eq!(verdict.evidence, "no Access-Control-Allow-Origin");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraceEntry {
    /// The part of the fetch in which it ran.
    pub stage: Stage,
    /// The rule.
    pub rule: Rule,
    /// What it found.
    pub result: RuleResult,
    /// The evidence: header lines as received, or the fact that decided. One line for a person to read.
    pub evidence: Cow<'static, str>,
}

/// What a rule found.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, RuleResult};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// # let mut cache = PreflightCache::default();
/// # let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// fetch.next(&mut cache, Duration::ZERO);
/// fetch.receive(Ok(ResponseHead::new(200, [("Vary", "Origin")])));
/// fetch.next(&mut cache, Duration::ZERO);
/// let results = fetch.trace().entries().iter().map(|entry| entry.result);
/// assert_eq!(results.filter(|result| *result == RuleResult::Fail).count(), 1); // a fetch ends where it first fails
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RuleResult {
    /// The fetch goes on.
    Pass,
    /// The fetch ends here.
    Fail,
    /// A choice of how to continue, or a fact worth knowing.
    Note,
}

impl RuleResult {
    /// The result's name in JSON: `pass`, `fail` or `note`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::RuleResult::Fail.as_str(), "fail");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Note => "note",
        }
    }
}

macro_rules! rules {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, $link:literal; )+) => {
        /// A rule of the protocol, with its name in JSON and the section of the standard that defines it.
        ///
        /// ```
        /// use corsac::browser::Rule;
        /// let rule = Rule::ResourcePolicyCheck;
        /// assert_eq!(rule.spec(), "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule { $( $(#[doc = $doc])+ $variant, )+ }

        impl Rule {
            /// Every rule.
            ///
            /// ```
            /// use corsac::browser::Rule;
            /// assert!(Rule::ALL.iter().all(|rule| rule.spec().starts_with("https://")));
            /// ```
            pub const ALL: &'static [Rule] = &[$( Self::$variant, )+];

            /// The rule's kebab-case name.
            ///
            /// ```
            /// assert_eq!(corsac::browser::Rule::CorsCheck.as_str(), "cors-check");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// The URL of the rule's section in its standard.
            ///
            /// ```
            /// use corsac::browser::Rule;
            /// assert_eq!(Rule::CorsCheck.spec(), "https://fetch.spec.whatwg.org/#concept-cors-check");
            /// ```
            pub fn spec(self) -> &'static str {
                match self { $( Self::$variant => $link, )+ }
            }
        }
    };
}

rules! {
    /// Which branch a request takes: same-origin, no-cors, cors, cors with preflight.
    MainFetch = "main-fetch", "https://fetch.spec.whatwg.org/#concept-main-fetch";
    /// Whether the port is one that browsers refuse.
    BadPort = "bad-port", "https://fetch.spec.whatwg.org/#port-blocking";
    /// Whether an https page requests an http URL.
    MixedContent = "mixed-content", "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch";
    /// Whether this page may connect to that address.
    LocalNetworkAccess = "local-network-access", "https://wicg.github.io/local-network-access/#local-network-access-check";
    /// Whether a preflight is needed, and whether the cache makes it unnecessary.
    PreflightNeeded = "preflight-needed", "https://fetch.spec.whatwg.org/#concept-http-fetch";
    /// Whether the preflight succeeded as an HTTP exchange (200 to 299, no redirect).
    PreflightStatus = "preflight-status", "https://fetch.spec.whatwg.org/#cors-preflight-fetch";
    /// Whether the preflight's response allows the method.
    PreflightMethod = "preflight-method", "https://fetch.spec.whatwg.org/#cors-preflight-fetch";
    /// Whether the preflight's response allows the request headers.
    PreflightHeaders = "preflight-headers", "https://fetch.spec.whatwg.org/#cors-preflight-fetch";
    /// How long the preflight's response is kept.
    PreflightCache = "preflight-cache", "https://fetch.spec.whatwg.org/#cors-preflight-cache";
    /// Whether the response may be shared with the request's origin.
    CorsCheck = "cors-check", "https://fetch.spec.whatwg.org/#concept-cors-check";
    /// Whether the page may see the timing of the response.
    TaoCheck = "tao-check", "https://fetch.spec.whatwg.org/#concept-tao-check";
    /// Whether the page may embed the response.
    ResourcePolicyCheck = "cross-origin-resource-policy-check", "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check";
    /// What a redirect does to the request, or why it is not followed.
    Redirect = "http-redirect-fetch", "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch";
    /// Whether the body can be sent, or sent again.
    StreamBody = "stream-body", "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch";
    /// Whether a request without a range got a partial response.
    RangeCheck = "range-check", "https://fetch.spec.whatwg.org/#concept-main-fetch";
    /// Whether the response's status fits what made the request: a script, an event stream, a WebSocket.
    LoadCheck = "load-check", "https://html.spec.whatwg.org/multipage/urls-and-fetching.html";
    /// Whether the response's media type fits what made the request.
    MimeTypeCheck = "mime-type-check", "https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?";
    /// [Opaque Response Blocking](https://github.com/annevk/orb), as far as heads decide.
    OpaqueResponseBlocking = "opaque-response-blocking", "https://github.com/annevk/orb";
    /// What script can see of the response.
    ResponseFilter = "response-filter", "https://fetch.spec.whatwg.org/#concept-filtered-response";
    /// The exchange itself: connection, TLS, HTTP.
    Network = "network", "https://fetch.spec.whatwg.org/#http-network-fetch";
    /// Something that this engine does differently from the standard.
    EngineDifference = "engine-difference", "https://fetch.spec.whatwg.org/#cors-preflight-fetch";
}
