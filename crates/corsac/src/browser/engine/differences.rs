//! The kinds of differences that are more than a yes or no.

use std::time::Duration;

use super::super::load::Load;
use super::super::request_values::CacheMode;

/// How an engine keeps the answers of preflights.
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
    /// The longest time an entry lives. Chromium 7,200 s, Firefox 86,400 s, WebKit 600 s (source); the standard leaves it to the engine.
    pub limit: Duration,
    /// For how long a malformed `Access-Control-Max-Age` (`abc`, `10.5`, two lines) is kept; `None`: not at all. 5 s by the standard,
    /// Chromium and WebKit; not at all in Firefox (measured).
    pub malformed_max_age: Option<Duration>,
    /// The same for `0`. An age of nothing ends the entries that it is for; Firefox leaves them as they were (measured; catalogue
    /// `cache/zero-ends`).
    pub zero_max_age: Option<Duration>,
    /// The same for a negative one. Malformed by the standard (5 s); no engine keeps it (measured).
    pub negative_max_age: Option<Duration>,
    /// Is `+10` read as 10? Chromium and WebKit (measured; catalogue `max-age/+10`); malformed elsewhere.
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
    /// (measured; catalogue `upload-listeners-cache/*`).
    pub forced_preflight_needs_method: bool,
    /// When a kept `*` matches everything.
    pub wildcard: KeptWildcard,
    /// Does a kept `*` among the headers cover `Authorization`? Only in WebKit (measured).
    pub wildcard_covers_authorization: bool,
    /// The methods that need no entry: GET, HEAD and POST by the standard; GET and POST in Firefox (measured).
    pub exempt_methods: &'static [&'static str],
    /// Which failures drop the entries of a URL.
    pub cleared_by: ClearedBy,
    /// URLs of this many bytes and more are not kept: 1,024 in Chromium (measured; `kMaxKeyLength`).
    pub url_length_limit: Option<usize>,
    /// How many keys are kept: 1,024 in Chromium (source), 100 in Firefox (measured; catalogue `cache-capacity/*`). The one that was not
    /// used for longest goes, as in Firefox; Chromium drops ten at random.
    pub capacity: Option<usize>,
    /// The cache modes that go past kept answers: `no-store` and `reload` in Chromium and Firefox, `no-cache` in Chromium (measured).
    pub bypassing_modes: &'static [CacheMode],
    /// The cache modes under which an answer is not kept, and one that was kept stays: `no-store` in Chromium (measured).
    pub unkept_modes: &'static [CacheMode],
    /// The answers for a page of an opaque origin, such as a sandboxed frame.
    pub opaque_pages: NullOrigin,
    /// The answers for an origin that became `null` by a redirect.
    pub tainted_origins: NullOrigin,
    /// Is an answer kept that did not allow the request? WebKit (measured; catalogue `cache/insufficient-kept`).
    pub keeps_insufficient_answers: bool,
}

/// When a kept `*` matches everything.
///
/// ```
/// use corsac::browser::{Engine, KeptWildcard};
/// // After `Access-Control-Allow-Methods: *`, one engine asks again before every PUT.
/// assert_eq!(Engine::Firefox.profile().cache.wildcard, KeptWildcard::Never);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeptWildcard {
    /// Always: the letter of the standard, which does not look at credentials here.
    Always,
    /// When the preflight was for a request without credentials: Chromium (measured; catalogue `cache-wildcard/*`).
    KeptWithoutCredentials,
    /// When the request at hand is without credentials: WebKit (measured; catalogue `cache-wildcard/*`).
    AskedWithoutCredentials,
    /// Never: Firefox (measured). There a wildcard means a preflight for every request.
    Never,
}

/// Which failures of a request drop the entries of its URL.
///
/// ```
/// use corsac::browser::{ClearedBy::{AnyCorsFailure, Nothing, PreflightedFailure}, Engine};
/// let rules = Engine::ALL.map(|engine| engine.profile().cache.cleared_by);
/// assert_eq!(rules, [PreflightedFailure, Nothing, AnyCorsFailure, Nothing]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClearedBy {
    /// Each failure of a request that is to be preflighted, for the URL at hand: the standard (main fetch, step 12).
    PreflightedFailure,
    /// Each failure of a request with CORS, preflighted or not, for the last URL that was asked: when a redirect leads to a URL that is
    /// refused (mixed content, a bad port), that is the redirecting one. But redirect mode `error` drops nothing. Firefox (measured; found as
    /// seed-777/1033, seed-777/2606 and seed-777/7124; catalogue `cache-clearing/*`).
    AnyCorsFailure,
    /// None: Chromium and WebKit (measured).
    Nothing,
}

