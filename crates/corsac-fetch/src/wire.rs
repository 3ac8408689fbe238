//! Runs a fetch: sends its exchanges over a transport until it ends.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use corsac::browser::{
    BodyInit, CompletedExchange, Engine, Exchange, ExchangeKind, Fetch, Fetched, FilteredResponse,
    NetworkError, NetworkErrorKind, Outcome, PreflightCache, Request, Step,
};

use crate::network::{Peer, Received, SendError, Transport};

/// One request, fetched as several engines would, within one time limit.
///
/// Requests that are identical are sent once. A request that may change something on the server ([`Exchange::may_change_something`]) is sent at
/// most once for each hop, even if the engines' requests differ: as the first engine sends it. The other engines are judged on that response,
/// and [`CompletedExchange::from`](corsac::browser::CompletedExchange::from) says so. So fetch first with the engine whose request should be sent.
///
/// For ordinary use, one engine and one fetch after another, there is [`Browser`](crate::Browser).
///
/// ```no_run
/// # async fn example(request: corsac::browser::Request) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use corsac::browser::{Engine, PreflightCache};
/// use corsac_fetch::{Network, NetworkOptions, Wire};
///
/// let network = Network::new(NetworkOptions::default())?;
/// let mut wire = Wire::new(&network, request, Duration::from_secs(10));
/// for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
///     let fetched = wire.fetch(engine, &mut PreflightCache::default(), Duration::ZERO).await;
///     println!("{}: {}", engine.title(), fetched.outcome.verdict().as_str());
/// }
/// println!("{} requests in all", wire.sent().count());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Wire<T> {
    transport: T,
    request: Request,
    deadline: Instant,
    sent: Vec<Sent>,
    /// Where in `sent` the result of a request is.
    results: HashMap<SentOnce, usize>,
}

/// Identifies a request that is sent only once.
#[derive(Debug, PartialEq, Eq, Hash)]
enum SentOnce {
    /// An exchange that changes nothing on the server. `nth` counts the equal ones of one fetch, such as a preflight that is tried again.
    Safe { exchange: Exchange, nth: usize },
    /// The request itself after this number of redirects, however the engines' requests differ.
    Changing { redirects: usize },
}

/// An exchange that was sent, in the form of the first engine that needed it.
#[derive(Debug)]
struct Sent {
    engine: Engine,
    carried: CompletedExchange,
    peer: Option<Peer>,
}

