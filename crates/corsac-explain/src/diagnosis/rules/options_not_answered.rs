//! No CORS layer answers `OPTIONS`: the framework or the server does, and it does not support preflights.

use corsac::browser::{Reason, Refusal, ResponseHead, Stage};

use super::html_instead_of_data::leads_to_a_page;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Body, Evidence, depends_on_origin, is_success, printable};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "options-not-answered",
        title: "No CORS layer answers `OPTIONS`",
        what: "The preflight, an `OPTIONS` request, does not reach a CORS layer. The server has no such route (404), \
               does not allow the method (405, 501), or answers by itself with the allowed methods (`Allow`) and \
               without CORS headers. `Allow` is not `Access-Control-Allow-Methods`, and browsers ignore it.",
        fix: "Make `OPTIONS` requests to each path reach the CORS layer: run it before the router, or add a handler \
              for `OPTIONS`.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let is_about = matches!(refusal.reason, Reason::AllowOriginMissing | Reason::PreflightStatus { .. });
    if refusal.stage != Stage::Preflight || !is_about {
        return None;
    }
    let (_, response) = evidence.refused(refusal)?;
    if evidence.knows_cors(response) || depends_on_origin(response) {
        return None;
    }
    // There is nothing for any method, so `OPTIONS` is not the problem.
    if response.status == 404 && evidence.is_same_without_origin(response) || leads_to_a_page(evidence) {
        return None;
    }
    let line = evidence.refused_body(refusal).and_then(|body| body.line_with(&["OPTIONS", NO_ROUTE]));
    let control = evidence.allowed_without_preflight();
    let answer = answer(response, line, control.is_some())?;
    // The GET was answered as for an unknown path, so the route may lack the headers for every method.
    let is_of_no_route = control.is_some_and(|control| !is_success(control.response));
    let (also, change) = match control {
        _ if answer.is_gateway && evidence.is_same_without_origin(response) => (
            "",
            "A GET gets the same response, so check the path and the stage in the URL first. Then add the method \
             `OPTIONS` to the path.",
        ),
        Some(_) if is_of_no_route => (
            "",
            "Let the CORS layer run before the routes. An unknown path gets its headers, but this route's answer to \
             `OPTIONS` does not.",
        ),
        Some(_) => (
            " Only the answer to `OPTIONS` lacks the CORS headers.",
            "Make the CORS layer answer `OPTIONS`: run it before the router, or add a handler for `OPTIONS`.",
        ),
        None => ("", "Enable CORS in the server's settings, or let its CORS layer run before the router."),
    };
    let mut seen = vec![answer.evidence];
    seen.extend(match control {
        Some(control) if is_of_no_route => {
            Some(format!("CORS is enabled: {} gets status {} and `Access-Control-Allow-Origin`.", control.what, control.response.status))
        }
        Some(control) => Some(format!(
            "CORS is enabled for other methods: {} gets status {} and `Access-Control-Allow-Origin`.",
            control.what, control.response.status
        )),
        None if answer.is_gateway => None,
        None => Some(
            "A CORS layer that forwards what it does not allow would look the same, so make sure that the origin is \
             on its list.".to_owned(),
        ),
    });
    Some(Cause {
        code: RULE.entry.code,
        layer: if answer.is_gateway { Layer::Proxy } else { Layer::Application },
        confidence: if control.is_some() && !is_of_no_route {
            Confidence::Certain
        } else {
            Confidence::Likely
        },
        is_cors: true,
        title: format!("No CORS layer answers the preflight. {}{also}", answer.title),
        evidence: seen,
        fix: Fix::new(
            format!("{change} The preflight's response needs a 2xx status and:"),
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}

/// What API gateways write if a path does not have the method. It has nothing to do with a token.
const NO_ROUTE: &str = "Missing Authentication Token";

/// Returns `true` if the answer to `OPTIONS` says that the method is not allowed, or not without a login, for any origin.
pub(super) fn refuses_options(status: u16, body: Option<Body<'_>>) -> bool {
    matches!(status, 401 | 404 | 405 | 501) || body.is_some_and(|body| body.line_with(&[NO_ROUTE]).is_some())
}

struct Answer {
    title: String,
    evidence: String,
    is_gateway: bool,
}

fn answer(response: &ResponseHead, line: Option<String>, is_on_for_others: bool) -> Option<Answer> {
    let status = response.status;
    let allow = response.headers.text("allow").map(|value| format!("`Allow: {}`", printable(&value)));
    let is_gateway = status == 403 && line.as_ref().is_some_and(|line| line.contains(NO_ROUTE));
    let title = match status {
        403 if is_gateway => {
            "The gateway answers `OPTIONS` with status 403: the path has no such method.".to_owned()
        }
        404 => "The server answers `OPTIONS` with status 404: it has no such route.".to_owned(),
        405 => "The server answers `OPTIONS` with status 405: it does not allow this method here.".to_owned(),
        501 => "The server answers `OPTIONS` with status 501: it does not know this method.".to_owned(),
        200..=299 if allow.is_some() => {
            format!(
                "The server or its framework answers `OPTIONS` itself, with status {status} and without CORS headers."
            )
        }
        200..=299 if line.is_some() => {
            format!(
                "The server answers `OPTIONS` with an error message in a response with status {status}, and without \
                 CORS headers."
            )
        }
        // A platform in front of the server answers with 401 or 403, too.
        200..=299 | 400 | 500.. if is_on_for_others => {
            format!("The server answers `OPTIONS` with status {status} and without CORS headers.")
        }
        _ => return None,
    };
    let evidence = match (allow, line) {
        (_, Some(line)) if is_gateway => format!(
            "The body says {line}. Gateways write that if a path does not have the method; it is not about a token."
        ),
        (Some(allow), _) => {
            format!("The response to the preflight has status {status} and {allow}, which browsers ignore.")
        }
        (None, Some(line)) => format!("Status {status}, and the body says {line}."),
        (None, None) => format!("Status {status} for the preflight, without any CORS header."),
    };
    Some(Answer { title, evidence, is_gateway })
}
