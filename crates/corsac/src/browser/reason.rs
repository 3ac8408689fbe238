//! Why a page may not read a response: a reason code with its evidence.

mod table;

use std::fmt;

use super::address_space::AddressSpace;
use super::exchange::NetworkError;
use super::reason_code::ReasonCode;
use crate::text::{LONGEST_MESSAGE, Printable};

/// Why a page may not read a response, with the evidence. Strings are as received, decoded as lossy UTF-8.
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
        /// The number of lines: 1 for a list in one line.
        lines: usize,
        /// The number of lines that are spelled exactly `Access-Control-Allow-Origin`: Firefox counts only those.
        exact_lines: usize,
    },
    /// [`ReasonCode::AllowOriginInvalid`].
    AllowOriginInvalid {
        /// The header's value, possibly empty.
        value: String,
        /// Whether it is nevertheless a URL, of a kind that has no origin: `localhost:3000`, `mailto:a@b.example`.
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
        /// `Access-Control-Allow-Methods`, if present.
        allowed: Option<String>,
    },
    /// [`ReasonCode::HeaderNotAllowed`]: the headers that are not allowed, in the order in which the engine checks them.
    HeaderNotAllowed {
        /// The first one, which the engine names, as script spelled it.
        name: String,
        /// The others.
        others: Vec<String>,
        /// `Access-Control-Allow-Headers`, if present.
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
        /// Whether the rule for CORS requests refuses it; `false` if only the engine does.
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
    /// There is no response. The [`NetworkError`] decides about the code, from `dns-failed` to `proxy-failed`.
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
        /// `Cross-Origin-Resource-Policy`, if present.
        value: Option<String>,
        /// The page's `Cross-Origin-Embedder-Policy`, if it decided because the header is missing.
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
    /// [`ReasonCode::OpaqueResponseBlocked`].
    OpaqueResponseBlocked {
        /// The response's media type, without parameters; empty if it has none.
        media_type: String,
        /// The rule that blocked it.
        why: &'static str,
    },
    /// [`ReasonCode::NoSniff`].
    NoSniff {
        /// The response's media type, without parameters; empty if it has none.
        media_type: String,
    },
    /// [`ReasonCode::LoadType`].
    LoadType {
        /// The response's media type, without parameters; empty if it has none.
        media_type: String,
        /// What was requested: `a module script`.
        wanted: &'static str,
    },
    /// [`ReasonCode::LoadStatus`].
    LoadStatus {
        /// The status.
        status: u16,
    },
    /// [`ReasonCode::WebSocketRefused`].
    WebSocketRefused {
        /// The status.
        status: u16,
        /// What a response of status 101 lacks.
        missing: Option<&'static str>,
    },
    /// [`ReasonCode::RangeNotRequested`].
    RangeNotRequested {
        /// The status: 206 or 416.
        status: u16,
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
        self.row(|code, _, _| code)
    }

    /// The evidence as names and values, for JSON and for templates. Empty if the code says everything.
    ///
    /// ```
    /// use corsac::browser::Reason;
    /// let reason = Reason::MethodNotAllowed { method: "PUT".into(), allowed: None };
    /// assert_eq!(reason.details(), [("method", "PUT".to_owned())]);
    /// ```
    pub fn details(&self) -> Vec<(&'static str, String)> {
        self.row(|_, details, _| details.iter().map(|(name, value)| (*name, value.to_string())).collect())
    }
}

/// One line of evidence for the trace. Explanations for people are in `corsac-explain`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.row(|_, _, evidence| Printable::new(&evidence.to_string(), LONGEST_MESSAGE).fmt(f))
    }
}
