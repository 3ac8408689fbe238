//! The steps of the diagram, and their JSON.

use corsac::origin::Origin;
use serde_json::{Value, json};
use url::{Position, Url};

use super::line::Line;

/// One step of the diagram: an arrow, or what happened between two.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// # use corsac::origin::Origin;
/// use corsac_explain::sequence::{Step, steps};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let fetch = Fetch::new(request.clone(), Engine::Chromium.profile());
/// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(ResponseHead::new(200, [("Vary", "Origin")])));
/// let steps = steps(&request, &fetched, Engine::Chromium, &[]);
/// assert_eq!(steps[3], Step::End { verdict: "blocked", text: "`TypeError`: Failed to fetch".to_owned() });
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// The page asks the browser.
    #[non_exhaustive]
    Call {
        /// What it called, and with what.
        text: String,
        /// Why a preflight comes first, or why not.
        note: String,
    },
    /// The browser looks into its preflight cache.
    #[non_exhaustive]
    Lookup {
        /// Whether the cache allows the request.
        found: bool,
        /// What was found.
        note: String,
    },
    /// A request, from the browser to the server.
    #[non_exhaustive]
    Sent {
        /// `preflight`, `request`, `redirect` or `control`.
        kind: &'static str,
        /// For a control, its name.
        what: Option<&'static str>,
        /// For a control, how it differs from the page's request.
        note: Option<String>,
        /// The method.
        method: String,
        /// The URL.
        url: Url,
        /// The header lines that matter.
        lines: Vec<Line>,
        /// How many more matter and were left out.
        more: usize,
    },
    /// What came back.
    #[non_exhaustive]
    Received {
        /// As in [`Step::Sent`].
        kind: &'static str,
        /// The status; `None` without a response.
        status: Option<u16>,
        /// How long it took, in milliseconds.
        ms: Option<f64>,
        /// Why there is no response.
        error: Option<String>,
        /// The lines that were judged, and the others that matter.
        lines: Vec<Line>,
        /// How many more matter and were left out.
        more: usize,
    },
    /// A redirect led to another origin.
    #[non_exhaustive]
    Hop {
        /// The new origin.
        host: String,
        /// What changes.
        note: String,
    },
    /// Redirects that are not shown.
    #[non_exhaustive]
    Fold {
        /// How many.
        count: usize,
    },
    /// The request that never left the browser.
    #[non_exhaustive]
    Unsent {
        /// The method.
        method: String,
        /// The URL.
        url: Url,
        /// Why it was not sent, if no response is the reason.
        lines: Vec<Line>,
    },
    /// What the page gets.
    End {
        /// The verdict, or `allowed` if only the preflight was to be sent.
        verdict: &'static str,
        /// What script sees.
        text: String,
    },
}

impl Step {
    /// Returns the step as JSON: an object whose field `step` names its kind.
    ///
    /// ```
    /// use corsac_explain::sequence::Step;
    ///
    /// let end = Step::End { verdict: "readable", text: "`Response` 200, body, 2 headers".to_owned() };
    /// assert_eq!(end.to_json()["step"], "end");
    /// ```
    pub fn to_json(&self) -> Value {
        match self {
            Self::Call { text, note } => json!({ "step": "call", "text": text, "note": note }),
            Self::Lookup { found, note } => json!({ "step": "lookup", "found": found, "note": note }),
            Self::Sent { kind, what, note, method, url, lines, more } => json!({
                "step": "sent",
                "kind": kind,
                "what": what,
                "note": note,
                "method": method,
                "target": target(url),
                "url": url.as_str(),
                "host": host(url),
                "lines": all(lines),
                "more": more,
            }),
            Self::Received { kind, status, ms, error, lines, more } => json!({
                "step": "received",
                "kind": kind,
                "status": status,
                "reason": status.map(reason_phrase),
                "ms": ms,
                "error": error,
                "lines": all(lines),
                "more": more,
            }),
            Self::Hop { host, note } => json!({ "step": "hop", "host": host, "note": note }),
            Self::Fold { count } => json!({ "step": "fold", "count": count }),
            Self::Unsent { method, url, lines } => json!({
                "step": "unsent",
                "method": method,
                "target": target(url),
                "host": host(url),
                "lines": all(lines),
            }),
            Self::End { verdict, text } => json!({ "step": "end", "verdict": verdict, "text": text }),
        }
    }

    /// The lines of the step.
    pub(super) fn lines(&self) -> &[Line] {
        match self {
            Self::Sent { lines, .. } | Self::Received { lines, .. } | Self::Unsent { lines, .. } => lines,
            _ => &[],
        }
    }
}

fn all(lines: &[Line]) -> Vec<Value> {
    lines.iter().map(Line::to_json).collect()
}

/// Returns the path and the query; the whole URL if it has no path of its own.
fn target(url: &Url) -> &str {
    if url.cannot_be_a_base() {
        return url.as_str();
    }
    &url[Position::BeforePath..Position::AfterQuery]
}

pub(super) fn host(url: &Url) -> String {
    let origin = Origin::of(url);
    if origin.is_opaque() { format!("{}:", url.scheme()) } else { origin.as_str().to_owned() }
}

fn reason_phrase(status: u16) -> &'static str {
    let known = http::StatusCode::from_u16(status).ok();
    known.and_then(|status| status.canonical_reason()).unwrap_or_default()
}
