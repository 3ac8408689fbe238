//! A control request and its answer as two steps. Controls compare; no browser judges them, so their lines say what each shows.

use std::time::Duration;

use corsac::browser::{
    CompletedExchange, Credentials, Engine, Exchange, Fetch, Load, PreflightCache, Request, ResponseHead,
    RuleResult,
};
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, VARY,
};
use corsac::header::{HeaderList, list_items};

use super::line::Line;
use super::step::Step;
use super::{received, told};

/// How a control differs from the page's own request.
///
/// ```
/// use corsac_explain::sequence::ControlRequest;
/// assert_eq!(ControlRequest::PlainGet.as_str(), "get-beside-preflight");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ControlRequest<'a> {
    /// Without `Origin`.
    NoOrigin,
    /// From this origin, which no server has a reason to allow.
    OtherOrigin(&'a str),
    /// From the server's own origin.
    OwnOrigin(&'a str),
    /// As a plain GET, beside a preflight that was refused.
    PlainGet,
    /// The preflight of the next request that a client of this protocol sends.
    NextPreflight(&'a str),
    /// At the other address of `localhost`.
    OtherAddress(std::net::IpAddr),
}

impl ControlRequest<'_> {
    /// Returns the name in JSON.
    ///
    /// ```
    /// use corsac_explain::sequence::ControlRequest;
    /// assert_eq!(ControlRequest::NoOrigin.as_str(), "no-origin");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoOrigin => "no-origin",
            Self::OtherOrigin(_) => "other-origin",
            Self::OwnOrigin(_) => "own-origin",
            Self::PlainGet => "get-beside-preflight",
            Self::NextPreflight(_) => "next-preflight",
            Self::OtherAddress(_) => "other-address",
        }
    }

    /// Words that follow the method and the target.
    fn note(self) -> String {
        match self {
            Self::NoOrigin => "without Origin".to_owned(),
            Self::OtherOrigin(origin) => format!("from {origin}"),
            Self::OwnOrigin(origin) => format!("from the server's own origin, {origin}"),
            Self::PlainGet => "from the same origin".to_owned(),
            Self::NextPreflight(protocol) => format!("as {protocol} sends it next"),
            Self::OtherAddress(address) => format!("at {address}"),
        }
    }
}

/// Returns the two steps of a control: what was sent instead of the page's `request`, and what came back, with one line that says what it shows.
///
/// ```
/// use corsac::browser::{Client, CompletedExchange, Exchange, ExchangeKind, RequestInit, ResponseHead};
/// use corsac::origin::Origin;
/// use corsac_explain::sequence::{ControlRequest, Step, control};
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// let exchange = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// let answer = ResponseHead::new(200, [("Vary", "Origin")]);
/// let completed = CompletedExchange::new(exchange, Ok(answer));
/// let [_, received] = control(&request, ControlRequest::OtherOrigin("https://a.invalid"), &completed);
/// let Step::Received { lines, .. } = received else { panic!() };
/// assert_eq!((lines[0].rule, lines[0].text.as_deref()), (Some("Other origins"), Some("are refused")));
/// ```
pub fn control(request: &Request, what: ControlRequest<'_>, completed: &CompletedExchange) -> [Step; 2] {
    let exchange = &completed.exchange;
    let sent = Step::Sent {
        kind: KIND,
        what: Some(what.as_str()),
        note: Some(what.note()),
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        lines: Vec::new(),
        more: 0,
    };
    let lines =
        completed.response().map(|response| shown(request, what, exchange, response)).unwrap_or_default();
    [sent, received::answer(KIND, completed, lines)]
}

const KIND: &str = "control";

