//! Reads what people paste: console messages, words of the network panel, errors of HTTP clients, and lines of servers' logs.
//!
//! `clean` removes what consoles and chats put around the words. `sighting` finds messages in what is left; each file of messages is a
//! table. `group` puts the lines together that one failure printed, and `cause` says what is the matter.
//!
//! People paste half a line, wrap it, and lose quotation marks. So each message has several rows: its whole sentence, and the parts that are
//! enough to recognize it. Frame, URL and origin are optional.

mod cause;
mod chromium;
mod clean;
mod clients;
mod decode;
mod edge;
mod firefox;
mod group;
mod localized;
mod message;
mod misspelled;
mod network;
mod not_cors;
mod panel;
mod pattern;
mod servers;
mod sighting;
mod value;
mod webkit;

use std::cmp::Reverse;

use corsac::browser::Engine;

use clean::Clean;
pub use decode::{NotText, decode};
use group::Failure;
use message::Role;

use crate::secrets::redacted;
use crate::written_request::WrittenRequest;
use crate::{Item, ItemStage};

/// What a text says.
///
/// ```
/// use corsac_explain::pasted;
///
/// let reading = pasted::read("TypeError: Load failed\nhello");
/// assert_eq!(reading.items.len(), 1);
/// assert_eq!(reading.unrecognized, ["hello"]);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Reading {
    /// The failures, in the order of the text.
    pub items: Vec<Item>,
    /// The lines that say nothing about a failure that is known here, without secrets.
    pub unrecognized: Vec<String>,
}

/// The most failures that are read from one text.
const MOST_ITEMS: usize = 1_000;

/// An item has its whole lines if they are not longer than this together, in bytes.
const LONGEST_LINES: usize = 4_000;

