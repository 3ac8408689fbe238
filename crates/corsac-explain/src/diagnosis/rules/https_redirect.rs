//! The server redirects http to https.

use corsac::browser::Refusal;
use url::Url;

use super::redirect::Redirect;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "https-redirect",
        title: "The server redirects http to https",
        what: "The page uses http, and the server redirects it to the same path with https. A preflight may not be \
               redirected at all. For other requests, http and https are different origins: after the redirect the \
               browser sends `Origin: null`, so CORS headers on the redirect are not enough.",
        fix: "Write https in the URL that the page requests.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let redirect = Redirect::that_is_the_cause(evidence, refusal)?;
    let (from, to) = (&redirect.exchange.url, &redirect.to);
    let is_upgrade = from.scheme() == "http" && to.scheme() == "https";
    let is_same = from.host_str() == to.host_str() && from.path() == to.path() && from.query() == to.query();
    if !is_upgrade || !is_same {
        return None;
    }
    let rule =
        redirect.rule(refusal, "After the redirect the browser sends `Origin: null`, which is refused.");
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Page,
        confidence: redirect.confidence(),
        is_cors: true,
        title: format!("The server redirects http to https. {rule}"),
        evidence: vec![format!(
            "Status {}, `Location: {}`.{}",
            redirect.response.status,
            printable(&redirect.location),
            port(from, to)
        )],
        fix: Fix::new(format!("Request {to}.{}", redirect.not_enough(evidence, refusal)), Vec::new()),
    })
}

/// Returns a note about the port in the redirect.
fn port(from: &Url, to: &Url) -> String {
    match (from.port(), to.port()) {
        (Some(port), Some(other)) if port == other => format!(
            " It keeps port {port}, which just answered with http, so https will hardly work there: use the server's \
             port for https."
        ),
        (Some(port), None) => {
            format!(" It drops port {port}, so it leads to port 443: check that the server listens there.")
        }
        _ => String::new(),
    }
}
