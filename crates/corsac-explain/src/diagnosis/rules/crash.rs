//! The application failed, and its error page is sent without passing through the CORS layer.

use corsac::browser::{Refusal, Stage};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success};
use crate::explain::Fix;
use crate::header_lines;
use crate::stack::{is_page_of_nginx, nginx_headers};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "error-behind-good-preflight",
        title: "The preflight passed, but the request itself got an error without CORS headers",
        what: "The server answers preflights correctly, but it answered the request itself with an error. The error \
               has no CORS headers, so the page sees a CORS error instead of the real one: the error does not pass \
               through the CORS layer, or the headers are set on successful responses only.",
        fix: "Find the error first; its body says more than the browser shows. Then send the CORS headers with \
              errors, too: make the CORS layer the outermost one, or use nginx `add_header ... always` or Apache \
              `Header always set`.",
        is_cors: false,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let preflight = evidence.preflights().last()?.1;
    if refusal.stage == Stage::Preflight
        || !is_success(preflight)
        || response.status < 400
        || evidence.knows_cors(response)
    {
        return None;
    }
    let (method, status) = (&exchange.method, response.status);
    let (is_cors, title, advice) = match status {
        401 => (
            false,
            format!("The server does not accept the login sent with the {method}"),
            "Send a valid login. If the server is yours, send the CORS headers with this response, too, so that the \
             page can see it:",
        ),
        405 | 429 => (
            true,
            format!(
                "The server may well refuse the {method} like that, but the response lacks the CORS headers that the \
                 preflight has"
            ),
            "Send the CORS headers with errors as well as with successes, so that the page can see the status:",
        ),
        413 => (
            false,
            format!("The {method} is larger than the server or its proxy allows"),
            "Raise the size limit for requests there, or send less. Then send the CORS headers with errors, too, so \
             that the page can see them:",
        ),
        502..=504 => (
            false,
            format!("The proxy could not reach the application for the {method}, or its time limit ran out"),
            "Check the proxy's time limit and the application's log: the application may have done the work anyway. \
             Then send the CORS headers with the proxy's own errors, too:",
        ),
        500.. => (
            false,
            format!("The application failed on the {method}"),
            "Find the error first. Then send the CORS headers with errors, too, so that the page can see them:",
        ),
        _ => (
            false,
            format!("The server refused the {method}"),
            "Find out why first. Then send the CORS headers with errors, too, so that the page can see them:",
        ),
    };
    let mut seen =
        vec![format!("Status {} without CORS headers, after a preflight that had them.", response.status)];
    seen.extend(
        evidence
            .refused_body(refusal)
            .and_then(|body| body.error_line())
            .map(|line| format!("The body says {line}.")),
    );
    let lines = header_lines::response(evidence.request);
    let is_nginx = is_page_of_nginx(response, evidence.refused_body(refusal));
    let nginx = is_nginx.then(|| nginx_headers(&lines));
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Application,
        confidence: Confidence::Likely,
        is_cors,
        title: format!(
            "{title}: it answered with status {status} and no CORS headers, so the page sees a CORS error instead. \
             The preflight passed."
        ),
        evidence: seen,
        fix: Fix::new(advice, lines).in_stack(nginx),
    })
}
