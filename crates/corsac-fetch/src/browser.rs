//! Fetching as a browser does, with one engine and one preflight cache.

use std::time::{Duration, Instant};

use corsac::browser::{Engine, Fetched, PreflightCache, Request};

use crate::network::{Network, Transport};
use crate::wire::Wire;

/// Fetches as a browser does: it enforces CORS, and caches preflights for as long as the server and the engine allow.
///
/// Use it in tests, and in sandboxes that run code which must not read more than it could in a browser.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use corsac::browser::{Client, Engine, Outcome, RequestInit};
/// use corsac::origin::Origin;
/// use corsac_fetch::{Browser, Network, NetworkOptions};
///
/// let mut browser = Browser::new(Network::new(NetworkOptions::default())?, Engine::Chromium);
/// let page = Client::new(Origin::parse("https://app.example")?);
/// let request = RequestInit::new("https://api.example/items".parse()?, page).build()?;
/// let fetched = browser.fetch(request).await;
/// match &fetched.outcome {
///     Outcome::Readable(response) => println!("{} with {} headers", response.status, response.headers.len()),
///     Outcome::Opaque(_) => println!("opaque"),
///     Outcome::Refused(refusal) => println!("{}: {}", refusal.reason.code(), refusal.reason),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Browser<T = Network> {
    transport: T,
    engine: Engine,
    cache: PreflightCache,
    started: Instant,
}

impl<T: Transport + Send> Browser<T> {
    /// A browser of this engine with an empty preflight cache. `transport` is a [`Network`] or a service [of this program](crate::InProcess).
    ///
    /// ```
    /// use corsac::browser::Engine;
    /// use corsac_fetch::{Browser, Network, NetworkOptions};
    /// let browser = Browser::new(Network::new(NetworkOptions::default()).unwrap(), Engine::Firefox);
    /// assert_eq!(browser.engine(), Engine::Firefox);
    /// ```
    pub fn new(transport: T, engine: Engine) -> Self {
        Self { transport, engine, cache: PreflightCache::default(), started: Instant::now() }
    }

    /// The engine whose rules it follows.
    ///
    /// ```
    /// # use corsac::browser::Engine;
    /// # use corsac_fetch::{Browser, Network, NetworkOptions};
    /// let browser = Browser::new(Network::new(NetworkOptions::default())?, Engine::WebKit);
    /// assert!(browser.engine().profile().preflight_status_first);
    /// # Ok::<(), corsac_fetch::NetworkSetupError>(())
    /// ```
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// [Fetches](https://fetch.spec.whatwg.org/#concept-fetch). All exchanges together take at most
    /// [`NetworkOptions::timeout`](crate::NetworkOptions::timeout).
    ///
    /// It does not return errors: every failure is an [`Outcome`](corsac::browser::Outcome).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use corsac::{browser::{Client, Engine, Reason, RequestInit}, origin::Origin};
    /// # use corsac_fetch::{Browser, Network, NetworkOptions};
    /// # let page = Client::new(Origin::parse("https://app.example")?);
    /// let mut browser = Browser::new(Network::new(NetworkOptions::default())?, Engine::Firefox);
    /// let request = RequestInit::new("https://mail.example:25/".parse()?, page).build()?;
    /// let fetched = browser.fetch(request).await;
    /// assert!(fetched.exchanges.is_empty()); // no page speaks to a mail server: nothing was sent
    /// assert_eq!(fetched.outcome.refusal().unwrap().reason, Reason::BadPort { port: 25 });
    /// # Ok(()) }
    /// ```
    pub async fn fetch(&mut self, request: Request) -> Fetched {
        let now: Duration = self.started.elapsed();
        let time = self.transport.timeout();
        let mut wire = Wire::new(&mut self.transport, request, time);
        wire.fetch(self.engine, &mut self.cache, now).await
    }
}
