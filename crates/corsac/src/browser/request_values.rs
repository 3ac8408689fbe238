//! The closed sets of values that script chooses from: mode, credentials, redirect, cache, referrer policy.

use std::fmt;

macro_rules! named_values {
    ($( #[doc = $doc:literal] $name:ident { $( $(#[$attribute:meta])* $variant:ident = $text:literal, )+ } )+) => { $(
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$attribute])* $variant, )+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The value's name, as script writes it.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownValue;

            fn from_str(text: &str) -> Result<Self, UnknownValue> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| UnknownValue {
                    given: text.to_owned(),
                    known: Self::ALL.iter().map(|value| value.as_str()).collect(),
                })
            }
        }
    )+ };
}

/// A text that names none of the values that can stand there.
///
/// ```
/// let error = "cross".parse::<corsac::browser::Mode>().unwrap_err();
/// assert!(error.to_string().starts_with("`cross` is not one of `same-origin`, `cors`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    /// The text.
    pub given: String,
    /// What could stand there.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not one of `{}`", self.given, self.known.join("`, `"))
    }
}

impl std::error::Error for UnknownValue {}

named_values! {
    /// A [request's mode](https://fetch.spec.whatwg.org/#concept-request-mode).
    Mode {
        /// Only the page's own origin.
        SameOrigin = "same-origin",
        /// The CORS protocol: what `fetch()` and `XMLHttpRequest` use.
        #[default]
        Cors = "cors",
        /// No CORS: safelisted methods and headers only, and an opaque response.
        NoCors = "no-cors",
        /// A navigation. Only its `Origin` header is modelled.
        Navigate = "navigate",
        /// A WebSocket handshake. Only its `Origin` header is modelled.
        WebSocket = "websocket",
    }
    /// A [request's credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode).
    Credentials {
        /// Never.
        Omit = "omit",
        /// Only to the page's own origin: the default of `fetch()`.
        #[default]
        SameOrigin = "same-origin",
        /// Always.
        Include = "include",
    }
    /// A [request's redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
    RedirectMode {
        /// Follow.
        #[default]
        Follow = "follow",
        /// A redirect is a network error.
        Error = "error",
        /// Give script an opaque redirect response.
        Manual = "manual",
    }
    /// A [request's cache mode](https://fetch.spec.whatwg.org/#concept-request-cache-mode), as far as it touches preflights and headers.
    CacheMode {
        /// The HTTP cache's normal rules.
        #[default]
        Default = "default",
        /// Past the cache, and nothing is stored.
        NoStore = "no-store",
        /// Past the cache.
        Reload = "reload",
        /// Ask the server whether the stored response is still good.
        NoCache = "no-cache",
        /// Any stored response will do.
        ForceCache = "force-cache",
    }
    /// A [referrer policy](https://w3c.github.io/webappsec-referrer-policy/#referrer-policies). The empty string of the standard is the default.
    ReferrerPolicy {
        /// Never a `Referer`.
        NoReferrer = "no-referrer",
        /// The whole URL, but not from https to http.
        NoReferrerWhenDowngrade = "no-referrer-when-downgrade",
        /// The whole URL, to the own origin only.
        SameOrigin = "same-origin",
        /// The origin.
        Origin = "origin",
        /// The origin, but not from https to http.
        StrictOrigin = "strict-origin",
        /// The whole URL to the own origin, the origin to others.
        OriginWhenCrossOrigin = "origin-when-cross-origin",
        /// The whole URL to the own origin, the origin to others, nothing from https to http: what browsers do by default.
        #[default]
        StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
        /// The whole URL, to everybody.
        UnsafeUrl = "unsafe-url",
    }
}
