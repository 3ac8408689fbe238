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
        what: "The server has a list of allowed origins, and the page's origin is not on it. Some servers then omit \
               `Access-Control-Allow-Origin`, others answer with an error: 403 (Spring, gin, Corsac with `enforce = \
               \"block\"`) or 500 (Express with a function that throws). Corsac recognizes it by the body, by a \
               request without `Origin` that succeeds, or by other CORS headers.",
        fix: "Add the page's origin to the server's list of allowed origins, exactly as the browser sends it: \
              scheme, host and port, without a slash at the end.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

/// What CORS layers write into the body of a refusal. Some write the same whatever they refuse.
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
    // Something other than the CORS layer refuses it, and has another setting.
    let is_of_a_guard = origin_guard::named(response, evidence.refused_body(refusal)).is_some()
        || sign.is_none() && origin_guard::by_contrast(evidence, refusal).is_some();
    if is_of_a_guard {
        return None;
    }
    // Another request shows that this origin is allowed, so the origin is not what is refused.
    if is_preflight && evidence.allowed_without_preflight().is_some() {
        return None;
    }
    // These mean that `OPTIONS` is not handled for any origin: another request that succeeds proves nothing about this one.
    let is_about_options = is_preflight && refuses_options(response.status, evidence.refused_body(refusal));
    let control = succeeds_for_others(evidence, exchange.kind)
        .next()
        .filter(|_| response.status >= 400 && !is_about_options);
    let others_succeed = control.is_some();
    let what = if matches!(evidence.request.method(), "GET" | "HEAD") { "The same request" } else { "A GET" };
    let mut seen = Vec::new();
    seen.extend(sign.as_ref().map(|_| "The body says so.".to_owned()));
    if let Some((whose, control)) = control {
        let what = if whose == origin_guard::WITHOUT { what } else { "The same request" };
        seen.push(format!("{what} {whose} gets status {}.", control.status));
    }
    let other = other_allowed(evidence, exchange.kind);
    if let Some(other) = other {
        seen.push(format!("The same request from {other} is allowed, so the server looks at the origin."));
        if !matches!(evidence.request.origin().scheme(), Some("http" | "https") | None) {
            seen.push("Some servers accept only origins with http and https.".to_owned());
        }
    }
    let has_rest = evidence.knows_cors(response) || depends_on_origin(response);
    if has_rest && seen.is_empty() {
        seen.push(
            "Other headers show that a CORS layer answered: only `Access-Control-Allow-Origin` is missing."
                .to_owned(),
        );
        if is_preflight && !depends_on_origin(response) && !evidence.is_refused_without_preflight() {
            seen.push("A server that omits the header only for `OPTIONS` would look the same.".to_owned());
        }
    }
    // An error of the server itself may come and go, for any origin.
    let is_get_refused = evidence.is_get_refused_by_origin();
    if is_get_refused {
        seen.push("A GET from this page gets an error, too, but a GET without `Origin` does not.".to_owned());
    }
    let is_proven = sign.is_some() || is_get_refused || (other.is_some() && response.status < 500);
    let confidence = match (is_proven, others_succeed || other.is_some(), has_rest) {
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

/// Returns the requests that succeed, each with its response. The one from the server's own origin is of the same kind as the refused one.
pub(super) fn succeeds_for_others<'a>(
    evidence: &Evidence<'a>,
    kind: ExchangeKind,
) -> impl Iterator<Item = (&'static str, &'a ResponseHead)> {
    let without = evidence.without_origin().map(|compared| (origin_guard::WITHOUT, compared.response));
    let own = evidence.own_origin().filter(|(_, compared)| compared.kind == kind);
    let own = own.map(|(_, compared)| ("from the server's own origin", compared.response));
    without.into_iter().chain(own).filter(|(_, response)| is_success(response))
}

/// Returns another origin that the server allows in a response of the same kind.
fn other_allowed<'a>(evidence: &Evidence<'a>, kind: ExchangeKind) -> Option<&'a str> {
    let asked = [evidence.other_origin(), evidence.own_origin()];
    asked.into_iter().flatten().find_map(|(origin, compared)| {
        let value = allow_origin(compared.response)?;
        (compared.kind == kind && value == origin).then_some(origin)
    })
}

/// Some libraries send `false` for an origin that is not on their list.
fn said_false(evidence: &Evidence<'_>, refusal: &Refusal) -> Cause {
    let title = format!(
        "The server's own CORS check refuses {}: it answers with `Access-Control-Allow-Origin: false`.",
        refusal.origin
    );
    let seen = "Some libraries send `false` for an origin that is not on their list. A setting that is off by \
                mistake would look the same.";
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
            "Serve the page over http or https, so that it has an origin, and allow that one. Do not allow `null`: \
             every sandboxed frame has that origin.",
            Vec::new(),
        );
    }
    let asked = if refusal.stage == Stage::Preflight { "preflight" } else { refusal.method.as_str() };
    Fix::new(
        format!(
            "Add `{origin}` to the server's list of allowed origins, exactly as written here. The response to the \
             {asked} then contains:"
        ),
        header_lines::failed(case),
    )
}
