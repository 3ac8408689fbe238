//! The server redirects http to https.

use corsac::browser::Refusal;
use url::Url;

use super::redirect::Redirect;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, shown};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "https-redirect",
        title: "The server redirects http to https",
        what: "The page asks with http, and the server redirects it to the same path with https. A preflight may not be redirected at all. For \
               other requests http and https are two origins: after the redirect the browser says `Origin: null`, so CORS headers on the redirect \
               are not enough.",
        fix: "Write https in the URL that the page asks for.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let redirect = Redirect::that_matters(evidence, refusal)?;
    let (from, to) = (&redirect.exchange.url, &redirect.to);
    let is_upgrade = from.scheme() == "http" && to.scheme() == "https";
    let is_same = from.host_str() == to.host_str() && from.path() == to.path() && from.query() == to.query();
    if !is_upgrade || !is_same {
        return None;
    }
    let rule =
        redirect.rule(refusal, "After the redirect the browser says `Origin: null`, and that is refused.");
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Page,
        confidence: redirect.confidence(),
        is_cors: true,
        title: format!("The server redirects http to https. {rule}"),
        evidence: vec![format!(
            "Status {}, `Location: {}`.{}",
            redirect.response.status,
            shown(&redirect.location),
            port(from, to)
        )],
        fix: Fix::new(format!("Ask for {to}.{}", redirect.not_enough(evidence, refusal)), Vec::new()),
    })
}

/// What to say about the port that the redirect names.
fn port(from: &Url, to: &Url) -> String {
    match (from.port(), to.port()) {
        (Some(port), Some(other)) if port == other => format!(
            " It keeps port {port}, which just answered in http, so https hardly answers there: use the server's port for https."
        ),
        (Some(port), None) => {
            format!(" It leaves out port {port}, so it leads to port 443: see that the server listens there.")
        }
        _ => String::new(),
    }
}
