//! The next request of a protocol's client, if the server does not allow it.

use super::{Evidence, Finding, FindingSeverity};
use crate::fact::Case;
use crate::preflight_answer::refusal_of_preflight;
use crate::{header_lines, next_request};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(refused(evidence));
}

fn refused(evidence: &Evidence<'_>) -> Option<Finding> {
    let answer = evidence.controls.next_preflight?.response()?;
    let (_, response) = evidence.response()?;
    let next = next_request(evidence.request, response)?;
    let refusal = refusal_of_preflight(&next.request, answer)?;
    let lines = header_lines::failed(Case { refusal: &refusal, request: &next.request });
    Some(Finding::new(
        "next-request-refused",
        FindingSeverity::Warning,
        format!(
            "The next {} of {} client will be refused: Corsac sent its preflight, and browsers do not accept the \
             answer ({}).",
            next.request.method(),
            if next.protocol == "MCP" { "an MCP" } else { "a tus" },
            refusal.reason,
        ),
        format!("Answer that preflight with status 204 and `{}`.", lines.join("`, `")),
    ))
}
