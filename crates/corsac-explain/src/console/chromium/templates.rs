//! Chromium's messages, as data.

use corsac::browser::ReasonCode as Code;

use super::super::Part::{self, Frame, Line, Prefix, Tail};
use super::super::Template;

pub(super) const FRAME: Template = Template::new(
    Frame,
    "",
    &[],
    "Access to {kind} at '{url}' from origin '{origin}' has been blocked by CORS policy: {reason}",
);
pub(super) const FRAME_REDIRECTED: Template = Template::new(
    Frame,
    "",
    &[],
    "Access to {kind} at '{url}' (redirected from '{first-url}') from origin '{origin}' has been blocked by CORS \
     policy: {reason}",
);
/// In the Issues panel (from the source).
pub(super) const FRAME_ISSUE: Template =
    Template::new(Frame, "", &[], "Access blocked by CORS policy: {reason}");

pub(super) const PREFLIGHT_PREFIX: Template =
    Template::new(Prefix, "", &[], "Response to preflight request doesn't pass access control check: ");
pub(super) const FETCH_TAIL: Template =
    Template::new(Tail, "", &[], " Have the server send the header with a valid value.");
pub(super) const XHR_TAIL: Template = Template::new(
    Tail,
    "",
    &[],
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials \
     attribute.",
);

const fn reason(name: &'static str, codes: &'static [Code], text: &'static str) -> Template {
    Template::new(Part::Reason, name, codes, text)
}

const fn line(codes: &'static [Code], text: &'static str) -> Template {
    Template::new(Line, "", codes, text)
}

pub(super) const MISSING: Template = reason(
    "MissingAllowOriginHeader",
    &[Code::AllowOriginMissing],
    "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
);
pub(super) const MISMATCH: Template = reason(
    "AllowOriginMismatch",
    &[Code::AllowOriginMismatch, Code::AllowOriginInvalid],
    "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin.",
);
pub(super) const MULTIPLE: Template = reason(
    "MultipleAllowOriginValues",
    &[Code::AllowOriginMultiple],
    "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is allowed.",
);
pub(super) const INVALID: Template = reason(
    "InvalidAllowOriginValue",
    &[Code::AllowOriginInvalid],
    "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.",
);
pub(super) const WILDCARD: Template = reason(
    "WildcardOriginNotAllowed",
    &[Code::CredentialsWildcard],
    "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the \
     request's credentials mode is 'include'.",
);
pub(super) const CREDENTIALS: Template = reason(
    "InvalidAllowCredentials",
    &[Code::AllowCredentialsNotTrue],
    "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' \
     when the request's credentials mode is 'include'.",
);
pub(super) const PREFLIGHT_STATUS: Template =
    reason("PreflightInvalidStatus", &[Code::PreflightStatus], "It does not have HTTP ok status.");
pub(super) const PREFLIGHT_REDIRECT: Template = reason(
    "PreflightDisallowedRedirect",
    &[Code::PreflightRedirected],
    "Redirect is not allowed for a preflight request.",
);
pub(super) const METHODS_INVALID: Template = reason(
    "InvalidAllowMethodsPreflightResponse",
    &[Code::AllowMethodsInvalid],
    "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
);
pub(super) const HEADERS_INVALID: Template = reason(
    "InvalidAllowHeadersPreflightResponse",
    &[Code::AllowHeadersInvalid],
    "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
);
pub(super) const METHOD: Template = reason(
    "MethodDisallowedByPreflightResponse",
    &[Code::MethodNotAllowed],
    "Method {method} is not allowed by Access-Control-Allow-Methods in preflight response.",
);
pub(super) const HEADER: Template = reason(
    "HeaderDisallowedByPreflightResponse",
    &[Code::HeaderNotAllowed],
    "Request header field {name} is not allowed by Access-Control-Allow-Headers in preflight response.",
);
/// The value is empty in practice.
pub(super) const REDIRECT_CREDENTIALS: Template = reason(
    "RedirectContainsCredentials",
    &[Code::RedirectCredentials],
    "Redirect location '{value}' contains a username and password, which is disallowed for cross-origin requests.",
);
pub(super) const SCHEME: Template = reason(
    "CorsDisabledScheme",
    &[Code::SchemeNotHttp],
    "Cross origin requests are only supported for protocol schemes: {schemes}.",
);
/// The schemes of Chromium 156 on the desktop.
pub(super) const SCHEMES: &str = "chrome, chrome-experimental-site-token-provider, chrome-extension, \
                                  chrome-untrusted, data, http, https, isolated-app";
/// From the source.
pub(super) const MODE: Template = reason(
    "DisallowedByMode",
    &[Code::ModeSameOrigin],
    "Cross origin requests are not allowed by request mode.",
);
/// From the source; only in warnings.
pub(super) const INVALID_RESPONSE: Template = reason("InvalidResponse", &[], "The response is invalid.");
pub(super) const LOCAL_DENIED: Template = reason(
    "LocalNetworkAccessPermissionDenied",
    &[Code::LocalNetworkDenied],
    "Permission was denied for this request to access the `{space}` address space.",
);
/// From the source.
pub(super) const LOCAL_INSECURE: Template = reason(
    "InsecureLocalNetwork",
    &[Code::LocalNetworkInsecure],
    "The request client is not a secure context and the resource is in more-private address space `{space}`.",
);
pub(super) const LOCAL_MISMATCH: Template = reason(
    "InvalidLocalNetworkAccess",
    &[Code::LocalNetworkMismatch],
    "Request had a target IP address space of `{named}` yet the resource is in address space `{space}`.",
);

