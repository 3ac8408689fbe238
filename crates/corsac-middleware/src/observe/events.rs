//! # What is logged
//!
//! Events of [`tracing`], with the target `corsac`:
//!
//! | level | event | fields |
//! |---|---|---|
//! | `WARN` | a lookup failed, or took too long | `error`, or `timeout` |
//! | `WARN` | layers on top of each other, once | `policy`, `inner` |
//! | `INFO` | a request or preflight was refused; the message explains | `kind`, `reason`, `policy`, `origin`, `method`, `path` |
//! | `INFO` | enforcement blocked a request, or would | the same, and `enforcement` |
//! | `INFO` | the report-only policy decides otherwise | the same, and `applied`, `report_only` |
//! | `DEBUG` | allowed, or from the same origin, which needs no permission | `kind`, `policy`, `origin`, `method`, `path` |
//! | `TRACE` | not asked, or no policy | `kind`, `policy`, `method`, `path` |
//!
//! Preflights that are allowed, refused or decided otherwise also have `asked_method` and, when there is one, the list `asked_headers`: what the page wants to send. `method` is
//! `OPTIONS`.
//!
//! A refusal is `INFO` because it is somebody else's page that asked, and anybody can make such a page. What is of `INFO` and above is
//! logged ten times in a second for each reason; the next event says how many were suppressed. The explanation is computed only for an event
//! that is logged.
//!
//! Values of a request, in fields and in messages: the first 120 bytes of each (in messages 120 characters, after escaping), then `…`. Printable ASCII stands as it was sent, but for
//! space, `"`, `` ` `` and `\`; these and all other bytes are escaped (`\x20`, `\"`, `\x60`, `\\`, `\n`, `\xff`). So what was sent never begins
//! a line, a field or a quotation of its own, whatever formats the event. (The one header that a refusal names is a token, and stands
//! as it was sent: a token has none of these but `` ` ``.) The error of a lookup is your program's: it is a string like any
//! other, and the formatter quotes it.
//!
//! Counters of [`metrics`]; no label comes from a request:
//!
//! | counter | labels |
//! |---|---|
//! | `corsac_requests_total` | `kind`: `without-origin`, `request`, `preflight`; `outcome`: `not-asked`, `allowed`, `same-origin`, `refused`, `no-policy`; `reason`: the code of a refusal, or `none`; `policy` |
//! | `corsac_enforced_total` | `enforcement`: `report`, `block`; `reason`; `policy` |
//! | `corsac_report_only_differences_total` | `kind`; `applied`, `report_only`: `allowed`, `blocked` by `enforce`, or the code of a refusal; never the same; `policy` |

use std::error::Error;
use std::mem::discriminant;
use std::sync::LazyLock;
use std::time::Duration;

use corsac::server::{Decision, Enforcement, PolicyRefusal, RequestKind};
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use tracing::field::{DisplayValue, display};
use tracing::{Level, debug, enabled, info, trace, warn};

use super::counters::verdict_index;
use super::limiter::{Limiter, Permit, SUBJECTS};
use super::shown::{Shown, as_shown};
use crate::judged::Judged;
use crate::lookup::LookupFailure;
use crate::outcome::Verdict;
use crate::request::RequestView;

/// What the limiter tells apart beside verdicts.
const ENFORCEMENT: usize = SUBJECTS - 2;
const DIFFERENCE: usize = SUBJECTS - 1;

pub(crate) fn judged(judged: &Judged, request: &RequestView<'_>) {
    let site = &judged.site;
    site.counters.request(judged.kind, judged.verdict);
    match judged.verdict {
        Verdict::Refused(_) | Verdict::LookupFailed(_) => refused(judged, request),
        Verdict::Allowed => debug!(
            target: "corsac", kind = judged.kind.as_str(), policy = &*site.name, origin = %origin(request),
            method = %method(request), path = %path(request), asked_method = asked_method(judged, request),
            asked_headers = asked_headers(judged, request), "allowed",
        ),
        Verdict::SameOrigin => debug!(
            target: "corsac", kind = judged.kind.as_str(), policy = &*site.name, origin = %origin(request),
            method = %method(request), path = %path(request), "same origin",
        ),
        Verdict::NotAsked | Verdict::NoPolicy => trace!(
            target: "corsac", kind = judged.kind.as_str(), policy = &*site.name,
            method = %method(request), path = %path(request), "{}", judged.verdict.as_str(),
        ),
    }
    if judged.enforcement != Enforcement::Pass {
        enforced(judged, request);
    }
}

fn refused(judged: &Judged, request: &RequestView<'_>) {
    let reason = judged.verdict.reason().unwrap_or_default();
    if !enabled!(target: "corsac", Level::INFO)
        || !may_tell(&judged.site.shared.limiter, verdict_index(judged.verdict), reason)
    {
        return;
    }
    info!(
        target: "corsac", kind = judged.kind.as_str(), reason, policy = &*judged.site.name,
        origin = %origin(request), method = %method(request), path = %path(request),
        asked_method = asked_method(judged, request), asked_headers = asked_headers(judged, request),
        "{}", explanation(judged, request),
    );
}

