//! Under which names the page is reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// The page's own hosts and origins.
pub(super) struct Addresses {
    page: Url,
    /// Whether only this machine can connect.
    is_loopback: bool,
    /// As `Host` has them.
    hosts: Vec<String>,
    /// As `Origin` has them.
    origins: Vec<String>,
}

impl Addresses {
    /// Collects the addresses of a listener, and that of the page in the browser, if it is another.
    pub(super) fn new(listener: SocketAddr, public_url: Option<&Url>) -> Result<Self, String> {
        let url = |name: &String| Url::parse(&format!("http://{name}:{}/", listener.port())).ok();
        let names: Vec<Url> = names(listener.ip()).iter().filter_map(url).collect();
        let all = || names.iter().chain(public_url);
        Ok(Self {
            page: all()
                .last()
                .filter(|_| public_url.is_some())
                .or(names.first())
                .ok_or("no address")?
                .clone(),
            is_loopback: listener.ip().is_loopback(),
            hosts: all().flat_map(hosts).collect(),
            origins: all().map(|url| url.origin().ascii_serialization()).collect(),
        })
    }

    /// Returns the URL of the page.
    pub(super) fn page(&self) -> &Url {
        &self.page
    }

    /// Returns `true` if a request with this `Host` is for the page. A page that rebinds its name to this machine has another one.
    pub(super) fn is_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    /// Returns `true` if the browser of a page with this origin is probably on this machine: it was told a name of this machine, and nothing else
    /// can connect.
    pub(super) fn is_on_this_machine(&self, origin: &str) -> bool {
        let is_local = |url: Url| match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        self.is_loopback && origin.starts_with("http://") && Url::parse(origin).is_ok_and(is_local)
    }

    /// Returns `true` if this is the origin of the page.
    pub(super) fn is_origin(&self, origin: &[u8]) -> bool {
        self.origins.iter().any(|own| own.as_bytes() == origin)
    }
}

/// Returns the names of a listener in URLs, the best first. Of one on all addresses only those of this machine are known.
fn names(listener: IpAddr) -> Vec<String> {
    let names: &[&str] = match listener {
        IpAddr::V4(Ipv4Addr::LOCALHOST | Ipv4Addr::UNSPECIFIED) => &["127.0.0.1", "localhost"],
        IpAddr::V6(Ipv6Addr::LOCALHOST) => &["[::1]", "localhost"],
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => &["127.0.0.1", "[::1]", "localhost"],
        IpAddr::V4(address) => return vec![address.to_string()],
        IpAddr::V6(address) => return vec![format!("[{address}]")],
    };
    names.iter().copied().map(str::to_owned).collect()
}

/// Returns `Host` as browsers write it for this URL, and with the port that they leave out.
fn hosts(url: &Url) -> Vec<String> {
    let host = url.host_str().unwrap_or_default();
    let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}"));
    let without = url.port().is_none().then(|| host.to_owned());
    with_port.into_iter().chain(without).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listeners_own_names_and_the_public_one_are_hosts() {
        let table = [
            (
                "127.0.0.1:8914",
                "127.0.0.1:8914 localhost:8914 LOCALHOST:8914",
                "[::1]:8914 localhost 127.0.0.1:80 evil.example:8914 127.0.0.1.evil.example:8914 localhost.:8914",
            ),
            ("[::1]:8914", "[::1]:8914 localhost:8914", "127.0.0.1:8914 ::1:8914"),
            ("0.0.0.0:8914", "127.0.0.1:8914 localhost:8914", "0.0.0.0:8914 192.168.1.7:8914"),
            ("192.168.1.7:8914", "192.168.1.7:8914", "127.0.0.1:8914 localhost:8914"),
            ("127.0.0.1:80", "127.0.0.1 127.0.0.1:80 localhost", "127.0.0.1:8914"),
        ];
        for (listener, hosts, others) in table {
            let public = Url::parse("https://me.dev.example/page/").unwrap();
            let addresses = Addresses::new(listener.parse().unwrap(), Some(&public)).unwrap();
            for host in hosts.split(' ').chain(["me.dev.example", "me.dev.example:443"]) {
                assert!(addresses.is_host(host), "{listener} {host}");
            }
            for host in others.split(' ').chain(["", "me.dev.example:8914", "me.dev.example.evil.example"]) {
                assert!(!addresses.is_host(host), "{listener} {host}");
            }
        }
    }

    #[test]
    fn an_origin_is_compared_byte_by_byte() {
        let addresses = Addresses::new("127.0.0.1:8914".parse().unwrap(), None).unwrap();
        for origin in ["http://127.0.0.1:8914", "http://localhost:8914"] {
            assert!(addresses.is_origin(origin.as_bytes()));
        }
        for origin in [
            "null",
            "http://127.0.0.1",
            "https://127.0.0.1:8914",
            "http://127.0.0.1:8914/",
            "HTTP://LOCALHOST:8914",
            "http://127.0.0.1:8915",
        ] {
            assert!(!addresses.is_origin(origin.as_bytes()), "{origin}");
        }
    }

    #[test]
    fn the_link_has_the_public_url_if_there_is_one() {
        let page = |public: Option<&str>| {
            let public: Option<Url> = public.map(|url| url.parse().unwrap());
            Addresses::new("127.0.0.1:8914".parse().unwrap(), public.as_ref()).unwrap().page().to_string()
        };
        assert_eq!(page(None), "http://127.0.0.1:8914/");
        assert_eq!(page(Some("https://me.dev.example/page/")), "https://me.dev.example/page/");
    }
}
