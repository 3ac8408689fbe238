//! An error status without CORS headers, and nothing that says more.

use corsac::browser::{Reason, Refusal, Stage};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success};
use crate::explain::Fix;
use crate::header_lines;
use crate::stack::{is_page_of_nginx, nginx_headers};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "error-status-without-cors",
        title: "The server answered with an error, and its error page has no CORS headers",
        what: "The browser keeps any response without CORS headers from the page, errors too. So the true error hides behind a CORS message: a \
               crash, a proxy without its server, a rate limit, a missing login, a wrong URL.",
        fix: "Find out why the server answers with that status. Then let errors carry the CORS headers, too: put the CORS layer outermost, \
              nginx `add_header ... always`, Apache `Header always set`.",
        is_cors: false,
    },
    weight: Weight::Status,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let is_same_beside = evidence.is_same_without_origin(response);
    let is_preflight = refusal.stage == Stage::Preflight;
    // An error that only the preflight gets may be the server's way to refuse it, unless it comes from a proxy that has no server.
    let is_about_preflights = is_preflight && !is_same_beside && !matches!(response.status, 429 | 502..=504);
    if refusal.reason != Reason::AllowOriginMissing
        || is_about_preflights
        || response.status < 400
        || evidence.knows_cors(response)
    {
        return None;
    }
    // A preflight that passed, or the same request without `Origin` that succeeds, says more than the status.
    let succeeds_beside = evidence.without_origin().is_some_and(|beside| is_success(beside.response));
    if succeeds_beside || evidence.preflights().last().is_some_and(|(_, preflight)| is_success(preflight)) {
        return None;
    }
    let status = response.status;
    let mut seen = vec![format!("Status {status}, and not one CORS header.")];
    seen.extend(
        evidence
            .refused_body(refusal)
            .and_then(|body| body.telling_line())
            .map(|line| format!("The body says {line}.")),
    );
    if is_same_beside {
        let what = if is_preflight { "A GET" } else { "The same request" };
        seen.push(format!("{what} without `Origin` gets the same status."));
    }
    let (layer, why) = why(status);
    let asked = if is_preflight { "preflight" } else { exchange.method.as_str() };
    let first = first(status);
    Some(Cause {
        code: RULE.entry.code,
        layer,
        confidence: Confidence::Likely,
        is_cors: false,
        title: format!(
            "The server answered the {asked} with status {status}{why}. That answer has no CORS headers, so the page sees a CORS error in its place."
        ),
        evidence: seen,
        fix: if is_preflight {
            Fix::new(
                format!("{first} A preflight needs a status of 2xx: CORS headers alone do not help."),
                Vec::new(),
            )
        } else {
            let lines = header_lines::response(evidence.request);
            let is_nginx = is_page_of_nginx(response, evidence.refused_body(refusal));
            let nginx = is_nginx.then(|| nginx_headers(&lines));
            Fix::new(format!("{first} Then let errors carry the CORS headers, too:"), lines).in_stack(nginx)
        },
    })
}

/// What to do before the headers.
fn first(status: u16) -> &'static str {
    match status {
        404 => "Check the URL first.",
        413 => "Raise the limit for the size of a request in the proxy or the application, or send less.",
        429 => {
            "Wait as long as `Retry-After` says. If preflights use up the limit, let the CORS layer run before it."
        }
        502..=504 => {
            "Look whether the application runs, and at the proxy's time limit: the application may have done the work all the same."
        }
        _ => "Find out first why the server answers so.",
    }
}

fn why(status: u16) -> (Layer, &'static str) {
    match status {
        401 => (Layer::Application, ": it wants a login"),
        404 => (Layer::Application, ": it knows nothing at this URL"),
        405 => (Layer::Application, ": it does not take this method here"),
        413 => (Layer::Proxy, ": the upload is larger than it takes"),
        429 => (Layer::Proxy, ": a rate limit"),
        502..=504 => (Layer::Proxy, ": the proxy cannot reach the application, or lost patience with it"),
        500.. => (Layer::Application, ": it failed"),
        _ => (Layer::Application, ""),
    }
}
