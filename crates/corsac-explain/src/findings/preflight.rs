//! Preflights: why one was necessary, and what the answer to it says.

use corsac::browser::{Api, Engine, Request, ResponseHead};
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_REQUEST_HEADERS,
    AUTHORIZATION, CONTENT_TYPE,
};
use corsac::header::{
    MaxAge, is_cors_header, is_non_wildcard_request_header_name, unsafe_request_header_names,
};
use corsac::method::is_cors_safelisted_method;

use super::preflight_cache::seconds;
use super::{Evidence, Finding, FindingSeverity, lists, quoted};
use crate::browser_name;

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let Some((exchange, response)) = evidence.preflights().next() else { return };
    found.extend(needless(evidence.request));
    let asks_for_authorization = lists(&exchange.headers, ACCESS_CONTROL_REQUEST_HEADERS, AUTHORIZATION);
    if asks_for_authorization && !evidence.with_credentials() && only_wildcard_covers_authorization(response)
    {
        found.push(Finding::new(
            "authorization-under-wildcard",
            FindingSeverity::Warning,
            "In today's browsers `Access-Control-Allow-Headers: *` covers `Authorization`, contrary to the standard; \
             Firefox warns that this will end. Chromium and Firefox never cache such an answer, so each request \
             needs a preflight.",
            "List it by name: `Access-Control-Allow-Headers: *, Authorization`, or list all headers by name.",
        ));
    }
    if evidence.with_credentials() && evidence.is_readable() {
        found.extend(wildcard_with_credentials(response));
    }
    found.extend(max_age(response));
}

/// Returns `true` if `Authorization` is allowed by `*` only, and not by name.
pub(crate) fn only_wildcard_covers_authorization(response: &ResponseHead) -> bool {
    let Some(Ok(names)) = response.headers.extract_tokens(ACCESS_CONTROL_ALLOW_HEADERS) else {
        return false;
    };
    names.iter().any(|name| name == "*")
        && !names.iter().any(|name| is_non_wildcard_request_header_name(name))
}

/// A preflight that the page can avoid, because what makes it necessary is not needed.
fn needless(request: &Request) -> Option<Finding> {
    let init = request.init();
    if !is_cors_safelisted_method(request.method()) || init.force_preflight {
        return None;
    }
    let names = unsafe_request_header_names(request.headers(), &Engine::Spec.profile().safelist);
    let (message, fix) = if names.is_empty() {
        if init.api != (Api::XmlHttpRequest { upload_listeners: true }) {
            return None;
        }
        (
            "Only the listeners on `upload` make a preflight necessary, which costs a round trip.".to_owned(),
            "If the page does not show the progress of the upload, remove them.".to_owned(),
        )
    } else {
        if !names.iter().all(|name| is_avoidable(name, request)) {
            return None;
        }
        let spelled: Vec<&str> = names
            .iter()
            .map(|name| {
                request.headers().iter().find(|line| line.is(name)).map_or(name.as_str(), |line| &line.name)
            })
            .collect();
        (
            format!("Only {} makes a preflight necessary, which costs a round trip.", quoted(&spelled)),
            spelled.iter().map(|name| instead(name)).collect::<Vec<_>>().join(" "),
        )
    };
    Some(Finding::new("needless-preflight", FindingSeverity::Info, message, fix))
}

fn is_avoidable(name: &str, request: &Request) -> bool {
    match name {
        CONTENT_TYPE => matches!(request.method(), "GET" | "HEAD"),
        "x-requested-with" | "cache-control" | "pragma" => true,
        _ => is_cors_header(name),
    }
}

fn instead(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        CONTENT_TYPE => format!("Remove `{name}`: the request has no body."),
        "x-requested-with" => format!("Remove `{name}`, unless the server requires it."),
        "cache-control" | "pragma" => {
            format!("Instead of `{name}`, write `fetch(url, {{ cache: \"no-store\" }})`.")
        }
        _ => format!("Remove `{name}`: it is a response header."),
    }
}

/// `*` in the answer to the preflight of a request with credentials, where it is not a wildcard. The request was allowed without it.
fn wildcard_with_credentials(response: &ResponseHead) -> impl Iterator<Item = Finding> {
    let rows = [
        (
            "allow-methods-wildcard-with-credentials",
            "Access-Control-Allow-Methods",
            ACCESS_CONTROL_ALLOW_METHODS,
            "methods",
        ),
        (
            "allow-headers-wildcard-with-credentials",
            "Access-Control-Allow-Headers",
            ACCESS_CONTROL_ALLOW_HEADERS,
            "headers",
        ),
    ];
    let here = rows.map(|(code, spelled, name, what)| {
        lists(&response.headers, name, "*").then_some((code, spelled, what))
    });
    here.into_iter().flatten().map(|(code, spelled, what)| {
        Finding::new(
            code,
            FindingSeverity::Warning,
            format!(
                "`{spelled}: *` allows nothing in a request with credentials, where `*` is not a wildcard. This \
                 request was allowed without it."
            ),
            format!("List the {what} that you allow."),
        )
    })
}

fn max_age(response: &ResponseHead) -> Option<Finding> {
    let given = response.headers.classify_max_age()?;
    let lifetimes = || {
        let engines = [Engine::Chromium, Engine::Firefox, Engine::WebKit];
        let times = engines.map(|engine| {
            format!("{} {}", browser_name(engine), seconds(engine.profile().cache.lifetime(Some(given))))
        });
        format!("They cache the answer for: {}.", times.join(", "))
    };
    match response.headers.extract_max_age()? {
        Err(problem) => Some(Finding::new(
            "max-age-invalid",
            FindingSeverity::Warning,
            format!(
                "`Access-Control-Max-Age`: {problem}. Browsers treat such a value differently. {}",
                lifetimes()
            ),
            "Write a whole number of seconds, such as `Access-Control-Max-Age: 7200`.",
        )),
        Ok(_) if given == MaxAge::Overflow => Some(Finding::new(
            "max-age-invalid",
            FindingSeverity::Warning,
            format!("The number in `Access-Control-Max-Age` is too large for some browsers. {}", lifetimes()),
            "Write `Access-Control-Max-Age: 7200` or less.",
        )),
        Ok(asked) => {
            let over = [Engine::Chromium, Engine::Firefox, Engine::WebKit]
                .into_iter()
                .any(|engine| asked > engine.profile().cache.limit.as_secs());
            over.then(|| {
                Finding::new(
                    "max-age-over-limit",
                    FindingSeverity::Info,
                    format!(
                        "`Access-Control-Max-Age: {asked}` is longer than some browsers cache an answer. {}",
                        lifetimes()
                    ),
                    "It does no harm, but do not rely on more than these times.",
                )
            })
        }
    }
}
