//! Reason codes: the names of the reasons why a page may not read a response, for all parts of Corsac.

use std::fmt;

use crate::text::{Printable, QUOTED};

macro_rules! reason_codes {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $code:literal $kind:ident, )+) => {
        /// The stable name of a reason. Codes are append-only: a code never changes its meaning.
        ///
        /// ```
        /// use corsac::browser::ReasonCode;
        /// assert_eq!("credentials-wildcard".parse(), Ok(ReasonCode::CredentialsWildcard));
        /// assert_eq!(ReasonCode::CredentialsWildcard.to_string(), "credentials-wildcard");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ReasonCode { $( $(#[doc = $doc])+ $variant, )+ }

        impl ReasonCode {
            /// Every code, in the order of the table.
            ///
            /// ```
            /// use corsac::browser::ReasonCode;
            /// let (cors, other): (Vec<ReasonCode>, Vec<ReasonCode>) = ReasonCode::ALL.iter().copied().partition(|code| code.is_cors());
            /// assert!(other.len() > cors.len()); // most failures that look like CORS to a page are something else
            /// ```
            pub const ALL: &'static [ReasonCode] = &[$( Self::$variant, )+];

            /// The code's kebab-case name.
            ///
            /// ```
            /// assert_eq!(corsac::browser::ReasonCode::AllowOriginMissing.as_str(), "allow-origin-missing");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// Returns `true` if the CORS protocol refused the response. If not, the failure only looks like CORS to a page.
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
    /// The value of `Access-Control-Allow-Origin` is not an origin.
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
    /// There was no response in time.
    TimedOut = "timed-out" not_cors,
    /// The certificate expired, or is not valid yet.
    TlsCertificateExpired = "tls-certificate-expired" not_cors,
    /// The certificate is for another host name.
    TlsNameMismatch = "tls-name-mismatch" not_cors,
    /// The certificate's issuer is not trusted.
    TlsUntrusted = "tls-untrusted" not_cors,
    /// TLS failed in another way.
    TlsFailed = "tls-failed" not_cors,
    /// The response is not HTTP, or exceeds a limit.
    ResponseMalformed = "response-malformed" not_cors,
    /// The proxy failed.
    ProxyFailed = "proxy-failed" not_cors,
    /// A page loaded over https requested an http URL.
    MixedContent = "mixed-content" not_cors,
    /// The port is one that browsers never connect to.
    BadPort = "bad-port" not_cors,
    /// The response's `Cross-Origin-Resource-Policy`, or the page's embedder policy, forbids the load.
    ResourcePolicy = "resource-policy" not_cors,
    /// The user, or the page's policy, did not permit access to a local address.
    LocalNetworkDenied = "local-network-denied" not_cors,
    /// A page that is not a secure context requested a more private address.
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
    /// A request without a range got a partial response.
    RangeNotRequested = "range-not-requested" not_cors,
    /// Opaque Response Blocking: a response of a type that no element uses.
    OpaqueResponseBlocked = "opaque-response-blocked" not_cors,
    /// `X-Content-Type-Options: nosniff`, and the type is not a script's.
    NoSniff = "nosniff" not_cors,
    /// The response's media type does not fit what made the request.
    LoadType = "load-type" not_cors,
    /// The response's status is an error for what made the request.
    LoadStatus = "load-status" not_cors,
    /// The server did not open the WebSocket.
    WebSocketRefused = "websocket-refused" not_cors,
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

/// A string that is not a reason code.
///
/// ```
/// let error = "no-such-code".parse::<corsac::browser::ReasonCode>().unwrap_err();
/// assert_eq!(error.to_string(), "`no-such-code` is not a reason code");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownReasonCode(String);

impl fmt::Display for UnknownReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a reason code", Printable::new(&self.0, QUOTED))
    }
}

impl std::error::Error for UnknownReasonCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_none_is_used_twice() {
        let mut seen = std::collections::HashSet::new();
        for code in ReasonCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(seen.insert(code.as_str()), "{code} is in the table twice");
        }
    }
}
