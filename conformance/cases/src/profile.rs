//! The same case through Corsac's browser half: an engine's profile with the same responses, in memory and in virtual time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use corsac::browser::{
    Client, CompletedExchange, Engine, Exchange, ExchangeKind, Fetch, FilteredResponse, NetworkError,
    NetworkErrorKind, Outcome, PreflightCache, Profile, Refusal, Request, ResponseHead, Step as FetchStep,
};
use corsac::header::normalize;
use corsac::origin::Origin;
use url::Url;

use crate::Failure;
use crate::case::{Api, Call, Case, Step};
use crate::lanes;
use crate::observation::{Observation, Seen, WireRequest, combined, latin1, to_bytes};
use crate::places::Places;
use crate::request;
use crate::script::Script;

/// What the profile of `engine` does in a case, whose names are expanded.
pub fn observe(case: &Case, places: &Places, engine: Engine) -> Result<Observation, Failure> {
    run(case, places, engine.profile(), Some(engine))
}

/// The refusals of a case, whose names are expanded, in the order of its requests.
pub fn refusals(case: &Case, places: &Places, engine: Engine) -> Result<Vec<Refusal>, Failure> {
    Ok(run_in_tab(case, places, engine.profile(), Some(engine))?.1)
}

/// The same for any profile. There are no console lines, as only engines have those.
pub fn observe_with(case: &Case, places: &Places, profile: &Profile) -> Result<Observation, Failure> {
    run(case, places, profile, None)
}

fn run(
    case: &Case,
    places: &Places,
    profile: &Profile,
    console_of: Option<Engine>,
) -> Result<Observation, Failure> {
    Ok(run_in_tab(case, places, profile, console_of)?.0)
}

fn run_in_tab(
    case: &Case,
    places: &Places,
    profile: &Profile,
    console_of: Option<Engine>,
) -> Result<(Observation, Vec<Refusal>), Failure> {
    let page = &places.page_url(&case.page)?;
    let case = Arc::new(case.clone());
    let mut tab = Tab {
        case: Arc::clone(&case),
        script: Script::new(Arc::clone(&case)),
        client: client(&case, page)?,
        places,
        profile,
        cache: PreflightCache::default(),
        now: Duration::ZERO,
        wire: Vec::new(),
        console_of,
        console: Vec::new(),
        refusals: Vec::new(),
    };
    let mut calls = Vec::new();
    for step in &case.steps {
        match step {
            Step::Wait { wait } => tab.now = tab.now.saturating_add(Duration::from_millis(*wait)),
            Step::Together { together } => calls.extend(tab.calls(together)?),
            Step::Call(call) => calls.extend(tab.calls(std::slice::from_ref(call))?),
        }
    }
    Ok((Observation { calls, wire: tab.wire, console: tab.console }, tab.refusals))
}

fn client(case: &Case, page: &str) -> Result<Client, Failure> {
    let url = Url::parse(page)?;
    if case.page == "null" {
        let mut client = Client::new(Origin::parse("null")?);
        client.url = Some(url);
        return Ok(client);
    }
    let mut client = Client::new(Origin::of(&url));
    client.url = Some(url);
    Ok(client)
}

/// A page of a browser, with its cache and its clock.
struct Tab<'p> {
    places: &'p Places,
    case: Arc<Case>,
    script: Script,
    client: Client,
    profile: &'p Profile,
    cache: PreflightCache,
    now: Duration,
    wire: Vec<WireRequest>,
    /// The engine that prints to the console, if any.
    console_of: Option<Engine>,
    console: Vec<String>,
    refusals: Vec<Refusal>,
}

/// A request in progress, with what it has exchanged so far.
struct Running<'p> {
    request: Request,
    fetch: Fetch<'p>,
    exchanges: Vec<CompletedExchange>,
}

impl<'p> Tab<'p> {
    /// Makes requests at once, and returns what script sees of each.
    fn calls(&mut self, calls: &[Call]) -> Result<Vec<Seen>, Failure> {
        let started: Result<Vec<_>, Failure> = calls.iter().map(|call| self.start(call)).collect();
        let mut started = started?;
        let running = started.iter_mut().filter_map(|started| started.as_mut().ok());
        self.drive(lanes::of(running, |running| &running.request, self.profile.engine));
        Ok(calls.iter().zip(started).map(|(call, started)| self.end(call, started)).collect())
    }

