//! The four profiles. Each field of [`Profile`] says what it means and how we know.

use std::time::Duration;

use super::super::load::Load;
use super::super::request_values::CacheMode;
use super::{
    BodyHeaders, CacheRules, CachedWildcard, ClearedBy, CrossSiteReferrer, DroppedHeaders, EmptyLocation,
    Engine, LoadRules, LocalNetworkAccess, NullOrigin, OpaqueResponseBlocking, PreflightAfterRedirect,
    Profile, RefusedHeaders, StreamBody, XhrCharset,
};
use crate::header::SafelistRules;
use crate::max_age_limits;

/// The client hints that Chromium treats as safelisted when their values are valid for hints (measured; `cors.cc`).
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

/// The request headers that WebKit knows by name. Measured for `Accept`, `Access-Control-Allow-Origin`, `Authorization`, `Content-Type` and
/// `Upgrade-Insecure-Requests`; the others are from the source (`HTTPHeaderMap`).
const KNOWN_HEADERS: &[&str] = &[
    "Accept",
    "Accept-Language",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Authorization",
    "Cache-Control",
    "Content-Encoding",
    "Content-Language",
    "Content-Type",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Last-Event-ID",
    "Last-Modified",
    "Pragma",
    "Range",
    "Upgrade-Insecure-Requests",
    "User-Agent",
];

const FIVE_SECONDS: Option<Duration> = Some(Duration::from_secs(5));

