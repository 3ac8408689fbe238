//! The first step: what the page called, and why a preflight comes first or not.

use corsac::browser::{
    Api, Credentials, CrossOrigin, Engine, Load, Mode, RedirectMode, Request, RequestInit, Rule, RuleResult,
    TraceEntry,
};
use corsac::header::names::CONTENT_TYPE;
use corsac::header::{HeaderLine, SafelistRules, parse_mime_essence, unsafe_request_header_names};

use super::step::Step;
use crate::{browser_name, spelled};

/// A header is shown with its value up to this many bytes. A longer value is left out and not cut, because nobody could find a secret in a part of
/// it.
const LONGEST_VALUE: usize = 40;

/// How many headers are named.
const MOST_HEADERS: usize = 3;

pub(super) fn call(request: &Request, entries: &[TraceEntry], engine: Engine) -> Step {
    Step::Call { text: text(request), note: note(request, entries, engine) }
}

fn text(request: &Request) -> String {
    let init = request.init();
    let mut parts = vec![format!("{} {}", caller(init), request.method())];
    parts.extend(body(request));
    if init.api.load().is_none() {
        parts.extend(headers(request));
        if init.credentials != Credentials::SameOrigin {
            parts.push(format!("`credentials: \"{}\"`", init.credentials.as_str()));
        }
        if init.mode != Mode::Cors {
            parts.push(format!("`mode: \"{}\"`", init.mode.as_str()));
        }
        if init.redirect != RedirectMode::Follow {
            parts.push(format!("`redirect: \"{}\"`", init.redirect.as_str()));
        }
    } else if matches!(init.api, Api::Load(Load::EventSource)) && init.credentials == Credentials::Include {
        parts.push("`withCredentials`".to_owned());
    }
    parts.join(", ")
}

/// Returns what makes the request: a function, an element or the browser.
fn caller(init: &RequestInit) -> String {
    let Some(load) = init.api.load() else { return format!("`{}`", init.api.as_str()) };
    let attribute = match init.credentials {
        _ if init.mode != Mode::Cors || !load.takes_crossorigin() => String::new(),
        Credentials::Include => format!(" crossorigin=\"{}\"", CrossOrigin::UseCredentials.as_str()),
        _ if load == Load::ModuleScript => String::new(),
        _ => " crossorigin".to_owned(),
    };
    match load {
        Load::Image => format!("`<img{attribute}>`"),
        Load::Script => format!("`<script{attribute}>`"),
        Load::ModuleScript => format!("`<script type=\"module\"{attribute}>`"),
        Load::Video => format!("`<video{attribute}>`"),
        Load::Audio => format!("`<audio{attribute}>`"),
        Load::Font => "`@font-face`".to_owned(),
        Load::CssImage => "`background-image`".to_owned(),
        Load::EventSource => "`EventSource`".to_owned(),
        Load::Beacon => "`sendBeacon`".to_owned(),
        Load::WebSocket => "`WebSocket`".to_owned(),
        Load::Navigation => "a navigation:".to_owned(),
        load => format!("`{}`", load.as_str()),
    }
}

/// Names the kind of the body, or of the content that the request claims to have.
fn body(request: &Request) -> Option<String> {
    let given = request.headers().get(CONTENT_TYPE);
    let with_body = request.init().body.as_ref();
    let own = with_body.and_then(|body| body.kind().content_type());
    let essence = match (&given, &own) {
        (Some(value), _) => parse_mime_essence(value),
        (None, own) => own.as_ref().and_then(|value| parse_mime_essence(value.as_bytes())),
    };
    let words = match essence.as_deref() {
        Some(json) if json == "application/json" || json.ends_with("+json") => "JSON",
        Some("application/x-www-form-urlencoded" | "multipart/form-data") => "a form",
        Some("text/plain") => "text",
        Some(other) if other.len() <= LONGEST_VALUE => return Some(format!("`{other}`")),
        _ if with_body.is_some() => "a body",
        _ => return None,
    };
    Some(words.to_owned())
}

fn headers(request: &Request) -> Vec<String> {
    let set: Vec<&HeaderLine> = request.headers().iter().filter(|line| !line.is(CONTENT_TYPE)).collect();
    let mut shown: Vec<String> = set.iter().take(MOST_HEADERS).map(|line| header(line)).collect();
    match set.len().saturating_sub(MOST_HEADERS) {
        0 => {}
        1 => shown.push("1 more header".to_owned()),
        more => shown.push(format!("{more} more headers")),
    }
    shown
}

