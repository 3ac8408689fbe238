//! [Fetch metadata](https://w3c.github.io/webappsec-fetch-metadata/): the `Sec-Fetch-*` headers.

use super::flight::Flight;
use super::request::Mode;
use crate::header::HeaderList;

/// [Append the Fetch metadata headers for a request](https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request).
pub(crate) fn append(flight: &Flight<'_>, mode: Mode, headers: &mut HeaderList) {
    // 1: only to URLs that are potentially trustworthy
    if !flight.url_origin().is_potentially_trustworthy() {
        return;
    }
    let destination = match mode {
        Mode::Navigate => "document",
        Mode::WebSocket => "websocket",
        Mode::SameOrigin | Mode::Cors | Mode::NoCors => "empty",
    };
    headers.append("Sec-Fetch-Dest", destination);
    headers.append("Sec-Fetch-Mode", mode.as_str());
    headers.append("Sec-Fetch-Site", site(flight));
}

/// [Set the `Sec-Fetch-Site` header](https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site).
fn site(flight: &Flight<'_>) -> &'static str {
    let origin = flight.request().origin();
    let mut site = "same-origin";
    for hop in flight.url_list() {
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