impl<T: Transport> Wire<T> {
    /// A wire for this request over `transport`, which may be borrowed. All exchanges together take at most `time`.
    ///
    /// ```
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// use std::time::Duration;
    /// use corsac_fetch::{Network, NetworkOptions, Wire};
    ///
    /// # let page = Client::new(Origin::parse("https://app.example")?);
    /// # let request = RequestInit::new("https://api.example/".parse()?, page).build()?;
    /// let network = Network::new(NetworkOptions::default())?;
    /// let wire = Wire::new(&network, request, Duration::from_secs(30));
    /// assert_eq!(wire.sent().count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(transport: T, request: Request, time: Duration) -> Self {
        let now = Instant::now();
        // A time limit that the clock cannot hold is treated as a year.
        let deadline = now.checked_add(time).unwrap_or(now + Duration::from_secs(365 * 86_400));
        Self { transport, request, deadline, sent: Vec::new(), results: HashMap::new() }
    }

    /// A wire for the same request over another transport, within the time that is left. It has not sent anything yet.
    ///
    /// ```no_run
    /// # async fn example(wire: corsac_fetch::Wire<&corsac_fetch::Network>, network: &corsac_fetch::Network, exchange: corsac::browser::Exchange) -> Result<(), Box<dyn std::error::Error>> {
    /// let other = network.resolving("localhost:3000:127.0.0.1".parse()?)?;
    /// let carried = wire.through(&other).send_apart(exchange).await;
    /// assert_eq!(carried.address, Some("127.0.0.1".parse()?));
    /// # Ok(()) }
    /// ```
    pub fn through<U: Transport>(&self, transport: U) -> Wire<U> {
        Wire {
            transport,
            request: self.request.clone(),
            deadline: self.deadline,
            sent: Vec::new(),
            results: HashMap::new(),
        }
    }

    /// The exchanges that were sent to the server so far, in order. One that got no connection is not included.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// # use corsac::{browser::{Client, Engine, PreflightCache, RequestInit}, origin::Origin};
    /// # use corsac_fetch::{Network, NetworkOptions, Wire};
    /// # let page = Client::new(Origin::parse("https://app.example")?);
    /// # let request = RequestInit::new("http://api.example/".parse()?, page).build()?;
    /// # let (network, mut cache) = (Network::new(NetworkOptions::default())?, PreflightCache::default());
    /// let mut wire = Wire::new(&network, request, Duration::from_secs(10));
    /// wire.fetch(Engine::Chromium, &mut cache, Duration::ZERO).await;
    /// assert_eq!(wire.sent().count(), 0); // mixed content: an https page does not connect to an http server
    /// # Ok(()) }
    /// ```
    pub fn sent(&self) -> impl Iterator<Item = &CompletedExchange> {
        let left = |sent: &&Sent| sent.peer.is_some() || sent.carried.result.is_ok();
        self.sent.iter().filter(left).map(|sent| &sent.carried)
    }

    /// Runs one [fetch](https://fetch.spec.whatwg.org/#concept-fetch) as this engine does. `now` is the time on the clock of `cache`.
    ///
    /// It does not return errors: every failure is an [`Outcome`](corsac::browser::Outcome).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// # use corsac::{browser::{Client, Engine, PreflightCache, RequestInit}, origin::Origin};
    /// # use corsac_fetch::{Network, NetworkOptions, Wire};
    /// # let page = Client::new(Origin::parse("https://app.example")?);
    /// let request = RequestInit::new("http://api.example/".parse()?, page).build()?;
    /// # let (network, mut cache) = (Network::new(NetworkOptions::default())?, PreflightCache::default());
    /// let mut wire = Wire::new(&network, request, Duration::from_secs(10));
    /// let fetched = wire.fetch(Engine::Chromium, &mut cache, Duration::ZERO).await;
    /// assert_eq!(fetched.outcome.refusal().unwrap().reason.code().as_str(), "mixed-content");
    /// # Ok(()) }
    /// ```
    pub async fn fetch(&mut self, engine: Engine, cache: &mut PreflightCache, now: Duration) -> Fetched {
        self.run(engine, cache, now, false).await
    }

    /// Runs a fetch up to its first [preflight](https://fetch.spec.whatwg.org/#cors-preflight-fetch), and stops where it would send
    /// the request itself. The outcome is then [`Opaque`](Outcome::Opaque): nothing has refused the request so far, and there is no response
    /// to read. If there are no exchanges, the request needs no preflight.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// # use corsac::{browser::{Client, Engine, PreflightCache, RequestInit, Verdict}, origin::Origin};
    /// # use corsac_fetch::{Network, NetworkOptions, Wire};
    /// # let page = Client::new(Origin::parse("https://app.example")?);
    /// let request = RequestInit::new("https://api.example/".parse()?, page).build()?;
    /// # let (network, mut cache) = (Network::new(NetworkOptions::default())?, PreflightCache::default());
    /// let mut wire = Wire::new(&network, request, Duration::from_secs(10));
    /// let fetched = wire.preflight(Engine::Chromium, &mut cache, Duration::ZERO).await;
    /// assert!(fetched.exchanges.is_empty()); // a plain GET needs no preflight
    /// assert_eq!(fetched.outcome.verdict(), Verdict::Opaque);
    /// # Ok(()) }
    /// ```
    pub async fn preflight(&mut self, engine: Engine, cache: &mut PreflightCache, now: Duration) -> Fetched {
        self.run(engine, cache, now, true).await
    }

    async fn run(
        &mut self,
        engine: Engine,
        cache: &mut PreflightCache,
        now: Duration,
        preflight_only: bool,
    ) -> Fetched {
        let started = Instant::now();
        let mut fetch = Fetch::new(self.request.clone(), engine.profile());
        let mut exchanges: Vec<CompletedExchange> = Vec::new();
        let mut asked: HashMap<Exchange, usize> = HashMap::new();
        let mut requests = 0;
        let outcome = loop {
            let exchange = match fetch.next(cache, now.saturating_add(started.elapsed())) {
                Step::Send(exchange) if preflight_only && exchange.kind != ExchangeKind::Preflight => {
                    break Outcome::Opaque(FilteredResponse::opaque());
                }
                Step::Send(exchange) => exchange.clone(),
                Step::Done(outcome) => break outcome.clone(),
            };
            let sent_once = if exchange.may_change_something() {
                SentOnce::Changing { redirects: requests }
            } else {
                let nth = asked.entry(exchange.clone()).or_default();
                *nth += 1;
                SentOnce::Safe { exchange: exchange.clone(), nth: *nth }
            };
            requests += usize::from(exchange.kind != ExchangeKind::Preflight);
            // `None`: the fetch ended because of the address of the server, and nothing was sent.
            if let Some(carried) = self.send_once(engine, &exchange, sent_once, &mut fetch).await {
                fetch.receive(carried.result.clone());
                exchanges.push(carried);
            }
        };
        let (_, trace) = fetch.finish();
        Fetched::new(outcome, trace, exchanges)
    }

    /// Sends the exchange, unless another fetch has sent the same one already.
    async fn send_once(
        &mut self,
        engine: Engine,
        exchange: &Exchange,
        sent_once: SentOnce,
        fetch: &mut Fetch<'_>,
    ) -> Option<CompletedExchange> {
        let known = self.results.get(&sent_once).and_then(|index| self.sent.get(*index));
        if let Some(known) = known {
            let continues = known.peer.is_none_or(|peer| accepts(fetch, peer));
            let mut carried = known.carried.clone();
            carried.from = (carried.exchange != *exchange).then_some(known.engine);
            return continues.then_some(carried);
        }
        let started = Instant::now();
        let mut peer = None;
        let mut connected = |reached: Peer| {
            peer = Some(reached);
            accepts(fetch, reached)
        };
        let time_left = self.deadline.saturating_duration_since(started);
        let body = self.request.init().body.as_ref().map(BodyInit::bytes);
        let sent = self.transport.send_within(time_left, exchange, body, &mut connected).await;
        if let Err(SendError::Declined(_)) = sent {
            return None;
        }
        let carried = carried(exchange.clone(), sent, peer, started);
        self.results.insert(sent_once, self.sent.len());
        self.sent.push(Sent { engine, carried: carried.clone(), peer });
        Some(carried)
    }

    /// Sends one exchange that is not part of a fetch, without a body. A request that cannot be written as HTTP results in
    /// [`Malformed`](NetworkErrorKind::Malformed).
    ///
    /// ```no_run
    /// # async fn example(mut wire: corsac_fetch::Wire<corsac_fetch::Network>, mut exchange: corsac::browser::Exchange) {
    /// exchange.headers.delete("Origin");
    /// let carried = wire.send_apart(exchange).await;
    /// // A server that allows every origin answers the same without `Origin`.
    /// println!("{:?}", carried.response().and_then(|head| head.headers.text("Access-Control-Allow-Origin")));
    /// # }
    /// ```
    pub async fn send_apart(&mut self, exchange: Exchange) -> CompletedExchange {
        let started = Instant::now();
        let time_left = self.deadline.saturating_duration_since(started);
        let mut peer = None;
        let mut connected = |reached: Peer| {
            peer = Some(reached);
            true
        };
        let sent = self.transport.send_within(time_left, &exchange, None, &mut connected).await;
        carried(exchange, sent, peer, started)
    }
}

