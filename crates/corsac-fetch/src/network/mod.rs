//! One HTTP exchange over one connection: what a browser's network stack does below the Fetch standard's
//! [HTTP-network fetch](https://fetch.spec.whatwg.org/#concept-http-network-fetch).
//!
//! The stages, each in its file: find the addresses ([`resolve`]), connect ([`connect`]), perhaps through a proxy
//! ([`proxy`]), perhaps with TLS ([`tls`]), send the request and read the response ([`http`]). What goes wrong is
//! named in [`failure`].

mod coding;
mod connect;
mod control_bytes;
mod failure;
mod http;
mod options;
mod proxy;
mod request;
mod resolve;
mod tls;
mod watched;

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use corsac::browser::{Exchange, NetworkError, NetworkErrorKind, ResponseHead};
use corsac::text::{LONGEST_MESSAGE, Printable};
use hyper::Version;
use tokio::time::Instant;

pub use options::{NetworkOptions, NetworkSetupError};
pub use proxy::ProxySettings;
pub use resolve::ResolveOverride;

/// Carries exchanges over a real network, each on a connection of its own.
///
/// Build it once and send with it as often as needed: the trusted certificates are read when the first `https` URL
/// comes, and kept. It needs a tokio runtime with I/O and time enabled; one thread is enough.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use corsac::browser::{Exchange, ExchangeKind};
/// use corsac::header::HeaderList;
/// use corsac_fetch::{Network, NetworkOptions};
///
/// let network = Network::new(NetworkOptions::default())?;
/// let exchange = Exchange {
///     kind: ExchangeKind::Request,
///     method: "GET".into(),
///     url: "https://api.example/items".parse()?,
///     headers: HeaderList::from_iter([("Accept", "*/*"), ("Origin", "https://app.example")]),
///     credentials: false,
///     body: false,
/// };
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
    /// A network with these options, or what is wrong with them. Touches neither the network nor the file system.
    ///
    /// ```
    /// use corsac_fetch::{Network, NetworkOptions};
    /// let options = NetworkOptions { cookies: vec!["a=b\r\nX: y".into()], ..NetworkOptions::default() };
    /// assert!(Network::new(options).is_err());
    /// ```
    pub fn new(options: NetworkOptions) -> Result<Self, NetworkSetupError> {
        options.check()?;
        let proxy = proxy::Proxies::new(&options.proxy);
        let tls = tls::Tls::new(&options)?;
        Ok(Self { options, proxy, tls })
    }

    /// Sends the exchange, and `body` with it if [`Exchange::body`] says so; reads the response.
    ///
    /// `connected` is told who answered, after connecting (and after the TLS handshake) and before any byte of the
    /// request is sent; when it returns `false`, none is: this is where Local Network Access decides.
    ///
    /// Once the head of a response is here, the exchange has succeeded: a body that is too long, too slow or broken is
    /// said in [`Received`], since browsers decide CORS on the head.
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
    /// // Whatever the name resolves to: not to this machine, not into this network.
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

    /// [`send`](Self::send), with another bound of time than [`NetworkOptions::timeout`]. The errors are the same.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// # use corsac::{browser::{Exchange, ExchangeKind}, header::HeaderList};
    /// # use corsac_fetch::{Network, NetworkOptions, SendError};
    /// # let exchange = Exchange { kind: ExchangeKind::Request, method: "GET".into(), url: "https://api.example/".parse()?,
    /// #     headers: HeaderList::from_iter([("X-Trace", "1\r\nOrigin: https://bank.example")]), credentials: false, body: false };
    /// // `exchange` has a header `X-Trace: 1\r\nOrigin: https://bank.example`, two lines in the guise of one.
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
        let target = connect::Target::of(&exchange.url)?;
        let connection = connect::open(self, &target, deadline).await?;
        if !connected(connection.peer) {
            return Err(SendError::Declined(connection.peer));
        }
        Ok(http::carry(connection, outgoing, &self.options).await?)
    }

    /// How long one exchange may take: [`NetworkOptions::timeout`].
    ///
    /// ```
    /// use corsac_fetch::{Network, NetworkOptions};
    /// assert_eq!(Network::new(NetworkOptions::default())?.timeout().as_secs(), 10);
    /// # Ok::<(), corsac_fetch::NetworkSetupError>(())
    /// ```
    pub fn timeout(&self) -> Duration {
        self.options.timeout
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("options", &self.options).finish_non_exhaustive()
    }
}

/// The other end of the connection that an exchange goes over.
///
/// ```
/// use corsac::browser::AddressSpace;
/// use corsac_fetch::Peer;
///
/// let peer = Peer { address: "127.0.0.1".parse().unwrap(), proxied: true };
/// let space = (!peer.proxied).then(|| AddressSpace::of(peer.address));
/// assert_eq!(space, None); // the proxy is on this machine, and the server anywhere
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// Is it a proxy? Then the address says nothing about where the server is.
    pub proxied: bool,
}

