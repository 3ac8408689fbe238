//! The differences between engines that take more than one yes or no to describe.

use std::time::Duration;

use super::super::load::Load;
use super::super::request_values::CacheMode;

/// How an engine keeps the responses to preflights: its [CORS-preflight cache](https://fetch.spec.whatwg.org/#concept-cache).
///
/// ```
/// use corsac::browser::Engine;
/// // How long `Access-Control-Max-Age: 86400` is kept, in seconds.
/// let kept = Engine::ALL.map(|engine| engine.profile().cache.limit.as_secs().min(86_400));
/// assert_eq!(kept, [86_400, 7_200, 86_400, 600]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheRules {
    /// The longest lifetime of an entry. Chromium 7,200 s, Firefox 86,400 s, WebKit 600 s (source); the standard leaves it to the engine.
    pub limit: Duration,
    /// How long an entry lives when `Access-Control-Max-Age` is malformed (`abc`, `10.5`, two lines); `None` if no entry is made. 5 s in
    /// the standard, Chromium and WebKit; no entry in Firefox (measured).
    pub malformed_max_age: Option<Duration>,
    /// The same for `0`. In the standard, 0 seconds also end the existing entries; Firefox leaves those as they were (measured; catalogue
    /// `cache/zero-ends`).
    pub zero_max_age: Option<Duration>,
    /// The same for a negative number. The standard treats it as malformed (5 s); no engine makes an entry (measured).
    pub negative_max_age: Option<Duration>,
    /// Whether `+10` is read as 10. Yes in Chromium and WebKit (measured; catalogue `max-age/+10`); malformed elsewhere.
    pub max_age_allows_plus: bool,
    /// How long an entry lives when the number does not fit 64 bits. `None`, for the limit, in the standard and Firefox; 5 s in Chromium
    /// and WebKit (measured).
    pub overflowing_max_age: Option<Duration>,
    /// Whether the cache keeps one whole response per key, which the next response replaces and a request that needs more erases. Yes in
    /// Chromium and WebKit. The standard and Firefox keep one entry for each method and header, and these add up. Measured.
    pub whole_answers: bool,
    /// Whether responses with and without credentials are kept apart. Yes in Firefox (measured); elsewhere a response with credentials
    /// serves both.
    pub separates_credentials: bool,
    /// Whether a response is kept under the page's own origin even when a redirect has turned the request's origin into `null`. Yes in
    /// Firefox (measured). In Chromium such a request bypasses the cache, as does every request of an opaque origin.
    pub keyed_by_page_origin: bool,
    /// Whether a forced preflight of a safelisted method needs an entry for that method. Yes in the standard; any cached response is enough
    /// in the engines (measured; catalogue `upload-listeners-cache/*`).
    pub forced_preflight_needs_method: bool,
    /// When a cached `*` matches every method or header.
    pub wildcard: CachedWildcard,
    /// Whether a cached `*` for the headers covers `Authorization`. Only in WebKit (measured).
    pub wildcard_covers_authorization: bool,
    /// The methods that need no entry: GET, HEAD and POST in the standard; GET and POST in Firefox (measured).
    pub exempt_methods: &'static [&'static str],
    /// Which failures remove the entries of a URL.
    pub cleared_by: ClearedBy,
    /// The length in bytes from which a URL is not cached: 1,024 in Chromium (measured; `kMaxKeyLength`).
    pub url_length_limit: Option<usize>,
    /// How many keys are kept: 1,024 in Chromium (source), 100 in Firefox (measured; catalogue `cache-capacity/*`). A full cache drops the
    /// least recently used key, as Firefox does; Chromium drops ten at random.
    pub capacity: Option<usize>,
    /// The cache modes that bypass the cache: `no-store` and `reload` in Chromium and Firefox, and `no-cache` in Chromium (measured).
    pub bypassing_modes: &'static [CacheMode],
    /// The cache modes in which a response makes no entry and existing entries stay: `no-store` in Chromium (measured).
    pub unkept_modes: &'static [CacheMode],
    /// How responses for a page of an opaque origin, such as a sandboxed frame, are kept.
    pub opaque_pages: NullOrigin,
    /// How responses for an origin that a redirect turned into `null` are kept.
    pub tainted_origins: NullOrigin,
    /// Whether a response is kept even if it did not allow the request. Yes in WebKit (measured; catalogue `cache/insufficient-kept`).
    pub keeps_insufficient_answers: bool,
}

