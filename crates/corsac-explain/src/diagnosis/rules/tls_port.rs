//! Plain http was sent to a port for https, and the server's error page says so.

use corsac::browser::Refusal;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::Evidence;
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "http-to-tls-port",
        title: "The URL has http, but the port is for https",
        what: "The URL begins with http, but the server expects https on this port. Servers answer that with status \
               400 and an error page, which has no CORS headers.",
        fix: "Write https in the URL.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

const SIGNS: [&str; 4] = [
    "plain HTTP request was sent to HTTPS port",
    "speaking plain HTTP to an SSL-enabled server port",
    "Client sent an HTTP request to an HTTPS server",
    "This combination of host and port requires TLS",
];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let line = evidence.refused_body(refusal)?.line_with(&SIGNS)?;
    let mut url = exchange.url.clone();
    let _ = url.set_scheme("https").and_then(|()| url.set_port(exchange.url.port_or_known_default()));
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Network,
        confidence: Confidence::Certain,
        is_cors: false,
        title: format!(
            "The URL has http, but the port is for https. The server answered with status {}.",
            response.status
        ),
        evidence: vec![format!("The body says {line}.")],
        fix: Fix::new(format!("Request {url}."), Vec::new()),
    })
}
