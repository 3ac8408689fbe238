//! Engine profiles: where shipping browsers leave the standard, as data.
//!
//! Each field is one measured or read difference; its doc says who does it, on which version, and how we know. "Measured" means: run against
//! Chromium 156.0.8078, Firefox ESR 153.7 and WebKitGTK 2.50.6. "Source" means: read in the engine's code, not observed.

use std::time::Duration;

use crate::header::SafelistRules;

/// A browser engine, or the standard itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Engine {
    /// The Fetch standard as of 2026-07-02.
    Spec,
    /// Chrome, Edge, Opera, Brave, Android WebView, Electron.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari, every browser on iOS, WebKitGTK, WPE.
    WebKit,
}

impl Engine {
    /// The standard, then the three engines.
    pub const ALL: [Self; 4] = [Self::Spec, Self::Chromium, Self::Firefox, Self::WebKit];

    /// The engine's name in JSON and on the command line: `spec`, `chromium`, `firefox` or `webkit`.
    ///
    /// ```
    /// assert_eq!(corsac::browser::Engine::WebKit.as_str(), "webkit");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The engine's name for people.
    ///
    /// ```
    /// assert_eq!(corsac::browser::Engine::Spec.title(), "the standard");
    /// ```
    pub fn title(self) -> &'static str {
        match self {
            Self::Spec => "the standard",
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }

    /// How the engine departs from the standard.
    ///
    /// ```
    /// use corsac::browser::Engine;
    /// assert!(!Engine::Spec.profile().authorization_covered_by_wildcard);
    /// assert!(Engine::Firefox.profile().authorization_covered_by_wildcard);
    /// ```
    pub fn profile(self) -> &'static Profile {
        match self {
            Self::Spec => &Profile::SPEC,
            Self::Chromium => &Profile::CHROMIUM,
            Self::Firefox => &Profile::FIREFOX,
            Self::WebKit => &Profile::WEBKIT,
        }
    }
}

/// What one engine does where engines differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whose profile this is.
    pub engine: Engine,
    /// The version that was measured, or the date of the standard.
    pub version: &'static str,

    // Deciding on a preflight, and sending it
    /// Which request headers need no preflight.
    pub safelist: SafelistRules,
    /// Do upload listeners force a preflight for a request without a body? The standard says yes; Chromium looks at them only when there is
    /// a body to upload (measured).
    pub upload_listeners_count_without_body: bool,
    /// What becomes of a `ReadableStream` body.
    pub stream_body: StreamBody,
    /// How often a preflight is sent when the server closes the connection without an answer: Chromium 3, Firefox 10, WebKit 2 (measured).
    pub preflight_attempts: u8,

    // Reading the preflight's response
    /// Is the preflight's status looked at before the CORS check? WebKit does (measured): a 404 without CORS headers is then a bad status,
    /// elsewhere a missing header. The verdict is the same.
    pub preflight_status_first: bool,
    /// Does `Access-Control-Allow-Headers: *` cover `Authorization`? The standard says no; all three engines say yes (measured; behind
    /// `CorsNonWildcardRequestHeadersSupport` in Chromium, `network.cors_preflight.authorization_covered_by_wildcard` in Firefox).
    pub authorization_covered_by_wildcard: bool,

    // Keeping it
    /// The CORS-preflight cache.
    pub cache: CacheRules,

    // Redirects and `Origin`
    /// Does the preflight that follows a redirect carry the page's real origin, although the redirect tainted it to `null`? Firefox
    /// (measured): the preflight says the real origin, the request behind it `null`.
    pub redirected_preflight_keeps_origin: bool,
    /// Is a request that was preflighted once preflighted after each redirect too, although the redirect dropped what made it necessary?
    pub preflight_after_redirect: PreflightAfterRedirect,
    /// Does the referrer policy turn the `Origin` of a request without CORS into `null`? The standard says yes; Chromium sends the real
    /// origin (measured, crbug 1066422).
    pub referrer_policy_hides_origin: bool,

    // Around CORS
    /// Does a 401 to a cross-origin request with credentials open a password prompt? Chromium and Firefox (measured); the standard does so
    /// only when the response tainting is not `cors`.
    pub prompts_after_unauthorized: bool,
    /// Which connections need the Local Network Access permission.
    pub local_network_access: LocalNetworkAccess,
}

