//! Logging and counting decisions. See [`events`].
//!
//! Nothing here knows the middleware's types: functions take what they report as arguments.

#[cfg(feature = "metrics")]
mod counters;
pub mod events;
#[cfg(feature = "tracing")]
mod limiter;
#[cfg(feature = "tracing")]
mod log;
mod silent;

use std::sync::Arc;

use corsac::server::{Decision, Enforcement, PolicyRefusal, Request, RequestHeaders};

#[cfg(feature = "metrics")]
use self::counters::Counters;
#[cfg(feature = "metrics")]
pub use self::counters::describe_metrics;
#[cfg(feature = "tracing")]
pub(crate) use self::limiter::Limiter;
#[cfg(feature = "tracing")]
pub(crate) use self::log::lookup_failed;
#[cfg(all(feature = "tracing", feature = "lookups"))]
pub(crate) use self::log::lookup_timed_out;
#[cfg(feature = "tracing")]
pub(crate) use self::log::{forget_layer, nested_layers};
#[cfg(not(feature = "metrics"))]
use self::silent::Counters;
#[cfg(not(feature = "tracing"))]
use self::silent::log;
#[cfg(all(not(feature = "tracing"), feature = "lookups"))]
pub(crate) use self::silent::lookup_timed_out;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::silent::{Limiter, forget_layer, lookup_failed, nested_layers};
#[cfg(any(feature = "metrics", feature = "tracing"))]
use crate::failure::LookupFailure;
use crate::outcome::CorsVerdict;

/// Logs and counts the decisions of one named policy.
pub(crate) struct Observer {
    name: Arc<str>,
    counters: Counters,
}

impl Observer {
    pub(crate) fn new(name: Arc<str>) -> Self {
        Self { counters: Counters::new(Arc::clone(&name)), name }
    }

    /// The name of the policy.
    pub(crate) fn name(&self) -> &Arc<str> {
        &self.name
    }

    #[inline]
    pub(crate) fn decided<H: RequestHeaders>(
        &self,
        limiter: &Limiter,
        decision: &Decision<'_, H>,
        verdict: CorsVerdict,
        path: &str,
    ) {
        self.counters.request(decision.kind(), verdict);
        log::decided(limiter, &self.name, decision, verdict, path);
        if let Some(reason) = decision.enforcement_reason() {
            self.counters.enforced(decision.enforcement(), reason.as_str());
            log::enforced(limiter, &self.name, decision, reason.as_str(), path);
        }
    }

    /// Reports a request that has no policy, or that passes.
    pub(crate) fn without_policy<H: RequestHeaders>(
        &self,
        request: &Request<'_, H>,
        verdict: CorsVerdict,
        path: &str,
    ) {
        let kind = request.kind();
        self.counters.request(kind, verdict);
        log::without_policy(&self.name, kind, request.method, verdict, path);
    }

    /// Reports a request that one policy allows and the other refuses, or that only one blocks.
    pub(crate) fn compared<H: RequestHeaders>(
        &self,
        limiter: &Limiter,
        decision: &Decision<'_, H>,
        verdict: CorsVerdict,
        candidate: &Decision<'_, H>,
        candidate_refusal: Option<PolicyRefusal>,
        path: &str,
    ) {
        let applied = Effect::of(verdict.reason(), decision.enforcement());
        let report_only = Effect::of(candidate_refusal.map(PolicyRefusal::as_str), candidate.enforcement());
        if std::mem::discriminant(&applied) != std::mem::discriminant(&report_only) {
            self.counters.difference(decision.kind(), applied.as_str(), report_only.as_str());
            log::compared(limiter, &self.name, candidate, &applied, &report_only, path);
        }
    }
}

/// What a policy does to a request. Two refusals for different reasons count as equal when policies are compared.
enum Effect {
    Allowed,
    Refused(&'static str),
    Blocked,
}

impl Effect {
    fn of(refusal: Option<&'static str>, enforcement: Enforcement) -> Self {
        match (enforcement, refusal) {
            (Enforcement::Block, _) => Self::Blocked,
            (Enforcement::Pass | Enforcement::Report, Some(code)) => Self::Refused(code),
            (Enforcement::Pass | Enforcement::Report, None) => Self::Allowed,
        }
    }

    fn as_str(&self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused(code) => code,
            Self::Blocked => "blocked",
        }
    }
}

#[cfg(feature = "metrics")]
const VERDICTS: usize = 7 + PolicyRefusal::ALL.len();

/// A number for each verdict, below `VERDICTS`.
#[cfg(any(feature = "metrics", feature = "tracing"))]
#[inline]
fn verdict_index(verdict: CorsVerdict) -> usize {
    match verdict {
        CorsVerdict::NotAsked => 0,
        CorsVerdict::Allowed => 1,
        CorsVerdict::NoPolicy => 2,
        CorsVerdict::LookupFailed(LookupFailure::Failed) => 3,
        CorsVerdict::LookupFailed(LookupFailure::TimedOut) => 4,
        CorsVerdict::SameOrigin => 5,
        CorsVerdict::Pass => 6,
        CorsVerdict::Refused(refusal) => {
            7 + PolicyRefusal::ALL.iter().position(|other| *other == refusal).unwrap_or(0)
        }
    }
}
