//! Firefox. Its messages are translated: these are the English ones, with typographic quotes.

use corsac::browser::{
    Api, Credentials, ExchangeKind, Mode, Reason, ReasonCode as Code, Refusal, Request, Stage,
};
use corsac::header::is_non_wildcard_request_header_name;
use corsac::header::names::ACCESS_CONTROL_REQUEST_HEADERS;
use corsac::origin::Origin;
use url::Url;

use super::Part::{Frame, Line};
use super::{Part, Template, is_redirect, page_url, redirecting_url, wrong_allow_origin};
use crate::findings::{SeenExchange, only_wildcard_covers_authorization};

const FRAME: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. \
     (Reason: {reason}).",
);
const FRAME_STATUS: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. \
     (Reason: {reason}). Status code: {status}.",
);
/// One message has its URL in quotes.
const FRAME_QUOTED: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ‘{url}’. \
     (Reason: {reason}).",
);
const FRAME_WARNING: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at {url} \
     soon. (Reason: {reason}).",
);

const fn reason(key: &'static str, codes: &'static [Code], text: &'static str) -> Template {
    Template::new(Part::Reason, key, codes, text)
}

const fn line(codes: &'static [Code], text: &'static str) -> Template {
    Template::new(Line, "", codes, text)
}

const MISSING: Template = reason(
    "CORSMissingAllowOrigin2",
    &[Code::AllowOriginMissing],
    "CORS header ‘Access-Control-Allow-Origin’ missing",
);
const MISMATCH: Template = reason(
    "CORSAllowOriginNotMatchingOrigin",
    &[Code::AllowOriginMismatch, Code::AllowOriginInvalid, Code::AllowOriginMultiple],
    "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’",
);
const MULTIPLE: Template = reason(
    "CORSMultipleAllowOriginNotAllowed",
    &[Code::AllowOriginMultiple],
    "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed",
);
const WILDCARD: Template = reason(
    "CORSNotSupportingCredentials",
    &[Code::CredentialsWildcard],
    "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
);
const CREDENTIALS: Template = reason(
    "CORSMissingAllowCredentials",
    &[Code::AllowCredentialsNotTrue],
    "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
);
const METHOD: Template = reason(
    "CORSMethodNotFound",
    &[Code::MethodNotAllowed],
    "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
);
const METHODS_INVALID: Template = reason(
    "CORSInvalidAllowMethod",
    &[Code::AllowMethodsInvalid],
    "invalid token ‘{token}’ in CORS header ‘Access-Control-Allow-Methods’",
);
const HEADERS_INVALID: Template = reason(
    "CORSInvalidAllowHeader",
    &[Code::AllowHeadersInvalid],
    "invalid token ‘{token}’ in CORS header ‘Access-Control-Allow-Headers’",
);
const HEADER: Template = reason(
    "CORSMissingAllowHeaderFromPreflight2",
    &[Code::HeaderNotAllowed],
    "header ‘{name}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight \
     response",
);
const PREFLIGHT: Template = reason(
    "CORSPreflightDidNotSucceed3",
    &[Code::PreflightStatus, Code::PreflightRedirected],
    "CORS preflight response did not succeed",
);
const EXTERNAL_REDIRECT: Template = reason(
    "CORSExternalRedirectNotAllowed",
    &[Code::PreflightRedirected],
    "CORS request external redirect not allowed",
);
/// For every failure of the network, and as a second line after every failure of a preflight or a redirect.
const DID_NOT_SUCCEED: Template = reason(
    "CORSDidNotSucceed2",
    &[
        Code::DnsFailed,
        Code::ConnectionRefused,
        Code::HostUnreachable,
        Code::ConnectionClosed,
        Code::TimedOut,
        Code::TlsCertificateExpired,
        Code::TlsNameMismatch,
        Code::TlsUntrusted,
        Code::TlsFailed,
        Code::ResponseMalformed,
        Code::ProxyFailed,
        Code::RedirectCredentials,
        Code::TooManyRedirects,
        Code::LocationInvalid,
        Code::LocalNetworkDenied,
    ],
    "CORS request did not succeed",
);
const NOT_HTTP: Template = reason("CORSRequestNotHttp", &[Code::SchemeNotHttp], "CORS request not http");
/// Source.
const ORIGIN_NOT_ADDED: Template =
    reason("CORSOriginHeaderNotAdded", &[], "CORS header ‘Origin’ cannot be added");
