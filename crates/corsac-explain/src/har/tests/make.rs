//! Recordings as browsers and proxies write them.

use serde_json::{Value, json};

pub(super) const PAGE: &str = "https://app.example";
pub(super) const API: &str = "https://api.example/items";

/// Who writes a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Chrome,
    ChromeSanitized,
    Firefox,
    Safari,
    Playwright(&'static str),
    Proxy(&'static str),
}

/// A request and its response.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) method: &'static str,
    pub(super) url: String,
    pub(super) asks: Vec<(&'static str, String)>,
    pub(super) status: i32,
    pub(super) answers: Vec<(&'static str, String)>,
    pub(super) error: Option<&'static str>,
    pub(super) kind: &'static str,
    pub(super) mode: &'static str,
    pub(super) body: Option<(&'static str, &'static str)>,
    pub(super) content: &'static str,
    pub(super) more: Value,
}

impl Entry {
    pub(super) fn new(method: &'static str, url: &str) -> Self {
        Self {
            method,
            url: url.to_owned(),
            asks: vec![("Origin", PAGE.to_owned())],
            status: 200,
            answers: Vec::new(),
            error: None,
            kind: "fetch",
            mode: "cors",
            body: None,
            content: "",
            more: json!({}),
        }
    }

    pub(super) fn get() -> Self {
        Self::new("GET", API)
    }

    pub(super) fn preflight(method: &str, headers: &str) -> Self {
        let mut entry = Self::new("OPTIONS", API).asks("Access-Control-Request-Method", method).status(204);
        if !headers.is_empty() {
            entry = entry.asks("Access-Control-Request-Headers", headers);
        }
        entry.kind = "preflight";
        entry
    }

    pub(super) fn at(mut self, url: &str) -> Self {
        url.clone_into(&mut self.url);
        self
    }

    pub(super) fn asks(mut self, name: &'static str, value: &str) -> Self {
        self.asks.push((name, value.to_owned()));
        self
    }

    pub(super) fn status(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    pub(super) fn answers(mut self, name: &'static str, value: &str) -> Self {
        self.answers.push((name, value.to_owned()));
        self
    }

    pub(super) fn allows(self, origin: &str) -> Self {
        self.answers("access-control-allow-origin", origin)
    }

    pub(super) fn error(mut self, error: &'static str) -> Self {
        self.error = Some(error);
        self
    }

    /// Nothing came back, or the browser hides it: no headers.
    pub(super) fn lost(self) -> Self {
        self.status(0).error("net::ERR_FAILED")
    }

    pub(super) fn kind(mut self, kind: &'static str, mode: &'static str) -> Self {
        (self.kind, self.mode) = (kind, mode);
        self
    }

    pub(super) fn body(mut self, media_type: &'static str, text: &'static str) -> Self {
        self.body = Some((media_type, text));
        self.asks("Content-Type", media_type)
    }

    pub(super) fn content(mut self, text: &'static str) -> Self {
        self.content = text;
        self
    }

    pub(super) fn without_origin(mut self) -> Self {
        self.asks.retain(|(name, _)| *name != "Origin");
        self
    }

    pub(super) fn more(mut self, more: Value) -> Self {
        self.more = more;
        self
    }

    /// Returns the entry as this program writes it, which began so many tenths of a second after the first.
    fn value(&self, by: By, number: usize) -> Value {
        let is_sanitized = by == By::ChromeSanitized;
        let hidden = |name: &str| {
            ["cookie", "set-cookie", "authorization"].iter().any(|other| name.eq_ignore_ascii_case(other))
        };
        let lines = |lines: &[(&str, String)]| -> Vec<Value> {
            let shown = lines.iter().filter(|(name, _)| !(is_sanitized && hidden(name)));
            shown.map(|(name, value)| json!({ "name": name, "value": value })).collect()
        };
        let mut asks = self.asks.clone();
        let is_browser = !matches!(by, By::Proxy(_));
        asks.push(("Accept", "*/*".to_owned()));
        asks.push(("User-Agent", "Mozilla/5.0".to_owned()));
        if self.status != 0 && by != By::Safari {
            asks.push(("Sec-Fetch-Mode", self.mode.to_owned()));
            asks.push(("Sec-Fetch-Site", "cross-site".to_owned()));
        }
        asks.push(("Referer", format!("{PAGE}/")));
        let cookies: Vec<Value> = asks
            .iter()
            .filter(|(name, _)| *name == "Cookie" && !is_sanitized)
            .map(|(_, value)| json!({ "name": value.split('=').next(), "value": value.split('=').nth(1) }))
            .collect();
        let location = self.answers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"));
        let status = if self.status == 0 && matches!(by, By::Playwright(_)) { -1 } else { self.status };
        let mut entry = json!({
            "startedDateTime": format!("2026-11-22T10:00:{:02}.{}00Z", number / 10 % 60, number % 10),
            "time": 12.5,
            "pageref": "page_1",
            "request": {
                "method": self.method, "url": self.url, "httpVersion": "http/2.0", "headers": lines(&asks), "queryString": [],
                "cookies": cookies, "headersSize": -1, "bodySize": self.body.map_or(0, |(_, text)| text.len()),
            },
            "response": {
                "status": status, "statusText": "", "httpVersion": "http/2.0", "headers": lines(&self.answers), "cookies": [],
                "content": { "size": self.content.len(), "mimeType": "text/html", "text": self.content },
                "redirectURL": location.map_or("", |(_, value)| value), "headersSize": -1, "bodySize": -1,
            },
            "cache": {}, "timings": { "send": 0, "wait": 12.5, "receive": -1 },
        });
        if let Some((media_type, text)) = self.body {
            entry["request"]["postData"] = json!({ "mimeType": media_type, "text": text });
        }
        match by {
            By::Chrome | By::ChromeSanitized => {
                entry["_resourceType"] = json!(self.kind);
                entry["_initiator"] = json!({ "type": "script", "stack": { "callFrames": [{ "url": format!("{PAGE}/app.js"), "lineNumber": 3 }] } });
                entry["_priority"] = json!("High");
                entry["response"]["_transferSize"] = json!(0);
                entry["response"]["_error"] = json!(self.error);
            }
            By::Playwright(_) => {
                if let Some(error) = self.error {
                    entry["response"]["_failureText"] = json!(error);
                }
            }
            By::Firefox | By::Safari | By::Proxy(_) => {}
        }
        assert!(is_browser || self.error.is_none(), "proxies know no verdicts");
        for (name, value) in self.more.as_object().unwrap() {
            entry[name] = value.clone();
        }
        entry
    }
}

pub(super) fn har(by: By, entries: &[Entry]) -> Vec<u8> {
    let (creator, browser) = match by {
        By::Chrome | By::ChromeSanitized => ("WebInspector", None),
        By::Firefox => ("Firefox", Some("Firefox")),
        By::Safari => ("WebKit Web Inspector", None),
        By::Playwright(browser) => ("Playwright", Some(browser)),
        By::Proxy(name) => (name, None),
    };
    let is_recorded = |entry: &&Entry| !(matches!(by, By::Playwright(_)) && entry.kind == "preflight");
    let entries: Vec<Value> = entries
        .iter()
        .filter(is_recorded)
        .enumerate()
        .map(|(number, entry)| entry.value(by, number))
        .collect();
    let mut log = json!({
        "version": "1.2",
        "creator": { "name": creator, "version": "1" },
        "pages": [{ "startedDateTime": "2026-11-22T10:00:00.000Z", "id": "page_1", "title": format!("{PAGE}/"), "pageTimings": {} }],
        "entries": entries,
    });
    if let Some(browser) = browser {
        log["browser"] = json!({ "name": browser, "version": "1" });
    }
    serde_json::to_vec(&json!({ "log": log })).unwrap()
}
