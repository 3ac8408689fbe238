//! Which `Access-Control-Allow-Origin` is sent to which origin, and what that means for caches.

use corsac::browser::{ExchangeKind, ResponseHead};
use corsac::header::names::{ORIGIN, VARY};
use corsac::origin::Origin;

use crate::evidence::Compared;

use super::embedding::element_for;
use super::{Evidence, Finding, FindingSeverity, allow_origin, allows_credentials, lists};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(reflects_any_origin(evidence));
    found.extend(static_allow_origin(evidence));
    let Some((_, response)) = evidence.response() else { return };
    found.extend(vary_missing(evidence));
    found.extend(vary_wrong(evidence, response));
}

/// The server sends back an origin that cannot be on any list.
fn reflects_any_origin(evidence: &Evidence<'_>) -> Option<Finding> {
    let (origin, control) = evidence.other_origin()?;
    if allow_origin(control.response)? != origin {
        return None;
    }
    // Some servers grant every preflight and decide at the request: Keycloak knows the client only there.
    let is_refused_at_the_request = evidence.answered().any(|(exchange, response)| {
        exchange.kind == ExchangeKind::Request && allow_origin(response).is_none()
    });
    if control.kind == ExchangeKind::Preflight && is_refused_at_the_request {
        return None;
    }
    let fix = "Compare `Origin` with a list of origins that you trust, and send the header only to those.";
    Some(if allows_credentials(control.response) {
        Finding::new(
            "reflects-any-origin",
            FindingSeverity::Problem,
            format!(
                "The server allows any origin, with credentials: it answered `{origin}` with that origin and \
                 `Access-Control-Allow-Credentials: true`. Every site on the web can read your users' data here."
            ),
            fix,
        )
    } else {
        Finding::new(
            "reflects-any-origin",
            FindingSeverity::Info,
            format!(
                "The server allows any origin: it answered `{origin}` with that origin. Without credentials this is \
                 the same as `*`."
            ),
            "If the data is public, send `Access-Control-Allow-Origin: *`, so that caches need only one copy. If \
             not, compare `Origin` with a list.",
        )
    })
}

fn static_allow_origin(evidence: &Evidence<'_>) -> Option<Finding> {
    let (other, control) = evidence.other_origin()?;
    let value = allow_origin(control.page.filter(|_| control.comparable)?)?;
    if value == other || allow_origin(control.response)? != value || Origin::parse(&value).is_err() {
        return None;
    }
    Some(Finding::new(
        "static-allow-origin",
        FindingSeverity::Info,
        format!(
            "The server sends `Access-Control-Allow-Origin: {value}` to every origin, so only one origin can use it."
        ),
        "To allow more than one origin, compare `Origin` with a list, and send it back if it is on the list, with \
         `Vary: Origin`.",
    ))
}

/// The header depends on the origin, and caches are not informed. Caches store the answers to GET and HEAD. The controls go to the first
/// URL.
fn vary_missing(evidence: &Evidence<'_>) -> Option<Finding> {
    let requests = evidence.answered().filter(|(exchange, _)| exchange.kind != ExchangeKind::Preflight);
    let mut stored = requests.filter(|(exchange, _)| matches!(exchange.method.as_str(), "GET" | "HEAD"));
    stored.find_map(|(exchange, response)| {
        vary_missing_in(response, evidence, exchange.kind == ExchangeKind::Request)
    })
}

