//! The last step: what the page gets.

use corsac::browser::{
    Api, Engine, ExchangeKind, Fetched, FilteredResponse, Load, Outcome, Request, ResponseType,
};

use super::step::Step;

pub(super) fn end(request: &Request, fetched: &Fetched, engine: Engine) -> Step {
    if is_preflight_only(fetched) {
        let text = match fetched.exchanges.is_empty() {
            true => "no preflight is needed",
            false => "the preflight allows the request",
        };
        return Step::End { verdict: "allowed", text: text.to_owned() };
    }
    let api = request.init().api;
    let text = match &fetched.outcome {
        Outcome::Refused(_) => refused(api, engine).to_owned(),
        Outcome::Readable(response) => readable(api, response, fetched),
        Outcome::Opaque(response) => opaque(api, response),
    };
    Step::End { verdict: fetched.outcome.verdict().as_str(), text }
}

/// Returns `true` if the fetch was ended on purpose before the request itself: it was not refused, and never got there.
pub(super) fn is_preflight_only(fetched: &Fetched) -> bool {
    let last = fetched.exchanges.last().map(|completed| completed.exchange.kind);
    matches!(fetched.outcome, Outcome::Opaque(_)) && matches!(last, None | Some(ExchangeKind::Preflight))
}

/// What script sees of a refusal. The engines' words for [`TypeError`](https://fetch.spec.whatwg.org/#fetch-method) differ.
fn refused(api: Api, engine: Engine) -> &'static str {
    match api {
        Api::XmlHttpRequest { .. } => "`error` event, status 0",
        Api::Load(Load::Font) => "no font",
        Api::Load(Load::CssImage) => "no image",
        Api::Load(Load::Beacon) => "nothing: the page is not told",
        Api::Load(Load::Navigation) => "no document",
        Api::Load(_) => "`error` event",
        _ => match engine {
            Engine::Chromium => "`TypeError`: Failed to fetch",
            Engine::Firefox => "`TypeError`: NetworkError when attempting to fetch resource.",
            Engine::WebKit => "`TypeError`: Load failed",
            _ => "`TypeError`",
        },
    }
}

fn readable(api: Api, response: &FilteredResponse, fetched: &Fetched) -> String {
    let is_head = fetched.exchanges.last().is_some_and(|last| last.exchange.method == "HEAD");
    let has_body = !is_head && !matches!(response.status, 101 | 204 | 205 | 304);
    let body = if has_body { "body" } else { "no body" };
    let headers = match response.headers.len() {
        0 => "no headers".to_owned(),
        1 => "1 header".to_owned(),
        count => format!("{count} headers"),
    };
    let status = response.status;
    match api {
        Api::XmlHttpRequest { .. } => format!("`load` event, status {status}, {body}, {headers}"),
        Api::Load(load) => loaded(load, true),
        _ => format!("`Response` {status}, {body}, {headers}"),
    }
}

fn opaque(api: Api, response: &FilteredResponse) -> String {
    match api {
        Api::Load(load) => loaded(load, false),
        _ if response.kind == ResponseType::OpaqueRedirect => {
            "`Response` of type `opaqueredirect`: no status, no headers, no body".to_owned()
        }
        _ => "`Response` of type `opaque`: no status, no headers, no body".to_owned(),
    }
}

fn loaded(load: Load, is_readable: bool) -> String {
    let text = match load {
        Load::WebSocket | Load::EventSource => return "`open` event".to_owned(),
        Load::Beacon => return "nothing: the page is not told".to_owned(),
        Load::Navigation => return "the document replaces the page".to_owned(),
        Load::Font => return "the font".to_owned(),
        Load::CssImage => "the image",
        Load::Video | Load::Audio => "`loadeddata` event",
        _ => "`load` event",
    };
    match load {
        _ if is_readable => text.to_owned(),
        Load::Script => format!("{text}, errors only as \"Script error.\""),
        _ => format!("{text}, to show but not to read"),
    }
}
