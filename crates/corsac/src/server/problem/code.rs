//! The codes of problems, and which of them are errors.

use std::fmt;

use super::Severity;
use crate::text::{Printable, QUOTED};

macro_rules! problem_codes {
    ($( $severity:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $code:literal, )+ } )+) => {
        /// The kind of a problem, with a stable name. Codes are append-only: a code never changes its meaning.
        ///
        /// ```
        /// use corsac::server::{ProblemCode, Severity};
        /// let code: ProblemCode = "origin-path".parse().unwrap();
        /// assert_eq!(code.severity(), Severity::Error);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ProblemCode { $($( $(#[doc = $doc])+ $variant, )+)+ }

        impl ProblemCode {
            /// All codes.
            pub const ALL: &'static [ProblemCode] = &[$($( Self::$variant, )+)+];

            /// Returns the code's name in kebab-case, as it is written in `acknowledge`.
            pub const fn as_str(self) -> &'static str {
                match self { $($( Self::$variant => $code, )+)+ }
            }

            /// Returns whether a problem with this code refuses the policy.
            ///
            /// ```
            /// use corsac::server::{ProblemCode, Severity};
            /// assert_eq!(ProblemCode::OriginRedundant.severity(), Severity::Lint);
            /// ```
            pub const fn severity(self) -> Severity {
                match self { $($( Self::$variant => Severity::$severity, )+)+ }
            }
        }
    };
}