/// Reads a text. It takes time in proportion to its length. Values of cookies, tokens and signatures become `REDACTED`.
///
/// ```
/// use corsac_explain::pasted;
///
/// let item = &pasted::read("Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 502").items[0];
/// assert_eq!(item.engine, Some(corsac::browser::Engine::WebKit));
/// assert_eq!(item.codes[0], "allow-origin-missing"); // WebKit prints the same for a mismatch
/// assert_eq!(item.value("status"), Some("502"));
/// ```
pub fn read(text: &str) -> Reading {
    if let Some(reading) = of_url(text) {
        return reading;
    }
    let mut clean = Clean::new(text);
    let mut failures = failures(&clean);
    // A terminal may have wrapped it within words.
    for short in ["", " "] {
        let Some(mended) = clean::unwrapped(&clean, short) else { break };
        let found = self::failures(&mended);
        if told(&found) > told(&failures) {
            (clean, failures) = (mended, found);
            break;
        }
    }
    // Somebody may have typed it off the screen. Longer values are no sign of that.
    if let Some(mended) = misspelled::corrected(&clean) {
        let found = self::failures(&mended);
        let without_length = |failures: &[Failure]| {
            let (reasons, pieces, values, _) = told(failures);
            (reasons, pieces, values)
        };
        if without_length(&found) > without_length(&failures) {
            (clean, failures) = (mended, found);
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut is_read = vec![false; lines.len()];
    let items = failures.into_iter().take(MOST_ITEMS).map(|failure| {
        let (first, last) =
            (clean.line_at(failure.start), clean.line_at(failure.end.saturating_sub(1).max(failure.start)));
        is_read.iter_mut().take(last.saturating_add(1)).skip(first).for_each(|read| *read = true);
        let own = lines.get(first..last.saturating_add(1)).unwrap_or_default();
        // A long line can hold many failures, each of which gets its own part.
        let length: usize = own.iter().map(|line| line.len()).sum();
        let is_short = length <= LONGEST_LINES.max(failure.end.saturating_sub(failure.start));
        let own =
            if is_short { own.join("\n") } else { clean.original_or_redacted(failure.start, failure.end) };
        item(failure, &own)
    });
    let items: Vec<Item> = items.collect();
    let unread = lines.iter().zip(is_read).filter(|(line, read)| !read && !clean::is_of_stack_trace(line));
    Reading { items, unrecognized: unread.map(|(line, _)| redacted(line.trim())).collect() }
}

/// Returns the failures that a text shows, in its order.
fn failures(clean: &Clean) -> Vec<Failure> {
    let mut sightings = sighting::sightings(clean);
    let localized = localized::failures(&clean.text, &sightings);
    // A sighting within a line that was read as a translation is a part of it.
    sightings.retain(|sighting| {
        let before = localized.partition_point(|other| other.start <= sighting.start);
        let other = before.checked_sub(1).and_then(|last| localized.get(last));
        other.is_none_or(|other| sighting.end > other.end)
    });
    let mut failures = group::failures(&clean.text, sightings);
    failures.extend(localized);
    failures.sort_by_key(|failure| failure.start);
    failures
}

/// Returns how well a text is read, for a comparison: more reasons, then fewer pieces, then more and longer values are better.
fn told(failures: &[Failure]) -> (usize, Reverse<usize>, usize, usize) {
    let reasons = failures.iter().filter(|failure| failure.role == Some(Role::Reason)).count();
    let values = failures.iter().flat_map(|failure| &failure.values);
    let length = values.clone().map(|(_, value)| value.len()).sum();
    (reasons, Reverse(failures.len()), values.count(), length)
}

/// Returns the reading of a request that somebody copied: one item, which says how to check it.
///
/// ```
/// use corsac_explain::{pasted, written_request};
///
/// let request = written_request::read("curl https://api.example/items -X DELETE -H 'Origin: https://app.example'").unwrap();
/// let item = &pasted::of_request(&request).items[0];
/// assert_eq!((item.url.as_deref(), item.origin.as_deref()), (Some("https://api.example/items"), Some("https://app.example")));
/// assert_eq!((item.code(), item.cors, item.value("method")), (None, None, Some("DELETE")));
/// ```
pub fn of_request(request: &WrittenRequest) -> Reading {
    let mut item = Item {
        url: Some(redacted(request.url.as_str())),
        origin: request.origin.as_ref().map(ToString::to_string),
        values: vec![("method", request.method.clone())],
        text: format!("{} {}", request.method, redacted(request.url.as_str())),
        ..Item::default()
    };
    item.diagnosis =
        vec![cause::of_request(&item, &format!("This is a request, copied as {}.", request.kind.title()))];
    Reading { items: vec![item], unrecognized: Vec::new() }
}

/// Returns the reading of a text that is a URL and nothing else.
fn of_url(text: &str) -> Option<Reading> {
    let text = text.trim();
    let is_one_word = !text.contains(char::is_whitespace) && text.starts_with("http");
    let url = is_one_word.then(|| value::url(text)).flatten()?;
    let mut item = Item { url: Some(redacted(&url)), text: redacted(text), ..Item::default() };
    item.diagnosis = vec![cause::of_request(&item, "This is a URL.")];
    Some(Reading { items: vec![item], unrecognized: Vec::new() })
}

/// Returns the item of a failure.
fn item(failure: Failure, lines: &str) -> Item {
    let is_exception = failure.role == Some(Role::Exception);
    let mut item = Item {
        engine: engine(&failure),
        codes: if is_exception { Vec::new() } else { codes(&failure) },
        cors: failure.cors.or((failure.role == Some(Role::Frame)).then_some(true)),
        stage: failure.stage,
        url: failure.url().map(|url| redacted(&url)),
        origin: failure
            .value("origin")
            .and_then(value::origin)
            .or_else(|| value::origin_of(failure.value("page")?)),
        text: redacted(lines.trim_end()),
        ..Item::default()
    };
    if item.codes.is_empty() && failure.role == Some(Role::Frame) {
        item.codes = chromium::ANY_REFUSAL.to_vec();
    }
    if failure.value("first-url").is_some()
        && item.cors == Some(true)
        && item.stage != Some(ItemStage::Preflight)
    {
        item.stage = Some(ItemStage::Redirect);
    }
    if item.stage.is_none() && failure.role == Some(Role::Reason) && item.cors == Some(true) {
        item.stage = stage(&failure);
    }
    for (name, value) in failure.values {
        let value = match name {
            "url" | "real" | "origin" => continue,
            "first-url" | "page" | "location" => value::url(&value).unwrap_or(value),
            _ => value,
        };
        item.values.push((name, redacted(&value)));
    }
    item.diagnosis = cause::causes(&item);
    item
}

/// Returns the engine, if the words are only one engine's.
fn engine(failure: &Failure) -> Option<Engine> {
    failure.engine.filter(|engine| !failure.is_shared || *engine != Engine::WebKit)
}

/// Returns the codes, after a look at the values: a value with a comma is two headers, or a list in one, whatever the words say.
fn codes(failure: &Failure) -> Vec<&'static str> {
    let mut codes = failure.codes.clone();
    let has_comma = failure.value("value").is_some_and(|value| value.contains(','));
    if has_comma && matches!(codes.first(), Some(&("allow-origin-mismatch" | "allow-origin-invalid"))) {
        codes.retain(|code| *code != "allow-origin-multiple");
        codes.insert(0, "allow-origin-multiple");
    }
    // What is the URL of an origin is not invalid.
    let is_origin =
        |value: &str| value == "null" || url::Url::parse(value).is_ok_and(|url| url.origin().is_tuple());
    if codes.first() == Some(&"allow-origin-mismatch") && failure.value("value").is_some_and(is_origin) {
        codes.retain(|code| *code == "allow-origin-mismatch");
    }
    // `*` does not cover `Authorization` in every engine, and the message names only the header.
    let is_authorization =
        failure.value("name").is_some_and(|name| name.eq_ignore_ascii_case("authorization"));
    if is_authorization && codes.contains(&"header-not-allowed") && !codes.contains(&"authorization-wildcard")
    {
        codes.push("authorization-wildcard");
    }
    codes
}

/// Returns the stage of a CORS check: the response's, if the message is whole and does not speak of a preflight.
fn stage(failure: &Failure) -> Option<ItemStage> {
    let is_check = matches!(
        failure.codes.first(),
        Some(
            &("allow-origin-missing"
                | "allow-origin-mismatch"
                | "allow-origin-multiple"
                | "allow-origin-invalid"
                | "credentials-wildcard"
                | "allow-credentials-not-true")
        )
    );
    (failure.engine == Some(Engine::Chromium) && failure.has_frame && is_check).then_some(ItemStage::Response)
}

#[cfg(test)]
mod tests;
