//! Response headers that a script cannot see although it may read the response.

use std::collections::HashSet;

use corsac::browser::{Outcome, ResponseType};
use corsac::header::is_forbidden_response_header_name;
use corsac::header::names::ACCESS_CONTROL_EXPOSE_HEADERS;

use super::protocols::is_needed;
use super::{Evidence, Finding, FindingSeverity, quoted};

/// A sentence with more names is read by nobody.
const MOST_NAMED: usize = 20;

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let Some((exchange, response)) = evidence.response() else { return };
    let exposed = response.headers.extract_tokens(ACCESS_CONTROL_EXPOSE_HEADERS);
    match &exposed {
        Some(Err(bad)) => found.push(Finding::new(
            "expose-headers-invalid",
            FindingSeverity::Warning,
            format!("`Access-Control-Expose-Headers` is invalid and exposes nothing: `{}` is not a header name.", bad.item),
            "Separate the names with commas: `Access-Control-Expose-Headers: ETag, Link`.",
        )),
        Some(Ok(names)) if evidence.with_credentials() && names.iter().any(|name| name == "*") => found.push(Finding::new(
            "expose-wildcard-with-credentials",
            FindingSeverity::Warning,
            "`Access-Control-Expose-Headers: *` exposes nothing in a request with credentials, where `*` is not a \
             wildcard.",
            "List the headers that the page reads: `Access-Control-Expose-Headers: ETag, Link`.",
        )),
        _ => {}
    }
    let mut names = not_exposed(evidence);
    names.retain(|name| !is_needed(evidence, exchange, response, name));
    if names.is_empty() {
        return;
    }
    let more = names.len().saturating_sub(MOST_NAMED);
    names.truncate(MOST_NAMED);
    let them = if names.len() == 1 { "it" } else { "any of them" };
    let (and_more, fix) = match more {
        0 => (
            String::new(),
            format!("If the page needs {them}, send `Access-Control-Expose-Headers: {}`.", names.join(", ")),
        ),
        more => (
            format!(" and {more} more"),
            "List those that the page needs: `Access-Control-Expose-Headers: ETag, Link`.".to_owned(),
        ),
    };
    let message = format!("The response has {}{and_more}, which scripts cannot see.", quoted(&names));
    found.push(Finding::new("response-header-not-exposed", FindingSeverity::Info, message, fix));
}

/// Returns the headers that a page could want but does not see, although it may read the response.
pub(crate) fn not_exposed<'a>(evidence: &Evidence<'a>) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    let (Outcome::Readable(readable), Some((exchange, response))) = (evidence.outcome, evidence.response())
    else {
        return names;
    };
    if readable.kind != ResponseType::Cors {
        return names;
    }
    // Sets, because a hostile server may send as many lines as fit.
    let seen: HashSet<String> = readable.headers.iter().map(|line| line.name.to_ascii_lowercase()).collect();
    let mut known = HashSet::new();
    for line in &response.headers {
        let name = line.name.as_str();
        let lower = name.to_ascii_lowercase();
        let hidden = !seen.contains(&lower) && !is_forbidden_response_header_name(name);
        // After a change, the page may need the version of the result.
        let is_version =
            name.eq_ignore_ascii_case("etag") && matches!(exchange.method.as_str(), "GET" | "HEAD");
        let is_offered = !is_infrastructure(name) && !is_version;
        if hidden && is_offered && known.insert(lower) {
            names.push(name);
        }
    }
    names
}

/// Returns `true` for headers that are meant for browsers, caches and proxies, not for pages.
fn is_infrastructure(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    INFRASTRUCTURE_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || INFRASTRUCTURE.contains(&name.as_str())
}

const INFRASTRUCTURE_PREFIXES: &[&str] = &[
    "access-control-",
    "cf-",
    "content-security-policy",
    "cross-origin-",
    "sec-",
    "ngrok-",
    "tus-",
    "x-amz-",
    "x-amzn-",
    "x-b3-",
    "x-cache",
    "x-envoy-",
    "x-fastly-",
    "x-forwarded-",
    "x-goog-",
    "x-kong-",
    "x-railway-",
    "x-vercel-",
];

const INFRASTRUCTURE: &[&str] = &[
    "accept-ch",
    "accept-ranges",
    "age",
    "allow",
    "alt-svc",
    "clear-site-data",
    "connection",
    "content-encoding",
    "date",
    "expect-ct",
    "fly-request-id",
    "host",
    "keep-alive",
    "link",
    "location",
    "nel",
    "origin-agent-cluster",
    "p3p",
    "permissions-policy",
    "priority",
    "proxy-connection",
    "referrer-policy",
    "request-id",
    "report-to",
    "reporting-endpoints",
    "server",
    "server-timing",
    "status",
    "strict-transport-security",
    "timing-allow-origin",
    "traceparent",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "via",
    "www-authenticate",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-content-type-options",
    "x-correlation-id",
    "x-dns-prefetch-control",
    "x-download-options",
    "x-frame-options",
    "x-generator",
    "x-github-request-id",
    "x-nf-request-id",
    "x-permitted-cross-domain-policies",
    "x-powered-by",
    "x-process-time",
    "x-request-id",
    "x-response-time",
    "x-robots-tag",
    "x-runtime",
    "x-served-by",
    "x-timer",
    "x-trace-id",
    "x-ua-compatible",
    "x-varnish",
    "x-xss-protection",
];
