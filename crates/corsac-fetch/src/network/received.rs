//! What an exchange brings: the response, who gave it, and how long each stage took.

use std::net::IpAddr;
use std::time::Duration;

use corsac::browser::{NetworkError, ResponseHead};
use hyper::Version;

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
#[allow(clippy::exhaustive_structs, reason = "what a browser decides on before it sends, and no more")]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// `true` if it is a proxy, or a server in another's place. Then the address says nothing about where the server is.
    pub proxied: bool,
}

/// The response to an exchange.
///
/// ```no_run
/// # async fn example(network: corsac_fetch::Network, exchange: corsac::browser::Exchange) -> Result<(), corsac_fetch::SendError> {
/// let received = network.send(&exchange, None, &mut |_peer| true).await?;
/// println!("{:?} {} {}", received.version, received.head.status, received.status_text);
/// if let Some(error) = &received.body_error {
///     println!("{} bytes of body, then: {error}", received.body.as_deref().unwrap_or_default().len());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received {
    /// Status and header lines, in the order received but for repeated names, which stand together. Names are in lower case; of lines
    /// that repeat a name, each keeps the spelling in which it came over HTTP/1, since Firefox joins lines by it. Lines that are not
    /// HTTP (no colon) are left out.
    pub head: ResponseHead,
    /// The words after the status, as script reads them in `Response.statusText`; empty over HTTP/2, which has none.
    pub status_text: String,
    /// The first bytes of the body, at most [`NetworkOptions::body_limit`](crate::NetworkOptions::body_limit), with the content coding taken off;
    /// `None` if it was not read, since [`NetworkOptions::body_wanted`](crate::NetworkOptions::body_wanted) did not want it.
    pub body: Option<Vec<u8>>,
    /// There was more body, or would have been: the limit or the time allowed was reached, or it broke.
    pub body_truncated: bool,
    /// The head arrived, but the body broke: the connection ended or the time allowed was over before it was complete,
    /// or its coding is damaged.
    pub body_error: Option<NetworkError>,
    /// HTTP/1.0, HTTP/1.1 or HTTP/2.
    pub version: Version,
    /// Who answered; `None` if that was no network.
    pub peer: Option<Peer>,
    /// How long each stage took.
    pub timings: Timings,
}

impl Received {
    /// A response with this head and an empty body, from nowhere and at once: for a [`Transport`](crate::Transport) that makes responses itself.
    ///
    /// ```
    /// use corsac::browser::ResponseHead;
    /// let received = corsac_fetch::Received::new(ResponseHead::new(204, [("Vary", "Origin")]));
    /// assert_eq!((received.head.status, received.peer), (204, None));
    /// ```
    pub fn new(head: ResponseHead) -> Self {
        Self {
            head,
            status_text: String::new(),
            body: Some(Vec::new()),
            body_truncated: false,
            body_error: None,
            version: Version::HTTP_11,
            peer: None,
            timings: Timings::default(),
        }
    }

    /// The number of [`version`](Self::version), if it is one that this crate speaks.
    pub(crate) fn http_version(&self) -> Option<&'static str> {
        match self.version {
            Version::HTTP_10 => Some("1.0"),
            Version::HTTP_11 => Some("1.1"),
            Version::HTTP_2 => Some("2"),
            _ => None,
        }
    }
}

/// How long each stage of an exchange took; zero for a stage that there was no need of.
///
/// ```
/// use std::time::Duration;
/// use corsac_fetch::Timings;
///
/// let mut timings = Timings::default();
/// timings.connect = Duration::from_millis(20);
/// timings.head = Duration::from_millis(80);
/// timings.total = Duration::from_millis(130);
/// let body = timings.total - timings.dns - timings.connect - timings.tls - timings.head;
/// assert_eq!(body, Duration::from_millis(30));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
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