fn shown(request: &Request, what: ControlRequest<'_>, sent: &Exchange, response: &ResponseHead) -> Vec<Line> {
    match what {
        ControlRequest::PlainGet => vec![if allows_page(request, response) {
            allow_origin(response).shows(RuleResult::Pass, "CORS is on", "for this origin")
        } else {
            allow_origin(response).shows(RuleResult::Fail, "CORS is off", "for a GET too")
        }],
        ControlRequest::NoOrigin => vec![if response.status < 400 {
            Line::status(response.status).shows(RuleResult::Pass, "The URL works", "without Origin")
        } else {
            Line::status(response.status).shows(RuleResult::Fail, "The URL fails", "without Origin, too")
        }],
        ControlRequest::OtherOrigin(_) if is_web_socket(request) => vec![if response.status == 101 {
            Line::status(response.status).shows(RuleResult::Fail, "Other origins", "are let in")
        } else {
            Line::status(response.status).shows(RuleResult::Pass, "Other origins", "are refused")
        }],
        ControlRequest::OtherOrigin(origin) => other_origin(origin, response),
        ControlRequest::OwnOrigin(origin) => vec![match names(response, origin) {
            true => allow_origin(response).shows(RuleResult::Pass, "The server's own origin", "is allowed"),
            false => {
                allow_origin(response).shows(RuleResult::Fail, "The server's own origin", "is refused, too")
            }
        }],
        ControlRequest::NextPreflight(_) => vec![next_preflight(request, sent, response)],
        ControlRequest::OtherAddress(_) => {
            vec![Line::status(response.status).shows(RuleResult::Pass, "Another program", "answers there")]
        }
    }
}

fn other_origin(origin: &str, response: &ResponseHead) -> Vec<Line> {
    let line = allow_origin(response);
    let with_credentials = response.headers.get(ACCESS_CONTROL_ALLOW_CREDENTIALS).as_deref() == Some(b"true");
    let judged = if line.value.as_deref() == Some("*") {
        line.shows(RuleResult::Pass, "Every origin", "is allowed, without credentials")
    } else if !names(response, origin) {
        line.shows(RuleResult::Pass, "Other origins", "are refused")
    } else if with_credentials {
        line.shows(RuleResult::Fail, "Other origins", "are allowed, with credentials")
    } else {
        line.shows(RuleResult::Pass, "Other origins", "are allowed, too")
    };
    let vary = response.headers.iter().filter(|line| line.is(VARY)).map(Line::of);
    std::iter::once(judged).chain(vary).collect()
}

/// Lets the browser's half judge the preflight of a request that has the method and the headers it asks for.
fn next_preflight(request: &Request, sent: &Exchange, response: &ResponseHead) -> Line {
    let mut init = request.init().clone();
    init.url = sent.url.clone();
    init.method = sent.headers.text(ACCESS_CONTROL_REQUEST_METHOD).unwrap_or_default();
    init.body = None;
    let names = sent.headers.get(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    init.headers = list_items(&names)
        .filter(|name| !name.is_empty())
        .map(|name| (String::from_utf8_lossy(name).into_owned(), "x"))
        .collect::<HeaderList>();
    let Ok(next) = init.build() else { return Line::status(response.status) };
    let fetch = Fetch::new(next.clone(), Engine::Spec.profile());
    let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(response.clone()));
    let steps = told::unfolded(&next, &fetched, Engine::Spec, &[]);
    let answer = steps.iter().find(|(_, step)| matches!(step, Step::Received { kind: "preflight", .. }));
    let lines = answer.map(|(_, step)| step.lines()).unwrap_or_default();
    match lines.iter().find(|line| line.result == Some(RuleResult::Fail)) {
        Some(line) => line.clone().shows(RuleResult::Fail, "The next preflight", "is refused"),
        None => allow_origin(response).shows(RuleResult::Pass, "The next preflight", "is allowed"),
    }
}

fn allow_origin(response: &ResponseHead) -> Line {
    Line::named(Some(response), ACCESS_CONTROL_ALLOW_ORIGIN)
}

/// Returns `true` if the response allows this origin, or every one.
fn names(response: &ResponseHead, origin: &str) -> bool {
    let value = response.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
    value.is_some_and(|value| *value == *origin.as_bytes() || *value == *b"*")
}

fn allows_page(request: &Request, response: &ResponseHead) -> bool {
    // The control has no credentials, but the question is whether the page's request could be allowed.
    let value = response.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
    let is_star = value.as_deref() == Some(b"*") && request.init().credentials != Credentials::Include;
    is_star || value.as_deref() == Some(request.origin().as_str().as_bytes())
}

fn is_web_socket(request: &Request) -> bool {
    request.init().api.load() == Some(Load::WebSocket)
}
