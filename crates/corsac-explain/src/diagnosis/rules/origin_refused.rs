//! The server's own CORS layer refuses the origin.

use corsac::browser::{ExchangeKind, Reason, Refusal, ResponseHead, Stage};
use corsac::header::names::ACCESS_CONTROL_ALLOW_ORIGIN;

use super::options_not_answered::refuses_options;
use super::origin_guard;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, depends_on_origin, is_success, refused_allow_origin};
use crate::explain::Fix;
use crate::fact::Case;
use crate::findings::allow_origin;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "origin-not-allowed",
        title: "The server's CORS check refuses the origin",
        what: "The server has a list of allowed origins, and the page's is not on it. Some servers leave `Access-Control-Allow-Origin` out \
               then, others answer with an error: 403 (Spring, gin, Corsac with `enforce = \"block\"`), 500 (Express with a function that \
               throws). It is known by the body, by a request without `Origin` that succeeds, or by the other CORS headers.",
        fix: "Add the page's origin to the server's list of allowed origins, exactly as the browser sends it: scheme, host and port, without a \
              slash at the end.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

/// What CORS layers write into the body of a refusal. Some write it whatever it is that they refuse.
pub(crate) const SIGNS: [&str; 8] = [
    "Invalid CORS request",
    "Not allowed by CORS",
    "not allowed by CORS",
    "Disallowed CORS origin",
    "Invalid origin",
    "Origin not allowed",
    "origin not allowed",
    "rigin is not allowed",
];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if refused_allow_origin(refusal) == Some("false") {
        return Some(said_false(evidence, refusal));
    }
    if !matches!(refusal.reason, Reason::AllowOriginMissing | Reason::PreflightStatus { .. }) {
        return None;
    }
    let (exchange, response) = evidence.refused(refusal)?;
    if response.headers.contains(ACCESS_CONTROL_ALLOW_ORIGIN) {
        return None;
    }
    let origin = &refusal.origin;
    let sign = evidence.refused_body(refusal).and_then(|body| body.line_with(&SIGNS));
    let is_preflight = refusal.stage == Stage::Preflight;
    // Something else than the CORS layer says no, and has another setting.
    let is_of_a_guard = origin_guard::named(response, evidence.refused_body(refusal)).is_some()
        || sign.is_none() && origin_guard::by_contrast(evidence, refusal).is_some();
    if is_of_a_guard {
        return None;
    }
    // A request beside it allows this origin: then it is not the origin that is refused.
    if is_preflight && evidence.allowed_beside_preflight().is_some() {
        return None;
    }
    // These say that `OPTIONS` was not taken, whoever asks: a request that succeeds beside it proves nothing about the origin.
    let is_about_options = is_preflight && refuses_options(response.status, evidence.refused_body(refusal));
    let beside = succeeds_for_others(evidence, exchange.kind)
        .next()
        .filter(|_| response.status >= 400 && !is_about_options);
    let refused_beside_success = beside.is_some();
    let what = if matches!(evidence.request.method(), "GET" | "HEAD") { "The same request" } else { "A GET" };
    let mut seen = Vec::new();
    seen.extend(sign.as_ref().map(|_| "The body says so.".to_owned()));
    if let Some((whose, beside)) = beside {
        let what = if whose == origin_guard::WITHOUT { what } else { "The same request" };
        seen.push(format!("{what} {whose} is answered with status {}.", beside.status));
    }
    let other = other_allowed(evidence, exchange.kind);
    if let Some(other) = other {
        seen.push(format!("The same from {other} is allowed, so the server looks at the origin."));
        if !matches!(evidence.request.origin().scheme(), Some("http" | "https") | None) {
            seen.push("Some servers take origins of http and https only.".to_owned());
        }
    }
    let has_rest = evidence.knows_cors(response) || depends_on_origin(response);
    if has_rest && seen.is_empty() {
        seen.push(
            "Other headers show that a CORS layer answered: only the one for this origin is missing."
                .to_owned(),
        );
        if is_preflight && !depends_on_origin(response) && !evidence.is_refused_beside_preflight() {
            seen.push("A server that leaves out `Access-Control-Allow-Origin` for `OPTIONS` alone would look the same.".to_owned());
        }
    }
    // An error of the server itself may come and go, whoever asks.
    let is_get_refused = evidence.is_get_refused_by_origin();
    if is_get_refused {
        seen.push("A GET from this page gets an error, too, and a GET without `Origin` does not.".to_owned());
    }
    let is_proven = sign.is_some() || is_get_refused || (other.is_some() && response.status < 500);
    let confidence = match (is_proven, refused_beside_success || other.is_some(), has_rest) {
        (true, ..) => Confidence::Certain,
        (false, true, true) => Confidence::Certain,
        (false, true, false) | (false, false, true) => Confidence::Likely,
        (false, false, false) => return None,
    };
    let says = match (response.status >= 400, &sign) {
        (true, Some(line)) => format!(": it answers with status {} and {line}", response.status),
        (true, None) => format!(": it answers with status {}", response.status),
        (false, Some(line)) => format!(": it says {line}"),
        (false, None) => String::new(),
    };
    let title = format!("The server's own CORS check refuses {origin}{says}.");
    Some(cause(evidence, refusal, confidence, title, seen))
}

