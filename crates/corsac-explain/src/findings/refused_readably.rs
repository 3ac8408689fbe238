//! Errors that the page may read, and in which the server refuses the page all the same.

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
                "The page may read the response, but it is status {status}: a guard of the server refuses {refuses}. The body says {line}."
            ),
            fix,
        )
    } else if let Some(line) = cors_line.filter(|_| is_own) {
        (
            format!(
                "The page and the server have the same origin, and the server's CORS check refuses it with status {status} all the same: the body \
                 says {line}. The server does not know its own public address."
            ),
            "Have the proxy in front pass on `Host`, `X-Forwarded-Proto` and `X-Forwarded-Port`, and the server trust them; or add the origin to the \
             server's list."
                .to_owned(),
        )
    } else {
        let beside =
            evidence.without_origin().filter(|beside| is_success(beside.response) && status < 500)?;
        (
            format!(
                "The page may read the response, but it is status {status}, and without `Origin` the same request is answered with status {}: a \
                 guard of the server refuses the origin.",
                beside.response.status
            ),
            format!(
                "Add `{}` to the list of the server's own check of origins, beside the CORS settings.",
                request.origin()
            ),
        )
    };
    Some(Finding::new("refused-readably", FindingSeverity::Problem, message, fix))
}
