//! Rows about what elements, style sheets and other interfaces load.

use corsac::browser::OpaqueResponseBlocking;

use super::Known::Measured;
use super::words::either;
use super::{Row, field, links};

pub(super) const ROWS: &[Row] = &[
    Row {
        field: field!(loads.accept_image),
        title: "`Accept` of an image",
        section: links::FETCH_ACCEPT,
        words: |p| format!("`{}`", p.loads.accept_image),
        consequence: "A server that chooses an image's format by `Accept` has to send `Vary: Accept`.",
        known: Measured,
        cases: &["load-img/bare", "load-css-image/bare"],
        bugs: &[],
    },
    Row {
        field: field!(loads.accept_video),
        title: "`Accept` of `<video>`",
        section: links::FETCH_ACCEPT,
        words: |p| format!("`{}`", p.loads.accept_video),
        consequence: "As above.",
        known: Measured,
        cases: &["load-video/bare"],
        bugs: &[],
    },
    Row {
        field: field!(loads.accept_audio),
        title: "`Accept` of `<audio>`",
        section: links::FETCH_ACCEPT,
        words: |p| format!("`{}`", p.loads.accept_audio),
        consequence: "As above.",
        known: Measured,
        cases: &["load-audio/bare"],
        bugs: &[],
    },
    Row {
        field: field!(loads.accept_font),
        title: "`Accept` of a font",
        section: links::FETCH_ACCEPT,
        words: |p| format!("`{}`", p.loads.accept_font),
        consequence: "As above.",
        known: Measured,
        cases: &["load-font/star"],
        bugs: &[],
    },
    Row {
        field: field!(loads.accept_document),
        title: "`Accept` of a document",
        section: links::FETCH_ACCEPT,
        words: |p| format!("`{}`", p.loads.accept_document),
        consequence: "It tells a server a visit from a `fetch()`; `Sec-Fetch-Mode: navigate` does so more reliably.",
        known: Measured,
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(loads.media_asks_for_range),
        title: "`Range: bytes=0-` in the first request of `<video>` and `<audio>`",
        section: links::MEDIA_FETCH,
        words: |p| either(p.loads.media_asks_for_range, "sent", "not sent"),
        consequence: "A server without support for ranges answers with 200 and the whole file. That works everywhere, but \
                      seeking does not.",
        known: Measured,
        cases: &["load-video/bare", "load-audio/bare"],
        bugs: &[],
    },
    Row {
        field: field!(loads.origin_to_page_origin),
        title: "`Origin` in a CORS request to the page's own origin",
        section: links::ORIGIN_HEADER,
        words: |p| match p.loads.origin_to_page_origin {
            [] => "not sent".to_owned(),
            loads => {
                let names: Vec<String> = loads.iter().map(|load| format!("`{}`", load.as_str())).collect();
                format!("sent by {}", names.join(", "))
            }
        },
        consequence: "A server that answers every `Origin` with CORS headers does so for its own pages too. It must not refuse \
                      its own origin.",
        known: Measured,
        cases: &["load-img/anonymous-own", "load-module/own", "load-font/own"],
        bugs: &[],
    },
    Row {
        field: field!(loads.fonts_use_cors),
        title: "A font of another origin",
        section: links::FONT_FETCH,
        words: |p| {
            either(
                p.loads.fonts_use_cors,
                "a CORS request without cookies",
                "a request without CORS, with cookies",
            )
        },
        consequence: "A font whose server does not send `Access-Control-Allow-Origin` works only in WebKitGTK.",
        known: Measured,
        cases: &["load-font/bare", "load-font/corp-same-origin"],
        bugs: &[],
    },
    Row {
        field: field!(loads.opaque_pages_have_referrer),
        title: "`Referer` of what a sandboxed page loads without `fetch()`",
        section: links::REFERRER,
        words: |p| {
            either(p.loads.opaque_pages_have_referrer, "the page's origin", "the same as for its `fetch()`")
        },
        consequence: "In Firefox, images of a sandboxed frame reveal where the frame comes from.",
        known: Measured,
        cases: &["load-img/null-page"],
        bugs: &[],
    },
    Row {
        field: field!(loads.web_socket_accepts),
        title: "`Accept` in the handshake of a WebSocket",
        section: links::FETCH_ACCEPT,
        words: |p| either(p.loads.web_socket_accepts, "`*/*`", "not sent"),
        consequence: "None: a WebSocket server does not use it.",
        known: Measured,
        cases: &["load-websocket/cross"],
        bugs: &[],
    },
    Row {
        field: field!(loads.web_socket_destination),
        title: "`Sec-Fetch-*` in the handshake of a WebSocket",
        section: links::METADATA,
        words: |p| match p.loads.web_socket_destination {
            Some(destination) => format!("`Sec-Fetch-Dest: {destination}`"),
            None => "none".to_owned(),
        },
        consequence: "Check `Origin` to find out which site opens a WebSocket. Chromium does not send `Sec-Fetch-Site`.",
        known: Measured,
        cases: &["load-websocket/trustworthy-own", "load-websocket/trustworthy-cross"],
        bugs: &[],
    },
    Row {
        field: field!(loads.web_socket_follows_redirects),
        title: "A redirect instead of a WebSocket's handshake",
        section: links::WEB_SOCKET,
        words: |p| {
            either(p.loads.web_socket_follows_redirects, "followed, with the same `Origin`", "an error")
        },
        consequence: "Give clients the final URL of the WebSocket: only WebKitGTK follows redirects to it.",
        known: Measured,
        cases: &["load-websocket/redirected", "load-websocket/redirected-away"],
        bugs: &[],
    },
    Row {
        field: field!(loads.opaque_response_blocking),
        title: "Responses of another origin that no element can use (Opaque Response Blocking)",
        section: links::ORB,
        words: |p| {
            match p.loads.opaque_response_blocking {
                OpaqueResponseBlocking::Off => "not blocked",
                OpaqueResponseBlocking::Draft => "blocked by their type and `nosniff`",
                _ => "blocked by their type and `nosniff`, except `text/plain`",
            }
            .to_owned()
        },
        consequence: "An image that is sent as `text/csv`, or as HTML or JSON with `nosniff`, loads only in WebKitGTK. Send the \
                      type of the file.",
        known: Measured,
        cases: &["load-img/type-csv", "load-img/nosniff-html", "load-img/nosniff-plain"],
        bugs: &[],
    },
];
