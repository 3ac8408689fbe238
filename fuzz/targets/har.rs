//! A recording of anything: no panic, and a copy without secrets that is JSON and says the same. What is cut off is an error.

#![no_main]

use corsac_explain::har;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

#[derive(arbitrary::Arbitrary, Debug)]
enum Input {
    /// Bytes that may be no recording.
    Bytes(Vec<u8>),
    /// A recording, cut off after this many bytes.
    Recording { entries: Vec<Entry>, end: u16 },
}

#[derive(arbitrary::Arbitrary, Debug)]
struct Entry {
    creator: u8,
    url: u8,
    method: u8,
    status: u8,
    /// Names, and which value.
    request: Vec<(u8, u8)>,
    response: Vec<(u8, u8)>,
    /// A name and a text in a place that programs may add.
    own: (u8, String),
    error: u8,
    kind: u8,
}

const CREATORS: [&str; 5] = ["WebInspector", "Firefox", "WebKit Web Inspector", "Playwright", "mitmproxy"];
const URLS: [&str; 6] = [
    "https://api.example/items?access_token=s3cret0123",
    "https://api.example/items",
    "https://user:s3cret0123@api.example/items?next=https://b.example/?sid=s3cret0123",
    "http://localhost:3000/a#id_token=s3cret0123",
    "ws://api.example/",
    "/items?code=s3cret0123",
];
const METHODS: [&str; 4] = ["GET", "OPTIONS", "PUT", "post"];
const STATUSES: [i64; 8] = [0, 200, 204, 301, 302, 401, 404, 500];
const REQUEST: [&str; 10] = [
    "Origin",
    "Authorization",
    "Cookie",
    "Referer",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Content-Type",
    "X-Api-Key",
];
const RESPONSE: [&str; 8] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Location",
    "Set-Cookie",
    "WWW-Authenticate",
    "Content-Type",
];
const VALUES: [&str; 12] = [
    "https://app.example",
    "*",
    "true",
    "null",
    "cors",
    "cross-site",
    "GET, PUT",
    "authorization, x-a",
    "application/json",
    "https://app.example/page",
    "https://b.example/items",
    "https://app.example, https://app.example",
];
const ERRORS: [&str; 4] = ["", "net::ERR_FAILED", "net::ERR_ABORTED", "NS_ERROR_DOM_BAD_URI"];
/// Members that programs add, of which some hold secrets.
const OWN: [&str; 8] = [
    "comment",
    "_error",
    "_securityState",
    "serverIPAddress",
    "_initiator",
    "_fetchedVia",
    "connection",
    "_corsErrorStatus",
];

fn pick<T: Copy>(of: &[T], which: u8) -> T {
    of[usize::from(which) % of.len()]
}

impl Entry {
    fn to_json(&self) -> Value {
        let lines = |names: &[&str], chosen: &[(u8, u8)]| {
            let lines = chosen.iter().take(20).map(|(name, value)| {
                let name = pick(names, *name);
                let value = match name {
                    "Authorization" => "Bearer s3cret0123",
                    "Cookie" => "sid=s3cret0123; theme=s3cret0123",
                    "Set-Cookie" => "sid=s3cret0123; Path=/",
                    "X-Api-Key" => "s3cret0123",
                    "Location" if value % 2 == 0 => "https://b.example/?access_token=s3cret0123",
                    _ => pick(&VALUES, *value),
                };
                json!({ "name": name, "value": value })
            });
            lines.collect::<Vec<_>>()
        };
        // The entry's own text is not a secret, whatever it says.
        let own = self.own.1.replace("s3cret0123", "");
        let mut entry = json!({
            "_resourceType": pick(&["fetch", "xhr", "document", "preflight", "script"], self.kind),
            "_error": pick(&ERRORS, self.error),
            "startedDateTime": "2024-05-01T10:00:00.000Z",
            "time": f64::from(self.error),
            "_webSocketMessages": [{ "type": "send", "data": "s3cret0123" }],
            "request": {
                "method": pick(&METHODS, self.method),
                "url": pick(&URLS, self.url),
                "headers": lines(&REQUEST, &self.request),
                "queryString": [{ "name": "access_token", "value": "s3cret0123" }],
                "cookies": [{ "name": "sid", "value": "s3cret0123" }],
                "postData": { "mimeType": "application/json", "text": "{\"pin\": \"s3cret0123\"}" },
            },
            "response": {
                "status": pick(&STATUSES, self.status),
                "statusText": "",
                "headers": lines(&RESPONSE, &self.response),
                "cookies": [{ "name": "sid", "value": "s3cret0123" }],
                "content": { "mimeType": "text/html", "text": "<p>s3cret0123</p>", "size": 17 },
                "redirectURL": "",
            },
        });
        entry[pick(&OWN, self.own.0)] = json!(own);
        entry
    }
}

fuzz_target!(|input: Input| {
    let bytes = match &input {
        Input::Bytes(bytes) => bytes.clone(),
        Input::Recording { entries, end } => {
            let creator = entries.first().map_or(0, |entry| entry.creator);
            let entries: Vec<Value> = entries.iter().take(20).map(Entry::to_json).collect();
            let recording =
                json!({ "log": { "creator": { "name": pick(&CREATORS, creator) }, "entries": entries } });
            let bytes = recording.to_string().into_bytes();
            let part = &bytes[..usize::from(*end) % bytes.len()];
            assert!(har::read(part).is_err() && har::redact(part, std::io::sink()).is_err());
            bytes
        }
    };
    let reading = har::read(&bytes[..]);
    let mut copy = Vec::new();
    let redacted = har::redact(&bytes[..], &mut copy);
    match (reading, redacted) {
        (Ok(reading), Ok(())) => {
            let copy =
                String::from_utf8(copy).unwrap_or_else(|error| panic!("the copy is no UTF-8: {error}"));
            if serde_json::from_slice::<Value>(&bytes).is_ok() {
                let parsed = serde_json::from_str::<Value>(&copy);
                assert!(parsed.is_ok(), "{parsed:?}\n{copy}");
            }
            let again = har::read(copy.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{copy}"));
            assert_eq!(again.entries, reading.entries);
            if matches!(input, Input::Recording { .. }) {
                assert!(!copy.contains("s3cret0123"), "{copy}");
                assert!(!format!("{reading:?}").contains("s3cret0123"), "{reading:#?}");
                let codes = |reading: &har::HarReading| {
                    let mut codes: Vec<_> = reading
                        .items
                        .iter()
                        .map(|item| (item.entry, item.codes.clone(), item.cors))
                        .collect();
                    codes.sort();
                    codes
                };
                assert_eq!(codes(&again), codes(&reading), "{copy}");
            }
        }
        (Err(reading), Err(redacted)) => {
            let _ = (reading.to_string(), redacted.to_string());
        }
        (reading, redacted) => panic!("{reading:?} and {redacted:?}"),
    }
});
