//! Engine profiles: where shipping browsers leave the standard, as data.
//!
//! Each field is one measured or read difference; its doc says who does it, on which version, and how we know. "Measured" means: run against
//! Chromium 156.0.8078, Firefox ESR 153.7 and WebKitGTK 2.50.6. "Source" means: read in the engine's code, not observed.

use std::time::Duration;

use super::request_values::CacheMode;
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
    /// Headers of which only the last of several lines is sent: `Content-Type` and `Authorization` in Firefox (measured).
    pub sends_last_line_only: &'static [&'static str],
    /// Is the first of several `Content-Type` lines sent with a body, until a redirect? Firefox (measured).
    pub body_takes_first_content_type: bool,
    /// Does a preflight say `Sec-Fetch-Mode: cors` to a URL that is not trustworthy too, where no other fetch metadata is sent? Chromium
    /// (measured).
    pub preflight_always_says_mode: bool,
    /// Does a preflight carry the `Cache-Control` and `Pragma` that the cache mode of its request asks for? Chromium and Firefox (measured);
    /// by the standard it has a cache mode of its own.
    pub preflight_follows_cache_mode: bool,
    /// How often a preflight is sent when the server closes the connection without an answer: Chromium 3, Firefox 10, WebKit 2 (measured).
    pub preflight_attempts: u8,

    // Reading responses
    /// Are empty lines of a name left out when lines of that name are joined? Firefox (measured).
    pub drops_empty_lines: bool,
    /// Does a preflight to the page's own origin, due after a redirect through others, go without the CORS check? Firefox (measured). Status,
    /// methods and headers are looked at as ever.
    pub preflight_home_is_unchecked: bool,
    /// Does redirect mode `manual` need a `Location` that is a URL? Chromium (measured); elsewhere any redirect is an opaque one.
    pub manual_redirect_needs_valid_location: bool,
    /// Is the preflight's status looked at before the CORS check? WebKit does (measured): a 404 without CORS headers is then a bad status,
    /// elsewhere a missing header. The verdict is the same.
    pub preflight_status_first: bool,
    /// Does a forced preflight whose answer has no `Access-Control-Allow-Methods` allow any method? By the standard (CORS-preflight fetch,
    /// step 7.4); in no engine: PUT with upload listeners is then blocked (measured).
    pub forced_preflight_implies_method: bool,
    /// Does `Access-Control-Allow-Headers: *` cover `Authorization`? The standard says no; all three engines say yes (measured; behind
    /// `CorsNonWildcardRequestHeadersSupport` in Chromium, `network.cors_preflight.authorization_covered_by_wildcard` in Firefox).
    pub authorization_covered_by_wildcard: bool,

    // Keeping it
    /// The CORS-preflight cache.
    pub cache: CacheRules,

    // Redirects and `Origin`
    /// Does the preflight that follows a redirect carry the page's real origin, although the redirect tainted it to `null`? Firefox
    /// (measured): the preflight says the real origin, and wants it back; the request behind it says `null`.
    pub redirected_preflight_keeps_origin: bool,
    /// Is a request preflighted after a redirect although the redirect dropped what made it necessary?
    pub preflight_after_redirect: PreflightAfterRedirect,
    /// Which headers come back that an earlier redirect dropped.
    pub dropped_headers: DroppedHeaders,
    /// Are client hints that script set dropped on a redirect to another origin than the page's? Chromium (measured), which safelists them.
    pub redirect_drops_client_hints: bool,
    /// What an empty `Location` means.
    pub empty_location: EmptyLocation,
    /// Does a redirect to another origin turn DELETE into GET, whatever its status? WebKitGTK (measured; `shouldRedirectAsGET`).
    pub leaving_origin_turns_delete_into_get: bool,
    /// After a redirect from the page's own origin, are redirects of other origins checked as if they carried credentials, unless the
    /// request omits them? WebKit (measured): `Access-Control-Allow-Origin: *` on a second redirect then fails.
    pub redirects_from_home_are_credentialed: bool,
    /// Does a preflight after a redirect have the `Referer` of the first request, although the redirect changed the policy? WebKit (measured).
    pub redirected_preflight_keeps_referrer: bool,
    /// Does a redirect to a URL with a user name or password fail where CORS is not involved, too? Chromium (measured).
    pub refuses_location_credentials: bool,
    /// Does a request that had an `Origin` keep it after a redirect within the origin that turned it into GET? WebKit (measured).
    pub origin_survives_redirects: bool,
    /// Does the `Origin` of a request without CORS become `null` at any redirect to another origin, and not only when the redirect taints it?
    /// Chromium (measured).
    pub no_cors_redirect_hides_origin: bool,
    /// Does the referrer policy turn the `Origin` of a request without CORS into `null`? The standard says yes; Chromium sends the real
    /// origin (measured, crbug 1066422).
    pub referrer_policy_hides_origin: bool,

    // Around CORS
    /// Is a request that leaves https for http on this machine (`http://localhost`) a downgrade, and one from `http://localhost` to http
    /// elsewhere none? So it is in all engines (measured): they look at schemes, the standard at trustworthiness.
    pub downgrade_is_by_scheme: bool,
    /// Is the whole URL kept from other sites, whatever the referrer policy? Firefox and WebKit (measured).
    pub cross_site_referrer_is_origin: bool,
    /// Does a page of an opaque origin send a `Referer`? WebKit (measured).
    pub opaque_pages_have_referrer: bool,
    /// Has a CORS request no fetch metadata after a redirect to another origin than the last, and its preflight only when the first URL is
    /// trustworthy too? WebKit (measured).
    pub redirected_cors_loses_metadata: bool,
    /// The cache mode that headers such as `If-None-Match` set: `no-store` by the standard, in Firefox and WebKit, `no-cache` in Chromium
    /// (measured).
    pub conditional_cache_mode: CacheMode,
    /// Does that mode count for the preflight, too? Chromium and Firefox (measured).
    pub conditional_headers_reach_preflight: bool,
    /// Does it count in XMLHttpRequest? Not in Firefox (measured).
    pub conditional_headers_count_in_xhr: bool,
    /// Are `Cache-Control` and `Pragma`, sent for the request's cache mode, sent after a redirect to another origin too? Not in WebKit
    /// (measured), which sends them again after the next redirect within an origin.
    pub redirects_keep_cache_mode: bool,
    /// May an https page reach `http://localhost` and `http://127.0.0.1`? Not in WebKit (measured): mixed content as any other.
    pub loopback_is_no_mixed_content: bool,
    /// Does a 401 to a cross-origin request with credentials open a password prompt? Chromium and Firefox (measured); the standard does so
    /// only when the response tainting is not `cors`.
    pub prompts_after_unauthorized: bool,
    /// Which connections need the Local Network Access permission.
    pub local_network_access: LocalNetworkAccess,
    /// Is such a connection refused to a page that is not a secure context, without asking? Firefox asks (its preference
    /// `network.lna.block_insecure_contexts` is off in 153.7).
    pub local_network_needs_secure_context: bool,
    /// Does `fetch()` read `targetAddressSpace`? Not in Firefox (measured) and WebKit.
    pub reads_target_address_space: bool,
}

