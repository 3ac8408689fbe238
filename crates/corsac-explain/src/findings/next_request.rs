//! The next request of a protocol's client, which the server does not allow.

use std::time::Duration;

use corsac::browser::{Engine, Fetch, Outcome, PreflightCache, Step};

use super::{Evidence, Finding, FindingSeverity};
use crate::fact::Case;
use crate::{header_lines, next_request};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(refused(evidence));
}

fn refused(evidence: &Evidence<'_>) -> Option<Finding> {
    let preflight = evidence.controls.next_preflight?;
    preflight.response()?;
    let (_, response) = evidence.response()?;
    let next = next_request(evidence.request, response)?;
    let mut fetch = Fetch::new(next.request.clone(), Engine::Spec.profile());
    let mut cache = PreflightCache::default();
    fetch.next(&mut cache, Duration::ZERO);
    fetch.receive(preflight.result.clone());
    let Step::Done(Outcome::Refused(refusal)) = fetch.next(&mut cache, Duration::ZERO) else { return None };
    let lines = header_lines::failed(Case { refusal, request: &next.request });
    Some(Finding::new(
        "next-request-refused",
        FindingSeverity::Warning,
        format!(
            "The next {} of {} client will be refused: its preflight was asked, and browsers do not take the answer ({}).",
            next.request.method(),
            if next.protocol == "MCP" { "an MCP" } else { "a tus" },
            refusal.reason,
        ),
        format!("Answer that preflight with status 204 and `{}`.", lines.join("`, `")),
    ))
}
