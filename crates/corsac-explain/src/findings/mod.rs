//! Findings: what works, or nearly works, but is fragile, costly or unsafe.

mod caching;
mod credentials;
mod embedding;
mod entries;
mod exposure;
mod hsts;
mod network;
mod next_request;
mod page_instead;
mod preflight;
mod preflight_cache;
mod protocols;
mod refused_readably;
mod repeated;
mod response;
mod web_socket;

use corsac::browser::ResponseHead;
use corsac::header::names::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};
use corsac::header::{HeaderList, list_items};
use serde_json::{Value, json};

use crate::evidence::Evidence;

pub use entries::{FindingEntry, entries, entry};
pub(crate) use exposure::not_exposed;
pub(crate) use preflight::only_wildcard_covers_authorization;

/// Something worth changing, although it may not be what keeps the page from reading the response.
///
/// ```
/// use corsac::browser::CompletedExchange;
/// use corsac_explain::Evidence;
/// use corsac_explain::findings::{FindingSeverity, findings};
/// # use corsac::browser::{Client, Exchange, ExchangeKind, FilteredResponse, Outcome, RequestInit, ResponseHead};
/// # use corsac::{header::HeaderList, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let exchange = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// # let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// let head = [("Access-Control-Allow-Origin", "null"), ("Access-Control-Allow-Credentials", "true")];
/// let seen = [CompletedExchange::new(exchange, Ok(ResponseHead::new(200, head)))];
/// # let evidence = Evidence::new(&request, &seen, &outcome);
/// let finding = &findings(&evidence)[0];
/// assert_eq!(finding.code, "null-origin-allowed");
/// assert_eq!(finding.severity, FindingSeverity::Problem); // any site can get the origin `null`, with a sandboxed frame
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Its stable name, one of [`CODES`].
    pub code: &'static str,
    /// How much it matters.
    pub severity: FindingSeverity,
    /// What was observed, and what follows from it.
    pub message: String,
    /// What to write instead. A command to paste follows on a line of its own.
    pub fix: String,
}

impl Finding {
    /// Returns it as in the JSON of `corsac.check/2`.
    ///
    /// ```
    /// # use corsac::browser::{Client, CompletedExchange, Exchange, ExchangeKind, FilteredResponse, Outcome, RequestInit, ResponseHead};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let url: url::Url = "https://api.example/items".parse().unwrap();
    /// # let request = RequestInit::new(url.clone(), page).build().unwrap();
    /// # let outcome = Outcome::Opaque(FilteredResponse::opaque());
    /// # let mut exchange = Exchange::new(ExchangeKind::Request, "GET", url);
    /// # exchange.headers.append("origin", "https://app.example");
    /// # let head = ResponseHead::new(200, [("access-control-allow-origin", "https://app.example")]);
    /// # let seen = [CompletedExchange::new(exchange, Ok(head))];
    /// let evidence = corsac_explain::Evidence::new(&request, &seen, &outcome);
    /// let finding = corsac_explain::findings(&evidence)[0].to_json();
    /// assert_eq!((&finding["code"], &finding["severity"]), (&"vary-missing".into(), &"warning".into()));
    /// ```
    pub fn to_json(&self) -> Value {
        json!({
            "code": self.code,
            "severity": self.severity.as_str(),
            "message": self.message,
            "fix": self.fix,
        })
    }
}

/// How much a finding matters.
///
/// ```
/// use corsac_explain::findings::FindingSeverity;
/// assert!(FindingSeverity::Info < FindingSeverity::Warning && FindingSeverity::Warning < FindingSeverity::Problem);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a report has a style for each severity")]
pub enum FindingSeverity {
    /// Good to know: it costs time, or is surprising.
    Info,
    /// It breaks for some users, or will break.
    Warning,
    /// It is unsafe, or broken.
    Problem,
}

impl FindingSeverity {
    /// Returns the severity's name in JSON: `info`, `warning` or `problem`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// The codes of all findings.
///
/// ```
/// assert!(corsac_explain::findings::CODES.contains(&"vary-missing"));
/// ```
pub const CODES: &[&str] = &[
    "allow-headers-wildcard-with-credentials",
    "allow-methods-wildcard-with-credentials",
    "authorization-under-wildcard",
    "body-breaks-off",
    "body-not-waited-for",
    "cookie-same-site",
    "credentials-useless",
    "duplicate-header",
    "embedding-refused",
    "expose-headers-invalid",
    "expose-wildcard-with-credentials",
    "html-where-data-was-asked",
    "http-origin",
    "https-only-host",
    "ignored-request-header",
    "local-network-access",
    "location-is-http",
    "login-page-read",
    "max-age-invalid",
    "max-age-over-limit",
    "method-changed-by-redirect",
    "needless-preflight",
    "next-request-refused",
    "null-origin-allowed",
    "preflight-never-cached",
    "protocol-header-not-exposed",
    "reflects-any-origin",
    "refused-readably",
    "refused-where-it-is-now",
    "response-header-not-exposed",
    "set-cookie-ignored",
    "static-allow-origin",
    "vary-missing",
    "vary-wrong",
    "websocket-any-origin",
];

/// Returns the findings, the most severe first.
///
/// A control is compared with the page's exchange of the same kind at the URL that the page requested: a preflight with the preflight, the
/// request with the request. If the control had a different query, its headers are compared only if status and `Content-Type` are the same.
/// A success where the page got an error or no `Access-Control-Allow-Origin` counts as well; an error that only the control got proves
/// nothing.
///
/// ```
/// use corsac::browser::{Client, FilteredResponse, Outcome, RequestInit};
/// use corsac::origin::Origin;
/// use corsac_explain::{Evidence, findings};
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page);
/// init.headers.append("Cookie", "a=b");
/// let request = init.build().unwrap();
/// let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// let evidence = Evidence::new(&request, &[], &outcome);
/// assert_eq!(findings(&evidence)[0].code, "ignored-request-header");
/// ```
pub fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let rules: &[fn(&Evidence<'_>, &mut Vec<Finding>)] = &[
        caching::find,
        credentials::find,
        preflight::find,
        preflight_cache::find,
        protocols::find,
        exposure::find,
        repeated::find,
        response::find,
        refused_readably::find,
        page_instead::find,
        embedding::find,
        hsts::find,
        network::find,
        next_request::find,
        web_socket::find,
    ];
    let mut found = Vec::new();
    for rule in rules {
        rule(evidence, &mut found);
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

impl Finding {
    fn new(
        code: &'static str,
        severity: FindingSeverity,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { code, severity, message: message.into(), fix: fix.into() }
    }
}

/// The value of `Access-Control-Allow-Origin`.
pub(crate) fn allow_origin(response: &ResponseHead) -> Option<String> {
    response.headers.text(ACCESS_CONTROL_ALLOW_ORIGIN)
}

fn allows_credentials(response: &ResponseHead) -> bool {
    response.headers.get(ACCESS_CONTROL_ALLOW_CREDENTIALS).as_deref() == Some(b"true")
}

/// Returns `true` if `item` is in the list of this header, in any of its lines. Invalid items are ignored.
pub(crate) fn lists(headers: &HeaderList, name: &str, item: &str) -> bool {
    headers.all(name).flat_map(list_items).any(|other| other.eq_ignore_ascii_case(item.as_bytes()))
}

/// The names in backquotes, separated by commas.
fn quoted(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
