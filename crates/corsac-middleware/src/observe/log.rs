//! Events of `tracing`.

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::{LazyLock, Mutex, PoisonError};
#[cfg(feature = "lookups")]
use std::time::Duration;

use corsac::server::{Decision, Enforcement, PolicyRefusal, RequestHeader, RequestHeaders, RequestKind};
use corsac::text::{Printable, QUOTED};
use tracing::field::{DisplayValue, display};
use tracing::{Level, debug, enabled, info, trace, warn};

use super::limiter::{Limiter, Permit, SUBJECTS};
use super::{Fate, verdict_index};
use crate::failure::LookupFailure;
use crate::outcome::CorsVerdict;

/// What the limiter tells apart beside verdicts.
const ENFORCEMENT: usize = SUBJECTS - 2;
const DIFFERENCE: usize = SUBJECTS - 1;

#[inline]
pub(super) fn decided<H: RequestHeaders>(
    limiter: &Limiter,
    policy: &str,
    decision: &Decision<'_, H>,
    verdict: CorsVerdict,
    path: &str,
) {
    match verdict {
        CorsVerdict::Refused(_) | CorsVerdict::LookupFailed(_) => {
            if enabled!(target: "corsac", Level::INFO) {
                refused(limiter, policy, decision, verdict, path);
            }
        }
        CorsVerdict::Allowed | CorsVerdict::SameOrigin => {
            if enabled!(target: "corsac", Level::DEBUG) {
                allowed(policy, decision, verdict, path);
            }
        }
        CorsVerdict::NotAsked | CorsVerdict::NoPolicy | CorsVerdict::Pass => {
            without_policy(policy, decision.kind(), decision.request().method, verdict, path);
        }
    }
}

#[inline]
pub(super) fn without_policy(
    policy: &str,
    kind: RequestKind,
    method: &str,
    verdict: CorsVerdict,
    path: &str,
) {
    trace!(
        target: "corsac", kind = kind.as_str(), policy,
        method = %shown(method.as_bytes()), path = %shown(path.as_bytes()), "{}", verdict.as_str(),
    );
}

#[cold]
fn allowed<H: RequestHeaders>(policy: &str, decision: &Decision<'_, H>, verdict: CorsVerdict, path: &str) {
    let seen = Seen::of(decision, path);
    if verdict == CorsVerdict::SameOrigin {
        debug!(
            target: "corsac", kind = seen.kind, policy, origin = %seen.origin, method = %seen.method, path = %seen.path,
            "same origin",
        );
    } else {
        debug!(
            target: "corsac", kind = seen.kind, policy, origin = %seen.origin, method = %seen.method, path = %seen.path,
            asked_method = seen.asked_method, asked_headers = seen.asked_headers, "allowed",
        );
    }
}

#[cold]
fn refused<H: RequestHeaders>(
    limiter: &Limiter,
    policy: &str,
    decision: &Decision<'_, H>,
    verdict: CorsVerdict,
    path: &str,
) {
    let reason = verdict.reason().unwrap_or_default();
    if !may_tell(limiter, verdict_index(verdict), reason) {
        return;
    }
    let seen = Seen::of(decision, path);
    let why = match verdict {
        CorsVerdict::LookupFailed(failure) => format!(
            "refused ({}): no answer came from the lookup, and what is not known is not allowed.",
            failure.as_str()
        ),
        _ => explain(decision),
    };
    info!(
        target: "corsac", kind = seen.kind, reason, policy, origin = %seen.origin, method = %seen.method, path = %seen.path,
        asked_method = seen.asked_method, asked_headers = seen.asked_headers, "{why}",
    );
}

#[cold]
pub(super) fn enforced<H: RequestHeaders>(
    limiter: &Limiter,
    policy: &str,
    decision: &Decision<'_, H>,
    reason: &'static str,
    path: &str,
) {
    if !enabled!(target: "corsac", Level::INFO) || !may_tell(limiter, ENFORCEMENT, "enforcement") {
        return;
    }
    let happened = match decision.enforcement() {
        Enforcement::Block => "blocked: a request from another origin that changes something",
        Enforcement::Report | Enforcement::Pass => {
            "would be blocked: a request from another origin that changes something"
        }
    };
    let seen = Seen::of(decision, path);
    info!(
        target: "corsac", kind = seen.kind, reason, policy, enforcement = decision.enforcement().as_str(),
        origin = %seen.origin, method = %seen.method, path = %seen.path, "{happened}",
    );
}

