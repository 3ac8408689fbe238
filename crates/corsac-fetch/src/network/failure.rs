//! Turns errors of the system, of TLS and of HTTP into kinds of failure and messages.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use corsac::browser::{NetworkError, NetworkErrorKind as Kind};
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, InvalidMessage};
use url::Host;

use super::limits::{HEAD_LIMIT, LINE_LIMIT};
use super::watched::Watch;

/// No address could be connected to. Of several failures the most specific one decides the kind: a port that refuses connections is more
/// specific than addresses that this machine cannot reach at all.
pub(super) fn connecting(failures: &[(SocketAddr, io::Error)]) -> NetworkError {
    let most_specific_first = [Kind::Refused, Kind::Closed, Kind::Timeout, Kind::Unreachable];
    let kinds: Vec<Kind> = failures.iter().map(|(_, error)| of_system(error, Kind::Unreachable)).collect();
    let kind = most_specific_first.into_iter().find(|kind| kinds.contains(kind)).unwrap_or(Kind::Unreachable);
    let each: Vec<String> = failures.iter().map(|(address, error)| format!("{address}: {error}")).collect();
    NetworkError::new(kind, each.join("; "))
}

/// The TLS handshake failed.
pub(super) fn handshake(error: &io::Error, host: &Host, port: u16) -> NetworkError {
    if let Some(error) = find::<rustls::Error>(error) {
        return of_tls(error, &format!("{host}:{port}"));
    }
    match of_system(error, Kind::TlsProtocol) {
        Kind::Closed => NetworkError::new(
            Kind::Closed,
            format!("{host}:{port} closed the connection during the TLS handshake"),
        ),
        kind => NetworkError::new(kind, format!("{host}:{port}, during the TLS handshake: {error}")),
    }
}

/// No response came to a request that was sent.
pub(super) fn responding(error: &hyper::Error, watch: &Watch) -> NetworkError {
    if error.is_parse() {
        let opening = watch.opening();
        return NetworkError::new(
            Kind::Malformed,
            // hyper has no other way to recognize this error.
            if error.to_string().ends_with("too large") {
                format!(
                    "the head of the response is over {} KiB, or over {LINE_LIMIT} lines",
                    HEAD_LIMIT / 1024
                )
            } else if opening.starts_with("HTTP/1.") {
                format!("the head of the response breaks HTTP: {}", with_causes(error))
            } else if opening.starts_with("\\x15\\x03") {
                "the answer is TLS, not HTTP: the URL should begin with `https://`".to_owned()
            } else {
                format!("the answer is not HTTP, it begins with `{opening}`")
            },
        );
    }
    if error.is_incomplete_message() {
        return NetworkError::new(
            Kind::Closed,
            match watch.received() {
                0 => "the server closed the connection without an answer".to_owned(),
                received => {
                    format!("the server closed the connection {received} bytes into the head of its response")
                }
            },
        );
    }
    in_transfer(error, Kind::Closed)
}

/// The body broke after the head had arrived.
pub(super) fn body(error: &hyper::Error) -> NetworkError {
    in_transfer(error, if error.is_incomplete_message() { Kind::Closed } else { Kind::Malformed })
}

/// Errors that can happen at any point of an exchange.
fn in_transfer(error: &hyper::Error, otherwise: Kind) -> NetworkError {
    if let Some(error) = find::<rustls::Error>(error) {
        return of_tls(error, "the server");
    }
    if let Some(error) = find::<h2::Error>(error) {
        return of_http2(error);
    }
    match find::<io::Error>(error) {
        Some(error) => NetworkError::new(of_system(error, otherwise), error.to_string()),
        None => NetworkError::new(otherwise, with_causes(error)),
    }
}

fn of_system(error: &io::Error, otherwise: Kind) -> Kind {
    match error.kind() {
        ErrorKind::ConnectionRefused => Kind::Refused,
        ErrorKind::TimedOut => Kind::Timeout,
        ErrorKind::InvalidData | ErrorKind::InvalidInput => Kind::Malformed,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Kind::Closed,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
            Kind::Unreachable
        }
        _ => otherwise,
    }
}

fn of_http2(error: &h2::Error) -> NetworkError {
    if let Some(error) = error.get_io() {
        return NetworkError::new(of_system(error, Kind::Closed), error.to_string());
    }
    let reason = error.reason().map_or_else(|| error.to_string(), |reason| format!("{reason:?}, {reason}"));
    if error.is_remote() {
        let message = format!("the server ended the HTTP/2 connection ({reason})");
        return NetworkError::new(Kind::Closed, message);
    }
    NetworkError::new(Kind::Malformed, format!("the answer breaks the rules or limits of HTTP/2 ({reason})"))
}

