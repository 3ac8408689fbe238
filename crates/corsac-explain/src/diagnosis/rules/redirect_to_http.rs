//! The server redirects an https request to http, because it does not know its public address.

use corsac::browser::{Reason, Refusal, Stage};

use super::redirect::Redirect;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, shown};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "redirect-to-http",
        title: "The server redirects https to http",
        what: "The request went out over https, and the answer redirects it to an http URL, often with a host or port of the inside. Browsers refuse that \
               from an https page. The application behind the proxy does not know under which address it is reached.",
        fix: "Ask for the URL to which the redirect should have led, and have the proxy pass `Host` and `X-Forwarded-Proto` on to an application that \
              trusts them.",
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
    // That has a cause of its own.
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
            "The server redirects {} to {}, which is http, and browsers refuse that from an https page. The application does not know under which \
             address it is reached.",
            exchange.url.path(),
            shown(&location)
        ),
        evidence: vec![format!("Status {}, `Location: {}`.", response.status, shown(&location))],
        fix: Fix::new(
            format!(
                "Ask for {target} in the page, if that is what is meant. To mend the server, have the proxy pass `Host` and `X-Forwarded-Proto`, and \
                 the application trust them."
            ),
            Vec::new(),
        ),
    })
}
