//! Reads recordings of a browser's or a proxy's requests: [HAR](http://www.softwareishard.com/blog/har-12-spec/) files.
//!
//! A recording says what was sent and answered, and seldom why a page did not get a response. So each request between origins is fetched again
//! by the browser half of [`corsac`], with the recorded responses as answers, and what that browser decides is compared with what the recording
//! says. Nothing is guessed: a preflight that is not in the recording "was not recorded".
//!
//! Secrets do not get in: URLs, headers and bodies are redacted when they are read. [`redact()`] writes a copy without them.

mod causes;
mod error;
mod failed;
mod failure;
mod json;
mod judge;
mod links;
mod recorded;
mod recording;
mod redact;
mod replay;
mod script_request;
mod shortened;
mod time;

use std::collections::HashMap;
use std::io::Read;

use corsac::browser::Engine;

pub use error::HarError;
pub use redact::redact;

use judge::{Case, Judged};
use links::Links;
use recording::Recording;

use crate::diagnosis::Confidence;
use crate::item::Item;

/// A reading has at most this many failures, and as many lines about what was fine.
const MOST_ITEMS: usize = 1_000;

/// What a recording says.
///
/// ```
/// use corsac_explain::har;
///
/// let recording = br#"{"log": {"creator": {"name": "Firefox"}, "entries": [{
///     "request": {"method": "GET", "url": "https://api.example/items", "headers": [{"name": "Origin", "value": "https://app.example"}]},
///     "response": {"status": 200, "headers": [{"name": "Access-Control-Allow-Origin", "value": "https://app.example/"}]}
/// }]}}"#;
/// let reading = har::read(&recording[..]).unwrap();
/// assert_eq!((reading.entries, reading.creator.as_str()), (1, "Firefox"));
/// assert_eq!((reading.items[0].code(), reading.items[0].entry), (Some("allow-origin-mismatch"), Some(0)));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct HarReading {
    /// The failed requests, one item each: certain failures of CORS first, then by how often the same happened.
    pub items: Vec<Item>,
    /// Responses of other origins that the page could read.
    pub fine: Vec<Fine>,
    /// How many entries the recording has.
    pub entries: usize,
    /// The name and version of the program that wrote it.
    pub creator: String,
    /// The engine of the browser that was recorded, if the recording tells. Proxies do not.
    pub engine: Option<Engine>,
    /// What the recording cannot show.
    pub notes: Vec<String>,
}

/// Requests to one URL whose responses the page could read.
///
/// ```
/// use corsac_explain::har;
/// let recording = br#"{"log": {"entries": [{
///     "request": {"method": "GET", "url": "https://api.example/items?page=2", "headers": [{"name": "Origin", "value": "https://app.example"}]},
///     "response": {"status": 200, "headers": [{"name": "Access-Control-Allow-Origin", "value": "*"}]}
/// }]}}"#;
/// let fine = &har::read(&recording[..]).unwrap().fine[0];
/// assert_eq!((fine.origin.as_str(), fine.url.as_str(), fine.times), ("https://app.example", "https://api.example/items", 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fine {
    /// The page's origin.
    pub origin: String,
    /// The method.
    pub method: String,
    /// The URL, without its query.
    pub url: String,
    /// How often.
    pub times: usize,
    /// The index of the first entry.
    pub entry: usize,
}

/// Reads a recording. It is read as a stream, and a large one takes no more memory than a small one, apart from its requests between origins.
///
/// # Errors
///
/// If the file cannot be read, is not JSON, ends too early, or is not a HAR.
///
/// ```
/// let error = corsac_explain::har::read(&b"{\"version\": 1}"[..]).unwrap_err();
/// assert!(error.to_string().starts_with("The file is JSON, but not a HAR: it has no `log`."));
/// ```
pub fn read(file: impl Read) -> Result<HarReading, HarError> {
    let recording = Recording::read(file)?;
    let links = Links::new(&recording);
    let mut found = Found::default();
    for (position, entry) in recording.entries.iter().enumerate() {
        if entry.is_preflight() || links.is_hop(position) {
            continue;
        }
        if let Some(case) = Case::new(&recording, &links, position) {
            found.take(case.only_counted(found.is_full()).judge(), entry);
        }
    }
    for position in links.unpaired() {
        if let (Some(case), Some(entry)) = (Case::new(&recording, &links, position), links.entry(position)) {
            found.take(case.only_counted(found.is_full()).judge_preflight(), entry);
        }
    }
    let notes = notes(&recording, &found);
    Ok(HarReading {
        items: ranked(found.items),
        fine: found.fine,
        entries: recording.count,
        engine: recording.engine(),
        creator: recording.creator,
        notes,
    })
}