impl Profile {
    /// The Fetch standard, commit 586cd2a4.
    ///
    /// ```
    /// use corsac::browser::Profile;
    /// assert_eq!(Profile::SPEC.cache.exempt_methods, ["GET", "HEAD", "POST"]); // the CORS-safelisted methods
    /// ```
    pub const SPEC: Self = Self {
        engine: Engine::Spec,
        version: "2026-07-02",
        safelist: SafelistRules::SPEC,
        upload_listeners_count_without_body: true,
        stream_body: StreamBody::Sent,
        xhr_charset: XhrCharset::OfStrings,
        no_cors_guards_body_type: true,
        sends_last_line_only: &[],
        body_takes_first_content_type: false,
        preflight_always_says_mode: false,
        preflight_follows_cache_mode: false,
        preflight_attempts: 1,
        drops_empty_lines: false,
        page_origin_preflight_is_unchecked: false,
        manual_redirect_needs_valid_location: false,
        preflight_status_first: false,
        refused_headers: RefusedHeaders::ByName,
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
            wildcard: CachedWildcard::Always,
            wildcard_covers_authorization: false,
            exempt_methods: &["GET", "HEAD", "POST"],
            cleared_by: ClearedBy::PreflightedFailure,
            url_length_limit: None,
            capacity: None,
            bypassing_modes: &[],
            unkept_modes: &[],
            opaque_pages: NullOrigin::OneForAll,
            tainted_origins: NullOrigin::OneForAll,
            keeps_insufficient_answers: false,
        },
        redirected_preflight_keeps_origin: false,
        preflight_after_redirect: PreflightAfterRedirect::WhenNeeded,
        xhr_body_type_is_set_by_script: true,
        dropped_headers: DroppedHeaders { authorization_returns: false, body_headers: BodyHeaders::StayAway },
        redirect_drops_client_hints: false,
        preflight_precedes_refusal: false,
        empty_location: EmptyLocation::Followed,
        leaving_origin_turns_delete_into_get: false,
        redirects_from_page_origin_are_credentialed: false,
        no_cors_redirects_keep_credentials: false,
        redirected_preflight_keeps_referrer: false,
        refuses_location_credentials: false,
        origin_survives_redirects: false,
        redirects_lose_user_agent: false,
        no_cors_redirect_hides_origin: false,
        referrer_policy_hides_origin: true,
        downgrade_is_by_scheme: false,
        cross_site_referrer: CrossSiteReferrer::ByPolicy,
        opaque_pages_have_referrer: false,
        redirected_cors_loses_metadata: false,
        preflight_site_sees_redirects: false,
        conditional_cache_mode: CacheMode::NoStore,
        conditional_headers_reach_preflight: false,
        conditional_headers_count_in_xhr: true,
        redirects_keep_cache_mode: true,
        loopback_is_no_mixed_content: true,
        prompts_after_unauthorized: false,
        resource_policy_reaches_below_page: false,
        local_network_access: LocalNetworkAccess::MorePrivate,
        local_network_needs_secure_context: true,
        reads_target_address_space: true,
        loads: LoadRules {
            accept_image: "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            accept_video: "*/*",
            accept_audio: "*/*",
            accept_font: "*/*",
            accept_document: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            media_asks_for_range: false,
            origin_to_page_origin: &[],
            fonts_use_cors: true,
            opaque_pages_have_referrer: false,
            web_socket_accepts: true,
            web_socket_destination: Some("websocket"),
            web_socket_follows_redirects: false,
            opaque_response_blocking: OpaqueResponseBlocking::Off,
        },
    };

    /// Chromium 156.
    ///
    /// ```
    /// use corsac::browser::Profile;
    /// assert_eq!(Profile::CHROMIUM.cache.limit.as_secs(), 7_200); // two hours, whatever `Access-Control-Max-Age` says
    /// ```
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
        xhr_charset: XhrCharset::InPlace,
        preflight_always_says_mode: true,
        preflight_follows_cache_mode: true,
        preflight_attempts: 3,
        forced_preflight_implies_method: false,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: max_age_limits::CHROMIUM,
            negative_max_age: None,
            max_age_allows_plus: true,
            overflowing_max_age: FIVE_SECONDS,
            whole_answers: true,
            forced_preflight_needs_method: false,
            wildcard: CachedWildcard::CachedWithoutCredentials,
            cleared_by: ClearedBy::Nothing,
            url_length_limit: Some(1_024),
            capacity: Some(1_024),
            bypassing_modes: &[CacheMode::NoStore, CacheMode::Reload, CacheMode::NoCache],
            unkept_modes: &[CacheMode::NoStore],
            opaque_pages: NullOrigin::NewForEachFetch,
            tainted_origins: NullOrigin::Uncached,
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
        loads: LoadRules {
            accept_image: "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
            accept_video: "*/*",
            accept_audio: "*/*",
            accept_font: "*/*",
            accept_document: "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
            media_asks_for_range: true,
            origin_to_page_origin: &[Load::Image, Load::Script, Load::ModuleScript, Load::Font],
            fonts_use_cors: true,
            opaque_pages_have_referrer: false,
            web_socket_accepts: false,
            web_socket_destination: None,
            web_socket_follows_redirects: false,
            opaque_response_blocking: OpaqueResponseBlocking::Draft,
        },
        ..Self::SPEC
    };

    /// Firefox ESR 153.
    ///
    /// ```
    /// use corsac::browser::Profile;
    /// assert_eq!(Profile::FIREFOX.cache.malformed_max_age, None); // `Access-Control-Max-Age: 10m` keeps nothing
    /// ```
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
        xhr_charset: XhrCharset::OnWire,
        sends_last_line_only: &["content-type", "authorization", "user-agent"],
        body_takes_first_content_type: true,
        preflight_follows_cache_mode: true,
        preflight_attempts: 10,
        forced_preflight_implies_method: false,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: max_age_limits::FIREFOX,
            malformed_max_age: None,
            zero_max_age: None,
            negative_max_age: None,
            separates_credentials: true,
            keyed_by_page_origin: true,
            forced_preflight_needs_method: false,
            wildcard: CachedWildcard::Never,
            exempt_methods: &["GET", "POST"],
            capacity: Some(100),
            bypassing_modes: &[CacheMode::NoStore, CacheMode::Reload],
            cleared_by: ClearedBy::AnyCorsFailure,
            ..Self::SPEC.cache
        },
        conditional_headers_reach_preflight: true,
        conditional_headers_count_in_xhr: false,
        drops_empty_lines: true,
        page_origin_preflight_is_unchecked: true,
        xhr_body_type_is_set_by_script: false,
        dropped_headers: DroppedHeaders {
            authorization_returns: true,
            body_headers: BodyHeaders::ReturnByFirstMethod,
        },
        downgrade_is_by_scheme: true,
        cross_site_referrer: CrossSiteReferrer::OriginForPolicy,
        redirected_preflight_keeps_origin: true,
        preflight_after_redirect: PreflightAfterRedirect::ByFirstNames,
        prompts_after_unauthorized: true,
        local_network_access: LocalNetworkAccess::FromPublic,
        local_network_needs_secure_context: false,
        reads_target_address_space: false,
        loads: LoadRules {
            accept_image: "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            accept_video: "video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5",
            accept_audio: "audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,application/ogg;q=0.7,video/*;q=0.6,*/*;q=0.5",
            accept_font: "application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8",
            accept_document: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            media_asks_for_range: true,
            origin_to_page_origin: &[],
            fonts_use_cors: true,
            opaque_pages_have_referrer: true,
            web_socket_accepts: true,
            web_socket_destination: Some("empty"),
            web_socket_follows_redirects: false,
            opaque_response_blocking: OpaqueResponseBlocking::DraftWithoutPlainText,
        },
        ..Self::SPEC
    };

    /// WebKitGTK 2.50.
    ///
    /// ```
    /// use corsac::browser::Profile;
    /// assert!(!Profile::WEBKIT.loopback_is_no_mixed_content); // an https page cannot reach `http://localhost`
    /// ```
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
        xhr_charset: XhrCharset::OfStringsAndForms,
        no_cors_guards_body_type: false,
        preflight_attempts: 2,
        preflight_status_first: true,
        refused_headers: RefusedHeaders::InRequestOrder { known: KNOWN_HEADERS },
        forced_preflight_implies_method: false,
        authorization_covered_by_wildcard: true,
        cache: CacheRules {
            limit: max_age_limits::WEBKIT,
            negative_max_age: None,
            max_age_allows_plus: true,
            overflowing_max_age: FIVE_SECONDS,
            whole_answers: true,
            forced_preflight_needs_method: false,
            wildcard: CachedWildcard::RequestedWithoutCredentials,
            wildcard_covers_authorization: true,
            cleared_by: ClearedBy::Nothing,
            tainted_origins: NullOrigin::NewForEachFetch,
            keeps_insufficient_answers: true,
            ..Self::SPEC.cache
        },
        preflight_after_redirect: PreflightAfterRedirect::WithFirstNames,
        dropped_headers: DroppedHeaders {
            authorization_returns: false,
            body_headers: BodyHeaders::ReturnByCurrentMethod,
        },
        preflight_precedes_refusal: true,
        empty_location: EmptyLocation::Refused,
        leaving_origin_turns_delete_into_get: true,
        redirects_from_page_origin_are_credentialed: true,
        no_cors_redirects_keep_credentials: true,
        redirected_preflight_keeps_referrer: true,
        origin_survives_redirects: true,
        redirects_lose_user_agent: true,
        downgrade_is_by_scheme: true,
        cross_site_referrer: CrossSiteReferrer::OriginOnWire,
        opaque_pages_have_referrer: true,
        redirected_cors_loses_metadata: true,
        preflight_site_sees_redirects: true,
        redirects_keep_cache_mode: false,
        loopback_is_no_mixed_content: false,
        resource_policy_reaches_below_page: true,
        local_network_access: LocalNetworkAccess::Off,
        reads_target_address_space: false,
        loads: LoadRules {
            accept_image: "image/webp,image/avif,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            accept_video: "*/*",
            accept_audio: "*/*",
            accept_font: "*/*",
            accept_document: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            media_asks_for_range: false,
            origin_to_page_origin: &[Load::Image, Load::Script, Load::ModuleScript, Load::Video, Load::Audio],
            fonts_use_cors: false,
            opaque_pages_have_referrer: false,
            web_socket_accepts: false,
            web_socket_destination: Some("websocket"),
            web_socket_follows_redirects: true,
            opaque_response_blocking: OpaqueResponseBlocking::Off,
        },
        ..Self::SPEC
    };
}