fn carried(
    exchange: Exchange,
    sent: Result<Received, SendError>,
    peer: Option<Peer>,
    started: Instant,
) -> CompletedExchange {
    // A service of this program is handed a version, but nothing was sent in it.
    let http_version = sent.as_ref().ok().filter(|_| peer.is_some()).and_then(Received::http_version);
    let (result, body, body_error) = match sent {
        Ok(received) => (Ok(received.head), received.body, received.body_error),
        Err(error) => (Err(network_error(error)), None, None),
    };
    let mut carried = CompletedExchange::new(exchange, result);
    carried.http_version = http_version;
    carried.body = body.map(Into::into);
    carried.body_error = body_error;
    carried.address = peer.filter(|peer| !peer.proxied).map(|peer| peer.address);
    carried.elapsed = Some(started.elapsed());
    carried
}

fn network_error(error: SendError) -> NetworkError {
    match error {
        SendError::Failed(error) => error,
        SendError::Declined(peer) => NetworkError::new(
            NetworkErrorKind::Closed,
            format!("the connection to {} was not used", peer.address),
        ),
        SendError::Unsendable(why) => NetworkError::new(NetworkErrorKind::Malformed, why),
    }
}

/// Local Network Access needs the address of the server. With a proxy it is unknown, and the check is skipped.
fn accepts(fetch: &mut Fetch<'_>, peer: Peer) -> bool {
    peer.proxied || fetch.connected(peer.address)
}