    /// The request, or what script sees if it cannot be made.
    fn start(&self, call: &Call) -> Result<Result<Running<'p>, Seen>, Failure> {
        let request = match request::init(call, self.client.clone())?.build_for(self.profile) {
            Ok(request) => request,
            Err(error) => return Ok(Err(error_seen(error.to_string()))),
        };
        let fetch = Fetch::new(request.clone(), self.profile);
        Ok(Ok(Running { request, fetch, exchanges: Vec::new() }))
    }

    /// Runs in rounds until all are done: all lanes send, then all receive their responses.
    fn drive(&mut self, mut lanes: Vec<VecDeque<&mut Running<'p>>>) {
        loop {
            let mut sent = Vec::new();
            for lane in &mut lanes {
                while let Some(first) = lane.front_mut() {
                    if let FetchStep::Send(exchange) = first.fetch.next(&mut self.cache, self.now) {
                        sent.push(Some(exchange.clone()));
                        break;
                    }
                    lane.pop_front();
                }
                if lane.is_empty() {
                    sent.push(None);
                }
            }
            if sent.iter().all(Option::is_none) {
                return;
            }
            for (lane, exchange) in lanes.iter_mut().zip(sent) {
                if let (Some(first), Some(exchange)) = (lane.front_mut(), exchange) {
                    let result = self.exchange(&exchange);
                    first.fetch.receive(result.clone());
                    first.exchanges.push(CompletedExchange::new(exchange, result));
                }
            }
        }
    }

    fn end(&mut self, call: &Call, started: Result<Running<'p>, Seen>) -> Seen {
        let Running { request, mut fetch, exchanges } = match started {
            Ok(running) => running,
            Err(seen) => return seen,
        };
        let FetchStep::Done(outcome) = fetch.next(&mut self.cache, self.now) else {
            return error_seen("it did not end".to_owned());
        };
        if let Some(engine) = self.console_of {
            self.console.extend(corsac_explain::console_warnings(engine, &request, &exchanges));
            if let Outcome::Refused(refusal) = &outcome {
                self.console.extend(corsac_explain::console(engine, refusal, &request));
            }
        }
        if let Outcome::Refused(refusal) = &outcome {
            self.refusals.push(Refusal::clone(refusal));
        }
        match outcome {
            Outcome::Readable(_) if call.load.is_some() => loaded(call, "readable"),
            Outcome::Opaque(_) if call.load.is_some() => loaded(call, "opaque"),
            Outcome::Refused(_) if call.load.as_deref().is_some_and(is_silent) => loaded(call, "error"),
            Outcome::Readable(response) => seen("readable", response, call.api),
            Outcome::Opaque(response) => seen("opaque", response, call.api),
            Outcome::Refused(refusal) => {
                error_seen(format!("{}: {}", refusal.stage.as_str(), refusal.reason))
            }
        }
    }

    fn exchange(&mut self, exchange: &Exchange) -> Result<ResponseHead, NetworkError> {
        let mut url = exchange.url.clone();
        url.set_fragment(None);
        // Refused only for URLs without a host.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        if !self.places.knows(&url.origin().ascii_serialization()) {
            return Err(NetworkError::new(NetworkErrorKind::Refused, ""));
        }
        let mut lines: Vec<(&str, &[u8])> =
            exchange.headers.iter().map(|line| (line.name.as_str(), line.value.as_slice())).collect();
        if exchange.credentials && has_cookie(&url, &self.client) {
            lines.push(("cookie", b"page=1"));
        }
        let wire = WireRequest::new(&exchange.method, url.to_string(), lines.into_iter(), &self.case);
        self.wire.push(wire);
        let origin = exchange.headers.text("origin");
        let preflight = exchange.kind == ExchangeKind::Preflight;
        let answer = self.script.answer(&exchange.method, url.as_str(), origin.as_deref(), preflight);
        let answer = answer.accepting(WEB_SOCKET_ACCEPT);
        if answer.close {
            return Err(NetworkError::new(NetworkErrorKind::Closed, ""));
        }
        let lines = answer.headers.iter().map(|(name, value)| {
            let value = normalize(&to_bytes(value)).to_vec();
            (name.clone(), value)
        });
        Ok(ResponseHead::new(answer.status, lines))
    }
}

/// The response to the key that the core sends, which is that of RFC 6455, section 1.3.
const WEB_SOCKET_ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The page's own host has a cookie. Every page of its site sends it there.
fn has_cookie(url: &Url, client: &Client) -> bool {
    let host = |url: &Url| url.host_str().map(str::to_owned);
    !client.origin.is_opaque() && client.url.as_ref().and_then(host) == host(url)
}

fn seen(verdict: &str, response: &FilteredResponse, api: Api) -> Seen {
    let fetch = api == Api::Fetch;
    let lines = response.headers.iter().map(|line| (line.name.to_ascii_lowercase(), latin1(&line.value)));
    let url = response.url.as_ref().map(Url::to_string).unwrap_or_default();
    Seen {
        verdict: verdict.to_owned(),
        kind: fetch.then(|| response.kind.as_str().to_owned()),
        status: Some(response.status),
        headers: combined(lines),
        redirected: fetch.then_some(response.redirected),
        url: Some(url),
        error: None,
    }
}

/// Returns `true` for a beacon and an image of a style sheet, whose result the page cannot see.
fn is_silent(load: &str) -> bool {
    matches!(load, "beacon" | "css-image")
}

/// What the page can see of something that it loads: whether a canvas with an image may be read, and of other loads that they succeeded.
fn loaded(call: &Call, verdict: &str) -> Seen {
    let verdict = match call.load.as_deref() {
        Some("img") => verdict,
        Some(load) if is_silent(load) => "sent",
        _ => "loaded",
    };
    Seen { verdict: verdict.to_owned(), ..Seen::default() }
}

fn error_seen(error: String) -> Seen {
    Seen { verdict: "error".to_owned(), error: Some(error), ..Seen::default() }
}
