//! Rows about redirects, and about `Origin` and `Referer`, which redirects change.

use corsac::browser::{BodyHeaders, CrossSiteReferrer, EmptyLocation, PreflightAfterRedirect};

use super::Known::{Measured, Partly};
use super::words::either;
use super::{Row, field, links, words};

pub(super) const REDIRECTS: &[Row] = &[
    Row {
        field: field!(preflight_after_redirect),
        title: "Preflight after a redirect that dropped what made one necessary",
        section: links::REDIRECT_FETCH,
        words: |p| {
            match p.preflight_after_redirect {
                PreflightAfterRedirect::WhenNeeded => "none: decided anew from what is left",
                PreflightAfterRedirect::ByFirstNames => {
                    "sent, with the names that are left, or without `Access-Control-Request-Headers`"
                }
                PreflightAfterRedirect::WithFirstNames => "sent, with all names that script set at first",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "A server that is the target of redirects gets preflights for GET, some without a header to ask for, some for headers that \
                      never come. It has to answer them as any other, or requests fail that need no permission.",
        known: Partly("the conditions in WebKit (`DocumentThreadableLoader.cpp`, `NetworkLoadChecker.cpp`)"),
        cases: &[
            "redirect-drops/302-type-cross",
            "redirect-drops/307-authorization-cross",
            "xhr-type-after-redirect/a-fetch-post-302",
        ],
        bugs: &[],
    },
    Row {
        field: field!(xhr_body_type_is_set_by_script),
        title: "`Content-Type` that comes with the body of an `XMLHttpRequest`, after a redirect",
        section: links::REDIRECT_FETCH,
        words: |p| {
            either(
                p.xhr_body_type_is_set_by_script,
                "counts as one that script set",
                "no reason for another preflight, and stays away once dropped",
            )
        },
        consequence: "In Firefox, `fetch()` and `XMLHttpRequest` part here: the needless preflight of the row above comes after a `fetch()` \
                      only, unless script \
                      sets other headers.",
        known: Measured,
        cases: &["xhr-type-after-redirect/a-xhr-post-302", "xhr-type-after-redirect/a-xhr-put-303"],
        bugs: &[],
    },
    Row {
        field: field!(dropped_headers.authorization_returns),
        title: "`Authorization`, dropped on the way to another origin, after one more redirect there",
        section: links::REDIRECT_FETCH,
        words: |p| either(p.dropped_headers.authorization_returns, "sent again", "stays away"),
        consequence: "In Firefox the token reaches an origin that the first server only redirected to, if that origin redirects once more. Do \
                      not redirect \
                      requests that carry tokens to origins that must not see them.",
        known: Measured,
        cases: &["two-redirects/authorization-there-and-on", "two-redirects/authorization-there-and-on-xhr"],
        bugs: &[],
    },
    Row {
        field: field!(dropped_headers.body_headers),
        title: "`Content-Type` and its like, dropped with the body, after one more redirect",
        section: links::REDIRECT_FETCH,
        words: |p| {
            match p.dropped_headers.body_headers {
                BodyHeaders::StayAway => "stay away",
                BodyHeaders::ReturnByFirstMethod => {
                    "sent again if this redirect alone would have kept the first method"
                }
                BodyHeaders::ReturnByCurrentMethod => "sent again if this redirect keeps the method",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "A GET with a `Content-Type` and no body may arrive at the end of a chain. Ignore the header.",
        known: Measured,
        cases: &[
            "two-redirects/type-302-307",
            "two-redirects/type-302-302",
            "no-cors-type-through-redirects/a-302-307",
            "no-cors-two-redirects/b-b-b-302-307",
        ],
        bugs: &[],
    },
    Row {
        field: field!(redirects_from_home_are_credentialed),
        title: "The CORS check of the second redirect, when the first left the page's own origin",
        section: links::CORS_CHECK,
        words: |p| {
            either(
                p.redirects_from_home_are_credentialed,
                "as if with credentials: the origin by name, and `Access-Control-Allow-Credentials: true`",
                "by the request's credentials mode",
            )
        },
        consequence: "A page that calls a path of its own, which redirects to a service that redirects once more, fails in WebKit when the \
                      service answers \
                      `Access-Control-Allow-Origin: *`. `credentials: \"omit\"` avoids it.",
        known: Measured,
        cases: &[
            "redirect-origin/get-a-b-b",
            "redirect-origin/get-a-b-c",
            "two-redirects/simple-own-then-two",
        ],
        bugs: &[],
    },
    Row {
        field: field!(leaving_origin_turns_delete_into_get),
        title: "DELETE, redirected to another origin with 301, 302, 307 or 308",
        section: links::REDIRECT_FETCH,
        words: |p| either(p.leaving_origin_turns_delete_into_get, "becomes GET", "stays DELETE"),
        consequence: "In WebKitGTK nothing is deleted, and the response looks like success. Do not redirect DELETE across origins.",
        known: Measured,
        cases: &["delete-redirected/b-c-307", "delete-redirected/a-b-302"],
        bugs: &[],
    },
    Row {
        field: field!(redirect_drops_client_hints),
        title: "Client hints that script set, on a redirect to another origin than the page's",
        section: links::REDIRECT_FETCH,
        words: |p| either(p.redirect_drops_client_hints, "dropped", "sent"),
        consequence: "Behind a redirect, Chromium's requests lack them. Other engines ask for them in a preflight instead.",
        known: Measured,
        cases: &["two-redirects/hint-307-307"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_precedes_refusal),
        title: "A redirect to a URL that is to be refused: mixed content, or a user name on the way out of the page's own origin",
        section: links::REDIRECT_FETCH,
        words: |p| {
            either(
                p.preflight_precedes_refusal,
                "refused behind its preflight, if one is due",
                "refused at once",
            )
        },
        consequence: "In WebKit the target of such a redirect sees an `OPTIONS` and no request behind it. Nothing to do there; mend the redirect.",
        known: Measured,
        cases: &["refused-redirect/mixed", "refused-redirect/user-name", "refused-redirect/loopback"],
        bugs: &[],
    },
    Row {
        field: field!(empty_location),
        title: "A redirect with an empty `Location`",
        section: links::LOCATION_URL,
        words: |p| {
            match p.empty_location {
                EmptyLocation::Followed => "leads to the same URL",
                EmptyLocation::NoRedirect => "is an ordinary response",
                EmptyLocation::Refused => "is a network error",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "Three engines, two of them against the standard, each in its own way; with `redirect: \"error\"`, script reads the 302 \
                      itself in \
                      Chromium and WebKit. Servers that build `Location` from a variable should refuse to send it empty.",
        known: Measured,
        cases: &["redirect-to/empty-from-a", "redirect-to/empty-from-b", "empty-location/empty-error-b"],
        bugs: &[],
    },
    Row {
        field: field!(manual_redirect_needs_valid_location),
        title: "A redirect whose `Location` is no URL, with `redirect: \"manual\"`",
        section: links::HTTP_FETCH,
        words: |p| {
            either(
                p.manual_redirect_needs_valid_location,
                "is a network error",
                "is an opaque redirect, as any",
            )
        },
        consequence: "A script that only wants to know whether there was a redirect gets an exception in Chromium.",
        known: Measured,
        cases: &["empty-location/invalid-manual-a", "empty-location/invalid-manual-b"],
        bugs: &[],
    },
    Row {
        field: field!(no_cors_redirects_keep_credentials),
        title: "Credentials of a `no-cors` request from the page's own origin that is redirected to another, mode `same-origin`",
        section: links::OR_CACHE_FETCH,
        words: |p| either(p.no_cors_redirects_keep_credentials, "sent", "left out"),
        consequence: "In WebKit a redirect takes cookies to the other origin, as `include` would. The response stays opaque to script.",
        known: Measured,
        cases: &[
            "no-cors-cookie/a-a2-no-cors-same-origin-302",
            "no-cors-cookie/a-a2-no-cors-same-origin-307",
        ],
        bugs: &[],
    },
    Row {
        field: field!(refuses_location_credentials),
        title: "A redirect to a URL with a user name or password, within the page's own origin",
        section: links::REDIRECT_FETCH,
        words: |p| either(p.refuses_location_credentials, "is a network error", "is followed"),
        consequence: "Across origins it fails everywhere. Within one it fails in Chromium only, so leave credentials out of `Location` altogether.",
        known: Measured,
        cases: &["redirect-to/userinfo-own-from-a"],
        bugs: &[],
    },
];

pub(super) const ORIGIN: &[Row] = &[
    Row {
        field: field!(redirected_preflight_keeps_origin),
        title: "`Origin` of a preflight after a redirect that turns the origin into `null`",
        section: links::TAINTED_ORIGIN,
        words: |p| either(p.redirected_preflight_keeps_origin, "the page's origin", "`null`"),
        consequence: "In Firefox the preflight names the page and wants the page back in `Access-Control-Allow-Origin`; the request behind it \
                      says `null` and \
                      wants `null`. `*` serves both, and so does an answer to each `Origin`; but who allows `null` allows every sandboxed page. \
                      Better to avoid the redirect.",
        known: Measured,
        cases: &["redirect-drops/302-x", "redirect-drops/302-type-cross", "redirect-origin/put-b-c-b"],
        bugs: &[],
    },
    Row {
        field: field!(referrer_policy_hides_origin),
        title: "`Origin` of a `no-cors` POST whose referrer policy is `no-referrer`, or `same-origin` to another origin",
        section: links::ORIGIN_HEADER,
        words: |p| either(p.referrer_policy_hides_origin, "`null`", "the page's origin"),
        consequence: "A check against forgery that compares `Origin` sees `null` from the same page in Firefox and WebKit and the real origin in \
                      Chromium. \
                      Treat `null` as another origin.",
        known: Measured,
        cases: &["no-cors/b-post-no-referrer-cross-origin", "no-cors/b-post-same-origin-cross-origin"],
        bugs: &[links::CRBUG_ORIGIN],
    },
    Row {
        field: field!(no_cors_redirect_hides_origin),
        title: "`Origin` of a `no-cors` POST after a redirect to another origin",
        section: links::ORIGIN_HEADER,
        words: |p| {
            either(
                p.no_cors_redirect_hides_origin,
                "`null` after any",
                "`null` only if the redirect leaves an origin that is not the page's",
            )
        },
        consequence: "From the page's own origin to another, Chromium says `null` where the others name the page.",
        known: Measured,
        cases: &["no-cors-type-through-redirects/a-307-307"],
        bugs: &[],
    },
    Row {
        field: field!(origin_survives_redirects),
        title: "`Origin` of a request without CORS after a redirect",
        section: links::ORIGIN_HEADER,
        words: |p| {
            either(
                p.origin_survives_redirects,
                "within an origin as before; to another, by the method alone",
                "by the method and the referrer policy at hand",
            )
        },
        consequence: "A POST that a redirect turns into GET keeps its `Origin` in WebKit. It is no sign of a request from elsewhere.",
        known: Measured,
        cases: &[
            "two-redirects/text-302-302-own",
            "two-redirects/text-302-307-own",
            "no-cors-two-redirects/b-c-c-307-302",
            "no-cors-two-redirects/b-b-b-307-307-then-no-referrer",
        ],
        bugs: &[],
    },
    Row {
        field: field!(redirects_lose_user_agent),
        title: "`User-Agent` that script set, after a redirect without CORS",
        section: links::REDIRECT_FETCH,
        words: |p| either(p.redirects_lose_user_agent, "the browser's own again", "sent"),
        consequence: "In WebKit a redirect within the page's own origin hides a `User-Agent` of the script's. Chromium never sends it.",
        known: Measured,
        cases: &["user-agent-through-redirects/a-a-b", "user-agent-through-redirects/a-a-a"],
        bugs: &[],
    },
    Row {
        field: field!(cross_site_referrer),
        title: "The most that `Referer` tells another site",
        section: links::REFERRER,
        words: |p| {
            match p.cross_site_referrer {
                CrossSiteReferrer::ByPolicy => "the whole URL, if the policy says so",
                CrossSiteReferrer::OriginOnWire => "the origin, and nothing from https to http",
                CrossSiteReferrer::OriginForPolicy => {
                    "the same; behind a redirect back to the page's own site, all that the policy allows again"
                }
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "`referrerPolicy: \"unsafe-url\"` has its effect across sites in Chromium only. Send what the other side needs in a \
                      parameter.",
        known: Measured,
        cases: &[
            "referrer-downgrade/unsafe-url",
            "referrer-downgrade/origin-when-cross-origin",
            "referrer-through-redirects/b-a-origin-when-cross-origin",
            "referrer-through-redirects/b-a-unsafe-url-then-unsafe-url",
        ],
        bugs: &[],
    },
    Row {
        field: field!(opaque_pages_have_referrer),
        title: "`Referer` from a page of an opaque origin",
        section: links::REFERRER,
        words: |p| either(p.opaque_pages_have_referrer, "sent", "left out"),
        consequence: "In WebKit a sandboxed frame tells where it came from, although its `Origin` is `null`.",
        known: Measured,
        cases: &["opaque-page-cache/fetch", "opaque-page-cache/xhr"],
        bugs: &[],
    },
    Row {
        field: field!(redirected_preflight_keeps_referrer),
        title: "`Referer` of a preflight after a redirect",
        section: links::REFERRER_REDIRECT,
        words: |p| {
            either(
                p.redirected_preflight_keeps_referrer,
                "as in the first request",
                "as in the request behind it",
            )
        },
        consequence: "In WebKit a preflight may tell more than the request behind it. Only logs see it.",
        known: Measured,
        cases: &["redirect-origin/put-a-b-a", "redirect-origin/put-a-sub-sub"],
        bugs: &[],
    },
    Row {
        field: field!(downgrade_is_by_scheme),
        title: "A downgrade, for the referrer policies that look for one",
        section: links::REFERRER,
        words: |p| {
            either(
                p.downgrade_is_by_scheme,
                "from https to http",
                "from a trustworthy URL to another; `http://localhost` is trustworthy",
            )
        },
        consequence: "An https page that calls a program on `http://localhost` sends it no `Referer` under the default policy. Let the program \
                      look at `Origin`.",
        known: Measured,
        cases: &["mixed-content/localhost", "referrer-downgrade/strict-origin-when-cross-origin"],
        bugs: &[],
    },
];