problem_codes! {
    Error {
        /// An empty origin.
        OriginEmpty = "origin-empty",
        /// White space or a control character in an origin.
        OriginWhitespace = "origin-whitespace",
        /// Several origins in one string.
        OriginSeveralValues = "origin-several-values",
        /// `*` in a place where it is not allowed.
        OriginWildcardMisplaced = "origin-wildcard-misplaced",
        /// An origin without a scheme.
        OriginMissingScheme = "origin-missing-scheme",
        /// The part before `://` is not a scheme.
        OriginSchemeInvalid = "origin-scheme-invalid",
        /// A scheme whose pages send `Origin: null`, or the origin of the page that created them.
        OriginOpaqueScheme = "origin-opaque-scheme",
        /// A regular expression among the origins.
        OriginRegularExpression = "origin-regular-expression",
        /// A variable among the origins.
        OriginVariable = "origin-variable",
        /// A range of addresses among the origins.
        OriginAddressRange = "origin-address-range",
        /// A scheme that no page has: `wss`, `ftp`.
        OriginSchemeNeverSent = "origin-scheme-never-sent",
        /// An origin without a host.
        OriginMissingHost = "origin-missing-host",
        /// An origin with a path; a slash at the end is one.
        OriginPath = "origin-path",
        /// An origin with a query.
        OriginQuery = "origin-query",
        /// An origin with a fragment.
        OriginFragment = "origin-fragment",
        /// An origin with a user name or password.
        OriginUserInfo = "origin-user-info",
        /// An origin in upper case.
        OriginUpperCase = "origin-upper-case",
        /// A host that is not ASCII.
        OriginUnicodeHost = "origin-unicode-host",
        /// An IPv6 address without brackets.
        OriginIpv6Brackets = "origin-ipv6-brackets",
        /// An IPv6 address that is not in its shortest form.
        OriginIpv6Form = "origin-ipv6-form",
        /// An IPv4 address that is not four decimal numbers.
        OriginIpv4Form = "origin-ipv4-form",
        /// Not a port, or a port that no page's origin can have.
        OriginPortInvalid = "origin-port-invalid",
        /// The default port of the scheme, which origins leave out.
        OriginDefaultPort = "origin-default-port",
        /// A host that no URL can have.
        OriginHostInvalid = "origin-host-invalid",
        /// `null` among the origins.
        OriginNull = "origin-null",
        /// `*` together with other origins.
        OriginAnyMixed = "origin-any-mixed",
        /// A pattern for every host: `https://*`.
        OriginAnyHost = "origin-any-host",
        /// Subdomains of an address or of an app scheme, which have none.
        OriginNoSubdomains = "origin-no-subdomains",
        /// Any port of a scheme that has no ports.
        OriginNoPorts = "origin-no-ports",
        /// Credentials for every origin.
        CredentialsAnyOrigin = "credentials-any-origin",
        /// Credentials for subdomains of a public suffix, where anybody can have one.
        CredentialsPublicSuffix = "credentials-public-suffix",
        /// Credentials for names of which anybody can have one that fits, below a suffix of a platform. Can be acknowledged.
        CredentialsSharedSuffix = "credentials-shared-suffix",
        /// Credentials for every host of an app's scheme. Can be acknowledged.
        CredentialsAnyAppHost = "credentials-any-app-host",
        /// Credentials for `null`, which anybody can send.
        CredentialsNullOrigin = "credentials-null-origin",
        /// Credentials for an http origin. Can be acknowledged.
        CredentialsInsecureOrigin = "credentials-insecure-origin",
        /// Credentials with every response header exposed.
        CredentialsAnyExposed = "credentials-any-exposed",
        /// A method that is not a token.
        MethodInvalid = "method-invalid",
        /// A method that scripts can never send.
        MethodForbidden = "method-forbidden",
        /// A known method that is not in upper case.
        MethodLowerCase = "method-lower-case",
        /// Several methods in one string.
        MethodSeveralValues = "method-several-values",
        /// `*` together with other methods.
        MethodAnyMixed = "method-any-mixed",
        /// A request header's name that is not a token.
        RequestHeaderInvalid = "request-header-invalid",
        /// `Cookie` among the request headers.
        RequestHeaderCookie = "request-header-cookie",
        /// A response header among the request headers.
        RequestHeaderIsResponseHeader = "request-header-is-response-header",
        /// Several request headers in one string.
        RequestHeaderSeveralValues = "request-header-several-values",
        /// `*` that is neither alone nor after a prefix that ends in `-`.
        RequestHeaderWildcardMisplaced = "request-header-wildcard-misplaced",
        /// `*` together with request headers other than `Authorization`.
        RequestHeaderAnyMixed = "request-header-any-mixed",
        /// A response header's name that is not a token.
        ExposeHeaderInvalid = "expose-header-invalid",
        /// A response header that scripts can never read.
        ExposeHeaderForbidden = "expose-header-forbidden",
        /// A header of responses to preflights among the exposed response headers.
        ExposeHeaderPreflightOnly = "expose-header-preflight-only",
        /// A request header among the exposed response headers.
        ExposeHeaderIsRequestHeader = "expose-header-is-request-header",
        /// Several response headers in one string.
        ExposeHeaderSeveralValues = "expose-header-several-values",
        /// `*` together with other response headers.
        ExposeHeaderAnyMixed = "expose-header-any-mixed",
        /// A length of time that cannot be parsed.
        MaxAgeInvalid = "max-age-invalid",
        /// A length of time that is longer than any engine caches a response to a preflight.
        MaxAgeOutOfRange = "max-age-out-of-range",
        /// An entry of `acknowledge` is not a code, or a code that cannot be acknowledged.
        AcknowledgeUnknown = "acknowledge-unknown",
        /// A path that no request has.
        AtInvalid = "at-invalid",
        /// Two policies of a file for the same path.
        AtRepeated = "at-repeated",
        /// `cors = "pass"` together with keys that have no effect then.
        PassWithKeys = "pass-with-keys",
        /// An environment variable that is not set or is empty.
        EnvironmentMissing = "environment-missing",
        /// A file is not valid TOML or JSON.
        FileSyntax = "file-syntax",
        /// A file has a key that no policy has.
        KeyUnknown = "key-unknown",
        /// A required key is missing in a file.
        KeyMissing = "key-missing",
        /// A value has the wrong type for its key.
        ValueType = "value-type",
    }
    Lint {
        /// The list of origins is empty, so no origin may read.
        OriginNone = "origin-none",
        /// An origin that is listed twice, or that a pattern covers.
        OriginRedundant = "origin-redundant",
        /// An http origin, whose pages anybody on the network can change.
        OriginInsecure = "origin-insecure",
        /// Subdomains of a public suffix, where anybody can have one.
        OriginPublicSuffix = "origin-public-suffix",
        /// A pattern on a platform's domain that matches names which anybody can choose.
        OriginSharedSuffix = "origin-shared-suffix",
        /// Every host of an app's scheme.
        OriginAnyAppHost = "origin-any-app-host",
        /// A port that browsers do not connect to.
        OriginPortBlocked = "origin-port-blocked",
        /// The default port of the other scheme: `https://app.example:80`.
        OriginPortOtherScheme = "origin-port-other-scheme",
        /// A host with a dot at the end: `https://app.example.`.
        OriginTrailingDot = "origin-trailing-dot",
        /// Subdomains of a host that has public suffixes below it.
        OriginAboveSuffixes = "origin-above-suffixes",
        /// Subdomains of a single label that is not a known public suffix.
        OriginUnknownSuffix = "origin-unknown-suffix",
        /// Credentials for every port of a host other than the user's own machine.
        CredentialsAnyPort = "credentials-any-port",
        /// Credentials for the user's own machine together with other origins.
        CredentialsLocalOrigin = "credentials-local-origin",
        /// Credentials with any request header.
        CredentialsAnyRequestHeader = "credentials-any-request-header",
        /// A method with lower-case letters, which few servers support.
        MethodUnusual = "method-unusual",
        /// A method that is listed twice, or that pages may use without permission.
        MethodRedundant = "method-redundant",
        /// `OPTIONS`, which preflights do not need to be listed.
        MethodOptions = "method-options",
        /// A request header that scripts can never set.
        RequestHeaderForbidden = "request-header-forbidden",
        /// A request header that is listed twice, or that a prefix covers.
        RequestHeaderRedundant = "request-header-redundant",
        /// A response header that is listed twice, or that scripts may read without permission.
        ExposeHeaderRedundant = "expose-header-redundant",
        /// A length of time that is longer than some engines cache a response to a preflight.
        MaxAgeOverCap = "max-age-over-cap",
        /// Every origin may read, but `resource-policy` keeps other origins from loading the response without CORS.
        ResourcePolicyAnyOrigin = "resource-policy-any-origin",
        /// A policy without `at` in a file where others have one, so that it decides about no path.
        AtMissing = "at-missing",
        /// `acknowledge` has a code that no problem has.
        AcknowledgeUnused = "acknowledge-unused",
    }
}

