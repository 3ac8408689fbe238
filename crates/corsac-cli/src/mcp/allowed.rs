//! Which servers may be asked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use corsac::browser::AddressSpace;
use corsac::origin::{Origin, is_local_host};
use corsac_fetch::MayConnect;
use url::{Host, Url};

/// The origins that the user has allowed.
pub(super) struct Allowed {
    origins: Vec<Origin>,
    local_addresses: bool,
}

/// Why a URL was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotAsked {
    /// Its origin is not allowed.
    Origin,
    /// Its host has only addresses of this machine, of a private network, or for special purposes.
    Address,
}

/// The URLs that were not asked in one check.
pub(super) type Log = Arc<Mutex<Vec<(Url, NotAsked)>>>;

impl Allowed {
    pub(super) fn new(origins: Vec<Origin>, local_addresses: bool) -> Self {
        Self { origins, local_addresses }
    }

    /// Returns `true` if no server may be asked.
    pub(super) fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Returns `true` if requests may be sent to this URL, as far as its address may be connected to.
    pub(super) fn has(&self, url: &Url) -> bool {
        self.origins.contains(&Origin::of(url))
    }

    /// Returns `true` if the host of this URL may have this address.
    fn may_have(&self, url: &Url, address: IpAddr) -> bool {
        self.local_addresses
            || match url.host() {
                Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
                Some(Host::Domain(name)) if is_local_host(name) => address.is_loopback(),
                Some(Host::Domain(_)) | None => is_public(address),
            }
    }

    /// Returns the rule for the network. Each URL that it refuses is noted in `log`.
    pub(super) fn rule(self: &Arc<Self>, log: &Log) -> MayConnect {
        let (allowed, log) = (Arc::clone(self), Arc::clone(log));
        MayConnect::new(move |url, address| {
            let not_asked = match address {
                None if !allowed.has(url) => NotAsked::Origin,
                Some(address) if !allowed.may_have(url, address) => NotAsked::Address,
                _ => return Ok(()),
            };
            log.lock().unwrap_or_else(PoisonError::into_inner).push((url.clone(), not_asked));
            Err(not_asked.why().to_owned())
        })
    }
}

impl NotAsked {
    /// The end of a sentence that begins with "not asked, because".
    fn why(self) -> &'static str {
        match self {
            Self::Origin => "it is not allowed",
            Self::Address => "its address is not a public one",
        }
    }

    /// What happened, and what a person can do, without the URL, which may be a server's.
    pub(super) fn explain(self) -> &'static str {
        match self {
            Self::Origin => {
                "Not asked, because it is not allowed: a redirect leads to another origin, and nothing was sent there. Its URL is in `untrusted`. If the user trusts it, they can start `corsac mcp` with another `--allow ORIGIN`."
            }
            Self::Address => {
                "Not asked, because the name of the host leads to this machine, to a private network or to an address for special purposes, and nothing was sent there. If the user wants that, they can start `corsac mcp` with `--allow-local-addresses`."
            }
        }
    }
}

/// Returns `true` for an address that anybody on the internet can have.
fn is_public(address: IpAddr) -> bool {
    AddressSpace::of(address) == AddressSpace::Public
        && match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        }
}

/// What [`AddressSpace`] calls public also has addresses [for special purposes](https://www.iana.org/assignments/iana-ipv4-special-registry/).
fn is_public_v4(address: Ipv4Addr) -> bool {
    // Azure's platform answers at 168.63.129.16, for each machine with what it may know about itself.
    const PLATFORM: [u8; 4] = [168, 63, 129, 16];
    AddressSpace::of(address.into()) == AddressSpace::Public
        && !address.is_documentation()
        && address.octets() != PLATFORM
        && !matches!(address.octets(), [192, 0, 0, _] | [192, 88, 99, _] | [224..=255, ..])
}

/// Addresses in which an IPv4 address is written are as public as that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => v4(high, low),
        // NAT64 and 6to4
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => v4(high, low),
        // Teredo and other protocols; benchmarks
        [0x2001, 0..=0x1ff, ..] => false,
        // Everything that is assigned to hosts so far
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: &str, local_addresses: bool) -> Allowed {
        Allowed::new(vec![Origin::parse(origin).unwrap()], local_addresses)
    }

    #[test]
    fn only_the_exact_origin_is_allowed() {
        let rows = [
            ("https://api.example/items?page=2", true),
            ("https://api.example:443/", true),
            ("http://api.example/", false),
            ("https://api.example:8443/", false),
            ("https://www.api.example/", false),
            ("https://api.example.evil.example/", false),
            ("https://user@evil.example/", false),
            ("https://api.example@evil.example/", false),
        ];
        for (url, expected) in rows {
            assert_eq!(allowed("https://api.example", false).has(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn a_name_may_lead_to_public_addresses_alone() {
        let rows = [
            ("93.184.216.34", true),
            ("2606:2800:220:1::1", true),
            ("127.0.0.1", false),
            ("0.0.0.0", false),
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("100.64.0.1", false),
            ("100.100.100.200", false), // metadata of Alibaba Cloud
            ("169.254.169.254", false), // metadata of most clouds
            ("168.63.129.16", false),
            ("192.0.0.192", false), // metadata of Oracle Cloud
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("192.0.2.1", false),
            ("::", false),
            ("::1", false),
            ("::7f00:1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:169.254.169.254", false),
            ("::ffff:93.184.216.34", true),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::5db8:d822", true),
            ("64:ff9b:1::1", false),
            ("2002:7f00:1::", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("fc00::1", false),
            ("fd00:ec2::254", false), // metadata of AWS
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
            ("100::1", false),
        ];
        let url: Url = "https://api.example/".parse().unwrap();
        for (address, expected) in rows {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(allowed("https://api.example", false).may_have(&url, address), expected, "{address}");
            assert!(allowed("https://api.example", true).may_have(&url, address), "{address}");
        }
    }

    #[test]
    fn an_address_and_localhost_are_what_they_say() {
        let rows = [
            ("http://127.0.0.1:3000", "127.0.0.1", true),
            ("http://192.168.1.20", "192.168.1.20", true),
            ("http://[::1]:3000", "::1", true),
            ("http://localhost:3000", "::1", true),
            ("http://localhost:3000", "127.0.0.1", true),
            ("http://localhost:3000", "10.0.0.1", false),
        ];
        for (origin, address, expected) in rows {
            let url: Url = format!("{origin}/").parse().unwrap();
            assert_eq!(
                allowed(origin, false).may_have(&url, address.parse().unwrap()),
                expected,
                "{origin} {address}"
            );
        }
    }
}
