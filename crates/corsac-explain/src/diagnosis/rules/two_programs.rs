//! `localhost` has two addresses, and a different program listens on each.

use corsac::browser::{CompletedExchange, Refusal, ResponseHead};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "two-programs",
        title: "Two programs listen on the same port of this machine",
        what: "`localhost` is `::1` and `127.0.0.1`. A different program listens on each, and the request went to \
               the wrong one: browsers and most tools try `::1` first. Corsac recognizes it by the response from the \
               other address, which allows the page.",
        fix: "Stop the wrong program, or use the API's address in the URL: `http://127.0.0.1:PORT`.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, _: &Refusal) -> Option<Cause> {
    let (other, control) = evidence.controls.other_address?;
    let (first, at) =
        evidence.exchanges.first().and_then(|carried| Some((carried.response()?, carried.address?)))?;
    let control = CompletedExchange::response(control)?;
    let lets_in = |response: &ResponseHead| is_success(response) && evidence.allows(response);
    if evidence.exchanges.len() > 1 || lets_in(first) || !lets_in(control) {
        return None;
    }
    let url = &evidence.request.init().url;
    let port = url.port_or_known_default()?;
    let server = |response: &ResponseHead| {
        response
            .headers
            .text("server")
            .map_or_else(String::new, |value| format!(" and `Server: {}`", printable(&value)))
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
            "Two programs listen on port {port} of this machine. The one at {at} answered; the one at {other} would \
             have allowed the page. `localhost` is both addresses."
        ),
        evidence: vec![format!(
            "{at} answers with status {}{}, {other} with status {}{}.",
            first.status,
            server(first),
            control.status,
            server(control)
        )],
        fix: Fix::new(
            format!("Stop the program at {at} if it is not the API, or request {there} in the page."),
            Vec::new(),
        ),
    })
}
