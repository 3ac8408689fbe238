//! A whole fetch: what was sent, what came back, and how it ended.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::engine::Engine;
use super::exchange::{Exchange, NetworkError, ResponseHead};
use super::fetch::{Fetch, Step};
use super::outcome::Outcome;
use super::preflight_cache::PreflightCache;
use super::trace::Trace;

/// One exchange that was carried out: what was sent, and what came back.
///
/// ```
/// use corsac::browser::{CompletedExchange, Exchange, ExchangeKind, NetworkError, NetworkErrorKind, ResponseHead};
///
/// let exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/".parse().unwrap());
/// let answered = CompletedExchange::new(exchange.clone(), Ok(ResponseHead::new(200, [("Vary", "Origin")])));
/// assert!(answered.response().unwrap().headers.contains("vary"));
/// let refused = CompletedExchange::new(exchange, Err(NetworkError::new(NetworkErrorKind::Refused, "")));
/// assert_eq!(refused.response(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompletedExchange {
    /// The request as it was sent.
    pub exchange: Exchange,
    /// The head of the response, or the error that came instead.
    pub result: Result<ResponseHead, NetworkError>,
    /// The first bytes of the response's body, as far as they were read; `None` if the body was not read.
    pub body: Option<Arc<[u8]>>,
    /// Why the body ended too early: the connection closed, the content coding is damaged, or the time limit was reached.
    pub body_error: Option<NetworkError>,
    /// The server's address. `None` if it is not known, as with a proxy or a server in memory.
    pub address: Option<IpAddr>,
    /// The version of HTTP that the response came in: `1.0`, `1.1` or `2`; `None` if it did not come over a network.
    pub http_version: Option<&'static str>,
    /// How long the exchange took, if it went over a network.
    pub elapsed: Option<Duration>,
    /// The engine whose request was sent instead of this one; `None` if this one was sent. When engines are compared, a request that may
    /// change something on the server is sent once for all of them.
    pub from: Option<Engine>,
}

impl CompletedExchange {
    /// An exchange that was carried out in memory, with this result. Its body was not read.
    ///
    /// ```
    /// use corsac::browser::{CompletedExchange, Exchange, ExchangeKind, ResponseHead};
    /// let exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/".parse().unwrap());
    /// let completed = CompletedExchange::new(exchange, Ok(ResponseHead::new(204, [("Vary", "Origin")])));
    /// assert_eq!((completed.body, completed.address, completed.elapsed), (None, None, None));
    /// ```
    pub fn new(exchange: Exchange, result: Result<ResponseHead, NetworkError>) -> Self {
        Self {
            exchange,
            result,
            body: None,
            body_error: None,
            address: None,
            http_version: None,
            elapsed: None,
            from: None,
        }
    }

    /// The head of the response, if there is one.
    pub fn response(&self) -> Option<&ResponseHead> {
        self.result.as_ref().ok()
    }
}

/// How a fetch ended, and what it did before. [`Fetch::run`] has an example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetched {
    /// The outcome, as the page sees it.
    pub outcome: Outcome,
    /// Each rule that ran.
    pub trace: Trace,
    /// Each request that was sent or tried, in order.
    pub exchanges: Vec<CompletedExchange>,
}

impl Fetched {
    /// A fetch that ended with `outcome`.
    pub fn new(outcome: Outcome, trace: Trace, exchanges: Vec<CompletedExchange>) -> Self {
        Self { outcome, trace, exchanges }
    }

    /// The body's first bytes, as far as they were read. `None` if script may not read the response, or if they were not read.
    ///
    /// ```
    /// use std::time::Duration;
    /// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// let fetch = Fetch::new(request, Engine::Spec.profile());
    /// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(ResponseHead::default()));
    /// assert_eq!(fetched.body(), None); // refused: the response has no CORS headers
    /// ```
    pub fn body(&self) -> Option<&[u8]> {
        let Outcome::Readable(_) = self.outcome else {
            return None;
        };
        self.exchanges.last()?.body.as_deref()
    }
}

impl Fetch<'_> {
    /// Runs the fetch to its end. `answer` takes the part of the server, or of the network. `now` is the time on the clock of `cache`, and
    /// does not advance during the fetch.
    ///
    /// This is for a server in memory. A server that takes time, or has an address, needs [`next`](Self::next) and
    /// [`receive`](Self::receive).
    ///
    /// ```
    /// use std::time::Duration;
    /// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, Verdict};
    /// use corsac::origin::Origin;
    ///
    /// let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let mut init = RequestInit::new(url::Url::parse("https://api.example/items").unwrap(), page);
    /// init.method = "DELETE".to_owned();
    ///
    /// let fetch = Fetch::new(init.build().unwrap(), Engine::Firefox.profile());
    /// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |exchange| {
    ///     let allowed = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "*")];
    ///     Ok(ResponseHead::new(if exchange.method == "OPTIONS" { 204 } else { 200 }, allowed))
    /// });
    /// assert_eq!(fetched.outcome.verdict(), Verdict::Readable);
    /// assert_eq!(fetched.exchanges.len(), 2);
    /// assert_eq!(fetched.exchanges[1].exchange.method, "DELETE");
    /// ```
    pub fn run(
        mut self,
        cache: &mut PreflightCache,
        now: Duration,
        mut answer: impl FnMut(&Exchange) -> Result<ResponseHead, NetworkError>,
    ) -> Fetched {
        let mut exchanges = Vec::new();
        let outcome = loop {
            let exchange = match self.next(cache, now) {
                Step::Send(exchange) => exchange.clone(),
                Step::Done(outcome) => break outcome.clone(),
            };
            let result = answer(&exchange);
            self.receive(result.clone());
            exchanges.push(CompletedExchange::new(exchange, result));
        };
        let (_, trace) = self.finish();
        Fetched { outcome, trace, exchanges }
    }
}
