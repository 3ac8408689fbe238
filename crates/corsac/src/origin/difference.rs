//! The parts in which two origins differ.

use super::Origin;

/// One part in which two origins differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OriginDifference {
    /// The schemes.
    Scheme,
    /// Only one of the hosts has `www.` before it.
    Www,
    /// `localhost`, `127.0.0.1` and `[::1]`: the same machine, but different hosts.
    LoopbackName,
    /// Two hosts of one site.
    Subdomain,
    /// Hosts of two sites.
    Host,
    /// The ports.
    Port,
}

/// Returns the parts in which two tuple origins differ, in the order scheme, host, port. Empty if they are the same, or if one is opaque.
///
/// ```
/// use corsac::origin::{Origin, OriginDifference, differences};
///
/// let origin = |text| Origin::parse(text).unwrap();
/// let found = differences(&origin("http://shop.example"), &origin("https://www.shop.example:8443"));
/// assert_eq!(found, [OriginDifference::Scheme, OriginDifference::Www, OriginDifference::Port]);
/// ```
pub fn differences(one: &Origin, other: &Origin) -> Vec<OriginDifference> {
    let (Some(host), Some(other_host)) = (one.host(), other.host()) else { return Vec::new() };
    let adds_www = |longer: &str, shorter: &str| longer.strip_prefix("www.") == Some(shorter);
    let host = if host == other_host {
        None
    } else if adds_www(host, other_host) || adds_www(other_host, host) {
        Some(OriginDifference::Www)
    } else if one.is_local() && other.is_local() {
        Some(OriginDifference::LoopbackName)
    } else if one.schemelessly_same_site(other) {
        Some(OriginDifference::Subdomain)
    } else {
        Some(OriginDifference::Host)
    };
    let scheme = (one.scheme() != other.scheme()).then_some(OriginDifference::Scheme);
    let port = (one.port() != other.port()).then_some(OriginDifference::Port);
    scheme.into_iter().chain(host).chain(port).collect()
}
