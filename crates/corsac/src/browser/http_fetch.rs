//! [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch): whether to preflight, the request itself, and the checks of its response.

use std::borrow::Cow;
use std::time::Duration;

use super::body::Body;
use super::charset;
use super::cors_check;
use super::engine::{EmptyLocation, StreamBody, XhrCharset};
use super::exchange::{Exchange, ResponseHead};
use super::flight::{Flight, Refused};
use super::outcome::{FilteredResponse, Outcome, ResponseType};
use super::preflight_cache::PreflightCache;
use super::reason::Reason;
use super::refusal::ResponseTainting;
use super::request_values::{CacheMode, Credentials, RedirectMode};
use super::trace::Rule;
use super::verdict::Stage;
use super::{
    fetch_metadata, load_check, origin_header, redirect, referrer, resource_policy, response_filter, timing,
};
use crate::header::HeaderList;
use crate::header::names::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, PRAGMA, USER_AGENT, WWW_AUTHENTICATE};

/// HTTP fetch, step 3.1, with makeCORSPreflight true: returns `true` unless the cache allows everything that the request needs.
pub(crate) fn needs_preflight(flight: &mut Flight<'_>, cache: &mut PreflightCache, now: Duration) -> bool {
    let stage = flight.stage_before_exchange();
    if flight.profile.cache.bypassing_modes.contains(&preflight_cache_mode(flight)) {
        flight.note(
            stage,
            Rule::EngineDifference,
            "the request's cache mode bypasses the CORS-preflight cache",
        );
        return true;
    }
    match cache.missing(flight, now) {
        None => {
            flight.note(
                stage,
                Rule::PreflightNeeded,
                "the CORS-preflight cache allows the request: no preflight",
            );
            false
        }
        Some(missing) => {
            flight.note(
                stage,
                Rule::PreflightNeeded,
                format!("the CORS-preflight cache has no entry for {missing}"),
            );
            true
        }
    }
}

/// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch): the request as it is sent.
pub(crate) fn request(flight: &mut Flight<'_>) -> Result<Exchange, Refused> {
    let kind = flight.request_kind();
    let stage = flight.stage_of(kind);
    let streams = flight.body == Body::Stream && flight.profile.stream_body == StreamBody::SentOverHttp2;
    if let Some(refused) = flight.refused_before_request.take() {
        return Err(refused);
    }
    if streams && flight.url().scheme() == "http" {
        return Err(Refused::new(stage, Rule::StreamBody, Reason::StreamBodyUnsupported));
    }

    let mut headers = flight.headers.clone();
    let takes_first = flight.profile.body_takes_first_content_type;
    if takes_first && flight.body != Body::None && !flight.redirected() {
        keep_only(&mut headers, "content-type", Which::First);
    }
    for name in flight.profile.sends_last_line_only {
        keep_only(&mut headers, name, Which::Last);
    }
    write_charset(flight, &mut headers);
    let lost = flight.profile.redirects_lose_user_agent
        && flight.redirected()
        && flight.response_tainting != ResponseTainting::Cors;
    if flight.profile.safelist.user_agent_is_safe || lost {
        headers.delete(USER_AGENT);
    }
    // HTTP-network-or-cache fetch, step 8
    if let Some(referrer) = referrer::of_request(flight) {
        headers.append("Referer", referrer.as_str());
    }
    flight.origin_sent = origin_header::value(flight);
    if let Some(origin) = &flight.origin_sent {
        headers.append("Origin", origin.as_str());
    }
    fetch_metadata::append(flight, kind, flight.mode(), &mut headers);
    cache_mode_headers(flight, cache_mode(flight), &mut headers);
    if let Some(load) = flight.request().init().api.load() {
        load.append_headers(&mut headers);
    }
    Ok(Exchange {
        kind,
        method: flight.method.clone(),
        url: flight.url().clone(),
        headers,
        credentials: flight.includes_credentials(),
        body: flight.body != Body::None,
    })
}

/// Engine difference: see [`XhrCharset::OnWire`].
fn write_charset(flight: &Flight<'_>, headers: &mut HeaderList) {
    let init = flight.request().init();
    let applies = flight.profile.xhr_charset == XhrCharset::OnWire
        && init.api.is_xhr()
        && flight.body != Body::None
        && !flight.script.type_comes_with_body;
    let given = headers.get(CONTENT_TYPE).map(Cow::into_owned);
    if let (true, Some(body), Some(given)) = (applies, &init.body, given) {
        headers.delete(CONTENT_TYPE);
        headers.append("Content-Type", charset::on_wire(&given, body.kind()));
    }
}

/// Which of several lines of one name to keep.
#[derive(Clone, Copy)]
enum Which {
    First,
    Last,
}

/// The cache mode that applies to the preflight.
pub(super) fn preflight_cache_mode(flight: &Flight<'_>) -> CacheMode {
    if flight.profile.conditional_headers_reach_preflight {
        cache_mode(flight)
    } else {
        flight.request().init().cache
    }
}

/// Removes all but one of several lines of a name.
fn keep_only(headers: &mut HeaderList, name: &str, which: Which) {
    if headers.all(name).nth(1).is_none() {
        return;
    }
    let line = match which {
        Which::First => headers.iter().find(|line| line.is(name)).cloned(),
        Which::Last => headers.iter().rfind(|line| line.is(name)).cloned(),
    };
    headers.delete(name);
    if let Some(line) = line {
        headers.append(line.name, line.value);
    }
}

