//! The checks apart from CORS that decide whether a response reaches what requested it. They look at its status and media type: HTML,
//! `EventSource`, WebSockets, the Fetch standard's MIME type blocks, and Opaque Response Blocking.
//!
//! Only heads are checked. What depends on the first bytes of a body is not modelled: whether an image is one, and the sniffing part of
//! Opaque Response Blocking. The trace says so where it matters.

use super::engine::OpaqueResponseBlocking;
use super::exchange::ResponseHead;
use super::flight::{Flight, Refused};
use super::load::Load;
use super::reason::Reason;
use super::refusal::ResponseTainting;
use super::request::Api;
use super::trace::Rule;
use super::verdict::Stage;
use crate::header::names::CONTENT_TYPE;
use crate::header::parse_mime_essence;

/// Checks a final response, in the order of browsers. A response to `fetch()` or `XMLHttpRequest` passes.
pub(crate) fn check(flight: &mut Flight<'_>, stage: Stage, response: &ResponseHead) -> Result<(), Refused> {
    let Api::Load(load) = flight.request().init().api else {
        return Ok(());
    };
    if load == Load::WebSocket {
        return handshake(flight, stage, response);
    }
    let media_type = MediaType::of(response);
    opaque_response_blocking(flight, stage, response, &media_type)?;
    mime_type_blocks(load, stage, &media_type)?;
    by_load(load, stage, response, &media_type)
}

/// The media type of a response, and whether `X-Content-Type-Options: nosniff` forbids sniffing another one.
struct MediaType {
    essence: Option<String>,
    nosniff: bool,
}

impl MediaType {
    fn of(response: &ResponseHead) -> Self {
        let essence = response.headers.get(CONTENT_TYPE).and_then(|value| {
            // [Extract a MIME type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type): the last that parses.
            value.split(|byte| *byte == b',').rev().find_map(parse_mime_essence)
        });
        // [Determine nosniff](https://fetch.spec.whatwg.org/#determine-nosniff): the first value.
        let nosniff = response.headers.get("x-content-type-options").is_some_and(|value| {
            let first = value.split(|byte| *byte == b',').next().unwrap_or_default();
            first.trim_ascii().eq_ignore_ascii_case(b"nosniff")
        });
        Self { essence, nosniff }
    }

    fn is(&self, types: &[&str]) -> bool {
        self.essence.as_deref().is_some_and(|essence| types.contains(&essence))
    }

    fn begins(&self, starts: &[&str]) -> bool {
        self.essence.as_deref().is_some_and(|essence| starts.iter().any(|start| essence.starts_with(start)))
    }

    /// [A JavaScript MIME type](https://mimesniff.spec.whatwg.org/#javascript-mime-type).
    fn is_javascript(&self) -> bool {
        self.is(&[
            "application/ecmascript",
            "application/javascript",
            "application/x-ecmascript",
            "application/x-javascript",
            "text/ecmascript",
            "text/javascript",
            "text/javascript1.0",
            "text/javascript1.1",
            "text/javascript1.2",
            "text/javascript1.3",
            "text/javascript1.4",
            "text/javascript1.5",
            "text/jscript",
            "text/livescript",
            "text/x-ecmascript",
            "text/x-javascript",
        ])
    }

    /// Returns `true` for HTML, JSON and XML: the types that Opaque Response Blocking calls blocklisted.
    fn is_document_or_data(&self) -> bool {
        let ends = |suffix| self.essence.as_deref().is_some_and(|essence| essence.ends_with(suffix));
        self.is(&["text/html", "application/json", "text/json", "application/xml", "text/xml"])
            || ends("+json")
            || (ends("+xml") && !self.is(&["image/svg+xml"]))
    }

    fn given(&self) -> String {
        self.essence.clone().unwrap_or_default()
    }
}

/// [Opaque Response Blocking](https://github.com/annevk/orb), as far as heads decide: a response that no element can use is kept from the
/// page's process.
fn opaque_response_blocking(
    flight: &mut Flight<'_>,
    stage: Stage,
    response: &ResponseHead,
    media_type: &MediaType,
) -> Result<(), Refused> {
    if flight.response_tainting != ResponseTainting::Opaque
        || flight.profile.loads.opaque_response_blocking == OpaqueResponseBlocking::Off
    {
        return Ok(());
    }
    let refused = |why| {
        let reason = Reason::OpaqueResponseBlocked { media_type: media_type.given(), why };
        Err(Refused::new(stage, Rule::OpaqueResponseBlocking, reason))
    };
    if media_type.is_javascript() || media_type.is(&["text/css", "image/svg+xml"]) {
        return Ok(());
    }
    if media_type.is(NEVER_SNIFFED) {
        return refused("no element uses this type");
    }
    if response.status == 206 && media_type.is_document_or_data() {
        return refused("part of a document or of data");
    }
    let blocks_text = flight.profile.loads.opaque_response_blocking == OpaqueResponseBlocking::Draft;
    let is_text = blocks_text && media_type.is(&["text/plain"]);
    if media_type.nosniff && (media_type.is_document_or_data() || is_text) {
        return refused("X-Content-Type-Options: nosniff");
    }
    if media_type.is_document_or_data() || media_type.essence.is_none() {
        flight.note(
            stage,
            Rule::OpaqueResponseBlocking,
            "whether this engine blocks it depends on the first bytes of the body, which are not modelled",
        );
    }
    Ok(())
}

