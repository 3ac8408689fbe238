//! A cache returns a copy that it stored for a request without `Origin`.

use corsac::browser::{Reason, Refusal, ResponseHead, Stage};
use corsac::header::names::CACHE_CONTROL;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, depends_on_origin, is_success, printable};
use crate::explain::Fix;
use crate::findings::lists;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "cached-copy",
        title: "A cache returned a copy that has no CORS headers",
        what: "A cache in front of the server returned a stored copy. It was stored for a request without `Origin`, \
               such as that of an `<img>` or of the address bar, and the server sends CORS headers only if there is \
               an `Origin`. Without `Vary: Origin` the cache uses the copy for all requests. Corsac recognizes it by \
               `Age`, or by a header in which the cache reports a hit.",
        fix: "Send `Vary: Origin` with every response of the path, also to requests without `Origin`, and clear the \
              cache. A cache that ignores `Vary` needs `Origin` in its cache key.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let is_missing = refusal.reason == Reason::AllowOriginMissing && refusal.stage != Stage::Preflight;
    let can_be_stored = matches!(exchange.method.as_str(), "GET" | "HEAD")
        && !lists(&response.headers, CACHE_CONTROL, "no-store");
    if !is_missing || !can_be_stored || !is_success(response) {
        return None;
    }
    // A copy that was stored with `Vary: Origin` is used only for the origin that it was stored for.
    if depends_on_origin(response) || evidence.knows_cors(response) {
        return None;
    }
    let hit = hit(response)?;
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Cache,
        confidence: Confidence::Likely,
        is_cors: true,
        title: format!(
            "A cache answered the {} with a stored copy that has no CORS headers. It was probably stored for a \
             request without `Origin`.",
            exchange.method
        ),
        evidence: vec![
            format!("The response has `{hit}`, and no `Vary: Origin`."),
            "A server that never sends CORS headers would look the same through this cache.".to_owned(),
        ],
        fix: Fix::new(
            "Clear the cache for this URL. Then make the server send `Vary: Origin` with every response of this \
             path, also to requests without `Origin`, so that the cache stores them separately. The response to this \
             page needs:",
            header_lines::response(evidence.request),
        ),
    })
}

/// Returns `true` if a header proves that a cache answered with a stored copy.
pub(super) fn is_stored_copy(response: &ResponseHead) -> bool {
    hit(response).is_some()
}

/// The header line that proves a stored copy.
fn hit(response: &ResponseHead) -> Option<String> {
    let is_hit = |name: &str, value: &str| match name {
        "age" => value.trim().parse().is_ok_and(|age: u64| age > 0),
        // Varnish writes the number of this request, and that of the request for which the copy was stored.
        "x-varnish" => value.split_ascii_whitespace().count() == 2,
        "cf-cache-status" => value.eq_ignore_ascii_case("hit"),
        // Several caches in a row write `MISS, HIT`; one writes `Hit from cloudfront`, another a parameter: `name; hit; ttl=5`.
        "x-cache" | "x-cache-status" | "x-proxy-cache" | "cache-status" => value
            .split(|character: char| !character.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("hit")),
        _ => false,
    };
    let mut lines =
        response.headers.iter().map(|line| (line.name.to_ascii_lowercase(), &line.name, line.text()));
    lines
        .find(|(name, _, value)| is_hit(name, value))
        .map(|(_, name, value)| format!("{name}: {}", printable(&value)))
}
