//! The CORS layer answers, but there is nothing at the URL.

use corsac::browser::{CompletedExchange, Reason, Refusal, Stage};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::Evidence;
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "nothing-at-url",
        title: "There is nothing at this URL",
        what: "The preflight gets status 404 with CORS headers, and a GET of the same URL gets 404, too. The \
               server's CORS layer works, but no route has this path.",
        fix: "Check the path, including the prefix that the server or its proxy adds, and the version.",
        is_cors: false,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let is_not_found =
        matches!(refusal.reason, Reason::PreflightStatus { .. }) && refusal.status == Some(404);
    let get = evidence
        .controls
        .without_preflight
        .or(evidence.controls.without_origin)
        .and_then(CompletedExchange::response)?;
    if refusal.stage != Stage::Preflight || !is_not_found || get.status != 404 {
        return None;
    }
    let url = &evidence.request.init().url;
    let line = evidence.refused_body(refusal).and_then(|body| body.error_line());
    let mut seen = vec!["The preflight and a GET both get status 404.".to_owned()];
    seen.extend(line.map(|line| format!("The body says {line}.")));
    seen.push("A route that allows neither `OPTIONS` nor GET would look the same.".to_owned());
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Page,
        confidence: Confidence::Likely,
        is_cors: false,
        title: format!(
            "There is nothing at {}: the preflight gets status 404. Its CORS headers are already right.",
            url.path()
        ),
        evidence: seen,
        fix: Fix::new(
            "Check the path in the page: the prefix that the server or its proxy adds, the version, singular and \
             plural.",
            Vec::new(),
        ),
    })
}