#[cold]
pub(super) fn compared<H: RequestHeaders>(
    limiter: &Limiter,
    policy: &str,
    candidate: &Decision<'_, H>,
    applied: &Fate,
    report_only: &Fate,
    path: &str,
) {
    if !enabled!(target: "corsac", Level::INFO) || !may_tell(limiter, DIFFERENCE, "report-only-difference") {
        return;
    }
    let decides = match report_only {
        Fate::Blocked => "blocked: a request from another origin that changes something".to_owned(),
        Fate::Allowed | Fate::Refused(_) => explain(candidate),
    };
    let seen = Seen::of(candidate, path);
    info!(
        target: "corsac", kind = seen.kind, policy, applied = applied.as_str(), report_only = report_only.as_str(),
        origin = %seen.origin, method = %seen.method, path = %seen.path,
        asked_method = seen.asked_method, asked_headers = seen.asked_headers,
        "the report-only policy decides otherwise: {decides}",
    );
}

/// Lookups belong to no [`Cors`](crate::Cors): they share a limiter.
static LOOKUPS: LazyLock<Limiter> = LazyLock::new(|| Limiter::new(10));

/// The error is logged here, once; from here on it is enough to know that there was one.
pub(crate) fn lookup_failed(error: &(dyn Error + Send + Sync)) -> LookupFailure {
    let failure = LookupFailure::Failed;
    if enabled!(target: "corsac", Level::WARN) && may_tell(&LOOKUPS, 0, failure.as_str()) {
        let error = error.to_string();
        warn!(target: "corsac", error = &*error, "a lookup failed, and what it was asked about is not allowed");
    }
    failure
}

#[cfg(feature = "lookups")]
pub(crate) fn lookup_late(timeout: Duration) {
    let late = LookupFailure::TimedOut.as_str();
    if enabled!(target: "corsac", Level::WARN) && may_tell(&LOOKUPS, 1, late) {
        warn!(target: "corsac", ?timeout, "a lookup took too long, and what it was asked about is not allowed");
    }
}

/// Logs, once for each outer layer, that there is another one inside.
#[cold]
pub(crate) fn stacked(layer: usize) {
    /// For how many layers it is remembered: a program has few, and tests make many.
    const MOST: usize = 1024;
    static NOTICED: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());
    let mut noticed = NOTICED.lock().unwrap_or_else(PoisonError::into_inner);
    if noticed.len() < MOST && noticed.insert(layer) {
        drop(noticed);
        warn!(
            target: "corsac",
            "two CORS layers are on top of each other. The inner one's headers stand, but preflights get the answer of the outer one. \
             Give the outer one the inner one's policy for its path, with `at`, and take the inner one out",
        );
    }
}

/// Returns `true` if another event may be logged. Says first how many were not.
fn may_tell(limiter: &Limiter, subject: usize, reason: &'static str) -> bool {
    match limiter.permit(subject) {
        Permit::Suppress => false,
        Permit::Tell { suppressed: 0 } => true,
        Permit::Tell { suppressed } => {
            info!(target: "corsac", reason, suppressed, "{suppressed} more suppressed");
            true
        }
    }
}

/// The explanation, which quotes values as the fields show them. Of a list in which one header is not allowed it quotes that name, which has
/// nothing to escape.
fn explain<H: RequestHeaders>(decision: &Decision<'_, H>) -> String {
    match decision.refusal() {
        Some(PolicyRefusal::HeaderNotAllowed) => decision.explain(),
        _ => decision.explain_quoting(|value| shown(value).to_string()),
    }
}

/// Bytes that somebody sent, in a form in which they begin no line, field or quotation of their own.
fn shown(bytes: &[u8]) -> Printable<'_> {
    Printable::field(bytes, QUOTED)
}

/// The fields of an event.
struct Seen<'a> {
    kind: &'static str,
    origin: Printable<'a>,
    method: Printable<'a>,
    path: Printable<'a>,
    /// The method that a preflight asks for.
    asked_method: Option<DisplayValue<Printable<'a>>>,
    /// The headers that a preflight asks for. More lines than one are only made by gateways; the first one tells enough.
    asked_headers: Option<DisplayValue<Printable<'a>>>,
}

impl<'a> Seen<'a> {
    fn of<H: RequestHeaders>(decision: &Decision<'a, H>, path: &'a str) -> Self {
        let request = decision.request();
        let headers: &'a H = request.headers;
        let first = |header| headers.lines(header).next().map(|line| shown(line.as_ref()));
        let is_preflight = decision.kind() == RequestKind::Preflight;
        let asked = |header| first(header).filter(|_| is_preflight).map(display);
        Self {
            kind: decision.kind().as_str(),
            origin: first(RequestHeader::Origin).unwrap_or(shown(&[])),
            method: shown(request.method.as_bytes()),
            path: shown(path.as_bytes()),
            asked_method: asked(RequestHeader::AccessControlRequestMethod),
            asked_headers: asked(RequestHeader::AccessControlRequestHeaders),
        }
    }
}
