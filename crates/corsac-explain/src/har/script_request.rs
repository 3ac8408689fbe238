//! The request as the page made it, inferred from what was sent.

use corsac::browser::{Api, BodyInit, BodyKind, Client, Credentials, CrossOrigin, Load, Mode, RequestInit};
use corsac::header::is_forbidden_request_header;
use corsac::header::names::{AUTHORIZATION, CONTENT_TYPE, ORIGIN, SEC_FETCH_MODE};
use corsac::origin::Origin;
use url::Url;

use super::recorded::Recorded;

/// What asked for the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) api: Api,
    pub(super) is_cors: bool,
}

impl Kind {
    /// Infers it from what the browser sent and noted.
    pub(super) fn of(entry: &Recorded) -> Self {
        let destination = entry.request.text("Sec-Fetch-Dest");
        let kind = entry.resource_type.as_deref().unwrap_or_default();
        let api = match destination.as_deref().filter(|destination| *destination != "empty").unwrap_or(kind) {
            "xhr" => Api::XmlHttpRequest { upload_listeners: false },
            "image" => Api::Load(Load::Image),
            "script" => Api::Load(Load::Script),
            "font" => Api::Load(Load::Font),
            "video" | "media" => Api::Load(Load::Video),
            "audio" => Api::Load(Load::Audio),
            "eventsource" => Api::Load(Load::EventSource),
            _ => Api::Fetch,
        };
        let is_simple = matches!(entry.method.as_str(), "GET" | "HEAD" | "POST");
        let is_cors = match (entry.request.text(SEC_FETCH_MODE).as_deref(), kind) {
            (Some(mode), _) => mode == "cors",
            (None, "ping" | "beacon" | "csp-violation-report") => false,
            (None, "xhr" | "fetch" | "eventsource" | "font") => true,
            // Without these notes only a method, or `Origin`, shows it. Some other requests with POST have `Origin` too.
            (None, _) => !is_simple || entry.request.contains(ORIGIN),
        };
        Self { api, is_cors }
    }
}

/// Headers that browsers add to requests, and that scripts hardly ever set.
const OF_BROWSERS: &[&str] = &[
    "accept",
    "accept-language",
    "alt-used",
    "cache-control",
    "device-memory",
    "downlink",
    "dpr",
    "ect",
    "if-modified-since",
    "if-none-match",
    "last-event-id",
    "ping-from",
    "ping-to",
    "pragma",
    "priority",
    "purpose",
    "range",
    "rtt",
    "save-data",
    "service-worker",
    "upgrade-insecure-requests",
    "user-agent",
    "viewport-width",
    "width",
    "x-client-data",
    "x-devtools-emulate-network-conditions-client-id",
];

/// Returns the request of a page to which an entry belongs. `preflight` is its preflight, which names the headers that the page set.
pub(super) fn script_request(
    entry: &Recorded,
    preflight: Option<&Recorded>,
    kind: Kind,
    origin: &Origin,
    page: Option<Url>,
    with_credentials: bool,
) -> Option<RequestInit> {
    let url = entry.url.clone()?;
    let mut client = Client::new(origin.clone()).with(|client| client.url = page);
    // The browser allowed it, if it sent the request: a setting, or a page that is not what it seems.
    client.prohibits_mixed_content &= entry.status == 0;
    let mut init = RequestInit::new(url, client);
    entry.method.clone_into(&mut init.method);
    let asked = preflight.map(Recorded::requested_headers);
    let is_set_by_script = |name: &str| match &asked {
        Some(asked) => {
            asked.iter().any(|asked| asked == name) || name != AUTHORIZATION && !OF_BROWSERS.contains(&name)
        }
        None => !OF_BROWSERS.contains(&name),
    };
    for line in &entry.request {
        let name = line.name.to_ascii_lowercase();
        if !is_forbidden_request_header(&name, &line.value) && is_set_by_script(&name) {
            init.headers.append(name, line.value.clone());
        }
    }
    for name in asked.into_iter().flatten() {
        if !init.headers.contains(&name) {
            // Some value that needs the preflight.
            let value = if name == CONTENT_TYPE { "application/json" } else { crate::secrets::REDACTED };
            let value = if name == CONTENT_TYPE {
                entry.content_type().unwrap_or_else(|| value.to_owned())
            } else {
                value.to_owned()
            };
            init.headers.append(name, value);
        }
    }
    let takes_body = !matches!(init.method.as_str(), "GET" | "HEAD");
    if takes_body && entry.has_body {
        init.body = Some(BodyInit::from(BodyKind::BufferSource));
        if let Some(media_type) = entry.content_type().filter(|_| !init.headers.contains(CONTENT_TYPE)) {
            init.headers.append(CONTENT_TYPE, media_type);
        }
    }
    init.api = kind.api;
    if let Api::Load(load) = kind.api {
        init.credentials = credentials(with_credentials);
        let attribute = if with_credentials { CrossOrigin::UseCredentials } else { CrossOrigin::Anonymous };
        init = init.for_load(load, kind.is_cors.then_some(attribute));
    } else if !kind.is_cors {
        init.mode = Mode::NoCors;
    }
    if kind.is_cors {
        init.mode = Mode::Cors;
        init.credentials = credentials(with_credentials);
    }
    Some(init)
}

fn credentials(with: bool) -> Credentials {
    if with { Credentials::Include } else { Credentials::SameOrigin }
}

/// Returns `true` if the recording shows that cookies or the browser's own login were sent.
pub(super) fn has_credentials(entry: &Recorded, preflight: Option<&Recorded>) -> bool {
    let is_asked_for =
        |preflight: &Recorded| preflight.requested_headers().iter().any(|name| name == AUTHORIZATION);
    // A page that sets `Authorization` itself needs no credentials mode for that; the preflight tells.
    let has_login = entry.request.contains(AUTHORIZATION)
        && (preflight.is_some_and(|preflight| !is_asked_for(preflight)));
    entry.has_cookies || entry.request.contains("Cookie") || has_login
}
