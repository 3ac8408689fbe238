//! The same case through our browser half: an engine's profile against the same script, in memory and in virtual time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use corsac::browser::{
    Api, Body, CacheMode, Carried, Client, Credentials, Engine, Exchange, ExchangeKind, Fetch,
    FilteredResponse, NetworkError, NetworkErrorKind, Outcome, PreflightCache, Profile, Request, RequestInit,
    ResponseHead, Step as FetchStep, StreamBody,
};
use corsac::header::{HeaderList, is_forbidden_request_header, is_no_cors_safelisted, normalize};
use corsac::origin::Origin;
use url::Url;

use crate::Failure;
use crate::case::{self, Call, Case, Step};
use crate::observation::{Observation, Seen, WireRequest, combined, latin1, to_bytes};
use crate::places::Places;
use crate::script::Script;
use crate::send;

/// What the profile of `engine` says about a case, whose names are expanded.
pub fn observe(case: &Case, places: &Places, engine: Engine) -> Result<Observation, Failure> {
    run(case, places, engine.profile(), Some(engine))
}

/// The same for any profile, without console lines: those are an engine's.
pub fn observe_with(case: &Case, places: &Places, profile: &Profile) -> Result<Observation, Failure> {
    run(case, places, profile, None)
}

fn run(
    case: &Case,
    places: &Places,
    profile: &Profile,
    console_of: Option<Engine>,
) -> Result<Observation, Failure> {
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
    };
    let mut calls = Vec::new();
    for step in &case.steps {
        match step {
            Step::Wait { wait } => tab.now = tab.now.saturating_add(Duration::from_millis(*wait)),
            Step::Together { together } => calls.extend(tab.calls(together)?),
            Step::Call(call) => calls.extend(tab.calls(std::slice::from_ref(call))?),
        }
    }
    Ok(Observation { calls, wire: tab.wire, console: tab.console })
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
    /// Whose console, if any.
    console_of: Option<Engine>,
    console: Vec<String>,
}

/// A request on its way, with what it has exchanged so far.
struct Running<'p> {
    request: Request,
    fetch: Fetch<'p>,
    exchanges: Vec<Carried>,
}

impl<'p> Tab<'p> {
    /// What script sees of requests that start at once.
    fn calls(&mut self, calls: &[Call]) -> Result<Vec<Seen>, Failure> {
        let started: Result<Vec<_>, Failure> = calls.iter().map(|call| self.start(call)).collect();
        let mut started = started?;
        self.drive(lanes(
            started.iter_mut().filter_map(|started| started.as_mut().ok()),
            self.profile.engine,
        ));
        Ok(calls.iter().zip(started).map(|(call, started)| self.end(call, started)).collect())
    }

    /// The request, or what script sees if it cannot be made.
    fn start(&self, call: &Call) -> Result<Result<Running<'p>, Seen>, Failure> {
        let mut call = call.clone();
        if call.body == case::Body::Stream && self.profile.stream_body == StreamBody::SentAsText {
            call.body = case::Body::Text;
        }
        let init = request_init(&call, self.client.clone(), self.profile.engine)?;
        let request = match init.build() {
            Ok(request) => request,
            Err(error) => return Ok(Err(error_seen(error.to_string()))),
        };
        let fetch = Fetch::new(request.clone(), self.profile);
        Ok(Ok(Running { request, fetch, exchanges: Vec::new() }))
    }

    /// In rounds: all lanes send, then all hear their answers, until all are done.
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
                    first.exchanges.push(Carried::new(exchange, result));
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
            return error_seen("it has not ended".to_owned());
        };
        if let Some(engine) = self.console_of {
            self.console.extend(corsac_explain::console_warnings(engine, &request, &exchanges));
            if let Outcome::Refused(refusal) = &outcome {
                self.console.extend(corsac_explain::console(engine, refusal, &request));
            }
        }
        match outcome {
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
        if answer.close {
            return Err(NetworkError::new(NetworkErrorKind::Closed, ""));
        }
        let lines = answer.headers.iter().map(|(name, value)| {
            let value = normalize(&to_bytes(value)).to_vec();
            (name.clone(), value)
        });
        Ok(ResponseHead { status: answer.status, headers: lines.collect(), range_requested: false })
    }
}

/// Requests that run side by side. Those of one lane run one after the other: in Firefox a GET or HEAD waits, preflight and all, until
/// another one of the same URL has its response, as both are for one entry of the HTTP cache.
fn lanes<'r, 'p>(
    running: impl Iterator<Item = &'r mut Running<'p>>,
    engine: Engine,
) -> Vec<VecDeque<&'r mut Running<'p>>> {
    let mut lanes: Vec<(Option<CacheEntry>, VecDeque<_>)> = Vec::new();
    for one in running {
        let entry = (engine == Engine::Firefox).then(|| CacheEntry::of(&one.request)).flatten();
        match lanes.iter_mut().find(|(known, _)| entry.is_some() && *known == entry) {
            Some((_, lane)) => lane.push_back(one),
            None => lanes.push((entry, VecDeque::from([one]))),
        }
    }
    lanes.into_iter().map(|(_, lane)| lane).collect()
}

