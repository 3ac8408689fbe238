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
                PreflightAfterRedirect::WhenNeeded => "none, unless what is left needs one",
                PreflightAfterRedirect::ByFirstNames => {
                    "sent, with the names that are left, or without `Access-Control-Request-Headers`"
                }
                PreflightAfterRedirect::WithFirstNames => "sent, with all names that script set",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "The target of a redirect gets preflights for GET. Some have no header to ask for, and some ask for headers \
                      that are then not sent. Answer them like any other preflight, or requests fail that need no permission.",
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
                "treated as set by script",
                "no reason for another preflight, and not sent again once dropped",
            )
        },
        consequence: "`fetch()` and `XMLHttpRequest` differ here in Firefox: the needless preflight of the row above comes only \
                      after a `fetch()`, unless script sets other headers.",
        known: Measured,
        cases: &["xhr-type-after-redirect/a-xhr-post-302", "xhr-type-after-redirect/a-xhr-put-303"],
        bugs: &[],
    },
    Row {
        field: field!(dropped_headers.authorization_returns),
        title: "`Authorization`, dropped by a redirect to another origin, after one more redirect there",
        section: links::REDIRECT_FETCH,
        words: |p| either(p.dropped_headers.authorization_returns, "sent again", "not sent again"),
        consequence: "In Firefox the token reaches an origin to which the first server only redirected, if that origin redirects \
                      once more. Do not redirect requests with tokens to origins that must not see them.",
        known: Measured,
        cases: &["two-redirects/authorization-there-and-on", "two-redirects/authorization-there-and-on-xhr"],
        bugs: &[],
    },
    Row {
        field: field!(dropped_headers.body_headers),
        title: "`Content-Type` and similar headers, dropped with the body, after one more redirect",
        section: links::REDIRECT_FETCH,
        words: |p| {
            match p.dropped_headers.body_headers {
                BodyHeaders::StayAway => "not sent again",
                BodyHeaders::ReturnByFirstMethod => {
                    "sent again if this redirect alone would have kept the first method"
                }
                BodyHeaders::ReturnByCurrentMethod => "sent again if this redirect keeps the method",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "A GET with a `Content-Type` and without a body can arrive at the end of a chain. Ignore the header.",
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
        field: field!(redirects_from_page_origin_are_credentialed),
        title: "The CORS check of the second redirect, when the first left the page's own origin",
        section: links::CORS_CHECK,
        words: |p| {
            either(
                p.redirects_from_page_origin_are_credentialed,
                "as with credentials: needs the origin by name and `Access-Control-Allow-Credentials: true`",
                "by the request's credentials mode",
            )
        },
        consequence: "A page requests a path of its own origin, which redirects to a service, which redirects once more. This \
                      fails in WebKit if the service answers with `Access-Control-Allow-Origin: *`. `credentials: \"omit\"` \
                      avoids it.",
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
        consequence: "In WebKitGTK nothing is deleted, and the response looks like success. Do not redirect DELETE to another \
                      origin.",
        known: Measured,
        cases: &["delete-redirected/b-c-307", "delete-redirected/a-b-302"],
        bugs: &[],
    },
    Row {
        field: field!(redirect_drops_client_hints),
        title: "Client hints that script set, on a redirect to another origin than the page's",
        section: links::REDIRECT_FETCH,
        words: |p| either(p.redirect_drops_client_hints, "dropped", "sent"),
        consequence: "After a redirect, Chromium's requests do not have them. Other engines ask for them in a preflight instead.",
        known: Measured,
        cases: &["two-redirects/hint-307-307"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_precedes_refusal),
        title: "A redirect to a URL that will be refused: mixed content, or a user name in a redirect away from the page's \
                      own origin",
        section: links::REDIRECT_FETCH,
        words: |p| {
            either(
                p.preflight_precedes_refusal,
                "refused after its preflight, if it needs one",
                "refused at once",
            )
        },
        consequence: "In WebKit the target of such a redirect gets an `OPTIONS` without a request after it. There is nothing to \
                      do at the target; correct the redirect.",
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
                EmptyLocation::Followed => "followed to the same URL",
                EmptyLocation::NoRedirect => "an ordinary response",
                EmptyLocation::Refused => "a network error",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "Each engine does something else, and two differ from the standard. With `redirect: \"error\"`, script \
                      reads the 302 itself in Chromium and WebKit. Servers that build `Location` from a variable should not send \
                      it empty.",
        known: Measured,
        cases: &["redirect-to/empty-from-a", "redirect-to/empty-from-b", "empty-location/empty-error-b"],
        bugs: &[],
    },
    Row {
        field: field!(manual_redirect_needs_valid_location),
        title: "A redirect whose `Location` is not a URL, with `redirect: \"manual\"`",
        section: links::HTTP_FETCH,
        words: |p| {
            either(
                p.manual_redirect_needs_valid_location,
                "a network error",
                "an opaque redirect, like any other",
            )
        },
        consequence: "A script that only wants to know whether there was a redirect gets an exception in Chromium.",
        known: Measured,
        cases: &["empty-location/invalid-manual-a", "empty-location/invalid-manual-b"],
        bugs: &[],
    },
    Row {
        field: field!(no_cors_redirects_keep_credentials),
        title: "Credentials (mode `same-origin`) of a `no-cors` request to the page's own origin that is redirected to \
                      another",
        section: links::OR_CACHE_FETCH,
        words: |p| either(p.no_cors_redirects_keep_credentials, "sent", "not sent"),
        consequence: "In WebKit a redirect sends cookies to the other origin, as with `include`. The response stays opaque to \
                      script.",
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
        words: |p| either(p.refuses_location_credentials, "a network error", "followed"),
        consequence: "Between origins it fails everywhere. Within one it fails only in Chromium, so leave credentials out of \
                      `Location` altogether.",
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
        consequence: "In Firefox the preflight has the page's origin and requires it in `Access-Control-Allow-Origin`; the \
                      request after it has `null` and requires `null`. `*` works for both, and so does a response for each \
                      `Origin`. But allowing `null` allows every sandboxed page, so it is better to avoid the redirect.",
        known: Measured,
        cases: &["redirect-drops/302-x", "redirect-drops/302-type-cross", "redirect-origin/put-b-c-b"],
        bugs: &[],
    },
    Row {
        field: field!(referrer_policy_hides_origin),
        title: "`Origin` of a `no-cors` POST whose referrer policy is `no-referrer`, or `same-origin` to another origin",
        section: links::ORIGIN_HEADER,
        words: |p| either(p.referrer_policy_hides_origin, "`null`", "the page's origin"),
        consequence: "A check against forged requests that compares `Origin` gets `null` from Firefox and WebKit, and the real \
                      origin from Chromium, for the same page. Treat `null` as another origin.",
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
                "`null` after any such redirect",
                "`null` only if the redirect leaves an origin that is not the page's",
            )
        },
        consequence: "After a redirect from the page's own origin to another, Chromium sends `null` and the others send the \
                      page's origin.",
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
                "unchanged within an origin; to another, it depends on the method only",
                "it depends on the current method and referrer policy",
            )
        },
        consequence: "A POST that a redirect turns into GET keeps its `Origin` in WebKit. This does not mean that the request \
                      comes from another site.",
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
        words: |p| either(p.redirects_lose_user_agent, "the browser's own is sent", "sent"),
        consequence: "In WebKit a redirect within the page's own origin removes a `User-Agent` that script set. Chromium never \
                      sends it.",
        known: Measured,
        cases: &["user-agent-through-redirects/a-a-b", "user-agent-through-redirects/a-a-a"],
        bugs: &[],
    },
    Row {
        field: field!(cross_site_referrer),
        title: "The most that `Referer` reveals to another site",
        section: links::REFERRER,
        words: |p| {
            match p.cross_site_referrer {
                CrossSiteReferrer::ByPolicy => "the whole URL, if the policy allows it",
                CrossSiteReferrer::OriginOnWire => "the origin, and nothing from https to http",
                CrossSiteReferrer::OriginForPolicy => {
                    "the origin, and nothing from https to http; after a redirect back to the page's own site, all that the \
                     policy allows"
                }
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "`referrerPolicy: \"unsafe-url\"` has an effect across sites only in Chromium. Send what the other site \
                      needs in a parameter.",
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
        words: |p| either(p.opaque_pages_have_referrer, "sent", "not sent"),
        consequence: "In WebKit a sandboxed frame reveals where it came from, although its `Origin` is `null`.",
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
                "that of the first request",
                "that of the request that follows",
            )
        },
        consequence: "In WebKit a preflight can reveal more than the request that follows. Only logs show it.",
        known: Measured,
        cases: &["redirect-origin/put-a-b-a", "redirect-origin/put-a-sub-sub"],
        bugs: &[],
    },
    Row {
        field: field!(downgrade_is_by_scheme),
        title: "What is a downgrade to the referrer policies that avoid one",
        section: links::REFERRER,
        words: |p| {
            either(
                p.downgrade_is_by_scheme,
                "from https to http",
                "from a trustworthy URL to another; `http://localhost` is trustworthy",
            )
        },
        consequence: "An https page that calls a program on `http://localhost` sends no `Referer` under the default policy. The \
                      program has to check `Origin`.",
        known: Measured,
        cases: &["mixed-content/localhost", "referrer-downgrade/strict-origin-when-cross-origin"],
        bugs: &[],
    },
];
