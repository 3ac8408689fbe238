//! Errors that the page may read, but with which the server refuses the page.

use corsac::origin::Origin;

use super::{Evidence, Finding, FindingSeverity};
use crate::diagnosis::{CORS_REFUSALS, guard_named};
use crate::evidence::is_success;

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(refused_readably(evidence));
}

fn refused_readably(evidence: &Evidence<'_>) -> Option<Finding> {
    let (_, response) =
        evidence.response().filter(|(_, response)| evidence.is_readable() && response.status >= 400)?;
    let request = evidence.request;
    let (status, body) = (response.status, evidence.last_body());
    let own = Origin::of(&request.init().url);
    let is_own = request.origin().same_origin(&own);
    let cors_line = body.and_then(|body| body.line_with(&CORS_REFUSALS));
    let (message, fix) = if let Some((guard, line)) = guard_named(response, body) {
        let (refuses, fix) = guard.advice(request.origin().as_str());
        (
            format!(
                "The page may read the response, but its status is {status}: a check on the server refuses \
                 {refuses}. The body says {line}."
            ),
            fix,
        )
    } else if let Some(line) = cors_line.filter(|_| is_own) {
        (
            format!(
                "The page and the server have the same origin, but the server's CORS check still refuses it with \
                 status {status}: the body says {line}. The server does not know its own public address."
            ),
            "Make the proxy in front of the server forward `Host`, `X-Forwarded-Proto` and `X-Forwarded-Port`, and \
             the server trust them. Or add the origin to the server's list."
                .to_owned(),
        )
    } else {
        let control =
            evidence.without_origin().filter(|control| is_success(control.response) && status < 500)?;
        (
            format!(
                "The page may read the response, but its status is {status}, and without `Origin` the same request \
                 gets status {}: a check on the server refuses the origin.",
                control.response.status
            ),
            format!(
                "Add `{}` to the list of the server's own origin check, which is separate from its CORS settings.",
                request.origin()
            ),
        )
    };
    Some(Finding::new("refused-readably", FindingSeverity::Problem, message, fix))
}
