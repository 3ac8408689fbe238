//! What elements, style sheets, `EventSource` and WebSockets refuse, although the response came.

use corsac::browser::ReasonCode;

use super::spec;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::OpaqueResponseBlocked,
        title: "The browser keeps a response of this type out of the page",
        what: "{url} answered with the media type {type}, which no element of a page of another site can use, so the browser gives \
               it nothing.",
        why: "An element loads from any site, with the user's cookies. Browsers let only what an element can use into the page's \
              process, where a flaw of the processor could give it away (Opaque Response Blocking).",
        causes: &[
            Cause::maybe(
                "The URL answers with a page or with data: an error page, a login, an API.",
                "Open the URL: is it what the element is meant to show?",
            ),
            Cause::maybe("The server gives the file a wrong type.", "Compare `Content-Type` with the file."),
        ],
        fixes: &[
            FixTemplate::always(
                "Let the server send the type that the file has, for example:",
                &[Line::Text("Content-Type: image/png")],
            ),
            FixTemplate::always(
                "If script is to read it, ask with `fetch()`, and let the server allow the page's origin.",
                &[],
            ),
        ],
        spec: spec::OPAQUE_RESPONSE_BLOCKING,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::NoSniff, ReasonCode::ResourcePolicy],
    },
    Entry {
        code: ReasonCode::NoSniff,
        title: "The type is not a script's, and the server forbids to guess",
        what: "{url} answered with the media type {type} and `X-Content-Type-Options: nosniff`, so the browser does not run it as a script.",
        why: "With `nosniff` a server says that its types are right. A script of another type may be a file that somebody uploaded.",
        causes: &[Cause::maybe(
            "The server does not know the file's type, or answers with an error page.",
            "Look at `Content-Type` and at the status.",
        )],
        fixes: &[FixTemplate::always(
            "Let the server send the script's type, and keep `nosniff`:",
            &[Line::Text("Content-Type: text/javascript")],
        )],
        spec: spec::NOSNIFF,
        mdn: Some(
            "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Content-Type-Options",
        ),
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::LoadType],
    },
    Entry {
        code: ReasonCode::LoadType,
        title: "The response has another type than what was asked for",
        what: "{url} answered with the media type {type}, which is not that of {wanted}.",
        why: "A module script runs only if its server says that it is JavaScript, and an event stream is read only if its server says \
              that it is one. Otherwise a page could run, or read, a file that was never meant for it.",
        causes: &[
            Cause::maybe(
                "The path is wrong, and the server answers with its start page.",
                "Open the URL: is it HTML?",
            ),
            Cause::maybe("The server does not know the ending of the file's name.", "Does it know `.mjs`?"),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::IsEventSource],
                "",
                "Let the server send the type of an event stream:",
                &[Line::Text("Content-Type: text/event-stream")],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::IsEventSource)],
                "",
                "Let the server send the type of a script:",
                &[Line::Text("Content-Type: text/javascript")],
            ),
        ],
        spec: spec::MODULE_SCRIPT,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::NoSniff],
    },
    Entry {
        code: ReasonCode::LoadStatus,
        title: "The status is an error to what asked",
        what: "{url} answered with status {status}, and what asked for it takes a success only.",
        why: "Unlike `fetch()`, a script, a font, a media element or an event stream has no use for the body of an error.",
        causes: &[Cause::maybe("The file is not there, or needs a login.", "Open the URL.")],
        fixes: &[FixTemplate::always("Correct the URL, or let the server answer with 200.", &[])],
        spec: spec::LOADS,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::LoadType],
    },
    Entry {
        code: ReasonCode::WebSocketRefused,
        title: "The server did not open the WebSocket",
        what: "{url} answered with status {status}, and not with the 101 of a WebSocket that fits the request.",
        why: "CORS plays no part in a WebSocket. The server alone decides, and the `Origin` of the handshake tells it which page asks.",
        causes: &[
            Cause::when(
                &[Fact::Status(401, 403)],
                "The server refuses this page's `Origin`, or wants a login.",
                "Does a page of the server's own origin get a 101?",
            ),
            Cause::when(
                &[Fact::Status(200, 399)],
                "Something between answers as if it were a usual request: a proxy that does not pass `Upgrade` on, or a wrong path.",
                "Does the server itself, without the proxy, answer with 101?",
            ),
            Cause::when(
                &[Fact::Status(400, 426)],
                "A proxy takes `Upgrade` and `Connection` away, or the path is wrong.",
                "Compare the path with the server's routes.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Status(401, 403)],
                "",
                "Add the page's origin to the list of the WebSocket server (often `allowedOrigins` or `CheckOrigin`); do not switch the check off.",
                &[],
            ),
            FixTemplate::always(
                "Let the proxy pass `Upgrade` and `Connection` on, over HTTP/1.1, for this path.",
                &[],
            ),
        ],
        spec: spec::WEBSOCKET,
        mdn: Some("https://developer.mozilla.org/en-US/docs/Web/API/WebSockets_API"),
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[],
    },
];
