//! Connecting to one server for the URLs of another, for example to a server that runs here and will be deployed elsewhere.

use std::net::IpAddr;

use url::{Host, Url};

use super::setup_error::NetworkSetupError;
use super::target::Target;

/// Connects to one server for the URLs of another. Only the connection changes: it uses plain text or TLS as the URL of the first server says. The
/// request, its `Host`, and the name that a certificate must have are those of the requested URL.
///
/// It applies to the URLs of the host, on its port or on the default port of their scheme: after a redirect from `http:` to `https:`, it
/// connects to the same server. No proxy is used. The address of that server says nothing about where the other one is, so
/// [`Peer::proxied`](crate::Peer::proxied) is `true`, unless the host of the URLs is itself an address.
///
/// ```
/// use corsac_fetch::{ConnectInstead, Network, NetworkOptions};
/// let deployed = "https://api.example/items".parse()?;
/// let here = "http://127.0.0.1:8000/".parse()?;
/// let mut options = NetworkOptions::default();
/// options.connect_instead = Some(ConnectInstead::new(&deployed, &here)?);
/// assert!(Network::new(options).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConnectInstead {
    of: (Host, u16),
    at: Target,
}

impl ConnectInstead {
    /// Connects to the server of `at` for URLs of the server of `of`.
    ///
    /// # Errors
    ///
    /// If one of the URLs is not http or https.
    ///
    /// ```
    /// use corsac_fetch::ConnectInstead;
    /// let files = "file:///etc/hosts".parse().unwrap();
    /// assert!(ConnectInstead::new(&files, &"http://127.0.0.1/".parse().unwrap()).is_err());
    /// ```
    pub fn new(of: &Url, at: &Url) -> Result<Self, NetworkSetupError> {
        let target = |url| Target::of(url).map_err(|error| NetworkSetupError::new(error.to_string()));
        let of = target(of)?;
        Ok(Self { of: (of.host, of.port), at: target(at)? })
    }

    /// Where to connect for this target. `None` if it is not the server of `of`.
    pub(super) fn for_target(&self, target: &Target) -> Option<&Target> {
        let (host, port) = &self.of;
        let default_port = if target.tls { 443 } else { 80 };
        (target.host == *host && (target.port == *port || target.port == default_port)).then_some(&self.at)
    }
}

/// The address, if the host is one.
pub(super) fn address_of(host: &Host) -> Option<IpAddr> {
    match host {
        Host::Ipv4(address) => Some((*address).into()),
        Host::Ipv6(address) => Some((*address).into()),
        Host::Domain(_) => None,
    }
}
