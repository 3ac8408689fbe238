//! An HTTP cache, as small as RFC 9111 and the [cache modes](https://fetch.spec.whatwg.org/#concept-request-cache-mode) of requests allow.
//! The core has none. It checks a stored response like any other.

use std::time::{Duration, SystemTime};

use corsac::browser::Exchange;
use corsac::header::{HeaderList, list_items};
use corsac_fetch::Received;

/// The headers with which a request asks for something other than the whole, current response.
const CONDITIONS: [&str; 5] =
    ["if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"];

#[derive(Default)]
pub struct HttpCache {
    entries: Vec<Entry>,
}

struct Entry {
    url: String,
    credentials: bool,
    request: HeaderList,
    received: Received,
    stored: SystemTime,
}

/// The result of a lookup.
pub enum Lookup {
    /// The stored response.
    Answer(Received),
    /// Send the request to the server, with these lines added.
    Ask(Vec<(&'static str, Vec<u8>)>),
    /// The mode is `only-if-cached`, and nothing is stored.
    Nothing,
}

impl HttpCache {
    /// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), the steps that use the cache.
    pub fn look_up(&self, exchange: &Exchange, mode: &str) -> Lookup {
        let mode = effective_mode(exchange, mode);
        if exchange.method != "GET"
            || exchange.headers.contains("range")
            || matches!(mode, "no-store" | "reload")
        {
            return Lookup::Ask(Vec::new());
        }
        let Some(entry) = self.entries.iter().find(|entry| entry.is_for(exchange)) else {
            return if mode == "only-if-cached" { Lookup::Nothing } else { Lookup::Ask(Vec::new()) };
        };
        let any_age = matches!(mode, "force-cache" | "only-if-cached");
        if any_age || (mode == "default" && entry.is_fresh()) {
            return Lookup::Answer(entry.received.clone());
        }
        let stored = &entry.received.head.headers;
        let line = |condition, name| stored.get(name).map(|value| (condition, value.into_owned()));
        let validators = [line("If-None-Match", "etag"), line("If-Modified-Since", "last-modified")];
        Lookup::Ask(validators.into_iter().flatten().collect())
    }

    /// Takes a response, and returns what script gets of it.
    pub fn store(
        &mut self,
        exchange: &Exchange,
        mode: &str,
        revalidated: bool,
        received: Received,
    ) -> Received {
        let found = self.entries.iter_mut().find(|entry| entry.is_for(exchange));
        if let Some(entry) = found.filter(|_| revalidated && received.head.status == 304) {
            entry.refresh(&received.head.headers);
            return entry.received.clone();
        }
        if exchange.method != "GET" {
            if !matches!(exchange.method.as_str(), "HEAD" | "OPTIONS") {
                self.entries.retain(|entry| entry.url != key(exchange));
            }
            return received;
        }
        if effective_mode(exchange, mode) == "no-store" || !is_storable(exchange, &received) {
            return received;
        }
        self.entries.retain(|entry| !entry.is_for(exchange));
        self.entries.push(Entry {
            url: key(exchange),
            credentials: exchange.credentials,
            request: exchange.headers.clone(),
            received: received.clone(),
            stored: SystemTime::now(),
        });
        received
    }
}

fn effective_mode<'m>(exchange: &Exchange, mode: &'m str) -> &'m str {
    let conditional = CONDITIONS.iter().any(|name| exchange.headers.contains(name));
    if mode == "default" && conditional { "no-store" } else { mode }
}

fn key(exchange: &Exchange) -> String {
    let mut url = exchange.url.clone();
    url.set_fragment(None);
    url.into()
}

fn is_storable(exchange: &Exchange, received: &Received) -> bool {
    let headers = &received.head.headers;
    let explicit = headers.contains("expires") || directive(headers, "max-age").is_some();
    !exchange.headers.contains("range")
        && !received.body_truncated
        && directive(headers, "no-store").is_none()
        && headers.get("vary").is_none_or(|names| list_items(&names).all(|name| name != b"*"))
        && match received.head.status {
            200 => explicit || headers.contains("etag") || headers.contains("last-modified"),
            301 | 302 | 303 | 307 | 308 => explicit,
            _ => false,
        }
}

impl Entry {
    fn is_for(&self, exchange: &Exchange) -> bool {
        let same = |name: &[u8]| {
            let name = String::from_utf8_lossy(name);
            self.request.get(&name) == exchange.headers.get(&name)
        };
        self.url == key(exchange)
            && self.credentials == exchange.credentials
            && self.received.head.headers.get("vary").is_none_or(|names| list_items(&names).all(same))
    }

    fn is_fresh(&self) -> bool {
        let headers = &self.received.head.headers;
        let date = |name| headers.text(name).and_then(|text| httpdate::parse_http_date(&text).ok());
        if directive(headers, "no-cache").is_some() {
            return false;
        }
        let born = date("date").unwrap_or(self.stored);
        let lifetime = if let Some(seconds) = directive(headers, "max-age") {
            Duration::from_secs(seconds.parse().unwrap_or_default())
        } else if headers.contains("expires") {
            date("expires").and_then(|expires| expires.duration_since(born).ok()).unwrap_or_default()
        } else {
            let modified = date("last-modified").and_then(|modified| born.duration_since(modified).ok());
            modified.unwrap_or_default() / 10
        };
        let age =
            headers.text("age").and_then(|age| age.parse().ok()).map_or(Duration::ZERO, Duration::from_secs);
        age + self.stored.elapsed().unwrap_or_default() < lifetime
    }

    /// [Freshening](https://httpwg.org/specs/rfc9111.html#freshening.responses): the new lines replace the stored ones.
    fn refresh(&mut self, new: &HeaderList) {
        let headers = &mut self.received.head.headers;
        for line in new {
            headers.delete(&line.name);
        }
        for line in new {
            headers.append(line.name.clone(), line.value.clone());
        }
        self.stored = SystemTime::now();
    }
}

/// The value of a directive of `Cache-Control`. It is empty if the directive has none.
fn directive(headers: &HeaderList, name: &str) -> Option<String> {
    let value = headers.get("cache-control")?;
    list_items(&value).find_map(|item| {
        let item = String::from_utf8_lossy(item);
        let (key, value) = item.split_once('=').unwrap_or((&item, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}
