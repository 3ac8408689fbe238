//! [Append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header).

use super::flight::Flight;
use super::refusal::ResponseTainting;
use super::request_values::{Mode, ReferrerPolicy};

/// The value of `Origin` for the current request; `None` if it has no `Origin`.
pub(crate) fn value(flight: &Flight<'_>) -> Option<String> {
    // 2
    let serialized = flight.serialized_origin().to_owned();
    // 3
    if flight.mode() == Mode::WebSocket && flight.profile.loads.web_socket_follows_redirects {
        return Some(flight.request().origin().as_str().to_owned());
    }
    if flight.response_tainting == ResponseTainting::Cors || flight.mode() == Mode::WebSocket {
        return Some(serialized);
    }
    // Engine difference: see [`LoadRules::origin_to_page_origin`](super::engine::LoadRules).
    let load = flight.request().init().api.load();
    if flight.mode() == Mode::Cors
        && load.is_some_and(|load| flight.profile.loads.origin_to_page_origin.contains(&load))
    {
        return Some(serialized);
    }
    // 4
    let bodiless = matches!(flight.method.as_str(), "GET" | "HEAD");
    if let Some(effect) = flight.redirects.last.filter(|_| flight.profile.origin_survives_redirects) {
        if effect.leaves_origin {
            return (!bodiless).then_some(serialized);
        }
        return flight.origin_sent.clone();
    }
    if bodiless {
        return None;
    }
    if flight.mode() != Mode::Cors && flight.profile.no_cors_redirect_hides_origin && left_origin(flight) {
        return Some("null".to_owned());
    }
    // 4.1
    if flight.mode() != Mode::Cors
        && flight.profile.referrer_policy_hides_origin
        && policy_hides_origin(flight)
    {
        return Some("null".to_owned());
    }
    Some(serialized)
}

/// Returns `true` if a redirect led to another origin than that of the URL before it.
fn left_origin(flight: &Flight<'_>) -> bool {
    let mut hops = flight.url_list();
    let mut origin = hops.next().map(|hop| &hop.origin);
    hops.any(|hop| !origin.replace(&hop.origin).is_some_and(|before| before.same_origin(&hop.origin)))
}

/// Step 4.1: returns `true` if the referrer policy turns the origin into `null`.
fn policy_hides_origin(flight: &Flight<'_>) -> bool {
    let origin = flight.request().origin();
    match flight.referrer.policy {
        ReferrerPolicy::NoReferrer => true,
        ReferrerPolicy::NoReferrerWhenDowngrade
        | ReferrerPolicy::StrictOrigin
        | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
            origin.scheme() == Some("https") && flight.url().scheme() != "https"
        }
        ReferrerPolicy::SameOrigin => !origin.same_origin(flight.url_origin()),
        ReferrerPolicy::Origin | ReferrerPolicy::OriginWhenCrossOrigin | ReferrerPolicy::UnsafeUrl => false,
    }
}
