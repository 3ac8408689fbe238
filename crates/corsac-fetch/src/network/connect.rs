//! Connecting to the server of a URL, ready for HTTP.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use corsac::browser::NetworkError;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use super::connect_instead::address_of;
use super::deadline::Deadline;
use super::options::NetworkOptions;
use super::proxy::{self, Proxies, Proxy};
use super::received::{Peer, Timings};
use super::target::{Form, Target};
use super::tls::{Protocols, Tls};
use super::watched::Stream;
use super::{failure, resolve};

/// How long an address may take before the next one is tried in parallel ([RFC 8305](https://www.rfc-editor.org/rfc/rfc8305#section-5)).
const NEXT_ATTEMPT: Duration = Duration::from_millis(250);

/// A connection, ready for one request.
pub(super) struct Connection {
    pub(super) stream: Box<dyn Stream>,
    pub(super) peer: Peer,
    pub(super) form: Form,
    /// The proxy that the request itself is sent to, not one that only tunnels.
    pub(super) proxy: Option<Proxy>,
    pub(super) deadline: Deadline,
    pub(super) timings: Timings,
}

/// Connects to the target, which is that of `url`, or through the proxy that the options name for it. With `show_certificate`, a target that asks for the client's
/// certificate gets it.
pub(super) async fn open(
    options: &NetworkOptions,
    proxies: &Proxies,
    tls: &Tls,
    url: &Url,
    target: &Target,
    show_certificate: bool,
    deadline: Deadline,
) -> Result<Connection, NetworkError> {
    let mut lap = Lap(Instant::now());
    let mut timings = Timings::default();

    let instead = options.connect_instead.as_ref().and_then(|instead| instead.for_target(target));
    let at = instead.unwrap_or(target);
    let overridden = resolve::overridden(&options.resolve, &at.host, at.port);
    let is_direct = overridden.is_some() || instead.is_some();
    let proxy = if is_direct { None } else { proxies.for_target(target)? };
    let (host, port) = proxy.as_ref().map_or((&at.host, at.port), |proxy| (&proxy.host, proxy.port));
    let blame = |error: NetworkError| match &proxy {
        Some(proxy) => proxy::failed(format!("{}:{}: {error}", proxy.host, proxy.port)),
        None => error,
    };

    let mut addresses: Vec<SocketAddr> = match overridden {
        Some(addresses) => addresses.iter().map(|address| SocketAddr::new(*address, port)).collect(),
        None => resolve::addresses(host, port, deadline).await.map_err(blame)?,
    };
    if let Some(rule) = &options.may_connect {
        addresses = rule.allowed(url, &addresses)?;
    }
    timings.dns = lap.time();

    let (tcp, address) = first_to_connect(&addresses, deadline).await.map_err(blame)?;
    let peer = match (instead, address_of(&target.host)) {
        (Some(_), Some(address)) => Peer { address, proxied: false },
        _ => Peer { address: address.ip(), proxied: proxy.is_some() || instead.is_some() },
    };
    let mut stream: Box<dyn Stream> = Box::new(tcp);
    if let Some(proxy) = proxy.as_ref().filter(|proxy| proxy.tls) {
        let handshake = tls.handshake(stream, &proxy.host, proxy.port, Protocols::Http1, false, deadline);
        stream = handshake.await.map_err(blame)?.0;
    }
    let tunnel = proxy.as_ref().filter(|_| at.tls);
    if let Some(proxy) = tunnel {
        let missing =
            || format!("the proxy {}:{} did not connect to {}", proxy.host, proxy.port, target.host);
        deadline.hold(proxy::tunnel(&mut *stream, proxy, target), missing).await??;
    }
    timings.connect = lap.time();

    let mut http2 = false;
    if at.tls {
        let offered = if target.upgrades { Protocols::Http1 } else { Protocols::Http1And2 };
        let handshake = tls.handshake(stream, &target.host, at.port, offered, show_certificate, deadline);
        (stream, http2) = handshake.await?;
        timings.tls = lap.time();
    }

    let proxy = proxy.filter(|_| !at.tls);
    let form = match &proxy {
        _ if http2 => Form::Http2,
        Some(proxy) => Form::Absolute { proxy_authorization: proxy.authorization.clone() },
        None => Form::Origin,
    };
    Ok(Connection { stream, peer, form, proxy, deadline, timings })
}

/// Tries the addresses in order, each with a head start, and keeps the first that connects.
async fn first_to_connect(
    addresses: &[SocketAddr],
    deadline: Deadline,
) -> Result<(TcpStream, SocketAddr), NetworkError> {
    let mut failures = Vec::new();
    let connected = deadline.hold(race(addresses, &mut failures), || {
        let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        format!("no connection to {}", addresses.join(" or "))
    });
    match connected.await? {
        Some(connected) => Ok(connected),
        None => Err(failure::connecting(&failures)),
    }
}

async fn race(
    addresses: &[SocketAddr],
    failures: &mut Vec<(SocketAddr, io::Error)>,
) -> Option<(TcpStream, SocketAddr)> {
    let mut waiting = addresses.iter().copied();
    let mut attempts = JoinSet::new();
    loop {
        let next = waiting.next();
        if let Some(address) = next {
            attempts.spawn(async move {
                let connected = TcpStream::connect(address).await.and_then(|tcp| {
                    tcp.set_nodelay(true)?;
                    Ok(tcp)
                });
                (address, connected)
            });
        }
        let patience = if waiting.len() > 0 { NEXT_ATTEMPT } else { Duration::MAX };
        match tokio::time::timeout(patience, attempts.join_next()).await {
            Ok(Some(Ok((address, Ok(tcp))))) => return Some((tcp, address)),
            Ok(Some(Ok((address, Err(error))))) => failures.push((address, error)),
            Ok(None) if next.is_none() => return None,
            Ok(None | Some(Err(_))) | Err(_) => {}
        }
    }
}

/// Measures stages that follow each other.
struct Lap(Instant);

impl Lap {
    fn time(&mut self) -> Duration {
        let now = Instant::now();
        let time = now - self.0;
        self.0 = now;
        time
    }
}