/// The response to an exchange.
///
/// ```no_run
/// # async fn example(network: corsac_fetch::Network, exchange: corsac::browser::Exchange) -> Result<(), corsac_fetch::SendError> {
/// let received = network.send(&exchange, None, &mut |_peer| true).await?;
/// println!("{:?} {} {}", received.version, received.head.status, received.status_text);
/// if let Some(error) = &received.body_error {
///     println!("{} bytes of body, then: {error}", received.body.len());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Received {
    /// Status and header lines, in the order received but for repeated names, which stand together; names in lower
    /// case. Lines that are not HTTP (no colon) are left out.
    pub head: ResponseHead,
    /// The words after the status, as script reads them in `Response.statusText`; empty over HTTP/2, which has none.
    pub status_text: String,
    /// The first bytes of the body, at most [`NetworkOptions::body_limit`], with the content coding taken off.
    pub body: Vec<u8>,
    /// There was more body, or would have been: the limit or the time allowed was reached, or it broke.
    pub body_truncated: bool,
    /// The head arrived, but the body broke: the connection ended or the time allowed was over before it was complete,
    /// or its coding is damaged.
    pub body_error: Option<NetworkError>,
    /// HTTP/1.0, HTTP/1.1 or HTTP/2.
    pub version: Version,
    /// Who answered.
    pub peer: Peer,
    /// How long each stage took.
    pub timings: Timings,
}

/// How long each stage of an exchange took; zero for a stage that there was no need of.
///
/// ```
/// use std::time::Duration;
/// use corsac_fetch::Timings;
///
/// let (connect, head, total) = (Duration::from_millis(20), Duration::from_millis(80), Duration::from_millis(130));
/// let timings = Timings { connect, head, total, ..Timings::default() };
/// let body = timings.total - timings.dns - timings.connect - timings.tls - timings.head;
/// assert_eq!(body, Duration::from_millis(30));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Finding the addresses of the host (of the proxy, if there is one).
    pub dns: Duration,
    /// Connecting, and asking a proxy to connect on.
    pub connect: Duration,
    /// The TLS handshake with the server.
    pub tls: Duration,
    /// From the first byte of the request to the end of the head of the response.
    pub head: Duration,
    /// The whole exchange, body included.
    pub total: Duration,
}

/// Why an exchange brought no response.
///
/// ```
/// use corsac_fetch::{Peer, SendError};
///
/// let router = Peer { address: "192.168.1.1".parse().unwrap(), proxied: false };
/// assert_eq!(SendError::Declined(router).to_string(), "not sent: a connection to 192.168.1.1 is not allowed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The network or the server failed.
    Failed(NetworkError),
    /// Connected, and then `connected` said no: nothing of the request was sent.
    Declined(Peer),
    /// The request cannot be written as HTTP, for this reason: a line break in a header value, say. Nothing was
    /// connected.
    Unsendable(String),
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Declined(peer) => write!(f, "not sent: a connection to {} is not allowed", peer.address),
            Self::Unsendable(reason) => {
                write!(f, "cannot be sent: {}", Printable::new(reason, LONGEST_MESSAGE))
            }
        }
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Declined(_) | Self::Unsendable(_) => None,
        }
    }
}

impl From<NetworkError> for SendError {
    fn from(error: NetworkError) -> Self {
        Self::Failed(error)
    }
}

/// When the whole exchange has to be over.
#[derive(Clone, Copy)]
struct Deadline {
    started: Instant,
    allowed: Duration,
}

impl Deadline {
    fn after(allowed: Duration) -> Self {
        Self { started: Instant::now(), allowed }
    }

    /// This deadline, or one `allowed` from now if that is sooner.
    fn sooner(self, allowed: Duration) -> Self {
        let left = self.allowed.saturating_sub(self.started.elapsed());
        Self { started: Instant::now(), allowed: left.min(allowed) }
    }

    /// The result of `stage`, unless time runs out; `missing` then says what did not come: "no connection to ...".
    async fn hold<T>(
        self,
        stage: impl Future<Output = T>,
        missing: impl FnOnce() -> String,
    ) -> Result<T, NetworkError> {
        let left = self.allowed.saturating_sub(self.started.elapsed());
        tokio::time::timeout(left, stage).await.map_err(|_elapsed| {
            // Whoever allowed 10 s does not want to read of the 9.998213 s that were left of it here.
            let allowed = Duration::from_millis(self.allowed.as_millis().saturating_add(5) as u64 / 10 * 10);
            NetworkError::new(NetworkErrorKind::Timeout, format!("{} within {allowed:?}", missing()))
        })
    }
}
