//! Names of headers.

use corsac::header::is_cors_header;

/// Returns `true` for a response or request header that belongs to CORS, or that stands beside it in a policy: `Timing-Allow-Origin` and
/// `Cross-Origin-Resource-Policy`. Case does not matter.
pub(crate) fn is_of_cors(name: &str) -> bool {
    let beside = ["timing-allow-origin", "cross-origin-resource-policy"];
    is_cors_header(name) || beside.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Returns `true` for a header that the requests to a simulated server can have, beside what a proxy adds.
pub(crate) fn is_asked(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "origin" | "host") || name.starts_with("access-control-request-")
}
