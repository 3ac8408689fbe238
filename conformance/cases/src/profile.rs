//! The same case through our browser half: an engine's profile against the same script, in memory and in virtual time.

use std::sync::Arc;
use std::time::Duration;

use corsac::browser::{
    Api, Body, Client, Engine, Exchange, ExchangeKind, Fetch, FilteredResponse, NetworkError,
    NetworkErrorKind, Outcome, PreflightCache, Profile, Request, RequestInit, ResponseHead,
    Step as FetchStep, StreamBody,
};
use corsac::header::{HeaderList, is_forbidden_request_header, is_no_cors_safelisted, normalize};
use corsac::origin::Origin;
use corsac_explain::findings::SeenExchange;
use url::Url;

use crate::Failure;
use crate::case::{self, Call, Case, Step};
use crate::observation::{Observation, Seen, WireRequest, combined, latin1, to_bytes};
use crate::places::Places;
use crate::script::Script;

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
            Step::Call(call) => calls.push(tab.call(call)?),
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

impl Tab<'_> {
    fn call(&mut self, call: &Call) -> Result<Seen, Failure> {
        let mut call = call.clone();
        if call.body == case::Body::Stream && self.profile.stream_body == StreamBody::SentAsText {
            call.body = case::Body::Text;
        }
        let init = request_init(&call, self.client.clone())?;
        let request = match init.build() {
            Ok(request) => request,
            Err(error) => return Ok(error_seen(error.to_string())),
        };
        let (outcome, exchanges) = self.drive(request.clone());
        if let Some(engine) = self.console_of {
            self.console.extend(corsac_explain::console_warnings(engine, &request, &exchanges));
            if let Outcome::Refused(refusal) = &outcome {
                self.console.extend(corsac_explain::console(engine, refusal, &request));
            }
        }
        Ok(match outcome {
            Outcome::Readable(response) => seen("readable", &response, call.api),
            Outcome::Opaque(response) => seen("opaque", &response, call.api),
            Outcome::Refused(refusal) => {
                error_seen(format!("{}: {}", refusal.stage.as_str(), refusal.reason))
            }
        })
    }

    fn drive(&mut self, request: Request) -> (Outcome, Vec<SeenExchange>) {
        let mut fetch = Fetch::new(request, self.profile);
        let mut exchanges = Vec::new();
        loop {
            let exchange = match fetch.next(&mut self.cache, self.now) {
                FetchStep::Done(outcome) => return (outcome.clone(), exchanges),
                FetchStep::Send(exchange) => exchange.clone(),
            };
            let result = self.exchange(&exchange);
            exchanges.push(SeenExchange { exchange, response: result.as_ref().ok().cloned() });
            fetch.receive(result);
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

/// The page's own host has a cookie, which is sent there from every page of its site.
fn has_cookie(url: &Url, client: &Client) -> bool {
    let host = |url: &Url| url.host_str().map(str::to_owned);
    !client.origin.is_opaque() && client.url.as_ref().and_then(host) == host(url)
}

fn request_init(call: &Call, client: Client) -> Result<RequestInit, Failure> {
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
    (init.headers, init.content_type_comes_with_body) = headers(call, xhr);
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
fn headers(call: &Call, xhr: bool) -> (HeaderList, bool) {
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