/// How an engine keeps the answers of preflights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheRules {
    /// The longest time an entry lives. Chromium 7,200 s, Firefox 86,400 s, WebKit 600 s (source); the standard leaves it to the engine.
    pub limit: Duration,
    /// For how long a malformed `Access-Control-Max-Age` (`abc`, `10.5`, two lines) is kept; `None`: not at all. 5 s by the standard,
    /// Chromium and WebKit; not at all in Firefox (measured).
    pub malformed_max_age: Option<Duration>,
    /// The same for a negative one. Malformed by the standard (5 s); no engine keeps it (measured).
    pub negative_max_age: Option<Duration>,
    /// Is `+10` read as 10? Chromium and WebKit (source); malformed elsewhere.
    pub max_age_allows_plus: bool,
    /// What a number too large for 64 bits becomes: `None` for the limit (standard, Firefox), or 5 s (Chromium, WebKit; measured).
    pub overflowing_max_age: Option<Duration>,
    /// Is one whole answer kept for each key, replaced by the next one and erased when it does not suffice (Chromium, WebKit), or one entry
    /// for each method and header, which add up (standard, Firefox)? Measured.
    pub whole_answers: bool,
    /// Are answers with and without credentials kept apart? Firefox (measured); elsewhere an answer with credentials serves both.
    pub separates_credentials: bool,
    /// Does a kept `*` match anything? Not in Firefox (measured): there a wildcard means a preflight for every request.
    pub wildcard_matches: bool,
    /// Does a kept `*` among the headers cover `Authorization`? Only in WebKit (measured).
    pub wildcard_covers_authorization: bool,
    /// The methods that need no entry: GET, HEAD and POST by the standard; GET and POST in Firefox (measured).
    pub exempt_methods: &'static [&'static str],
    /// Are the entries of a URL dropped when the request behind the preflight fails? By the standard and in Firefox; not in Chromium and
    /// WebKit (measured).
    pub cleared_by_failure: bool,
    /// URLs of this many bytes and more are not kept: 1,024 in Chromium (measured; `kMaxKeyLength`).
    pub url_length_limit: Option<usize>,
    /// How many keys are kept: 1,024 in Chromium, 100 in Firefox (source). We drop the oldest; Chromium drops at random.
    pub capacity: Option<usize>,
    /// Do the cache modes `no-store` and `reload` go past kept answers? Chromium and Firefox (measured).
    pub cache_mode_bypasses: bool,
    /// Are answers kept for an opaque origin (`null`)? Not in Chromium and Firefox (measured).
    pub keeps_opaque_origins: bool,
    /// Is an answer kept that did not allow the request? WebKit (source).
    pub keeps_insufficient_answers: bool,
}

/// What an engine does with a `ReadableStream` body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamBody {
    /// Preflight, then send it.
    Sent,
    /// Preflight, then fail unless the connection speaks HTTP/2: Chromium (measured). We take `http` URLs for HTTP/1.1 and `https` for HTTP/2.
    SentOverHttp2,
    /// Turned into the text `[object ReadableStream]`, which needs no preflight: Firefox (measured).
    SentAsText,
    /// Refused before anything is sent: WebKit (measured).
    Unsupported,
}

/// What an engine does after a redirect that dropped what made a preflight necessary (a 302 that turns POST into GET and drops
/// `Content-Type`, another origin that drops `Authorization`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PreflightAfterRedirect {
    /// Decide anew: the standard, Chromium.
    WhenNeeded,
    /// Preflight again, with the names that are left, possibly none: Firefox (measured).
    Always,
    /// Preflight again, with the names of the first request: WebKit (measured).
    AlwaysWithFirstNames,
}

/// Which connections an engine asks the user about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalNetworkAccess {
    /// Any connection to a more private space: the WICG draft.
    MorePrivate,
    /// Only from a public page: Chromium since 142, Firefox 153 (measured).
    FromPublic,
    /// None: WebKit 2.50.6 (nothing found).
    Off,
}

/// The client hints that Chromium takes for safelisted, when their values are hints' values (measured; `cors.cc`).
const CLIENT_HINTS: &[&str] = &[
    "device-memory",
    "dpr",
    "width",
    "viewport-width",
    "rtt",
    "downlink",
    "ect",
    "save-data",
    "intervention",
];

const FIVE_SECONDS: Option<Duration> = Some(Duration::from_secs(5));

