//! [Sites](https://html.spec.whatwg.org/multipage/browsers.html#sites): which origins belong together, by the public suffix list. Also
//! which origins are trustworthy.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Origin, grammar, suffix};

impl Origin {
    /// Returns the [registrable domain](https://url.spec.whatwg.org/#host-registrable-domain) of the host: its public suffix and one more
    /// label. `None` if the host is a public suffix or an address, for the hosts of app schemes, and for an opaque origin.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let domain = |text| Origin::parse(text).unwrap().registrable_domain().map(str::to_owned);
    /// assert_eq!(domain("https://www.shop.example.co.uk").as_deref(), Some("example.co.uk"));
    /// assert_eq!(domain("https://a.github.io").as_deref(), Some("a.github.io"));
    /// assert_eq!(domain("https://github.io"), None);
    /// assert_eq!(domain("http://127.0.0.1"), None);
    /// ```
    pub fn registrable_domain(&self) -> Option<&str> {
        let host = self.host()?;
        if !grammar::is_special_scheme(self.scheme()?) || is_address(host) {
            return None;
        }
        // The list has no names with a dot at the end: the dot is left out of the lookup, and kept in the result.
        let domain = host.strip_suffix('.').unwrap_or(host);
        if domain.split('.').any(str::is_empty) {
            return None;
        }
        let registrable = suffix::registrable(domain)?;
        host.get(domain.len().checked_sub(registrable.len())?..)
    }

    /// [Schemelessly same site](https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site): returns `true` if the
    /// registrable domains are equal or, where there are none, the hosts.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let origin = |text| Origin::parse(text).unwrap();
    /// assert!(origin("http://a.example.com").schemelessly_same_site(&origin("https://b.example.com:8443")));
    /// assert!(!origin("https://a.github.io").schemelessly_same_site(&origin("https://b.github.io")));
    /// ```
    pub fn schemelessly_same_site(&self, other: &Self) -> bool {
        // 1
        if self.is_opaque() || other.is_opaque() {
            return self.same_origin(other);
        }
        // 2-3
        match (self.registrable_domain(), other.registrable_domain()) {
            (None, None) => self.host() == other.host(),
            (a, b) => a == b,
        }
    }

    /// [Same site](https://html.spec.whatwg.org/multipage/browsers.html#same-site): returns `true` if the origins are schemelessly same
    /// site and their schemes are equal.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let origin = |text| Origin::parse(text).unwrap();
    /// assert!(origin("https://a.example.com").same_site(&origin("https://b.example.com:8443")));
    /// assert!(!origin("http://example.com").same_site(&origin("https://example.com")));
    /// ```
    pub fn same_site(&self, other: &Self) -> bool {
        self.scheme() == other.scheme() && self.schemelessly_same_site(other)
    }

    /// Returns `true` if the origin is [potentially trustworthy](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy):
    /// its pages cannot be changed in transit. They are encrypted, come from this machine, or belong to a browser extension.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let trustworthy = |text| Origin::parse(text).unwrap().is_potentially_trustworthy();
    /// assert!(trustworthy("https://a.example") && trustworthy("http://api.localhost:3000"));
    /// assert!(!trustworthy("http://a.example") && !trustworthy("null"));
    /// ```
    pub fn is_potentially_trustworthy(&self) -> bool {
        // 1
        let (Some(scheme), Some(host)) = (self.scheme(), self.host()) else { return false };
        match scheme {
            // 3, and 7: the schemes that browsers consider authenticated
            "https" | "wss" | "chrome-extension" | "moz-extension" | "safari-web-extension" => true,
            // 4-5. 6 is about `file`, whose origins are opaque here and in browsers.
            _ => is_local_host(host),
        }
    }

    /// Returns `true` if pages of this origin come over http from a machine other than the user's own. Anyone on the network between the
    /// two can change such a page.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let insecure = |text| Origin::parse(text).unwrap().is_insecure();
    /// assert!(insecure("http://a.example") && insecure("http://192.168.1.5:3000"));
    /// assert!(!insecure("https://a.example") && !insecure("http://localhost:3000"));
    /// ```
    pub fn is_insecure(&self) -> bool {
        self.scheme() == Some("http") && !self.is_potentially_trustworthy()
    }

    /// Returns `true` if the host is the user's own machine, as [`is_local_host`] defines it.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let local = |text| Origin::parse(text).unwrap().is_local();
    /// assert!(local("http://localhost:3000") && local("https://127.0.0.1") && local("http://[::1]:8080"));
    /// assert!(!local("http://localhost.example") && !local("http://192.168.1.5") && !local("null"));
    /// ```
    pub fn is_local(&self) -> bool {
        self.host().is_some_and(is_local_host)
    }

    /// Returns `true` if the host is an IP address.
    pub(crate) fn host_is_address(&self) -> bool {
        self.host().is_some_and(is_address)
    }
}

/// Returns `true` if a host, written as in a URL, means the machine on which it is used: an address of `127.0.0.0/8`, `[::1]`, `localhost`
/// or a name under it. A dot at the end of a name does not matter.
///
/// Browsers connect such names to the machine itself, without asking a resolver:
/// [let localhost be localhost](https://datatracker.ietf.org/doc/html/draft-ietf-dnsop-let-localhost-be-localhost).
///
/// ```
/// use corsac::origin::is_local_host;
///
/// assert!(["localhost", "api.localhost", "localhost.", "127.0.0.1", "127.9.9.9", "[::1]"].into_iter().all(is_local_host));
/// assert!(!["local", "localhost.example", "127.example", "0.0.0.0", "[::2]", "::1"].into_iter().any(is_local_host));
/// ```
pub fn is_local_host(host: &str) -> bool {
    is_loopback(host) || is_localhost(host)
}

/// Returns `true` if the serialized host is an IP address.
fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
}

/// `127.0.0.0/8` and `::1`
fn is_loopback(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse() == Ok(Ipv6Addr::LOCALHOST),
        None => host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback()),
    }
}

/// `localhost` and the names under it, with or without a dot at the end.
fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host == "localhost" || host.ends_with(".localhost")
}
