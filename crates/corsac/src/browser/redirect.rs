//! [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch): what a redirect does to a request.

use url::Url;

use super::body::Body;
use super::engine::{BodyHeaders, EmptyLocation};
use super::exchange::ResponseHead;
use super::flight::{Flight, Refused};
use super::reason::Reason;
use super::refusal::{RefusedRedirect, ResponseTainting};
use super::request::Api;
use super::request_values::Mode;
use super::trace::Rule;
use super::verdict::Stage;
use super::{mixed_content, referrer};
use crate::header::names::{AUTHORIZATION, LOCATION};
use crate::header::{self, REQUEST_BODY_HEADER_NAMES};
use crate::origin::Origin;

/// How many redirects one fetch follows.
const LIMIT: u8 = 20;

/// The redirects that a request has followed.
#[derive(Debug, Default)]
pub(crate) struct Redirects {
    /// The [redirect count](https://fetch.spec.whatwg.org/#concept-request-redirect-count).
    count: u8,
    /// What the last redirect did to the request.
    pub(crate) last: Option<RedirectEffect>,
    /// The redirect that led to the current URL, as a refusal there reports it.
    pub(crate) arrived_by: Option<RefusedRedirect>,
    /// Whether, in mode `no-cors`, a redirect from the page's own origin to another one dropped the body.
    lost_body_leaving_page_origin: bool,
}

/// What a redirect does to the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RedirectEffect {
    /// Whether the method becomes GET, and the body is dropped.
    pub(crate) becomes_get: bool,
    /// Whether the new URL has another origin than the one before.
    pub(crate) leaves_origin: bool,
}

/// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch). Returns `false` if there is no `Location`: the
/// response is then an ordinary one.
pub(crate) fn follow(
    flight: &mut Flight<'_>,
    stage: Stage,
    response: &ResponseHead,
) -> Result<bool, Refused> {
    // 3-5
    let location = location_url(flight, response);
    let Some(mut location) = location.map_err(|reason| Refused::new(stage, Rule::Redirect, reason))? else {
        return Ok(false);
    };
    // 6
    if !matches!(location.scheme(), "http" | "https") {
        let reason =
            Reason::SchemeNotHttp { scheme: location.scheme().to_owned(), url: location.to_string() };
        return Err(Refused::new(stage, Rule::Redirect, reason).at(location));
    }
    // 7-8
    if flight.redirects.count == LIMIT {
        return Err(Refused::new(stage, Rule::Redirect, Reason::TooManyRedirects));
    }
    flight.redirects.count = flight.redirects.count.saturating_add(1);
    // 9-10
    refuse_credentials(flight, stage, response, &mut location)?;
    // 11
    if response.status != 303 && flight.body == Body::Stream {
        return Err(Refused::new(stage, Rule::StreamBody, Reason::StreamBodyRedirected));
    }
    // 12-13
    let location_origin = Origin::of(&location);
    let effect = RedirectEffect {
        becomes_get: becomes_get(response.status, &flight.method),
        leaves_origin: !flight.url_origin().same_origin(&location_origin),
    };
    let drops_authorization = effect.leaves_origin
        && flight.headers.iter().any(|line| header::is_non_wildcard_request_header_name(&line.name));
    rewrite_method(flight, effect);
    rewrite_headers(flight, response.status, effect, &location_origin);
    flight.redirects.last = Some(effect);
    flight.redirects.arrived_by = refused_redirect(flight, response, Some(location.clone()));
    // 18-19
    flight.append_url(location);
    if let Some(policy) = referrer::policy_of_redirect(response) {
        referrer::set_policy(flight, policy);
    }
    let evidence = evidence(flight, response.status, effect, drops_authorization);
    flight.pass(stage, Rule::Redirect, evidence);
    Ok(true)
}

/// Steps 9 and 10: a `Location` with a user name or password. One engine first preflights the request, and refuses it afterwards.
fn refuse_credentials(
    flight: &mut Flight<'_>,
    stage: Stage,
    response: &ResponseHead,
    location: &mut Url,
) -> Result<(), Refused> {
    if location.username().is_empty() && location.password().is_none() {
        return Ok(());
    }
    let by_cors =
        leaves_page(flight, &Origin::of(location)) || flight.response_tainting == ResponseTainting::Cors;
    let by_engine = flight.profile.refuses_location_credentials && flight.request().init().api == Api::Fetch;
    if !by_cors && !by_engine {
        return Ok(());
    }
    let reason = Reason::RedirectCredentials { location: without_password(location), by_cors };
    let refused = Refused::new(stage, Rule::Redirect, reason).at(location.clone());
    if flight.response_tainting == ResponseTainting::Cors || !flight.profile.preflight_precedes_refusal {
        return Err(refused);
    }
    flight.refused_before_request = Some(with_response(refused, flight, response));
    // Refused only for URLs without a host.
    let _ = location.set_username("").and_then(|()| location.set_password(None));
    Ok(())
}

