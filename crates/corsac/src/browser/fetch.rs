//! The fetch as a state machine: it says what to send, takes what came back, and ends with an outcome. It does no I/O and has no clock.

use std::net::IpAddr;
use std::time::Duration;

use super::engine::{ClearedBy, Profile};
use super::exchange::{Exchange, ExchangeKind, NetworkError, NetworkErrorKind, ResponseHead};
use super::flight::{Flight, Refused};
use super::http_fetch;
use super::main_fetch::{self, Branch};
use super::outcome::Outcome;
use super::preflight;
use super::preflight_cache::PreflightCache;
use super::reason::Reason;
use super::refusal::ResponseTainting;
use super::request::Request;
use super::trace::{Rule, Trace};
use super::verdict::Stage;
use super::{local_network, redirect, response_filter};

/// One fetch of one request, as a browser carries it out: preflight, request, redirects, checks.
///
/// Drive it in a loop: [`next`](Self::next) returns what to send, or the outcome; pass what came back to [`receive`](Self::receive). If the
/// driver knows the address that it connected to, it calls [`connected`](Self::connected) before it sends anything. `now` is the time since
/// any fixed moment that the caller chooses. It is the same clock for all fetches that share a [`PreflightCache`].
///
/// ```
/// use std::time::Duration;
/// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, Step, Verdict};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new(url::Url::parse("https://api.example/items").unwrap(), page);
/// init.method = "PUT".to_owned();
///
/// let mut cache = PreflightCache::default();
/// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// let mut sent = Vec::new();
/// let outcome = loop {
///     match fetch.next(&mut cache, Duration::ZERO) {
///         Step::Send(exchange) => {
///             sent.push(exchange.method.clone());
///             // A server that allows the origin, but only safelisted methods.
///             let response = ResponseHead::new(200, [("Access-Control-Allow-Origin", "https://app.example")]);
///             fetch.receive(Ok(response));
///         }
///         Step::Done(outcome) => break outcome.clone(),
///     }
/// };
/// assert_eq!(sent, ["OPTIONS"]);
/// assert_eq!(outcome.verdict(), Verdict::Blocked);
/// assert_eq!(outcome.refusal().unwrap().reason.code().as_str(), "method-not-allowed");
/// ```
#[derive(Debug)]
pub struct Fetch<'p> {
    flight: Flight<'p>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Main fetch has to run for the current URL.
    MainFetch,
    /// `next` has returned this exchange, or will.
    Waiting { exchange: Exchange, attempt: u8 },
    /// The exchange is over.
    Received { exchange: Exchange, attempt: u8, result: Result<ResponseHead, NetworkError> },
    /// The connection for the exchange was refused before anything was sent.
    NotConnected(Box<Refused>),
    /// The fetch is over.
    Done(Outcome),
}

