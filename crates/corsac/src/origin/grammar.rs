//! The grammar of a serialized origin, as in section [`Origin` header](https://fetch.spec.whatwg.org/#origin-header).

use url::Host;

/// The parts of a serialized origin, as spelled in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    pub(super) port: Option<u16>,
}

/// `serialized-origin`, with the condition that serializing the parts returns `text`.
pub(super) fn serialized_origin(text: &str) -> Option<Parts<'_>> {
    plausible_origin(text).filter(|parts| is_serialized_host(parts.scheme, parts.host))
}

/// `serialized-origin` by its characters alone: a URL need not be able to have the host. Allocates nothing.
pub(super) fn plausible_origin(text: &str) -> Option<Parts<'_>> {
    // A scheme has no colon, so it ends at the first one.
    let (scheme, rest) = text.split_at_checked(text.bytes().position(|byte| byte == b':')?)?;
    let (host, port) = split_port(rest.strip_prefix("://")?);
    let port = match port {
        None => None,
        Some(digits) => Some(serialized_port(digits)?),
    };
    let fits = is_scheme(scheme)
        && !is_opaque_scheme(scheme)
        && (is_plausible_host(host) || is_app_dot(scheme, host))
        && (port.is_none() || port != default_port(scheme));
    fits.then_some(Parts { scheme, host, port })
}

/// Returns `true` if the bytes are a [`plausible_origin`].
pub(super) fn is_plausible_origin(origin: &[u8]) -> bool {
    // The form of nearly all origins: a domain without a port.
    let domain = origin.strip_prefix(b"https://").or_else(|| origin.strip_prefix(b"http://"));
    domain.is_some_and(is_labels)
        || std::str::from_utf8(origin).is_ok_and(|origin| plausible_origin(origin).is_some())
}

/// Splits a host from the port after it, at the colon that is not within brackets. Returns the port as it is written.
///
/// ```
/// use corsac::origin::split_port;
///
/// assert_eq!(split_port("app.example:8443"), ("app.example", Some("8443")));
/// assert_eq!(split_port("[::1]"), ("[::1]", None));
/// ```
pub fn split_port(rest: &str) -> (&str, Option<&str>) {
    let host_end = if rest.starts_with('[') { rest.find(']').unwrap_or(rest.len()) } else { 0 };
    let colon = rest.bytes().skip(host_end).position(|byte| byte == b':').map(|colon| host_end + colon);
    match colon.and_then(|colon| rest.split_at_checked(colon)) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => (rest, None),
    }
}

/// Returns a port that is written in its shortest form.
pub(crate) fn serialized_port(digits: &str) -> Option<u16> {
    let is_shortest = digits == "0" || !digits.starts_with(['0', '+']);
    digits.parse().ok().filter(|_| is_shortest)
}

/// `serialized-scheme`
pub(super) fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.'))
}

/// Schemes whose pages have an opaque origin, so no origin begins with them.
pub(super) fn is_opaque_scheme(scheme: &str) -> bool {
    !matches!(scheme, "http" | "https")
        && ["about", "blob", "data", "file", "filesystem", "javascript", "mailto", "view-source"]
            .iter()
            .any(|opaque| opaque.eq_ignore_ascii_case(scheme))
}

/// A [special scheme](https://url.spec.whatwg.org/#special-scheme) with a host.
pub(super) fn is_special_scheme(scheme: &str) -> bool {
    default_port(scheme).is_some()
}

/// The [default port](https://url.spec.whatwg.org/#default-port) of a scheme that has one.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "ftp" => Some(21),
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// The host of `app://.`, from which Electron apps load their pages. In schemes that it does not know, the URL standard accepts any host.
fn is_app_dot(scheme: &str, host: &str) -> bool {
    host == "." && !is_special_scheme(scheme)
}

/// `serialized-host`, by its characters.
fn is_plausible_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(|address| {
            address.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b':'))
        }),
        None => is_labels(host.strip_suffix('.').unwrap_or(host).as_bytes()),
    }
}

/// Returns `true` if parsing a plausible host does not change it. `1.2.3` and `xn--a` look like domains but are not.
fn is_serialized_host(scheme: &str, host: &str) -> bool {
    if host.starts_with('[') {
        return Host::parse(host).is_ok_and(|parsed| parsed.to_string() == host);
    }
    let domain = host.strip_suffix('.').unwrap_or(host);
    // The host parser can change or reject only these two, and it does not read the hosts of other schemes.
    let ends_in_number =
        domain.rsplit('.').next().is_some_and(|label| label.starts_with(|c: char| c.is_ascii_digit()));
    let is_international = domain.split('.').any(|label| label.starts_with("xn--"));
    if is_special_scheme(scheme) && (ends_in_number || is_international) {
        return Host::parse(host).is_ok_and(|parsed| parsed.to_string() == host);
    }
    true
}

/// Labels separated by dots. A label is a `domain-label`, or one with `_`, or with `-` at an edge: the URL standard accepts these, and
/// browsers send them.
fn is_labels(domain: &[u8]) -> bool {
    let mut last = b'.';
    for &byte in domain {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => {}
            b'.' if last != b'.' => {}
            _ => return false,
        }
        last = byte;
    }
    last != b'.'
}
