//! The codes of problems, and which of them refuse a policy.

use std::fmt;

use super::Severity;
use crate::text::{Printable, QUOTED};

macro_rules! problem_codes {
    ($( $severity:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $code:literal, )+ } )+) => {
        /// The stable name of a problem. Codes are append-only: a code keeps its meaning for ever.
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
            /// Every code.
            ///
            /// ```
            /// assert!(corsac::server::ProblemCode::ALL.len() > 40);
            /// ```
            pub const ALL: &'static [ProblemCode] = &[$($( Self::$variant, )+)+];

            /// The code's kebab-case name, as it stands in `acknowledge`.
            ///
            /// ```
            /// assert_eq!(corsac::server::ProblemCode::OriginPath.as_str(), "origin-path");
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self { $($( Self::$variant => $code, )+)+ }
            }

            /// Does it refuse the policy, or does it advise?
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
        /// Several origins in one text.
        OriginSeveralValues = "origin-several-values",
        /// `*` elsewhere than as the first label of the host, for a part of a label that its owner alone gives out, as the port, or alone.
        OriginWildcardMisplaced = "origin-wildcard-misplaced",
        /// An origin without a scheme.
        OriginMissingScheme = "origin-missing-scheme",
        /// What stands before `://` is no scheme.
        OriginSchemeInvalid = "origin-scheme-invalid",
        /// A scheme that is no page's origin: its pages send `Origin: null`, or the origin of the page that made them.
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
        /// A port that is no port, or that no page can come from.
        OriginPortInvalid = "origin-port-invalid",
        /// The default port of the scheme, which an origin leaves out.
        OriginDefaultPort = "origin-default-port",
        /// A host that no URL can have.
        OriginHostInvalid = "origin-host-invalid",
        /// `null` among the origins.
        OriginNull = "origin-null",
        /// `*` beside other origins.
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
        /// Credentials for `null`, which everybody can send.
        CredentialsNullOrigin = "credentials-null-origin",
        /// Credentials for an http origin. Can be acknowledged.
        CredentialsInsecureOrigin = "credentials-insecure-origin",
        /// Credentials with every response header exposed.
        CredentialsAnyExposed = "credentials-any-exposed",
        /// A method that is no token.
        MethodInvalid = "method-invalid",
        /// A method that script can never send.
        MethodForbidden = "method-forbidden",
        /// A known method that is not in upper case.
        MethodLowerCase = "method-lower-case",
        /// Several methods in one text.
        MethodSeveralValues = "method-several-values",
        /// `*` beside other methods.
        MethodAnyMixed = "method-any-mixed",
        /// A request header's name that is no token.
        RequestHeaderInvalid = "request-header-invalid",
        /// `Cookie` among the request headers.
        RequestHeaderCookie = "request-header-cookie",
        /// A response header among the request headers.
        RequestHeaderIsResponseHeader = "request-header-is-response-header",
        /// Several request headers in one text.
        RequestHeaderSeveralValues = "request-header-several-values",
        /// `*` elsewhere than alone or behind a prefix that ends in `-`.
        RequestHeaderWildcardMisplaced = "request-header-wildcard-misplaced",
        /// `*` beside other request headers than `Authorization`.
        RequestHeaderAnyMixed = "request-header-any-mixed",
        /// A response header's name that is no token.
        ExposeHeaderInvalid = "expose-header-invalid",
        /// A response header that script can never read.
        ExposeHeaderForbidden = "expose-header-forbidden",
        /// A header of preflights among the exposed response headers.
        ExposeHeaderPreflightOnly = "expose-header-preflight-only",
        /// A request header among the exposed response headers.
        ExposeHeaderIsRequestHeader = "expose-header-is-request-header",
        /// Several response headers in one text.
        ExposeHeaderSeveralValues = "expose-header-several-values",
        /// `*` beside other response headers.
        ExposeHeaderAnyMixed = "expose-header-any-mixed",
        /// A length of time that cannot be read.
        MaxAgeInvalid = "max-age-invalid",
        /// A length of time that is longer than any engine keeps an answer.
        MaxAgeOutOfRange = "max-age-out-of-range",
        /// `acknowledge` holds what is no code, or a code that cannot be acknowledged.
        AcknowledgeUnknown = "acknowledge-unknown",
        /// A path that no request has.
        AtInvalid = "at-invalid",
        /// Two policies of a file for the same path.
        AtRepeated = "at-repeated",
        /// `cors = "pass"` beside keys that would mean nothing.
        PassWithKeys = "pass-with-keys",
        /// A variable of the environment that is not set, or empty.
        EnvironmentMissing = "environment-missing",
        /// A file cannot be read as TOML or JSON.
        FileSyntax = "file-syntax",
        /// A file has a key that no policy has.
        KeyUnknown = "key-unknown",
        /// A file lacks a key.
        KeyMissing = "key-missing",
        /// A value is of another type than its key wants.
        ValueType = "value-type",
    }
    Lint {
        /// Nobody may read: the list of origins is empty.
        OriginNone = "origin-none",
        /// An origin that stands there twice, or that a pattern covers.
        OriginRedundant = "origin-redundant",
        /// An http origin: whoever is on the way can be that page.
        OriginInsecure = "origin-insecure",
        /// Subdomains of a public suffix, where anybody can have one.
        OriginPublicSuffix = "origin-public-suffix",
        /// Names of which anybody can have one that fits, below a suffix of a platform.
        OriginSharedSuffix = "origin-shared-suffix",
        /// Every host of an app's scheme.
        OriginAnyAppHost = "origin-any-app-host",
        /// A port that browsers do not connect to.
        OriginPortBlocked = "origin-port-blocked",
        /// The default port of the other scheme: `https://app.example:80`.
        OriginPortOtherScheme = "origin-port-other-scheme",
        /// Subdomains of a host that has public suffixes further below.
        OriginAboveSuffixes = "origin-above-suffixes",
        /// Subdomains of a name of one label that is on no list of suffixes.
        OriginUnknownSuffix = "origin-unknown-suffix",
        /// Credentials for every port of a host that is not this machine.
        CredentialsAnyPort = "credentials-any-port",
        /// Credentials for this machine beside other origins.
        CredentialsLocalOrigin = "credentials-local-origin",
        /// Credentials with any request header.
        CredentialsAnyRequestHeader = "credentials-any-request-header",
        /// A method in lower case, which few servers know.
        MethodUnusual = "method-unusual",
        /// A method that stands there twice.
        MethodRedundant = "method-redundant",
        /// A request header that script can never set.
        RequestHeaderForbidden = "request-header-forbidden",
        /// A request header that stands there twice, or that a prefix covers.
        RequestHeaderRedundant = "request-header-redundant",
        /// A response header that stands there twice, or that script can read anyway.
        ExposeHeaderRedundant = "expose-header-redundant",
        /// A length of time that not every engine keeps to.
        MaxAgeOverCap = "max-age-over-cap",
        /// Every origin may read, and `resource-policy` keeps the response out of other origins' pages.
        ResourcePolicyAnyOrigin = "resource-policy-any-origin",
        /// A policy without a path in a file that places others, so that no path leads to it.
        AtMissing = "at-missing",
        /// `acknowledge` holds a code that no problem has.
        AcknowledgeUnused = "acknowledge-unused",
    }
}

impl ProblemCode {
    /// Returns `true` if it can be acknowledged by name: every lint can, and the errors that can be a choice.
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

/// A text that is no problem code.
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
    fn every_code_reads_back_and_none_is_used_twice() {
        let mut seen = std::collections::HashSet::new();
        for code in ProblemCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(seen.insert(code.as_str()), "{code} stands twice in the table");
        }
    }
}