/// How an engine keeps the answers of preflights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheRules {
    /// The longest time an entry lives. Chromium 7,200 s, Firefox 86,400 s, WebKit 600 s (source); the standard leaves it to the engine.
    pub limit: Duration,
    /// For how long a malformed `Access-Control-Max-Age` (`abc`, `10.5`, two lines) is kept; `None`: not at all. 5 s by the standard,
    /// Chromium and WebKit; not at all in Firefox (measured).
    pub malformed_max_age: Option<Duration>,
    /// The same for `0`. An age of nothing ends the entries that it is for; Firefox leaves them as they were (source).
    pub zero_max_age: Option<Duration>,
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
    /// Is an answer kept for the page's own origin, even when a redirect has turned the request's origin into `null`? Firefox (measured). In
    /// Chromium such a request goes past the cache, as every request of an opaque origin does.
    pub keyed_by_page_origin: bool,
    /// Does a forced preflight of a safelisted method need an entry for the method? By the standard; any kept answer will do for the engines
    /// (source).
    pub forced_preflight_needs_method: bool,
    /// When a kept `*` matches everything.
    pub wildcard: KeptWildcard,
    /// Does a kept `*` among the headers cover `Authorization`? Only in WebKit (measured).
    pub wildcard_covers_authorization: bool,
    /// The methods that need no entry: GET, HEAD and POST by the standard; GET and POST in Firefox (measured).
    pub exempt_methods: &'static [&'static str],
    /// Are the entries of a URL dropped when the request behind the preflight fails? By the standard and in Firefox; not in Chromium and
    /// WebKit (measured).
    pub cleared_by_failure: bool,
    /// URLs of this many bytes and more are not kept: 1,024 in Chromium (measured; `kMaxKeyLength`).
    pub url_length_limit: Option<usize>,
    /// How many keys are kept: 1,024 in Chromium, 100 in Firefox (source). The one that was not used for longest goes, as in Firefox;
    /// Chromium drops ten at random.
    pub capacity: Option<usize>,
    /// The cache modes that go past kept answers: `no-store` and `reload` in Chromium and Firefox, `no-cache` in Chromium (measured).
    pub bypassing_modes: &'static [CacheMode],
    /// The cache modes under which an answer is not kept, and one that was kept stays: `no-store` in Chromium (measured).
    pub unkept_modes: &'static [CacheMode],
    /// Are answers kept for an opaque origin (`null`)? Not in Chromium (measured).
    pub keeps_opaque_origins: bool,
    /// Is an answer kept that did not allow the request? WebKit (source).
    pub keeps_insufficient_answers: bool,
}

