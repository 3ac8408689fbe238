//! An observation: what script could read, and what was sent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::case::Case;

/// What one run of a case showed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// One for each request of the case.
    pub calls: Vec<Seen>,
    /// The requests in the order in which they arrived.
    pub wire: Vec<WireRequest>,
    /// What the browser wrote to its console about this case, as in its log; see [`crate::console`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub console: Vec<String>,
}

impl fmt::Display for Observation {
    /// For a person to read: `>` what was sent, `=` what script saw, `!` console lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = |lines: &[(String, String)]| -> String {
            lines.iter().map(|(name, value)| format!("  {name}: {value}")).collect()
        };
        for request in &self.wire {
            writeln!(f, "    > {} {}{}", request.method, request.url, fields(&request.headers))?;
        }
        for call in &self.calls {
            let error = call.error.as_deref().unwrap_or_default();
            let kind = call.kind.as_deref().unwrap_or_default();
            let status = call.status.map(|status| status.to_string()).unwrap_or_default();
            writeln!(f, "    = {} {kind} {status} {error}{}", call.verdict, fields(&call.headers))?;
        }
        for line in &self.console {
            writeln!(f, "    ! {line}")?;
        }
        Ok(())
    }
}

/// What script saw of one request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// `readable`, `opaque`, `error`, or `timeout`.
    pub verdict: String,
    /// `Response.type`; XMLHttpRequest has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// As script iterates over them: in lower case, sorted, one per name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirected: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The exception in the browser's words, or in Corsac's for a profile. Not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// One request that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WireRequest {
    pub method: String,
    pub url: String,
    /// In lower case, sorted, with lines of one name joined. Headers that differ from browser to browser anyway are left out.
    pub headers: Vec<(String, String)>,
}

/// Headers that no case tests: they belong to the connection, or reveal the browser's version.
const NOISE: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "dnt",
    "host",
    // WebKitGTK's media library asks internet radio stations for titles.
    "icy-metadata",
    "priority",
    "sec-gpc",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-fetch-storage-access",
    "te",
    "transfer-encoding",
    "upgrade-insecure-requests",
];

/// Headers that every browser sends with its own values. They matter only if script sets them.
const DEFAULTED: &[&str] = &["accept", "accept-language", "user-agent"];

impl WireRequest {
    /// From lines as received or as a profile sends them.
    pub fn new<'l>(
        method: &str,
        url: String,
        lines: impl Iterator<Item = (&'l str, &'l [u8])>,
        case: &Case,
    ) -> Self {
        let mut headers = combined(lines.map(|(name, value)| (name.to_ascii_lowercase(), latin1(value))));
        headers.retain(|(name, value)| matters(method, name, value, case));
        Self { method: method.to_owned(), url, headers }
    }

    /// Returns `true` for a preflight.
    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS"
            && self.headers.iter().any(|(name, _)| name == "access-control-request-method")
    }
}

fn matters(method: &str, name: &str, value: &str, case: &Case) -> bool {
    if NOISE.contains(&name) || name.starts_with("sec-ch-") {
        return false;
    }
    if !DEFAULTED.contains(&name) {
        return true;
    }
    // The types that an element accepts depend on the element.
    if name == "accept" && case.calls().any(|call| call.load.is_some()) {
        return true;
    }
    let set_by_script = case.calls().flat_map(|call| &call.headers).any(|(given, text)| {
        let set = |part: &str| !part.is_empty() && ascii_only(part) == ascii_only(text.trim());
        given.eq_ignore_ascii_case(name) && value.split(',').map(str::trim).any(set)
    });
    method != "OPTIONS" && value != "*/*" && set_by_script
}

/// Lines of one name joined with `, `, sorted by name, as `Headers` iterates over them.
pub fn combined(lines: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut joined: Vec<(String, String)> = Vec::new();
    for (name, value) in lines {
        match joined.iter_mut().find(|(known, _)| *known == name) {
            Some((_, text)) => {
                text.push_str(", ");
                text.push_str(&value);
            }
            None => joined.push((name, value)),
        }
    }
    joined.sort();
    joined
}

/// Replaces bytes above ASCII, which engines encode differently: some as Latin-1, some as UTF-8.
pub fn ascii_only(text: &str) -> String {
    let mut plain: String = text.chars().map(|char| if char.is_ascii() { char } else { '?' }).collect();
    while plain.contains("??") {
        plain = plain.replace("??", "?");
    }
    plain
}

/// Bytes as a string, one character for each, as JavaScript shows header values.
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The reverse. A character above U+00FF, which no header can contain, becomes `?`.
pub fn to_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|char| u8::try_from(u32::from(char)).unwrap_or(b'?')).collect()
}
