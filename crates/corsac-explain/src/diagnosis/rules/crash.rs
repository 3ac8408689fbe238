//! The application failed, and its error page is made outside the CORS layer.

use corsac::browser::{Refusal, Stage};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::Evidence;
use crate::explain::Fix;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "error-behind-good-preflight",
        title: "The preflight passed, and the request itself ended in an error without CORS headers",
        what: "The server answers preflights well, and the request that came after was answered with an error. The error page has no CORS \
               headers, so the page sees a CORS error in place of the true one: the error is made outside the CORS layer, or the headers are \
               set for successful responses only.",
        fix: "Find the error first; its body says more than the browser shows. Then let errors carry the CORS headers, too: put the CORS layer \
              outermost, nginx `add_header ... always`, Apache `Header always set`.",
        is_cors: false,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let preflight = evidence.preflights().last()?.1;
    let passed = (200..300).contains(&preflight.status);
    if refusal.stage == Stage::Preflight || !passed || response.status < 400 || evidence.knows_cors(response)
    {
        return None;
    }
    let method = &exchange.method;
    let what =
        if response.status >= 500 { "The application failed" } else { "The server refused the request" };
    let mut seen =
        vec![format!("Status {} without CORS headers, after a preflight that had them.", response.status)];
    seen.extend(
        evidence
            .refused_body(refusal)
            .and_then(|body| body.telling_line())
            .map(|line| format!("The body says {line}.")),
    );
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Application,
        confidence: Confidence::Likely,
        is_cors: false,
        title: format!(
            "{what}: the {method} was answered with status {}. That answer has no CORS headers, so the page sees a CORS error in its place. \
             The preflight passed.",
            response.status
        ),
        evidence: seen,
        fix: Fix::new(
            "Find the error first. Then let errors carry the CORS headers, too, so that the page can see them:",
            header_lines::response(evidence.request),
        ),
    })
}
