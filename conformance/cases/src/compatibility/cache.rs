//! Rows about the CORS-preflight cache.

use corsac::browser::{ClearedBy, KeptWildcard, NullOrigin};

use super::Known::{Measured, Partly, Source};
use super::words::{at_most, either, kept, limit, modes, names};
use super::{Row, field, links, words};

pub(super) const ROWS: &[Row] = &[
    Row {
        field: field!(cache.limit),
        title: "Longest `Access-Control-Max-Age`",
        section: links::PREFLIGHT_FETCH,
        words: |p| limit(p.cache.limit),
        consequence: "More than these seconds buys nothing. To change a policy within a known time, say that time: Firefox keeps an answer \
                      for up to a day.",
        known: Source(
            "`kMaxTimeout` in Chromium, `nsCORSListenerProxy.cpp` in Firefox, `CrossOriginPreflightResultCache.cpp` in WebKit; \
                       nobody waited for the ends",
        ),
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(cache.malformed_max_age),
        title: "A malformed `Access-Control-Max-Age`: `10m`, `10.5`, two lines",
        section: links::PREFLIGHT_FETCH,
        words: |p| kept(p.cache.malformed_max_age),
        consequence: "A unit or a second line of the header, from a proxy perhaps, means a preflight for every request in Firefox and a cache of \
                      five seconds elsewhere. Write bare digits, once.",
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
            None => "not kept; what was kept stays".to_owned(),
            kept_for => format!("not kept; {}", kept(kept_for)),
        },
        consequence: "No engine keeps such an answer. In Firefox it does not withdraw an earlier one either: a policy that was given for a day \
                      stays for a day.",
        known: Measured,
        cases: &["cache/zero-ends"],
        bugs: &[],
    },
    Row {
        field: field!(cache.negative_max_age),
        title: "`Access-Control-Max-Age: -1`",
        section: links::PREFLIGHT_FETCH,
        words: |p| kept(p.cache.negative_max_age),
        consequence: "It switches the cache off in every browser. By the standard it is malformed and worth five seconds; `0` is the way to say \
                      it that all agree on.",
        known: Measured,
        cases: &["max-age/1", "max-age/0-2"],
        bugs: &[],
    },
    Row {
        field: field!(cache.max_age_allows_plus),
        title: "`Access-Control-Max-Age: +10`",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.cache.max_age_allows_plus, "10 s", "malformed"),
        consequence: "Leave the sign out: with it, Firefox keeps nothing.",
        known: Measured,
        cases: &["max-age/+10"],
        bugs: &[],
    },
    Row {
        field: field!(cache.overflowing_max_age),
        title: "An `Access-Control-Max-Age` that does not fit into 64 bits",
        section: links::PREFLIGHT_FETCH,
        words: |p| {
            p.cache.overflowing_max_age.map_or_else(|| "the longest age".to_owned(), |age| kept(Some(age)))
        },
        consequence: "A row of nines, meant as for ever, is five seconds in Chromium and WebKit.",
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
                "a whole answer: the next one replaces it, and one that does not suffice is dropped",
                "one method or header: answers add up",
            )
        },
        consequence: "A server that allows only what was asked for makes two alternating requests to one URL push each other out in Chromium and \
                      WebKit: a preflight each time. Answer every preflight with all methods and headers that the URL takes.",
        known: Measured,
        cases: &["cache/adds-up", "cache/headers-add-up", "cache/refused-in-between"],
        bugs: &[],
    },
    Row {
        field: field!(cache.wildcard),
        title: "A kept `*` among methods or headers",
        section: links::CACHE_HEADER,
        words: |p| {
            match p.cache.wildcard {
                KeptWildcard::Always => "matches every request",
                KeptWildcard::KeptWithoutCredentials => {
                    "matches if the preflight was for a request without credentials"
                }
                KeptWildcard::AskedWithoutCredentials => "matches requests without credentials",
                KeptWildcard::Never => "matches nothing",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "`Access-Control-Allow-Headers: *` or `Access-Control-Allow-Methods: *` costs Firefox users a preflight for every request. \
                      List the names.",
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
        title: "Does a kept `*` cover `Authorization`?",
        section: links::CACHE_HEADER,
        words: |p| either(p.cache.wildcard_covers_authorization, "yes", "no"),
        consequence: "Where `*` allows `Authorization`, Chromium and Firefox ask again before every request that carries it. An API with bearer \
                      tokens and `*` gets two requests for each one. Name `Authorization`.",
        known: Measured,
        cases: &["cache/star-authorization"],
        bugs: &[links::FETCH_KEPT_AUTHORIZATION],
    },
    Row {
        field: field!(cache.separates_credentials),
        title: "Does an answer with credentials serve a request without?",
        section: links::CACHE_MATCH,
        words: |p| either(p.cache.separates_credentials, "no", "yes"),
        consequence: "A page that mixes `credentials: \"include\"` and `\"omit\"` for one URL sends two preflights in Firefox.",
        known: Measured,
        cases: &["cache/include-omit"],
        bugs: &[],
    },
    Row {
        field: field!(cache.exempt_methods),
        title: "Methods that need no entry",
        section: links::CACHE_METHOD,
        words: |p| names(p.cache.exempt_methods),
        consequence: "A HEAD request with a header of its own is preflighted each time in Firefox, unless `Access-Control-Allow-Methods` names \
                      HEAD.",
        known: Measured,
        cases: &["cache/header-head-header"],
        bugs: &[],
    },
    Row {
        field: field!(cache.forced_preflight_needs_method),
        title: "Must a kept answer name POST, when upload listeners force the preflight?",
        section: links::HTTP_FETCH,
        words: |p| either(p.cache.forced_preflight_needs_method, "yes", "no, any kept answer will do"),
        consequence: "Browsers ask less often than the standard. Nothing to do.",
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
        title: "Entries of a URL, when a request fails",
        section: links::CACHE_CLEAR,
        words: |p| {
            match p.cache.cleared_by {
                ClearedBy::PreflightedFailure => "dropped, if it was one to preflight",
                ClearedBy::AnyCorsFailure => {
                    "dropped after any request with CORS, but not by redirect mode `error`; after a redirect to a URL that is refused, \
                     those of the redirecting URL"
                }
                ClearedBy::Nothing => "stay",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "After a mistake in the CORS headers was mended, Chromium and WebKit users go on with the kept answer for its whole age, \
                      without \
                      asking. Try a new policy with a small age.",
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
        title: "An answer that did not allow the request",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.cache.keeps_insufficient_answers, "kept", "not kept"),
        consequence: "In WebKit the refused preflight may still spare the next one, for a request that it does allow.",
        known: Measured,
        cases: &["cache/insufficient-kept", "cache/insufficient-headers-kept"],
        bugs: &[],
    },
    Row {
        field: field!(cache.bypassing_modes),
        title: "Cache modes of `fetch()` that go past kept answers",
        section: links::HTTP_FETCH,
        words: |p| modes(p.cache.bypassing_modes),
        consequence: "`cache: \"no-store\"` in `fetch()`, meant for the response, makes a request that needs a preflight ask each time in \
                      Chromium and Firefox. \
                      Let the server say `Cache-Control: no-store` instead.",
        known: Measured,
        cases: &["cache-mode/default-no-store", "cache-mode/default-reload", "cache-mode/default-no-cache"],
        bugs: &[],
    },
    Row {
        field: field!(cache.unkept_modes),
        title: "Cache modes under which an answer is not kept",
        section: links::HTTP_FETCH,
        words: |p| modes(p.cache.unkept_modes),
        consequence: "In Chromium such a request leaves the cache as it was: it neither adds an answer nor removes one.",
        known: Measured,
        cases: &["cache-mode/no-store-default"],
        bugs: &[],
    },
    Row {
        field: field!(cache.url_length_limit),
        title: "Length from which on a URL's answers are not kept",
        section: links::CACHE,
        words: |p| at_most(p.cache.url_length_limit, "bytes"),
        consequence: "An API that takes long queries is preflighted for every such request in Chromium. Long parameters belong in a body.",
        known: Measured,
        cases: &["cache-url-length/993", "cache-url-length/2000"],
        bugs: &[],
    },
    Row {
        field: field!(cache.capacity),
        title: "Number of entries",
        section: links::CACHE,
        words: |p| at_most(p.cache.capacity, "URLs"),
        consequence: "Each URL has its own entry, query and all: a page that loads a hundred items with custom headers from as many URLs empties \
                      Firefox's \
                      cache. Firefox drops what was unused for longest, Chromium ten at random.",
        known: Partly(
            "the number in Chromium and its choice of what goes (`preflight_cache.cc`), and Firefox's choice",
        ),
        cases: &["cache-capacity/one-hundred-and-ten-urls"],
        bugs: &[],
    },
    Row {
        field: field!(cache.opaque_pages),
        title: "Answers for a page of an opaque origin (`Origin: null`)",
        section: links::CACHE_MATCH,
        words: |p| kept_for(p.cache.opaque_pages).to_owned(),
        consequence: "A sandboxed frame, or a page from a file, is preflighted for every request in Chromium.",
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
        title: "Answers for a request whose origin a redirect turned into `null`",
        section: links::CACHE_MATCH,
        words: |p| kept_for(p.cache.tainted_origins).to_owned(),
        consequence: "Behind a redirect between two foreign origins, Chromium and WebKit ask before every request, whatever the answer's age.",
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
        title: "Origin that an answer is kept for, after a redirect that made it `null`",
        section: links::CACHE_MATCH,
        words: |p| either(p.cache.keyed_by_page_origin, "the page's", "`null`"),
        consequence: "After such a redirect Firefox may use an answer that the page got without one, and the other way round. (Chromium and \
                      WebKit keep none then, see above.)",
        known: Measured,
        cases: &["cache-after-redirect/b-c-from-a", "cache-after-redirect/b-sub-from-a"],
        bugs: &[],
    },
];

/// Which requests use an answer for an origin that is `null`.
fn kept_for(origin: NullOrigin) -> &'static str {
    match origin {
        NullOrigin::OneForAll => "kept",
        NullOrigin::NewForEachFetch => "kept for the same fetch, whose redirects may come back",
        NullOrigin::Uncached => "not kept",
        _ => words::MISSING,
    }
}
