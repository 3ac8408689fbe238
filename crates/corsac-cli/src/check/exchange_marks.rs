//! Which header lines of an exchange matter for CORS, and which of them a reason is about.

use corsac::browser::ReasonCode;
use corsac::header::{HeaderLine, is_cors_header, names};

/// Header lines of a request that CORS is about. What script set is shown besides.
pub(super) fn request_line_matters(line: &HeaderLine) -> bool {
    line.is(names::ORIGIN) || is_cors_header(&line.name)
}

/// Header lines of a response that matter.
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

/// Does the line allow something?
pub(super) fn allows(line: &HeaderLine) -> bool {
    starts_with(line, "access-control-allow-") || line.is(names::ACCESS_CONTROL_EXPOSE_HEADERS)
}

/// The headers that a reason is about: wrong, or missing.
pub(super) fn guilty_headers(code: ReasonCode) -> &'static [&'static str] {
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

fn starts_with(line: &HeaderLine, start: &str) -> bool {
    line.name.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start))
}