/// What a request waits for in Firefox's HTTP cache.
#[derive(PartialEq)]
struct CacheEntry {
    method: String,
    url: Url,
    credentialed: bool,
}

impl CacheEntry {
    fn of(request: &Request) -> Option<Self> {
        let init = request.init();
        let is_cached = matches!(request.method(), "GET" | "HEAD") && init.cache != CacheMode::NoStore;
        is_cached.then(|| Self {
            method: request.method().to_owned(),
            url: init.url.clone(),
            credentialed: init.credentials == Credentials::Include,
        })
    }
}

/// The page's own host has a cookie, which is sent there from every page of its site.
fn has_cookie(url: &Url, client: &Client) -> bool {
    let host = |url: &Url| url.host_str().map(str::to_owned);
    !client.origin.is_opaque() && client.url.as_ref().and_then(host) == host(url)
}

fn request_init(call: &Call, client: Client, engine: Engine) -> Result<RequestInit, Failure> {
    let page = client.url.clone();
    let url = Url::options().base_url(page.as_ref()).parse(&call.url)?;
    let mut init = RequestInit::new(url, client);
    let xhr = call.api != case::Api::Fetch;
    if xhr {
        init.api = Api::XmlHttpRequest { upload_listeners: call.api == case::Api::XhrUpload };
    }
    if let Some(method) = &call.method {
        init.method.clone_from(method);
    }
    (init.headers, init.content_type_comes_with_body) = headers(call, xhr, engine);
    init.body = match call.body {
        case::Body::None => Body::None,
        case::Body::Stream => Body::Stream,
        _ => Body::Bytes,
    };
    // withCredentials is a yes or a no
    if let Some(credentials) =
        call.credentials.as_ref().filter(|credentials| !xhr || *credentials == "include")
    {
        init.credentials = credentials.parse().map_err(|error| format!("{error}"))?;
    }
    if xhr {
        // XMLHttpRequest, "send()": a GET or HEAD request has no body.
        if call
            .method
            .as_deref()
            .is_none_or(|method| ["GET", "HEAD"].iter().any(|m| m.eq_ignore_ascii_case(method)))
        {
            init.body = Body::None;
        }
        return Ok(init);
    }
    if let Some(mode) = &call.mode {
        init.mode = mode.parse().map_err(|error| format!("{error}"))?;
    }
    if let Some(redirect) = &call.redirect {
        init.redirect = redirect.parse().map_err(|error| format!("{error}"))?;
    }
    if let Some(cache) = &call.cache {
        init.cache = cache.parse().map_err(|error| format!("{error}"))?;
    }
    if let Some(policy) = call.referrer_policy.as_deref().filter(|policy| !policy.is_empty()) {
        init.referrer_policy = policy.parse().map_err(|error| format!("{error}"))?;
    }
    Ok(init)
}

/// What script set, and the type that comes with the body; does it?
fn headers(call: &Call, xhr: bool, engine: Engine) -> (HeaderList, bool) {
    let mut lines: Vec<(String, String)> = call.headers.clone();
    if xhr {
        // setRequestHeader() combines
        let mut joined: Vec<(String, String)> = Vec::new();
        for (name, value) in lines {
            if is_forbidden_request_header(&name, normalize(&to_bytes(&value))) {
                continue;
            }
            match joined.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                Some((_, text)) => *text = format!("{text}, {}", value.trim()),
                None => joined.push((name, value.trim().to_owned())),
            }
        }
        for (name, value) in &mut joined {
            if name.eq_ignore_ascii_case("content-type") {
                *value = send::content_type(value, call.body, engine);
            }
        }
        lines = joined;
    }
    if call.mode.as_deref() == Some("no-cors") {
        // The guard leaves out what is not safelisted, line by line, and only then does the body's own type come.
        let mut so_far = String::new();
        lines.retain(|(name, value)| {
            if !name.eq_ignore_ascii_case("content-type") {
                return true;
            }
            let value = latin1(normalize(&to_bytes(value)));
            let joined = if so_far.is_empty() { value } else { format!("{so_far}, {value}") };
            let safe = is_no_cors_safelisted(name, &to_bytes(&joined));
            if safe {
                so_far = joined;
            }
            safe
        });
    }
    let bodiless_xhr = xhr && call.method.as_deref().is_none_or(|method| matches!(method, "GET" | "HEAD"));
    let typed = lines.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let own = call.body.content_type().filter(|_| !bodiless_xhr && !typed);
    if let Some(media_type) = own {
        lines.push(("Content-Type".to_owned(), media_type.to_owned()));
    }
    (lines.into_iter().map(|(name, value)| (name, to_bytes(&value))).collect(), own.is_some())
}

fn seen(verdict: &str, response: &FilteredResponse, api: case::Api) -> Seen {
    let fetch = api == case::Api::Fetch;
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

fn error_seen(error: String) -> Seen {
    Seen { verdict: "error".to_owned(), error: Some(error), ..Seen::default() }
}
