//! [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch): the preflight request, and the checks of its response.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::body::Body;
use super::cors_check;
use super::engine::{Profile, RefusedHeaders};
use super::exchange::{Exchange, ExchangeKind, ResponseHead};
use super::flight::{ACCEPT_LANGUAGE, Flight, Refused};
use super::preflight_cache::{AllowLists, PreflightCache};
use super::reason::Reason;
use super::request::{Api, RequestInit};
use super::request_values::Mode;
use super::trace::Rule;
use super::verdict::Stage;
use super::{fetch_metadata, http_fetch, referrer};
use crate::header::names::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, AUTHORIZATION, LOCATION, SEC_FETCH_MODE,
};
use crate::header::{self, HeaderList};
use crate::method;

/// Why a request may have to be preflighted.
#[derive(Debug)]
pub(crate) struct PreflightNeed {
    /// The [use-CORS-preflight flag](https://fetch.spec.whatwg.org/#use-cors-preflight-flag). It is set with the request and never cleared,
    /// even when a redirect drops the body that it was set for.
    pub(crate) forced: bool,
    /// The names that the current request's headers add to a preflight; main fetch computes them.
    pub(crate) unsafe_names: Vec<String>,
    /// Whether main fetch chose the branch with a preflight at any URL.
    pub(crate) was_needed: bool,
}

impl PreflightNeed {
    /// The use-CORS-preflight flag, as the APIs set it.
    pub(crate) fn of(init: &RequestInit, body: Body, profile: &Profile) -> Self {
        let listeners = matches!(init.api, Api::XmlHttpRequest { upload_listeners: true });
        let forced = init.force_preflight
            || (listeners && (body != Body::None || profile.upload_listeners_count_without_body))
            || body == Body::Stream;
        Self { forced, unsafe_names: Vec::new(), was_needed: false }
    }
}

/// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 1 to 6: the preflight as it is sent.
pub(crate) fn request(flight: &Flight<'_>) -> Exchange {
    let mut headers = HeaderList::new();
    // 2-3
    headers.append("Accept", "*/*");
    headers.append("Access-Control-Request-Method", flight.method.as_str());
    // 4-5: joined without a space
    if !flight.preflight.unsafe_names.is_empty() {
        headers.append("Access-Control-Request-Headers", flight.preflight.unsafe_names.join(","));
    }
    // 6, by HTTP-network-or-cache fetch
    headers.append("Accept-Language", ACCEPT_LANGUAGE);
    if let Some(referrer) = referrer::of_preflight(flight) {
        headers.append("Referer", referrer.as_str());
    }
    headers.append("Origin", flight.origin_at(Stage::Preflight));
    fetch_metadata::append(flight, ExchangeKind::Preflight, Mode::Cors, &mut headers);
    if flight.profile.preflight_always_says_mode && !headers.contains(SEC_FETCH_MODE) {
        headers.append("Sec-Fetch-Mode", Mode::Cors.as_str());
    }
    if flight.profile.preflight_follows_cache_mode {
        let mode = http_fetch::preflight_cache_mode(flight);
        http_fetch::cache_mode_headers(flight, mode, &mut headers);
    }
    Exchange {
        kind: ExchangeKind::Preflight,
        method: "OPTIONS".to_owned(),
        url: flight.url().clone(),
        headers,
        credentials: false,
        body: false,
    }
}

/// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), step 7: checks whether the response allows the request.
pub(crate) fn check(
    flight: &mut Flight<'_>,
    response: &ResponseHead,
    cache: &mut PreflightCache,
    now: Duration,
) -> Result<(), Refused> {
    check_cors_and_status(flight, response)?;
    let lists = read_lists(flight, response)?;
    let lifetime = flight.profile.cache.lifetime(response.headers.classify_max_age());
    if flight.profile.cache.keeps_insufficient_answers {
        cache.store(flight, &lists, lifetime, now);
    }
    method_allowed(flight, response, &lists)?;
    headers_allowed(flight, response, &lists)?;
    // 7.8-7.14
    if !flight.profile.cache.keeps_insufficient_answers {
        cache.store(flight, &lists, lifetime, now);
    }
    let kept = match lifetime {
        Some(time) if time == Duration::MAX => "the response is kept without limit".to_owned(),
        Some(time) if !time.is_zero() => format!("the response is kept for {} s", time.as_secs()),
        _ => "the response is not kept".to_owned(),
    };
    flight.note(Stage::Preflight, Rule::PreflightCache, kept);
    Ok(())
}