fn enforced(judged: &Judged, request: &RequestView<'_>) {
    let refusal = judged.decision.as_ref().and_then(Decision::refusal);
    let reason = judged.enforcement.reason(refusal, request.headers.contains_key(ORIGIN)).as_str();
    let site = &judged.site;
    site.counters.enforced(judged.enforcement, reason);
    if !enabled!(target: "corsac", Level::INFO)
        || !may_tell(&judged.site.shared.limiter, ENFORCEMENT, "enforcement")
    {
        return;
    }
    let happened = match judged.enforcement {
        Enforcement::Block => "blocked: a request from another origin that changes something",
        Enforcement::Report | Enforcement::Pass => {
            "would be blocked: a request from another origin that changes something"
        }
    };
    info!(
        target: "corsac", kind = judged.kind.as_str(), reason, policy = &*site.name,
        enforcement = judged.enforcement.as_str(), origin = %origin(request), method = %method(request),
        path = %path(request), "{happened}",
    );
}

/// Told when a request is allowed by one policy and refused by the other, or blocked by one only.
pub(crate) fn difference(
    judged: &Judged,
    candidate: &Decision,
    enforcement: Enforcement,
    request: &RequestView<'_>,
) {
    // To the same origin a refusal means nothing.
    let refusal = candidate.refusal().filter(|_| !request.is_same_origin(judged.kind));
    let applied = Decided::of(judged.verdict.reason(), judged.enforcement);
    let report_only = Decided::of(refusal.map(|refusal| refusal.as_str()), enforcement);
    if discriminant(&applied) == discriminant(&report_only) {
        return;
    }
    let site = &judged.site;
    site.counters.difference(judged.kind, applied.as_str(), report_only.as_str());
    if !enabled!(target: "corsac", Level::INFO)
        || !may_tell(&judged.site.shared.limiter, DIFFERENCE, "report-only-difference")
    {
        return;
    }
    let decides = match report_only {
        Decided::Blocked => "blocked: a request from another origin that changes something".to_owned(),
        Decided::Allowed | Decided::Refused(_) => explain(candidate, request),
    };
    info!(
        target: "corsac", kind = judged.kind.as_str(), policy = &*site.name, applied = applied.as_str(),
        report_only = report_only.as_str(), origin = %origin(request), method = %method(request), path = %path(request),
        asked_method = asked_method(judged, request), asked_headers = asked_headers(judged, request),
        "the report-only policy decides otherwise: {decides}",
    );
}

/// What becomes of a request by one of two policies. Two reasons for the same are no difference.
enum Decided {
    Allowed,
    Refused(&'static str),
    Blocked,
}

impl Decided {
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

/// Lookups belong to no [`Cors`](crate::Cors): they share a limiter.
static LOOKUPS: LazyLock<Limiter> = LazyLock::new(|| Limiter::new(10));

pub(crate) fn lookup_error(error: &(dyn Error + Send + Sync)) {
    let failed = LookupFailure::Failed.as_str();
    if enabled!(target: "corsac", Level::WARN) && may_tell(&LOOKUPS, 0, failed) {
        let error = error.to_string();
        warn!(target: "corsac", error = &*error, "a lookup failed, and what it was asked about is not allowed");
    }
}

pub(crate) fn lookup_late(timeout: Duration) {
    let late = LookupFailure::TimedOut.as_str();
    if enabled!(target: "corsac", Level::WARN) && may_tell(&LOOKUPS, 1, late) {
        warn!(target: "corsac", ?timeout, "a lookup took too long, and what it was asked about is not allowed");
    }
}

pub(crate) fn stacked(outer: &str, inner: &str) {
    warn!(
        target: "corsac", policy = outer, inner,
        "two CORS layers are on top of each other. The inner one's headers stand, but preflights get the answer of the outer one. \
         Give the outer one the inner one's policy for its path, with `at`, and take the inner one out",
    );
}

/// May another event be told? Says first how many were not.
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

fn explanation(judged: &Judged, request: &RequestView<'_>) -> String {
    match (&judged.decision, judged.verdict) {
        (_, Verdict::LookupFailed(failure)) => {
            let code = failure.as_str();
            format!("refused ({code}): no answer came from the lookup, and what is not known is not allowed.")
        }
        (Some(decision), _) => explain(decision, request),
        (None, _) => String::new(),
    }
}

/// The explanation, which quotes values as the fields show them. A list of headers in which one is not allowed is taken apart as it was
/// sent: it is quoted by that name, and a name has nothing to escape.
fn explain(decision: &Decision, request: &RequestView<'_>) -> String {
    match decision.refusal() {
        Some(PolicyRefusal::HeaderNotAllowed) => decision.explain(request.headers).text,
        _ => decision.explain(&as_shown(request.headers)).text,
    }
}

fn origin<'a>(request: &RequestView<'a>) -> Shown<'a> {
    Shown(request.headers.get(ORIGIN).map_or(&[], |origin| origin.as_bytes()))
}

/// The method that a preflight asks for.
fn asked_method<'a>(judged: &Judged, request: &RequestView<'a>) -> Option<DisplayValue<Shown<'a>>> {
    let asked = || request.headers.get(ACCESS_CONTROL_REQUEST_METHOD);
    (judged.kind == RequestKind::Preflight).then(asked)?.map(|method| display(Shown(method.as_bytes())))
}

/// The headers that a preflight asks for. More lines than one are only made by gateways; the first one tells enough.
fn asked_headers<'a>(judged: &Judged, request: &RequestView<'a>) -> Option<DisplayValue<Shown<'a>>> {
    let asked = || request.headers.get(ACCESS_CONTROL_REQUEST_HEADERS);
    (judged.kind == RequestKind::Preflight).then(asked)?.map(|names| display(Shown(names.as_bytes())))
}

fn method<'a>(request: &RequestView<'a>) -> Shown<'a> {
    Shown(request.method.as_str().as_bytes())
}

fn path<'a>(request: &RequestView<'a>) -> Shown<'a> {
    Shown(request.path.as_bytes())
}
