//! The driver: carries a fetch's exchanges over the network until it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use corsac::browser::{
    Exchange, Fetch, NetworkError, NetworkErrorKind, Outcome, PreflightCache, Profile, Request, Step, Trace,
};

use crate::network::{Network, Peer, Received, SendError};

/// A network that sends identical requests once, for all the fetches that share it, within one bound of time.
///
/// This is how one request is judged as several engines judge it, without asking the server several times. For ordinary use, one
/// engine and one fetch after another, there is [`Browser`](crate::Browser).
///
/// ```no_run
/// # async fn example(request: corsac::browser::Request) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use corsac::browser::{Engine, PreflightCache};
/// use corsac_fetch::{Network, NetworkOptions, Wire};
///
/// let network = Network::new(NetworkOptions::default())?;
/// let mut wire = Wire::new(&network, None, Duration::from_secs(10));
/// for engine in Engine::ALL {
///     let mut cache = PreflightCache::default();
///     let fetched = wire.fetch(request.clone(), engine.profile(), &mut cache, Duration::ZERO).await;
///     println!("{}: {}", engine.title(), fetched.outcome.verdict().as_str());
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Wire<'n> {
    network: &'n Network,
    body: Option<Vec<u8>>,
    deadline: Instant,
    sent: Vec<Carried>,
}

/// One exchange that was carried out.
///
/// ```no_run
/// # async fn example(mut browser: corsac_fetch::Browser, request: corsac::browser::Request) {
/// let fetched = browser.fetch(request, None).await;
/// for carried in &fetched.exchanges {
///     match &carried.result {
///         Ok(received) => println!("{}: {} in {:?}", carried.exchange.method, received.head.status, carried.elapsed),
///         Err(error) => println!("{}: {error}", carried.exchange.method),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Carried {
    /// The request.
    pub exchange: Exchange,
    /// The response, or what came instead.
    pub result: Result<Arc<Received>, NetworkError>,
    /// Who answered, if a connection stood.
    pub peer: Option<Peer>,
    /// From the look-up of the name to the end of the response, or to the failure.
    pub elapsed: Duration,
}

/// How a fetch over a real network ended, and what it did on the way.
///
/// ```no_run
/// # async fn example(mut browser: corsac_fetch::Browser, request: corsac::browser::Request) {
/// let fetched = browser.fetch(request, None).await;
/// for entry in fetched.trace.entries() {
///     println!("{} {}: {}", entry.rule.as_str(), entry.result.as_str(), entry.evidence);
/// }
/// println!("{} after {} requests", fetched.outcome.verdict().as_str(), fetched.exchanges.len());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The end, as the page sees it.
    pub outcome: Outcome,
    /// Each rule that ran.
    pub trace: Trace,
    /// Each request that was sent or tried, in order.
    pub exchanges: Vec<Carried>,
}

impl Fetched {
    /// The body's first bytes, if script may read the response: see [`NetworkOptions::body_limit`](crate::NetworkOptions::body_limit).
    ///
    /// `None` for everything that script may not read.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// # use corsac::{browser::{Client, Engine, PreflightCache, RequestInit}, origin::Origin};
    /// # use corsac_fetch::{Network, NetworkOptions, Wire};
    /// # let page = Client::new(Origin::parse("https://app.example")?);
    /// let request = RequestInit::new("http://api.example/".parse()?, page).build()?; // mixed content
    /// # let (network, mut cache) = (Network::new(NetworkOptions::default())?, PreflightCache::default());
    /// # let mut wire = Wire::new(&network, None, Duration::from_secs(10));
    /// let fetched = wire.fetch(request, Engine::Spec.profile(), &mut cache, Duration::ZERO).await;
    /// assert_eq!(fetched.body(), None);
    /// # Ok(()) }
    /// ```
    pub fn body(&self) -> Option<&[u8]> {
        let Outcome::Readable(_) = self.outcome else {
            return None;
        };
        self.exchanges.last()?.result.as_ref().ok().map(|received| received.body.as_slice())
    }
}

impl<'n> Wire<'n> {
    /// A wire over `network`. `body` goes with each request that has one; everything together takes at most `time`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use corsac_fetch::{Network, NetworkOptions, Wire};
    ///
    /// let network = Network::new(NetworkOptions::default())?;
    /// let wire = Wire::new(&network, Some(b"{}".to_vec()), Duration::from_secs(30));
    /// # Ok::<(), corsac_fetch::NetworkSetupError>(())
    /// ```
    pub fn new(network: &'n Network, body: Option<Vec<u8>>, time: Duration) -> Self {
        let now = Instant::now();
        // A bound so large that the clock cannot hold it is a year.
        let deadline = now.checked_add(time).unwrap_or(now + Duration::from_secs(365 * 86_400));
        Self { network, body, deadline, sent: Vec::new() }
    }

