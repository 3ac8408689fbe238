//! Which headers of a copied request are the browser's own. If script set them, some would need a preflight.

use corsac::header::is_forbidden_request_header;
use corsac::header::names::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, PRAGMA, USER_AGENT};

use super::Kind;

/// Who sets a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setter {
    Script,
    Browser,
}

/// Names that browsers add and that are neither forbidden to script nor part of the standard.
const BROWSERS_OWN: [&str; 9] = [
    "authority",
    "dnt",
    "priority",
    "save-data",
    "sec-gpc",
    "upgrade-insecure-requests",
    "x-browser-channel",
    "x-browser-validation",
    "x-client-data",
];

/// The parts of HTTP/2's request line, which PowerShell's copies have among the headers.
const PSEUDO_HEADERS: [&str; 4] = ["authority", "method", "path", "scheme"];

/// What all header lines of a request together say about where it comes from.
#[derive(Clone, Copy)]
pub(super) struct Signs {
    kind: Kind,
    /// Whether a browser sent it: only browsers send `Sec-Fetch-*`, and only they name themselves `Mozilla`.
    pub(super) is_copy: bool,
    /// Whether the cache was off, as while the developer tools are open. Browsers then add both `Cache-Control` and `Pragma`.
    is_uncached: bool,
    /// Whether the lines include HTTP/2's request line.
    has_pseudo_headers: bool,
}

impl Signs {
    pub(super) fn of(lines: &[(String, Vec<u8>)], kind: Kind) -> Self {
        let has = |wanted: &str| lines.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let by_browser = |(name, value): &(String, Vec<u8>)| {
            let is_agent = name.eq_ignore_ascii_case(USER_AGENT) && value.starts_with(b"Mozilla/");
            let name = name.to_ascii_lowercase();
            is_agent || name.starts_with("sec-fetch-") || name.starts_with("sec-ch-")
        };
        Self {
            kind,
            is_copy: lines.iter().any(by_browser),
            is_uncached: has(CACHE_CONTROL) && has(PRAGMA),
            has_pseudo_headers: kind == Kind::PowerShell && has("authority"),
        }
    }

    /// Returns who sets a header of the request.
    pub(super) fn setter(self, name: &str, value: &str) -> Setter {
        let name = name.to_ascii_lowercase();
        let is_code = matches!(self.kind, Kind::Fetch | Kind::NodeFetch);
        let is_browsers = match name.as_str() {
            // Chromium and WebKit let no script set it, and in a copy it is the browser's. Only code can mean it.
            USER_AGENT => !is_code || value.starts_with("Mozilla/"),
            name if name.starts_with(':') || is_forbidden_request_header(name, value.as_bytes()) => true,
            name if PSEUDO_HEADERS.contains(&name) && self.has_pseudo_headers => true,
            // The rest only if a browser certainly sent it: a person who writes them means them.
            _ if !self.is_copy => false,
            name if BROWSERS_OWN.contains(&name) => true,
            ACCEPT => is_default_accept(value),
            ACCEPT_LANGUAGE | "if-none-match" | "if-modified-since" => true,
            CACHE_CONTROL => self.is_uncached && value == "no-cache" || value == "max-age=0",
            PRAGMA => self.is_uncached && value == "no-cache",
            _ => false,
        };
        if is_browsers { Setter::Browser } else { Setter::Script }
    }
}

/// Returns `true` for what browsers send if script names nothing, and for what they send for documents, images and styles.
fn is_default_accept(value: &str) -> bool {
    ["text/html,application/xhtml+xml", "image/", "text/css,"].iter().any(|start| value.starts_with(start))
        || value == "*/*"
}
