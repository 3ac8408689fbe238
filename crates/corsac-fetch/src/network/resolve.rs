//! Resolving a host to addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use corsac::browser::{NetworkError, NetworkErrorKind};
use corsac::origin::is_local_host;
use tokio::sync::oneshot;
use url::Host;

use super::deadline::Deadline;
use super::setup_error::NetworkSetupError;

/// The number of addresses to try.
const ADDRESS_LIMIT: usize = 16;

/// Addresses to use for a host and port instead of asking the resolver: `host:port:address[,address]...`, as for
/// `curl --resolve`. The host `*` means every host that no other override names.
///
/// ```
/// use corsac_fetch::ResolveOverride;
///
/// let resolve: ResolveOverride = "api.example:443:[::1],127.0.0.1".parse()?;
/// assert_eq!(resolve.to_string(), "api.example:443:[::1],127.0.0.1");
/// # Ok::<(), corsac_fetch::NetworkSetupError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "curl's `--resolve` has no other parts")]
pub struct ResolveOverride {
    /// The host, as in a URL, or `*`.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The addresses to try, in order.
    pub addresses: Vec<IpAddr>,
}

impl FromStr for ResolveOverride {
    type Err = NetworkSetupError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |why: &str| {
            NetworkSetupError::new(format!(
                "`{text}`: {why}; write `host:port:address`, like `api.example:443:127.0.0.1`"
            ))
        };
        let after_host = match text.strip_prefix('[') {
            Some(_) => text.find(']').map(|end| end + 1),
            None => text.find(':'),
        };
        let (host, rest) =
            after_host.and_then(|end| text.split_at_checked(end)).ok_or_else(|| wrong("no host"))?;
        let (port, addresses) = rest
            .strip_prefix(':')
            .and_then(|rest| rest.split_once(':'))
            .ok_or_else(|| wrong("no port or no address"))?;
        let host = match host {
            "*" => host.into(),
            host => Host::parse(host)
                .map_err(|error| wrong(&format!("`{host}` is not a host ({error})")))?
                .to_string(),
        };
        let port = port.parse().map_err(|_| wrong(&format!("`{port}` is not a port")))?;
        let addresses = addresses
            .split(',')
            .map(|address| {
                let bare =
                    address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
                bare.parse().map_err(|_| wrong(&format!("`{address}` is not an IP address")))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { host, port, addresses })
    }
}

impl fmt::Display for ResolveOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.host, self.port)?;
        for (index, address) in self.addresses.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match address {
                IpAddr::V4(address) => write!(f, "{comma}{address}")?,
                IpAddr::V6(address) => write!(f, "{comma}[{address}]")?,
            }
        }
        Ok(())
    }
}

/// The addresses of the override for a host: of one that names it, or else of one for `*`.
pub(super) fn overridden<'a>(
    overrides: &'a [ResolveOverride],
    host: &Host,
    port: u16,
) -> Option<&'a [IpAddr]> {
    let host = host.to_string();
    let of = |name: &str| overrides.iter().find(|entry| entry.host == name && entry.port == port);
    of(&host).or_else(|| of("*")).map(|entry| entry.addresses.as_slice())
}

/// The addresses of a host, in the order in which to try them. Never empty.
pub(super) async fn addresses(
    host: &Host,
    port: u16,
    deadline: Deadline,
) -> Result<Vec<SocketAddr>, NetworkError> {
    let addresses: Vec<IpAddr> = match host {
        Host::Ipv4(address) => vec![(*address).into()],
        Host::Ipv6(address) => vec![(*address).into()],
        Host::Domain(name) if is_local_host(name) => {
            vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]
        }
        Host::Domain(name) => alternate(ask_the_resolver(name, deadline).await?),
    };
    Ok(addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect())
}

/// Runs `getaddrinfo` on a thread of its own. It cannot be interrupted, and a runtime that ends waits for its blocking threads; for this thread
/// nothing waits longer than the deadline.
async fn ask_the_resolver(name: &str, deadline: Deadline) -> Result<Vec<IpAddr>, NetworkError> {
    let dns = |message: String| NetworkError::new(NetworkErrorKind::Dns, message);
    let (answer, question) = oneshot::channel();
    let owned = name.to_owned();
    std::thread::Builder::new()
        .name("resolver".into())
        .spawn(move || {
            let found =
                (owned.as_str(), 0).to_socket_addrs().map(|found| found.map(|a| a.ip()).collect::<Vec<_>>());
            // The receiver is gone if the deadline has passed.
            let _ = answer.send(found);
        })
        .map_err(|error| dns(format!("cannot ask the resolver for {name}: {error}")))?;
    let answered = deadline.hold(question, || format!("the resolver has no answer for {name}")).await;
    match answered {
        Ok(Ok(Ok(found))) if found.is_empty() => Err(dns(format!("{name} has no address"))),
        Ok(Ok(Ok(found))) => Ok(found),
        Ok(Ok(Err(error))) => Err(dns(format!("{name}: {error}"))),
        Ok(Err(_gone)) => Err(dns(format!("{name}: the resolver gave no answer"))),
        Err(timeout) => Err(dns(timeout.message)),
    }
}

/// Alternates IPv6 and IPv4, beginning with the family that the system prefers. A family that does not work then costs one attempt.
fn alternate(found: Vec<IpAddr>) -> Vec<IpAddr> {
    let first_is_v6 = found.first().is_some_and(IpAddr::is_ipv6);
    let (preferred, other): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut other = other.into_iter();
    let mut order = Vec::new();
    for address in preferred {
        order.push(address);
        order.extend(other.next());
    }
    order.extend(other);
    order.truncate(ADDRESS_LIMIT);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns() {
        let order = |list: &[&str]| -> Vec<String> {
            alternate(list.iter().map(|a| a.parse().unwrap()).collect())
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        assert_eq!(order(&["::1", "::2", "::3", "1.1.1.1"]), ["::1", "1.1.1.1", "::2", "::3"]);
        assert_eq!(order(&["1.1.1.1", "::1", "::2"]), ["1.1.1.1", "::1", "::2"]);
    }

    #[test]
    fn an_override_that_names_the_host_wins_over_the_star() {
        let overrides: Vec<ResolveOverride> =
            ["*:80:127.0.0.1", "a.example:80:127.0.0.2"].map(|text| text.parse().unwrap()).into();
        let host = |name: &str| Host::parse(name).unwrap();
        let address = |last| Some([IpAddr::from([127, 0, 0, last])]);
        let found = |name, port| overridden(&overrides, &host(name), port);
        assert_eq!(found("a.example", 80), address(2).as_ref().map(<[_; 1]>::as_slice));
        assert_eq!(found("b.example", 80), address(1).as_ref().map(<[_; 1]>::as_slice));
        assert_eq!(found("a.example", 443), None);
    }

    #[test]
    fn an_override_that_is_not_one_says_what_is_wrong() {
        let table = [
            ("a.example", "no host"),
            ("a.example:80", "no port or no address"),
            ("a.example:http:127.0.0.1", "`http` is not a port"),
            ("a.example:80:localhost", "`localhost` is not an IP address"),
            ("a b:80:127.0.0.1", "`a b` is not a host"),
            ("[::1:80:127.0.0.1", "no host"),
            ("", "no host"),
        ];
        for (text, expected) in table {
            let message = text.parse::<ResolveOverride>().unwrap_err().to_string();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
