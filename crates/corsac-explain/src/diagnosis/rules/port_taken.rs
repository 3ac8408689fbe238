//! Another program listens on the port that the page uses.

use corsac::browser::Refusal;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "port-taken",
        title: "Another program uses the port",
        what: "Another program listens on the port that the page uses, and identifies itself in `Server`. On macOS, \
               AirPlay Receiver listens on port 5000 and sends `Server: AirTunes`.",
        fix: "Run the API on another port, or stop the other program.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let server = response.headers.text("server").filter(|server| server.starts_with("AirTunes"))?;
    let port = exchange.url.port_or_known_default().unwrap_or_default();
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Network,
        confidence: Confidence::Certain,
        is_cors: false,
        title: format!("Your API did not answer. macOS AirPlay Receiver did: it listens on port {port}."),
        evidence: vec![format!("The response says `Server: {}`.", printable(&server))],
        fix: Fix::new(
            "Run the API on another port, or turn off AirPlay Receiver (System Settings, General, AirDrop & Handoff).",
            Vec::new(),
        ),
    })
}