/// When a kept `*` matches everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeptWildcard {
    /// Always: the letter of the standard, which does not look at credentials here.
    Always,
    /// When the preflight was for a request without credentials: Chromium (source).
    KeptWithoutCredentials,
    /// When the request at hand is without credentials: WebKit (source).
    AskedWithoutCredentials,
    /// Never: Firefox (measured). There a wildcard means a preflight for every request.
    Never,
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
    /// Preflight if script set headers that need one, or there was a preflight before, with the names that this redirect does not drop,
    /// possibly none: Firefox (measured). Names that an earlier redirect dropped are asked for again.
    ByFirstNames,
    /// Preflight if script set headers that need one, or there was a preflight before, with the names that script set: WebKit (measured;
    /// the conditions: source).
    WithFirstNames,
}

/// Which headers come back after a redirect, although an earlier one dropped them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DroppedHeaders {
    /// `Authorization`, dropped on the way to another origin, is sent again after the next redirect within that origin: Firefox (measured).
    pub authorization_returns: bool,
    /// What becomes of the headers that describe a body.
    pub body_headers: BodyHeaders,
}

/// What a redirect whose `Location` is empty does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmptyLocation {
    /// It leads to the same URL again: the standard, Firefox (measured).
    Followed,
    /// It is an ordinary response: Chromium (measured).
    NoRedirect,
    /// It is a network error: WebKit (measured).
    Refused,
}

