//! The table of reasons: the code, the details and the evidence of each.

use std::fmt;

use super::super::exchange::NetworkErrorKind;
use super::super::reason_code::ReasonCode;
use super::Reason;

/// The evidence, by name.
pub(super) type Details<'a> = &'a [(&'static str, &'a dyn fmt::Display)];

impl Reason {
    /// The table of reasons. Passes the code, the details and one line of evidence to `read`, with values as received.
    pub(super) fn row<R>(&self, read: impl FnOnce(ReasonCode, Details<'_>, fmt::Arguments<'_>) -> R) -> R {
        use ReasonCode as Code;
        match self {
            Self::AllowOriginMissing => {
                read(Code::AllowOriginMissing, &[], format_args!("no Access-Control-Allow-Origin"))
            }
            Self::AllowOriginMismatch { value, origin } => read(
                Code::AllowOriginMismatch,
                &[("value", value), ("origin", origin)],
                format_args!("Access-Control-Allow-Origin: {value}, and the request's origin is {origin}"),
            ),
            Self::AllowOriginMultiple { value, lines: lines @ 1, .. } => read(
                Code::AllowOriginMultiple,
                &[("value", value), ("lines", lines)],
                format_args!("Access-Control-Allow-Origin: {value}"),
            ),
            Self::AllowOriginMultiple { value, lines, .. } => read(
                Code::AllowOriginMultiple,
                &[("value", value), ("lines", lines)],
                format_args!("{lines} lines of Access-Control-Allow-Origin, together: {value}"),
            ),
            Self::AllowOriginInvalid { value, .. } => read(
                Code::AllowOriginInvalid,
                &[("value", value)],
                format_args!("Access-Control-Allow-Origin: {value}, which is not an origin"),
            ),
            Self::CredentialsWildcard => read(
                Code::CredentialsWildcard,
                &[],
                format_args!("Access-Control-Allow-Origin: * with credentials"),
            ),
            Self::AllowCredentialsNotTrue { value: None } => {
                read(Code::AllowCredentialsNotTrue, &[], format_args!("no Access-Control-Allow-Credentials"))
            }
            Self::AllowCredentialsNotTrue { value: Some(value) } => read(
                Code::AllowCredentialsNotTrue,
                &[("value", value)],
                format_args!("Access-Control-Allow-Credentials: {value}"),
            ),
            Self::PreflightStatus { status } => {
                read(Code::PreflightStatus, &[("status", status)], format_args!("status {status}"))
            }
            Self::PreflightRedirected { status, location: None } => read(
                Code::PreflightRedirected,
                &[("status", status)],
                format_args!("status {status}, without Location"),
            ),
            Self::PreflightRedirected { status, location: Some(location) } => read(
                Code::PreflightRedirected,
                &[("status", status), ("location", location)],
                format_args!("status {status}, Location: {location}"),
            ),
            Self::AllowMethodsInvalid { value, token } => read(
                Code::AllowMethodsInvalid,
                &[("value", value), ("token", token)],
                format_args!("Access-Control-Allow-Methods: {value}, where {token:?} is not a method"),
            ),
            Self::AllowHeadersInvalid { value, token } => read(
                Code::AllowHeadersInvalid,
                &[("value", value), ("token", token)],
                format_args!("Access-Control-Allow-Headers: {value}, where {token:?} is not a header name"),
            ),
            Self::MethodNotAllowed { method, allowed: None } => read(
                Code::MethodNotAllowed,
                &[("method", method)],
                format_args!("no Access-Control-Allow-Methods for {method}"),
            ),
            Self::MethodNotAllowed { method, allowed: Some(allowed) } => read(
                Code::MethodNotAllowed,
                &[("method", method), ("allowed", allowed)],
                format_args!("Access-Control-Allow-Methods: {allowed}, without {method}"),
            ),
            Self::HeaderNotAllowed { name, allowed: None, .. } => read(
                Code::HeaderNotAllowed,
                &[("name", name)],
                format_args!("no Access-Control-Allow-Headers for {name}"),
            ),
            Self::HeaderNotAllowed { name, allowed: Some(allowed), .. } => read(
                Code::HeaderNotAllowed,
                &[("name", name), ("allowed", allowed)],
                format_args!("Access-Control-Allow-Headers: {allowed}, without {name}"),
            ),
            Self::AuthorizationWildcard { allowed } => read(
                Code::AuthorizationWildcard,
                &[("allowed", allowed)],
                format_args!("Access-Control-Allow-Headers: {allowed}, which does not cover Authorization"),
            ),
            Self::RedirectCredentials { location, .. } => read(
                Code::RedirectCredentials,
                &[("location", location)],
                format_args!("Location: {location}, with a user name or password"),
            ),
            Self::SchemeNotHttp { scheme, url } => read(
                Code::SchemeNotHttp,
                &[("scheme", scheme), ("url", url)],
                format_args!("{url} is neither http nor https"),
            ),
            Self::ModeSameOrigin => read(
                Code::ModeSameOrigin,
                &[],
                format_args!("mode same-origin, and the URL has another origin"),
            ),
            Self::NoCorsRedirectMode => {
                read(Code::NoCorsRedirectMode, &[], format_args!("mode no-cors needs redirect mode follow"))
            }
            Self::Network(error) => {
                read(network_code(error.kind), &[("message", &error.message)], format_args!("{error}"))
            }
            Self::MixedContent => {
                read(Code::MixedContent, &[], format_args!("an https page requested an http URL"))
            }
            Self::BadPort { port } => {
                read(Code::BadPort, &[("port", port)], format_args!("port {port} is blocked in browsers"))
            }
            Self::ResourcePolicy { value: Some(value), embedder_policy: None } => read(
                Code::ResourcePolicy,
                &[("value", value)],
                format_args!("Cross-Origin-Resource-Policy: {value}"),
            ),
            Self::ResourcePolicy { value, embedder_policy } => {
                let value = value.as_ref().map(|value| ("value", value as &dyn fmt::Display));
                let policy = embedder_policy.as_ref().map(|policy| ("embedder-policy", policy as _));
                let details: Vec<_> = value.into_iter().chain(policy).collect();
                read(
                    Code::ResourcePolicy,
                    &details,
                    format_args!(
                        "no valid Cross-Origin-Resource-Policy, and the page's embedder policy is {}",
                        embedder_policy.unwrap_or("unsafe-none")
                    ),
                )
            }
            Self::LocalNetworkDenied { space } => read(
                Code::LocalNetworkDenied,
                &[("space", &space.as_str())],
                format_args!("no permission for the {} address space", space.as_str()),
            ),
            Self::LocalNetworkInsecure { space } => read(
                Code::LocalNetworkInsecure,
                &[("space", &space.as_str())],
                format_args!("the page is not a secure context, and the address is {}", space.as_str()),
            ),
            Self::LocalNetworkMismatch { named, space } => {
                let (named, space) = (named.as_str(), space.as_str());
                read(
                    Code::LocalNetworkMismatch,
                    &[("named", &named), ("space", &space)],
                    format_args!("the request names the {named} address space, and the address is {space}"),
                )
            }
            Self::RedirectModeError => {
                read(Code::RedirectModeError, &[], format_args!("a redirect, in redirect mode error"))
            }
            Self::TooManyRedirects => {
                read(Code::TooManyRedirects, &[], format_args!("more than 20 redirects"))
            }
            Self::LocationInvalid { value } => {
                read(Code::LocationInvalid, &[("value", value)], format_args!("Location: {value}"))
            }
            Self::StreamBodyRedirected => {
                read(Code::StreamBodyRedirected, &[], format_args!("a streamed body cannot be sent again"))
            }
            Self::StreamBodyUnsupported => {
                read(Code::StreamBodyUnsupported, &[], format_args!("a streamed body cannot be sent here"))
            }
            Self::OpaqueResponseBlocked { media_type, why } => read(
                Code::OpaqueResponseBlocked,
                &[("type", media_type), ("why", why)],
                format_args!("media type {}: {why}", or_none(media_type)),
            ),
            Self::NoSniff { media_type } => read(
                Code::NoSniff,
                &[("type", media_type)],
                format_args!(
                    "X-Content-Type-Options: nosniff, and the media type {} is not a script's",
                    or_none(media_type)
                ),
            ),
            Self::LoadType { media_type, wanted } => read(
                Code::LoadType,
                &[("type", media_type), ("wanted", wanted)],
                format_args!("media type {}, which is not that of {wanted}", or_none(media_type)),
            ),
            Self::LoadStatus { status } => {
                read(Code::LoadStatus, &[("status", status)], format_args!("status {status}"))
            }
            Self::WebSocketRefused { status, missing: None } => read(
                Code::WebSocketRefused,
                &[("status", status)],
                format_args!("status {status} instead of 101"),
            ),
            Self::WebSocketRefused { status, missing: Some(missing) } => read(
                Code::WebSocketRefused,
                &[("status", status), ("missing", missing)],
                format_args!("status {status} without {missing}"),
            ),
            Self::RangeNotRequested { status } => read(
                Code::RangeNotRequested,
                &[("status", status)],
                format_args!("status {status} for a request without Range"),
            ),
        }
    }
}

fn or_none(media_type: &str) -> &str {
    if media_type.is_empty() { "(none)" } else { media_type }
}

/// The code of an exchange that brought no response.
fn network_code(kind: NetworkErrorKind) -> ReasonCode {
    match kind {
        NetworkErrorKind::Dns => ReasonCode::DnsFailed,
        NetworkErrorKind::Refused => ReasonCode::ConnectionRefused,
        NetworkErrorKind::Unreachable => ReasonCode::HostUnreachable,
        NetworkErrorKind::Closed => ReasonCode::ConnectionClosed,
        NetworkErrorKind::Timeout => ReasonCode::TimedOut,
        NetworkErrorKind::TlsExpired => ReasonCode::TlsCertificateExpired,
        NetworkErrorKind::TlsNameMismatch => ReasonCode::TlsNameMismatch,
        NetworkErrorKind::TlsUntrusted => ReasonCode::TlsUntrusted,
        NetworkErrorKind::TlsProtocol => ReasonCode::TlsFailed,
        NetworkErrorKind::Malformed => ReasonCode::ResponseMalformed,
        NetworkErrorKind::Proxy => ReasonCode::ProxyFailed,
    }
}