/// What to do next.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, Step};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// init.url = "http://api.example/".parse().unwrap();
/// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
/// match fetch.next(&mut PreflightCache::default(), Duration::ZERO) {
///     Step::Send(exchange) => panic!("{} goes out", exchange.url),
///     Step::Done(outcome) => assert_eq!(outcome.refusal().unwrap().reason.code().as_str(), "mixed-content"),
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to do one of the two")]
pub enum Step<'a> {
    /// Send this, then call [`Fetch::receive`].
    Send(&'a Exchange),
    /// The fetch is over.
    Done(&'a Outcome),
}

impl<'p> Fetch<'p> {
    /// Creates a fetch of `request` by a browser that behaves as `profile` says. Nothing happens before [`next`](Self::next).
    ///
    /// ```
    /// use corsac::{browser::{Client, Engine, Fetch, RequestInit}, origin::Origin};
    /// let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// let request = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page).build().unwrap();
    /// let fetch = Fetch::new(request, Engine::Chromium.profile());
    /// assert!(fetch.trace().entries().is_empty());
    /// ```
    pub fn new(request: Request, profile: &'p Profile) -> Self {
        Self { flight: Flight::new(request, profile), state: State::MainFetch }
    }

    /// Continues until something has to be sent, or to the end. Without a call of [`receive`](Self::receive) in between, it returns the
    /// same step again.
    ///
    /// `now` is the time on the clock of `cache`, since any fixed moment. It must not be less than in an earlier call.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, Step};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
    /// init.method = "DELETE".to_owned();
    /// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
    /// let Step::Send(exchange) = fetch.next(&mut PreflightCache::default(), Duration::ZERO) else { panic!() };
    /// assert_eq!(exchange.method, "OPTIONS"); // the preflight comes first
    /// ```
    pub fn next(&mut self, cache: &mut PreflightCache, now: Duration) -> Step<'_> {
        while matches!(self.state, State::MainFetch | State::Received { .. } | State::NotConnected(_)) {
            self.state = match std::mem::replace(&mut self.state, State::MainFetch) {
                State::NotConnected(refused) => self.refuse(*refused, cache),
                State::Received { exchange, attempt, result } => {
                    self.received(exchange, attempt, result, cache, now)
                }
                _ => self.main_fetch(cache, now),
            };
        }
        match &self.state {
            State::Done(outcome) => Step::Done(outcome),
            State::Waiting { exchange, .. } | State::Received { exchange, .. } => Step::Send(exchange),
            State::MainFetch | State::NotConnected(_) => unreachable!("the loop above leaves this state"),
        }
    }

    /// Takes the result of the exchange that [`next`](Self::next) returned: the head of the final response, or an error.
    ///
    /// Ignored when no exchange is waited for.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use corsac::browser::{Client, Engine, Fetch, NetworkError, NetworkErrorKind, PreflightCache, RequestInit, Step};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// # let mut cache = PreflightCache::default();
    /// # let mut fetch = Fetch::new(request, Engine::Spec.profile());
    /// fetch.next(&mut cache, Duration::ZERO);
    /// fetch.receive(Err(NetworkError::new(NetworkErrorKind::Refused, "")));
    /// let Step::Done(outcome) = fetch.next(&mut cache, Duration::ZERO) else { panic!() };
    /// assert_eq!(outcome.refusal().unwrap().reason.code().as_str(), "connection-refused");
    /// ```
    pub fn receive(&mut self, result: Result<ResponseHead, NetworkError>) {
        self.state = match std::mem::replace(&mut self.state, State::MainFetch) {
            State::Waiting { exchange, attempt } => State::Received { exchange, attempt, result },
            other => other,
        };
    }

    /// Checks the address of a new connection, before anything is sent over it. Returns `false` if nothing may be sent: either the [Local
    /// Network Access check](https://wicg.github.io/local-network-access/#local-network-access-check) failed, and [`next`](Self::next)
    /// returns the outcome, or there is nothing to send.
    ///
    /// ```
    /// use corsac::browser::{AddressSpace, Permission};
    /// # use std::time::Duration;
    /// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit};
    /// # use corsac::origin::Origin;
    /// # let mut page = Client::new(Origin::parse("https://app.example").unwrap());
    /// page.address_space = Some(AddressSpace::Public);
    /// page.local_network_permission = Permission::Denied;
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// # let mut fetch = Fetch::new(request, Engine::Spec.profile());
    /// fetch.next(&mut PreflightCache::default(), Duration::ZERO);
    /// assert!(!fetch.connected("192.168.1.20".parse().unwrap()));
    /// ```
    pub fn connected(&mut self, address: IpAddr) -> bool {
        let State::Waiting { exchange, .. } = &self.state else {
            return false;
        };
        let stage = self.flight.stage_of(exchange.kind);
        match local_network::check(&mut self.flight, stage, address) {
            Ok(()) => true,
            Err(refused) => {
                self.state = State::NotConnected(Box::new(refused));
                false
            }
        }
    }

    /// Each rule that ran so far.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// # let mut fetch = Fetch::new(request, Engine::Spec.profile());
    /// fetch.next(&mut PreflightCache::default(), Duration::ZERO);
    /// let last = fetch.trace().entries().last().unwrap();
    /// assert_eq!(last.evidence, "cross-origin, and nothing in the request needs a preflight");
    /// ```
    pub fn trace(&self) -> &Trace {
        self.flight.trace()
    }

    /// The request as it was made, whatever redirects have changed since.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
    /// init.method = "DELETE".to_owned();
    /// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
    /// fetch.next(&mut PreflightCache::default(), Duration::ZERO);
    /// assert_eq!(fetch.request().method(), "DELETE"); // although the exchange at hand is its preflight
    /// ```
    pub fn request(&self) -> &Request {
        self.flight.request()
    }

    /// Ends the fetch, which may not have finished, and returns its outcome, if there is one, and its trace.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// # let mut fetch = Fetch::new(request, Engine::Spec.profile());
    /// fetch.next(&mut PreflightCache::default(), Duration::ZERO);
    /// let (outcome, trace) = fetch.finish(); // as when the page is closed
    /// assert!(outcome.is_none() && !trace.entries().is_empty());
    /// ```
    pub fn finish(self) -> (Option<Outcome>, Trace) {
        let outcome = if let State::Done(outcome) = self.state { Some(outcome) } else { None };
        (outcome, self.flight.into_trace())
    }

    fn main_fetch(&mut self, cache: &mut PreflightCache, now: Duration) -> State {
        self.flight.number.get_or_insert_with(|| cache.number_fetch());
        let branch = match main_fetch::choose_branch(&mut self.flight) {
            Ok(branch) => branch,
            Err(refused) => {
                self.clear_entries_of_redirect(cache);
                let arrived_by = self.flight.redirects.arrived_by.take();
                return self.refuse(refused.after_redirect(arrived_by), cache);
            }
        };
        match branch {
            Branch::Data => State::Done(response_filter::data_url_response(&self.flight)),
            Branch::Http { make_preflight } => {
                if make_preflight && http_fetch::needs_preflight(&mut self.flight, cache, now) {
                    State::Waiting { exchange: preflight::request(&self.flight), attempt: 1 }
                } else {
                    self.send_request(cache)
                }
            }
        }
    }

    fn send_request(&mut self, cache: &mut PreflightCache) -> State {
        match http_fetch::request(&mut self.flight) {
            Ok(exchange) => State::Waiting { exchange, attempt: 1 },
            Err(refused) => self.refuse(refused, cache),
        }
    }

    fn received(
        &mut self,
        exchange: Exchange,
        attempt: u8,
        result: Result<ResponseHead, NetworkError>,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> State {
        let stage = self.flight.stage_of(exchange.kind);
        let response = match result {
            Ok(mut response) => {
                if self.flight.profile.drops_empty_lines {
                    response.headers.drop_empty_repeats();
                }
                response
            }
            Err(error) if self.tries_again(&exchange, attempt, &error) => {
                self.flight.note(
                    stage,
                    Rule::EngineDifference,
                    "the connection closed without a response: sent again",
                );
                return State::Waiting { exchange, attempt: attempt.saturating_add(1) };
            }
            Err(error) => {
                return self.refuse(Refused::new(stage, Rule::Network, Reason::Network(error)), cache);
            }
        };
        let after = if exchange.kind == ExchangeKind::Preflight {
            match preflight::check(&mut self.flight, &response, cache, now) {
                Ok(()) => return self.send_request(cache),
                Err(refused) => Err(refused),
            }
        } else {
            http_fetch::check_response(&mut self.flight, stage, &response)
        };
        match after {
            Ok(None) => State::MainFetch,
            Ok(Some(outcome)) => State::Done(outcome),
            Err(refused) => self.refuse(redirect::with_response(refused, &self.flight, &response), cache),
        }
    }

    fn tries_again(&self, exchange: &Exchange, attempt: u8, error: &NetworkError) -> bool {
        exchange.kind == ExchangeKind::Preflight
            && error.kind == NetworkErrorKind::Closed
            && attempt < self.flight.profile.preflight_attempts
    }

    /// A network error. Main fetch, step 12, "use-CORS-preflight flag": it clears the cache entries of the request.
    fn refuse(&mut self, refused: Refused, cache: &mut PreflightCache) -> State {
        let clears = match self.flight.profile.cache.cleared_by {
            ClearedBy::PreflightedFailure => self.flight.preflight.was_needed,
            ClearedBy::AnyCorsFailure => {
                self.flight.response_tainting == ResponseTainting::Cors && !refused.is_by_redirect_mode()
            }
            ClearedBy::Nothing => false,
        };
        if clears && refused.stage != Stage::Start {
            cache.clear_entries(&self.flight, self.flight.url());
        }
        State::Done(self.flight.refuse(refused))
    }

    /// Engine difference: see [`ClearedBy::AnyCorsFailure`]. The current URL was refused before anything was sent to it.
    fn clear_entries_of_redirect(&self, cache: &mut PreflightCache) {
        let rule = self.flight.profile.cache.cleared_by;
        if rule != ClearedBy::AnyCorsFailure || self.flight.response_tainting != ResponseTainting::Cors {
            return;
        }
        if let Some(redirecting) = self.flight.url_before() {
            cache.clear_entries(&self.flight, redirecting);
        }
    }
}
