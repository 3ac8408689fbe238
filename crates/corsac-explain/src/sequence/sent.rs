//! The lines of a request that matter.

use corsac::browser::{CompletedExchange, Reason, Request, Rule, RuleResult};
use corsac::header::names::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};

use super::fold::fewer;
use super::line::Line;
use super::part::Part;
use super::step::Step;
use crate::relevant_headers::request_line_matters;

/// Returns the step of a request. `refused` is why its response was refused, if it was.
pub(super) fn sent(part: &Part<'_>, request: &Request, refused: Option<&Reason>, cookies: &[String]) -> Step {
    let CompletedExchange { exchange, .. } = part.completed;
    let from_script = |name: &str| request.headers().iter().any(|own| own.is(name));
    let mut lines: Vec<Line> = exchange
        .headers
        .iter()
        .filter(|line| request_line_matters(line) || from_script(&line.name))
        .map(Line::of)
        .map(|line| marked(line, request, refused))
        .collect();
    if exchange.credentials && !cookies.is_empty() {
        lines.push(Line::fact("Cookie", cookies.join("; ")));
    }
    let permitted = part
        .after
        .iter()
        .filter(|entry| entry.rule == Rule::LocalNetworkAccess && entry.result == RuleResult::Pass);
    lines.extend(permitted.map(|entry| {
        let address = part.completed.address.map(|address| address.to_string()).unwrap_or_default();
        Line::fact("address", address).passes(entry.rule, entry.evidence.as_ref())
    }));
    let (lines, more) = fewer(lines);
    Step::Sent {
        kind: exchange.kind.as_str(),
        what: None,
        note: None,
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        lines,
        more,
    }
}

/// Marks what the response does not allow, and an origin that a redirect took away.
fn marked(line: Line, request: &Request, refused: Option<&Reason>) -> Line {
    let is = |name: &str| line.name.eq_ignore_ascii_case(name);
    if is(ORIGIN) && line.value.as_deref() == Some("null") && request.origin().as_str() != "null" {
        return line.marked("null");
    }
    match refused {
        Some(Reason::MethodNotAllowed { method, .. }) if is(ACCESS_CONTROL_REQUEST_METHOD) => {
            line.marked(method)
        }
        Some(Reason::HeaderNotAllowed { name, .. }) if is(ACCESS_CONTROL_REQUEST_HEADERS) => {
            line.marked(&name.to_ascii_lowercase())
        }
        Some(Reason::AuthorizationWildcard { .. }) if is(ACCESS_CONTROL_REQUEST_HEADERS) => {
            line.marked("authorization")
        }
        _ => line,
    }
}
