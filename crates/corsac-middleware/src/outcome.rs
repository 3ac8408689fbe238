//! What was decided about a request, for handlers to read.

use std::sync::Arc;

use corsac::server::{Enforcement, PolicyRefusal, RequestKind};

use crate::failure::LookupFailure;

/// What was decided about a request. Handlers find it in the request's extensions if
/// [`CorsBuilder::outcome_for_handlers`](crate::CorsBuilder::outcome_for_handlers) is set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CorsOutcome {
    /// Whether the request is a preflight, another request with `Origin`, or one without.
    pub kind: RequestKind,
    /// Whether the page may read the response or, for a preflight, send its request.
    pub verdict: CorsVerdict,
    /// What `enforce` does with the request.
    pub enforcement: Enforcement,
    /// The name of the policy.
    pub policy: Arc<str>,
}

/// Whether the page may read the response or, for a preflight, send its request.
///
/// ```
/// use corsac::server::PolicyRefusal;
/// use corsac_middleware::CorsVerdict;
///
/// let verdict = CorsVerdict::Refused(PolicyRefusal::OriginNull);
/// assert_eq!((verdict.as_str(), verdict.reason()), ("refused", Some("null-origin-not-allowed")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CorsVerdict {
    /// The request has no `Origin`, so there was nothing to decide.
    NotAsked,
    /// The policy allows it.
    Allowed,
    /// The policy does not list the origin, but it is the server's own. CORS does not apply, and no CORS headers are sent. See
    /// [`Request::is_same_origin`](corsac::server::Request::is_same_origin).
    SameOrigin,
    /// The policy refuses it.
    Refused(PolicyRefusal),
    /// A lookup gave no answer, which counts as a refusal.
    LookupFailed(LookupFailure),
    /// There is no policy for the request.
    NoPolicy,
    /// The request and its response pass unchanged: see [`PolicySource::pass`](crate::PolicySource::pass).
    Pass,
}

impl CorsVerdict {
    /// `not-asked`, `allowed`, `same-origin`, `refused`, `no-policy` or `pass`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::Allowed => "allowed",
            Self::SameOrigin => "same-origin",
            Self::Refused(_) | Self::LookupFailed(_) => "refused",
            Self::NoPolicy => "no-policy",
            Self::Pass => "pass",
        }
    }

    /// The code of the reason for a refusal. `None` if it is not a refusal.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.as_str()),
            Self::LookupFailed(failure) => Some(failure.as_str()),
            Self::NotAsked | Self::Allowed | Self::SameOrigin | Self::NoPolicy | Self::Pass => None,
        }
    }

    /// Returns `true` for a refusal, including one because a lookup failed.
    pub const fn is_refused(self) -> bool {
        self.reason().is_some()
    }
}