/// Types that are blocked without looking at their bytes, from the draft.
const NEVER_SNIFFED: &[&str] = &[
    "application/gzip",
    "application/msexcel",
    "application/mspowerpoint",
    "application/msword",
    "application/pdf",
    "application/x-gzip",
    "application/x-protobuf",
    "application/zip",
    "multipart/byteranges",
    "multipart/signed",
    "text/csv",
    "text/event-stream",
];

/// Main fetch, step 19: [blocked due to its MIME type](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?)
/// and [due to nosniff](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?).
fn mime_type_blocks(load: Load, stage: Stage, media_type: &MediaType) -> Result<(), Refused> {
    if !load.is_script_like() {
        return Ok(());
    }
    if media_type.begins(&["audio/", "image/", "video/"]) || media_type.is(&["text/csv"]) {
        return wrong_type(stage, media_type, "a script");
    }
    if media_type.nosniff && !media_type.is_javascript() {
        let reason = Reason::NoSniff { media_type: media_type.given() };
        return Err(Refused::new(stage, Rule::MimeTypeCheck, reason));
    }
    Ok(())
}

/// What the standard of each load requires.
fn by_load(load: Load, stage: Stage, response: &ResponseHead, media_type: &MediaType) -> Result<(), Refused> {
    let status = response.status;
    let status_is_wrong = match load {
        Load::Script | Load::ModuleScript | Load::Font | Load::Video | Load::Audio => {
            !(200..300).contains(&status)
        }
        Load::EventSource => status != 200,
        _ => false,
    };
    if status_is_wrong {
        return Err(Refused::new(stage, Rule::LoadCheck, Reason::LoadStatus { status }));
    }
    match load {
        // [Fetch a single module script](https://html.spec.whatwg.org/#fetch-a-single-module-script): import attributes are not modelled
        Load::ModuleScript if !media_type.is_javascript() => wrong_type(stage, media_type, "a module script"),
        Load::EventSource if !media_type.is(&["text/event-stream"]) => {
            wrong_type(stage, media_type, "an event stream")
        }
        _ => Ok(()),
    }
}

fn wrong_type(stage: Stage, media_type: &MediaType, wanted: &'static str) -> Result<(), Refused> {
    let reason = Reason::LoadType { media_type: media_type.given(), wanted };
    Err(Refused::new(stage, Rule::MimeTypeCheck, reason))
}

/// [Establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish), from step 11, for [`KEY`].
fn handshake(flight: &mut Flight<'_>, stage: Stage, response: &ResponseHead) -> Result<(), Refused> {
    let connection = response.headers.get("connection").unwrap_or_default();
    let mut connection = connection.split(|byte| *byte == b',');
    let says_upgrade = connection.any(|item| item.trim_ascii().eq_ignore_ascii_case(b"upgrade"));
    // RFC 6455, section 4.1: the whole value, and not an item of a list. Chromium and WebKitGTK do the same (measured). That Firefox also
    // accepts a list is not modelled.
    let upgrade = response.headers.get("upgrade").unwrap_or_default();
    let upgrades = upgrade.eq_ignore_ascii_case(b"websocket");
    let missing = if response.status != 101 {
        None
    } else if !upgrades {
        Some("Upgrade: websocket")
    } else if !says_upgrade {
        Some("Connection: Upgrade")
    } else if response.headers.get("sec-websocket-accept").as_deref() != Some(ACCEPT.as_bytes()) {
        Some("the right Sec-WebSocket-Accept")
    } else {
        flight.pass(stage, Rule::LoadCheck, "status 101: the WebSocket is open");
        return Ok(());
    };
    let reason = Reason::WebSocketRefused { status: response.status, missing };
    Err(Refused::new(stage, Rule::LoadCheck, reason))
}

/// The key of the example in [RFC 6455, section 1.3](https://www.rfc-editor.org/rfc/rfc6455#section-1.3). It need not be secret: it only
/// shows that a server that responds with 101 understood the request.
pub(super) const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The matching `Sec-WebSocket-Accept`, from the same place.
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
