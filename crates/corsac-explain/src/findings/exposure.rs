//! What script cannot see of a response that it may read.

use corsac::browser::{Outcome, ResponseType};
use corsac::header::is_forbidden_response_header_name;
use corsac::header::names::ACCESS_CONTROL_EXPOSE_HEADERS;

use super::protocols::is_needed;
use super::{Evidence, Finding, FindingSeverity, quoted};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let Some((_, response)) = evidence.response() else { return };
    let exposed = response.headers.extract_tokens(ACCESS_CONTROL_EXPOSE_HEADERS);
    match &exposed {
        Some(Err(bad)) => found.push(Finding::new(
            "expose-headers-invalid",
            FindingSeverity::Warning,
            format!("`Access-Control-Expose-Headers` cannot be read, and so exposes nothing: `{}` is not the \
                     name of a header.", bad.item),
            "Separate the names with commas: `Access-Control-Expose-Headers: ETag, Link`.",
        )),
        Some(Ok(names)) if evidence.with_credentials() && names.iter().any(|name| name == "*") => found.push(Finding::new(
            "expose-wildcard-with-credentials",
            FindingSeverity::Warning,
            "`Access-Control-Expose-Headers: *` exposes nothing to a request with credentials: there `*` is \
             the name of a header.",
            "Name the headers that the page reads: `Access-Control-Expose-Headers: ETag, Link`.",
        )),
        _ => {}
    }
    found.extend(not_exposed(evidence));
}

fn not_exposed(evidence: &Evidence<'_>) -> Option<Finding> {
    let Outcome::Readable(readable) = evidence.outcome else { return None };
    let (exchange, response) = evidence.response()?;
    if readable.kind != ResponseType::Cors {
        return None;
    }
    let mut names: Vec<&str> = Vec::new();
    for line in &response.headers {
        let name = line.name.as_str();
        let hidden = !readable.headers.contains(name) && !is_forbidden_response_header_name(name);
        // Whoever changes something may need the version of what came of it.
        let is_version =
            name.eq_ignore_ascii_case("etag") && matches!(exchange.method.as_str(), "GET" | "HEAD");
        let is_offered = !is_boring(name) && !is_version && !is_needed(evidence, exchange, response, name);
        if hidden && is_offered && !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    let them = if names.len() == 1 { "it" } else { "one of them" };
    Some(Finding::new(
        "response-header-not-exposed",
        FindingSeverity::Info,
        format!("The response has {}, and script cannot see that.", quoted(&names)),
        format!("If the page needs {them}: `Access-Control-Expose-Headers: {}`.", names.join(", ")),
    ))
}

/// Headers for browsers, caches and proxies, which no page asks for.
fn is_boring(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    BORING_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || BORING.contains(&name.as_str())
}

const BORING_PREFIXES: &[&str] = &[
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

const BORING: &[&str] = &[
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
