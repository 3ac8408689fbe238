//! Why a policy refuses a request.

use std::fmt;

/// Why a policy refuses a request. The names in [`as_str`](Self::as_str) are stable.
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
    /// The policy does not list the origin in `Origin`.
    OriginNotAllowed,
    /// `Origin` is `null`, and the policy does not allow it.
    OriginNull,
    /// `Origin` is not an origin: no browser sends it.
    OriginMalformed,
    /// An http origin that only a lookup could allow, in a policy that allows credentials: the lookup is not called for it.
    OriginInsecure,
    /// The policy does not list the method that the preflight asks for.
    MethodNotAllowed,
    /// `Access-Control-Request-Method` is not a method.
    MethodMalformed,
    /// The policy does not list a header that the preflight asks for.
    HeaderNotAllowed,
    /// `Access-Control-Request-Headers` is not a list of names.
    HeadersMalformed,
    /// `Access-Control-Request-Headers` has more than 256 names or 16 KiB, which no browser sends.
    HeadersTooLong,
}

impl PolicyRefusal {
    /// All refusals.
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

    /// Returns the name in kebab-case.
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

    /// Returns `true` if the origin is refused. The response then has no CORS headers, and the method and the headers were not checked.
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
