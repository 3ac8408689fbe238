//! What the origins of Prove may answer: statuses, and headers from an allow-list.

use corsac::server::Policy;
use http::{HeaderName, HeaderValue};

/// The one body.
pub(super) const BODY: &str = "An answer of corsac ui, for Prove.\n";

const CONTENT_TYPE: &str = "text/plain;charset=utf-8";

/// What is answered below a path.
#[derive(Default)]
pub(super) struct Answers {
    /// At the URL of the request, and after each redirect.
    pub(super) hops: Vec<Hop>,
    /// A policy that answers instead.
    pub(super) policy: Option<Policy>,
}

/// What is answered at one URL.
#[derive(Default)]
pub(super) struct Hop {
    pub(super) preflight: Answer,
    pub(super) request: Answer,
}

/// A response. All header lines are on the allow-list.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) lines: Vec<(HeaderName, HeaderValue)>,
}

impl Default for Answer {
    fn default() -> Self {
        Self { status: 200, lines: Vec::new() }
    }
}

/// Returns `true` if a header of this name and value may be answered. `Location` is not here: it has to lead to an origin of Prove, so only
/// whoever has moved it may add it.
pub(super) fn may_answer(name: &str, value: &str) -> bool {
    const CORS: [&str; 7] = [
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-max-age",
        "access-control-allow-private-network",
    ];
    const OTHERS: [&str; 7] = [
        "vary",
        "cross-origin-resource-policy",
        "timing-allow-origin",
        "cache-control",
        "expires",
        "age",
        "etag",
    ];
    let name = name.to_ascii_lowercase();
    CORS.contains(&name.as_str())
        || OTHERS.contains(&name.as_str())
        || name == "set-cookie" && value.trim_start().starts_with("corsac-prove-")
}

/// Returns the lines that every answer with this status has besides: a fixed type and length, and what makes the body harmless.
pub(super) fn fixed_lines(status: u16) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Content-Security-Policy", "sandbox".to_owned()),
    ];
    if has_body(status) {
        lines.push(("Content-Type", CONTENT_TYPE.to_owned()));
        lines.push(("Content-Length", BODY.len().to_string()));
    }
    lines
}

/// Returns `true` unless a response with this status has no body.
pub(super) fn has_body(status: u16) -> bool {
    !matches!(status, 204 | 304)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_headers_of_the_list_are_answered() {
        let allowed = [
            ("Access-Control-Allow-Origin", "*"),
            ("ACCESS-CONTROL-MAX-AGE", "600"),
            ("Vary", "Origin"),
            ("Cross-Origin-Resource-Policy", "same-site"),
            ("Timing-Allow-Origin", "*"),
            ("Cache-Control", "no-store"),
            ("Set-Cookie", "corsac-prove-a=1; SameSite=None"),
        ];
        let refused = [
            ("Set-Cookie", "session=1"),
            ("Set-Cookie", "__Host-corsac-prove-a=1"),
            ("Set-Cookie", "=corsac-prove-a"),
            ("Clear-Site-Data", "\"*\""),
            ("Strict-Transport-Security", "max-age=31536000"),
            ("Service-Worker-Allowed", "/"),
            ("Refresh", "0; url=https://evil.example/"),
            ("Location", "https://evil.example/"),
            ("Content-Security-Policy", "default-src *"),
            ("Content-Type", "text/html"),
            ("Content-Disposition", "attachment"),
            ("Link", "<https://evil.example/>; rel=preload"),
            ("Access-Control-Whatever", "1"),
            ("Alt-Svc", "h3=\":443\""),
            ("Report-To", "{}"),
            ("NEL", "{}"),
            ("SourceMap", "https://evil.example/"),
            ("WWW-Authenticate", "Basic"),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "upgrade"),
            ("Content-Encoding", "gzip"),
        ];
        for (name, value) in allowed {
            assert!(may_answer(name, value), "{name}: {value}");
        }
        for (name, value) in refused {
            assert!(!may_answer(name, value), "{name}: {value}");
        }
    }
}
