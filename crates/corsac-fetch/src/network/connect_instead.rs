//! Asking one server in the name of another: one that runs here, as it will be once it is deployed.

use std::net::IpAddr;

use url::{Host, Url};

use super::setup_error::NetworkSetupError;
use super::target::Target;

/// Connects to one server for the URLs of another: only the connection goes there, in plain text or with TLS as its own URL says. The
/// request, its `Host`, and the name that a certificate has to be for stay those of the URL that is asked for.
///
/// The URLs are those of the host, on its port or on the usual one of their scheme: a redirect from `http:` to `https:` stays at that server.
/// It is never reached through a proxy, and its address says nothing about where the other one is: [`Peer::proxied`](crate::Peer::proxied) is
/// `true`, unless the URLs have an address as their host.
///
/// ```
/// use corsac_fetch::{ConnectInstead, NetworkOptions};
/// let deployed = "https://api.example/items".parse()?;
/// let here = "http://127.0.0.1:8000/".parse()?;
/// let mut options = NetworkOptions::default();
/// options.connect_instead = Some(ConnectInstead::new(&deployed, &here)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConnectInstead {
    of: (Host, u16),
    at: Target,
}

impl ConnectInstead {
    /// For the URLs of the server of `of`, connect to that of `at`.
    ///
    /// # Errors
    ///
    /// One of the URLs is not http or https.
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

    /// Where to connect for this target, if it is meant.
    pub(super) fn for_target(&self, target: &Target) -> Option<&Target> {
        let (host, port) = &self.of;
        let usual = if target.tls { 443 } else { 80 };
        (target.host == *host && (target.port == *port || target.port == usual)).then_some(&self.at)
    }
}

/// The address that a host is.
pub(super) fn address_of(host: &Host) -> Option<IpAddr> {
    match host {
        Host::Ipv4(address) => Some((*address).into()),
        Host::Ipv6(address) => Some((*address).into()),
        Host::Domain(_) => None,
    }
}