fn header(line: &HeaderLine) -> String {
    let value = line.text();
    if value.len() > LONGEST_VALUE || value.contains('`') {
        format!("`{}`", line.name)
    } else {
        format!("`{}: {value}`", line.name)
    }
}

fn note(request: &Request, entries: &[TraceEntry], engine: Engine) -> String {
    let upgraded = entries
        .iter()
        .take_while(|entry| entry.rule != Rule::MainFetch)
        .any(|entry| entry.rule == Rule::MixedContent && entry.result == RuleResult::Note);
    let before = if upgraded { "The URL becomes https. " } else { "" };
    let first =
        entries.iter().find(|entry| entry.rule == Rule::MainFetch || entry.result == RuleResult::Fail);
    let text = match first {
        Some(entry) if entry.result == RuleResult::Note => main_fetch(entry, request, engine),
        Some(_) => "The browser refuses before it sends anything.".to_owned(),
        None => String::new(),
    };
    format!("{before}{text}")
}

/// Says which kind of fetch [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) chose, and why.
pub(super) fn main_fetch(entry: &TraceEntry, request: &Request, engine: Engine) -> String {
    let init = request.init();
    match entry.evidence.as_ref() {
        "the URL has the page's own origin: no CORS" => "Same origin: CORS does not apply.".to_owned(),
        "this mode does not use CORS" => match init.api.load() {
            Some(Load::WebSocket) => {
                "CORS does not apply to a WebSocket: the server decides by `Origin`.".to_owned()
            }
            Some(Load::Navigation) => "CORS does not apply to a navigation.".to_owned(),
            _ => format!("CORS does not apply in mode `{}`.", init.mode.as_str()),
        },
        "a data: URL: nothing is sent" => "The response is in the `data:` URL: nothing is sent.".to_owned(),
        "mode no-cors: the response will be opaque" => {
            "Cross-origin in mode `no-cors`: sent without asking, and the page cannot read the response."
                .to_owned()
        }
        "cross-origin, and a request of this kind needs no preflight" => {
            "Cross-origin, and this never needs a preflight.".to_owned()
        }
        "cross-origin, and nothing in the request needs a preflight" => {
            match taken_for_safelisted(request, engine).as_slice() {
                [] => "Cross-origin and safelisted: no preflight.".to_owned(),
                names => {
                    let names: Vec<String> =
                        names.iter().map(|name| format!("`{}`", spelled(name))).collect();
                    format!(
                        "{} takes {} for safelisted: no preflight.",
                        browser_name(engine),
                        names.join(", ")
                    )
                }
            }
        }
        "cross-origin with preflight: the use-CORS-preflight flag is set" => {
            "Cross-origin, and upload listeners or a stream force a preflight: ask first.".to_owned()
        }
        evidence => with_preflight(evidence),
    }
}

fn with_preflight(evidence: &str) -> String {
    let Some(why) = evidence.strip_prefix("cross-origin with preflight: ") else {
        return evidence.to_owned();
    };
    if let Some(names) = why.strip_prefix("not safelisted: ") {
        let names: Vec<String> = names.split(", ").map(|name| format!("`{name}`")).collect();
        let shown = names.get(..MOST_HEADERS.min(names.len())).unwrap_or_default().join(", ");
        return match names.len().saturating_sub(MOST_HEADERS) {
            0 if names.len() == 1 => format!("{shown} is not safelisted: ask first."),
            0 => format!("{shown} are not safelisted: ask first."),
            more => format!("{shown} and {more} more are not safelisted: ask first."),
        };
    }
    match why.strip_prefix("the method ").and_then(|rest| rest.strip_suffix(" is not safelisted")) {
        Some(method) => format!("Cross-origin, and {method} is not safelisted: ask first."),
        None => format!("Cross-origin, and {why}: ask first."),
    }
}

/// Returns the headers that need a preflight by the standard. Only for words: whether there is a preflight is what the trace says.
fn taken_for_safelisted(request: &Request, engine: Engine) -> Vec<String> {
    if engine == Engine::Spec {
        Vec::new()
    } else {
        unsafe_request_header_names(request.headers(), &SafelistRules::SPEC)
    }
}
