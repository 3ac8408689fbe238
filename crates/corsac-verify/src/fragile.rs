//! What one response says beside the decision: exposure, timing, caching, and what it tells those who are not allowed.

use corsac::browser::{Exchange, ExchangeKind, ResponseHead};
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    CROSS_ORIGIN_RESOURCE_POLICY, ORIGIN, TIMING_ALLOW_ORIGIN,
};
use corsac_explain::spelled;

use crate::response::{items, may_be_stored, resource_policy, varies_by_origin};

/// Headers that have one value.
const SINGLE: [&str; 3] =
    [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_MAX_AGE];

/// Headers that only mean something to an origin that is allowed.
const PERMISSIONS: [&str; 6] = [
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
];

/// Returns the name of a header that has one value and is on several lines.
pub(crate) fn repeated(response: &ResponseHead) -> Option<&'static str> {
    SINGLE.iter().copied().find(|name| response.headers.all(name).count() > 1)
}

/// The codes of what is different in a response, and what the policy's own response would have been: a half sentence.
pub(crate) fn differences(
    exchange: &Exchange,
    expected: &ResponseHead,
    actual: &ResponseHead,
) -> Vec<(&'static str, String)> {
    let is_preflight = exchange.kind == ExchangeKind::Preflight;
    let origin = exchange.headers.text(ORIGIN);
    let allowed = |response: &ResponseHead| response.headers.text(ACCESS_CONTROL_ALLOW_ORIGIN);
    let mut found = Vec::new();
    let mut add = |code, expected: String| found.push((code, expected));

    let repeated = repeated(actual);
    if let Some(name) = repeated {
        add("header-repeated", format!("one line of {}", spelled(name)));
    }
    // `OPTIONS` is not stored by caches.
    if exchange.method != "OPTIONS"
        && varies_by_origin(expected)
        && !varies_by_origin(actual)
        && may_be_stored(actual)
    {
        add("vary-missing", "`Vary: Origin`".to_owned());
    }
    if allowed(expected).is_none() && origin.is_some() {
        let told: Vec<&str> = PERMISSIONS
            .iter()
            .copied()
            .filter(|name| actual.headers.contains(name) && !expected.headers.contains(name))
            .collect();
        let named = allowed(actual);
        if repeated.is_none() && named.is_some() && named != origin && named.as_deref() != Some("*") {
            add("static-origin", format!("no {}", spelled(ACCESS_CONTROL_ALLOW_ORIGIN)));
        } else if let Some(first) = told.first() {
            add("refused-origin-told", format!("no {}", spelled(first)));
        }
        return found;
    }
    if origin.is_none() && allowed(expected).is_none() && allowed(actual).is_some_and(|named| named != "*") {
        add("no-origin", format!("no {}", spelled(ACCESS_CONTROL_ALLOW_ORIGIN)));
    }
    if is_preflight {
        let max_age = |response: &ResponseHead| response.headers.text(ACCESS_CONTROL_MAX_AGE);
        if allowed(actual).is_some() && max_age(expected).is_some() && max_age(actual) != max_age(expected) {
            let seconds = max_age(expected).unwrap_or_default();
            add("max-age-differs", format!("{}: {seconds}", spelled(ACCESS_CONTROL_MAX_AGE)));
        }
        return found;
    }
    if allowed(expected).is_some() && allowed(actual).is_some() {
        let (wanted, sent) =
            (items(expected, ACCESS_CONTROL_EXPOSE_HEADERS), items(actual, ACCESS_CONTROL_EXPOSE_HEADERS));
        if let Some(more) = sent.iter().find(|name| !wanted.contains(name)) {
            add(
                "response-header-exposed",
                format!("{} without {more}", spelled(ACCESS_CONTROL_EXPOSE_HEADERS)),
            );
        }
        if let Some(missing) = wanted.iter().find(|name| !sent.contains(name)) {
            add(
                "response-header-not-exposed",
                format!("{} with {missing}", spelled(ACCESS_CONTROL_EXPOSE_HEADERS)),
            );
        }
    }
    let timing = |response: &ResponseHead| {
        let allowed = items(response, TIMING_ALLOW_ORIGIN);
        allowed.iter().any(|item| item == "*" || origin.as_ref().is_some_and(|origin| item == origin))
    };
    match (timing(expected), timing(actual)) {
        (true, false) => add("timing-refused", "Timing-Allow-Origin with the request's origin".to_owned()),
        (false, true) => add("timing-allowed", "no Timing-Allow-Origin".to_owned()),
        _ => {}
    }
    if expected.headers.contains(CROSS_ORIGIN_RESOURCE_POLICY) {
        let wanted = expected.headers.text(CROSS_ORIGIN_RESOURCE_POLICY).unwrap_or_default();
        match resource_policy(actual).cmp(&resource_policy(expected)) {
            std::cmp::Ordering::Less => {
                add("resource-policy-weaker", format!("Cross-Origin-Resource-Policy: {wanted}"));
            }
            std::cmp::Ordering::Greater => {
                add("resource-policy-stricter", format!("Cross-Origin-Resource-Policy: {wanted}"));
            }
            std::cmp::Ordering::Equal => {}
        }
    }
    found
}
