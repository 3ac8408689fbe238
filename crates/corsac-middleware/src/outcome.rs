//! What came of a request, for handlers to read.

use std::sync::Arc;

use corsac::server::{Enforcement, PolicyRefusal, RequestKind};

use crate::failure::LookupFailure;

/// What came of a request. Handlers find it among the request's extensions when
/// [`CorsBuilder::outcome_for_handlers`](crate::CorsBuilder::outcome_for_handlers) is set.
///
/// ```
/// use corsac_middleware::{CorsOutcome, CorsVerdict};
/// fn is_for_everybody(outcome: &CorsOutcome) -> bool {
///     outcome.verdict == CorsVerdict::Allowed && &*outcome.policy == "/public"
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CorsOutcome {
    /// What the request is to CORS.
    pub kind: RequestKind,
    /// Whether the response may be read, or the request that a preflight asks about be sent.
    pub verdict: CorsVerdict,
    /// What enforcement does with the request.
    pub enforcement: Enforcement,
    /// The name of the policy, as the program gave it.
    pub policy: Arc<str>,
}

/// What was decided.
///
/// ```
/// use corsac::server::PolicyRefusal;
/// use corsac_middleware::CorsVerdict;
/// assert_eq!(CorsVerdict::Refused(PolicyRefusal::OriginNull).reason(), Some("null-origin-not-allowed"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CorsVerdict {
    /// The request has no `Origin`: there was nothing to decide.
    NotAsked,
    /// The policy allows it.
    Allowed,
    /// The policy does not allow the origin, but the request comes from the server's own: CORS does not apply, and no permission is sent,
    /// as when it is refused. See [`Request::is_same_origin`](corsac::server::Request::is_same_origin).
    SameOrigin,
    /// The policy does not allow it.
    Refused(PolicyRefusal),
    /// The answer of a lookup did not come. That refuses, too.
    LookupFailed(LookupFailure),
    /// No policy is responsible for the request.
    NoPolicy,
    /// The request and its response are none of the middleware's business: see [`PolicySource::pass`](crate::PolicySource::pass).
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

    /// The code of the reason, when it was refused.
    ///
    /// ```
    /// use corsac_middleware::{CorsVerdict, LookupFailure};
    /// assert_eq!(CorsVerdict::LookupFailed(LookupFailure::TimedOut).reason(), Some("lookup-timed-out"));
    /// assert_eq!(CorsVerdict::Allowed.reason(), None);
    /// ```
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.as_str()),
            Self::LookupFailed(failure) => Some(failure.as_str()),
            Self::NotAsked | Self::Allowed | Self::SameOrigin | Self::NoPolicy | Self::Pass => None,
        }
    }

    /// Returns `true` if it was refused.
    pub const fn is_refused(self) -> bool {
        self.reason().is_some()
    }
}