pub(super) const MODE_LINE: Template = line(
    &[Code::ModeSameOrigin],
    "Fetch API cannot load {url}. Request mode is \"same-origin\" but the URL's origin is not same as the request \
     origin {origin}.",
);
/// A line break follows.
pub(super) const MODE_REDIRECT_LINE: Template = line(
    &[Code::ModeSameOrigin],
    "Unsafe attempt to load URL {url} from frame with URL {page}. Domains, protocols and ports must match.",
);
pub(super) const NO_CORS_REDIRECT_LINE: Template = line(
    &[Code::NoCorsRedirectMode],
    "Fetch API cannot load {url}. Request mode is \"no-cors\" but the redirect mode is not \"follow\".",
);
pub(super) const SCHEME_LINE: Template =
    line(&[Code::SchemeNotHttp], "Fetch API cannot load {url}. URL scheme \"{scheme}\" is not supported.");
pub(super) const FILE_LINE: Template =
    line(&[Code::SchemeNotHttp], "Not allowed to load local resource: {url}");
pub(super) const FTP_LINE: Template = line(&[Code::SchemeNotHttp], "FTP is not supported.");
pub(super) const MIXED_FETCH_LINE: Template = line(
    &[Code::MixedContent],
    "Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an insecure resource '{url}'. This \
     request has been blocked; the content must be served over HTTPS.",
);
pub(super) const MIXED_XHR_LINE: Template = line(
    &[Code::MixedContent],
    "Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an insecure XMLHttpRequest endpoint \
     '{url}'. This request has been blocked; the content must be served over HTTPS.",
);
/// The network log's line, which the console shows too.
pub(super) const NETWORK_LINE: Template = line(
    &[
        Code::DnsFailed,
        Code::ConnectionRefused,
        Code::TlsCertificateExpired,
        Code::TlsNameMismatch,
        Code::TlsUntrusted,
        Code::BadPort,
        Code::ResourcePolicy,
        Code::RedirectModeError,
        Code::TooManyRedirects,
        Code::LocationInvalid,
        Code::StreamBodyUnsupported,
    ],
    "Failed to load resource: {error}",
);
pub(super) const EXCEPTION: Template = line(&[], "TypeError: Failed to fetch");

pub(in crate::console) const TEMPLATES: &[&Template] = &[
    &FRAME,
    &FRAME_REDIRECTED,
    &FRAME_ISSUE,
    &PREFLIGHT_PREFIX,
    &MISSING,
    &MISMATCH,
    &MULTIPLE,
    &INVALID,
    &WILDCARD,
    &CREDENTIALS,
    &PREFLIGHT_STATUS,
    &PREFLIGHT_REDIRECT,
    &METHODS_INVALID,
    &HEADERS_INVALID,
    &METHOD,
    &HEADER,
    &REDIRECT_CREDENTIALS,
    &SCHEME,
    &MODE,
    &INVALID_RESPONSE,
    &LOCAL_DENIED,
    &LOCAL_INSECURE,
    &LOCAL_MISMATCH,
    &FETCH_TAIL,
    &XHR_TAIL,
    &MODE_LINE,
    &MODE_REDIRECT_LINE,
    &NO_CORS_REDIRECT_LINE,
    &SCHEME_LINE,
    &FILE_LINE,
    &FTP_LINE,
    &MIXED_FETCH_LINE,
    &MIXED_XHR_LINE,
    &NETWORK_LINE,
    &EXCEPTION,
    // What older versions printed.
    &reason(
        "MissingAllowOriginHeader",
        &[Code::AllowOriginMissing],
        "No 'Access-Control-Allow-Origin' header is present on the requested resource. If an opaque response serves \
         your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.",
    )
    .formerly("up to at least 132"),
    &Template::new(
        Tail,
        "",
        &[],
        " Have the server send the header with a valid value, or, if an opaque response serves your needs, set the \
         request's mode to 'no-cors' to fetch the resource with CORS disabled.",
    )
    .formerly("up to at least 132"),
    &reason(
        "PreflightMissingAllowPrivateNetwork",
        &[Code::LocalNetworkDenied],
        "No 'Access-Control-Allow-Private-Network' header was present in the preflight response for this private \
         network request targeting the `{space}` address space.",
    )
    .formerly("up to at least 132"),
    &reason(
        "PreflightInvalidAllowPrivateNetwork",
        &[Code::LocalNetworkDenied],
        "The 'Access-Control-Allow-Private-Network' header in the preflight response for this private network \
         request targeting the `{space}` address space had a value of '{value}',  not 'true'.",
    )
    .formerly("up to at least 132"),
    &reason(
        "",
        &[Code::LocalNetworkMismatch],
        "Request had no target IP address space, yet the resource is in address space `{space}`.",
    )
    .formerly("up to at least 132"),
    &reason(
        "",
        &[Code::LocalNetworkDenied],
        "Unable to ask for permission to access the `{space}` IP address space.",
    )
    .formerly("up to at least 132"),
    &Template::new(
        Frame,
        "",
        &[],
        "Failed to load {url}: {reason} Origin '{origin}' is therefore not allowed access.",
    )
    .formerly("before about 2018"),
    &Template::new(
        Frame,
        "",
        &[],
        "Access to {kind} at '{url}' from origin '{origin}' has been blocked by CORS policy: {reason} Origin \
         '{origin}' is therefore not allowed access.",
    )
    .formerly("before about 2018"),
];
