//! The preflight is answered with CORS headers, and the response to the request itself has none, although it succeeded.

use corsac::browser::{ExchangeKind, Reason, Refusal, Stage};

use super::cached_copy::is_stored_copy;
use super::html_instead_of_data::{is_page_where_data_was_asked, is_start_page};
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success};
use crate::explain::Fix;
use crate::findings::allow_origin;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "headers-on-preflight-only",
        title: "Only the preflight is answered with CORS headers",
        what: "The server allows the request in its answer to the preflight, and says nothing in the response to the request itself. A \
               preflight only asks: each response has to say again who may read it.",
        fix: "Set the CORS headers on the responses to GET, POST and all others, too, not only on those to OPTIONS.",
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
    // The server answered the preflight, and perhaps not this: a page for people is no answer of an API.
    if is_page_where_data_was_asked(evidence, exchange, response) || is_start_page(evidence, response) {
        return None;
    }
    let method = &exchange.method;
    // Whoever grants every preflight looks at the origin only when the request comes, or not at all.
    let granted_to_all = evidence.other_origin().is_some_and(|(origin, compared)| {
        compared.kind == ExchangeKind::Preflight
            && allow_origin(compared.response).is_some_and(|value| value == origin || value == "*")
    });
    let mut seen = vec![format!(
        "The preflight has `Access-Control-Allow-Origin`; the response to the {method}, status {}, has not.",
        response.status
    )];
    if granted_to_all {
        seen.push(
            "The server grants the preflight to every origin, so it may compare the origin with a list only when it knows who asks: from a token or \
             from the body. A list that lacks this origin would look the same."
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
            "The server answers the preflight with CORS headers, and the {method} itself without."
        ),
        evidence: seen,
        fix: Fix::new(
            if granted_to_all {
                format!(
                    "If the server has a list of origins (of an application or a client), add {}. If it has none, send with the response to the \
                     {method}, not only with that to OPTIONS:",
                    refusal.origin
                )
            } else {
                format!("Send with the response to the {method}, not only with that to OPTIONS:")
            },
            header_lines::response(evidence.request),
        ),
    })
}