impl ProblemCode {
    /// Returns `true` if the code can be written in `acknowledge`: every lint can, and errors that can be a deliberate choice.
    ///
    /// ```
    /// use corsac::server::ProblemCode;
    /// assert!(ProblemCode::CredentialsInsecureOrigin.can_be_acknowledged());
    /// assert!(!ProblemCode::CredentialsAnyOrigin.can_be_acknowledged());
    /// ```
    pub const fn can_be_acknowledged(self) -> bool {
        let is_choice = matches!(
            self,
            Self::CredentialsInsecureOrigin | Self::CredentialsSharedSuffix | Self::CredentialsAnyAppHost
        );
        matches!(self.severity(), Severity::Lint) || is_choice
    }
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ProblemCode {
    type Err = UnknownProblemCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|code| code.as_str() == text);
        found.ok_or_else(|| UnknownProblemCode(text.to_owned()))
    }
}

/// The error for a string that is not the code of a problem.
///
/// ```
/// let error = "origin-slash".parse::<corsac::server::ProblemCode>().unwrap_err();
/// assert_eq!(error.to_string(), "`origin-slash` is not the code of a problem");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProblemCode(String);

impl fmt::Display for UnknownProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the code of a problem", Printable::new(&self.0, QUOTED))
    }
}

impl std::error::Error for UnknownProblemCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_parses_back_and_none_is_used_twice() {
        let mut seen = std::collections::HashSet::new();
        for code in ProblemCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(seen.insert(code.as_str()), "{code} is in the table twice");
        }
    }
}
