//! Rows about the CORS-preflight cache.

use corsac::browser::{CachedWildcard, ClearedBy, NullOrigin};

use super::Known::{Measured, Partly, Source};
use super::words::{at_most, either, kept, limit, modes, names};
use super::{Row, field, links, words};

pub(super) const ROWS: &[Row] = &[
    Row {
        field: field!(cache.limit),
        title: "Longest `Access-Control-Max-Age`",
        section: links::PREFLIGHT_FETCH,
        words: |p| limit(p.cache.limit),
        consequence: "A higher number has no effect. If a policy has to change within a known time, set `Access-Control-Max-Age` \
                      to that time: Firefox keeps a response for up to a day.",
        known: Source(
            "`kMaxTimeout` in Chromium, `nsCORSListenerProxy.cpp` in Firefox, `CrossOriginPreflightResultCache.cpp` in WebKit; \
                       the times were not waited out",
        ),
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(cache.malformed_max_age),
        title: "A malformed `Access-Control-Max-Age`: `10m`, `10.5`, two lines",
        section: links::PREFLIGHT_FETCH,
        words: |p| kept(p.cache.malformed_max_age),
        consequence: "A unit, or a second line of the header (perhaps from a proxy), causes a preflight for every request in \
                      Firefox, and leaves a cache of five seconds elsewhere. Write digits only, and once.",
        known: Measured,
        cases: &[
            "max-age/abc",
            "max-age/10-5",
            "max-age/60s",
            "max-age-lines/two",
            "max-age-lines/different",
        ],
        bugs: &[],
    },
    Row {
        field: field!(cache.zero_max_age),
        title: "`Access-Control-Max-Age: 0`",
        section: links::PREFLIGHT_FETCH,
        words: |p| match p.cache.zero_max_age {
            None => "not kept; existing entries stay".to_owned(),
            kept_for => format!("not kept; {}", kept(kept_for)),
        },
        consequence: "No engine keeps such a response. In Firefox it does not end an earlier entry either: a policy that was \
                      allowed for a day stays for a day.",
        known: Measured,
        cases: &["cache/zero-ends"],
        bugs: &[],
    },
    Row {
        field: field!(cache.negative_max_age),
        title: "`Access-Control-Max-Age: -1`",
        section: links::PREFLIGHT_FETCH,
        words: |p| kept(p.cache.negative_max_age),
        consequence: "It turns the cache off in every browser. In the standard it is malformed, which means five seconds. All \
                      agree on `0`.",
        known: Measured,
        cases: &["max-age/1", "max-age/0-2"],
        bugs: &[],
    },
    Row {
        field: field!(cache.max_age_allows_plus),
        title: "`Access-Control-Max-Age: +10`",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.cache.max_age_allows_plus, "10 s", "malformed"),
        consequence: "Leave out the sign: with it, Firefox keeps nothing.",
        known: Measured,
        cases: &["max-age/+10"],
        bugs: &[],
    },
    Row {
        field: field!(cache.overflowing_max_age),
        title: "An `Access-Control-Max-Age` that does not fit into 64 bits",
        section: links::PREFLIGHT_FETCH,
        words: |p| {
            p.cache
                .overflowing_max_age
                .map_or_else(|| "kept for the longest time".to_owned(), |age| kept(Some(age)))
        },
        consequence: "A long row of nines, meant as \"forever\", means five seconds in Chromium and WebKit.",
        known: Measured,
        cases: &["max-age/99999999999999999999", "max-age/9223372036854775808"],
        bugs: &[],
    },
    Row {
        field: field!(cache.whole_answers),
        title: "What one entry holds",
        section: links::CACHE,
        words: |p| {
            either(
                p.cache.whole_answers,
                "a whole response: the next one replaces it, and one that does not allow enough is dropped",
                "one method or header: responses add up",
            )
        },
        consequence: "If a server allows only what a preflight asked for, two alternating requests to one URL replace each \
                      other's entry in Chromium and WebKit, and each has a preflight. Answer every preflight with all methods \
                      and headers that the URL accepts.",
        known: Measured,
        cases: &["cache/adds-up", "cache/headers-add-up", "cache/refused-in-between"],
        bugs: &[],
    },
    Row {
        field: field!(cache.wildcard),
        title: "A cached `*` among methods or headers",
        section: links::CACHE_HEADER,
        words: |p| {
            match p.cache.wildcard {
                CachedWildcard::Always => "matches every request",
                CachedWildcard::CachedWithoutCredentials => {
                    "matches if the preflight was for a request without credentials"
                }
                CachedWildcard::RequestedWithoutCredentials => "matches requests without credentials",
                CachedWildcard::Never => "matches nothing",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "`Access-Control-Allow-Headers: *` or `Access-Control-Allow-Methods: *` causes a preflight for every \
                      request of Firefox users. List the names.",
        known: Measured,
        cases: &[
            "cache/star-header",
            "cache/star-put",
            "cache/star-delete",
            "cache/star-include-omit",
            "cache-wildcard/header-with-then-without",
        ],
        bugs: &[],
    },
    Row {
        field: field!(cache.wildcard_covers_authorization),
        title: "Whether a cached `*` covers `Authorization`",
        section: links::CACHE_HEADER,
        words: |p| either(p.cache.wildcard_covers_authorization, "yes", "no"),
        consequence: "Where `*` allows `Authorization`, Chromium and Firefox send a preflight before every request that has it. \
                      An API with bearer tokens and `*` gets two requests instead of one. Name `Authorization`.",
        known: Measured,
        cases: &["cache/star-authorization"],
        bugs: &[links::FETCH_KEPT_AUTHORIZATION],
    },
    Row {
        field: field!(cache.separates_credentials),
        title: "Whether a response with credentials serves a request without",
        section: links::CACHE_MATCH,
        words: |p| either(p.cache.separates_credentials, "no", "yes"),
        consequence: "A page that uses both `credentials: \"include\"` and `\"omit\"` for one URL sends two preflights in \
                      Firefox.",
        known: Measured,
        cases: &["cache/include-omit"],
        bugs: &[],
    },
    Row {
        field: field!(cache.exempt_methods),
        title: "Methods that need no entry",
        section: links::CACHE_METHOD,
        words: |p| names(p.cache.exempt_methods),
        consequence: "A HEAD request with a custom header is preflighted each time in Firefox, unless \
                      `Access-Control-Allow-Methods` names HEAD.",
        known: Measured,
        cases: &["cache/header-head-header"],
        bugs: &[],
    },
    Row {
        field: field!(cache.forced_preflight_needs_method),
        title: "Whether a cached response must name POST, when upload listeners force the preflight",
        section: links::HTTP_FETCH,
        words: |p| either(p.cache.forced_preflight_needs_method, "yes", "no, any cached response is enough"),
        consequence: "Browsers send fewer preflights than the standard. There is nothing to do.",
        known: Measured,
        cases: &[
            "upload-listeners-cache/no-list",
            "upload-listeners-cache/put-only",
            "upload-listeners-cache/empty",
        ],
        bugs: &[],
    },
    Row {
        field: field!(cache.cleared_by),
        title: "Entries of a URL after a request failed",
        section: links::CACHE_CLEAR,
        words: |p| {
            match p.cache.cleared_by {
                ClearedBy::PreflightedFailure => "dropped, if the request needed a preflight",
                ClearedBy::AnyCorsFailure => {
                    "dropped after any failed CORS request, except by redirect mode `error`; after a redirect to a URL that is refused, \
                     those of the redirecting URL"
                }
                ClearedBy::Nothing => "kept",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "After a mistake in the CORS headers is corrected, Chromium and WebKit use the cached response until it \
                      expires, without a new preflight. Try a new policy with a small age.",
        known: Measured,
        cases: &[
            "cache-after-failure/no-origin-first",
            "cache-after-failure/no-origin-both",
            "cache-after-failure/redirect-refused",
            "cache-clearing/simple",
            "cache-clearing/mode-error",
            "cache-clearing/mixed",
        ],
        bugs: &[],
    },
    Row {
        field: field!(cache.keeps_insufficient_answers),
        title: "A response that did not allow the request",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.cache.keeps_insufficient_answers, "kept", "not kept"),
        consequence: "In WebKit a refused preflight can still save the next one, for a request that its response does allow.",
        known: Measured,
        cases: &["cache/insufficient-kept", "cache/insufficient-headers-kept"],
        bugs: &[],
    },
    Row {
        field: field!(cache.bypassing_modes),
        title: "Cache modes of `fetch()` that bypass the cache",
        section: links::HTTP_FETCH,
        words: |p| modes(p.cache.bypassing_modes),
        consequence: "`cache: \"no-store\"` in `fetch()` is meant for the response, but in Chromium and Firefox it causes a \
                      preflight each time for a request that needs one. Let the server send `Cache-Control: no-store` instead.",
        known: Measured,
        cases: &["cache-mode/default-no-store", "cache-mode/default-reload", "cache-mode/default-no-cache"],
        bugs: &[],
    },
    Row {
        field: field!(cache.unkept_modes),
        title: "Cache modes in which a response is not kept",
        section: links::HTTP_FETCH,
        words: |p| modes(p.cache.unkept_modes),
        consequence: "In Chromium such a request leaves the cache unchanged: it neither adds an entry nor removes one.",
        known: Measured,
        cases: &["cache-mode/no-store-default"],
        bugs: &[],
    },
    Row {
        field: field!(cache.url_length_limit),
        title: "Length from which a URL has no entries",
        section: links::CACHE,
        words: |p| at_most(p.cache.url_length_limit, "bytes"),
        consequence: "In Chromium, an API with long query strings gets a preflight for every such request. Send long parameters \
                      in a body.",
        known: Measured,
        cases: &["cache-url-length/993", "cache-url-length/2000"],
        bugs: &[],
    },
    Row {
        field: field!(cache.capacity),
        title: "Number of entries",
        section: links::CACHE,
        words: |p| at_most(p.cache.capacity, "URLs"),
        consequence: "Each URL has its own entry, with its query string. A page that loads a hundred items with custom headers \
                      from a hundred URLs fills Firefox's cache. Firefox drops the least recently used entry, Chromium drops ten \
                      at random.",
        known: Partly(
            "the number in Chromium and its choice of what to drop (`preflight_cache.cc`), and Firefox's choice",
        ),
        cases: &["cache-capacity/one-hundred-and-ten-urls"],
        bugs: &[],
    },
    Row {
        field: field!(cache.opaque_pages),
        title: "Responses for a page of an opaque origin (`Origin: null`)",
        section: links::CACHE_MATCH,
        words: |p| kept_for(p.cache.opaque_pages).to_owned(),
        consequence: "In Chromium, a sandboxed frame, or a page from a file, has a preflight for every request.",
        known: Measured,
        cases: &[
            "opaque-page-cache/fetch",
            "opaque-page-cache/xhr",
            "opaque-page-cache/fetch-include",
            "cache-within-a-fetch/opaque-page",
        ],
        bugs: &[],
    },
    Row {
        field: field!(cache.tainted_origins),
        title: "Responses for a request whose origin a redirect turned into `null`",
        section: links::CACHE_MATCH,
        words: |p| kept_for(p.cache.tainted_origins).to_owned(),
        consequence: "After a redirect between two other origins, Chromium and WebKit send a preflight for every request, \
                      whatever the age.",
        known: Measured,
        cases: &[
            "cache-after-redirect/b-c-from-a",
            "cache-after-redirect/b-sub-from-a",
            "cache-within-a-fetch/back-and-forth",
        ],
        bugs: &[],
    },
    Row {
        field: field!(cache.keyed_by_page_origin),
        title: "The origin under which a response is kept, after a redirect turned it into `null`",
        section: links::CACHE_MATCH,
        words: |p| either(p.cache.keyed_by_page_origin, "the page's", "`null`"),
        consequence: "After such a redirect Firefox may use a response that the page got without one, and the other way round. \
                      (Chromium and WebKit keep none in this case, see above.)",
        known: Measured,
        cases: &["cache-after-redirect/b-c-from-a", "cache-after-redirect/b-sub-from-a"],
        bugs: &[],
    },
];

/// Which requests use an answer for an origin that is `null`.
fn kept_for(origin: NullOrigin) -> &'static str {
    match origin {
        NullOrigin::OneForAll => "kept",
        NullOrigin::NewForEachFetch => "kept for the same fetch, if a redirect leads back",
        NullOrigin::Uncached => "not kept",
        _ => words::MISSING,
    }
}
