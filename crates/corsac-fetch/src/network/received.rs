//! The result of an exchange: the response, who sent it, and how long each stage took.

use std::net::IpAddr;
use std::time::Duration;

use corsac::browser::{NetworkError, ResponseHead};
use hyper::Version;

/// The other end of a connection.
///
/// ```
/// use corsac::browser::AddressSpace;
/// use corsac_fetch::Peer;
///
/// let peer = Peer { address: "127.0.0.1".parse().unwrap(), proxied: true };
/// let space = (!peer.proxied).then(|| AddressSpace::of(peer.address));
/// assert_eq!(space, None); // the proxy is on this machine, but the server can be anywhere
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "a browser decides on nothing else before it sends")]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// `true` if it is a proxy, or a server of [`ConnectInstead`](crate::ConnectInstead). The address then says nothing about where the real
    /// server is.
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
    /// Status and header lines, in the order received, except that lines with the same name are put together. Names are in lower case. Lines
    /// that repeat a name keep their spelling over HTTP/1, because Firefox joins lines by it. Lines that are not header lines (without a colon)
    /// are left out.
    pub head: ResponseHead,
    /// The reason phrase, which script reads as `Response.statusText`. Empty over HTTP/2, which has none.
    pub status_text: String,
    /// The first bytes of the decoded body, at most [`NetworkOptions::body_limit`](crate::NetworkOptions::body_limit). `None` if the body was
    /// not read, because of [`NetworkOptions::body_wanted`](crate::NetworkOptions::body_wanted) or a limit of 0.
    pub body: Option<Vec<u8>>,
    /// `true` if the body is incomplete: it reached the limit or the time limit, or it broke.
    pub body_truncated: bool,
    /// Why the body broke after the head had arrived: the connection ended, time ran out, or its content coding is damaged.
    pub body_error: Option<NetworkError>,
    /// HTTP/1.0, HTTP/1.1 or HTTP/2.
    pub version: Version,
    /// The other end of the connection. `None` if the response did not come over a network.
    pub peer: Option<Peer>,
    /// How long each stage took.
    pub timings: Timings,
}

impl Received {
    /// A response with this head and an empty body, for a [`Transport`](crate::Transport) that makes responses itself.
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

/// How long each stage of an exchange took. Zero for stages that were not needed.
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
    /// Resolving the host (or the proxy, if there is one).
    pub dns: Duration,
    /// Connecting, including the tunnel through a proxy.
    pub connect: Duration,
    /// The TLS handshake with the server.
    pub tls: Duration,
    /// From the first byte of the request to the end of the head of the response.
    pub head: Duration,
    /// The whole exchange, body included.
    pub total: Duration,
}
