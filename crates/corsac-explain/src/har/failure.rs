//! What browsers call a failure: `net::ERR_...`, `NS_ERROR_...`, and sentences.

use corsac::browser::{NetworkError, NetworkErrorKind};

/// What the recorded name of a failure means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The browser kept the response, or the request, from the page. It does not say why; almost always it is CORS.
    Blocked,
    /// The words themselves say that it is CORS.
    Cors,
    /// The network, or the server.
    Network(NetworkError),
    /// Something else that has a code.
    Other(&'static str),
    /// The page, or its user, did not want the response any more.
    Cancelled,
    /// An unknown failure.
    Unknown,
}

/// Returns what a recorded name or sentence means.
pub(super) fn failure(text: &str) -> Failure {
    let upper = text.to_ascii_uppercase();
    let has = |part: &&str| upper.contains(*part);
    if let Some((_, code)) = OTHER.iter().find(|(parts, _)| parts.iter().any(has)) {
        return Failure::Other(code);
    }
    if let Some((_, kind)) = NETWORK.iter().find(|(parts, _)| parts.iter().any(has)) {
        return Failure::Network(NetworkError::new(*kind, text));
    }
    if CANCELLED.iter().any(&has) {
        return Failure::Cancelled;
    }
    if CORS.iter().any(has) {
        return Failure::Cors;
    }
    // The whole name, because many names begin with it.
    let is_failed = upper
        .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .any(|word| word == "ERR_FAILED");
    if is_failed || upper == "NS_ERROR_DOM_BAD_URI" {
        return Failure::Blocked;
    }
    Failure::Unknown
}

const OTHER: &[(&[&str], &str)] = &[
    (
        &[
            "ERR_BLOCKED_BY_CLIENT",
            "ERR_BLOCKED_BY_ADMINISTRATOR",
            "NS_ERROR_TRACKING_URI",
            "CONTENT BLOCKER",
        ],
        "blocked-by-client",
    ),
    (&["ERR_BLOCKED_BY_CSP", "CONTENT SECURITY POLICY", "NS_ERROR_CSP"], "content-security-policy"),
    (&["ERR_BLOCKED_BY_ORB"], "opaque-response-blocked"),
    (
        &["ERR_BLOCKED_BY_RESPONSE", "CROSS-ORIGIN-RESOURCE-POLICY", "NS_ERROR_DOM_CORP_FAILED"],
        "resource-policy",
    ),
    (&["ERR_BLOCKED_BY_LOCAL_NETWORK", "ERR_BLOCKED_BY_PRIVATE_NETWORK"], "local-network-denied"),
    (&["MIXED-CONTENT", "MIXED CONTENT", "MIXED_CONTENT", "INSECURE CONTENT"], "mixed-content"),
    (&["ERR_UNSAFE_PORT", "NS_ERROR_PORT_ACCESS"], "bad-port"),
    (&["ERR_TOO_MANY_REDIRECTS", "NS_ERROR_REDIRECT_LOOP", "TOO MANY HTTP REDIRECTS"], "too-many-redirects"),
    (&["ERR_UNSAFE_REDIRECT", "ERR_INVALID_REDIRECT"], "location-invalid"),
    (
        &["ERR_UNKNOWN_URL_SCHEME", "ERR_DISALLOWED_URL_SCHEME", "NS_ERROR_UNKNOWN_PROTOCOL"],
        "scheme-not-http",
    ),
];