impl Profile {
    /// The Fetch standard, commit 586cd2a4.
    pub const SPEC: Self = Self {
        engine: Engine::Spec,
        version: "2026-07-02",
        safelist: SafelistRules::SPEC,
        upload_listeners_count_without_body: true,
        stream_body: StreamBody::Sent,
        preflight_attempts: 1,
        preflight_status_first: false,
        authorization_covered_by_wildcard: false,
        cache: CacheRules {
            limit: Duration::MAX,
            malformed_max_age: FIVE_SECONDS,
            negative_max_age: FIVE_SECONDS,
            max_age_allows_plus: false,
            overflowing_max_age: None,
            whole_answers: false,
            separates_credentials: false,
            wildcard_matches: true,
            wildcard_covers_authorization: false,
            exempt_methods: &["GET", "HEAD", "POST"],
            cleared_by_failure: true,
            url_length_limit: None,
            capacity: None,
            cache_mode_bypasses: false,
            keeps_opaque_origins: true,
            keeps_insufficient_answers: false,
        },
        redirected_preflight_keeps_origin: false,
        preflight_after_redirect: PreflightAfterRedirect::WhenNeeded,
        referrer_policy_hides_origin: true,
        prompts_after_unauthorized: false,
        local_network_access: LocalNetworkAccess::MorePrivate,
    };

    /// Chromium 156.
    pub const CHROMIUM: Self = Self {
        engine: Engine::Chromium,
        version: "156.0.8078",
        safelist: SafelistRules {
            range_fits_i64: true,
            extra_names: CLIENT_HINTS,
            joins_lines: true,
            user_agent_is_safe: true,
            ..SafelistRules::SPEC
        },
        upload_listeners_count_without_body: false,
        stream_body: StreamBody::SentOverHttp2,
        preflight_attempts: 3,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: Duration::from_secs(7_200),
            negative_max_age: None,
            max_age_allows_plus: true,
            overflowing_max_age: FIVE_SECONDS,
            whole_answers: true,
            cleared_by_failure: false,
            url_length_limit: Some(1_024),
            capacity: Some(1_024),
            cache_mode_bypasses: true,
            keeps_opaque_origins: false,
            ..Self::SPEC.cache
        },
        referrer_policy_hides_origin: false,
        prompts_after_unauthorized: true,
        local_network_access: LocalNetworkAccess::FromPublic,
        ..Self::SPEC
    };

    /// Firefox ESR 153.
    pub const FIREFOX: Self = Self {
        engine: Engine::Firefox,
        version: "153.7 ESR",
        safelist: SafelistRules {
            range_fits_i64: true,
            total_limit: None,
            keeps_repeats: true,
            ..SafelistRules::SPEC
        },
        stream_body: StreamBody::SentAsText,
        preflight_attempts: 10,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: Duration::from_secs(86_400),
            malformed_max_age: None,
            negative_max_age: None,
            separates_credentials: true,
            wildcard_matches: false,
            exempt_methods: &["GET", "POST"],
            capacity: Some(100),
            cache_mode_bypasses: true,
            keeps_opaque_origins: false,
            ..Self::SPEC.cache
        },
        redirected_preflight_keeps_origin: true,
        preflight_after_redirect: PreflightAfterRedirect::Always,
        prompts_after_unauthorized: true,
        local_network_access: LocalNetworkAccess::FromPublic,
        ..Self::SPEC
    };

    /// WebKitGTK 2.50.
    pub const WEBKIT: Self = Self {
        engine: Engine::WebKit,
        version: "WebKitGTK 2.50.6",
        safelist: SafelistRules {
            range_unit_ignores_case: true,
            range_fits_i64: true,
            total_limit: None,
            joins_lines: true,
            ..SafelistRules::SPEC
        },
        stream_body: StreamBody::Unsupported,
        preflight_attempts: 2,
        preflight_status_first: true,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: Duration::from_secs(600),
            negative_max_age: None,
            max_age_allows_plus: true,
            overflowing_max_age: FIVE_SECONDS,
            whole_answers: true,
            wildcard_covers_authorization: true,
            cleared_by_failure: false,
            keeps_insufficient_answers: true,
            ..Self::SPEC.cache
        },
        preflight_after_redirect: PreflightAfterRedirect::AlwaysWithFirstNames,
        local_network_access: LocalNetworkAccess::Off,
        ..Self::SPEC
    };
}