/// How the cache takes an origin that is sent as `null`.
///
/// ```
/// use corsac::browser::{Engine, NullOrigin::{NewForEachFetch, OneForAll}};
/// let pages = Engine::ALL.map(|engine| engine.profile().cache.opaque_pages);
/// assert_eq!(pages, [OneForAll, NewForEachFetch, OneForAll, OneForAll]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NullOrigin {
    /// As any other origin: what one fetch keeps, the next one uses. The standard and, after a redirect, Firefox, which keeps the answer for the
    /// page's own origin then.
    OneForAll,
    /// As an origin that is new for each fetch: an answer is used again only where redirects lead back to its URL. A page's opaque origin in
    /// Chromium, and an origin that a redirect has tainted in WebKit (both measured; found as seed-777/444; catalogue `cache-within-a-fetch/*`).
    NewForEachFetch,
    /// The request goes past the cache: an origin that a redirect has tainted in Chromium, a page's opaque one, too (measured; catalogue
    /// `cache-after-redirect/*` and `cache-within-a-fetch/*`).
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
    /// Preflight, then fail unless the connection speaks HTTP/2: Chromium (measured). We take `http` URLs for HTTP/1.1 and `https` for HTTP/2.
    SentOverHttp2,
    /// Turned into the text `[object ReadableStream]`, which needs no preflight: Firefox (measured).
    SentAsText,
    /// Refused before anything is sent: WebKit (measured).
    Unsupported,
}

/// What an engine does after a redirect that dropped what made a preflight necessary (a 302 that turns POST into GET and drops
/// `Content-Type`, another origin that drops `Authorization`).
///
/// ```
/// use corsac::browser::{Engine, PreflightAfterRedirect::{ByFirstNames, WhenNeeded, WithFirstNames}};
/// let rules = Engine::ALL.map(|engine| engine.profile().preflight_after_redirect);
/// assert_eq!(rules, [WhenNeeded, WhenNeeded, ByFirstNames, WithFirstNames]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
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
    /// `Authorization`, dropped on the way to another origin, is sent again after the next redirect within that origin: Firefox (measured).
    pub authorization_returns: bool,
    /// What becomes of the headers that describe a body.
    pub body_headers: BodyHeaders,
}

/// What a redirect whose `Location` is empty does. In redirect mode `error` it fails only where an empty one is followed: in Chromium and
/// WebKit script reads the 302 itself (measured; catalogue `empty-location/*`).
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

/// What becomes of the headers that describe a body (`Content-Type` and its like) after the redirect that dropped them with the body.
///
/// ```
/// use corsac::browser::{BodyHeaders, Profile};
/// assert_eq!(Profile::SPEC.dropped_headers.body_headers, BodyHeaders::StayAway);
/// assert_eq!(Profile::WEBKIT.dropped_headers.body_headers, BodyHeaders::ReturnByCurrentMethod);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyHeaders {
    /// They stay away: the standard, Chromium.
    StayAway,
    /// After each redirect that would not have changed the method of the first request, they are sent: Firefox (measured; the type that
    /// comes with the body of an XMLHttpRequest stays away).
    ReturnByFirstMethod,
    /// After each redirect that does not change the method at hand, they are sent: WebKit (measured). Without CORS, only `Content-Type` is,
    /// and only by 307 and 308 (the next redirects leave it, seed-9101/11000); in mode `no-cors` not even that once it was dropped on the way from the page's own origin to another (found as
    /// seed-9001/4051; catalogue `no-cors-two-redirects/*`).
    ReturnByCurrentMethod,
}

/// Which connections an engine asks the user about.
///
/// ```
/// use corsac::browser::{Engine, LocalNetworkAccess::{FromPublic, MorePrivate, Off}};
/// let rules = Engine::ALL.map(|engine| engine.profile().local_network_access);
/// assert_eq!(rules, [MorePrivate, FromPublic, FromPublic, Off]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LocalNetworkAccess {
    /// Any connection to a more private space: the WICG draft.
    MorePrivate,
    /// Only from a public page: Chromium since 142, Firefox 153 (measured).
    FromPublic,
    /// None: WebKit 2.50.6 (nothing found).
    Off,
}