    /// Carries out one [fetch](https://fetch.spec.whatwg.org/#concept-fetch), as a browser of this profile does. `now` is the time on the
    /// clock of `cache`.
    ///
    /// Every failure is an [`Outcome`]: there is no error besides.
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
    /// let mut wire = Wire::new(&network, None, Duration::from_secs(10));
    /// let fetched = wire.fetch(request, Engine::Chromium.profile(), &mut cache, Duration::ZERO).await;
    /// assert_eq!(fetched.outcome.refusal().unwrap().reason.code().as_str(), "mixed-content");
    /// # Ok(()) }
    /// ```
    pub async fn fetch(
        &mut self,
        request: Request,
        profile: &Profile,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Fetched {
        let started = Instant::now();
        let mut fetch = Fetch::new(request, profile);
        let mut exchanges: Vec<Carried> = Vec::new();
        let outcome = loop {
            let exchange = match fetch.next(cache, now.saturating_add(started.elapsed())) {
                Step::Send(exchange) => exchange.clone(),
                Step::Done(outcome) => break outcome.clone(),
            };
            let earlier = exchanges.iter().filter(|carried| carried.exchange == exchange).count();
            // `None`: the fetch ended when it heard which address answers, and nothing was sent.
            if let Some(carried) = self.carry(&exchange, earlier, &mut fetch).await {
                fetch.receive(
                    carried.result.as_ref().map(|received| received.head.clone()).map_err(Clone::clone),
                );
                exchanges.push(carried);
            }
        };
        let (_, trace) = fetch.finish();
        Fetched { outcome, trace, exchanges }
    }

    /// Sends the exchange, unless another fetch has sent the same one: `earlier` says how often this fetch did already.
    async fn carry(&mut self, exchange: &Exchange, earlier: usize, fetch: &mut Fetch<'_>) -> Option<Carried> {
        let known = self.sent.iter().filter(|carried| carried.exchange == *exchange).nth(earlier);
        if let Some(known) = known {
            let goes_on = known.peer.is_none_or(|peer| accepts(fetch, peer));
            return goes_on.then(|| known.clone());
        }
        let started = Instant::now();
        let mut peer = None;
        let mut connected = |reached: Peer| {
            peer = Some(reached);
            accepts(fetch, reached)
        };
        let time_left = self.deadline.saturating_duration_since(started);
        let result =
            match self.network.send_within(time_left, exchange, self.body.as_deref(), &mut connected).await {
                Ok(received) => Ok(Arc::new(received)),
                Err(SendError::Declined(_)) => return None,
                Err(error) => Err(network_error(error)),
            };
        let carried = Carried { exchange: exchange.clone(), result, peer, elapsed: started.elapsed() };
        self.sent.push(carried.clone());
        Some(carried)
    }

    /// Sends one exchange that belongs to no fetch, and tells nobody which address answered. It has no body.
    ///
    /// # Errors
    ///
    /// The way in which the exchange failed. A request that cannot be written as HTTP is
    /// [`Malformed`](NetworkErrorKind::Malformed).
    ///
    /// ```no_run
    /// # async fn example(mut wire: corsac_fetch::Wire<'_>, mut exchange: corsac::browser::Exchange) -> Result<(), Box<dyn std::error::Error>> {
    /// exchange.headers.delete("Origin");
    /// let received = wire.send_apart(&exchange).await?;
    /// // A server that answers everybody alike says so here, too.
    /// println!("{:?}", received.head.headers.text("Access-Control-Allow-Origin"));
    /// # Ok(()) }
    /// ```
    pub async fn send_apart(&mut self, exchange: &Exchange) -> Result<Received, NetworkError> {
        let time_left = self.deadline.saturating_duration_since(Instant::now());
        self.network.send_within(time_left, exchange, None, &mut |_| true).await.map_err(network_error)
    }
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

/// Local Network Access looks at the address of the server: behind a proxy nobody knows it.
fn accepts(fetch: &mut Fetch<'_>, peer: Peer) -> bool {
    peer.proxied || fetch.connected(peer.address)
}