const NETWORK: &[(&[&str], NetworkErrorKind)] = &[
    (
        &[
            "ERR_NAME_NOT_RESOLVED",
            "ERR_NAME_RESOLUTION",
            "ERR_DNS_",
            "NS_ERROR_UNKNOWN_HOST",
            "COULD NOT RESOLVE",
            "HOSTNAME COULD NOT BE FOUND",
        ],
        NetworkErrorKind::Dns,
    ),
    (
        &["ERR_PROXY_", "ERR_TUNNEL_", "ERR_SOCKS_", "NS_ERROR_PROXY_", "NS_ERROR_UNKNOWN_PROXY"],
        NetworkErrorKind::Proxy,
    ),
    (
        &["ERR_CONNECTION_REFUSED", "NS_ERROR_CONNECTION_REFUSED", "COULD NOT CONNECT TO"],
        NetworkErrorKind::Refused,
    ),
    (
        &[
            "ERR_ADDRESS_UNREACHABLE",
            "ERR_ADDRESS_INVALID",
            "ERR_INTERNET_DISCONNECTED",
            "ERR_NETWORK_",
            "NS_ERROR_OFFLINE",
        ],
        NetworkErrorKind::Unreachable,
    ),
    (
        &["ERR_TIMED_OUT", "ERR_CONNECTION_TIMED_OUT", "NS_ERROR_NET_TIMEOUT", "REQUEST TIMED OUT"],
        NetworkErrorKind::Timeout,
    ),
    (
        &[
            "ERR_CONNECTION_CLOSED",
            "ERR_CONNECTION_RESET",
            "ERR_CONNECTION_ABORTED",
            "ERR_CONNECTION_FAILED",
            "ERR_EMPTY_RESPONSE",
            "ERR_SOCKET_",
            "NS_ERROR_NET_RESET",
            "NS_ERROR_NET_INTERRUPT",
            "NS_ERROR_NET_EMPTY",
            "NS_ERROR_NET_PARTIAL_TRANSFER",
            "CONNECTION TERMINATED UNEXPECTEDLY",
            "CONNECTION WAS LOST",
        ],
        NetworkErrorKind::Closed,
    ),
    (
        &["ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED", "MOZILLA_PKIX_ERROR_NOT_YET_VALID"],
        NetworkErrorKind::TlsExpired,
    ),
    (&["ERR_CERT_COMMON_NAME_INVALID", "SSL_ERROR_BAD_CERT_DOMAIN"], NetworkErrorKind::TlsNameMismatch),
    (
        &[
            "ERR_CERT_",
            "SEC_ERROR_",
            "MOZILLA_PKIX_ERROR",
            "UNACCEPTABLE TLS CERTIFICATE",
            "CERTIFICATE FOR THIS SERVER IS INVALID",
        ],
        NetworkErrorKind::TlsUntrusted,
    ),
    (
        &["ERR_SSL_", "SSL_ERROR_", "ERR_BAD_SSL", "NS_ERROR_NET_INADEQUATE_SECURITY", "TLS ERROR"],
        NetworkErrorKind::TlsProtocol,
    ),
    (
        &[
            "ERR_HTTP2_",
            "ERR_HTTP_1_1_REQUIRED",
            "ERR_QUIC_",
            "ERR_SPDY_",
            "ERR_INVALID_HTTP_RESPONSE",
            "ERR_INVALID_RESPONSE",
            "ERR_RESPONSE_HEADERS_",
            "ERR_CONTENT_LENGTH_MISMATCH",
            "ERR_INCOMPLETE_",
            "ERR_CONTENT_DECODING",
            "ERR_INVALID_CHUNKED_ENCODING",
            "NS_ERROR_INVALID_CONTENT_ENCODING",
            "NS_ERROR_CORRUPTED_CONTENT",
        ],
        NetworkErrorKind::Malformed,
    ),
];

const CANCELLED: &[&str] =
    &["ERR_ABORTED", "NS_BINDING_ABORTED", "NS_ERROR_ABORT", "CANCELLED", "CANCELED", "ABORTERROR"];

const CORS: &[&str] =
    &["ACCESS-CONTROL-", "ACCESS CONTROL CHECKS", "CORS", "CROSS-ORIGIN REQUEST", "PREFLIGHT"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_one_meaning() {
        use NetworkErrorKind as Kind;
        let network = |kind, text: &str| Failure::Network(NetworkError::new(kind, text));
        let rows = [
            ("net::ERR_FAILED", Failure::Blocked),
            ("net::ERR_ABORTED", Failure::Cancelled),
            ("NS_BINDING_ABORTED", Failure::Cancelled),
            ("net::ERR_CONNECTION_REFUSED", network(Kind::Refused, "net::ERR_CONNECTION_REFUSED")),
            ("net::ERR_PROXY_CONNECTION_FAILED", network(Kind::Proxy, "net::ERR_PROXY_CONNECTION_FAILED")),
            ("net::ERR_NAME_NOT_RESOLVED", network(Kind::Dns, "net::ERR_NAME_NOT_RESOLVED")),
            (
                "net::ERR_CERT_AUTHORITY_INVALID",
                network(Kind::TlsUntrusted, "net::ERR_CERT_AUTHORITY_INVALID"),
            ),
            ("net::ERR_CERT_DATE_INVALID", network(Kind::TlsExpired, "net::ERR_CERT_DATE_INVALID")),
            ("net::ERR_SSL_PROTOCOL_ERROR", network(Kind::TlsProtocol, "net::ERR_SSL_PROTOCOL_ERROR")),
            ("net::ERR_HTTP2_PROTOCOL_ERROR", network(Kind::Malformed, "net::ERR_HTTP2_PROTOCOL_ERROR")),
            ("net::ERR_CONNECTION_FAILED", network(Kind::Closed, "net::ERR_CONNECTION_FAILED")),
            ("net::ERR_BLOCKED_BY_CLIENT", Failure::Other("blocked-by-client")),
            ("net::ERR_BLOCKED_BY_CLIENT.Inspector", Failure::Other("blocked-by-client")),
            ("net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin", Failure::Other("resource-policy")),
            ("net::ERR_BLOCKED_BY_ORB", Failure::Other("opaque-response-blocked")),
            ("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", Failure::Other("local-network-denied")),
            (
                "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
                Failure::Cors,
            ),
            ("Load cannot be done due to access control checks.", Failure::Cors),
            ("NS_ERROR_DOM_BAD_URI", Failure::Blocked),
            ("net::ERR_UNEXPECTED", Failure::Unknown),
        ];
        for (text, expected) in rows {
            assert_eq!(failure(text), expected, "{text}");
        }
    }

    #[test]
    fn every_code_is_explained_somewhere() {
        for (_, code) in OTHER {
            let known = code.parse::<corsac::browser::ReasonCode>().is_ok()
                || crate::look_alikes::entry(code).is_some();
            assert!(known, "{code}");
        }
    }
}
