//! Enforcement. CORS only decides who may *read* a response: by then, the request has been served. Enforcement refuses to serve it.

use super::config::Enforce;
use super::decision::Decision;
use super::refusal::PolicyRefusal;
use super::request::{RequestHeader, RequestHeaders, RequestKind};

/// Whether to serve a request, by the policy's `enforce`.
///
/// ```
/// assert_eq!(corsac::server::Enforcement::Block.as_str(), "block");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_enums,
    reason = "an adapter has to handle each of these, so a new one has to break the build"
)]
pub enum Enforcement {
    /// Serve it.
    Pass,
    /// Serve it and report that `enforce = "block"` would block it.
    Report,
    /// Answer with status 403 and do not serve it.
    Block,
}

impl Enforcement {
    /// Returns `pass`, `report` or `block`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Report => "report",
            Self::Block => "block",
        }
    }
}

impl<H: RequestHeaders> Decision<'_, H> {
    /// Returns whether to serve this request, by the policy's `enforce`. It covers requests that change something (every method except GET,
    /// HEAD, OPTIONS and TRACE) and WebSocket upgrades. It blocks those that come from another origin according to the browser, unless the
    /// policy allows both that origin and the method.
    ///
    /// - Preflights and safe methods always pass. A service that changes something on GET is therefore not protected.
    /// - Requests from the same origin pass: see [`Request::is_same_origin`](super::Request::is_same_origin).
    /// - Requests with neither `Origin` nor `Sec-Fetch-Site` pass: they do not come from a browser that could be tricked.
    /// - `Origin: null` counts as another origin.
    ///
    /// After a proxy that rewrites `Host`, some same-origin requests look like requests from another origin: those from browsers without
    /// `Sec-Fetch-Site`, and those to plain http from all browsers. In that case, list your own origin in the policy.
    ///
    /// A login form of your own site passes because it is same-origin, and a form on another site is blocked. This protects against
    /// cross-site request forgery as far as the browser sends these headers. Caches do not keep 403 responses to these requests, so `Vary`
    /// needs no `Sec-Fetch-Site`.
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

    /// Returns why [`enforcement`](Self::enforcement) does not let the request pass; `None` if it passes. If CORS itself refuses nothing, the
    /// reason is that the method is not listed, or that `Sec-Fetch-Site` says that a request without `Origin` comes from elsewhere.
    #[inline]
    pub fn enforcement_reason(&self) -> Option<PolicyRefusal> {
        match (self.enforcement, self.kind) {
            (Enforcement::Pass, _) => None,
            (_, RequestKind::WithoutOrigin) => self.refusal.or(Some(PolicyRefusal::OriginNotAllowed)),
            _ => self.refusal.or(Some(PolicyRefusal::MethodNotAllowed)),
        }
    }
}

/// Decides about enforcement, once everything else has been decided.
#[inline]
pub(super) fn enforcement<H: RequestHeaders>(decision: &Decision<'_, H>) -> Enforcement {
    let enforcement = match decision.policy.enforces() {
        Enforce::Off => return Enforcement::Pass,
        Enforce::Report => Enforcement::Report,
        Enforce::Block => Enforcement::Block,
    };
    let request = &decision.request;
    let is_covered =
        decision.kind != RequestKind::Preflight && (!request.is_safe() || request.is_websocket_upgrade());
    let is_not_a_browser = || {
        decision.kind == RequestKind::WithoutOrigin && request.first(RequestHeader::SecFetchSite).is_none()
    };
    if !is_covered || request.is_same_origin() || is_not_a_browser() || allows_change(decision) {
        Enforcement::Pass
    } else {
        enforcement
    }
}

/// Returns `true` if the origin is allowed and a preflight would have allowed the method. Browsers send no preflight before a WebSocket,
/// which HTTP/2 opens with CONNECT.
fn allows_change<H: RequestHeaders>(decision: &Decision<'_, H>) -> bool {
    let method = decision.request.method;
    decision.kind == RequestKind::Request
        && decision.is_allowed()
        && (method == "CONNECT" || decision.policy.compiled().methods.allows(method.as_bytes()))
}
