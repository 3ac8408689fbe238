//! What came of a request, for handlers and outer layers to read.

use std::sync::Arc;

use corsac::server::{Enforcement, PolicyRefusal, RequestKind};

use crate::lookup::LookupFailure;

/// What came of a request. Handlers find it among the request's extensions when
/// [`CorsBuilder::outcome_for_handlers`](crate::CorsBuilder::outcome_for_handlers) is set.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Begun, Cors, RequestView, Verdict};
///
/// let cors = Cors::new(Policy::builder(["https://app.example"]).build()?);
/// let request = http::Request::get("/").header("origin", "https://app.example").body(()).unwrap();
/// let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!("no lookup is involved") };
/// assert_eq!(judged.outcome().verdict, Verdict::Allowed);
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the request is to CORS.
    pub kind: RequestKind,
    /// May the response be read, or the request that a preflight asks about be sent?
    pub verdict: Verdict,
    /// What enforcement does with the request.
    pub enforcement: Enforcement,
    /// The name of the policy, as the program gave it.
    pub policy: Arc<str>,
}

/// What was decided.
///
/// ```
/// use corsac::server::PolicyRefusal;
/// use corsac_middleware::Verdict;
/// assert_eq!(Verdict::Refused(PolicyRefusal::OriginNull).reason(), Some("null-origin-not-allowed"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The request has no `Origin`: there was nothing to decide.
    NotAsked,
    /// The policy allows it.
    Allowed,
    /// The policy does not allow the origin, but it is the server's own: the browser asks nobody. Nothing is said to it, as when refused.
    /// See [`Decision::is_same_origin`](corsac::server::Decision::is_same_origin).
    SameOrigin,
    /// The policy does not allow it.
    Refused(PolicyRefusal),
    /// The answer of a lookup did not come. That refuses, too.
    LookupFailed(LookupFailure),
    /// No policy is responsible for the request.
    NoPolicy,
}

impl Verdict {
    /// `not-asked`, `allowed`, `same-origin`, `refused` or `no-policy`.
    ///
    /// ```
    /// assert_eq!(corsac_middleware::Verdict::NoPolicy.as_str(), "no-policy");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::Allowed => "allowed",
            Self::SameOrigin => "same-origin",
            Self::Refused(_) | Self::LookupFailed(_) => "refused",
            Self::NoPolicy => "no-policy",
        }
    }

    /// The code of the reason, when it was refused.
    ///
    /// ```
    /// use corsac_middleware::{LookupFailure, Verdict};
    /// assert_eq!(Verdict::LookupFailed(LookupFailure::TimedOut).reason(), Some("lookup-timed-out"));
    /// assert_eq!(Verdict::Allowed.reason(), None);
    /// ```
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.as_str()),
            Self::LookupFailed(failure) => Some(failure.as_str()),
            Self::NotAsked | Self::Allowed | Self::SameOrigin | Self::NoPolicy => None,
        }
    }

    /// Was it refused?
    ///
    /// ```
    /// assert!(!corsac_middleware::Verdict::NotAsked.is_refused());
    /// ```
    pub const fn is_refused(self) -> bool {
        self.reason().is_some()
    }
}
