//! `api/read` and `api/har`: what a text or a recording says, and the requests in it for the form. Nothing is sent.

use axum::body::Bytes;
use corsac_explain::written_request::{self, WrittenRequest};
use corsac_explain::{Item, har, pasted};
use serde_json::{Map, Value, json};
use url::Url;

use super::CallError;
use crate::explain::live::{Told, told};
use crate::explain::{self, items};
use crate::given::Given;
use crate::terminal::printable;

/// The most requests of a recording to choose from.
const MOST_REQUESTS: usize = 200;

/// Reads a text: a request as people copy it, lines of a console, a URL, a code.
pub(super) fn text(mut given: Given) -> Result<Value, CallError> {
    let text = given.needed("text")?;
    given.end()?;
    let word = text.trim();
    if let Some(url) = only_url(word) {
        return Ok(answer("url", Some(&json!({ "url": url.as_str() })), &[], &[]));
    }
    let reading = pasted::read(&text);
    if !reading.items.is_empty() {
        let request = reading.items.iter().find_map(told).map(|told| of_told(&told));
        return Ok(answer("console", request.as_ref(), &[], &reading.items));
    }
    if let Some(kind) = written_request::looks_like(&text) {
        let request = written_request::read(&text)
            .map_err(|error| format!("This looks like {}, which cannot be read: {error}.", kind.title()))?;
        let items = pasted::of_request(&request).items;
        return Ok(answer("request", Some(&of_written(&request)), &request.notes, &items));
    }
    let is_code = !word.contains(char::is_whitespace) && explain::is_known(word);
    Ok(answer(if is_code { "code" } else { "unknown" }, None, &[], &[]))
}

/// Reads a recording.
pub(super) fn recording(bytes: &Bytes) -> Result<Value, CallError> {
    let reading =
        har::read(bytes.as_ref()).map_err(|error| format!("This recording cannot be read. {error}"))?;
    let failed = reading.items.iter().filter_map(told).map(|told| of_told(&told));
    let fine = reading
        .fine
        .iter()
        .map(|fine| json!({ "url": fine.url, "origin": fine.origin, "method": fine.method, "title": null }));
    let requests: Vec<Value> = failed.chain(fine).take(MOST_REQUESTS).collect();
    Ok(json!({ "items": items::json(&reading.items), "requests": requests, "notes": reading.notes }))
}

fn answer(kind: &str, request: Option<&Value>, notes: &[String], items: &[Item]) -> Value {
    json!({ "kind": kind, "request": request, "notes": notes, "items": items::json(items) })
}

fn only_url(word: &str) -> Option<Url> {
    let url = Url::parse(word).ok().filter(|_| !word.contains(char::is_whitespace))?;
    matches!(url.scheme(), "http" | "https" | "ws" | "wss").then_some(url)
}

/// Returns what a failure tells about the page's request. The value of a header is not known.
fn of_told(told: &Told<'_>) -> Value {
    json!({
        "url": told.url,
        "origin": told.origin,
        "method": told.method.unwrap_or("GET"),
        "headers": told.header.map(|name| format!("{}: 1", printable(name))).unwrap_or_default(),
        "credentials": if told.credentials { "include" } else { "same-origin" },
    })
}

fn of_written(request: &WrittenRequest) -> Value {
    let headers = request.headers.iter().map(|(name, value)| {
        // One character for each byte, as script writes them.
        let value: String = value.iter().copied().map(char::from).collect();
        format!("{name}: {value}")
    });
    let mut fields = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    add("url", Some(json!(request.url.as_str())));
    add("origin", request.origin.as_ref().map(|origin| json!(origin.as_str())));
    add("method", Some(json!(request.method)));
    add("headers", Some(json!(headers.collect::<Vec<_>>().join("\n"))));
    add("body", request.body.as_ref().map(|body| json!(String::from_utf8_lossy(body))));
    add("credentials", request.credentials.map(|credentials| json!(credentials.as_str())));
    add("mode", request.mode.map(|mode| json!(mode.as_str())));
    add("redirect", request.redirect.map(|redirect| json!(redirect.as_str())));
    add("referrer_policy", request.referrer_policy.map(|policy| json!(policy.as_str())));
    add("cookies", Some(json!(request.cookies)));
    Value::Object(fields)
}
