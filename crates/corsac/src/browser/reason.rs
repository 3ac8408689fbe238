//! Reason codes: the shared vocabulary of everything that says why a page may not read a response.

use std::fmt;

use super::address_space::AddressSpace;
use super::exchange::{NetworkError, NetworkErrorKind};

macro_rules! reason_codes {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $code:literal $kind:ident, )+) => {
        /// The stable name of a reason. Codes are append-only: a code keeps its meaning for ever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ReasonCode { $( $(#[doc = $doc])+ $variant, )+ }

        impl ReasonCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [ReasonCode] = &[$( Self::$variant, )+];

            /// The code's kebab-case name.
            ///
            /// ```
            /// assert_eq!(corsac::browser::ReasonCode::AllowOriginMissing.as_str(), "allow-origin-missing");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// Is it the CORS protocol that said no? If not, the failure only looks like CORS to a page.
            ///
            /// ```
            /// use corsac::browser::ReasonCode;
            /// assert!(ReasonCode::AllowOriginMissing.is_cors());
            /// assert!(!ReasonCode::DnsFailed.is_cors());
            /// ```
            pub fn is_cors(self) -> bool {
                match self { $( Self::$variant => reason_codes!(@is_cors $kind), )+ }
            }
        }
    };
    (@is_cors cors) => { true };
    (@is_cors not_cors) => { false };
}

reason_codes! {
    /// The response has no `Access-Control-Allow-Origin`.
    AllowOriginMissing = "allow-origin-missing" cors,
    /// `Access-Control-Allow-Origin` names another origin.
    AllowOriginMismatch = "allow-origin-mismatch" cors,
    /// `Access-Control-Allow-Origin` holds several values, in one line or in several.
    AllowOriginMultiple = "allow-origin-multiple" cors,
    /// The value of `Access-Control-Allow-Origin` is not an origin at all.
    AllowOriginInvalid = "allow-origin-invalid" cors,
    /// `Access-Control-Allow-Origin: *` for a request with credentials.
    CredentialsWildcard = "credentials-wildcard" cors,
    /// `Access-Control-Allow-Credentials` is missing or not exactly `true`, for a request with credentials.
    AllowCredentialsNotTrue = "allow-credentials-not-true" cors,
    /// The preflight's status is not 200 to 299.
    PreflightStatus = "preflight-status" cors,
    /// The preflight was answered with a redirect.
    PreflightRedirected = "preflight-redirected" cors,
    /// `Access-Control-Allow-Methods` does not parse.
    AllowMethodsInvalid = "allow-methods-invalid" cors,
    /// `Access-Control-Allow-Headers` does not parse.
    AllowHeadersInvalid = "allow-headers-invalid" cors,
    /// The preflight's response does not allow the method.
    MethodNotAllowed = "method-not-allowed" cors,
    /// The preflight's response does not allow a request header.
    HeaderNotAllowed = "header-not-allowed" cors,
    /// `Access-Control-Allow-Headers: *` does not cover `Authorization`.
    AuthorizationWildcard = "authorization-wildcard" cors,
    /// A redirect's `Location` holds a user name or password.
    RedirectCredentials = "redirect-credentials" cors,
    /// A request or redirect to a URL that is not `http` or `https`.
    SchemeNotHttp = "scheme-not-http" cors,
    /// A request in mode `same-origin` to another origin.
    ModeSameOrigin = "mode-same-origin" cors,
    /// A request in mode `no-cors` whose redirect mode is not `follow`.
    NoCorsRedirectMode = "no-cors-redirect-mode" cors,
    /// The host name was not found.
    DnsFailed = "dns-failed" not_cors,
    /// Nothing listens at that address and port.
    ConnectionRefused = "connection-refused" not_cors,
    /// There is no route to the host.
    HostUnreachable = "host-unreachable" not_cors,
    /// The connection was closed or reset before a response came.
    ConnectionClosed = "connection-closed" not_cors,
    /// No answer in time.
    TimedOut = "timed-out" not_cors,
    /// The certificate expired, or is not valid yet.
    TlsCertificateExpired = "tls-certificate-expired" not_cors,
    /// The certificate is for another host name.
    TlsNameMismatch = "tls-name-mismatch" not_cors,
    /// The certificate's issuer is not trusted.
    TlsUntrusted = "tls-untrusted" not_cors,
    /// TLS failed in another way.
    TlsFailed = "tls-failed" not_cors,
    /// The response is not HTTP, or breaks its bounds.
    ResponseMalformed = "response-malformed" not_cors,
    /// The proxy failed.
    ProxyFailed = "proxy-failed" not_cors,
    /// A page loaded over https asked for an http URL.
    MixedContent = "mixed-content" not_cors,
    /// The port is one that browsers never connect to.
    BadPort = "bad-port" not_cors,
    /// The response's `Cross-Origin-Resource-Policy`, or the page's embedder policy, forbids the load.
    ResourcePolicy = "resource-policy" not_cors,
    /// The user, or the page's policy, did not permit access to a local address.
    LocalNetworkDenied = "local-network-denied" not_cors,
    /// A page that is not a secure context asked for a more private address.
    LocalNetworkInsecure = "local-network-insecure" not_cors,
    /// The address is in another address space than the request named.
    LocalNetworkMismatch = "local-network-mismatch" not_cors,
    /// A redirect came, and the request's redirect mode is `error`.
    RedirectModeError = "redirect-mode-error" not_cors,
    /// More than 20 redirects.
    TooManyRedirects = "too-many-redirects" not_cors,
    /// The redirect's `Location` is not a URL, or there are several.
    LocationInvalid = "location-invalid" not_cors,
    /// A redirect would have to send a streamed body again.
    StreamBodyRedirected = "stream-body-redirected" not_cors,
    /// This browser, or HTTP/1.1, cannot send a streamed body.
    StreamBodyUnsupported = "stream-body-unsupported" not_cors,
    /// A partial response came for a request that asked for no range.
    RangeNotRequested = "range-not-requested" not_cors,
    /// The server answered with an error, and its error page has no CORS headers.
    ErrorStatus = "error-status-without-cors" not_cors,
    /// A bot or login challenge of a gateway answered in the server's place.
    ChallengePage = "challenge-page" not_cors,
    /// The server redirected to a login page.
    LoginRedirect = "login-redirect" not_cors,
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ReasonCode {
    type Err = UnknownReasonCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == text)
            .ok_or_else(|| UnknownReasonCode(text.to_owned()))
    }
}

