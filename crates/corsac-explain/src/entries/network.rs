//! No response at all: name, connection, time, HTTP.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};

const WHY: &str = "A page is told only that the request failed. Why it failed could tell it what there is on \
                   the user's network, so browsers keep that to the network panel.";
const MDN: Option<&str> = mdn_error!("CORSDidNotSucceed");
const FIREFOX: &[&str] = &["CORSDidNotSucceed"];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::DnsFailed,
        title: "The host name was not found",
        what: "{host} has no address, so nothing was sent. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The name is misspelled.", "Compare it letter by letter."),
            Cause::maybe(
                "The name exists inside a company network or VPN only.",
                "Does it work from inside that network?",
            ),
            Cause::maybe("This machine is offline, or its resolver is.", "Does any other name work?"),
            Cause::maybe("The name was registered minutes ago.", "Ask another resolver for it."),
        ],
        fixes: &[
            FixTemplate::always("Look the name up: `getent hosts {host}` or `nslookup {host}`.", &[]),
            FixTemplate::always("Correct the name in the page, or add it to the DNS.", &[]),
        ],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionRefused, ReasonCode::HostUnreachable],
    },
    Entry {
        code: ReasonCode::ConnectionRefused,
        title: "Nothing listens there",
        what: "{host} is there, and no program accepts connections at {address}. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The server is not running.", "Is its process there? Does its log show a start?"),
            Cause::maybe(
                "The port is another one.",
                "Compare it with the port that the server prints when it starts.",
            ),
            Cause::maybe(
                "The server listens on one address only: `127.0.0.1` and not `::1`, or inside a container \
                 whose port is not published.",
                "Try `127.0.0.1`, `[::1]` and `localhost` in turn.",
            ),
            Cause::maybe("A firewall refuses the connection.", "Does it work on the server's own machine?"),
        ],
        fixes: &[
            FixTemplate::always("Start the server, or correct the port in the page.", &[]),
            FixTemplate::always("In a container, let it listen on `0.0.0.0` and publish the port.", &[]),
        ],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionClosed, ReasonCode::HostUnreachable],
    },
    Entry {
        code: ReasonCode::HostUnreachable,
        title: "There is no way to the host",
        what: "This machine has no route to {host}. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The server is in a network that this machine is not in: a VPN, a company network.",
                "Is the VPN on?",
            ),
            Cause::maybe(
                "The name leads to an IPv6 address, and there is no IPv6 here.",
                "Does the IPv4 address work?",
            ),
            Cause::maybe(
                "The machine is off, or its address changed.",
                "Look the name up, and try the address.",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Connect to the network that the server is in, or correct the address.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::TimedOut, ReasonCode::DnsFailed],
    },
    Entry {
        code: ReasonCode::ConnectionClosed,
        title: "The connection was closed without a response",
        what: "{host} accepted the connection, and closed it before a response was \
               complete. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The server crashed on this request.", "Look into its log."),
            Cause::maybe(
                "The port speaks https and was asked in http, or the other way round.",
                "Try the other scheme.",
            ),
            Cause::maybe(
                "A proxy, firewall or filter on the way cut the connection: the request is too large, or its \
                 content is on a list.",
                "Does it work from another network? Does a small request work?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Find out from the server's log, or the proxy's, who closed it. The page cannot know.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ResponseMalformed, ReasonCode::TlsFailed],
    },
    Entry {
        code: ReasonCode::TimedOut,
        title: "No answer in time",
        what: "{host} did not answer in time. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The server is busy, or waits for something itself.", "Do other paths answer?"),
            Cause::maybe(
                "A firewall drops the connection without a word.",
                "Does the connection come about at all?",
            ),
            Cause::maybe(
                "The server waits for a request body that never comes.",
                "Does a GET to the same server answer?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Find out what the server waits for. If the work takes that long, answer at once and let the \
             page ask again.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::HostUnreachable],
    },
    Entry {
        code: ReasonCode::ResponseMalformed,
        title: "What came back is not a proper HTTP response",
        what: "{host} answered with something that is not HTTP, or breaks its rules. \
               {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The port belongs to another protocol, or speaks https and was asked in http.",
                "Try the other scheme.",
            ),
            Cause::maybe(
                "The response breaks a rule: two different lengths, a line break in a header, headers \
                 without end.",
                "Look at the raw response with `curl -v`.",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Correct the port or scheme, or the program that writes the response by hand.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionClosed],
    },
    Entry {
        code: ReasonCode::ProxyFailed,
        title: "The proxy failed",
        what: "The request goes through a proxy, and the proxy could not be used, or could \
               not reach {host}. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The proxy that is set on this machine is not running.",
                "Look at `http_proxy`, `https_proxy` and the system's settings.",
            ),
            Cause::maybe(
                "The proxy wants a login, or does not let this host through.",
                "What does it say in its answer?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Correct the proxy's address or login, or leave it out for this host with `no_proxy={host}`.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionRefused],
    },
];

/// For a code that has no entry: there is none, and a test says so.
pub(crate) const ANY_FAILURE: &Entry = &Entry {
    code: ReasonCode::ConnectionClosed,
    title: "The request failed",
    what: "The request to {url} failed.",
    why: WHY,
    causes: &[],
    fixes: &[],
    spec: spec::NETWORK,
    mdn: MDN,
    chromium: ChromiumNames::NONE,
    firefox: FIREFOX,
    related: &[],
};