/// When a cached `*` matches every method or header.
///
/// ```
/// use corsac::browser::{Engine, CachedWildcard};
/// // After `Access-Control-Allow-Methods: *`, one engine asks again before every PUT.
/// assert_eq!(Engine::Firefox.profile().cache.wildcard, CachedWildcard::Never);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CachedWildcard {
    /// Always. This is the letter of the standard, which ignores credentials here.
    Always,
    /// When the preflight was for a request without credentials: Chromium (measured; catalogue `cache-wildcard/*`).
    CachedWithoutCredentials,
    /// When the current request is without credentials: WebKit (measured; catalogue `cache-wildcard/*`).
    RequestedWithoutCredentials,
    /// Never: Firefox (measured). With a wildcard, every request there has a preflight.
    Never,
}

/// Which failures of a request remove the entries of its URL.
///
/// ```
/// use corsac::browser::{ClearedBy::{AnyCorsFailure, Nothing, PreflightedFailure}, Engine};
/// let rules = Engine::ALL.map(|engine| engine.profile().cache.cleared_by);
/// assert_eq!(rules, [PreflightedFailure, Nothing, AnyCorsFailure, Nothing]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClearedBy {
    /// Any failure of a request that needs a preflight, for its current URL: the standard (main fetch, step 12).
    PreflightedFailure,
    /// Any failure of a CORS request, with or without a preflight, for the last URL that was requested. When a redirect leads to a URL that
    /// is refused (mixed content, a bad port), that is the URL that redirected. Redirect mode `error` removes nothing. Firefox (measured;
    /// found as seed-777/1033, seed-777/2606 and seed-777/7124; catalogue `cache-clearing/*`).
    AnyCorsFailure,
    /// None: Chromium and WebKit (measured).
    Nothing,
}

/// How the cache treats an origin that is sent as `null`.
///
/// ```
/// use corsac::browser::{Engine, NullOrigin::{NewForEachFetch, OneForAll}};
/// let pages = Engine::ALL.map(|engine| engine.profile().cache.opaque_pages);
/// assert_eq!(pages, [OneForAll, NewForEachFetch, OneForAll, OneForAll]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NullOrigin {
    /// Like any other origin: a later fetch uses what an earlier one kept. This is the standard and, after a redirect, Firefox, which then
    /// keeps the response under the page's own origin.
    OneForAll,
    /// Like an origin that is new for each fetch: a response is used again only where redirects lead back to its URL. Chromium does this
    /// for a page's opaque origin, and WebKit for an origin that a redirect has tainted (both measured; found as seed-777/444; catalogue
    /// `cache-within-a-fetch/*`).
    NewForEachFetch,
    /// The request bypasses the cache. Chromium does this for an origin that a redirect has tainted, including a page's opaque origin
    /// (measured; catalogue `cache-after-redirect/*` and `cache-within-a-fetch/*`).
    Uncached,
}

/// What an engine does with a `ReadableStream` body.
///
/// ```
/// use corsac::browser::{Engine, StreamBody::{Sent, SentAsText, SentOverHttp2, Unsupported}};
/// let fates = Engine::ALL.map(|engine| engine.profile().stream_body);
/// assert_eq!(fates, [Sent, SentOverHttp2, SentAsText, Unsupported]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StreamBody {
    /// Preflight, then send it.
    Sent,
    /// Preflight, then fail unless the connection uses HTTP/2: Chromium (measured). Corsac takes `http` URLs for HTTP/1.1 and `https` URLs
    /// for HTTP/2.
    SentOverHttp2,
    /// Send the string `[object ReadableStream]` in its place, which needs no preflight: Firefox (measured).
    SentAsText,
    /// Refused before anything is sent: WebKit (measured).
    Unsupported,
}

/// What an engine does after a redirect that dropped what made a preflight necessary. Examples are a 302 that turns POST into GET and drops
/// `Content-Type`, and a redirect to another origin that drops `Authorization`.
///
/// ```
/// use corsac::browser::{Engine, PreflightAfterRedirect::{ByFirstNames, WhenNeeded, WithFirstNames}};
/// let rules = Engine::ALL.map(|engine| engine.profile().preflight_after_redirect);
/// assert_eq!(rules, [WhenNeeded, WhenNeeded, ByFirstNames, WithFirstNames]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightAfterRedirect {
    /// Decide again: the standard, Chromium.
    WhenNeeded,
    /// Preflight if script set headers that need one, or if there was a preflight before. It asks for the names that this redirect does not
    /// drop, possibly none; names that an earlier redirect dropped are asked for again. Firefox (measured).
    ByFirstNames,
    /// Preflight under the same conditions, and ask for every name that script set: WebKit (measured; the conditions: source).
    WithFirstNames,
}

