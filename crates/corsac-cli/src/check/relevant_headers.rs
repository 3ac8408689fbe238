//! The header lines of an exchange that matter for CORS, and those that a reason is about.

use corsac::browser::{Credentials, Exchange, ExchangeKind, ReasonCode, Request};
use corsac::header::{HeaderLine, is_cors_header, names};
use corsac::origin::Origin;

/// Returns `true` for header lines of a request that matter for CORS. Those set by script are printed too.
pub(super) fn request_line_matters(line: &HeaderLine) -> bool {
    line.is(names::ORIGIN) || is_cors_header(&line.name)
}

/// Returns `true` for header lines of a response that matter for CORS.
pub(super) fn response_line_matters(line: &HeaderLine) -> bool {
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
pub(super) fn allows(line: &HeaderLine, sent: &Exchange, request: &Request) -> bool {
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
pub(super) fn headers_of(code: ReasonCode) -> &'static [&'static str] {
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
