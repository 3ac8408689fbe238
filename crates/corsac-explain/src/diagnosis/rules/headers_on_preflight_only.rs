//! The answer to the preflight has CORS headers, but the response to the request itself, although successful, has none.

use corsac::browser::{ExchangeKind, Reason, Refusal, Stage};

use super::cached_copy::is_stored_copy;
use super::html_instead_of_data::{is_html_instead_of_data, is_index_page};
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success};
use crate::explain::Fix;
use crate::findings::allow_origin;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "headers-on-preflight-only",
        title: "Only the answer to the preflight has CORS headers",
        what: "The server allows the request in its answer to the preflight, but the response to the request itself \
               has no CORS headers. A preflight only asks for permission: each response has to say who may read it.",
        fix: "Send the CORS headers with the responses to GET, POST and all other methods, too, not only to OPTIONS.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let (asked, preflight) = evidence.preflights().last()?;
    let is_bare = refusal.reason == Reason::AllowOriginMissing && refusal.stage != Stage::Preflight;
    let is_whole = is_success(response) && is_success(preflight) && asked.url == exchange.url;
    if !is_bare || !is_whole {
        return None;
    }
    // The server answered the preflight, but perhaps not this request: an HTML page is not the response of an API.
    if is_html_instead_of_data(evidence, exchange, response) || is_index_page(evidence, response) {
        return None;
    }
    let method = &exchange.method;
    // A server that allows every preflight checks the origin only for the request itself, or not at all.
    let granted_to_all = evidence.other_origin().is_some_and(|(origin, compared)| {
        compared.kind == ExchangeKind::Preflight
            && allow_origin(compared.response).is_some_and(|value| value == origin || value == "*")
    });
    let mut seen = vec![format!(
        "The answer to the preflight has `Access-Control-Allow-Origin`; the response to the {method}, status {}, \
         does not.",
        response.status
    )];
    if granted_to_all {
        seen.push(
            "The server allows the preflight for every origin, so it may compare the origin with a list only when it \
             knows the client, from a token or from the body. A list without this origin would look the same."
                .to_owned(),
        );
    }
    let is_open = granted_to_all || is_stored_copy(response);
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        // A stored copy says nothing about what the server answers now.
        confidence: if is_open { Confidence::Likely } else { Confidence::Certain },
        is_cors: true,
        title: format!(
            "The server answers the preflight with CORS headers, but the {method} itself without them."
        ),
        evidence: seen,
        fix: Fix::new(
            if granted_to_all {
                format!(
                    "If the server has a list of origins (for an application or a client), add {} to it. If not, \
                     send these headers with the response to the {method}, not only with that to OPTIONS:",
                    refusal.origin
                )
            } else {
                format!(
                    "Send these headers with the response to the {method}, not only with that to OPTIONS:"
                )
            },
            header_lines::response(evidence.request),
        ),
    })
}