/// Which headers come back after a redirect although an earlier redirect dropped them.
///
/// ```
/// use corsac::browser::Profile;
/// // A redirect to another origin takes `Authorization` away. In one engine the next redirect gives it back.
/// assert!(Profile::FIREFOX.dropped_headers.authorization_returns);
/// assert!(!Profile::SPEC.dropped_headers.authorization_returns);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DroppedHeaders {
    /// Whether `Authorization`, dropped by a redirect to another origin, is sent again after the next redirect within that origin. Yes in
    /// Firefox (measured).
    pub authorization_returns: bool,
    /// What becomes of the headers that describe a body.
    pub body_headers: BodyHeaders,
}

/// What a redirect with an empty `Location` does. In redirect mode `error` it fails only where an empty one is followed: in Chromium and
/// WebKit, script reads the 302 itself (measured; catalogue `empty-location/*`).
///
/// ```
/// use corsac::browser::{EmptyLocation::{Followed, NoRedirect, Refused}, Engine};
/// let meanings = Engine::ALL.map(|engine| engine.profile().empty_location);
/// assert_eq!(meanings, [Followed, NoRedirect, Followed, Refused]); // three readings of a 302 with `Location:`
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmptyLocation {
    /// It leads to the same URL again: the standard, Firefox (measured).
    Followed,
    /// It is an ordinary response: Chromium (measured).
    NoRedirect,
    /// It is a network error: WebKit (measured).
    Refused,
}

/// What becomes of the headers that describe a body, such as `Content-Type`, after a redirect that dropped them with the body.
///
/// ```
/// use corsac::browser::{BodyHeaders, Profile};
/// assert_eq!(Profile::SPEC.dropped_headers.body_headers, BodyHeaders::StayAway);
/// assert_eq!(Profile::WEBKIT.dropped_headers.body_headers, BodyHeaders::ReturnByCurrentMethod);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyHeaders {
    /// They are not sent again: the standard, Chromium.
    StayAway,
    /// They are sent after each redirect that would not have changed the method of the first request: Firefox (measured). The type that
    /// comes with the body of an XMLHttpRequest is not sent again.
    ReturnByFirstMethod,
    /// They are sent after each redirect that does not change the current method: WebKit (measured). Without CORS only `Content-Type` is,
    /// and only after 307 and 308 (later redirects keep it, seed-9101/11000). In mode `no-cors` not even that is sent if a redirect from
    /// the page's own origin to another one dropped it (found as seed-9001/4051; catalogue `no-cors-two-redirects/*`).
    ReturnByCurrentMethod,
}

/// Which connections need the Local Network Access permission in an engine.
///
/// ```
/// use corsac::browser::{Engine, LocalNetworkAccess::{FromPublic, MorePrivate, Off}};
/// let rules = Engine::ALL.map(|engine| engine.profile().local_network_access);
/// assert_eq!(rules, [MorePrivate, FromPublic, FromPublic, Off]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LocalNetworkAccess {
    /// Those to a more private address space than the page's: the WICG draft.
    MorePrivate,
    /// The same, but only for pages from a public address: Chromium since 142, Firefox 153 (measured).
    FromPublic,
    /// None: WebKit 2.50.6 (nothing found).
    Off,
}

/// The most that `Referer` reveals to another site when the referrer policy allows more.
///
/// ```
/// use corsac::browser::{CrossSiteReferrer::{ByPolicy, OriginForPolicy, OriginOnWire}, Engine};
/// let rules = Engine::ALL.map(|engine| engine.profile().cross_site_referrer);
/// assert_eq!(rules, [ByPolicy, ByPolicy, OriginForPolicy, OriginOnWire]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrossSiteReferrer {
    /// What the policy allows: the standard, Chromium.
    ByPolicy,
    /// The origin, and nothing from https to http. The cut is made when the header is written: the next redirect starts from the referrer
    /// that the policy allows. WebKit (measured).
    OriginOnWire,
    /// The same, but by another policy: for another site, the policies that reveal more are read as `strict-origin-when-cross-origin`. The
    /// next redirect then starts from the whole referrer, unless nothing was sent. A redirect that names a policy starts from what was
    /// sent. Firefox (measured; catalogue `referrer-through-redirects/*`).
    OriginForPolicy,
}

