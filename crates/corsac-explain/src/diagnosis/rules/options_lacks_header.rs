//! The answer to `OPTIONS` has CORS headers, but not `Access-Control-Allow-Origin`, which other methods have.

use corsac::browser::{Reason, Refusal, Stage};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, depends_on_origin};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;
use crate::stack::{is_nginx, nginx_headers};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "options-lacks-allow-origin",
        title: "Only the answer to `OPTIONS` lacks `Access-Control-Allow-Origin`",
        what: "The server answers the preflight with some CORS headers, but without `Access-Control-Allow-Origin`, \
               while the response to a GET from the same page has it. The origin is allowed; the branch that answers \
               `OPTIONS` does not send the header. In nginx, an `if` or `location` with an `add_header` discards all \
               those outside it.",
        fix: "Send `Access-Control-Allow-Origin` in the branch that answers `OPTIONS`, too. In nginx, repeat every \
              `add_header` inside the block that has one.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if refusal.stage != Stage::Preflight || refusal.reason != Reason::AllowOriginMissing {
        return None;
    }
    let (_, response) = evidence.refused(refusal)?;
    let control = evidence.allowed_without_preflight()?;
    if !evidence.knows_cors(response) && !depends_on_origin(response) {
        return None;
    }
    let lines = header_lines::failed(Case { refusal, request: evidence.request });
    let nginx = is_nginx(response).then(|| nginx_headers(&lines));
    let change = if nginx.is_some() {
        "In nginx, an `add_header` in a block discards all those outside it. Repeat them in the block that answers \
         `OPTIONS`, so that it sends:"
    } else {
        "Send the header in the branch that answers `OPTIONS`, too:"
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "The preflight's response lacks `Access-Control-Allow-Origin`. CORS is on and {} is allowed: only the \
             answer to `OPTIONS` lacks it.",
            refusal.origin
        ),
        evidence: vec![format!(
            "The answer to {} has status {} and the header.",
            control.what, control.response.status
        )],
        fix: Fix::new(change, lines).in_stack(nginx),
    })
}