/// The most that `Referer` tells another site, where a referrer policy would tell more.
///
/// ```
/// use corsac::browser::{CrossSiteReferrer::{ByPolicy, OriginForPolicy, OriginOnWire}, Engine};
/// let rules = Engine::ALL.map(|engine| engine.profile().cross_site_referrer);
/// assert_eq!(rules, [ByPolicy, ByPolicy, OriginForPolicy, OriginOnWire]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrossSiteReferrer {
    /// What the policy says: the standard, Chromium.
    ByPolicy,
    /// The origin, and nothing from https to http, where the header is written. For the next redirect the referrer is what the policy says.
    /// WebKit (measured).
    OriginOnWire,
    /// The same by another policy: to another site, the policies that tell more are read as `strict-origin-when-cross-origin`. The referrer
    /// for the next redirect stays whole then, unless nothing was sent, and a redirect that names a policy goes on from what was sent.
    /// Firefox (measured; catalogue `referrer-through-redirects/*`).
    OriginForPolicy,
}

/// In which order the headers are refused that a preflight's response does not allow.
///
/// ```
/// use corsac::browser::{Engine, RefusedHeaders};
/// assert_eq!(Engine::Firefox.profile().refused_headers, RefusedHeaders::ByName);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusedHeaders {
    /// In the order of their names: the standard, Firefox (measured). Chromium's order is that of a hash table, which nothing tells.
    ByName,
    /// In the order of the request's lines, but those that the engine knows by name first, and spelled its way. WebKit (measured).
    InRequestOrder {
        /// The names that it knows.
        known: &'static [&'static str],
    },
}

/// Which charsets [send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send) writes anew in a `Content-Type` that script set: strings
/// are always sent as UTF-8. The value decides whether a preflight is needed. Catalogue `xhr-charset/*`.
///
/// ```
/// use corsac::browser::{Engine, XhrCharset};
/// assert_eq!(Engine::Spec.profile().xhr_charset, XhrCharset::OfStrings);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum XhrCharset {
    /// That of a string: the value is parsed, given the charset, and serialized. The standard.
    OfStrings,
    /// That of a string and of `URLSearchParams`, in the same way. WebKit (measured).
    OfStringsAndForms,
    /// Each charset in the value of both, where it is, up to white space, a quotation mark or a semicolon; a comma goes with it. Chromium
    /// (measured).
    InPlace,
    /// None before the fetch: the value that script set decides on a preflight, and is written anew only when it is sent; that of
    /// `URLSearchParams` in place. Firefox (measured).
    OnWire,
}

/// Where engines differ in what elements, style sheets and other interfaces load.
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
    /// `Accept` of a document that a page is left for.
    pub accept_document: &'static str,
    /// Does the first request of a media element have `Range: bytes=0-`? In Chromium and Firefox (measured; catalogue `load-video/*`); HTML,
    /// and WebKitGTK, ask for a range only later.
    pub media_asks_for_range: bool,
    /// The loads that send `Origin` in mode `cors` to the page's own origin, too: elements with `crossorigin`, modules and fonts in Chromium,
    /// all but fonts in WebKit (measured; catalogue `load-img/anonymous-own`).
    pub origin_at_home: &'static [Load],
    /// Is a font a CORS request? Not in WebKitGTK (measured; catalogue `load-font/bare`): any site's font is used, and its cookies are sent.
    pub fonts_use_cors: bool,
    /// Do loads of a page of an opaque origin have a `Referer`, although its `fetch()` has none? Firefox (measured; catalogue
    /// `load-img/null-page`).
    pub opaque_pages_have_referrer: bool,
    /// Does the handshake of a WebSocket have `Accept: */*`? Not in Chromium and WebKitGTK (measured; catalogue `load-websocket/*`).
    pub web_socket_accepts: bool,
    /// `Sec-Fetch-Dest` of the handshake of a WebSocket. `None` if it has none of the `Sec-Fetch-*` headers: Chromium (measured; catalogue
    /// `load-websocket/trustworthy-cross`).
    pub web_socket_destination: Option<&'static str>,
    /// Does a WebSocket follow a redirect, with the `Origin` that it began with? In WebKitGTK (measured; catalogue
    /// `load-websocket/redirected-away`).
    pub web_socket_follows_redirects: bool,
    /// Which opaque responses do not reach the page's process.
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
    /// None: it is not part of the Fetch standard yet, and WebKitGTK has none (measured).
    Off,
    /// As the draft says: Chromium (measured; catalogue `load-img/type-csv`, `load-img/nosniff-html`).
    Draft,
    /// The same, but `text/plain` with `nosniff` is let through: Firefox (measured; catalogue `load-img/nosniff-plain`).
    DraftWithoutPlainText,
}