/// The order in which an engine refuses the headers that a preflight's response does not allow.
///
/// ```
/// use corsac::browser::{Engine, RefusedHeaders};
/// assert_eq!(Engine::Firefox.profile().refused_headers, RefusedHeaders::ByName);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusedHeaders {
    /// By name: the standard, Firefox (measured). Chromium's order is that of a hash table, which cannot be predicted.
    ByName,
    /// In the order of the request's lines, but first those that the engine knows by name, in its own spelling. WebKit (measured).
    InRequestOrder {
        /// The names that it knows.
        known: &'static [&'static str],
    },
}

/// Which charsets [send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send) rewrites in a `Content-Type` that script set, as strings
/// are always sent as UTF-8. The value decides whether a preflight is needed. Catalogue `xhr-charset/*`.
///
/// ```
/// use corsac::browser::{Engine, XhrCharset};
/// assert_eq!(Engine::Spec.profile().xhr_charset, XhrCharset::OfStrings);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum XhrCharset {
    /// That of a string body: the value is parsed, its charset is replaced, and it is serialized again. The standard.
    OfStrings,
    /// The same for string and `URLSearchParams` bodies. WebKit (measured).
    OfStringsAndForms,
    /// Each charset in the value, in place, for string and `URLSearchParams` bodies. A charset ends at white space, a quotation mark or a
    /// semicolon; a comma does not end it. Chromium (measured).
    InPlace,
    /// None before the fetch: the value that script set decides about a preflight and is rewritten only when it is sent. For
    /// `URLSearchParams` it is rewritten in place. Firefox (measured).
    OnWire,
}

/// Where engines differ in the requests of elements, style sheets and other interfaces.
///
/// ```
/// use corsac::browser::Profile;
/// assert!(Profile::FIREFOX.loads.fonts_use_cors && !Profile::WEBKIT.loads.fonts_use_cors);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadRules {
    /// `Accept` of an image (measured).
    pub accept_image: &'static str,
    /// `Accept` of `<video>` (measured).
    pub accept_video: &'static str,
    /// `Accept` of `<audio>` (measured).
    pub accept_audio: &'static str,
    /// `Accept` of a font (measured).
    pub accept_font: &'static str,
    /// `Accept` of a navigation.
    pub accept_document: &'static str,
    /// Whether the first request of a media element has `Range: bytes=0-`. Yes in Chromium and Firefox (measured; catalogue
    /// `load-video/*`). HTML and WebKitGTK ask for a range only later.
    pub media_asks_for_range: bool,
    /// The loads that send `Origin` in mode `cors` even to the page's own origin: elements with `crossorigin`, modules and fonts in
    /// Chromium; all but fonts in WebKit (measured; catalogue `load-img/anonymous-own`).
    pub origin_to_page_origin: &'static [Load],
    /// Whether a font is a CORS request. Not in WebKitGTK (measured; catalogue `load-font/bare`), which uses fonts of any site and sends
    /// cookies for them.
    pub fonts_use_cors: bool,
    /// Whether loads of a page of an opaque origin have a `Referer` although its `fetch()` has none. Yes in Firefox (measured; catalogue
    /// `load-img/null-page`).
    pub opaque_pages_have_referrer: bool,
    /// Whether the handshake of a WebSocket has `Accept: */*`. Not in Chromium and WebKitGTK (measured; catalogue `load-websocket/*`).
    pub web_socket_accepts: bool,
    /// `Sec-Fetch-Dest` of the handshake of a WebSocket. `None` if it has none of the `Sec-Fetch-*` headers: Chromium (measured; catalogue
    /// `load-websocket/trustworthy-cross`).
    pub web_socket_destination: Option<&'static str>,
    /// Whether a WebSocket follows a redirect, with the `Origin` of its first request. Yes in WebKitGTK (measured; catalogue
    /// `load-websocket/redirected-away`).
    pub web_socket_follows_redirects: bool,
    /// Which opaque responses are kept from the page's process.
    pub opaque_response_blocking: OpaqueResponseBlocking,
}

/// [Opaque Response Blocking](https://github.com/annevk/orb).
///
/// ```
/// use corsac::browser::{OpaqueResponseBlocking, Profile};
/// assert_eq!(Profile::CHROMIUM.loads.opaque_response_blocking, OpaqueResponseBlocking::Draft);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpaqueResponseBlocking {
    /// None: it is not part of the Fetch standard yet, and WebKitGTK does not have it (measured).
    Off,
    /// Those that the draft names: Chromium (measured; catalogue `load-img/type-csv`, `load-img/nosniff-html`).
    Draft,
    /// The same, except `text/plain` with `nosniff`: Firefox (measured; catalogue `load-img/nosniff-plain`).
    DraftWithoutPlainText,
}
