//! The lines that passed, and what rules read in others.

use corsac::browser::{Credentials, Request, ResponseHead, Rule, RuleResult, TraceEntry};
use corsac::header::list_items;
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CROSS_ORIGIN_RESOURCE_POLICY, TIMING_ALLOW_ORIGIN,
};

use super::line::Line;

/// Returns the lines that this rule accepted or noted. Most rules have one; rules that are about no line have none.
pub(super) fn passed(entry: &TraceEntry, response: &ResponseHead, request: &Request) -> Vec<Line> {
    let rule = entry.rule;
    let named = |name| Line::named(Some(response), name);
    let line = match rule {
        Rule::CorsCheck => return cors_check(entry, response, request),
        Rule::PreflightStatus => Line::status(response.status).passes(rule, "is 200 to 299"),
        Rule::PreflightMethod => method(entry, response),
        Rule::PreflightHeaders => {
            let text = match stands_for_all(response, request) {
                true => "`*` stands for every name",
                false => "every name is listed",
            };
            named(ACCESS_CONTROL_ALLOW_HEADERS).passes(rule, text)
        }
        Rule::PreflightCache => named(ACCESS_CONTROL_MAX_AGE).noted(rule, without_subject(&entry.evidence)),
        Rule::TaoCheck => named(TIMING_ALLOW_ORIGIN).noted(rule, "script sees no timing"),
        Rule::ResourcePolicyCheck => {
            named(CROSS_ORIGIN_RESOURCE_POLICY).passes(rule, "the page may embed it")
        }
        Rule::LoadCheck if entry.result == RuleResult::Pass => {
            Line::status(response.status).passes(rule, "the WebSocket is open")
        }
        _ => return Vec::new(),
    };
    // A safelisted method needs no header, and a preflight without `Access-Control-Max-Age` is kept for a while.
    if line.value.is_some() { vec![line] } else { Vec::new() }
}

/// "the response is kept for 600 s"
fn without_subject(evidence: &str) -> &str {
    evidence.strip_prefix("the response ").unwrap_or(evidence)
}

fn cors_check(entry: &TraceEntry, response: &ResponseHead, request: &Request) -> Vec<Line> {
    let rest = entry.evidence.strip_prefix("Access-Control-Allow-Origin: ").unwrap_or_default();
    let (value, with_credentials) = match rest.strip_suffix("; Access-Control-Allow-Credentials: true") {
        Some(value) => (value, true),
        None => (rest, false),
    };
    let mut lines = vec![allow_origin(value, entry.rule, response, request)];
    if with_credentials {
        lines.push(
            Line::named(Some(response), ACCESS_CONTROL_ALLOW_CREDENTIALS)
                .passes(entry.rule, "credentials allowed"),
        );
    }
    lines
}

/// The line that names the request's origin, or everybody.
pub(super) fn allow_origin(value: &str, rule: Rule, response: &ResponseHead, request: &Request) -> Line {
    let text = match value {
        "*" => "`*` is every origin",
        value if value == request.origin().as_str() => "origin is the page's",
        "null" => "origin is `null`, as sent",
        _ => "origin is the one sent",
    };
    Line::named(Some(response), ACCESS_CONTROL_ALLOW_ORIGIN).passes(rule, text)
}

fn method(entry: &TraceEntry, response: &ResponseHead) -> Line {
    let listed = entry.evidence.strip_prefix("Access-Control-Allow-Methods lists ");
    let safelisted = entry.evidence.strip_suffix(" is safelisted and needs no listing");
    let holds =
        |value: &[u8]| listed.is_some_and(|method| list_items(value).any(|item| item == method.as_bytes()));
    let text = match (listed, safelisted) {
        (Some(method), _) => format!("{method} is listed"),
        (None, Some(method)) => format!("{method} needs no listing"),
        (None, None) => "`*` is every method".to_owned(),
    };
    Line::holding(Some(response), ACCESS_CONTROL_ALLOW_METHODS, holds).passes(entry.rule, text)
}

fn stands_for_all(response: &ResponseHead, request: &Request) -> bool {
    request.init().credentials != Credentials::Include
        && response
            .headers
            .all(ACCESS_CONTROL_ALLOW_HEADERS)
            .any(|value| list_items(value).any(|item| item == b"*"))
}
