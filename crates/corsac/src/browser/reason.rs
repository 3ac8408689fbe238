//! Why a page may not read a response: a reason code with its evidence.

use std::fmt;

use super::address_space::AddressSpace;
use super::exchange::{NetworkError, NetworkErrorKind};
use super::reason_code::ReasonCode;
use crate::text::{LONGEST_MESSAGE, Printable};

/// Why a page may not read a response, with the evidence. Texts are as received, made readable (lossy UTF-8).
///
/// ```
/// use corsac::browser::Reason;
/// let allowed = Some("Content-Type".into());
/// let reason = Reason::HeaderNotAllowed { name: "X-Trace".into(), others: vec![], allowed };
/// assert_eq!(reason.code().as_str(), "header-not-allowed");
/// assert_eq!(reason.to_string(), "Access-Control-Allow-Headers: Content-Type, without X-Trace");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// [`ReasonCode::AllowOriginMissing`].
    AllowOriginMissing,
    /// [`ReasonCode::AllowOriginMismatch`]: the header's value, and the origin that the browser sent.
    AllowOriginMismatch {
        /// The header's value.
        value: String,
        /// The serialized origin of the request.
        origin: String,
    },
    /// [`ReasonCode::AllowOriginMultiple`].
    AllowOriginMultiple {
        /// The lines, joined with `, `.
        value: String,
        /// How many lines there were: 1 for a list in one line.
        lines: usize,
        /// How many of them were spelled exactly `Access-Control-Allow-Origin`: Firefox counts only those.
        exact_lines: usize,
    },
    /// [`ReasonCode::AllowOriginInvalid`].
    AllowOriginInvalid {
        /// The header's value, possibly empty.
        value: String,
        /// Whether it is a URL all the same, of a kind that has no origin: `localhost:3000`, `mailto:a@b.example`.
        is_url: bool,
    },
    /// [`ReasonCode::CredentialsWildcard`].
    CredentialsWildcard,
    /// [`ReasonCode::AllowCredentialsNotTrue`].
    AllowCredentialsNotTrue {
        /// The header's value; `None` when the header is missing.
        value: Option<String>,
    },
    /// [`ReasonCode::PreflightStatus`].
    PreflightStatus {
        /// The preflight's status.
        status: u16,
    },
    /// [`ReasonCode::PreflightRedirected`].
    PreflightRedirected {
        /// The preflight's status.
        status: u16,
        /// Its `Location`, if it has one.
        location: Option<String>,
    },
    /// [`ReasonCode::AllowMethodsInvalid`].
    AllowMethodsInvalid {
        /// The header's value.
        value: String,
        /// The first item that is not a token.
        token: String,
    },
    /// [`ReasonCode::AllowHeadersInvalid`].
    AllowHeadersInvalid {
        /// The header's value.
        value: String,
        /// The first item that is not a token.
        token: String,
    },
    /// [`ReasonCode::MethodNotAllowed`].
    MethodNotAllowed {
        /// The request's method.
        method: String,
        /// `Access-Control-Allow-Methods`, if there.
        allowed: Option<String>,
    },
    /// [`ReasonCode::HeaderNotAllowed`]: the headers that are not allowed, in the order in which the engine looks at them.
    HeaderNotAllowed {
        /// The first one, which the engine names, as script spelled it.
        name: String,
        /// The others.
        others: Vec<String>,
        /// `Access-Control-Allow-Headers`, if there.
        allowed: Option<String>,
    },
    /// [`ReasonCode::AuthorizationWildcard`].
    AuthorizationWildcard {
        /// `Access-Control-Allow-Headers`.
        allowed: String,
    },
    /// [`ReasonCode::RedirectCredentials`].
    RedirectCredentials {
        /// The `Location`, with the password left out.
        location: String,
        /// Whether the rule for CORS requests refuses it; `false` if only the engine has a rule against it.
        by_cors: bool,
    },
    /// [`ReasonCode::SchemeNotHttp`].
    SchemeNotHttp {
        /// The scheme, without the colon.
        scheme: String,
        /// The URL.
        url: String,
    },
    /// [`ReasonCode::ModeSameOrigin`].
    ModeSameOrigin,
    /// [`ReasonCode::NoCorsRedirectMode`].
    NoCorsRedirectMode,
    /// No response: [`NetworkError`] tells the codes from `dns-failed` to `proxy-failed` apart.
    Network(NetworkError),
    /// [`ReasonCode::MixedContent`].
    MixedContent,
    /// [`ReasonCode::BadPort`].
    BadPort {
        /// The port.
        port: u16,
    },
    /// [`ReasonCode::ResourcePolicy`].
    ResourcePolicy {
        /// `Cross-Origin-Resource-Policy`, if there.
        value: Option<String>,
        /// `Cross-Origin-Embedder-Policy` of the page that decided, in a missing header's place.
        embedder_policy: Option<&'static str>,
    },
    /// [`ReasonCode::LocalNetworkDenied`].
    LocalNetworkDenied {
        /// The address space of the server.
        space: AddressSpace,
    },
    /// [`ReasonCode::LocalNetworkInsecure`].
    LocalNetworkInsecure {
        /// The address space of the server.
        space: AddressSpace,
    },
    /// [`ReasonCode::LocalNetworkMismatch`].
    LocalNetworkMismatch {
        /// The space that the request named.
        named: AddressSpace,
        /// The space of the server.
        space: AddressSpace,
    },
    /// [`ReasonCode::RedirectModeError`].
    RedirectModeError,
    /// [`ReasonCode::TooManyRedirects`].
    TooManyRedirects,
    /// [`ReasonCode::LocationInvalid`].
    LocationInvalid {
        /// The `Location` lines, joined with `, `.
        value: String,
    },
    /// [`ReasonCode::StreamBodyRedirected`].
    StreamBodyRedirected,
    /// [`ReasonCode::StreamBodyUnsupported`].
    StreamBodyUnsupported,
    /// [`ReasonCode::RangeNotRequested`].
    RangeNotRequested {
        /// The status: 206 or 416.
        status: u16,
    },
    /// [`ReasonCode::ErrorStatus`].
    ErrorStatus {
        /// The status, 400 or more.
        status: u16,
    },
    /// [`ReasonCode::ChallengePage`].
    ChallengePage {
        /// The status.
        status: u16,
        /// The header line that gives the challenge away.
        sign: String,
    },
    /// [`ReasonCode::LoginRedirect`].
    LoginRedirect {
        /// The status.
        status: u16,
        /// The `Location`.
        location: String,
    },
}

