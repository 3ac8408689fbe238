//! Findings: what works, or nearly works, and is fragile, costly or unsafe.

mod caching;
mod credentials;
mod exposure;
mod network;
mod preflight;
mod preflight_cache;
mod repeated;

use std::net::IpAddr;

use corsac::browser::{Carried, Credentials, Exchange, ExchangeKind, Outcome, Request, ResponseHead};
use corsac::header::names::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use corsac::header::{HeaderList, list_items};

pub(crate) use preflight::only_wildcard_covers_authorization;

/// Something worth changing, although it may not be what keeps the page from reading the response.
///
/// ```
/// use corsac::browser::Carried;
/// use corsac_explain::findings::{Controls, Evidence, FindingSeverity, findings};
/// # use corsac::browser::{Client, Exchange, ExchangeKind, FilteredResponse, Outcome, RequestInit, ResponseHead};
/// # use corsac::{header::HeaderList, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let exchange = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// # let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// let head = [("Access-Control-Allow-Origin", "null"), ("Access-Control-Allow-Credentials", "true")];
/// let seen = [Carried::new(exchange, Ok(ResponseHead::new(200, head)))];
/// # let evidence = Evidence::new(&request, &seen, &outcome);
/// let finding = &findings(&evidence)[0];
/// assert_eq!(finding.code, "null-origin-allowed");
/// assert_eq!(finding.severity, FindingSeverity::Problem); // any site can have the origin `null`: it takes a sandboxed frame
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Its stable name, one of [`CODES`].
    pub code: &'static str,
    /// How much it matters.
    pub severity: FindingSeverity,
    /// What there is to see, and what follows from it.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

/// How much a finding matters.
///
/// ```
/// use corsac_explain::findings::FindingSeverity;
/// assert!(FindingSeverity::Info < FindingSeverity::Warning && FindingSeverity::Warning < FindingSeverity::Problem);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a report has a style for each")]
pub enum FindingSeverity {
    /// Good to know; it costs time, or surprises.
    Info,
    /// It breaks for somebody, or will.
    Warning,
    /// It is unsafe, or broken.
    Problem,
}

impl FindingSeverity {
    /// The severity's name in JSON: `info`, `warning` or `problem`.
    ///
    /// ```
    /// assert_eq!(corsac_explain::findings::FindingSeverity::Problem.as_str(), "problem");
    /// ```
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
    "cookie-same-site",
    "credentials-useless",
    "duplicate-header",
    "expose-headers-invalid",
    "expose-wildcard-with-credentials",
    "http-origin",
    "ignored-request-header",
    "local-network-access",
    "max-age-invalid",
    "max-age-over-limit",
    "needless-preflight",
    "null-origin-allowed",
    "preflight-never-cached",
    "private-network-headers-obsolete",
    "reflects-any-origin",
    "response-header-not-exposed",
    "set-cookie-ignored",
    "static-allow-origin",
    "vary-missing",
    "vary-wrong",
];

/// The same request made in other ways, to tell a fixed header from one that depends on who asks.
///
/// A control may have gone to the page's URL with a query of its own, so that no cache hands its answer to others. Then its answer counts
/// only where the query cannot be the cause of a difference: see [`findings`].
///
/// ```
/// use corsac::browser::Carried;
/// use corsac_explain::findings::{Controls, Evidence, findings};
/// # use corsac::browser::{Client, Exchange, ExchangeKind, FilteredResponse, Outcome, RequestInit, ResponseHead};
/// # use corsac::{header::HeaderList, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let exchange = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// # let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// # let response = ResponseHead::new(200, [("Access-Control-Allow-Origin", "https://app.example"), ("Vary", "Origin")]);
/// # let seen = [Carried::new(exchange.clone(), Ok(response))];
/// // The same request as a page of an origin that nobody can know, and it is allowed as well.
/// let head = [("Access-Control-Allow-Origin", "https://a.invalid"), ("Access-Control-Allow-Credentials", "true")];
/// let control = Carried::new(exchange, Ok(ResponseHead::new(200, head)));
/// let mut evidence = Evidence::new(&request, &seen, &outcome);
/// evidence.controls.other_origin = Some(("https://a.invalid", &control));
/// assert_eq!(findings(&evidence)[0].code, "reflects-any-origin");
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Controls<'a> {
    /// The request without `Origin`, and the response to it.
    pub without_origin: Option<&'a Carried>,
    /// Another origin, one that no server can have on a list, and what was sent from it: the request, or its preflight.
    pub other_origin: Option<(&'a str, &'a Carried)>,
}

/// What findings are drawn from.
///
/// ```
/// use corsac::browser::Carried;
/// use corsac_explain::findings::{Controls, Evidence, findings};
/// # use corsac::browser::{Client, Exchange, ExchangeKind, FilteredResponse, Outcome, RequestInit, ResponseHead};
/// # use corsac::{header::HeaderList, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let exchange = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// # let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// let response = ResponseHead::new(200, [("Access-Control-Allow-Origin", "*"), ("Vary", "Origin")]);
/// let exchanges = [Carried::new(exchange, Ok(response))];
/// let evidence = Evidence::new(&request, &exchanges, &outcome);
/// assert!(findings(&evidence).is_empty()); // open to everybody, and well
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Evidence<'a> {
    /// The request.
    pub request: &'a Request,
    /// The exchanges that took place for it, in order.
    pub exchanges: &'a [Carried],
    /// How it ended.
    pub outcome: &'a Outcome,
    /// The controls.
    pub controls: Controls<'a>,
    /// The address that answered.
    pub address: Option<IpAddr>,
    /// Did the user hand us cookies to send along?
    pub cookies_given: bool,
}

