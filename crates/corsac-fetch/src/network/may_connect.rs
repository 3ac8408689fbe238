//! Which servers a program may connect to.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use corsac::browser::{NetworkError, NetworkErrorKind};
use url::Url;

/// Decides which servers may be connected to, for a program that sends requests to URLs of strangers.
///
/// It is asked twice for each exchange, redirects included. First with the URL alone, before a host name is resolved. Then with each address that the
/// URL leads to, before anything is connected; only addresses that it allows are tried, and the name is not resolved again. Through a proxy, the
/// address is that of the proxy. It returns why a server must not be asked, as the end of a sentence that begins with "not asked, because".
///
/// ```
/// use corsac::browser::AddressSpace;
/// use corsac_fetch::{MayConnect, Network, NetworkOptions};
///
/// let public_only = MayConnect::new(|url, address| match address {
///     None if url.scheme() != "https" => Err("it is not https".to_owned()),
///     Some(address) if AddressSpace::of(address) != AddressSpace::Public => Err(format!("{address} is not public")),
///     _ => Ok(()),
/// });
/// let network = Network::new(NetworkOptions::default().with(|options| options.may_connect = Some(public_only)))?;
/// # use corsac::browser::{Exchange, ExchangeKind};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let exchange = Exchange::new(ExchangeKind::Request, "GET", "https://127.0.0.1/".parse().unwrap());
/// let error = network.send(&exchange, None, &mut |_peer| true).await.unwrap_err();
/// assert!(error.to_string().ends_with("not asked, because 127.0.0.1 is not public"));
/// # });
/// # Ok::<(), corsac_fetch::NetworkSetupError>(())
/// ```
#[derive(Clone)]
pub struct MayConnect(Arc<Rule>);

type Rule = dyn Fn(&Url, Option<IpAddr>) -> Result<(), String> + Send + Sync;

impl MayConnect {
    /// Makes a rule.
    ///
    /// ```
    /// use corsac_fetch::MayConnect;
    /// let nowhere = MayConnect::new(|_url, _address| Err("nothing may be asked".to_owned()));
    /// assert_eq!(format!("{nowhere:?}"), "MayConnect(..)");
    /// ```
    pub fn new(rule: impl Fn(&Url, Option<IpAddr>) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(rule))
    }

    /// Checks the URL alone.
    pub(super) fn check(&self, url: &Url) -> Result<(), NetworkError> {
        (self.0)(url, None).map_err(|why| not_asked(&why))
    }

    /// Returns the addresses that may be connected to. Never empty.
    pub(super) fn allowed(&self, url: &Url, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, NetworkError> {
        let mut reason = String::new();
        let allowed: Vec<SocketAddr> = found
            .iter()
            .copied()
            .filter(|address| match (self.0)(url, Some(address.ip())) {
                Ok(()) => true,
                Err(why) => {
                    reason = why;
                    false
                }
            })
            .collect();
        if allowed.is_empty() { Err(not_asked(&reason)) } else { Ok(allowed) }
    }
}

impl fmt::Debug for MayConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MayConnect(..)")
    }
}

fn not_asked(why: &str) -> NetworkError {
    NetworkError::new(NetworkErrorKind::Unreachable, format!("not asked, because {why}"))
}