impl Reason {
    /// The reason's stable code.
    ///
    /// ```
    /// use corsac::browser::{Reason, ReasonCode};
    /// assert_eq!(Reason::CredentialsWildcard.code(), ReasonCode::CredentialsWildcard);
    /// ```
    pub fn code(&self) -> ReasonCode {
        match self {
            Self::AllowOriginMissing => ReasonCode::AllowOriginMissing,
            Self::AllowOriginMismatch { .. } => ReasonCode::AllowOriginMismatch,
            Self::AllowOriginMultiple { .. } => ReasonCode::AllowOriginMultiple,
            Self::AllowOriginInvalid { .. } => ReasonCode::AllowOriginInvalid,
            Self::CredentialsWildcard => ReasonCode::CredentialsWildcard,
            Self::AllowCredentialsNotTrue { .. } => ReasonCode::AllowCredentialsNotTrue,
            Self::PreflightStatus { .. } => ReasonCode::PreflightStatus,
            Self::PreflightRedirected { .. } => ReasonCode::PreflightRedirected,
            Self::AllowMethodsInvalid { .. } => ReasonCode::AllowMethodsInvalid,
            Self::AllowHeadersInvalid { .. } => ReasonCode::AllowHeadersInvalid,
            Self::MethodNotAllowed { .. } => ReasonCode::MethodNotAllowed,
            Self::HeaderNotAllowed { .. } => ReasonCode::HeaderNotAllowed,
            Self::AuthorizationWildcard { .. } => ReasonCode::AuthorizationWildcard,
            Self::RedirectCredentials { .. } => ReasonCode::RedirectCredentials,
            Self::SchemeNotHttp { .. } => ReasonCode::SchemeNotHttp,
            Self::ModeSameOrigin => ReasonCode::ModeSameOrigin,
            Self::NoCorsRedirectMode => ReasonCode::NoCorsRedirectMode,
            Self::Network(error) => match error.kind {
                NetworkErrorKind::Dns => ReasonCode::DnsFailed,
                NetworkErrorKind::Refused => ReasonCode::ConnectionRefused,
                NetworkErrorKind::Unreachable => ReasonCode::HostUnreachable,
                NetworkErrorKind::Closed => ReasonCode::ConnectionClosed,
                NetworkErrorKind::Timeout => ReasonCode::TimedOut,
                NetworkErrorKind::TlsExpired => ReasonCode::TlsCertificateExpired,
                NetworkErrorKind::TlsNameMismatch => ReasonCode::TlsNameMismatch,
                NetworkErrorKind::TlsUntrusted => ReasonCode::TlsUntrusted,
                NetworkErrorKind::TlsProtocol => ReasonCode::TlsFailed,
                NetworkErrorKind::Malformed => ReasonCode::ResponseMalformed,
                NetworkErrorKind::Proxy => ReasonCode::ProxyFailed,
            },
            Self::MixedContent => ReasonCode::MixedContent,
            Self::BadPort { .. } => ReasonCode::BadPort,
            Self::ResourcePolicy { .. } => ReasonCode::ResourcePolicy,
            Self::LocalNetworkDenied { .. } => ReasonCode::LocalNetworkDenied,
            Self::LocalNetworkInsecure { .. } => ReasonCode::LocalNetworkInsecure,
            Self::LocalNetworkMismatch { .. } => ReasonCode::LocalNetworkMismatch,
            Self::RedirectModeError => ReasonCode::RedirectModeError,
            Self::TooManyRedirects => ReasonCode::TooManyRedirects,
            Self::LocationInvalid { .. } => ReasonCode::LocationInvalid,
            Self::StreamBodyRedirected => ReasonCode::StreamBodyRedirected,
            Self::StreamBodyUnsupported => ReasonCode::StreamBodyUnsupported,
            Self::RangeNotRequested { .. } => ReasonCode::RangeNotRequested,
            Self::ErrorStatus { .. } => ReasonCode::ErrorStatus,
            Self::ChallengePage { .. } => ReasonCode::ChallengePage,
            Self::LoginRedirect { .. } => ReasonCode::LoginRedirect,
        }
    }

