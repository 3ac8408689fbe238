//! Why the server's half says no.

use std::fmt;

/// Why a policy does not allow a request. The names are stable.
///
/// ```
/// use corsac::server::{Policy, PolicyRefusal, Request};
/// use http::{HeaderMap, Method};
///
/// let policy = Policy::builder(["https://app.example"]).build().unwrap();
/// let mut request = HeaderMap::new();
/// request.insert("origin", "https://evil.example".parse().unwrap());
/// let refusal = policy.decide(&Request::new(&Method::GET, &request)).refusal().unwrap();
/// assert_eq!((refusal, refusal.as_str()), (PolicyRefusal::OriginNotAllowed, "origin-not-allowed"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PolicyRefusal {
    /// `Origin` is none that the policy lists.
    OriginNotAllowed,
    /// `Origin` is `null`, and the policy does not allow it.
    OriginNull,
    /// `Origin` is no origin: no browser sends it.
    OriginMalformed,
    /// A lookup would allow an http origin, and the policy has credentials.
    OriginInsecure,
    /// The method that the preflight asks for is not listed.
    MethodNotAllowed,
    /// `Access-Control-Request-Method` is no method.
    MethodMalformed,
    /// A header that the preflight asks for is not listed.
    HeaderNotAllowed,
    /// `Access-Control-Request-Headers` is no list of names.
    HeadersMalformed,
    /// `Access-Control-Request-Headers` is longer than any browser's: 256 names or 16 KiB.
    HeadersTooLong,
}

impl PolicyRefusal {
    /// Every refusal.
    ///
    /// ```
    /// assert_eq!(corsac::server::PolicyRefusal::ALL.len(), 9);
    /// ```
    pub const ALL: &'static [PolicyRefusal] = &[
        Self::OriginNotAllowed,
        Self::OriginNull,
        Self::OriginMalformed,
        Self::OriginInsecure,
        Self::MethodNotAllowed,
        Self::MethodMalformed,
        Self::HeaderNotAllowed,
        Self::HeadersMalformed,
        Self::HeadersTooLong,
    ];

    /// The name in kebab-case.
    ///
    /// ```
    /// assert_eq!(corsac::server::PolicyRefusal::OriginNull.as_str(), "null-origin-not-allowed");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OriginNotAllowed => "origin-not-allowed",
            Self::OriginNull => "null-origin-not-allowed",
            Self::OriginMalformed => "origin-malformed",
            Self::OriginInsecure => "insecure-origin-not-allowed",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::MethodMalformed => "method-malformed",
            Self::HeaderNotAllowed => "header-not-allowed",
            Self::HeadersMalformed => "headers-malformed",
            Self::HeadersTooLong => "headers-too-long",
        }
    }

    /// Is it about the origin? Then nothing at all is told, and the rest was not looked at.
    ///
    /// ```
    /// use corsac::server::PolicyRefusal;
    /// assert!(PolicyRefusal::OriginNull.is_about_origin() && !PolicyRefusal::MethodNotAllowed.is_about_origin());
    /// ```
    pub const fn is_about_origin(self) -> bool {
        matches!(
            self,
            Self::OriginNotAllowed | Self::OriginNull | Self::OriginMalformed | Self::OriginInsecure
        )
    }
}

impl fmt::Display for PolicyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