/// Returns `true` if the request's mode is `cors` and the redirect leads to another origin than the page's.
fn leaves_page(flight: &Flight<'_>, location: &Origin) -> bool {
    flight.mode() == Mode::Cors && !flight.request().origin().same_origin(location)
}

/// Step 12.
fn rewrite_method(flight: &mut Flight<'_>, effect: RedirectEffect) {
    let delete_becomes_get = effect.leaves_origin
        && flight.method == "DELETE"
        && flight.profile.leaving_origin_turns_delete_into_get;
    if effect.becomes_get || delete_becomes_get {
        "GET".clone_into(&mut flight.method);
        flight.body = Body::None;
    }
}

/// Steps 12 and 13 for the headers.
fn rewrite_headers(flight: &mut Flight<'_>, status: u16, effect: RedirectEffect, location: &Origin) {
    let home = flight.url_origin().same_origin(flight.request().origin());
    flight.redirects.lost_body_leaving_page_origin |=
        effect.becomes_get && effect.leaves_origin && home && flight.mode() == Mode::NoCors;
    restore_headers(flight, status, without_cors(flight, location));
    if drops_body_headers(flight, status, effect.becomes_get) {
        for name in REQUEST_BODY_HEADER_NAMES {
            flight.headers.delete(name);
        }
    }
    if effect.leaves_origin {
        flight.headers.delete(AUTHORIZATION);
    }
    if flight.profile.redirect_drops_client_hints && leaves_page(flight, location) {
        let hints = flight.profile.safelist.extra_names.iter();
        for name in hints.filter(|name| !matches!(**name, "save-data" | "intervention")) {
            flight.headers.delete(name);
        }
    }
}

/// Where the redirect led, and what it did to the request.
fn evidence(flight: &Flight<'_>, status: u16, effect: RedirectEffect, drops_authorization: bool) -> String {
    let loses_origin = flight.serialized_origin() == "null" && flight.request().origin().as_str() != "null";
    let effects = [
        (effect.becomes_get, "; the method becomes GET"),
        (drops_authorization, "; Authorization is dropped"),
        (loses_origin, "; Origin is now null"),
    ];
    let happened = effects.iter().filter(|(happened, _)| *happened).map(|(_, effect)| *effect);
    format!("{status} to {}{}", flight.url(), happened.collect::<String>())
}

/// Step 12, the condition.
fn becomes_get(status: u16, method: &str) -> bool {
    match status {
        301 | 302 => method == "POST",
        303 => !matches!(method, "GET" | "HEAD"),
        _ => false,
    }
}

/// Returns `true` if this redirect drops the headers that describe a body. Engine difference: see
/// [`DroppedHeaders`](super::engine::DroppedHeaders).
fn drops_body_headers(flight: &Flight<'_>, status: u16, becomes_get_now: bool) -> bool {
    match flight.profile.dropped_headers.body_headers {
        BodyHeaders::StayAway | BodyHeaders::ReturnByCurrentMethod => becomes_get_now,
        BodyHeaders::ReturnByFirstMethod => becomes_get(status, &flight.request().init().method),
    }
}

/// Returns `true` if CORS does not apply to the redirect to `location`.
fn without_cors(flight: &Flight<'_>, location: &Origin) -> bool {
    flight.mode() == Mode::NoCors
        || (flight.response_tainting == ResponseTainting::Basic
            && flight.request().origin().same_origin(location))
}