/// Source; with the preference `content.cors.disable`.
const DISABLED: Template = reason("CORSDisabled", &[], "CORS disabled");
/// In the warning's frame: the request goes on.
const AUTHORIZATION_WARNING: Template = reason(
    "CORSAllowHeaderFromPreflightDeprecation",
    &[Code::AuthorizationWildcard],
    "When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To include \
     the `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`",
);

const MODE_LINE: Template =
    line(&[Code::ModeSameOrigin], "Security Error: Content at {page} may not load data from {url}.");
const FILE_LINE: Template =
    line(&[Code::SchemeNotHttp], "Security Error: Content at {page} may not load or link to {url}.");
const DATA_LINE: Template =
    line(&[Code::SchemeNotHttp], "Redirecting to data: URI not allowed (Blocked loading of: “{url}”)");
const MIXED_LINE: Template = line(&[Code::MixedContent], "Blocked loading mixed active content “{url}”");
const RESOURCE_POLICY_LINE: Template = line(
    &[Code::ResourcePolicy],
    "The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). \
     See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#",
);
const EXCEPTION: Template = line(&[], "TypeError: NetworkError when attempting to fetch resource.");

pub(super) const TEMPLATES: &[&Template] = &[
    &FRAME_STATUS,
    &FRAME,
    &FRAME_QUOTED,
    &FRAME_WARNING,
    &MISSING,
    &MISMATCH,
    &MULTIPLE,
    &WILDCARD,
    &CREDENTIALS,
    &METHOD,
    &METHODS_INVALID,
    &HEADERS_INVALID,
    &HEADER,
    &PREFLIGHT,
    &EXTERNAL_REDIRECT,
    &DID_NOT_SUCCEED,
    &NOT_HTTP,
    &ORIGIN_NOT_ADDED,
    &DISABLED,
    &AUTHORIZATION_WARNING,
    &MODE_LINE,
    &FILE_LINE,
    &DATA_LINE,
    &MIXED_LINE,
    &RESOURCE_POLICY_LINE,
    &EXCEPTION,
    // What older versions printed.
    &reason(
        "CORSPreflightDidNotSucceed",
        &[Code::PreflightStatus, Code::PreflightRedirected],
        "CORS preflight channel did not succeed",
    )
    .formerly("older versions"),
    &reason(
        "CORSMissingAllowHeaderFromPreflight",
        &[Code::HeaderNotAllowed],
        "missing token ‘{name}’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel",
    )
    .formerly("older versions"),
];

pub(super) fn lines(refusal: &Refusal, request: &Request) -> Vec<String> {
    let mut lines = own_lines(refusal, request);
    lines.extend(did_not_succeed(refusal, request));
    if lines.is_empty() && request.init().api == Api::Fetch {
        lines.push(EXCEPTION.text.to_owned());
    }
    lines
}

/// What says why, if anything does.
fn own_lines(refusal: &Refusal, request: &Request) -> Vec<String> {
    let url = refusal.url.as_str();
    let framed = |reason: &str| vec![FRAME.fill(&[("url", url), ("reason", reason)])];
    let printed = match (&refusal.reason, &refusal.cors_reason) {
        // Behind a redirect of the preflight Firefox looks at the CORS check first.
        (Reason::PreflightRedirected { .. }, Some(failed)) => failed,
        _ => refusal.printed_reason(),
    };
    match printed {
        Reason::AllowOriginMissing => vec![with_status(refusal, MISSING)],
        Reason::AllowOriginMultiple { lines, .. } if *lines > 1 => framed(MULTIPLE.text),
        Reason::AllowOriginMismatch { .. }
        | Reason::AllowOriginInvalid { .. }
        | Reason::AllowOriginMultiple { .. } => {
            let value = wrong_allow_origin(printed).map(|(value, _)| value).unwrap_or_default();
            framed(&MISMATCH.fill(&[("value", value)]))
        }
        Reason::CredentialsWildcard => vec![FRAME_QUOTED.fill(&[("url", url), ("reason", WILDCARD.text)])],
        Reason::AllowCredentialsNotTrue { .. } => framed(CREDENTIALS.text),
        Reason::PreflightStatus { .. } => vec![with_status(refusal, PREFLIGHT)],
        Reason::PreflightRedirected { .. } => {
            let mut lines = framed(EXTERNAL_REDIRECT.text);
            lines.push(with_status(refusal, PREFLIGHT));
            lines
        }
        Reason::MethodNotAllowed { .. } => framed(METHOD.text),
        Reason::AllowMethodsInvalid { token, .. } => framed(&METHODS_INVALID.fill(&[("token", token)])),
        Reason::AllowHeadersInvalid { token, .. } => framed(&HEADERS_INVALID.fill(&[("token", token)])),
        Reason::HeaderNotAllowed { name, .. } => {
            framed(&HEADER.fill(&[("name", &name.to_ascii_lowercase())]))
        }
        Reason::SchemeNotHttp { scheme, .. } => match (scheme.as_str(), refusal.stage) {
            ("data", _) => vec![DATA_LINE.fill(&[("url", url)])],
            ("file", Stage::Start) => on_page(FILE_LINE, refusal, request),
            _ => framed(NOT_HTTP.text),
        },
        Reason::ModeSameOrigin => on_page(MODE_LINE, refusal, request),
        Reason::MixedContent => vec![MIXED_LINE.fill(&[("url", url)])],
        Reason::ResourcePolicy { .. } => vec![RESOURCE_POLICY_LINE.fill(&[("url", url)])],
        _ => Vec::new(),
    }
}

