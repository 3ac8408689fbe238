//! Engine profiles: where shipping browsers leave the standard, as data.
//!
//! Each field is one measured or read difference; its doc says who does it, on which version, and how we know. "Measured" means: run against
//! Chromium 156.0.8078, Firefox ESR 153.7 and WebKitGTK 2.50.6. "Source" means: read in the engine's code, not observed.

mod differences;
mod profiles;

pub use differences::{
    BodyHeaders, CacheRules, ClearedBy, CrossSiteReferrer, DroppedHeaders, EmptyLocation, KeptWildcard,
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

    /// Returns `true` unless it is the standard, which no browser runs as it is written.
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
    /// Which charsets `XMLHttpRequest` writes anew in a `Content-Type` that script set, before the fetch looks at it.
    pub xhr_charset: XhrCharset,
    /// Does the guard of mode `no-cors` leave out a type that comes with the body and is not safelisted, as `application/json` of a `Blob`?
    /// Not in WebKit (measured).
    pub no_cors_guards_body_type: bool,
    /// Headers of which only the last of several lines is sent: `Content-Type`, `Authorization` and `User-Agent` in Firefox (measured).
    pub sends_last_line_only: &'static [&'static str],
    /// Is the first of several `Content-Type` lines sent with a body, until a redirect? Firefox (measured).
    pub body_takes_first_content_type: bool,
    /// Does a preflight say `Sec-Fetch-Mode: cors` to a URL that is not trustworthy too, where no other fetch metadata is sent? Chromium
    /// (measured).
    pub preflight_always_says_mode: bool,
    /// Does a preflight carry the `Cache-Control` and `Pragma` that the cache mode of its request asks for? Chromium and Firefox (measured);
    /// by the standard it has a cache mode of its own.
    pub preflight_follows_cache_mode: bool,
    /// How often a preflight is sent when the server closes the connection without an answer: Chromium 3, Firefox 10, WebKit 2 (measured). That is on a
    /// connection that was used before; on a new one nobody asks again, and no case can tell which it will be.
    pub preflight_attempts: u8,

    // Reading responses
    /// Are empty lines of a name left out when lines of that name are joined? Firefox (measured). Of several lines that are spelled exactly
    /// `Access-Control-Allow-Origin` none is (catalogue `allow-origin-spelling/*`); HTTP/2 has no such spelling.
    pub drops_empty_lines: bool,
    /// Does a preflight to the page's own origin, due after a redirect through others, go without the CORS check? Firefox (measured). Status,
    /// methods and headers are looked at as ever.
    pub preflight_home_is_unchecked: bool,
    /// Does redirect mode `manual` need a `Location` that is a URL? Chromium (measured); elsewhere any redirect is an opaque one.
    pub manual_redirect_needs_valid_location: bool,
    /// Is the preflight's status looked at before the CORS check? WebKit does (measured): a 404 without CORS headers is then a bad status,
    /// elsewhere a missing header. The verdict is the same.
    pub preflight_status_first: bool,
    /// In which order the headers are refused that a preflight's response does not allow: the engine names the first.
    pub refused_headers: RefusedHeaders,
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
    /// Is the `Content-Type` that comes with the body of an XMLHttpRequest, after a redirect, a header that script set? Not in Firefox
    /// (measured; catalogue `xhr-type-after-redirect/*`): it alone is no reason for another preflight, it stays away once it was dropped, and is
    /// then asked for only when nothing else made the preflight necessary.
    pub xhr_body_type_is_set_by_script: bool,
    /// Which headers come back that an earlier redirect dropped.
    pub dropped_headers: DroppedHeaders,
    /// Are client hints that script set dropped on a redirect to another origin than the page's? Chromium (measured), which safelists them.
    pub redirect_drops_client_hints: bool,
    /// Is a redirect preflighted first, when its URL is to be refused? WebKit (measured; found as seed-777/1962 and seed-777/5995; catalogue
    /// `refused-redirect/*`): mixed content, and a user name in a redirect from the page's own origin to another, are refused only when the
    /// request itself is due. The preflight is for the URL without the user name.
    pub preflight_precedes_refusal: bool,
    /// What an empty `Location` means.
    pub empty_location: EmptyLocation,
    /// Does a redirect to another origin turn DELETE into GET, whatever its status? WebKitGTK (measured; `shouldRedirectAsGET`).
    pub leaving_origin_turns_delete_into_get: bool,
    /// After a redirect from the page's own origin, are redirects of other origins checked as if they carried credentials, unless the
    /// request omits them? WebKit (measured): `Access-Control-Allow-Origin: *` on a second redirect then fails.
    pub redirects_from_home_are_credentialed: bool,
    /// In mode `no-cors` with credentials `same-origin`, does a request that began at the page's own origin take its credentials along when it
    /// is redirected elsewhere? WebKit (measured; catalogue `no-cors-cookie/*`).
    pub no_cors_redirects_keep_credentials: bool,
    /// Does a preflight after a redirect have the `Referer` of the first request, although the redirect changed the policy? WebKit (measured).
    pub redirected_preflight_keeps_referrer: bool,
    /// Does a redirect of a `fetch()` to a URL with a user name or password fail where CORS is not involved, too? Chromium (measured).
    pub refuses_location_credentials: bool,
    /// Without CORS, is `Origin` left as it was by a redirect within an origin, whatever becomes of the method and of the referrer policy? And
    /// decided by the method alone, whatever the policy, after one to another origin? WebKit (measured; found as seed-9001/15849; catalogue
    /// `no-cors-two-redirects/*`).
    pub origin_survives_redirects: bool,
    /// Does a redirect without CORS lose the `User-Agent` that script set? WebKit (measured; catalogue `user-agent-through-redirects/*`).
    pub redirects_lose_user_agent: bool,
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
    /// The most that `Referer` tells another site.
    pub cross_site_referrer: CrossSiteReferrer,
    /// Does a page of an opaque origin send a `Referer`? WebKit (measured).
    pub opaque_pages_have_referrer: bool,
    /// Has a CORS request no fetch metadata after a redirect to another origin than the last, and its preflight only when the first URL is
    /// trustworthy too? WebKit (measured).
    pub redirected_cors_loses_metadata: bool,
    /// Does the `Sec-Fetch-Site` of a preflight look at the redirects before it? WebKit (measured); elsewhere it is about the URL at hand.
    pub preflight_site_sees_redirects: bool,
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
    /// Is a host below the page's own the same site to `Cross-Origin-Resource-Policy`, although the page's has no registrable domain, as with
    /// `m.localhost` and a page at `localhost`? WebKit (measured; found as seed-64/18659; catalogue `resource-policy-site/*`).
    pub resource_policy_reaches_below_page: bool,
    /// Which connections need the Local Network Access permission.
    pub local_network_access: LocalNetworkAccess,
    /// Is such a connection refused to a page that is not a secure context, without asking? Firefox asks (its preference
    /// `network.lna.block_insecure_contexts` is off in 153.7).
    pub local_network_needs_secure_context: bool,
    /// Does `fetch()` read `targetAddressSpace`? Not in Firefox (measured) and WebKit.
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
