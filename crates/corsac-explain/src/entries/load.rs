//! Responses that elements, style sheets, `EventSource` and WebSockets refuse.

use corsac::browser::ReasonCode;

use super::spec;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::OpaqueResponseBlocked,
        title: "The browser does not let the page use a response of this type",
        what: "{url} answered with the media type {type}, which no element can use in another site's page, so the \
               browser blocks it.",
        why: "An element may load files from any site, with the user's cookies. Browsers let only what an element \
              can use into the page's process, where a flaw of the processor could leak it (Opaque Response \
              Blocking).",
        causes: &[
            Cause::maybe(
                "The URL answers with a page or with data, such as an error page, a login or an API's response.",
                "Open the URL: is it what the element should show?",
            ),
            Cause::maybe(
                "The server sends the file with a wrong type.",
                "Compare `Content-Type` with the file.",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "Make the server send the file's real type, for example:",
                &[Line::Text("Content-Type: image/png")],
            ),
            FixTemplate::always(
                "If a script needs to read it, use `fetch()`, and make the server allow the page's origin.",
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
        title: "The type is not that of a script, and the server sends `nosniff`",
        what: "{url} answered with the media type {type} and `X-Content-Type-Options: nosniff`, so the browser does \
               not run it as a script.",
        why: "With `nosniff`, a server declares that its types are right. A script with another type may be a file \
              that somebody uploaded.",
        causes: &[Cause::maybe(
            "The server does not know the file's type, or it answers with an error page.",
            "Check `Content-Type` and the status.",
        )],
        fixes: &[FixTemplate::always(
            "Make the server send the type of a script, and keep `nosniff`:",
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
        title: "The response does not have the expected type",
        what: "{url} answered with the media type {type}, which is not the type of {wanted}.",
        why: "A module script runs only if its server sends it as JavaScript, and an event stream is read only if it \
              is sent as one. Otherwise a page could run or read a file that was never meant for that.",
        causes: &[
            Cause::maybe(
                "The path is wrong, and the server answers with its index page.",
                "Open the URL: is it HTML?",
            ),
            Cause::maybe("The server does not know the file's extension.", "Does it know `.mjs`?"),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::IsEventSource],
                "",
                "Make the server send the type of an event stream:",
                &[Line::Text("Content-Type: text/event-stream")],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::IsEventSource)],
                "",
                "Make the server send the type of a script:",
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
        title: "The status is an error for this kind of load",
        what: "{url} answered with status {status}, and this kind of load needs a successful one.",
        why: "Unlike `fetch()`, a script, a font, a media element or an event stream cannot use the body of an error.",
        causes: &[Cause::maybe("The file does not exist, or needs a login.", "Open the URL.")],
        fixes: &[FixTemplate::always("Correct the URL, or make the server answer with 200.", &[])],
        spec: spec::LOADS,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::LoadType],
    },
    Entry {
        code: ReasonCode::WebSocketRefused,
        title: "The server did not open the WebSocket",
        what: "{url} answered with status {status}, instead of a valid 101 that opens the WebSocket.",
        why: "CORS does not apply to WebSockets. The server alone decides, by the `Origin` of the handshake, which \
              pages may connect.",
        causes: &[
            Cause::when(
                &[Fact::Status(401, 403)],
                "The server rejects this page's `Origin`, or requires a login.",
                "Does a page on the server's own origin get a 101?",
            ),
            Cause::when(
                &[Fact::Status(200, 399)],
                "The handshake was answered like an ordinary request: a proxy does not forward `Upgrade`, or the \
                 path is wrong.",
                "Does the server answer with 101 without the proxy?",
            ),
            Cause::when(
                &[Fact::Status(400, 426)],
                "A proxy removes `Upgrade` and `Connection`, or the path is wrong.",
                "Compare the path with the server's routes.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Status(401, 403)],
                "",
                "Add the page's origin to the WebSocket server's list (often `allowedOrigins` or `CheckOrigin`); do \
                 not disable the check.",
                &[],
            ),
            FixTemplate::always(
                "Check that this path serves WebSockets. If a proxy is in front of the server, make it forward `Upgrade` and \
                 `Connection` for this path, over HTTP/1.1.",
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
