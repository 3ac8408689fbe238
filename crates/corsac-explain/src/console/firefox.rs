//! Firefox. Its messages are localized: these are the English ones, with typographic quotes.

use corsac::browser::{
    Api, CompletedExchange, Credentials, ExchangeKind, Mode, NetworkError, NetworkErrorKind, Reason,
    ReasonCode as Code, RedirectMode, Refusal, Request, Stage, is_redirect_status,
};
use corsac::header::is_non_wildcard_request_header_name;
use corsac::header::names::ACCESS_CONTROL_REQUEST_HEADERS;
use corsac::origin::Origin;
use url::Url;

use super::Part::{Frame, Line};
use super::{Part, Template, is_cors, page_url, redirecting_url};
use crate::findings::only_wildcard_covers_authorization;

const FRAME: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: \
     {reason}).",
);
const FRAME_STATUS: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: \
     {reason}). Status code: {status}.",
);
/// One message has the URL in quotes.
const FRAME_QUOTED: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ‘{url}’. (Reason: \
     {reason}).",
);
const FRAME_WARNING: Template = Template::new(
    Frame,
    "",
    &[],
    "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at {url} soon. \
     (Reason: {reason}).",
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
    &[Code::AllowOriginMultiple, Code::ConnectionClosed],
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
    "header ‘{name}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response",
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
/// Printed for every network failure, and as a second line after every failure of a preflight or a redirect.
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
/// From the source.
const ORIGIN_NOT_ADDED: Template =
    reason("CORSOriginHeaderNotAdded", &[], "CORS header ‘Origin’ cannot be added");
/// From the source; printed with the preference `content.cors.disable`.
const DISABLED: Template = reason("CORSDisabled", &[], "CORS disabled");
/// In the warning's frame: the request continues.
const AUTHORIZATION_WARNING: Template = reason(
    "CORSAllowHeaderFromPreflightDeprecation",
    &[Code::AuthorizationWildcard],
    "When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To include the \
     `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`",
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
    "The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). See \
     https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#",
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

/// Returns the lines that give the reason, if there are any.
fn own_lines(refusal: &Refusal, request: &Request) -> Vec<String> {
    let url = refusal.url.as_str();
    let framed = |reason: &str| vec![FRAME.fill(&[("url", url), ("reason", reason)])];
    if let Some(lines) = instead_of_check(refusal, request) {
        return lines;
    }
    let printed = match (&refusal.reason, &refusal.cors_reason) {
        // After a redirect of the preflight, Firefox does the CORS check first.
        (Reason::PreflightRedirected { .. }, Some(failed)) => failed,
        _ => &refusal.reason,
    };
    match printed {
        Reason::AllowOriginMissing => vec![with_status(refusal, MISSING)],
        Reason::AllowOriginMultiple { exact_lines, .. } if *exact_lines > 1 => framed(MULTIPLE.text),
        Reason::AllowOriginMismatch { value, .. }
        | Reason::AllowOriginInvalid { value, .. }
        | Reason::AllowOriginMultiple { value, .. } => framed(&MISMATCH.fill(&[("value", value)])),
        Reason::CredentialsWildcard => vec![FRAME_QUOTED.fill(&[("url", url), ("reason", WILDCARD.text)])],
        Reason::AllowCredentialsNotTrue { .. } => framed(CREDENTIALS.text),
        Reason::PreflightStatus { .. } => vec![with_status(refusal, PREFLIGHT)],
        Reason::PreflightRedirected { .. } => {
            if let Some(line) = mixed_target(refusal) {
                return vec![line];
            }
            let mut lines = Vec::new();
            if request.init().redirect == RedirectMode::Follow {
                lines = framed(EXTERNAL_REDIRECT.text);
            }
            lines.push(with_status(refusal, PREFLIGHT));
            lines
        }
        Reason::MethodNotAllowed { .. } => framed(METHOD.text),
        Reason::AllowMethodsInvalid { token, .. } => framed(&METHODS_INVALID.fill(&[("token", token)])),
        Reason::AllowHeadersInvalid { token, .. } => framed(&HEADERS_INVALID.fill(&[("token", token)])),
        Reason::HeaderNotAllowed { name, .. } => {
            framed(&HEADER.fill(&[("name", &name.to_ascii_lowercase())]))
        }
        Reason::SchemeNotHttp { scheme, .. } if scheme == "file" && refusal.stage == Stage::Start => {
            on_page(FILE_LINE, refusal, request)
        }
        Reason::SchemeNotHttp { scheme, .. } if scheme == "blob" && refusal.stage != Stage::Start => {
            local_target(MODE_LINE, refusal, request)
        }
        Reason::SchemeNotHttp { scheme, .. } if scheme == "file" => local_target(FILE_LINE, refusal, request),
        Reason::RedirectCredentials { .. } => mixed_target(refusal).into_iter().collect(),
        Reason::SchemeNotHttp { scheme, .. } => not_http(scheme, url),
        Reason::ModeSameOrigin => on_page(MODE_LINE, refusal, request),
        // The mode is checked first.
        Reason::MixedContent if refusal.stage == Stage::Start && request.init().mode == Mode::SameOrigin => {
            on_page(MODE_LINE, refusal, request)
        }
        Reason::MixedContent
            if request.init().mode == Mode::NoCors && request.init().redirect != RedirectMode::Follow =>
        {
            Vec::new()
        }
        Reason::MixedContent => vec![MIXED_LINE.fill(&[("url", url)])],
        Reason::ResourcePolicy { .. } => vec![RESOURCE_POLICY_LINE.fill(&[("url", url)])],
        Reason::Network(error) if is_put_without_answer(error, refusal) => framed(MULTIPLE.text),
        _ => Vec::new(),
    }
}

/// For a PUT that gets no answer, Firefox prints that there are several lines of `Access-Control-Allow-Origin` (measured). Only for this
/// method it does not accept a response of HTTP/0.9 (`nsHttpTransaction::ParseHead`), so the response that it checks has no header list,
/// and counting the lines fails.
fn is_put_without_answer(error: &NetworkError, refusal: &Refusal) -> bool {
    error.kind == NetworkErrorKind::Closed
        && refusal.stage != Stage::Preflight
        && refusal.method == "PUT"
        && is_cors(refusal)
}

/// A redirect to a file or a blob: `fetch()` in mode `cors` prints the URL that redirected there. Otherwise Firefox prints a line only for
/// the page's own blobs. For an own blob, redirected to from the page's own origin, `fetch()` in mode `cors` prints a line in some runs and
/// none in others (catalogue `redirect-to/blob-from-a`), so we print none.
fn local_target(template: Template, refusal: &Refusal, request: &Request) -> Vec<String> {
    let is_own = Origin::of(&refusal.url).same_origin(request.origin());
    if request.init().mode == Mode::Cors && request.init().api == Api::Fetch {
        let from = redirecting_url(refusal).filter(|_| is_cors(refusal) || !is_own);
        let line = from.map(|from| template.fill(&[("page", from.as_str()), ("url", refusal.url.as_str())]));
        return line.into_iter().collect();
    }
    if is_own { on_page(template, refusal, request) } else { Vec::new() }
}

fn not_http(scheme: &str, url: &str) -> Vec<String> {
    match scheme {
        "data" => vec![DATA_LINE.fill(&[("url", url)])],
        _ => vec![FRAME.fill(&[("url", url), ("reason", NOT_HTTP.text)])],
    }
}

/// What is printed for a redirect that fails the CORS check, if Firefox refuses its target before that check.
fn instead_of_check(refusal: &Refusal, request: &Request) -> Option<Vec<String>> {
    let is_checked = refusal.stage != Stage::Preflight
        && request.init().redirect == RedirectMode::Follow
        && wrong_cors_headers(&refusal.reason);
    let redirect = refusal.redirect.as_ref().filter(|_| is_checked)?;
    match redirect.target.as_ref().map(|target| (target.scheme(), target.as_str())) {
        None => Some(Vec::new()),
        Some((scheme @ ("javascript" | "data"), target)) => Some(not_http(scheme, target)),
        Some(_) => mixed_target(refusal).map(|line| vec![line]),
    }
}

/// The line for a redirect to mixed content on this page.
fn mixed_target(refusal: &Refusal) -> Option<String> {
    let redirect = refusal.redirect.as_ref().filter(|redirect| redirect.target_is_mixed_content)?;
    Some(MIXED_LINE.fill(&[("url", redirect.target.as_ref()?.as_str())]))
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

/// `CORSDidNotSucceed2`, as often as it is printed, with the URL in it.
fn did_not_succeed(refusal: &Refusal, request: &Request) -> Vec<String> {
    let at = |url: &Url| {
        FRAME_STATUS.fill(&[("url", url.as_str()), ("reason", DID_NOT_SUCCEED.text), ("status", "(null)")])
    };
    let follows = request.init().redirect == RedirectMode::Follow;
    let is_preflight = refusal.stage == Stage::Preflight;
    match &refusal.reason {
        // One line for the preflight, and one for the request.
        Reason::Network(error) if is_put_without_answer(error, refusal) => Vec::new(),
        Reason::Network(_) if is_preflight => vec![at(&refusal.url); 2],
        Reason::Network(_) if is_cors(refusal) => vec![at(&refusal.url)],
        Reason::PreflightRedirected { .. }
            if follows && (refusal.cors_reason.is_some() || mixed_target(refusal).is_some()) =>
        {
            vec![at(&refusal.url); 2]
        }
        Reason::RedirectCredentials { .. } if mixed_target(refusal).is_none() => {
            redirecting_url(refusal).map(at).into_iter().collect()
        }
        Reason::RedirectCredentials { .. }
        | Reason::SchemeNotHttp { .. }
        | Reason::MixedContent
        | Reason::BadPort { .. } => {
            redirecting_url(refusal).filter(|_| is_cors(refusal)).map(at).into_iter().collect()
        }
        Reason::TooManyRedirects | Reason::LocationInvalid { .. } if is_cors(refusal) => {
            vec![at(&refusal.url)]
        }
        Reason::LocalNetworkDenied { .. } => vec![at(&refusal.url)],
        // A response that failed the CORS check, if it was a preflight's or a redirect.
        _ if is_preflight => vec![at(&refusal.url)],
        _ if follows
            && wrong_cors_headers(&refusal.reason)
            && refusal.status.is_some_and(is_redirect_status) =>
        {
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

pub(super) fn warnings(request: &Request, exchanges: &[CompletedExchange]) -> Vec<String> {
    if request.init().credentials == Credentials::Include {
        return Vec::new();
    }
    // A preflight that is followed by another exchange, and not by the same preflight again, has succeeded.
    let pairs = exchanges.iter().zip(exchanges.iter().skip(1));
    let succeeded = pairs.filter(|(one, next)| {
        one.exchange.kind == ExchangeKind::Preflight && next.exchange.kind != ExchangeKind::Preflight
    });
    succeeded.flat_map(|(preflight, _)| authorization_warnings(preflight)).collect()
}

/// One for each line of `Authorization`, if only `*` covers it.
fn authorization_warnings(carried: &CompletedExchange) -> Vec<String> {
    if !carried.response().is_some_and(only_wildcard_covers_authorization) {
        return Vec::new();
    }
    let asks = carried.exchange.headers.extract_tokens(ACCESS_CONTROL_REQUEST_HEADERS);
    let asks = asks.and_then(Result::ok).unwrap_or_default();
    let warning = || {
        FRAME_WARNING.fill(&[("url", carried.exchange.url.as_str()), ("reason", AUTHORIZATION_WARNING.text)])
    };
    asks.iter().filter(|name| is_non_wildcard_request_header_name(name)).map(|_| warning()).collect()
}
