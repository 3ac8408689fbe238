//! Engine profiles: where shipping browsers leave the standard, as data.
//!
//! Each field is one difference, and its documentation says which engine has it, in which version, and how we know. "Measured" means
//! observed in Chromium 156.0.8078, Firefox ESR 153.7 and WebKitGTK 2.50.6. "Source" means read in the engine's code, not observed.

mod differences;
mod profiles;

pub use differences::{
    BodyHeaders, CacheRules, CachedWildcard, ClearedBy, CrossSiteReferrer, DroppedHeaders, EmptyLocation,
    LoadRules, LocalNetworkAccess, NullOrigin, OpaqueResponseBlocking, PreflightAfterRedirect,
    RefusedHeaders, StreamBody, XhrCharset,
};

use super::request_values::CacheMode;
use crate::header::SafelistRules;

/// A browser engine, or the standard itself.
///
/// ```
/// use corsac::browser::Engine;
/// let mut status_first = Engine::ALL.into_iter().filter(|engine| engine.profile().preflight_status_first);
/// assert_eq!(status_first.next(), Some(Engine::WebKit)); // a preflight's status before its headers
/// assert_eq!(status_first.next(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
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
    ///
    /// ```
    /// use corsac::browser::Engine;
    /// assert_eq!(Engine::ALL.map(Engine::as_str), ["spec", "chromium", "firefox", "webkit"]);
    /// ```
    pub const ALL: [Self; 4] = [Self::Spec, Self::Chromium, Self::Firefox, Self::WebKit];

    /// The three engines.
    ///
    /// ```
    /// use corsac::browser::Engine;
    /// assert!(Engine::BROWSERS.iter().all(|engine| Engine::ALL.contains(engine)));
    /// ```
    pub const BROWSERS: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Returns `true` unless it is the standard, which no browser implements to the letter.
    ///
    /// ```
    /// use corsac::browser::Engine;
    /// assert!(Engine::Firefox.is_browser() && !Engine::Spec.is_browser());
    /// ```
    pub fn is_browser(self) -> bool {
        Self::BROWSERS.contains(&self)
    }

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

    /// The engine's name for people, such as `Chromium` or `the standard`.
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

    /// How the engine differs from the standard.
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
///
/// ```
/// use corsac::browser::Profile;
/// // A Firefox with its preference `network.cors_preflight.authorization_covered_by_wildcard` off:
/// let strict = Profile::FIREFOX.with(|profile| profile.authorization_covered_by_wildcard = false);
/// assert_eq!(strict.authorization_covered_by_wildcard, Profile::SPEC.authorization_covered_by_wildcard);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The engine.
    pub engine: Engine,
    /// The version that was measured, or the date of the standard.
    pub version: &'static str,

    // Deciding on a preflight, and sending it
    /// Which request headers need no preflight.
    pub safelist: SafelistRules,
    /// Whether upload listeners force a preflight for a request without a body. Yes in the standard; Chromium considers them only when
    /// there is a body to upload (measured).
    pub upload_listeners_count_without_body: bool,
    /// What becomes of a `ReadableStream` body.
    pub stream_body: StreamBody,
    /// Which charsets `XMLHttpRequest` rewrites in a `Content-Type` that script set, before the fetch reads it.
    pub xhr_charset: XhrCharset,
    /// Whether the guard of mode `no-cors` leaves out a type that comes with the body and is not safelisted, such as `application/json` of
    /// a `Blob`. Not in WebKit (measured).
    pub no_cors_guards_body_type: bool,
    /// The headers of which only the last of several lines is sent: `Content-Type`, `Authorization` and `User-Agent` in Firefox (measured).
    pub sends_last_line_only: &'static [&'static str],
    /// Whether the first of several `Content-Type` lines is sent with a body, until a redirect. Yes in Firefox (measured).
    pub body_takes_first_content_type: bool,
    /// Whether a preflight has `Sec-Fetch-Mode: cors` even to a URL that is not trustworthy, for which no other fetch metadata is sent. Yes
    /// in Chromium (measured).
    pub preflight_always_says_mode: bool,
    /// Whether a preflight has the `Cache-Control` and `Pragma` for the cache mode of its request. Yes in Chromium and Firefox (measured).
    /// In the standard the preflight has its own cache mode.
    pub preflight_follows_cache_mode: bool,
    /// How often a preflight is sent when the server closes the connection without a response: Chromium 3, Firefox 10, WebKit 2 (measured).
    /// This holds for a connection that was used before. On a new one no engine sends it again, and a case cannot predict which it will be.
    pub preflight_attempts: u8,

    // Reading responses
    /// Whether empty lines of a name are left out when lines of that name are joined. Yes in Firefox (measured), except where several lines
    /// are spelled exactly `Access-Control-Allow-Origin` (catalogue `allow-origin-spelling/*`); HTTP/2 has no such spelling.
    pub drops_empty_lines: bool,
    /// Whether a preflight to the page's own origin, needed after redirects through other origins, skips the CORS check. Yes in Firefox
    /// (measured). Status, methods and headers are checked as usual.
    pub page_origin_preflight_is_unchecked: bool,
    /// Whether redirect mode `manual` needs a `Location` that is a URL. Yes in Chromium (measured); elsewhere every redirect is an opaque
    /// redirect.
    pub manual_redirect_needs_valid_location: bool,
    /// Whether the preflight's status is checked before the CORS check. Yes in WebKit (measured): a 404 without CORS headers is then
    /// reported as a bad status, and elsewhere as a missing header. The verdict is the same.
    pub preflight_status_first: bool,
    /// The order in which headers that a preflight's response does not allow are refused: the engine names the first.
    pub refused_headers: RefusedHeaders,
    /// Whether a forced preflight whose response has no `Access-Control-Allow-Methods` allows any method. Yes in the standard
    /// (CORS-preflight fetch, step 7.4), but in no engine: PUT with upload listeners is then blocked (measured).
    pub forced_preflight_implies_method: bool,
    /// Whether `Access-Control-Allow-Headers: *` covers `Authorization`. Not in the standard, but in all three engines (measured). The
    /// setting is `CorsNonWildcardRequestHeadersSupport` in Chromium and `network.cors_preflight.authorization_covered_by_wildcard` in
    /// Firefox.
    pub authorization_covered_by_wildcard: bool,

    // Caching the response to a preflight
    /// The CORS-preflight cache.
    pub cache: CacheRules,

    // Redirects and `Origin`
    /// Whether the preflight after a redirect has the page's real origin although the redirect tainted it to `null`. Yes in Firefox
    /// (measured): the preflight sends the real origin and requires it in the response; the request that follows sends `null`.
    pub redirected_preflight_keeps_origin: bool,
    /// Whether a request is preflighted after a redirect that dropped what made a preflight necessary.
    pub preflight_after_redirect: PreflightAfterRedirect,
    /// Whether the `Content-Type` that comes with the body of an XMLHttpRequest counts, after a redirect, as a header that script set. Not
    /// in Firefox (measured; catalogue `xhr-type-after-redirect/*`). There it alone is no reason for another preflight, it is not sent
    /// again once dropped, and it is then asked for only when nothing else made the preflight necessary.
    pub xhr_body_type_is_set_by_script: bool,
    /// Which headers come back that an earlier redirect dropped.
    pub dropped_headers: DroppedHeaders,
    /// Whether client hints that script set are dropped on a redirect to another origin than the page's. Yes in Chromium (measured), which
    /// safelists them.
    pub redirect_drops_client_hints: bool,
    /// Whether a redirect is preflighted even when its URL will be refused. Yes in WebKit (measured; found as seed-777/1962 and
    /// seed-777/5995; catalogue `refused-redirect/*`). It refuses mixed content, and a user name in a redirect from the page's own origin
    /// to another, only after the preflight, which goes to the URL without the user name.
    pub preflight_precedes_refusal: bool,
    /// What an empty `Location` means.
    pub empty_location: EmptyLocation,
    /// Whether a redirect to another origin turns DELETE into GET, whatever its status. Yes in WebKitGTK (measured; `shouldRedirectAsGET`).
    pub leaving_origin_turns_delete_into_get: bool,
    /// Whether, after a redirect from the page's own origin, redirects of other origins are checked as if they had credentials, unless the
    /// request omits them. Yes in WebKit (measured): `Access-Control-Allow-Origin: *` on a second redirect then fails.
    pub redirects_from_page_origin_are_credentialed: bool,
    /// Whether a request to the page's own origin, in mode `no-cors` with credentials `same-origin`, keeps its credentials when it is
    /// redirected to another origin. Yes in WebKit (measured; catalogue `no-cors-cookie/*`).
    pub no_cors_redirects_keep_credentials: bool,
    /// Whether a preflight after a redirect has the `Referer` of the first request although the redirect changed the policy. Yes in WebKit
    /// (measured).
    pub redirected_preflight_keeps_referrer: bool,
    /// Whether a redirect of a `fetch()` to a URL with a user name or password fails even where CORS is not involved. Yes in Chromium
    /// (measured).
    pub refuses_location_credentials: bool,
    /// Whether, without CORS, a redirect within an origin leaves `Origin` as it was, whatever becomes of the method and the referrer
    /// policy. After a redirect to another origin the method alone then decides about it. Yes in WebKit (measured; found as
    /// seed-9001/15849; catalogue `no-cors-two-redirects/*`).
    pub origin_survives_redirects: bool,
    /// Whether a redirect without CORS drops the `User-Agent` that script set. Yes in WebKit (measured; catalogue
    /// `user-agent-through-redirects/*`).
    pub redirects_lose_user_agent: bool,
    /// Whether the `Origin` of a request without CORS becomes `null` after any redirect to another origin, and not only after one that
    /// taints it. Yes in Chromium (measured).
    pub no_cors_redirect_hides_origin: bool,
    /// Whether the referrer policy turns the `Origin` of a request without CORS into `null`. Yes in the standard; Chromium sends the real
    /// origin (measured, crbug 1066422).
    pub referrer_policy_hides_origin: bool,

    // Around CORS
    /// Whether a downgrade is judged by scheme instead of trustworthiness. Yes in all engines, not in the standard (measured). From https
    /// to `http://localhost` is then a downgrade, and from `http://localhost` to http elsewhere is not.
    pub downgrade_is_by_scheme: bool,
    /// The most that `Referer` reveals to another site.
    pub cross_site_referrer: CrossSiteReferrer,
    /// Whether a page of an opaque origin sends a `Referer`. Yes in WebKit (measured).
    pub opaque_pages_have_referrer: bool,
    /// Whether a CORS request has no fetch metadata after a redirect to another origin than the last, and its preflight only when the first
    /// URL is trustworthy too. Yes in WebKit (measured).
    pub redirected_cors_loses_metadata: bool,
    /// Whether the `Sec-Fetch-Site` of a preflight takes earlier redirects into account. Yes in WebKit (measured); elsewhere it describes
    /// the current URL only.
    pub preflight_site_sees_redirects: bool,
    /// The cache mode that headers such as `If-None-Match` set: `no-store` in the standard, Firefox and WebKit, `no-cache` in Chromium
    /// (measured).
    pub conditional_cache_mode: CacheMode,
    /// Whether that mode also applies to the preflight. Yes in Chromium and Firefox (measured).
    pub conditional_headers_reach_preflight: bool,
    /// Whether that mode also applies in XMLHttpRequest. Not in Firefox (measured).
    pub conditional_headers_count_in_xhr: bool,
    /// Whether the `Cache-Control` and `Pragma` of the request's cache mode are also sent after a redirect to another origin. Not in WebKit
    /// (measured), which sends them again after the next redirect within an origin.
    pub redirects_keep_cache_mode: bool,
    /// Whether an https page may reach `http://localhost` and `http://127.0.0.1`. Not in WebKit (measured), where they are mixed content.
    pub loopback_is_no_mixed_content: bool,
    /// Whether a 401 response to a cross-origin request with credentials opens a password prompt. Yes in Chromium and Firefox (measured).
    /// In the standard only when the response tainting is not `cors`.
    pub prompts_after_unauthorized: bool,
    /// Whether, to `Cross-Origin-Resource-Policy`, a host below the page's host is same-site even if the page's host has no registrable
    /// domain, such as `m.localhost` for a page at `localhost`. Yes in WebKit (measured; found as seed-64/18659; catalogue
    /// `resource-policy-site/*`).
    pub resource_policy_reaches_below_page: bool,
    /// Which connections need the Local Network Access permission.
    pub local_network_access: LocalNetworkAccess,
    /// Whether such a connection is refused without asking the user when the page is not a secure context. Not in Firefox, which asks (its
    /// preference `network.lna.block_insecure_contexts` is off in 153.7).
    pub local_network_needs_secure_context: bool,
    /// Whether `fetch()` reads `targetAddressSpace`. Not in Firefox (measured) and WebKit.
    pub reads_target_address_space: bool,
    /// What elements, style sheets and other interfaces send and take.
    pub loads: LoadRules,
}

impl Profile {
    /// The same profile, changed.
    ///
    /// ```
    /// use corsac::browser::Profile;
    /// let forgetful = Profile::CHROMIUM.with(|profile| profile.cache.capacity = Some(1));
    /// assert_ne!(forgetful, Profile::CHROMIUM);
    /// ```
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}