/// The condition of step 7: the CORS check passes, and the status is 200 to 299. Engines differ in which failure they report first.
///
/// A redirect is reported as such before anything else, as that is what people need to know.
fn check_cors_and_status(flight: &mut Flight<'_>, response: &ResponseHead) -> Result<(), Refused> {
    if flight.profile.preflight_status_first {
        ok_status(response)?;
    }
    let is_same_origin = flight.url_origin().same_origin(flight.request().origin());
    if is_same_origin && flight.profile.page_origin_preflight_is_unchecked {
        let evidence = "the preflight goes to the page's own origin: this engine skips the CORS check";
        flight.note(Stage::Preflight, Rule::EngineDifference, evidence);
        not_redirected(response, None)?;
        return has_ok_status(flight, response);
    }
    let credentialed = flight.credentials_mode_is_include();
    let checked = cors_check::cors_check(credentialed, flight.origin_at(Stage::Preflight), response);
    not_redirected(response, checked.as_ref().err())?;
    match checked {
        Ok(evidence) => flight.pass(Stage::Preflight, Rule::CorsCheck, evidence),
        Err(reason) => return Err(Refused::new(Stage::Preflight, Rule::CorsCheck, reason)),
    }
    has_ok_status(flight, response)
}

fn has_ok_status(flight: &mut Flight<'_>, response: &ResponseHead) -> Result<(), Refused> {
    ok_status(response)?;
    flight.pass(Stage::Preflight, Rule::PreflightStatus, format!("status {}", response.status));
    Ok(())
}

/// A preflight's redirect is not followed, as the preflight goes to HTTP-network-or-cache fetch and not to HTTP fetch.
fn not_redirected(response: &ResponseHead, cors_reason: Option<&Reason>) -> Result<(), Refused> {
    let location = response.headers.text(LOCATION);
    if !response.is_redirect() || location.is_none() {
        return Ok(());
    }
    let reason = Reason::PreflightRedirected { status: response.status, location };
    let refused = Refused::new(Stage::Preflight, Rule::PreflightStatus, reason);
    Err(match cors_reason {
        Some(cors_reason) => refused.with_cors_reason(cors_reason.clone()),
        None => refused,
    })
}

/// [Ok status](https://fetch.spec.whatwg.org/#ok-status).
fn ok_status(response: &ResponseHead) -> Result<(), Refused> {
    if (200..=299).contains(&response.status) {
        return Ok(());
    }
    let reason = Reason::PreflightStatus { status: response.status };
    Err(Refused::new(Stage::Preflight, Rule::PreflightStatus, reason))
}

/// Steps 7.1 to 7.4: parses the lists. One item that is not a token fails a whole header.
fn read_lists(flight: &Flight<'_>, response: &ResponseHead) -> Result<AllowLists, Refused> {
    let text = |name| response.headers.text(name).unwrap_or_default();
    let methods = match response.headers.extract_tokens(ACCESS_CONTROL_ALLOW_METHODS) {
        None => None,
        Some(Ok(methods)) => Some(methods),
        Some(Err(bad)) => {
            let reason =
                Reason::AllowMethodsInvalid { value: text(ACCESS_CONTROL_ALLOW_METHODS), token: bad.item };
            return Err(Refused::new(Stage::Preflight, Rule::PreflightMethod, reason));
        }
    };
    let mut headers = match response.headers.extract_tokens(ACCESS_CONTROL_ALLOW_HEADERS) {
        None => Vec::new(),
        Some(Ok(names)) => names,
        Some(Err(bad)) => {
            let reason =
                Reason::AllowHeadersInvalid { value: text(ACCESS_CONTROL_ALLOW_HEADERS), token: bad.item };
            return Err(Refused::new(Stage::Preflight, Rule::PreflightHeaders, reason));
        }
    };
    headers.iter_mut().for_each(|name| name.make_ascii_lowercase());
    // 7.4
    let methods = match methods {
        None if flight.preflight.forced && flight.profile.forced_preflight_implies_method => {
            vec![flight.method.clone()]
        }
        methods => methods.unwrap_or_default(),
    };
    Ok(AllowLists { methods, headers })
}

