//! [Mixed content](https://w3c.github.io/webappsec-mixed-content/): what an https page may not request over http.

use url::Url;

use super::address_space::AddressSpace;
use super::engine::LocalNetworkAccess;
use super::flight::Flight;
use super::load::Load;
use super::request::Api;
use crate::origin::Origin;

/// [Should fetching request be blocked as mixed content?](https://w3c.github.io/webappsec-mixed-content/#should-block-fetch) Returns `true`
/// if this page may not send anything to `url`. A navigation may go to any URL.
///
/// Loopback addresses are trustworthy over http too. An address for which the page will need the Local Network Access permission is let
/// through, as that [draft](https://wicg.github.io/local-network-access/#mixed-content) says.
pub(crate) fn is_mixed_content(flight: &Flight<'_>, url: &Url) -> bool {
    let trustworthy =
        || flight.profile.loopback_is_no_mixed_content && Origin::of(url).is_potentially_trustworthy();
    flight.request().init().client.prohibits_mixed_content
        && flight.request().init().api != Api::Load(Load::Navigation)
        && url.scheme() == "http"
        && !trustworthy()
        && !known_to_be_local(flight, url)
}

/// [Upgrade a mixed content request to a potentially trustworthy URL, if appropriate](https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm).
pub(crate) fn is_upgraded(flight: &Flight<'_>) -> bool {
    let init = flight.request().init();
    let url = flight.url();
    init.api.load().is_some_and(Load::is_upgradeable)
        && init.client.prohibits_mixed_content
        && url.scheme() == "http"
        && matches!(url.host(), Some(url::Host::Domain(_)))
        && !flight.url_origin().is_potentially_trustworthy()
}

fn known_to_be_local(flight: &Flight<'_>, url: &Url) -> bool {
    let Some(asked) = flight.target_address_space().or_else(|| implied_space(url)) else {
        return false;
    };
    flight.profile.local_network_access != LocalNetworkAccess::Off && asked != AddressSpace::Public
}

/// The address space that a URL itself implies: that of an IP literal, or of a `.local` name.
fn implied_space(url: &Url) -> Option<AddressSpace> {
    match url.host()? {
        url::Host::Ipv4(address) => Some(AddressSpace::of(address.into())),
        url::Host::Ipv6(address) => Some(AddressSpace::of(address.into())),
        url::Host::Domain(name) => name.ends_with(".local").then_some(AddressSpace::Local),
    }
}
