//! The entries, a file for each group.

mod allow_origin;
mod allow_origin_value;
mod credentials;
mod local_network;
mod network;
mod preflight;
mod preflight_lists;
mod redirect;
mod request;
mod response;
mod tls;

use crate::entry::{Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(crate) use network::ANY_FAILURE;

pub(crate) const GROUPS: &[&[Entry]] = &[
    allow_origin::ENTRIES,
    allow_origin_value::ENTRIES,
    credentials::ENTRIES,
    preflight::ENTRIES,
    preflight_lists::ENTRIES,
    redirect::ENTRIES,
    request::ENTRIES,
    response::ENTRIES,
    local_network::ENTRIES,
    network::ENTRIES,
    tls::ENTRIES,
];

/// What public data can send instead of naming each origin.
const FOR_EVERYBODY: FixTemplate = FixTemplate::when(
    &[Fact::Not(&Fact::Credentials), Fact::PageHasOrigin],
    "",
    "If the data is meant for everybody and no login is involved, this does instead, and needs no `Vary`:",
    &[Line::Text("Access-Control-Allow-Origin: *")],
);

/// The standard's sections, named once.
mod spec {
    pub(super) const CORS_CHECK: &str = "https://fetch.spec.whatwg.org/#concept-cors-check";
    pub(super) const PREFLIGHT: &str = "https://fetch.spec.whatwg.org/#cors-preflight-fetch";
    pub(super) const HTTP_FETCH: &str = "https://fetch.spec.whatwg.org/#http-fetch";
    pub(super) const MAIN_FETCH: &str = "https://fetch.spec.whatwg.org/#main-fetch";
    pub(super) const REDIRECT: &str = "https://fetch.spec.whatwg.org/#http-redirect-fetch";
    pub(super) const NETWORK: &str = "https://fetch.spec.whatwg.org/#http-network-fetch";
    pub(super) const PORTS: &str = "https://fetch.spec.whatwg.org/#port-blocking";
    pub(super) const RESOURCE_POLICY: &str =
        "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header";
    pub(super) const MIXED_CONTENT: &str =
        "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch";
    pub(super) const LOCAL_NETWORK: &str =
        "https://wicg.github.io/local-network-access/#local-network-access-check";
}

/// MDN's pages, one for each key of Firefox.
macro_rules! mdn_error {
    ($key:literal) => {
        Some(concat!("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS/Errors/", $key))
    };
}
use mdn_error;