fn with_status(refusal: &Refusal, reason: Template) -> String {
    let url = ("url", refusal.url.as_str());
    match refusal.status {
        Some(status) => FRAME_STATUS.fill(&[url, ("reason", reason.text), ("status", &status.to_string())]),
        None => FRAME.fill(&[url, ("reason", reason.text)]),
    }
}

fn on_page(template: Template, refusal: &Refusal, request: &Request) -> Vec<String> {
    let page = page_url(request);
    page.map(|page| template.fill(&[("page", &page), ("url", refusal.url.as_str())])).into_iter().collect()
}

/// `CORSDidNotSucceed2`, as often as it is printed, with the URL that is in it.
fn did_not_succeed(refusal: &Refusal, request: &Request) -> Vec<String> {
    let at = |url: &Url| {
        FRAME_STATUS.fill(&[("url", url.as_str()), ("reason", DID_NOT_SUCCEED.text), ("status", "(null)")])
    };
    let is_cors =
        request.init().mode == Mode::Cors && !Origin::of(&refusal.url).same_origin(request.origin());
    let is_preflight = refusal.stage == Stage::Preflight;
    match &refusal.reason {
        // The preflight's own failure, and the request's.
        Reason::Network(_) if is_cors && is_preflight => vec![at(&refusal.url); 2],
        Reason::Network(_) if is_cors => vec![at(&refusal.url)],
        Reason::PreflightRedirected { .. } if refusal.cors_reason.is_some() => vec![at(&refusal.url); 2],
        Reason::RedirectCredentials { .. } | Reason::SchemeNotHttp { .. } => {
            redirecting_url(refusal).map(at).into_iter().collect()
        }
        Reason::TooManyRedirects | Reason::LocationInvalid { .. } if is_cors => vec![at(&refusal.url)],
        Reason::LocalNetworkDenied { .. } => vec![at(&refusal.url)],
        // A response that failed the CORS check, where it was a preflight's or a redirect.
        _ if is_preflight => vec![at(&refusal.url)],
        _ if wrong_cors_headers(refusal.printed_reason()) && is_redirect(refusal.status) => {
            vec![at(&refusal.url)]
        }
        _ => Vec::new(),
    }
}

fn wrong_cors_headers(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::AllowOriginMissing
            | Reason::AllowOriginMismatch { .. }
            | Reason::AllowOriginMultiple { .. }
            | Reason::AllowOriginInvalid { .. }
            | Reason::CredentialsWildcard
            | Reason::AllowCredentialsNotTrue { .. }
    )
}

pub(super) fn warnings(request: &Request, exchanges: &[SeenExchange]) -> Vec<String> {
    if request.init().credentials == Credentials::Include {
        return Vec::new();
    }
    let preflights = exchanges.iter().filter(|seen| seen.exchange.kind == ExchangeKind::Preflight);
    let warned = preflights.filter(|seen| {
        let asks = seen.exchange.headers.extract_tokens(ACCESS_CONTROL_REQUEST_HEADERS);
        let asks = asks.and_then(Result::ok).unwrap_or_default();
        asks.iter().any(|name| is_non_wildcard_request_header_name(name))
            && seen.response.as_ref().is_some_and(only_wildcard_covers_authorization)
    });
    warned
        .map(|seen| {
            FRAME_WARNING.fill(&[("url", seen.exchange.url.as_str()), ("reason", AUTHORIZATION_WARNING.text)])
        })
        .collect()
}
