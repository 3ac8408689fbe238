//! [Fetch metadata](https://w3c.github.io/webappsec-fetch-metadata/): the `Sec-Fetch-*` headers.

use super::exchange::ExchangeKind;
use super::flight::Flight;
use super::load::Load;
use super::refusal::ResponseTainting;
use super::request_values::Mode;
use crate::header::HeaderList;

/// [Append the Fetch metadata headers for a request](https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request).
pub(crate) fn append(flight: &Flight<'_>, kind: ExchangeKind, mode: Mode, headers: &mut HeaderList) {
    // 1: only to URLs that are potentially trustworthy
    if !flight.url_origin().is_potentially_trustworthy() || lost_in_redirect(flight, kind) {
        return;
    }
    let destination = match flight.request().init().api.load() {
        Some(Load::WebSocket) => flight.profile.loads.web_socket_destination,
        load => Some(load.map_or("empty", Load::destination)),
    };
    let Some(destination) = destination else {
        return;
    };
    headers.append("Sec-Fetch-Dest", destination);
    headers.append("Sec-Fetch-Mode", mode.as_str());
    headers.append("Sec-Fetch-Site", site(flight, kind));
}

/// Engine difference: see [`Profile::redirected_cors_loses_metadata`](super::engine::Profile).
fn lost_in_redirect(flight: &Flight<'_>, kind: ExchangeKind) -> bool {
    if !flight.profile.redirected_cors_loses_metadata || flight.response_tainting != ResponseTainting::Cors {
        return false;
    }
    match (kind, flight.redirects.last) {
        (_, None) => false,
        (ExchangeKind::Preflight, _) => {
            let first = flight.url_list().next();
            !first.is_some_and(|hop| hop.origin.is_potentially_trustworthy())
        }
        (_, Some(effect)) => effect.leaves_origin,
    }
}

/// [Set the `Sec-Fetch-Site` header](https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site).
///
/// A preflight is a request of its own: its URL list has only the URL that it is sent to.
fn site(flight: &Flight<'_>, kind: ExchangeKind) -> &'static str {
    let origin = flight.request().origin();
    let mut site = "same-origin";
    for hop in flight.url_list() {
        let alone = kind == ExchangeKind::Preflight && !flight.profile.preflight_site_sees_redirects;
        if alone && !std::ptr::eq(&hop.origin, flight.url_origin()) {
            continue;
        }
        if hop.origin.same_origin(origin) {
            continue;
        }
        if !hop.origin.same_site(origin) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}
