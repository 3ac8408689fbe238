//! A browser and a server in one test: without sockets, with a clock that advances only when the test says so, and a record of what was
//! sent.

#![allow(dead_code)] // every test crate uses the part that it needs

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use corsac::browser::{
    BodyInit, Client, Credentials, Engine, Exchange, ExchangeKind, Fetch, FilteredResponse, Mode,
    NetworkError, Outcome, PreflightCache, Profile, RequestInit, ResponseHead, Step, Trace,
};
use corsac::origin::Origin;
use url::Url;

/// The page that makes the requests, unless a test uses another.
pub(crate) const PAGE: &str = "https://app.example";

pub(crate) type Answer = Result<ResponseHead, NetworkError>;

/// One browser with its preflight cache and clock, and one server for all origins of the test.
pub(crate) struct Pair<'s> {
    pub(crate) profile: &'static Profile,
    pub(crate) cache: PreflightCache,
    pub(crate) now: Duration,
    /// The address of every server, if the browser knows it before it sends anything.
    pub(crate) address: Option<IpAddr>,
    server: Box<dyn FnMut(&Exchange) -> Answer + 's>,
    /// The exchanges since the last call of [`Pair::wire`].
    exchanges: Vec<Exchange>,
}

impl<'s> Pair<'s> {
    pub(crate) fn new(engine: Engine, server: impl FnMut(&Exchange) -> ResponseHead + 's) -> Self {
        let mut server = server;
        Self::with_network(engine, move |exchange| Ok(server(exchange)))
    }

    /// A server whose connections can fail.
    pub(crate) fn with_network(engine: Engine, server: impl FnMut(&Exchange) -> Answer + 's) -> Self {
        Self {
            profile: engine.profile(),
            cache: PreflightCache::default(),
            now: Duration::ZERO,
            address: None,
            server: Box::new(server),
            exchanges: Vec::new(),
        }
    }

    pub(crate) fn fetch(&mut self, request: RequestInit) -> Outcome {
        self.fetch_with_trace(request).0
    }

    pub(crate) fn fetch_with_trace(&mut self, request: RequestInit) -> (Outcome, Trace) {
        let mut fetch = Fetch::new(request.build().expect("script can make this request"), self.profile);
        let before = self.exchanges.len();
        loop {
            assert!(self.exchanges.len() - before < 100, "a fetch that never ends");
            let exchange = match fetch.next(&mut self.cache, self.now) {
                Step::Send(exchange) => exchange.clone(),
                Step::Done(_) => break,
            };
            if self.address.is_some_and(|address| !fetch.connected(address)) {
                continue;
            }
            let answer = (self.server)(&exchange);
            self.exchanges.push(exchange);
            fetch.receive(answer);
        }
        let (outcome, trace) = fetch.finish();
        (outcome.expect("the fetch is over"), trace)
    }

    pub(crate) fn serve(&mut self, server: impl FnMut(&Exchange) -> ResponseHead + 's) {
        let mut server = server;
        self.server = Box::new(move |exchange| Ok(server(exchange)));
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    /// The exchanges since the last call, each in one line: see [`line`].
    pub(crate) fn wire(&mut self) -> Vec<String> {
        self.take_exchanges().iter().map(line).collect()
    }

    pub(crate) fn take_exchanges(&mut self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges)
    }

    /// Returns `true` if this request sends a preflight first.
    pub(crate) fn preflights(&mut self, request: RequestInit) -> bool {
        self.exchanges.clear();
        self.fetch(request);
        self.take_exchanges().iter().any(|exchange| exchange.kind == ExchangeKind::Preflight)
    }
}

/// An exchange on one line: method, URL, then what CORS adds to it.
///
/// `OPTIONS https://api.example/ from https://app.example for PUT with x-a,x-b` and `PUT https://api.example/ from null, credentials`.
pub(crate) fn line(exchange: &Exchange) -> String {
    let text = |name| exchange.headers.text(name);
    let mut line = format!("{} {}", exchange.method, exchange.url);
    if let Some(origin) = text("origin") {
        let _ = write!(line, " from {origin}");
    }
    if let Some(method) = text("access-control-request-method") {
        let _ = write!(line, " for {method}");
    }
    if let Some(names) = text("access-control-request-headers") {
        let _ = write!(line, " with {names}");
    }
    if exchange.credentials {
        line.push_str(", credentials");
    }
    line
}

