//! The server's own CORS layer refuses the origin.

use corsac::browser::{Reason, Refusal};
use corsac::header::names::ACCESS_CONTROL_ALLOW_ORIGIN;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success};
use crate::explain::Fix;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "origin-not-allowed",
        title: "The server's CORS check refuses the origin",
        what: "The server has a list of allowed origins, and the page's is not on it. Some servers leave `Access-Control-Allow-Origin` out \
               then, others answer with an error: 403 (Spring, gin, Corsac with `enforce = \"block\"`), 500 (Express with a function that \
               throws) or even 404. It is known by the body, by a request without `Origin` that succeeds, or by the other CORS headers.",
        fix: "Add the page's origin to the server's list of allowed origins, exactly as the browser sends it: scheme, host and port, without a \
              slash at the end.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

/// What CORS layers write into the body of a refusal.
const SIGNS: [&str; 6] = [
    "Invalid CORS request",
    "Not allowed by CORS",
    "Disallowed CORS origin",
    "CORSResponse: ",
    "CORS is not enabled for this bucket",
    "Invalid origin",
];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if !matches!(refusal.reason, Reason::AllowOriginMissing | Reason::PreflightStatus { .. }) {
        return None;
    }
    let (exchange, response) = evidence.refused(refusal)?;
    if response.headers.contains(ACCESS_CONTROL_ALLOW_ORIGIN) {
        return None;
    }
    let origin = &refusal.origin;
    let sign = evidence.refused_body(refusal).and_then(|body| body.line_with(&SIGNS));
    let beside =
        evidence.without_origin().map(|compared| compared.response).filter(|beside| is_success(beside));
    let refused_beside_success = response.status >= 400 && beside.is_some();
    let mut seen = Vec::new();
    seen.extend(sign.as_ref().map(|line| format!("The body says {line}.")));
    if let (true, Some(beside)) = (refused_beside_success, beside) {
        seen.push(format!("The same request without `Origin` is answered with status {}.", beside.status));
    }
    let has_rest = evidence.knows_cors(response) || depends_on_origin(response);
    if has_rest && seen.is_empty() {
        seen.push(
            "Other headers show that a CORS layer answered: only the one for this origin is missing."
                .to_owned(),
        );
    }
    let confidence = match (sign.is_some(), refused_beside_success, has_rest) {
        (true, ..) => Confidence::Certain,
        (false, true, true) => Confidence::Certain,
        (false, true, false) | (false, false, true) => Confidence::Likely,
        (false, false, false) => return None,
    };
    let status = if response.status >= 400 {
        format!(": it answers with status {}", response.status)
    } else {
        String::new()
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence,
        is_cors: true,
        title: format!("The server's own CORS check refuses {origin}{status}."),
        evidence: seen,
        fix: Fix::new(
            format!(
                "Add `{origin}` to the server's list of allowed origins, exactly as it stands here. The response to this {} then has:",
                exchange.method
            ),
            header_lines::response(evidence.request),
        ),
    })
}

/// Returns `true` if `Vary` names `Origin`.
fn depends_on_origin(response: &corsac::browser::ResponseHead) -> bool {
    response
        .headers
        .all("vary")
        .flat_map(corsac::header::list_items)
        .any(|item| item.eq_ignore_ascii_case(b"origin"))
}
