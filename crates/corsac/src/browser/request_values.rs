//! The values that script chooses from: mode, credentials, redirect, cache, referrer policy.

use std::fmt;

use crate::text::{Printable, QUOTED};

macro_rules! named_values {
    ($( $(#[$about:meta])+ pub enum $name:ident { $( $(#[$attribute:meta])* $variant:ident = $text:literal, )+ } )+) => { $(
        $(#[$about])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$attribute])* $variant, )+ }

        impl $name {
            /// Every value. [`FromStr`](std::str::FromStr) reads each back from its name.
            ///
            /// ```
            #[doc = concat!("for value in corsac::browser::", stringify!($name), "::ALL {")]
            ///     assert_eq!(value.as_str().parse(), Ok(*value));
            /// }
            /// ```
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The value's name, as script writes it.
            ///
            /// ```
            #[doc = concat!("use corsac::browser::", stringify!($name), ";")]
            $( #[doc = concat!("assert_eq!(", stringify!($name), "::", stringify!($variant), ".as_str(), \"", $text, "\");")] )+
            /// ```
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

/// A string that is not one of the values that are possible here.
///
/// ```
/// let error = "cross".parse::<corsac::browser::Mode>().unwrap_err();
/// assert!(error.to_string().starts_with("`cross` is not one of `same-origin`, `cors`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownValue {
    /// The string.
    pub given: String,
    /// The values that are possible.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = Printable::new(&self.given, QUOTED);
        write!(f, "`{given}` is not one of `{}`", self.known.join("`, `"))
    }
}

impl std::error::Error for UnknownValue {}

named_values! {
    /// A [request's mode](https://fetch.spec.whatwg.org/#concept-request-mode).
    ///
    /// ```
    /// use corsac::browser::{Mode, RequestError};
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
    /// init.method = "PUT".to_owned();
    /// assert!(init.clone().build().is_ok()); // by default the mode is `cors`, and a preflight can ask
    /// init.mode = Mode::NoCors;
    /// assert_eq!(init.build().unwrap_err(), RequestError::MethodInNoCorsMode { method: "PUT".into() });
    /// ```
    #[non_exhaustive]
    pub enum Mode {
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
    ///
    /// ```
    /// use corsac::browser::Credentials;
    /// # use corsac::{browser::{Client, Engine, Fetch, PreflightCache, RequestInit, Step}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
    /// init.credentials = Credentials::Include;
    /// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
    /// let Step::Send(sent) = fetch.next(&mut PreflightCache::default(), std::time::Duration::ZERO) else { panic!() };
    /// assert!(sent.credentials); // cookies are sent; by default only to the page's own origin
    /// ```
    #[expect(clippy::exhaustive_enums, reason = "the three modes of the standard")]
    pub enum Credentials {
        /// Never.
        Omit = "omit",
        /// Only to the page's own origin: the default of `fetch()`.
        #[default]
        SameOrigin = "same-origin",
        /// Always.
        Include = "include",
    }
    /// A [request's redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
    ///
    /// ```
    /// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RedirectMode, RequestInit, ResponseHead, Step, Verdict};
    /// # use corsac::origin::Origin;
    /// # let (mut cache, now) = (PreflightCache::default(), std::time::Duration::ZERO);
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
    /// init.redirect = RedirectMode::Manual;
    /// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
    /// fetch.next(&mut cache, now);
    /// fetch.receive(Ok(ResponseHead::new(302, [("Access-Control-Allow-Origin", "*"), ("Location", "/v2/items")])));
    /// let Step::Done(outcome) = fetch.next(&mut cache, now) else { panic!() };
    /// assert_eq!(outcome.verdict(), Verdict::Opaque); // script sees that there is a redirect, but not its target
    /// ```
    #[expect(clippy::exhaustive_enums, reason = "the three modes of the standard")]
    pub enum RedirectMode {
        /// Follow the redirect.
        #[default]
        Follow = "follow",
        /// Treat a redirect as a network error.
        Error = "error",
        /// Pass an opaque redirect response to script.
        Manual = "manual",
    }
    /// A [request's cache mode](https://fetch.spec.whatwg.org/#concept-request-cache-mode), as far as it affects preflights and headers.
    ///
    /// ```
    /// use corsac::browser::CacheMode;
    /// # use corsac::{browser::{Client, Engine, Fetch, PreflightCache, RequestInit, Step}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
    /// init.cache = CacheMode::NoStore;
    /// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
    /// let Step::Send(sent) = fetch.next(&mut PreflightCache::default(), std::time::Duration::ZERO) else { panic!() };
    /// assert_eq!(sent.headers.text("Cache-Control").as_deref(), Some("no-cache")); // set by the browser, so no preflight
    /// ```
    #[non_exhaustive]
    pub enum CacheMode {
        /// The normal rules of the HTTP cache.
        #[default]
        Default = "default",
        /// Bypass the cache, and do not store the response.
        NoStore = "no-store",
        /// Bypass the cache, and store the response.
        Reload = "reload",
        /// Ask the server whether the stored response is still good.
        NoCache = "no-cache",
        /// Use any stored response, even a stale one.
        ForceCache = "force-cache",
    }
    /// A [referrer policy](https://w3c.github.io/webappsec-referrer-policy/#referrer-policies). The default stands for the empty string of
    /// the standard.
    ///
    /// ```
    /// use corsac::browser::ReferrerPolicy;
    /// # use corsac::{browser::{Client, Engine, Fetch, PreflightCache, RequestInit, Step}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
    /// init.client.url = Some("https://app.example/inbox?folder=3".parse().unwrap());
    /// assert_eq!(init.referrer_policy, ReferrerPolicy::StrictOriginWhenCrossOrigin);
    /// let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
    /// let Step::Send(sent) = fetch.next(&mut PreflightCache::default(), std::time::Duration::ZERO) else { panic!() };
    /// assert_eq!(sent.headers.text("Referer").as_deref(), Some("https://app.example/"));
    /// ```
    #[non_exhaustive]
    pub enum ReferrerPolicy {
        /// Never a `Referer`.
        NoReferrer = "no-referrer",
        /// The whole URL, but not from https to http.
        NoReferrerWhenDowngrade = "no-referrer-when-downgrade",
        /// The whole URL, to the page's own origin only.
        SameOrigin = "same-origin",
        /// The origin.
        Origin = "origin",
        /// The origin, but not from https to http.
        StrictOrigin = "strict-origin",
        /// The whole URL to the page's own origin, the origin to others.
        OriginWhenCrossOrigin = "origin-when-cross-origin",
        /// The whole URL to the page's own origin, the origin to others, nothing from https to http. Browsers do this by default.
        #[default]
        StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
        /// The whole URL, to every origin.
        UnsafeUrl = "unsafe-url",
    }
}