/// The outcome in a few words: `readable`, `opaque`, `blocked: allow-origin-missing`, `failed: bad-port`.
pub(crate) fn verdict(outcome: &Outcome) -> String {
    let verdict = outcome.verdict().as_str();
    match outcome.refusal() {
        Some(refusal) => format!("{verdict}: {}", refusal.reason.code()),
        None => verdict.to_owned(),
    }
}

/// What script can read. Panics if it cannot.
pub(crate) fn seen(outcome: &Outcome) -> &FilteredResponse {
    match outcome {
        Outcome::Readable(response) | Outcome::Opaque(response) => response,
        Outcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

pub(crate) fn page(origin: &str) -> Client {
    Client::new(Origin::parse(origin).expect("an origin"))
}

/// `fetch(url, {method})` in [`PAGE`].
pub(crate) fn request(method: &str, address: &str) -> RequestInit {
    RequestInit::new(url(address), page(PAGE)).with(|init| init.method = method.to_owned())
}

/// Setters for the second argument of `fetch()`, which can be chained.
pub(crate) trait Written: Sized {
    fn header(self, name: &str, value: &str) -> Self;
    fn in_page(self, origin: &str) -> Self;
    fn include(self) -> Self;
    fn mode(self, mode: Mode) -> Self;
    fn body(self, body: impl Into<BodyInit>) -> Self;
}

impl Written for RequestInit {
    fn header(self, name: &str, value: &str) -> Self {
        self.with(|init| init.headers.append(name, value))
    }
    fn in_page(self, origin: &str) -> Self {
        self.with(|init| init.client = page(origin))
    }
    fn include(self) -> Self {
        self.with(|init| init.credentials = Credentials::Include)
    }
    fn mode(self, mode: Mode) -> Self {
        self.with(|init| init.mode = mode)
    }
    fn body(self, body: impl Into<BodyInit>) -> Self {
        self.with(|init| init.body = Some(body.into()))
    }
}

pub(crate) fn respond(status: u16, headers: &[(&str, &str)]) -> ResponseHead {
    ResponseHead::new(status, headers.iter().copied())
}

/// A server that allows whatever is asked for, with credentials, and forbids caching it.
pub(crate) fn reflect(exchange: &Exchange) -> ResponseHead {
    let mut response = respond(200, &[]);
    let mut copy = |from: &str, to: &str| {
        for value in exchange.headers.all(from) {
            response.headers.append(to, value);
        }
    };
    copy("origin", "access-control-allow-origin");
    copy("access-control-request-method", "access-control-allow-methods");
    copy("access-control-request-headers", "access-control-allow-headers");
    response.headers.append("access-control-allow-credentials", "true");
    response.headers.append("access-control-max-age", "0");
    response
}

/// [`reflect`] with redirects: each `(from, status, to)` is the response to a request that is not a preflight.
pub(crate) fn redirects<'a>(hops: &'a [(&'a str, u16, &'a str)]) -> impl Fn(&Exchange) -> ResponseHead + 'a {
    move |exchange| {
        let mut response = reflect(exchange);
        let hop = hops.iter().find(|(from, ..)| *from == exchange.url.as_str());
        if let Some((_, status, to)) = hop.filter(|_| exchange.kind != ExchangeKind::Preflight) {
            response.status = *status;
            response.headers.append("location", *to);
        }
        response
    }
}

/// Collects the failures of a table's rows, so that one run shows them all.
#[derive(Default)]
pub(crate) struct Wrong(Vec<String>);

impl Wrong {
    #[allow(clippy::needless_pass_by_value)] // a table reads better without references
    pub(crate) fn compare<T: PartialEq + std::fmt::Debug>(
        &mut self,
        row: &str,
        engine: Engine,
        got: T,
        expected: T,
    ) {
        if got != expected {
            self.0.push(format!(
                "{row} ({})\n    expected {expected:?}\n         got {got:?}",
                engine.as_str()
            ));
        }
    }
}

impl Drop for Wrong {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.0.is_empty(), "{} rows differ:\n{}", self.0.len(), self.0.join("\n"));
        }
    }
}
