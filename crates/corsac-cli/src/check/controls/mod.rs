//! Control requests: the same question without `Origin`, and from another origin. They tell a static answer from an echoed or a listed one.
//!
//! A cache between us and the server could store the answer to a control and hand it to the pages that come after. So the page's own
//! request always goes first, and what its responses say decides how a control is asked, if at all: see [`safety`].

mod safety;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use corsac::browser::{Carried, Engine, Exchange, ExchangeKind, Fetch, PreflightCache, Request, Step};
use corsac::header::names;
use corsac::origin::Origin;
use corsac_explain::Controls;

use super::server::Way;
use crate::arguments::ControlsChoice;
use safety::Way as Asked;

/// A site that nobody owns (RFC 2606), so no server has a reason to allow it.
const OTHER_HOST: &str = "corsac-control.example";

/// A control request, and what became of it.
pub(crate) struct Control {
    pub(crate) what: What,
    pub(crate) fate: Fate,
}

/// Who is taken to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Nobody: there is no `Origin`.
    NoOrigin,
    /// A page of this origin, which no server can have on a list.
    OtherOrigin(String),
}

impl What {
    /// The name in JSON.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::NoOrigin => "no-origin",
            Self::OtherOrigin(_) => "other-origin",
        }
    }

    /// For a person, after "the request".
    pub(crate) fn title(&self) -> String {
        match self {
            Self::NoOrigin => "without Origin".to_owned(),
            Self::OtherOrigin(origin) => format!("from {origin}"),
        }
    }
}

pub(crate) enum Fate {
    Sent(Carried),
    /// It was not sent, for this reason: a half sentence.
    Skipped {
        exchange: Exchange,
        why: String,
    },
}

/// Asks what can be asked without changing anything on the server: GET and HEAD, and the preflights of other methods. `seen` is what the
/// page's own request brought, in whichever engine.
pub(super) async fn ask(
    request: &Request,
    choice: ControlsChoice,
    seen: &[&Carried],
    way: &mut Way<'_>,
) -> Vec<Control> {
    let mut controls = Vec::new();
    if choice == ControlsChoice::Never {
        return controls;
    }
    for (number, (what, mut exchange)) in planned(request).into_iter().enumerate() {
        let asked = match choice {
            ControlsChoice::Always => Asked::AsItIs,
            _ => safety::way_to_ask(&exchange, seen),
        };
        if asked == Asked::WithOwnQuery {
            exchange.url.query_pairs_mut().append_pair("corsac-control", &never_asked_before(number));
        }
        let fate = match asked {
            Asked::LeaveOut(why) => Fate::Skipped { exchange, why },
            Asked::AsItIs | Asked::WithOwnQuery => Fate::Sent(way.send_apart(exchange).await),
        };
        controls.push(Control { what, fate });
    }
    controls
}

/// What findings are drawn from: the controls that were sent.
pub(super) fn answered(controls: &[Control]) -> Controls<'_> {
    let mut answered = Controls::default();
    for control in controls {
        match (&control.what, &control.fate) {
            (What::NoOrigin, Fate::Sent(carried)) => answered.without_origin = Some(carried),
            (What::OtherOrigin(origin), Fate::Sent(carried)) => {
                answered.other_origin = Some((origin, carried));
            }
            (_, Fate::Skipped { .. }) => {}
        }
    }
    answered
}

/// The controls that change nothing on the server.
fn planned(request: &Request) -> Vec<(What, Exchange)> {
    let mut planned = Vec::new();
    if let Some((origin, exchange)) = from_another_origin(request) {
        if matches!(request.method(), "GET" | "HEAD") {
            planned.push((What::NoOrigin, without_origin(request, &exchange)));
        }
        planned.push((What::OtherOrigin(origin), exchange));
    }
    planned
}

/// The first exchange of the same request from another origin: a preflight, or a request that changes nothing.
fn from_another_origin(request: &Request) -> Option<(String, Exchange)> {
    let scheme = request.origin().scheme().filter(|scheme| *scheme == "http").unwrap_or("https");
    let origin = Origin::parse(&format!("{scheme}://{OTHER_HOST}")).ok()?;
    let mut init = request.init().clone();
    init.client.url = None;
    init.client.origin = origin.clone();
    let mut fetch = Fetch::new(init.build().ok()?, Engine::Spec.profile());
    match fetch.next(&mut PreflightCache::default(), Duration::ZERO) {
        // A POST without a preflight is left out: to send it again could change something.
        Step::Send(exchange) if !exchange.may_change_something() => {
            Some((origin.as_str().to_owned(), exchange.clone()))
        }
        Step::Send(_) | Step::Done(_) => None,
    }
}

/// What a person types into the address bar: no `Origin`, and nothing that goes with it.
fn without_origin(request: &Request, exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    exchange.kind = ExchangeKind::Request;
    exchange.method = request.method().to_owned();
    let own = exchange.headers.iter().filter(|line| {
        ![
            names::ORIGIN,
            names::REFERER,
            names::ACCESS_CONTROL_REQUEST_METHOD,
            names::ACCESS_CONTROL_REQUEST_HEADERS,
        ]
        .iter()
        .any(|name| line.is(name))
            && !line.name.to_ascii_lowercase().starts_with("sec-fetch-")
    });
    exchange.headers = own.map(|line| (line.name.clone(), line.value.clone())).collect();
    exchange
}

/// A value that no cache can have a copy for, and another one for each control.
fn never_asked_before(number: usize) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}-{number}", now.as_micros(), std::process::id())
}