    /// The evidence as names and texts, for JSON and for templates; empty when the code says everything.
    ///
    /// ```
    /// use corsac::browser::Reason;
    /// let reason = Reason::MethodNotAllowed { method: "PUT".into(), allowed: None };
    /// assert_eq!(reason.details(), [("method", "PUT".to_owned())]);
    /// ```
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let text = |name, value: &str| vec![(name, value.to_owned())];
        let two = |one: (&'static str, &str), other: (&'static str, &str)| {
            vec![(one.0, one.1.to_owned()), (other.0, other.1.to_owned())]
        };
        let optional = |mut pairs: Vec<(&'static str, String)>, name, value: &Option<String>| {
            pairs.extend(value.clone().map(|value| (name, value)));
            pairs
        };
        match self {
            Self::AllowOriginMissing
            | Self::CredentialsWildcard
            | Self::ModeSameOrigin
            | Self::NoCorsRedirectMode
            | Self::MixedContent
            | Self::RedirectModeError
            | Self::TooManyRedirects
            | Self::StreamBodyRedirected
            | Self::StreamBodyUnsupported => Vec::new(),
            Self::AllowOriginMismatch { value, origin } => two(("value", value), ("origin", origin)),
            Self::AllowOriginMultiple { value, lines, .. } => {
                two(("value", value), ("lines", &lines.to_string()))
            }
            Self::AllowOriginInvalid { value, .. } | Self::LocationInvalid { value } => text("value", value),
            Self::AllowCredentialsNotTrue { value } => optional(Vec::new(), "value", value),
            Self::PreflightStatus { status }
            | Self::RangeNotRequested { status }
            | Self::ErrorStatus { status } => text("status", &status.to_string()),
            Self::PreflightRedirected { status, location } => {
                optional(text("status", &status.to_string()), "location", location)
            }
            Self::AllowMethodsInvalid { value, token } | Self::AllowHeadersInvalid { value, token } => {
                two(("value", value), ("token", token))
            }
            Self::MethodNotAllowed { method, allowed } => {
                optional(text("method", method), "allowed", allowed)
            }
            Self::HeaderNotAllowed { name, allowed, .. } => optional(text("name", name), "allowed", allowed),
            Self::AuthorizationWildcard { allowed } => text("allowed", allowed),
            Self::RedirectCredentials { location, .. } => text("location", location),
            Self::SchemeNotHttp { scheme, url } => two(("scheme", scheme), ("url", url)),
            Self::Network(error) => text("message", &error.message),
            Self::BadPort { port } => text("port", &port.to_string()),
            Self::ResourcePolicy { value, embedder_policy } => {
                let policy = embedder_policy.map(str::to_owned);
                optional(optional(Vec::new(), "value", value), "embedder-policy", &policy)
            }
            Self::LocalNetworkDenied { space } | Self::LocalNetworkInsecure { space } => {
                text("space", space.as_str())
            }
            Self::LocalNetworkMismatch { named, space } => {
                two(("named", named.as_str()), ("space", space.as_str()))
            }
            Self::ChallengePage { status, sign } => two(("status", &status.to_string()), ("sign", sign)),
            Self::LoginRedirect { status, location } => {
                two(("status", &status.to_string()), ("location", location))
            }
        }
    }
}

/// One line of evidence for the trace. Explanations for people are in `corsac-explain`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut evidence = String::new();
        self.write_evidence(&mut evidence)?;
        Printable::new(&evidence, LONGEST_MESSAGE).fmt(f)
    }
}