/// Step 7.5. Methods are compared byte for byte: `patch` is not `PATCH`.
fn method_allowed(
    flight: &mut Flight<'_>,
    response: &ResponseHead,
    lists: &AllowLists,
) -> Result<(), Refused> {
    let listed = lists.methods.contains(&flight.method);
    let by_wildcard =
        !flight.credentials_mode_is_include() && lists.methods.iter().any(|method| method == "*");
    if !listed && !method::is_cors_safelisted_method(&flight.method) && !by_wildcard {
        let allowed = response.headers.text(ACCESS_CONTROL_ALLOW_METHODS);
        let reason = Reason::MethodNotAllowed { method: flight.method.clone(), allowed };
        return Err(Refused::new(Stage::Preflight, Rule::PreflightMethod, reason));
    }
    let evidence = match (listed, by_wildcard) {
        (true, _) => format!("Access-Control-Allow-Methods lists {}", flight.method),
        (false, true) => "Access-Control-Allow-Methods: *".to_owned(),
        (false, false) => format!("{} is safelisted and needs no listing", flight.method),
    };
    flight.pass(Stage::Preflight, Rule::PreflightMethod, evidence);
    Ok(())
}

/// Steps 7.6 and 7.7.
fn headers_allowed(
    flight: &mut Flight<'_>,
    response: &ResponseHead,
    lists: &AllowLists,
) -> Result<(), Refused> {
    // A set, because a page can send many headers and a server can list many.
    let listed: HashSet<&str> = lists.headers.iter().map(String::as_str).collect();
    let wildcard = !flight.credentials_mode_is_include() && listed.contains("*");
    let allowed = || response.headers.text(ACCESS_CONTROL_ALLOW_HEADERS);
    let refuse = |reason| Err(Refused::new(Stage::Preflight, Rule::PreflightHeaders, reason));
    // 7.6: `*` does not cover Authorization
    let uncovered = !listed.contains(AUTHORIZATION)
        && flight.headers.iter().any(|line| header::is_non_wildcard_request_header_name(&line.name));
    if uncovered && wildcard && !flight.profile.authorization_covered_by_wildcard {
        return refuse(Reason::AuthorizationWildcard { allowed: allowed().unwrap_or_default() });
    }
    // 7.7
    if !wildcard {
        let mut refused = refused_headers(flight, &listed).into_iter();
        if let Some(name) = refused.next() {
            return refuse(Reason::HeaderNotAllowed { name, others: refused.collect(), allowed: allowed() });
        }
    }
    if uncovered && wildcard {
        flight.note(
            Stage::Preflight,
            Rule::EngineDifference,
            "`*` covers Authorization in this engine; the standard says it does not",
        );
    }
    if !flight.preflight.unsafe_names.is_empty() {
        let evidence = format!("Access-Control-Allow-Headers: {}", allowed().unwrap_or_default());
        flight.pass(Stage::Preflight, Rule::PreflightHeaders, evidence);
    }
    Ok(())
}

/// Step 7.7: the headers that need to be listed and are not, in the order in which the engine checks them.
///
/// They are looked up among the lines that script set, because an engine may ask for headers that a redirect dropped.
fn refused_headers(flight: &Flight<'_>, listed: &HashSet<&str>) -> Vec<String> {
    let mut lines: HashMap<String, (usize, &str)> = HashMap::new();
    for (place, line) in flight.script.headers.iter().enumerate() {
        lines.entry(line.name.to_ascii_lowercase()).or_insert((place, &line.name));
    }
    let mut names: Vec<&str> = flight
        .preflight
        .unsafe_names
        .iter()
        .map(String::as_str)
        .filter(|name| !listed.contains(name))
        .collect();
    names.dedup();
    let place = |name: &str| lines.get(name).map(|(place, _)| *place);
    let spelled = |name: &str| lines.get(name).map_or(name, |(_, spelled)| spelled).to_owned();
    match flight.profile.refused_headers {
        RefusedHeaders::ByName => names.into_iter().map(spelled).collect(),
        RefusedHeaders::InRequestOrder { known } => {
            let as_known = |name: &str| known.iter().find(|known| known.eq_ignore_ascii_case(name));
            names.sort_by_key(|name| (as_known(name).is_none(), place(name)));
            let known_or_spelled =
                |name| as_known(name).map_or_else(|| spelled(name), |known| (*known).to_owned());
            names.into_iter().map(known_or_spelled).collect()
        }
    }
}
