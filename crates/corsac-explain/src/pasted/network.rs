//! Errors of the network, as Chromium, Firefox, Node.js and others name them. None of them is CORS.

use corsac::browser::Engine;

use super::message::Message;
use crate::ItemStage::{Network, Redirect, Response};

const fn chromium(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::other(codes, words).by(Engine::Chromium).at(Network)
}

const fn any(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::other(codes, words).at(Network)
}

pub(super) const MESSAGES: &[Message] = &[
    Message::frame("(?:{method} )?'{real}' (?:net::ERR_|\\(blocked:)"),
    chromium(&["connection-refused"], "ERR_CONNECTION_REFUSED"),
    chromium(&["dns-failed"], "ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED"),
    chromium(
        &["host-unreachable"],
        "ERR_ADDRESS_UNREACHABLE|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_NETWORK_ACCESS_DENIED",
    ),
    chromium(
        &["connection-closed"],
        "ERR_CONNECTION_RESET|ERR_CONNECTION_CLOSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_ABORTED|ERR_CONTENT_LENGTH_MISMATCH|ERR_INCOMPLETE_CHUNKED_ENCODING",
    ),
    chromium(&["timed-out"], "ERR_CONNECTION_TIMED_OUT|ERR_TIMED_OUT"),
    chromium(&["tls-certificate-expired"], "ERR_CERT_DATE_INVALID"),
    chromium(&["tls-name-mismatch"], "ERR_CERT_COMMON_NAME_INVALID"),
    chromium(&["tls-untrusted"], "ERR_CERT_[A-Z_]+"),
    chromium(&["tls-failed"], "ERR_SSL_[A-Z_]+|ERR_BAD_SSL_[A-Z_]+"),
    chromium(
        &["response-malformed"],
        "ERR_INVALID_HTTP_RESPONSE|ERR_HTTP2_[A-Z_]+|ERR_QUIC_[A-Z_]+|ERR_RESPONSE_HEADERS_[A-Z_]+|ERR_INVALID_CHUNKED_ENCODING",
    ),
    chromium(&["proxy-failed"], "ERR_PROXY_[A-Z_]+|ERR_TUNNEL_CONNECTION_FAILED"),
    chromium(&["too-many-redirects"], "ERR_TOO_MANY_REDIRECTS").at(Redirect),
    chromium(
        &[
            "location-invalid",
            "redirect-mode-error",
            "allow-origin-missing",
            "allow-origin-mismatch",
            "allow-origin-invalid",
            "allow-origin-multiple",
        ],
        "ERR_INVALID_REDIRECT",
    )
    .at(Redirect),
    chromium(&["scheme-not-http", "redirect-mode-error"], "ERR_UNSAFE_REDIRECT").at(Redirect).surely_cors(),
    chromium(&["bad-port"], "ERR_UNSAFE_PORT"),
    chromium(&["stream-body-unsupported"], "ERR_H2_OR_QUIC_REQUIRED"),
    chromium(&["blocked-by-client"], "ERR_BLOCKED_BY_CLIENT"),
    chromium(&["blocked-by-client"], "ERR_BLOCKED_BY_ADMINISTRATOR"),
    chromium(&["content-security-policy"], "ERR_BLOCKED_BY_CSP"),
    chromium(&["local-network-denied"], "ERR_BLOCKED_BY_(?:LOCAL|PRIVATE)_NETWORK_ACCESS_CHECKS"),
    chromium(&["opaque-response-blocked"], "ERR_BLOCKED_BY_ORB").at(Response),
    chromium(&["resource-policy"], "ERR_BLOCKED_BY_RESPONSE").at(Response),
    // The network panel.
    chromium(&["blocked-by-client"], "\\(blocked:other\\)|blocked:other"),
    chromium(&["mixed-content"], "blocked:mixed-content"),
    chromium(&["content-security-policy"], "blocked:csp"),
    chromium(&["opaque-response-blocked"], "blocked:orb").at(Response),
    chromium(
        &["resource-policy"],
        "blocked:(?:corp-)?not-?same-(?:origin|site)|blocked:NotSameOrigin|blocked:coep|blocked:corp",
    )
    .at(Response),
    // Firefox and its network library.
    any(&["tls-untrusted"], "SEC_ERROR_UNKNOWN_ISSUER|MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT")
        .by(Engine::Firefox),
    any(&["tls-certificate-expired"], "SEC_ERROR_EXPIRED_CERTIFICATE").by(Engine::Firefox),
    any(&["tls-name-mismatch"], "SSL_ERROR_BAD_CERT_DOMAIN").by(Engine::Firefox),
    any(&["tls-failed"], "SSL_ERROR_[A-Z_]+").by(Engine::Firefox),
    any(&["connection-refused"], "NS_ERROR_CONNECTION_REFUSED").by(Engine::Firefox),
    any(&["dns-failed"], "NS_ERROR_UNKNOWN_HOST").by(Engine::Firefox),
    any(
        &["connection-closed"],
        "NS_ERROR_NET_RESET|NS_ERROR_NET_PARTIAL_TRANSFER|NS_ERROR_NET_INTERRUPT|NS_ERROR_NET_EMPTY_RESPONSE",
    )
    .by(Engine::Firefox),
    any(&["timed-out"], "NS_ERROR_NET_TIMEOUT").by(Engine::Firefox),
    any(&["blocked-by-client"], "NS_ERROR_TRACKING_URI").by(Engine::Firefox),
    any(&["content-security-policy"], "NS_ERROR_CONTENT_BLOCKED|NS_ERROR_CSP_[A-Z_]+").by(Engine::Firefox),
    // Node.js, which knows no CORS, and other clients.
    any(&["connection-refused"], "ECONNREFUSED {address}"),
    any(&["connection-refused"], "ECONNREFUSED|Connection refused"),
    any(&["dns-failed"], "ENOTFOUND|EAI_AGAIN|Could not resolve host"),
    any(&["connection-closed"], "ECONNRESET|socket hang up|UND_ERR_SOCKET|other side closed"),
    any(
        &["timed-out"],
        "ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|ECONNABORTED|timeout of [0-9]+ ?ms exceeded",
    ),
    any(&["host-unreachable"], "EHOSTUNREACH|ENETUNREACH"),
    any(&["tls-certificate-expired"], "CERT_HAS_EXPIRED"),
    any(&["tls-name-mismatch"], "ERR_TLS_CERT_ALTNAME_INVALID"),
    any(
        &["tls-untrusted"],
        "DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT[A-Z_]*|self-?signed certificate|unable to verify the first certificate",
    ),
];