/// A text that is no reason code.
///
/// ```
/// let error = "no-such-code".parse::<corsac::browser::ReasonCode>().unwrap_err();
/// assert_eq!(error.to_string(), "`no-such-code` is not a reason code");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownReasonCode(String);

impl fmt::Display for UnknownReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a reason code", self.0)
    }
}

impl std::error::Error for UnknownReasonCode {}

/// Why a page may not read a response, with the evidence. Texts are as received, made readable (lossy UTF-8).
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
    },
    /// [`ReasonCode::AllowOriginInvalid`].
    AllowOriginInvalid {
        /// The header's value, possibly empty.
        value: String,
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
    /// [`ReasonCode::HeaderNotAllowed`]: the first header that is not allowed.
    HeaderNotAllowed {
        /// The header's name as script spelled it.
        name: String,
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
            Self::AllowOriginMultiple { value, lines } => {
                two(("value", value), ("lines", &lines.to_string()))
            }
            Self::AllowOriginInvalid { value } | Self::LocationInvalid { value } => text("value", value),
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
            Self::HeaderNotAllowed { name, allowed } => optional(text("name", name), "allowed", allowed),
            Self::AuthorizationWildcard { allowed } => text("allowed", allowed),
            Self::RedirectCredentials { location } => text("location", location),
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
        match self {
            Self::AllowOriginMissing => f.write_str("no Access-Control-Allow-Origin"),
            Self::AllowOriginMismatch { value, origin } => {
                write!(f, "Access-Control-Allow-Origin: {value}, and the request's origin is {origin}")
            }
            Self::AllowOriginMultiple { value, lines: 1 } => {
                write!(f, "Access-Control-Allow-Origin: {value}")
            }
            Self::AllowOriginMultiple { value, lines } => {
                write!(f, "{lines} lines of Access-Control-Allow-Origin, together: {value}")
            }
            Self::AllowOriginInvalid { value } => {
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
            Self::HeaderNotAllowed { name, allowed: None } => {
                write!(f, "no Access-Control-Allow-Headers for {name}")
            }
            Self::HeaderNotAllowed { name, allowed: Some(allowed) } => {
                write!(f, "Access-Control-Allow-Headers: {allowed}, without {name}")
            }
            Self::AuthorizationWildcard { allowed } => {
                write!(f, "Access-Control-Allow-Headers: {allowed}, which does not cover Authorization")
            }
            Self::RedirectCredentials { location } => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_none_is_used_twice() {
        let mut seen = std::collections::HashSet::new();
        for code in ReasonCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(seen.insert(code.as_str()), "{code} stands twice in the table");
        }
    }
}
