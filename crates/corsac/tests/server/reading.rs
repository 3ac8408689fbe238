//! A slow and plain implementation of policies: no tables, no headers, no code shared with the implementation that it checks.

use corsac::server::PolicyConfig;

/// A request, as far as policies depend on it.
#[derive(Clone, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) origin: &'a str,
    pub(crate) method: &'a str,
    /// The names that need permission, in any case.
    pub(crate) headers: Vec<&'a str>,
    pub(crate) credentials: bool,
}

/// Returns `true` if the policy allows the page to read.
pub(crate) fn permits(policy: &PolicyConfig, asked: &Asked<'_>) -> bool {
    let origin = allows_origin(policy, asked.origin);
    let credentials = !asked.credentials || policy.credentials;
    let method = ["GET", "HEAD", "POST"].contains(&asked.method)
        || has(&policy.methods, asked.method)
        || has(&policy.methods, "*");
    origin && credentials && method && asked.headers.iter().all(|name| allows_header(policy, name))
}

/// A scheme of 64 characters, `://`, a host of 253 and a dot, a colon and five digits: no longer origin is allowed.
const LONGEST: usize = 64 + 3 + 253 + 1 + 6;

pub(crate) fn allows_origin(policy: &PolicyConfig, origin: &str) -> bool {
    has(&policy.origins, "*")
        || (origin == "null" && policy.null_origin)
        || (origin.len() <= LONGEST && policy.origins.iter().any(|pattern| matches(pattern, origin)))
}

/// Returns `true` if the pattern covers the origin. Both are split into their parts.
fn matches(pattern: &str, origin: &str) -> bool {
    let (Some(pattern), Some(origin)) = (parts(pattern), parts(origin)) else { return false };
    if pattern.host == "*" {
        // Any host of an app's scheme, which has no ports.
        let spelled = origin.host == "." || is_spelled(origin.host);
        return origin.scheme == pattern.scheme && spelled && origin.port.is_none();
    }
    let (subdomains, parent) = match pattern.host.strip_prefix("*.") {
        None => (false, pattern.host),
        Some(parent) => (true, parent),
    };
    let (labels, parent): (Vec<_>, Vec<_>) = (origin.host.split('.').collect(), parent.split('.').collect());
    let fits = if subdomains { labels.len() > parent.len() } else { labels.len() == parent.len() };
    let host = fits
        && labels[labels.len() - parent.len()..]
            .iter()
            .zip(&parent)
            .all(|(label, entry)| is_label(entry, label))
        && (!pattern.host.contains('*') || is_domain(origin.host));
    let port = match pattern.port {
        Some("*") => origin.port.is_none_or(is_port),
        port => origin.port == port,
    };
    origin.scheme == pattern.scheme && host && port
}

/// Returns `true` if the label equals the entry's, or if the entry's `*` covers it.
fn is_label(entry: &str, label: &str) -> bool {
    let Some((before, after)) = entry.split_once('*') else { return entry == label };
    let Some(middle) = label.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else {
        return false;
    };
    let is_covered = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !middle.is_empty() && middle.chars().all(is_covered) && label.len() <= 63
}

struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, after)) => (&rest[..address.len() + 2], (!after.is_empty()).then_some(after)),
        None => match rest.split_once(':') {
            Some((host, _)) => (host, Some(&rest[host.len()..])),
            None => (rest, None),
        },
    };
    let port = match port {
        None => None,
        Some(port) => Some(port.strip_prefix(':')?),
    };
    // Browsers leave the default port out.
    let default = matches!((scheme, port), ("https", Some("443")) | ("http", Some("80")));
    (!default).then_some(Parts { scheme, host, port })
}

fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number.to_string() == port)
}

/// Returns `true` for lower-case letters, digits, `-` and `_` in non-empty labels, without a dot at the end, which belongs to the parent. Hosts
/// that the URL standard changes or refuses are excluded: an `xn--` label that does not decode, a last label that is a number.
fn is_domain(host: &str) -> bool {
    is_spelled(host)
        && url::Url::parse(&format!("https://{host}/")).is_ok_and(|url| url.host_str() == Some(host))
}

fn is_spelled(host: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host).split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
    })
}

fn allows_header(policy: &PolicyConfig, name: &str) -> bool {
    let name = name.to_lowercase();
    policy.request_headers.iter().any(|entry| match entry.to_lowercase().split_once('*') {
        Some(("", "")) => name != "authorization",
        Some((prefix, "")) => name.starts_with(prefix) && name != prefix,
        _ => entry.to_lowercase() == name,
    })
}

fn has(list: &[String], text: &str) -> bool {
    list.iter().any(|item| item == text)
}
