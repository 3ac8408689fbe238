//! The knowledge base: one entry for each reason code, as data, with a file for each group.

mod allow_origin;
mod allow_origin_value;
mod credentials;
mod load;
mod local_network;
mod network;
mod preflight;
mod preflight_lists;
mod redirect;
mod request;
mod response;
mod tls;

use corsac::browser::ReasonCode;

use crate::entry::{Entry, FixTemplate, Line};
use crate::fact::Fact;

use network::ANY_FAILURE;

/// Returns the entry of a code.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let entry = corsac_explain::entry(ReasonCode::AllowOriginMissing);
/// assert_eq!(entry.firefox, ["CORSMissingAllowOrigin"]);
/// ```
pub fn entry(code: ReasonCode) -> &'static Entry {
    // A test ensures that every code has an entry, so the fallback is never used.
    entries().find(|entry| entry.code == code).unwrap_or(ANY_FAILURE)
}

/// Returns every entry, in the order of the groups: the response's headers first, the network last.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    GROUPS.iter().copied().flatten()
}

const GROUPS: &[&[Entry]] = &[
    allow_origin::ENTRIES,
    allow_origin_value::ENTRIES,
    credentials::ENTRIES,
    preflight::ENTRIES,
    preflight_lists::ENTRIES,
    redirect::ENTRIES,
    request::ENTRIES,
    response::ENTRIES,
    load::ENTRIES,
    local_network::ENTRIES,
    network::ENTRIES,
    tls::ENTRIES,
];

/// The alternative for public data: `*` instead of one origin.
const PUBLIC_DATA: FixTemplate = FixTemplate::when(
    &[Fact::Not(&Fact::Credentials), Fact::Not(&Fact::SendsAuthorization), Fact::PageHasOrigin],
    "",
    "If the data is public and needs no login, this is enough, and needs no `Vary`:",
    &[Line::Text("Access-Control-Allow-Origin: *")],
);

/// The standard's sections.
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
    pub(super) const NOSNIFF: &str =
        "https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?";
    pub(super) const MODULE_SCRIPT: &str = "https://html.spec.whatwg.org/#fetch-a-single-module-script";
    pub(super) const LOADS: &str = "https://html.spec.whatwg.org/#fetching-resources";
    pub(super) const WEBSOCKET: &str = "https://websockets.spec.whatwg.org/#concept-websocket-establish";
    pub(super) const OPAQUE_RESPONSE_BLOCKING: &str = "https://github.com/annevk/orb";
    pub(super) const MIXED_CONTENT: &str =
        "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch";
    pub(super) const LOCAL_NETWORK: &str =
        "https://wicg.github.io/local-network-access/#local-network-access-check";
}

/// MDN's page about an error, named by Firefox's key.
macro_rules! mdn_error {
    ($key:literal) => {
        Some(concat!("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS/Errors/", $key))
    };
}
use mdn_error;
