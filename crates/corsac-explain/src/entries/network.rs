//! No response at all: DNS, the connection, a timeout, invalid HTTP.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};

const WHY: &str = "A page learns only that the request failed. The reason would reveal what is on the user's \
                   network, so browsers show it in the network panel only.";
const MDN: Option<&str> = mdn_error!("CORSDidNotSucceed");
const FIREFOX: &[&str] = &["CORSDidNotSucceed"];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::DnsFailed,
        title: "The host name was not found",
        what: "{host} has no IP address, so nothing was sent. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The name is misspelled.", "Check its spelling."),
            Cause::maybe(
                "The name exists only inside a company network or VPN.",
                "Does it work from inside that network?",
            ),
            Cause::maybe("This machine or its DNS resolver is offline.", "Does any other name work?"),
            Cause::maybe("The name was registered only minutes ago.", "Try another DNS resolver."),
        ],
        fixes: &[
            FixTemplate::always("Look the name up: `getent hosts {host}` or `nslookup {host}`.", &[]),
            FixTemplate::always("Correct the name in the page, or add it to DNS.", &[]),
        ],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionRefused, ReasonCode::HostUnreachable],
    },
    Entry {
        code: ReasonCode::ConnectionRefused,
        title: "The connection was refused",
        what: "Nothing is listening on {address}. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The server is not running.", "Is it running? Does its log show that it started?"),
            Cause::maybe("The port is wrong.", "Compare it with the port that the server prints at startup."),
            Cause::maybe(
                "The server listens on another address, such as `127.0.0.1` instead of `::1`, or in a container \
                 whose port is not published.",
                "Try `127.0.0.1`, `[::1]` and `localhost` in turn.",
            ),
            Cause::maybe("A firewall rejects the connection.", "Does it work on the server's own machine?"),
        ],
        fixes: &[
            FixTemplate::always("Start the server, or correct the port in the URL.", &[]),
            FixTemplate::always(
                "In a container, make the server listen on `0.0.0.0`, and publish the port.",
                &[],
            ),
        ],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionClosed, ReasonCode::HostUnreachable],
    },
    Entry {
        code: ReasonCode::HostUnreachable,
        title: "There is no route to the host",
        what: "This machine has no route to {host}. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The server is in a network that this machine is not connected to, such as a VPN or a company network.",
                "Is the VPN on?",
            ),
            Cause::maybe(
                "The name resolves to an IPv6 address, and this machine has no IPv6.",
                "Does the IPv4 address work?",
            ),
            Cause::maybe(
                "The server is off, or its address has changed.",
                "Look the name up, and try the address.",
            ),
        ],
        fixes: &[FixTemplate::always("Connect to the server's network, or correct the address.", &[])],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::TimedOut, ReasonCode::DnsFailed],
    },
    Entry {
        code: ReasonCode::ConnectionClosed,
        title: "The connection was closed without a response",
        what: "{host} accepted the connection, but closed it before the response was complete. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The server crashed on this request.", "Check its log."),
            Cause::maybe(
                "The port is for https and the URL has http, or the other way round.",
                "Try the other scheme.",
            ),
            Cause::maybe(
                "A proxy, firewall or filter along the way closed the connection, because the request is too large \
                 or contains something that it blocks.",
                "Does it work from another network? Does a small request work?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Find out from the log of the server or proxy which one closed it. The page cannot see that.",
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
            Cause::maybe(
                "The server is busy, or is waiting for something itself.",
                "Do other paths respond?",
            ),
            Cause::maybe(
                "A firewall silently drops the connection.",
                "Is the connection established at all?",
            ),
            Cause::maybe(
                "The server is waiting for a request body that never arrives.",
                "Does the server respond to a GET?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Find out what the server is waiting for. If the work takes that long, respond at once, and let the page \
             poll for the result.",
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
        title: "The response is not valid HTTP",
        what: "{host} answered with something that is not HTTP, or not valid HTTP. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The port is for another protocol, or for https while the URL has http.",
                "Try the other scheme.",
            ),
            Cause::maybe(
                "The response is invalid: it has two different lengths, a line break in a header, or endless headers.",
                "Look at the raw response with `curl -v`.",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Correct the port or scheme, or the program that writes the response.",
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
        what: "The request goes through a proxy, which could not be used or could not reach {host}. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The proxy that is configured on this machine is not running.",
                "Check `http_proxy`, `https_proxy` and the system's settings.",
            ),
            Cause::maybe(
                "The proxy requires a login, or does not allow this host.",
                "What does its response say?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Correct the proxy's address or login, or bypass it for this host with `no_proxy={host}`.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionRefused],
    },
];

/// The fallback for a code without an entry. A test ensures that there is no such code.
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
