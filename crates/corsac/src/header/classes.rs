//! The other classes of headers: those that script can never set or read, those allowed in no-CORS mode, and those that a redirect drops.

use super::names::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE,
    CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, EXPIRES, LAST_MODIFIED, PRAGMA, SET_COOKIE, SET_COOKIE2,
};
use super::{SafelistRules, get_decode_and_split, is_safelisted_request_header};
use crate::method::is_forbidden_method;

/// [Request-body-header names](https://fetch.spec.whatwg.org/#request-body-header-name), in lower case. A redirect that drops the body
/// drops these headers too.
///
/// ```
/// assert!(corsac::header::REQUEST_BODY_HEADER_NAMES.contains(&"content-type"));
/// ```
pub const REQUEST_BODY_HEADER_NAMES: &[&str] =
    &[CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE];

/// Returns `true` for a [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name):
/// `Authorization`, which `Access-Control-Allow-Headers: *` does not cover.
///
/// ```
/// use corsac::header::is_non_wildcard_request_header_name;
/// assert!(is_non_wildcard_request_header_name("authorization"));
/// ```
pub fn is_non_wildcard_request_header_name(name: &str) -> bool {
    name.eq_ignore_ascii_case(AUTHORIZATION)
}

/// Returns `true` for a [no-CORS-safelisted request-header name](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name).
///
/// ```
/// use corsac::header::is_no_cors_safelisted_name;
/// assert!(is_no_cors_safelisted_name("accept") && !is_no_cors_safelisted_name("range"));
/// ```
pub fn is_no_cors_safelisted_name(name: &str) -> bool {
    is_one_of(name, &[ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE])
}

/// Returns `true` for a [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header), which script
/// can set on a request in no-CORS mode.
///
/// ```
/// use corsac::header::is_no_cors_safelisted;
/// assert!(is_no_cors_safelisted("Content-Type", b"text/plain"));
/// assert!(!is_no_cors_safelisted("Content-Type", b"application/json"));
/// ```
pub fn is_no_cors_safelisted(name: &str, value: &[u8]) -> bool {
    // 1-2
    is_no_cors_safelisted_name(name) && is_safelisted_request_header(name, value, &SafelistRules::SPEC)
}

/// Returns `true` for a [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header), which browsers ignore if
/// script sets it.
///
/// ```
/// use corsac::header::is_forbidden_request_header;
/// assert!(is_forbidden_request_header("Cookie", b"a=b"));
/// assert!(is_forbidden_request_header("X-HTTP-Method-Override", b"GET, TRACE"));
/// assert!(!is_forbidden_request_header("X-HTTP-Method-Override", b"PUT"));
/// ```
pub fn is_forbidden_request_header(name: &str, value: &[u8]) -> bool {
    // 1
    if is_one_of(name, FORBIDDEN_REQUEST_HEADER_NAMES) {
        return true;
    }
    // 2
    if ["proxy-", "sec-"].iter().any(|prefix| starts_with_ignore_ascii_case(name, prefix)) {
        return true;
    }
    // 3-4
    is_one_of(name, METHOD_OVERRIDE_NAMES)
        && get_decode_and_split(value).iter().any(|method| is_forbidden_method(method))
}

/// Returns `true` for a [forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name), which script never
/// sees, whatever the server exposes.
///
/// ```
/// assert!(corsac::header::is_forbidden_response_header_name("Set-Cookie"));
/// ```
pub fn is_forbidden_response_header_name(name: &str) -> bool {
    is_one_of(name, &[SET_COOKIE, SET_COOKIE2])
}

/// Returns `true` for a [request-body-header name](https://fetch.spec.whatwg.org/#request-body-header-name): one of
/// [`REQUEST_BODY_HEADER_NAMES`].
///
/// ```
/// assert!(corsac::header::is_request_body_header_name("Content-Type"));
/// ```
pub fn is_request_body_header_name(name: &str) -> bool {
    is_one_of(name, REQUEST_BODY_HEADER_NAMES)
}

/// Returns `true` for a [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name), which
/// script of another origin sees in every CORS response. Names that `Access-Control-Expose-Headers` adds are not included.
///
/// ```
/// use corsac::header::is_safelisted_response_header_name;
/// assert!(is_safelisted_response_header_name("content-length") && !is_safelisted_response_header_name("etag"));
/// ```
pub fn is_safelisted_response_header_name(name: &str) -> bool {
    is_one_of(
        name,
        &[CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, EXPIRES, LAST_MODIFIED, PRAGMA],
    )
}

const FORBIDDEN_REQUEST_HEADER_NAMES: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Headers with which some frameworks let a `POST` act as another method.
const METHOD_OVERRIDE_NAMES: &[&str] = &["x-http-method", "x-http-method-override", "x-method-override"];

/// Returns `true` if it is one of these names, in any case.
pub(crate) fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// Returns `true` if a header belongs to the CORS protocol: its name begins with `Access-Control-`, in any case.
///
/// ```
/// use corsac::header::is_cors_header;
///
/// assert!(is_cors_header("access-control-allow-origin") && is_cors_header("Access-Control-Request-Method"));
/// assert!(!is_cors_header("Access-Control") && !is_cors_header("Origin"));
/// ```
pub fn is_cors_header(name: &str) -> bool {
    starts_with_ignore_ascii_case(name, "access-control-")
}

/// Returns `true` if the name begins with the prefix, in any case.
pub(crate) fn starts_with_ignore_ascii_case(name: &str, prefix: &str) -> bool {
    name.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests;
