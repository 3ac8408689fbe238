//! The header lines of an exchange that matter for CORS, and those that a reason is about.

use corsac::browser::{Credentials, Exchange, ExchangeKind, ReasonCode, Request};
use corsac::header::{HeaderLine, is_cors_header, names};
use corsac::origin::Origin;

/// Returns `true` for header lines of a request that matter for CORS. Reports also show those that script set.
///
/// ```
/// use corsac::header::HeaderList;
/// use corsac_explain::relevant_headers::request_line_matters;
///
/// let sent = HeaderList::from_iter([("Origin", "https://app.example"), ("Accept", "*/*")]);
/// let matters: Vec<bool> = sent.iter().map(request_line_matters).collect();
/// assert_eq!(matters, [true, false]);
/// ```
pub fn request_line_matters(line: &HeaderLine) -> bool {
    line.is(names::ORIGIN) || is_cors_header(&line.name)
}

/// Returns `true` for header lines of a response that matter for CORS, or show who answered.
///
/// ```
/// use corsac::header::HeaderList;
/// use corsac_explain::relevant_headers::response_line_matters;
///
/// let received = HeaderList::from_iter([("Vary", "Origin"), ("Date", "Sat, 28 Nov 2026 08:08:35 GMT")]);
/// let matters: Vec<bool> = received.iter().map(response_line_matters).collect();
/// assert_eq!(matters, [true, false]);
/// ```
pub fn response_line_matters(line: &HeaderLine) -> bool {
    const NAMES: &[&str] = &[
        names::VARY,
        names::LOCATION,
        names::SET_COOKIE,
        names::WWW_AUTHENTICATE,
        names::TIMING_ALLOW_ORIGIN,
        names::CROSS_ORIGIN_RESOURCE_POLICY,
        "allow",
        "server",
        "via",
        "cf-mitigated",
    ];
    is_cors_header(&line.name) || NAMES.iter().any(|name| line.is(name))
}

/// Returns `true` if the line allows something in this exchange. Browsers read lists of methods and headers only in the response to a preflight,
/// and no CORS header at all in a same-origin response.
///
/// ```
/// use corsac::browser::{Client, Exchange, ExchangeKind, RequestInit};
/// use corsac::{header::HeaderList, origin::Origin};
/// use corsac_explain::relevant_headers::allows;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// let mut sent = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// sent.headers.append("Origin", "https://app.example");
/// let received = HeaderList::from_iter([("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")]);
/// let allows: Vec<bool> = received.iter().map(|line| allows(line, &sent, &request)).collect();
/// assert_eq!(allows, [true, false]); // only a preflight's response is read for methods
/// ```
pub fn allows(line: &HeaderLine, sent: &Exchange, request: &Request) -> bool {
    if !sent.headers.contains(names::ORIGIN) || Origin::of(&sent.url) == *request.origin() {
        return false;
    }
    let names: &[&str] = match sent.kind {
        ExchangeKind::Preflight => {
            &[names::ACCESS_CONTROL_ALLOW_METHODS, names::ACCESS_CONTROL_ALLOW_HEADERS]
        }
        _ => &[names::ACCESS_CONTROL_EXPOSE_HEADERS],
    };
    line.is(names::ACCESS_CONTROL_ALLOW_ORIGIN)
        || line.is(names::ACCESS_CONTROL_ALLOW_CREDENTIALS)
            && request.init().credentials == Credentials::Include
        || names.iter().any(|name| line.is(name))
}

/// Returns the headers that are wrong or missing for this reason.
///
/// ```
/// use corsac::browser::ReasonCode;
/// use corsac_explain::relevant_headers::headers_of;
///
/// assert_eq!(headers_of(ReasonCode::HeaderNotAllowed), ["access-control-allow-headers"]);
/// ```
pub fn headers_of(code: ReasonCode) -> &'static [&'static str] {
    match code {
        ReasonCode::AllowOriginMissing
        | ReasonCode::AllowOriginMismatch
        | ReasonCode::AllowOriginMultiple
        | ReasonCode::AllowOriginInvalid
        | ReasonCode::CredentialsWildcard => &[names::ACCESS_CONTROL_ALLOW_ORIGIN],
        ReasonCode::AllowCredentialsNotTrue => &[names::ACCESS_CONTROL_ALLOW_CREDENTIALS],
        ReasonCode::AllowMethodsInvalid | ReasonCode::MethodNotAllowed => {
            &[names::ACCESS_CONTROL_ALLOW_METHODS]
        }
        ReasonCode::AllowHeadersInvalid
        | ReasonCode::HeaderNotAllowed
        | ReasonCode::AuthorizationWildcard => &[names::ACCESS_CONTROL_ALLOW_HEADERS],
        ReasonCode::PreflightRedirected
        | ReasonCode::RedirectCredentials
        | ReasonCode::SchemeNotHttp
        | ReasonCode::LocationInvalid => &[names::LOCATION],
        ReasonCode::ResourcePolicy => &[names::CROSS_ORIGIN_RESOURCE_POLICY],
        _ => &[],
    }
}
