//! Enforcement: what CORS does not do. CORS decides who may *read* a response; the request was served all the same.

use super::config::Enforce;
use super::decision::Decision;
use super::refusal::PolicyRefusal;
use super::request::{RequestHeader, RequestHeaders, RequestKind};

/// What to do with a request, beside CORS.
///
/// ```
/// assert_eq!(corsac::server::Enforcement::Block.as_str(), "block");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_enums,
    reason = "adapters have to do one of these, and a new one must not compile unseen"
)]
pub enum Enforcement {
    /// Serve it.
    Pass,
    /// Serve it, and report that it would be blocked.
    Report,
    /// Answer 403, and do not serve it.
    Block,
}

impl Enforcement {
    /// `pass`, `report` or `block`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Report => "report",
            Self::Block => "block",
        }
    }
}

impl<H: RequestHeaders> Decision<'_, H> {
    /// Whether this request is to be served, by the policy's `enforce`. That asks about requests that change something (every method but
    /// GET, HEAD, OPTIONS and TRACE) and about WebSocket upgrades. Of these it blocks what a browser says comes from another origin, unless
    /// the policy allows that origin and the method.
    ///
    /// - Preflights and safe methods always pass, and so a service that changes something on GET is not protected.
    /// - What comes from the same origin passes: see [`Request::is_same_origin`](super::Request::is_same_origin).
    /// - What has neither `Origin` nor `Sec-Fetch-Site` passes: it is not from a browser that could be tricked.
    /// - `Origin: null` is another origin.
    ///
    /// After a proxy that rewrites `Host`, same-origin requests of browsers without `Sec-Fetch-Site`, and of all browsers to plain http,
    /// look like others; name your own origin in the policy then.
    ///
    /// A login form of your own site passes as same-origin, a form on another site is blocked: this is a guard against cross-site request
    /// forgery, as good as browsers' headers are. Responses with status 403 to these requests are not kept by caches, so `Vary` needs no
    /// `Sec-Fetch-Site`.
    ///
    /// ```
    /// use corsac::server::{Enforce, Enforcement, Policy, Request};
    /// use http::{HeaderMap, HeaderValue, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).enforce(Enforce::Block).build().unwrap();
    /// let mut headers = HeaderMap::new();
    /// headers.insert("origin", HeaderValue::from_static("https://evil.example"));
    /// let enforcement = |method| policy.decide(&Request::new(&method, &headers)).enforcement();
    /// assert_eq!(enforcement(Method::POST), Enforcement::Block);
    /// assert_eq!(enforcement(Method::GET), Enforcement::Pass);
    /// ```
    #[inline]
    pub fn enforcement(&self) -> Enforcement {
        self.enforcement
    }

    /// Why [`enforcement`](Self::enforcement) does not let it pass: the refusal, or where CORS itself has none, that the method is not listed,
    /// or that there is no `Origin` and the browser says that the request comes from another site. `None` when it passes.
    #[inline]
    pub fn enforcement_reason(&self) -> Option<PolicyRefusal> {
        match (self.enforcement, self.kind) {
            (Enforcement::Pass, _) => None,
            (_, RequestKind::WithoutOrigin) => self.refusal.or(Some(PolicyRefusal::OriginNotAllowed)),
            _ => self.refusal.or(Some(PolicyRefusal::MethodNotAllowed)),
        }
    }
}

/// What becomes of a request about which all else was decided.
#[inline]
pub(super) fn enforcement<H: RequestHeaders>(decision: &Decision<'_, H>) -> Enforcement {
    let answer = match decision.policy.enforces() {
        Enforce::Off => return Enforcement::Pass,
        Enforce::Report => Enforcement::Report,
        Enforce::Block => Enforcement::Block,
    };
    let request = &decision.request;
    let asks =
        decision.kind != RequestKind::Preflight && (!request.is_safe() || request.is_websocket_upgrade());
    let is_not_a_browser = || {
        decision.kind == RequestKind::WithoutOrigin && request.first(RequestHeader::SecFetchSite).is_none()
    };
    if !asks || request.is_same_origin() || is_not_a_browser() || allows_change(decision) {
        Enforcement::Pass
    } else {
        answer
    }
}

/// Returns `true` if the origin is allowed, and a preflight would have allowed the method. None comes before a WebSocket, which HTTP/2 opens
/// with CONNECT.
fn allows_change<H: RequestHeaders>(decision: &Decision<'_, H>) -> bool {
    let method = decision.request.method;
    decision.kind == RequestKind::Request
        && decision.is_allowed()
        && (method == "CONNECT" || decision.policy.compiled().methods.allows(method.as_bytes()))
}