/// The request's cache mode, which headers that script set may have changed: HTTP-network-or-cache fetch, "If httpRequest's cache mode is
/// `default` and httpRequest's header list contains …".
fn cache_mode(flight: &Flight<'_>) -> CacheMode {
    const CONDITIONAL_HEADERS: [&str; 5] =
        ["if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"];
    let mode = flight.request().init().cache;
    let counts = !flight.request().init().api.is_xhr() || flight.profile.conditional_headers_count_in_xhr;
    let conditional = || counts && CONDITIONAL_HEADERS.iter().any(|name| flight.headers.contains(name));
    if mode == CacheMode::Default && conditional() { flight.profile.conditional_cache_mode } else { mode }
}

/// HTTP-network-or-cache fetch, "If httpRequest's cache mode is …".
pub(super) fn cache_mode_headers(flight: &Flight<'_>, mode: CacheMode, headers: &mut HeaderList) {
    let left_origin = flight.response_tainting == ResponseTainting::Cors
        && flight.redirects.last.is_some_and(|effect| effect.leaves_origin);
    if left_origin && !flight.profile.redirects_keep_cache_mode {
        return;
    }
    match mode {
        CacheMode::NoCache if !headers.contains(CACHE_CONTROL) => {
            headers.append("Cache-Control", "max-age=0");
        }
        CacheMode::NoStore | CacheMode::Reload => {
            if !headers.contains(PRAGMA) {
                headers.append("Pragma", "no-cache");
            }
            if !headers.contains(CACHE_CONTROL) {
                headers.append("Cache-Control", "no-cache");
            }
        }
        _ => {}
    }
}

/// HTTP fetch, from step 3.4 to the end. Returns the outcome, or `None` after a redirect: main fetch then continues with the new URL.
pub(crate) fn check_response(
    flight: &mut Flight<'_>,
    stage: Stage,
    response: &ResponseHead,
) -> Result<Option<Outcome>, Refused> {
    // 3.4
    if flight.response_tainting == ResponseTainting::Cors {
        let credentialed = flight.credentials_mode_is_include();
        match cors_check::cors_check(credentialed, flight.serialized_origin(), response) {
            Ok(evidence) => flight.pass(stage, Rule::CorsCheck, evidence),
            Err(reason) => return Err(Refused::new(stage, Rule::CorsCheck, reason)),
        }
        note_password_prompt(flight, stage, response);
    }
    // 3.5
    timing::tao_check(flight, stage, response);
    // 4
    if flight.response_tainting == ResponseTainting::Opaque {
        resource_policy::check(flight, stage, response)?;
    }
    // 5
    if response.is_redirect() {
        match flight.request().init().redirect {
            RedirectMode::Error if is_empty_location(flight, response) => {}
            RedirectMode::Error => {
                return Err(Refused::new(stage, Rule::Redirect, Reason::RedirectModeError));
            }
            RedirectMode::Manual => {
                if flight.profile.manual_redirect_needs_valid_location {
                    let location = redirect::location_url(flight, response);
                    location.map_err(|reason| Refused::new(stage, Rule::Redirect, reason))?;
                }
                flight.note(stage, Rule::Redirect, "redirect mode manual: script gets an opaque redirect");
                let url = Some(response_filter::without_fragment(flight.url()));
                let kind = ResponseType::OpaqueRedirect;
                let timing_allowed = !flight.timing_allow_failed;
                let opaque = FilteredResponse { kind, url, timing_allowed, ..FilteredResponse::opaque() };
                return Ok(Some(Outcome::Opaque(opaque)));
            }
            RedirectMode::Follow => {
                let refused = check_as_credentialed(flight, stage, response);
                if redirect::follow(flight, stage, response)? {
                    if refused.is_some() {
                        flight.refused_before_request = refused;
                    }
                    return Ok(None);
                }
            }
        }
    }
    load_check::check(flight, stage, response)?;
    response_filter::filter(flight, stage, response).map(Some)
}

/// Engine difference: see [`EmptyLocation`]. Returns `true` if redirect mode `error` does not treat this
/// response as a redirect.
fn is_empty_location(flight: &Flight<'_>, response: &ResponseHead) -> bool {
    flight.profile.empty_location != EmptyLocation::Followed
        && response.headers.all(LOCATION).eq([b"".as_slice()])
}

/// Engine difference: see [`Profile::redirects_from_page_origin_are_credentialed`](super::engine::Profile). The refusal is reported only when the
/// next request is due, after its preflight.
fn check_as_credentialed(flight: &Flight<'_>, stage: Stage, response: &ResponseHead) -> Option<Refused> {
    let applies = flight.profile.redirects_from_page_origin_are_credentialed
        && flight.began_same_origin()
        && flight.response_tainting == ResponseTainting::Cors
        && flight.request().init().credentials == Credentials::SameOrigin;
    if !applies {
        return None;
    }
    let reason = cors_check::cors_check(true, flight.serialized_origin(), response).err()?;
    Some(redirect::with_response(Refused::new(stage, Rule::CorsCheck, reason), flight, response))
}

fn note_password_prompt(flight: &mut Flight<'_>, stage: Stage, response: &ResponseHead) {
    let prompts = flight.profile.prompts_after_unauthorized;
    if prompts
        && response.status == 401
        && flight.credentials_mode_is_include()
        && response.headers.contains(WWW_AUTHENTICATE)
    {
        flight.note(
            stage,
            Rule::EngineDifference,
            "401 with credentials: this engine asks the user for a password first",
        );
    }
}
