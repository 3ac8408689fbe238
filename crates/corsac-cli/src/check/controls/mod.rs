//! Control requests: the same request sent in other ways, for comparison. They show whether a server refuses this origin or everyone. Which
//! ones are sent is in [`planned`].
//!
//! A cache in front of the server could store the response to a control, and serve it to pages. So the page's own request is always sent first,
//! and its responses decide how a control is sent, if at all: see [`safety`].

mod planned;
pub(crate) mod safety;

use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use corsac::browser::{CompletedExchange, Exchange, Fetched, Request};
use corsac_explain::Controls;
use corsac_explain::sequence::ControlRequest;

use super::server::Connection;
use crate::arguments::ControlsChoice;
use safety::Precaution;

/// A control request, and its result.
pub(crate) struct Control {
    pub(crate) kind: ControlKind,
    pub(crate) result: ControlResult,
}

/// How a control differs from the page's own request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ControlKind {
    /// Without `Origin`, as when the URL is typed into the address bar.
    NoOrigin,
    /// From this origin, which no server has a reason to allow.
    OtherOrigin(String),
    /// From the server's own origin, although a browser needs no permission there.
    OwnOrigin(String),
    /// As a plain GET that needs no preflight, after the preflight was refused.
    PlainGet,
    /// The preflight of the next request that a client of this protocol sends.
    NextPreflight(&'static str),
    /// The page's first request, sent to the other address of `localhost`.
    OtherAddress(IpAddr),
}

impl ControlKind {
    /// Returns the name in JSON.
    pub(crate) fn as_str(&self) -> &'static str {
        self.as_request().as_str()
    }

    /// Returns it for the sequence diagram.
    pub(super) fn as_request(&self) -> ControlRequest<'_> {
        match self {
            Self::NoOrigin => ControlRequest::NoOrigin,
            Self::OtherOrigin(origin) => ControlRequest::OtherOrigin(origin),
            Self::OwnOrigin(origin) => ControlRequest::OwnOrigin(origin),
            Self::PlainGet => ControlRequest::PlainGet,
            Self::NextPreflight(protocol) => ControlRequest::NextPreflight(protocol),
            Self::OtherAddress(address) => ControlRequest::OtherAddress(*address),
        }
    }

    /// Returns the words that follow "the request" in the report.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::NoOrigin => "without Origin".to_owned(),
            Self::OtherOrigin(origin) => format!("from {origin}"),
            Self::OwnOrigin(origin) => format!("from the server's own origin, {origin}"),
            Self::PlainGet => "as a GET that needs no preflight".to_owned(),
            Self::NextPreflight(protocol) => format!("that {protocol} sends next (its preflight)"),
            Self::OtherAddress(address) => format!("at {address}, the other address of this machine"),
        }
    }
}

/// What happened to a control.
pub(crate) enum ControlResult {
    Sent(CompletedExchange),
    /// It was not sent. The reason is the end of a sentence that begins with "because".
    Skipped {
        exchange: Exchange,
        why: String,
    },
}

/// Sends the controls, none of which changes anything on the server. `fetched` is the fetch that decides the verdict, and `seen` are the
/// exchanges of the page's own request in all engines.
pub(super) async fn send(
    request: &Request,
    fetched: &Fetched,
    choice: ControlsChoice,
    seen: &[&CompletedExchange],
    connection: &mut Connection<'_>,
) -> Vec<Control> {
    let mut controls = Vec::new();
    if choice == ControlsChoice::Never {
        return controls;
    }
    for (number, (kind, mut exchange)) in planned::controls(request, fetched).into_iter().enumerate() {
        let precaution = match choice {
            ControlsChoice::Always => Precaution::Unchanged,
            _ => safety::precaution(&exchange, seen),
        };
        if precaution == Precaution::UniqueQuery {
            exchange.url.query_pairs_mut().append_pair("corsac-control", &unique_value(number));
        }
        let result = match precaution {
            Precaution::Skip(why) => ControlResult::Skipped { exchange, why },
            Precaution::Unchanged | Precaution::UniqueQuery => {
                ControlResult::Sent(connection.send_apart(exchange).await)
            }
        };
        controls.push(Control { kind, result });
    }
    if let Some((exchange, address)) = planned::at_the_other_address(request, fetched.outcome.refusal(), seen)
    {
        let completed = connection.send_to(exchange, address).await;
        // Usually nothing listens there, so there is nothing to compare.
        if let Some(completed) = completed.filter(|completed| completed.result.is_ok()) {
            controls.push(Control {
                kind: ControlKind::OtherAddress(address),
                result: ControlResult::Sent(completed),
            });
        }
    }
    controls
}

/// Returns the controls that were sent, as evidence for the diagnosis and the findings.
pub(super) fn answered(controls: &[Control]) -> Controls<'_> {
    let mut answered = Controls::default();
    for control in controls {
        let ControlResult::Sent(completed) = &control.result else { continue };
        match &control.kind {
            ControlKind::NoOrigin => answered.without_origin = Some(completed),
            ControlKind::OtherOrigin(origin) => answered.other_origin = Some((origin, completed)),
            ControlKind::OwnOrigin(origin) => answered.own_origin = Some((origin, completed)),
            ControlKind::PlainGet => answered.without_preflight = Some(completed),
            ControlKind::NextPreflight(_) => answered.next_preflight = Some(completed),
            ControlKind::OtherAddress(address) => answered.other_address = Some((*address, completed)),
        }
    }
    answered
}

/// Returns a query value that is different for each control, so that no cache has a response for it.
fn unique_value(number: usize) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}-{number}", now.as_micros(), std::process::id())
}