/// Engine difference: see [`DroppedHeaders`](super::engine::DroppedHeaders). Adds the headers that earlier redirects dropped, before this
/// one drops some of them again.
fn restore_headers(flight: &mut Flight<'_>, status: u16, without_cors: bool) {
    let rules = flight.profile.dropped_headers;
    let ignores_body_type = body_type_is_not_set_by_script(flight);
    let lost = flight.redirects.lost_body_leaving_page_origin;
    let body_header_returns = |is_type: bool| match rules.body_headers {
        BodyHeaders::StayAway => false,
        BodyHeaders::ReturnByFirstMethod => !(is_type && ignores_body_type),
        BodyHeaders::ReturnByCurrentMethod => {
            !without_cors || (is_type && !lost && matches!(status, 307 | 308))
        }
    };
    let returns = |name: &str| {
        (rules.authorization_returns && header::is_non_wildcard_request_header_name(name))
            || (header::is_request_body_header_name(name)
                && body_header_returns(name.eq_ignore_ascii_case("content-type")))
    };
    let returning: Vec<_> = flight
        .script
        .headers
        .iter()
        .filter(|line| returns(&line.name) && !flight.headers.contains(&line.name))
        .cloned()
        .collect();
    for line in returning {
        flight.headers.append(line.name, line.value);
    }
}

/// Engine difference: see [`Profile::xhr_body_type_is_set_by_script`](super::engine::Profile).
pub(super) fn body_type_is_not_set_by_script(flight: &Flight<'_>) -> bool {
    !flight.profile.xhr_body_type_is_set_by_script
        && flight.script.type_comes_with_body
        && matches!(flight.request().init().api, Api::XmlHttpRequest { .. })
}

/// Engine difference: returns `true` if, after a redirect that dropped headers, the preflight asks again for the header called `name`,
/// which script set. `other_names`: whether script set others that need a preflight. See
/// [`PreflightAfterRedirect::ByFirstNames`](super::engine::PreflightAfterRedirect).
pub(super) fn asks_for_again(flight: &Flight<'_>, name: &str, other_names: bool) -> bool {
    let Some(effect) = flight.redirects.last else {
        return true;
    };
    if name == "content-type" && body_type_is_not_set_by_script(flight) {
        return flight.headers.contains(name) || !(flight.preflight.forced || other_names);
    }
    let dropped_with_body = effect.becomes_get && header::is_request_body_header_name(name);
    let dropped_with_origin = effect.leaves_origin && header::is_non_wildcard_request_header_name(name);
    !dropped_with_body && !dropped_with_origin
}

/// Adds the response that was refused.
pub(super) fn with_response(refused: Refused, flight: &Flight<'_>, response: &ResponseHead) -> Refused {
    let redirect = match location_url(flight, response) {
        Ok(Some(target)) => refused_redirect(flight, response, Some(target)),
        Ok(None) => None,
        Err(_) => refused_redirect(flight, response, None),
    };
    refused.with_response(response.status, redirect)
}

/// The redirect to `target`, if this response is a redirect.
fn refused_redirect(
    flight: &Flight<'_>,
    response: &ResponseHead,
    target: Option<Url>,
) -> Option<RefusedRedirect> {
    let location = response.headers.text(LOCATION).filter(|_| response.is_redirect())?;
    let target_is_mixed_content =
        target.as_ref().is_some_and(|target| mixed_content::is_mixed_content(flight, target));
    Some(RefusedRedirect { from: flight.url().clone(), location, target, target_is_mixed_content })
}

/// [Location URL](https://fetch.spec.whatwg.org/#concept-response-location-url). `None` without a `Location`.
pub(super) fn location_url(flight: &Flight<'_>, response: &ResponseHead) -> Result<Option<Url>, Reason> {
    let invalid = || {
        let value = response.headers.text(LOCATION).unwrap_or_default();
        Reason::LocationInvalid { value }
    };
    // 2: one line; several are failure
    let mut lines = response.headers.all(LOCATION);
    let Some(location) = lines.next() else {
        return Ok(None);
    };
    if lines.next().is_some() {
        return Err(invalid());
    }
    if location.is_empty() {
        match flight.profile.empty_location {
            EmptyLocation::Followed => {}
            EmptyLocation::NoRedirect => return Ok(None),
            EmptyLocation::Refused => return Err(invalid()),
        }
    }
    // 3
    let mut url = flight.url().join(&percent_encoded(location)).map_err(|_| invalid())?;
    // 4
    if url.fragment().is_none() {
        url.set_fragment(flight.url().fragment());
    }
    Ok(Some(url))
}

/// Percent-encodes the bytes above ASCII one by one, so that the URL parser accepts any bytes.
fn percent_encoded(location: &[u8]) -> String {
    let mut text = String::with_capacity(location.len());
    for byte in location {
        if byte.is_ascii() {
            text.push(char::from(*byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn without_password(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        // Refused only for URLs without a host; http and https have one.
        let _ = url.set_password(Some("***"));
    }
    url.to_string()
}