fn of_tls(error: &rustls::Error, server: &str) -> NetworkError {
    let (kind, message) = match error {
        rustls::Error::InvalidCertificate(error) => return of_certificate(error, server),
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => (
            Kind::TlsProtocol,
            format!(
                "{server} does not answer in TLS (if it is plain HTTP, the URL should begin with `http://`)"
            ),
        ),
        rustls::Error::AlertReceived(alert) => {
            let why = match alert {
                AlertDescription::ProtocolVersion => ": it does not support TLS 1.2 or newer",
                AlertDescription::HandshakeFailure => {
                    ": there is no cipher, curve or version that both sides support"
                }
                AlertDescription::UnrecognisedName => ": it does not know a host of this name",
                AlertDescription::CertificateRequired => ": it requires a client certificate",
                _ => "",
            };
            (Kind::TlsProtocol, format!("{server} ended the TLS connection (alert {alert:?}){why}"))
        }
        error => (Kind::TlsProtocol, format!("{server}: {error}")),
    };
    NetworkError::new(kind, message)
}

fn of_certificate(error: &CertificateError, server: &str) -> NetworkError {
    let (kind, message) = match error {
        CertificateError::ExpiredContext { time, not_after } => (
            Kind::TlsExpired,
            format!("the certificate of {server} expired {} ago", between(*not_after, *time)),
        ),
        CertificateError::Expired => (Kind::TlsExpired, format!("the certificate of {server} has expired")),
        CertificateError::NotValidYetContext { time, not_before } => (
            Kind::TlsExpired,
            format!(
                "the certificate of {server} becomes valid only in {} (is the clock of this machine right?)",
                between(*time, *not_before)
            ),
        ),
        CertificateError::NotValidYet => (
            Kind::TlsExpired,
            format!("the certificate of {server} is not valid yet (is the clock of this machine right?)"),
        ),
        CertificateError::NotValidForNameContext { presented, .. } => {
            (Kind::TlsNameMismatch, format!("the certificate of {server} is for {}", names(presented)))
        }
        CertificateError::NotValidForName => {
            (Kind::TlsNameMismatch, format!("the certificate of {server} is for another name"))
        }
        CertificateError::UnknownIssuer => (
            Kind::TlsUntrusted,
            format!(
                "the certificate of {server} is not signed by an authority that is trusted here: it is self-signed, or from a private \
                 authority, or the server does not send the intermediate certificates"
            ),
        ),
        CertificateError::BadSignature => (
            Kind::TlsUntrusted,
            format!(
                "the certificate of {server} names an authority that is trusted here, but the signature is not that authority's"
            ),
        ),
        // `openssl req -x509` makes such certificates: self-signed, and marked as an authority.
        CertificateError::Other(reason) if format!("{reason:?}").contains("CaUsedAsEndEntity") => (
            Kind::TlsUntrusted,
            format!(
                "the certificate of {server} is that of an authority, not of a server: most likely it is self-signed"
            ),
        ),
        CertificateError::Revoked => (Kind::TlsUntrusted, format!("the certificate of {server} was revoked")),
        error => (Kind::TlsProtocol, format!("the certificate of {server} is not usable: {error}")),
    };
    NetworkError::new(kind, message)
}

/// The names in a certificate. rustls reports them as webpki prints them: `DnsName("a.example")`.
fn names(presented: &[String]) -> String {
    const LIMIT: usize = 5;
    let name = |presented: &String| presented.split('"').nth(1).unwrap_or(presented).to_owned();
    let mut names: Vec<String> = presented.iter().take(LIMIT).map(name).collect();
    match presented.len() {
        0 => "no name at all".to_owned(),
        count if count > LIMIT => {
            names.push(format!("{} more", count - LIMIT));
            names.join(", ")
        }
        _ => names.join(", "),
    }
}

fn between(earlier: UnixTime, later: UnixTime) -> String {
    let seconds = later.as_secs().saturating_sub(earlier.as_secs());
    match (seconds / 86_400, seconds / 3_600, seconds / 60) {
        (0, 0, 0..=1) => format!("{seconds} s"),
        (0, 0..=1, minutes) => format!("{minutes} minutes"),
        (0..=1, hours, _) => format!("{hours} hours"),
        (days, _, _) => format!("{days} days"),
    }
}

/// Finds an error of this type among an error and its causes. [`Error::source`] of an [`io::Error`] skips the error that it wraps, so that one
/// is checked as well.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inside) => Some(inside),
            None => error.source(),
        };
    }
    None
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
