//! [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch): whether to preflight, the request itself, and the checks of its response.

use super::cors_check;
use super::engine::StreamBody;
use super::error_page;
use super::exchange::{Exchange, ResponseHead};
use super::flight::{Flight, Refused, ResponseTainting};
use super::main_fetch;
use super::outcome::{FilteredResponse, Outcome, ResponseType, Stage};
use super::preflight_cache::PreflightCache;
use super::reason::Reason;
use super::request::{Body, CacheMode, RedirectMode};
use super::trace::Rule;
use super::{fetch_metadata, origin_header, redirect, resource_policy, response_filter, timing};
use std::time::Duration;

/// HTTP fetch, step 3.1, with makeCORSPreflight true: does the cache leave anything to ask?
pub(crate) fn needs_preflight(flight: &mut Flight<'_>, cache: &mut PreflightCache, now: Duration) -> bool {
    let stage = flight.stage_before_exchange();
    let bypassed = flight.profile.cache.cache_mode_bypasses
        && matches!(flight.request().init().cache, CacheMode::NoStore | CacheMode::Reload);
    if bypassed {
        flight.note(
            stage,
            Rule::EngineDifference,
            "the request's cache mode goes past the CORS-preflight cache",
        );
        return true;
    }
    if main_fetch::repeats_after_redirect(flight) {
        return true;
    }
    match cache.missing(flight, now) {
        None => {
            flight.note(stage, Rule::PreflightNeeded, "the CORS-preflight cache answers: no preflight");
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

/// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch): the request as it goes on the wire.
pub(crate) fn request(flight: &mut Flight<'_>) -> Result<Exchange, Refused> {
    let kind = flight.request_kind();
    let stage = flight.stage_of(kind);
    let streams = flight.body == Body::Stream && flight.profile.stream_body == StreamBody::SentOverHttp2;
    if streams && flight.response_tainting == ResponseTainting::Cors && flight.url().scheme() == "http" {
        return Err(Refused::new(stage, Rule::StreamBody, Reason::StreamBodyUnsupported));
    }

    let mut headers = flight.headers.clone();
    // Fetch, "fetch", steps 12 and 13
    if !headers.contains("accept") {
        headers.append("Accept", "*/*");
    }
    if !headers.contains("accept-language") {
        headers.append("Accept-Language", ACCEPT_LANGUAGE);
    }
    // HTTP-network-or-cache fetch, step 8
    if let Some(referrer) = &flight.referrer {
        headers.append("Referer", referrer.as_str());
    }
    if let Some(origin) = origin_header::value(flight) {
        headers.append("Origin", origin);
    }
    fetch_metadata::append(flight, flight.mode(), &mut headers);
    cache_mode_headers(flight, &mut headers);
    Ok(Exchange {
        kind,
        method: flight.method.clone(),
        url: flight.url().clone(),
        headers,
        credentials: flight.includes_credentials(),
        body: flight.body != Body::None,
    })
}

/// What a browser of an English-speaking user sends. The standard leaves the value to the user agent.
pub(crate) const ACCEPT_LANGUAGE: &str = "en-US,en;q=0.9";

/// HTTP-network-or-cache fetch, "If httpRequest's cache mode is …".
fn cache_mode_headers(flight: &Flight<'_>, headers: &mut crate::header::HeaderList) {
    match flight.request().init().cache {
        CacheMode::NoCache if !headers.contains("cache-control") => {
            headers.append("Cache-Control", "max-age=0");
        }
        CacheMode::NoStore | CacheMode::Reload => {
            if !headers.contains("pragma") {
                headers.append("Pragma", "no-cache");
            }
            if !headers.contains("cache-control") {
                headers.append("Cache-Control", "no-cache");
            }
        }
        _ => {}
    }
}

/// HTTP fetch, from step 3.4 to the end: the outcome, or `None` after a redirect, when main fetch goes on with the new URL.
pub(crate) fn check_response(
    flight: &mut Flight<'_>,
    stage: Stage,
    response: &ResponseHead,
) -> Result<Option<Outcome>, Refused> {
    // 3.4
    if flight.response_tainting == ResponseTainting::Cors {
        match cors_check::cors_check(flight, response) {
            Ok(evidence) => flight.pass(stage, Rule::CorsCheck, evidence),
            Err(reason) => return Err(refused_by_cors_check(stage, reason, response)),
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
    if matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        match flight.request().init().redirect {
            RedirectMode::Error => {
                return Err(Refused::new(stage, Rule::Redirect, Reason::RedirectModeError));
            }
            RedirectMode::Manual => {
                flight.note(stage, Rule::Redirect, "redirect mode manual: script gets an opaque redirect");
                let url = Some(response_filter::without_fragment(flight.url()));
                let kind = ResponseType::OpaqueRedirect;
                let opaque = FilteredResponse { kind, url, ..FilteredResponse::opaque() };
                return Ok(Some(Outcome::Opaque(opaque)));
            }
            RedirectMode::Follow => {
                if redirect::follow(flight, stage, response)? {
                    return Ok(None);
                }
            }
        }
    }
    response_filter::filter(flight, stage, response).map(Some)
}

/// The CORS check failed: by a mistake in the CORS headers, or because something else answered, which knows nothing of CORS?
fn refused_by_cors_check(stage: Stage, reason: Reason, response: &ResponseHead) -> Refused {
    match error_page::look_behind(&reason, response) {
        Some(behind) => Refused::new(stage, Rule::ErrorPage, behind).behind(reason),
        None => Refused::new(stage, Rule::CorsCheck, reason),
    }
}

fn note_password_prompt(flight: &mut Flight<'_>, stage: Stage, response: &ResponseHead) {
    let prompts = flight.profile.prompts_after_unauthorized;
    if prompts
        && response.status == 401
        && flight.credentials_mode_is_include()
        && response.headers.contains("www-authenticate")
    {
        flight.note(
            stage,
            Rule::EngineDifference,
            "401 with credentials: this engine asks the user for a password first",
        );
    }
}
