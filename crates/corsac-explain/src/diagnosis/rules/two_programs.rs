//! `localhost` is two addresses, and two programs listen there.

use corsac::browser::{CompletedExchange, Refusal, ResponseHead};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success, shown};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "two-programs",
        title: "Two programs listen on the same port of this machine",
        what: "`localhost` is `::1` and `127.0.0.1`. One program listens on the one and another on the other, and the request went to the wrong one: \
               browsers and most tools try `::1` first. It is known by the answer at the other address, which lets the page in.",
        fix: "Stop the program that is in the way, or ask for the API by its address: `http://127.0.0.1:PORT`.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, _: &Refusal) -> Option<Cause> {
    let (other, beside) = evidence.controls.other_address?;
    let (first, at) =
        evidence.exchanges.first().and_then(|carried| Some((carried.response()?, carried.address?)))?;
    let beside = CompletedExchange::response(beside)?;
    let lets_in = |response: &ResponseHead| is_success(response) && evidence.allows(response);
    if evidence.exchanges.len() > 1 || lets_in(first) || !lets_in(beside) {
        return None;
    }
    let url = &evidence.request.init().url;
    let port = url.port_or_known_default()?;
    let server = |response: &ResponseHead| {
        response
            .headers
            .text("server")
            .map_or_else(String::new, |value| format!(" and `Server: {}`", shown(&value)))
    };
    let address = if other.is_ipv6() { format!("[{other}]") } else { other.to_string() };
    let mut there = url.clone();
    there.set_host(Some(&address)).ok()?;
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Network,
        confidence: Confidence::Certain,
        is_cors: false,
        title: format!(
            "Two programs listen on port {port} of this machine. The one at {at} answered, and the one at {other} would have let the page in: \
             `localhost` is both."
        ),
        evidence: vec![format!(
            "{at} answers with status {}{}, {other} with status {}{}.",
            first.status,
            server(first),
            beside.status,
            server(beside)
        )],
        fix: Fix::new(
            format!("Stop the program at {at} if it is not the API, or ask for {there} in the page."),
            Vec::new(),
        ),
    })
}
