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
use super::{Effect, verdict_index};
use crate::failure::LookupFailure;
use crate::outcome::CorsVerdict;

/// The subjects of the limiter, in addition to verdicts.
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
        method = %escaped(method.as_bytes()), path = %escaped(path.as_bytes()), "{}", verdict.as_str(),
    );
}

#[cold]
fn allowed<H: RequestHeaders>(policy: &str, decision: &Decision<'_, H>, verdict: CorsVerdict, path: &str) {
    let fields = Fields::of(decision, path);
    if verdict == CorsVerdict::SameOrigin {
        debug!(
            target: "corsac", kind = fields.kind, policy, origin = %fields.origin, method = %fields.method, path = %fields.path,
            "same origin",
        );
    } else {
        debug!(
            target: "corsac", kind = fields.kind, policy, origin = %fields.origin, method = %fields.method, path = %fields.path,
            asked_method = fields.asked_method, asked_headers = fields.asked_headers, "allowed",
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
    if !may_log(limiter, verdict_index(verdict), reason) {
        return;
    }
    let fields = Fields::of(decision, path);
    let why = match verdict {
        CorsVerdict::LookupFailed(failure) => format!(
            "refused ({}): the lookup gave no answer, so the origin is not allowed.",
            failure.as_str()
        ),
        _ => explain(decision),
    };
    info!(
        target: "corsac", kind = fields.kind, reason, policy, origin = %fields.origin, method = %fields.method, path = %fields.path,
        asked_method = fields.asked_method, asked_headers = fields.asked_headers, "{why}",
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
    if !enabled!(target: "corsac", Level::INFO) || !may_log(limiter, ENFORCEMENT, "enforcement") {
        return;
    }
    let happened = match decision.enforcement() {
        Enforcement::Block => "blocked: a request from another origin that may change something",
        Enforcement::Report | Enforcement::Pass => {
            "would be blocked: a request from another origin that may change something"
        }
    };
    let fields = Fields::of(decision, path);
    info!(
        target: "corsac", kind = fields.kind, reason, policy, enforcement = decision.enforcement().as_str(),
        origin = %fields.origin, method = %fields.method, path = %fields.path, "{happened}",
    );
}

#[cold]
pub(super) fn compared<H: RequestHeaders>(
    limiter: &Limiter,
    policy: &str,
    candidate: &Decision<'_, H>,
    applied: &Effect,
    report_only: &Effect,
    path: &str,
) {
    if !enabled!(target: "corsac", Level::INFO) || !may_log(limiter, DIFFERENCE, "report-only-difference") {
        return;
    }
    let decides = match report_only {
        Effect::Blocked => "blocked: a request from another origin that may change something".to_owned(),
        Effect::Allowed | Effect::Refused(_) => explain(candidate),
    };
    let fields = Fields::of(candidate, path);
    info!(
        target: "corsac", kind = fields.kind, policy, applied = applied.as_str(), report_only = report_only.as_str(),
        origin = %fields.origin, method = %fields.method, path = %fields.path,
        asked_method = fields.asked_method, asked_headers = fields.asked_headers,
        "the report-only policy decides differently: {decides}",
    );
}

/// Shared by all lookups, which do not belong to a [`Cors`](crate::Cors).
static LOOKUPS: LazyLock<Limiter> = LazyLock::new(|| Limiter::new(10));

/// Logs the error of a lookup. After that, only the fact that it failed is passed on.
pub(crate) fn lookup_failed(error: &(dyn Error + Send + Sync)) -> LookupFailure {
    let failure = LookupFailure::Failed;
    if enabled!(target: "corsac", Level::WARN) && may_log(&LOOKUPS, 0, failure.as_str()) {
        let error = error.to_string();
        warn!(target: "corsac", error = &*error, "a lookup failed, so the request is refused or gets the fallback policy");
    }
    failure
}

#[cfg(feature = "lookups")]
pub(crate) fn lookup_timed_out(timeout: Duration) {
    let timed_out = LookupFailure::TimedOut.as_str();
    if enabled!(target: "corsac", Level::WARN) && may_log(&LOOKUPS, 1, timed_out) {
        warn!(target: "corsac", ?timeout, "a lookup took too long, so the request is refused or gets the fallback policy");
    }
}

/// The outer layers whose inner layer was logged, by their addresses.
static NOTICED: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

/// Logs, once for each outer layer, that another layer is inside of it.
#[cold]
pub(crate) fn nested_layers(layer: usize) {
    /// The number of layers to remember. A program has few, but tests make many.
    const LIMIT: usize = 1024;
    let mut noticed = NOTICED.lock().unwrap_or_else(PoisonError::into_inner);
    if noticed.len() < LIMIT && noticed.insert(layer) {
        drop(noticed);
        warn!(
            target: "corsac",
            "one CORS layer is inside another. Responses get the headers of the inner one, but the outer one answers preflights. \
             Give the outer one the policy of the inner one for its path, with `at`, and remove the inner one",
        );
    }
}

/// Forgets a layer that is dropped, because the next one may have its address.
pub(crate) fn forget_layer(layer: usize) {
    NOTICED.lock().unwrap_or_else(PoisonError::into_inner).remove(&layer);
}

/// Returns `true` if another event may be logged. Before that, logs how many were suppressed.
fn may_log(limiter: &Limiter, subject: usize, reason: &'static str) -> bool {
    match limiter.permit(subject) {
        Permit::Suppress => false,
        Permit::Log { suppressed: 0 } => true,
        Permit::Log { suppressed } => {
            info!(target: "corsac", reason, suppressed, "{suppressed} more suppressed");
            true
        }
    }
}

/// The explanation of a refusal, with values escaped like those of fields. If one header of a list is not allowed, it quotes that header's name,
/// which needs no escaping.
fn explain<H: RequestHeaders>(decision: &Decision<'_, H>) -> String {
    match decision.refusal() {
        Some(PolicyRefusal::HeaderNotAllowed) => decision.explain(),
        _ => decision.explain_quoting(|value| escaped(value).to_string()),
    }
}

/// Bytes from a request, escaped so that they cannot forge a line, a field or a quotation.
fn escaped(bytes: &[u8]) -> Printable<'_> {
    Printable::field(bytes, QUOTED)
}

/// The fields of an event.
struct Fields<'a> {
    kind: &'static str,
    origin: Printable<'a>,
    method: Printable<'a>,
    path: Printable<'a>,
    /// The method that a preflight asks for.
    asked_method: Option<DisplayValue<Printable<'a>>>,
    /// The headers that a preflight asks for: the first line of the list. Only gateways make more than one.
    asked_headers: Option<DisplayValue<Printable<'a>>>,
}

impl<'a> Fields<'a> {
    fn of<H: RequestHeaders>(decision: &Decision<'a, H>, path: &'a str) -> Self {
        let request = decision.request();
        let headers: &'a H = request.headers;
        let first = |header| headers.lines(header).next().map(|line| escaped(line.as_ref()));
        let is_preflight = decision.kind() == RequestKind::Preflight;
        let asked = |header| first(header).filter(|_| is_preflight).map(display);
        Self {
            kind: decision.kind().as_str(),
            origin: first(RequestHeader::Origin).unwrap_or(escaped(&[])),
            method: escaped(request.method.as_bytes()),
            path: escaped(path.as_bytes()),
            asked_method: asked(RequestHeader::AccessControlRequestMethod),
            asked_headers: asked(RequestHeader::AccessControlRequestHeaders),
        }
    }
}