impl<'a> Evidence<'a> {
    /// A fetch that was carried out so, without controls and cookies. The address is that of the first exchange that has one.
    ///
    /// ```
    /// use corsac::browser::{FilteredResponse, Outcome};
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// let outcome = Outcome::Opaque(FilteredResponse::opaque());
    /// let evidence = corsac_explain::findings::Evidence::new(&request, &[], &outcome);
    /// assert_eq!((evidence.address, evidence.cookies_given), (None, false));
    /// ```
    pub fn new(request: &'a Request, exchanges: &'a [Carried], outcome: &'a Outcome) -> Self {
        let address = exchanges.iter().find_map(|carried| carried.address);
        Self { request, exchanges, outcome, controls: Controls::default(), address, cookies_given: false }
    }
}

/// The findings, those that matter most first.
///
/// A control is compared with the page's exchange of its own kind, at the URL that the page asked for: a preflight with the preflight, the
/// request with the request. If the control went there with a query of its own, its headers are compared only where status and `Content-Type`
/// are the same. A success where the page got an error or no `Access-Control-Allow-Origin` counts as well; an error that only the control got
/// proves nothing.
///
/// ```
/// use corsac::browser::{Client, FilteredResponse, Outcome, RequestInit};
/// use corsac::origin::Origin;
/// use corsac_explain::findings::{Controls, Evidence, findings};
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
    let rules: [fn(&Evidence<'_>, &mut Vec<Finding>); 7] = [
        caching::find,
        credentials::find,
        preflight::find,
        preflight_cache::find,
        exposure::find,
        repeated::find,
        network::find,
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

impl<'a> Evidence<'a> {
    /// The exchanges of preflights that were answered.
    fn preflights(self) -> impl Iterator<Item = (&'a Exchange, &'a ResponseHead)> {
        self.answered().filter(|(exchange, _)| exchange.kind == ExchangeKind::Preflight)
    }

    /// The response to the request itself: the last one, after all redirects.
    fn response(self) -> Option<(&'a Exchange, &'a ResponseHead)> {
        self.answered().filter(|(exchange, _)| exchange.kind != ExchangeKind::Preflight).last()
    }

    /// What was answered to the request without `Origin`, if that counts.
    fn without_origin(self) -> Option<Compared<'a>> {
        self.compared(self.controls.without_origin?)
    }

    /// The other origin, and what was answered to it, if that counts.
    fn other_origin(self) -> Option<(&'a str, Compared<'a>)> {
        let (origin, control) = self.controls.other_origin?;
        Some((origin, self.compared(control)?))
    }

    fn compared(self, control: &'a Carried) -> Option<Compared<'a>> {
        let response = control.response()?;
        let kind = control.exchange.kind;
        let asked_url = &self.request.init().url;
        let page = self.answered().find(|(exchange, _)| exchange.kind == kind && exchange.url == *asked_url);
        let page = page.map(|(_, response)| response);
        let same_url = control.exchange.url == *asked_url;
        let comparable = same_url || page.is_some_and(|page| is_like(page, response));
        let counts = comparable || is_success(response) && page.is_none_or(falls_short);
        counts.then_some(Compared { kind, page, response, comparable })
    }

    fn answered(self) -> impl Iterator<Item = (&'a Exchange, &'a ResponseHead)> {
        self.exchanges.iter().filter_map(|carried| Some((&carried.exchange, carried.response()?)))
    }

    fn with_credentials(self) -> bool {
        self.request.init().credentials == Credentials::Include
    }

    fn is_readable(self) -> bool {
        matches!(self.outcome, Outcome::Readable(_))
    }
}

/// The answer to a control that counts, and the page's answer beside it, if there was one.
#[derive(Clone, Copy)]
struct Compared<'a> {
    kind: ExchangeKind,
    page: Option<&'a ResponseHead>,
    response: &'a ResponseHead,
    /// `true` if differences between the two come from who asks, and not from the query of the control.
    comparable: bool,
}

impl<'a> Compared<'a> {
    /// The answer to the request itself, not to its preflight, if its headers can be compared.
    fn comparable_request(self) -> Option<&'a ResponseHead> {
        (self.comparable && self.kind == ExchangeKind::Request).then_some(self.response)
    }
}

fn is_success(response: &ResponseHead) -> bool {
    (200..300).contains(&response.status)
}

/// An error, or no `Access-Control-Allow-Origin`: where a control does better, that says something, whatever its query.
fn falls_short(page: &ResponseHead) -> bool {
    !is_success(page) || allow_origin(page).is_none()
}

/// Returns `true` if it looks like the same thing.
fn is_like(page: &ResponseHead, control: &ResponseHead) -> bool {
    page.status == control.status && page.headers.get(CONTENT_TYPE) == control.headers.get(CONTENT_TYPE)
}

/// `Access-Control-Allow-Origin`, as text.
fn allow_origin(response: &ResponseHead) -> Option<String> {
    response.headers.text(ACCESS_CONTROL_ALLOW_ORIGIN)
}

fn allows_credentials(response: &ResponseHead) -> bool {
    response.headers.get(ACCESS_CONTROL_ALLOW_CREDENTIALS).as_deref() == Some(b"true")
}

/// Is `item` in the list that this header holds, over all its lines? Read leniently: one bad item does not hide the others.
fn lists(headers: &HeaderList, name: &str, item: &str) -> bool {
    headers.all(name).flat_map(list_items).any(|other| other.eq_ignore_ascii_case(item.as_bytes()))
}

/// Names in backquotes, with commas.
fn quoted(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