#[derive(Default)]
struct Found {
    items: Vec<Item>,
    fine: Vec<Fine>,
    fine_places: HashMap<(String, String, String), usize>,
    items_left_out: usize,
    fine_left_out: usize,
    cancelled: usize,
    unanswered: usize,
}

impl Found {
    fn is_full(&self) -> bool {
        self.items.len() >= MOST_ITEMS
    }

    fn take(&mut self, judged: Judged, entry: &recorded::Recorded) {
        match judged {
            Judged::Failed(item) if !self.is_full() => self.items.push(*item),
            Judged::Failed(_) => self.items_left_out += 1,
            Judged::Fine { origin } => self.take_fine(origin, entry),
            Judged::Cancelled => self.cancelled += 1,
            Judged::Unanswered => self.unanswered += 1,
            Judged::Nothing => {}
        }
    }

    fn take_fine(&mut self, origin: String, entry: &recorded::Recorded) {
        let url = entry.url.as_ref().map(|url| without_query(url.as_str()).to_owned()).unwrap_or_default();
        let key = (origin, entry.method.clone(), url);
        if let Some(known) = self.fine_places.get(&key).and_then(|place| self.fine.get_mut(*place)) {
            known.times += 1;
        } else if self.fine.len() < MOST_ITEMS {
            self.fine_places.insert(key.clone(), self.fine.len());
            let (origin, method, url) = key;
            self.fine.push(Fine { origin, method, url, times: 1, entry: entry.index });
        } else {
            self.fine_left_out += 1;
        }
    }
}

/// Puts certain failures of CORS first, then what happened most often.
fn ranked(mut items: Vec<Item>) -> Vec<Item> {
    let mut times: HashMap<(String, Option<&'static str>), usize> = HashMap::new();
    let key =
        |item: &Item| (item.url.as_deref().map(without_query).unwrap_or_default().to_owned(), item.code());
    for item in &items {
        *times.entry(key(item)).or_default() += 1;
    }
    items.sort_by_cached_key(|item| {
        let cors = match item.cors {
            Some(true) => 0,
            None => 1,
            Some(false) => 2,
        };
        let confidence = item.diagnosis.first().map_or(Confidence::Possible, |cause| cause.confidence);
        let times = times.get(&key(item)).copied().unwrap_or_default();
        (cors, std::cmp::Reverse(confidence), std::cmp::Reverse(times), item.entry)
    });
    items
}

pub(crate) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

fn notes(recording: &Recording, found: &Found) -> Vec<String> {
    let mut notes = Vec::new();
    if recording.is_playwright() {
        notes.push("Playwright does not record preflights. Not recorded does not mean not sent.".to_owned());
    } else if recording.engine() == Some(Engine::WebKit) {
        notes.push(
            "Safari exports only requests that finished. A request that it refused may not be recorded at all.".to_owned(),
        );
    } else if recording.engine() == Some(Engine::Chromium)
        && !recording.entries.iter().any(recorded::Recorded::is_preflight)
    {
        notes.push("The recording has no preflights. Not recorded does not mean not sent: some exports leave them out.".to_owned());
    }
    match recording.engine() {
        Some(Engine::Firefox) => notes.push(
            "Firefox does not record which responses it kept from the page. That is computed from the headers. A request with credentials and \
             without cookies looks like one without credentials, for which `*` is enough."
                .to_owned(),
        ),
        None => notes.push(
            "The recording does not say which browser asked, so it cannot say what that browser decided. That is computed from the headers, as \
             Chromium does it."
                .to_owned(),
        ),
        Some(_) => {}
    }
    let counts = [
        (found.cancelled, "were cancelled by the page or its user, which is no failure of CORS"),
        (found.unanswered, "had no answer yet when the recording was saved"),
        (found.items_left_out, "failed as well, and are not listed"),
        (found.fine_left_out, "were readable as well, and are not listed"),
        (recording.left_out, "between origins did not fit in memory, and were not looked at"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    notes.extend(counts.map(|(count, what)| format!("Requests that {what}: {count}.")));
    notes
}

#[cfg(test)]
mod tests;
