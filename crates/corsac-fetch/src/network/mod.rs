//! One HTTP exchange over one connection: what a browser's network stack does below the Fetch standard's
//! [HTTP-network fetch](https://fetch.spec.whatwg.org/#concept-http-network-fetch).
//!
//! Each stage is in its own file: find the addresses ([`resolve`]), connect ([`connect`]), possibly through a proxy ([`proxy`]), possibly with TLS
//! ([`tls`]), send the request and read the response ([`http`]). [`failure`] turns errors into messages.

mod body;
mod client_certificate;
mod coding;
mod connect;
mod connect_instead;
mod control_bytes;
mod deadline;
mod failure;
mod http;
mod in_process;
mod limits;
mod may_connect;
mod options;
mod proxy;
mod received;
mod received_names;
mod request;
mod resolve;
mod send_error;
mod setup_error;
mod target;
mod tls;
mod transport;
mod watched;

use std::fmt;
use std::time::Duration;

use corsac::browser::Exchange;

pub use client_certificate::ClientCertificate;
pub use connect_instead::ConnectInstead;
use deadline::Deadline;
pub use in_process::{InProcess, RequestBody};
pub use may_connect::MayConnect;
pub use options::NetworkOptions;
pub use proxy::ProxySettings;
pub use received::{Peer, Received, Timings};
pub use resolve::ResolveOverride;
pub use send_error::SendError;
pub use setup_error::NetworkSetupError;
pub use transport::Transport;

/// Sends exchanges over a real network, each on a new connection.
///
/// Build it once and use it as often as needed: it reads the trusted certificates when it first needs them, and keeps them. It needs a tokio
/// runtime with I/O and time enabled; one thread is enough.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use corsac::browser::{Exchange, ExchangeKind};
/// use corsac::header::HeaderList;
/// use corsac_fetch::{Network, NetworkOptions};
///
/// let network = Network::new(NetworkOptions::default())?;
/// let mut exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/items".parse()?);
/// exchange.headers = HeaderList::from_iter([("Accept", "*/*"), ("Origin", "https://app.example")]);
/// let received = network.send(&exchange, None, &mut |_peer| true).await?;
/// println!("{} after {:?}", received.head.status, received.timings.total);
/// # Ok(()) }
/// ```
pub struct Network {
    options: NetworkOptions,
    proxy: proxy::Proxies,
    tls: tls::Tls,
}

impl Network {
    /// A network with these options. It accesses neither the network nor the file system yet.
    ///
    /// # Errors
    ///
    /// If an option is invalid: a cookie or user agent that a header line cannot hold, or certificates that are not PEM.
    ///
    /// ```
    /// use corsac_fetch::{Network, NetworkOptions};
    /// let options = NetworkOptions::default().with(|options| options.cookies = vec!["a=b\r\nX: y".into()]);
    /// assert!(Network::new(options).is_err());
    /// ```
    pub fn new(options: NetworkOptions) -> Result<Self, NetworkSetupError> {
        options.check()?;
        let proxy = proxy::Proxies::new(&options.proxy);
        let tls = tls::Tls::new(&options)?;
        Ok(Self { options, proxy, tls })
    }

    /// Returns the same network with one more override, which takes precedence over the others.
    ///
    /// # Errors
    ///
    /// Those of [`Network::new`].
    ///
    /// ```
    /// use corsac_fetch::{Network, NetworkOptions};
    /// let network = Network::new(NetworkOptions::default())?;
    /// let to_ipv4 = network.resolving("localhost:3000:127.0.0.1".parse()?)?;
    /// assert_eq!(to_ipv4.options().resolve.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resolving(&self, first: ResolveOverride) -> Result<Self, NetworkSetupError> {
        let mut options = self.options.clone();
        options.resolve.insert(0, first);
        Self::new(options)
    }

    /// The options that it was made with.
    pub fn options(&self) -> &NetworkOptions {
        &self.options
    }

    /// Sends the exchange, with `body` if [`Exchange::body`] says so, and reads the response.
    ///
    /// `connected` is called with the address of the server after connecting (and after the TLS handshake), before any byte of the request is
    /// sent. If it returns `false`, nothing is sent. Local Network Access is checked there.
    ///
    /// Once the head of the response has arrived, the exchange has succeeded, because browsers decide CORS on the head. If the body is then too
    /// long, too slow or broken, [`Received`] says so.
    ///
    /// Dropping the future closes the connection.
    ///
    /// # Errors
    ///
    /// [`SendError`]: no response came, the connection was declined, or the request cannot be written as HTTP.
    ///
    /// ```no_run
    /// # async fn example(network: corsac_fetch::Network, exchange: corsac::browser::Exchange) -> Result<(), corsac_fetch::SendError> {
    /// use corsac::browser::AddressSpace;
    ///
    /// // Refuse addresses of this machine and of private networks, whatever the name resolves to.
    /// let mut is_public = |peer: corsac_fetch::Peer| AddressSpace::of(peer.address) == AddressSpace::Public;
    /// let received = network.send(&exchange, Some(b"{}"), &mut is_public).await?;
    /// println!("{} {}", received.head.status, received.status_text);
    /// # Ok(()) }
    /// ```
    pub async fn send(
        &self,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> Result<Received, SendError> {
        self.send_within(self.options.timeout, exchange, body, connected).await
    }

    /// Like [`send`](Self::send), with another time limit than [`NetworkOptions::timeout`].
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// # use corsac::{browser::{Exchange, ExchangeKind}, header::HeaderList};
    /// # use corsac_fetch::{Network, NetworkOptions, SendError};
    /// # let mut exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/".parse()?);
    /// # exchange.headers = HeaderList::from_iter([("X-Trace", "1\r\nOrigin: https://bank.example")]);
    /// // `exchange` has a header `X-Trace: 1\r\nOrigin: https://bank.example`, which would be read as two lines.
    /// let network = Network::new(NetworkOptions::default())?;
    /// let result = network.send_within(Duration::from_secs(3), &exchange, None, &mut |_peer| true).await;
    /// assert!(matches!(result, Err(SendError::Unsendable(_))));
    /// # Ok(()) }
    /// ```
    pub async fn send_within(
        &self,
        timeout: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> Result<Received, SendError> {
        let deadline = Deadline::after(timeout);
        let outgoing = request::Outgoing::compose(exchange, body, &self.options)?;
        let target = target::Target { upgrades: outgoing.upgrades(), ..target::Target::of(&exchange.url)? };
        let show_certificate = exchange.credentials;
        if let Some(rule) = &self.options.may_connect {
            rule.check(&exchange.url)?;
        }
        let url = &exchange.url;
        let connection =
            connect::open(&self.options, &self.proxy, &self.tls, url, &target, show_certificate, deadline)
                .await?;
        if !connected(connection.peer) {
            return Err(SendError::Declined(connection.peer));
        }
        Ok(http::exchange(connection, outgoing, &self.options).await?)
    }

    /// How long one exchange may take: [`NetworkOptions::timeout`].
    pub fn timeout(&self) -> Duration {
        self.options.timeout
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Transport for Network {
    async fn send_within(
        &mut self,
        within: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> Result<Received, SendError> {
        Network::send_within(self, within, exchange, body, connected).await
    }

    fn timeout(&self) -> Duration {
        Self::timeout(self)
    }
}

impl Transport for &Network {
    async fn send_within(
        &mut self,
        within: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> Result<Received, SendError> {
        Network::send_within(self, within, exchange, body, connected).await
    }

    fn timeout(&self) -> Duration {
        Network::timeout(self)
    }
}