/// What becomes of the headers that describe a body (`Content-Type` and its like) after the redirect that dropped them with the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyHeaders {
    /// They stay away: the standard, Chromium.
    StayAway,
    /// After each redirect that would not have changed the method of the first request, they are sent: Firefox (measured; the type that
    /// comes with the body of an XMLHttpRequest stays away).
    ReturnByFirstMethod,
    /// After each redirect that does not change the method at hand, they are sent: WebKit (measured; on the page's own origin only after
    /// 307 and 308).
    ReturnByCurrentMethod,
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
        sends_last_line_only: &[],
        body_takes_first_content_type: false,
        preflight_always_says_mode: false,
        preflight_follows_cache_mode: false,
        preflight_attempts: 1,
        drops_empty_lines: false,
        preflight_home_is_unchecked: false,
        manual_redirect_needs_valid_location: false,
        preflight_status_first: false,
        forced_preflight_implies_method: true,
        authorization_covered_by_wildcard: false,
        cache: CacheRules {
            limit: Duration::MAX,
            malformed_max_age: FIVE_SECONDS,
            zero_max_age: Some(Duration::ZERO),
            negative_max_age: FIVE_SECONDS,
            max_age_allows_plus: false,
            overflowing_max_age: None,
            whole_answers: false,
            separates_credentials: false,
            keyed_by_page_origin: false,
            forced_preflight_needs_method: true,
            wildcard: KeptWildcard::Always,
            wildcard_covers_authorization: false,
            exempt_methods: &["GET", "HEAD", "POST"],
            cleared_by_failure: true,
            url_length_limit: None,
            capacity: None,
            bypassing_modes: &[],
            unkept_modes: &[],
            keeps_opaque_origins: true,
            keeps_insufficient_answers: false,
        },
        redirected_preflight_keeps_origin: false,
        preflight_after_redirect: PreflightAfterRedirect::WhenNeeded,
        dropped_headers: DroppedHeaders { authorization_returns: false, body_headers: BodyHeaders::StayAway },
        redirect_drops_client_hints: false,
        empty_location: EmptyLocation::Followed,
        leaving_origin_turns_delete_into_get: false,
        redirects_from_home_are_credentialed: false,
        redirected_preflight_keeps_referrer: false,
        refuses_location_credentials: false,
        origin_survives_redirects: false,
        no_cors_redirect_hides_origin: false,
        referrer_policy_hides_origin: true,
        downgrade_is_by_scheme: false,
        cross_site_referrer_is_origin: false,
        opaque_pages_have_referrer: false,
        redirected_cors_loses_metadata: false,
        conditional_cache_mode: CacheMode::NoStore,
        conditional_headers_reach_preflight: false,
        conditional_headers_count_in_xhr: true,
        redirects_keep_cache_mode: true,
        loopback_is_no_mixed_content: true,
        prompts_after_unauthorized: false,
        local_network_access: LocalNetworkAccess::MorePrivate,
        local_network_needs_secure_context: true,
        reads_target_address_space: true,
    };

    /// Chromium 156.
    pub const CHROMIUM: Self = Self {
        engine: Engine::Chromium,
        version: "156.0.8078",
        safelist: SafelistRules {
            range_limit: Some(9_223_372_036_854_775_806),
            extra_names: CLIENT_HINTS,
            joins_lines: true,
            user_agent_is_safe: true,
            ..SafelistRules::SPEC
        },
        upload_listeners_count_without_body: false,
        stream_body: StreamBody::SentOverHttp2,
        preflight_always_says_mode: true,
        preflight_follows_cache_mode: true,
        preflight_attempts: 3,
        forced_preflight_implies_method: false,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: Duration::from_secs(7_200),
            negative_max_age: None,
            max_age_allows_plus: true,
            overflowing_max_age: FIVE_SECONDS,
            whole_answers: true,
            forced_preflight_needs_method: false,
            wildcard: KeptWildcard::KeptWithoutCredentials,
            cleared_by_failure: false,
            url_length_limit: Some(1_024),
            capacity: Some(1_024),
            bypassing_modes: &[CacheMode::NoStore, CacheMode::Reload, CacheMode::NoCache],
            unkept_modes: &[CacheMode::NoStore],
            keeps_opaque_origins: false,
            ..Self::SPEC.cache
        },
        redirect_drops_client_hints: true,
        empty_location: EmptyLocation::NoRedirect,
        manual_redirect_needs_valid_location: true,
        refuses_location_credentials: true,
        downgrade_is_by_scheme: true,
        conditional_cache_mode: CacheMode::NoCache,
        conditional_headers_reach_preflight: true,
        no_cors_redirect_hides_origin: true,
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
            range_limit: Some(u64::MAX),
            total_limit: None,
            above_ascii_is_unsafe: true,
            content_type_is_single: true,
            keeps_repeats: true,
            ..SafelistRules::SPEC
        },
        stream_body: StreamBody::SentAsText,
        sends_last_line_only: &["content-type", "authorization"],
        body_takes_first_content_type: true,
        preflight_follows_cache_mode: true,
        preflight_attempts: 10,
        forced_preflight_implies_method: false,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: Duration::from_secs(86_400),
            malformed_max_age: None,
            zero_max_age: None,
            negative_max_age: None,
            separates_credentials: true,
            keyed_by_page_origin: true,
            forced_preflight_needs_method: false,
            wildcard: KeptWildcard::Never,
            exempt_methods: &["GET", "POST"],
            capacity: Some(100),
            bypassing_modes: &[CacheMode::NoStore, CacheMode::Reload],
            ..Self::SPEC.cache
        },
        conditional_headers_reach_preflight: true,
        conditional_headers_count_in_xhr: false,
        drops_empty_lines: true,
        preflight_home_is_unchecked: true,
        dropped_headers: DroppedHeaders {
            authorization_returns: true,
            body_headers: BodyHeaders::ReturnByFirstMethod,
        },
        downgrade_is_by_scheme: true,
        cross_site_referrer_is_origin: true,
        redirected_preflight_keeps_origin: true,
        preflight_after_redirect: PreflightAfterRedirect::ByFirstNames,
        prompts_after_unauthorized: true,
        local_network_access: LocalNetworkAccess::FromPublic,
        local_network_needs_secure_context: false,
        reads_target_address_space: false,
        ..Self::SPEC
    };

    /// WebKitGTK 2.50.
    pub const WEBKIT: Self = Self {
        engine: Engine::WebKit,
        version: "WebKitGTK 2.50.6",
        safelist: SafelistRules {
            range_unit_ignores_case: true,
            range_allows_plus: true,
            range_limit: Some(u64::MAX),
            total_limit: None,
            joins_lines: true,
            ..SafelistRules::SPEC
        },
        stream_body: StreamBody::Unsupported,
        preflight_attempts: 2,
        preflight_status_first: true,
        forced_preflight_implies_method: false,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: Duration::from_secs(600),
            negative_max_age: None,
            max_age_allows_plus: true,
            overflowing_max_age: FIVE_SECONDS,
            whole_answers: true,
            forced_preflight_needs_method: false,
            wildcard: KeptWildcard::AskedWithoutCredentials,
            wildcard_covers_authorization: true,
            cleared_by_failure: false,
            keeps_insufficient_answers: true,
            ..Self::SPEC.cache
        },
        preflight_after_redirect: PreflightAfterRedirect::WithFirstNames,
        dropped_headers: DroppedHeaders {
            authorization_returns: false,
            body_headers: BodyHeaders::ReturnByCurrentMethod,
        },
        empty_location: EmptyLocation::Refused,
        leaving_origin_turns_delete_into_get: true,
        redirects_from_home_are_credentialed: true,
        redirected_preflight_keeps_referrer: true,
        origin_survives_redirects: true,
        downgrade_is_by_scheme: true,
        cross_site_referrer_is_origin: true,
        opaque_pages_have_referrer: true,
        redirected_cors_loses_metadata: true,
        redirects_keep_cache_mode: false,
        loopback_is_no_mixed_content: false,
        local_network_access: LocalNetworkAccess::Off,
        reads_target_address_space: false,
        ..Self::SPEC
    };
}