impl Reason {
    /// Writes the evidence with values as they were received.
    fn write_evidence(&self, f: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Self::AllowOriginMissing => f.write_str("no Access-Control-Allow-Origin"),
            Self::AllowOriginMismatch { value, origin } => {
                write!(f, "Access-Control-Allow-Origin: {value}, and the request's origin is {origin}")
            }
            Self::AllowOriginMultiple { value, lines: 1, .. } => {
                write!(f, "Access-Control-Allow-Origin: {value}")
            }
            Self::AllowOriginMultiple { value, lines, .. } => {
                write!(f, "{lines} lines of Access-Control-Allow-Origin, together: {value}")
            }
            Self::AllowOriginInvalid { value, .. } => {
                write!(f, "Access-Control-Allow-Origin: {value}, which is no origin")
            }
            Self::CredentialsWildcard => f.write_str("Access-Control-Allow-Origin: * with credentials"),
            Self::AllowCredentialsNotTrue { value: None } => {
                f.write_str("no Access-Control-Allow-Credentials")
            }
            Self::AllowCredentialsNotTrue { value: Some(value) } => {
                write!(f, "Access-Control-Allow-Credentials: {value}")
            }
            Self::PreflightStatus { status } => write!(f, "status {status}"),
            Self::PreflightRedirected { status, location } => {
                write!(f, "status {status}, Location: {}", location.as_deref().unwrap_or_default())
            }
            Self::AllowMethodsInvalid { value, token } => {
                write!(f, "Access-Control-Allow-Methods: {value}, where {token:?} is no method")
            }
            Self::AllowHeadersInvalid { value, token } => {
                write!(f, "Access-Control-Allow-Headers: {value}, where {token:?} is no header name")
            }
            Self::MethodNotAllowed { method, allowed: None } => {
                write!(f, "no Access-Control-Allow-Methods for {method}")
            }
            Self::MethodNotAllowed { method, allowed: Some(allowed) } => {
                write!(f, "Access-Control-Allow-Methods: {allowed}, without {method}")
            }
            Self::HeaderNotAllowed { name, allowed: None, .. } => {
                write!(f, "no Access-Control-Allow-Headers for {name}")
            }
            Self::HeaderNotAllowed { name, allowed: Some(allowed), .. } => {
                write!(f, "Access-Control-Allow-Headers: {allowed}, without {name}")
            }
            Self::AuthorizationWildcard { allowed } => {
                write!(f, "Access-Control-Allow-Headers: {allowed}, which does not cover Authorization")
            }
            Self::RedirectCredentials { location, .. } => {
                write!(f, "Location: {location}, with a user name or password")
            }
            Self::SchemeNotHttp { url, .. } => write!(f, "{url} is neither http nor https"),
            Self::ModeSameOrigin => f.write_str("mode same-origin, and the URL has another origin"),
            Self::NoCorsRedirectMode => f.write_str("mode no-cors needs redirect mode follow"),
            Self::Network(error) => write!(f, "{error}"),
            Self::MixedContent => f.write_str("an https page asked for an http URL"),
            Self::BadPort { port } => write!(f, "port {port} is blocked in browsers"),
            Self::ResourcePolicy { value: Some(value), embedder_policy: None } => {
                write!(f, "Cross-Origin-Resource-Policy: {value}")
            }
            Self::ResourcePolicy { embedder_policy, .. } => write!(
                f,
                "no valid Cross-Origin-Resource-Policy, and the page's embedder policy is {}",
                embedder_policy.unwrap_or("unsafe-none")
            ),
            Self::LocalNetworkDenied { space } => {
                write!(f, "no permission for the {} address space", space.as_str())
            }
            Self::LocalNetworkInsecure { space } => {
                write!(f, "the page is not a secure context, and the address is {}", space.as_str())
            }
            Self::LocalNetworkMismatch { named, space } => {
                write!(
                    f,
                    "the request names the {} address space, and the address is {}",
                    named.as_str(),
                    space.as_str()
                )
            }
            Self::RedirectModeError => f.write_str("a redirect, in redirect mode error"),
            Self::TooManyRedirects => f.write_str("more than 20 redirects"),
            Self::LocationInvalid { value } => write!(f, "Location: {value}"),
            Self::StreamBodyRedirected => f.write_str("a streamed body cannot be sent again"),
            Self::StreamBodyUnsupported => f.write_str("a streamed body cannot be sent here"),
            Self::RangeNotRequested { status } => write!(f, "status {status} for a request without Range"),
            Self::ErrorStatus { status } => write!(f, "status {status}, without any CORS header"),
            Self::ChallengePage { status, sign } => write!(f, "status {status}, {sign}"),
            Self::LoginRedirect { status, location } => write!(f, "status {status}, Location: {location}"),
        }
    }
}
