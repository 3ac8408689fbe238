//! The server redirects an https request to http, because it does not know its public URL.

use corsac::browser::{Reason, Refusal, Stage};

use super::redirect::Redirect;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "redirect-to-http",
        title: "The server redirects https to http",
        what: "The request was sent over https, but the server redirects it to an http URL, often with an internal \
               host or port. Browsers refuse that on an https page. The application does not know the public URL of \
               the proxy in front of it.",
        fix: "Request the URL to which the redirect should lead, make the proxy forward `Host` and \
              `X-Forwarded-Proto`, and make the application trust them.",
        is_cors: false,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if refusal.reason != Reason::MixedContent || refusal.stage == Stage::Start {
        return None;
    }
    let Redirect { exchange, response, location, to: mut target, .. } = Redirect::of(evidence, refusal)?;
    let only_a_slash = target.host_str() == exchange.url.host_str()
        && target.path().trim_end_matches('/') == exchange.url.path().trim_end_matches('/');
    // That is another cause.
    if exchange.url.scheme() != "https" || only_a_slash && target.path() != exchange.url.path() {
        return None;
    }
    target.set_scheme("https").ok()?;
    target.set_host(exchange.url.host_str()).ok()?;
    target.set_port(exchange.url.port()).ok()?;
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Proxy,
        confidence: Confidence::Certain,
        is_cors: false,
        title: format!(
            "The server redirects {} to {}, which is http, and browsers refuse that on an https page. The \
             application does not know its public URL.",
            exchange.url.path(),
            printable(&location)
        ),
        evidence: vec![format!("Status {}, `Location: {}`.", response.status, printable(&location))],
        fix: Fix::new(
            format!(
                "Request {target} in the page, if that is the right URL. To fix the server, make the proxy forward \
                 `Host` and `X-Forwarded-Proto`, and the application trust them."
            ),
            Vec::new(),
        ),
    })
}