fn vary_missing_in<'a>(
    response: &ResponseHead,
    evidence: &Evidence<'a>,
    controls_asked_this: bool,
) -> Option<Finding> {
    let (without, other) = (evidence.without_origin(), evidence.other_origin());
    let comparable = |control: Option<Compared<'a>>| {
        control.filter(|_| controls_asked_this).and_then(Compared::comparable_request)
    };
    let others = [
        ("the response to a request without `Origin`", comparable(without)),
        ("the response to another origin", comparable(other.map(|(_, control)| control))),
    ];
    let value = allow_origin(response);
    let differs =
        others.iter().filter_map(|(_, control)| *control).any(|control| allow_origin(control) != value);
    let nothing_to_compare = others.iter().all(|(_, control)| control.is_none());
    let names_an_origin = value.as_deref().is_some_and(|value| value != "*");
    let may_differ = nothing_to_compare && names_an_origin;
    if !differs && !may_differ {
        return None;
    }
    let all = std::iter::once(("the response", Some(response))).chain(others);
    let lacking: Vec<&str> = all
        .filter(|(_, response)| response.is_some_and(|response| is_cacheable(response) && !varies(response)))
        .map(|(which, _)| which)
        .collect();
    if lacking.is_empty() {
        return None;
    }
    // An element that loads the same file without CORS leaves a copy in the browser's cache, where `fetch()` finds it.
    let bare = comparable(without)
        .filter(|bare| allow_origin(bare).is_none() && is_cacheable(bare) && !varies(bare));
    if let (Some(element), Some(_)) = (element_for(response).filter(|_| value.is_some()), bare) {
        return Some(of_browser_copy(element));
    }
    let which = match lacking.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and in {last}", first.join(", in ")),
        all => all.concat(),
    };
    let message = if nothing_to_compare {
        "`Access-Control-Allow-Origin` names one origin, and `Vary: Origin` is missing. If the value depends on the \
         request's origin, a cache may serve one site's copy to another, and the browser blocks it."
            .to_owned()
    } else {
        format!(
            "`Access-Control-Allow-Origin` depends on the request's origin, but `Vary: Origin` is missing in \
             {which}. A cache may serve one site's copy to another, and the browser blocks it."
        )
    };
    Some(Finding::new(
        "vary-missing",
        FindingSeverity::Warning,
        message,
        "Send `Vary: Origin` with every response of this URL, whether the origin is allowed or not, and also if \
         there is no `Origin`.",
    ))
}

fn of_browser_copy(element: &str) -> Finding {
    Finding::new(
        "vary-missing",
        FindingSeverity::Warning,
        format!(
            "If the browser still refuses it: the server sends `Access-Control-Allow-Origin` only to requests with \
             `Origin`, and no `Vary: Origin` to others. {element} without `crossorigin` sends no `Origin`, so the \
             browser caches a copy without the header, and then uses it for `fetch()` and canvas as well. Any other \
             cache can do the same.",
            element = element.replacen('a', "A", 1)
        ),
        "Send `Vary: Origin` with every response of this URL, also to requests without `Origin`, and add \
         `crossorigin=\"anonymous\"` to the element. `fetch(url, { cache: \"reload\" })` ignores the copy.",
    )
}

fn vary_wrong(evidence: &Evidence<'_>, response: &ResponseHead) -> Option<Finding> {
    if lists(&response.headers, VARY, "*") {
        return Some(Finding::new(
            "vary-wrong",
            FindingSeverity::Info,
            "`Vary: *` prevents every cache from using a stored response.",
            "List the request headers that the response depends on: `Vary: Origin`, and others if there are any.",
        ));
    }
    let others = [evidence.without_origin()?, evidence.other_origin()?.1];
    let open_to_all = |response: &ResponseHead| allow_origin(response).as_deref() == Some("*");
    let alike = |control: Compared<'_>| control.comparable_request().is_some_and(open_to_all);
    let needless = varies(response) && open_to_all(response) && others.into_iter().all(alike);
    needless.then(|| {
        Finding::new(
            "vary-wrong",
            FindingSeverity::Info,
            "`Access-Control-Allow-Origin` is always `*`, but `Vary: Origin` makes caches store a copy for each \
             origin.",
            "Remove `Origin` from `Vary`, unless something else in the response depends on it.",
        )
    })
}

fn varies(response: &ResponseHead) -> bool {
    lists(&response.headers, VARY, ORIGIN) || lists(&response.headers, VARY, "*")
}

/// Returns `true` if a cache may store the response at all.
fn is_cacheable(response: &ResponseHead) -> bool {
    !lists(&response.headers, "cache-control", "no-store")
}
