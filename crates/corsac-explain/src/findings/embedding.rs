//! Responses that a page may read with `fetch()`, but not embed.

use corsac::browser::{Outcome, ResponseHead, ResponseType};
use corsac::header::names::CONTENT_TYPE;
use corsac::origin::Origin;

use super::{Evidence, Finding, FindingSeverity};
use crate::stack::{HELMET_RESOURCE_POLICY, is_helmet};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(embedding_refused(evidence));
}

/// `Cross-Origin-Resource-Policy` applies to requests without CORS: not to the one that was made, but to the element.
fn embedding_refused(evidence: &Evidence<'_>) -> Option<Finding> {
    let (exchange, response) = evidence.response()?;
    let Outcome::Readable(readable) = evidence.outcome else { return None };
    let policy = response.headers.text("cross-origin-resource-policy")?;
    let (page, server) = (evidence.request.origin(), Origin::of(&exchange.url));
    let is_refused = match policy.as_str() {
        "same-origin" => !page.same_origin(&server),
        "same-site" => !page.same_site(&server),
        _ => false,
    };
    let element = element_for(response)?;
    if readable.kind != ResponseType::Cors || !is_refused {
        return None;
    }
    let helmet = if is_helmet(response) { HELMET_RESOURCE_POLICY } else { "" };
    Some(Finding::new(
        "embedding-refused",
        FindingSeverity::Warning,
        format!(
            "A script may read the response, but {element} without `crossorigin` may not load it: \
             `Cross-Origin-Resource-Policy: {policy}` keeps pages on other {} from embedding it.",
            if policy == "same-site" { "sites" } else { "origins" }
        ),
        format!(
            "Send `Cross-Origin-Resource-Policy: cross-origin` with files that others may embed.{helmet} Or add \
             `crossorigin` to the element, which makes it load the file with CORS."
        ),
    ))
}

/// Returns the element that loads a response of this type without CORS.
pub(super) fn element_for(response: &ResponseHead) -> Option<&'static str> {
    let kind = response.headers.text(CONTENT_TYPE)?.to_ascii_lowercase();
    EMBEDDED.iter().find(|(start, _)| kind.starts_with(start)).map(|(_, element)| *element)
}

/// The beginnings of types that elements load without CORS, each with the element.
const EMBEDDED: &[(&str, &str)] = &[
    ("image/", "an `<img>`"),
    ("video/", "a `<video>`"),
    ("audio/", "an `<audio>`"),
    ("text/css", "a `<link rel=stylesheet>`"),
    ("text/javascript", "a `<script>`"),
    ("application/javascript", "a `<script>`"),
];
