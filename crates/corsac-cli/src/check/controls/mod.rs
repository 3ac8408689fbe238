//! Control requests: the same question asked in other ways, so that a refusal can be told from one that everybody meets. What is asked is in
//! [`planned`].
//!
//! A cache between us and the server could store the answer to a control and hand it to the pages that come after. So the page's own
//! request always goes first, and what its responses say decides how a control is asked, if at all: see [`safety`].

mod planned;
mod safety;

use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use corsac::browser::{CompletedExchange, Exchange, Fetched, Request};
use corsac_explain::Controls;

use super::server::Way;
use crate::arguments::ControlsChoice;
use safety::Way as Asked;

/// A control request, and what became of it.
pub(crate) struct Control {
    pub(crate) what: What,
    pub(crate) fate: Fate,
}

/// What is asked in place of the page's own request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The request without `Origin`, as an address bar sends it.
    NoOrigin,
    /// From a page of this origin, which no server can have on a list.
    OtherOrigin(String),
    /// From a page of the server's own origin, although a browser would not ask for its own server's permission.
    OwnOrigin(String),
    /// A plain GET of the page, which needs no preflight, where the preflight is refused.
    GetBesidePreflight,
    /// The preflight of the request that a client of this protocol sends next.
    NextPreflight(&'static str),
    /// The page's own first request at the other address of `localhost`.
    OtherAddress(IpAddr),
}

impl What {
    /// The name in JSON.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::NoOrigin => "no-origin",
            Self::OtherOrigin(_) => "other-origin",
            Self::OwnOrigin(_) => "own-origin",
            Self::GetBesidePreflight => "get-beside-preflight",
            Self::NextPreflight(_) => "next-preflight",
            Self::OtherAddress(_) => "other-address",
        }
    }

    /// For a person, after "the request".
    pub(crate) fn title(&self) -> String {
        match self {
            Self::NoOrigin => "without Origin".to_owned(),
            Self::OtherOrigin(origin) => format!("from {origin}"),
            Self::OwnOrigin(origin) => format!("from the server's own origin, {origin}"),
            Self::GetBesidePreflight => "as a GET that needs no preflight".to_owned(),
            Self::NextPreflight(protocol) => format!("that {protocol} sends next, its preflight"),
            Self::OtherAddress(address) => format!("at {address}, the other address of this machine"),
        }
    }
}

pub(crate) enum Fate {
    Sent(CompletedExchange),
    /// It was not sent, for this reason: a half sentence.
    Skipped {
        exchange: Exchange,
        why: String,
    },
}

/// Asks what can be asked without changing anything on the server. `fetched` is the fetch whose verdict counts, and `seen` what the page's
/// own request brought, in whichever engine.
pub(super) async fn ask(
    request: &Request,
    fetched: &Fetched,
    choice: ControlsChoice,
    seen: &[&CompletedExchange],
    way: &mut Way<'_>,
) -> Vec<Control> {
    let mut controls = Vec::new();
    if choice == ControlsChoice::Never {
        return controls;
    }
    for (number, (what, mut exchange)) in planned::controls(request, fetched).into_iter().enumerate() {
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
    if let Some((exchange, address)) = planned::at_the_other_address(request, fetched.outcome.refusal(), seen)
    {
        let carried = way.send_to(exchange, address).await;
        // Usually nobody listens there, and there is nothing to compare.
        if let Some(carried) = carried.filter(|carried| carried.result.is_ok()) {
            controls.push(Control { what: What::OtherAddress(address), fate: Fate::Sent(carried) });
        }
    }
    controls
}

/// What a diagnosis and findings are drawn from: the controls that were sent.
pub(super) fn answered(controls: &[Control]) -> Controls<'_> {
    let mut answered = Controls::default();
    for control in controls {
        let Fate::Sent(carried) = &control.fate else { continue };
        match &control.what {
            What::NoOrigin => answered.without_origin = Some(carried),
            What::OtherOrigin(origin) => answered.other_origin = Some((origin, carried)),
            What::OwnOrigin(origin) => answered.own_origin = Some((origin, carried)),
            What::GetBesidePreflight => answered.without_preflight = Some(carried),
            What::NextPreflight(_) => answered.next_preflight = Some(carried),
            What::OtherAddress(address) => answered.other_address = Some((*address, carried)),
        }
    }
    answered
}

/// A value that no cache can have a copy for, and another one for each control.
fn never_asked_before(number: usize) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}-{number}", now.as_micros(), std::process::id())
}
