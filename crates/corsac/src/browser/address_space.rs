//! IP address spaces, as [Local Network Access](https://wicg.github.io/local-network-access/#ip-address-space) divides them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How private an address is: its [IP address space](https://wicg.github.io/local-network-access/#ip-address-space). Loopback is less
/// public than local, and local is less public than public.
///
/// ```
/// use corsac::browser::AddressSpace::{Local, Loopback, Public};
/// assert!(Loopback < Local && Local < Public); // a page in a more public space needs permission for a more private one
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the three spaces of Local Network Access")]
pub enum AddressSpace {
    /// This machine.
    Loopback,
    /// The local network: private, link-local and shared addresses.
    Local,
    /// Everything else.
    Public,
}

impl AddressSpace {
    /// Returns the space of an address. An IPv4-mapped IPv6 address is treated as the IPv4 address in it.
    ///
    /// ```
    /// use corsac::browser::AddressSpace;
    /// assert_eq!(AddressSpace::of("192.168.1.20".parse().unwrap()), AddressSpace::Local);
    /// ```
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => match address.to_ipv4_mapped() {
                Some(mapped) => Self::of_v4(mapped),
                None => Self::of_v6(address),
            },
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        match address.octets() {
            [127, ..] | [198, 18..=19, ..] | [0, 0, 0, 0] => Self::Loopback,
            [10, ..]
            | [100, 64..=127, ..]
            | [172, 16..=31, ..]
            | [192, 168, ..]
            | [169, 254, ..]
            | [0, ..] => Self::Local,
            _ => Self::Public,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        match address.segments() {
            [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Self::Loopback,
            [0xfc00..=0xfdff, ..] | [0xfe80..=0xfeff, ..] => Self::Local, // unique local, link-local, site-local
            [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Self::Local, // documentation
            _ => Self::Public,
        }
    }

    /// The space's name: `loopback`, `local` or `public`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::AddressSpace::Local.as_str(), "local");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Local => "local",
            Self::Public => "public",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AddressSpace::{self, Local, Loopback, Public};

    #[test]
    fn the_table_of_the_draft() {
        let table = [
            ("127.0.0.1", Loopback),
            ("127.255.255.254", Loopback),
            ("::1", Loopback),
            ("198.18.0.1", Loopback),
            ("198.20.0.1", Public),
            ("0.0.0.0", Loopback),
            ("::", Loopback),
            ("0.0.0.1", Local),
            ("10.1.2.3", Local),
            ("100.64.0.1", Local),
            ("100.128.0.1", Public),
            ("172.16.0.1", Local),
            ("172.32.0.1", Public),
            ("192.168.0.1", Local),
            ("169.254.169.254", Local),
            ("fc00::1", Local),
            ("fdff::1", Local),
            ("fe80::1", Local),
            ("fec0::1", Local),
            ("ff02::1", Public),
            ("2001:db8::1", Local),
            ("2001:db9::1", Public),
            ("3fff:fff::1", Local),
            ("3fff:1000::1", Public),
            ("::ffff:10.0.0.1", Local),
            ("::ffff:127.0.0.1", Loopback),
            ("93.184.216.34", Public),
            ("2606:2800::1", Public),
        ];
        for (address, space) in table {
            assert_eq!(AddressSpace::of(address.parse().unwrap()), space, "{address}");
        }
    }
}