/// Whose request succeeds, and the response to it. What is asked from the server's own origin is of the same kind as what was refused.
pub(super) fn succeeds_for_others<'a>(
    evidence: &Evidence<'a>,
    kind: ExchangeKind,
) -> impl Iterator<Item = (&'static str, &'a ResponseHead)> {
    let without = evidence.without_origin().map(|compared| (origin_guard::WITHOUT, compared.response));
    let own = evidence.own_origin().filter(|(_, compared)| compared.kind == kind);
    let own = own.map(|(_, compared)| ("from the server's own origin", compared.response));
    without.into_iter().chain(own).filter(|(_, response)| is_success(response))
}

/// Another origin that the server allows in an answer of the same kind.
fn other_allowed<'a>(evidence: &Evidence<'a>, kind: ExchangeKind) -> Option<&'a str> {
    let asked = [evidence.other_origin(), evidence.own_origin()];
    asked.into_iter().flatten().find_map(|(origin, compared)| {
        let value = allow_origin(compared.response)?;
        (compared.kind == kind && value == origin).then_some(origin)
    })
}

/// Some libraries write `false` where a list of origins does not have the one that asked.
fn said_false(evidence: &Evidence<'_>, refusal: &Refusal) -> Cause {
    let title = format!(
        "The server's own CORS check refuses {}: it answers with `Access-Control-Allow-Origin: false`.",
        refusal.origin
    );
    let seen = "Some libraries write `false` for an origin that is not on their list. A setting that is off by mistake would look the same.";
    cause(evidence, refusal, Confidence::Likely, title, vec![seen.to_owned()])
}

fn cause(
    evidence: &Evidence<'_>,
    refusal: &Refusal,
    confidence: Confidence,
    title: String,
    seen: Vec<String>,
) -> Cause {
    Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence,
        is_cors: true,
        title,
        evidence: seen,
        fix: fix(evidence, refusal),
    }
}

fn fix(evidence: &Evidence<'_>, refusal: &Refusal) -> Fix {
    let origin = &refusal.origin;
    let case = Case { refusal, request: evidence.request };
    if origin == "null" {
        return Fix::new(
            "Open the page from a server, so that it has an origin, and allow that one. Do not allow `null`: every sandboxed frame has that origin.",
            Vec::new(),
        );
    }
    let asked = if refusal.stage == Stage::Preflight { "preflight" } else { refusal.method.as_str() };
    Fix::new(
        format!(
            "Add `{origin}` to the server's list of allowed origins, exactly as it is written here. The response to the {asked} then has:"
        ),
        header_lines::failed(case),
    )
}
