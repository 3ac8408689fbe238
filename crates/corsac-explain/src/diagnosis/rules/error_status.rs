//! An error status without CORS headers, and no further evidence.

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
        title: "The server answered with an error that has no CORS headers",
        what: "The browser does not let the page read any response without CORS headers, errors included. So a CORS \
               message hides the real error: a crash, a proxy that cannot reach its server, a rate limit, a missing \
               login or a wrong URL.",
        fix: "Find out why the server answers with that status. Then send the CORS headers with errors, too: make \
              the CORS layer the outermost one, or use nginx `add_header ... always` or Apache `Header always set`.",
        is_cors: false,
    },
    weight: Weight::Status,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let is_same_without_origin = evidence.is_same_without_origin(response);
    let is_preflight = refusal.stage == Stage::Preflight;
    // An error that only the preflight gets may be the way in which the server refuses it, unless it comes from a proxy that cannot reach
    // its server.
    let is_about_preflights =
        is_preflight && !is_same_without_origin && !matches!(response.status, 429 | 502..=504);
    if refusal.reason != Reason::AllowOriginMissing
        || is_about_preflights
        || response.status < 400
        || evidence.knows_cors(response)
    {
        return None;
    }
    // A preflight that passed, or the same request that succeeds without `Origin`, is better evidence than the status.
    let succeeds_without_origin =
        evidence.without_origin().is_some_and(|control| is_success(control.response));
    if succeeds_without_origin
        || evidence.preflights().last().is_some_and(|(_, preflight)| is_success(preflight))
    {
        return None;
    }
    let status = response.status;
    let mut seen = vec![format!("Status {status}, without any CORS header.")];
    seen.extend(
        evidence
            .refused_body(refusal)
            .and_then(|body| body.error_line())
            .map(|line| format!("The body says {line}.")),
    );
    if is_same_without_origin {
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
            "The server answered the {asked} with status {status}{why}. That response has no CORS headers, so the \
             page sees a CORS error instead."
        ),
        evidence: seen,
        fix: if is_preflight {
            Fix::new(
                format!("{first} A preflight's response needs a 2xx status: CORS headers alone do not help."),
                Vec::new(),
            )
        } else {
            let lines = header_lines::response(evidence.request);
            let is_nginx = is_page_of_nginx(response, evidence.refused_body(refusal));
            let nginx = is_nginx.then(|| nginx_headers(&lines));
            Fix::new(format!("{first} Then send the CORS headers with errors, too:"), lines).in_stack(nginx)
        },
    })
}

/// Returns what to do first, before adding headers.
fn first(status: u16) -> &'static str {
    match status {
        404 => "Check the URL first.",
        413 => "Raise the size limit for requests in the proxy or the application, or send less.",
        429 => {
            "Wait as long as `Retry-After` says. If preflights use up the limit, let the CORS layer run before the \
             rate limit."
        }
        502..=504 => {
            "Check whether the application is running, and the proxy's time limit: the application may have done the \
             work anyway."
        }
        _ => "Find out first why the server does that.",
    }
}

fn why(status: u16) -> (Layer, &'static str) {
    match status {
        401 => (Layer::Application, ": it requires a login"),
        404 => (Layer::Application, ": it has nothing at this URL"),
        405 => (Layer::Application, ": it does not allow this method here"),
        413 => (Layer::Proxy, ": the upload is larger than it allows"),
        429 => (Layer::Proxy, ": a rate limit"),
        502..=504 => (Layer::Proxy, ": the proxy cannot reach the application, or its time limit ran out"),
        500.. => (Layer::Application, ": it failed"),
        _ => (Layer::Application, ""),
    }
}
