//! The application failed, and its error page is made outside the CORS layer.

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
        title: "The preflight passed, and the request itself ended in an error without CORS headers",
        what: "The server answers preflights well, and the request that came after was answered with an error. The error page has no CORS \
               headers, so the page sees a CORS error in place of the true one: the error is made outside the CORS layer, or the headers are \
               set for successful responses only.",
        fix: "Find the error first; its body says more than the browser shows. Then let errors carry the CORS headers, too: put the CORS layer \
              outermost, nginx `add_header ... always`, Apache `Header always set`.",
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
            format!("The server does not accept the login of the {method}"),
            "Send a login that is valid. If the server is yours, let this answer carry the CORS headers, too, so that the page can see it:",
        ),
        405 | 429 => (
            true,
            format!(
                "The {method} may well be refused so, but the refusal lacks the CORS headers that the preflight has"
            ),
            "Let errors carry the CORS headers as successes do, so that the page can see the status:",
        ),
        413 => (
            false,
            format!("The {method} is larger than the server or its proxy takes"),
            "Raise the limit for the size of a request there, or send less. Then let errors carry the CORS headers, too, so that the page can see them:",
        ),
        502..=504 => (
            false,
            format!("The proxy did not reach the application at the {method}, or lost patience with it"),
            "Look at the proxy's time limit and at the application's log; the application may have done the work all the same. Then let the proxy's own \
             errors carry the CORS headers, too:",
        ),
        500.. => (
            false,
            format!("The application failed at the {method}"),
            "Find the error first. Then let errors carry the CORS headers, too, so that the page can see them:",
        ),
        _ => (
            false,
            format!("The server refused the {method}"),
            "Find out first why it did. Then let errors carry the CORS headers, too, so that the page can see them:",
        ),
    };
    let mut seen =
        vec![format!("Status {} without CORS headers, after a preflight that had them.", response.status)];
    seen.extend(
        evidence
            .refused_body(refusal)
            .and_then(|body| body.telling_line())
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
            "{title}: it was answered with status {status} and no CORS headers, so the page sees a CORS error in its place. The preflight passed."
        ),
        evidence: seen,
        fix: Fix::new(advice, lines).in_stack(nginx),
    })
}
