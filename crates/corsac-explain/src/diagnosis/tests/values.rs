//! The rows of causes that lie in the value of a header, in a redirect, a cache or an error.

use super::table::Row;
use super::{Confidence, Headers, OK, OTHER, PAGE, get, put};

pub(super) fn rows() -> Vec<Row> {
    use Confidence::{Certain, Likely};
    const OTHER_PAGE: Headers = &[("Access-Control-Allow-Origin", "https://other.example")];
    const WITH_SLASH: Headers = &[("Access-Control-Allow-Origin", "https://app.example/")];
    const ALLOWS_ID: Headers =
        &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "X-Id")];
    vec![
        (
            "header-twice",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Origin", "*")], ""),
            get(200, &[("Access-Control-Allow-Origin", "*, *")], ""),
        ),
        (
            "header-misspelled",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origins", "*")], ""),
            get(200, &[("Access-Control-Allow-Methods", "*"), ("Timing-Allow-Origin", "*")], ""),
        ),
        (
            "header-misspelled",
            Certain,
            true,
            put((204, &[("Access-Control-Allowed-Origin", PAGE)]), (200, &[], "")),
            put(
                (
                    204,
                    &[
                        ("Access-Control-Allow-Origin", "https://other.example"),
                        ("Access-Control-Allowed-Origin", PAGE),
                    ],
                ),
                (200, &[], ""),
            ),
        ),
        (
            "list-in-header",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origin", "https://a.example, https://app.example")], ""),
            get(200, &[("Access-Control-Allow-Origin", "{{ origin }}")], ""),
        ),
        (
            "list-in-header",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origin", "https://a.example https://b.example")], ""),
            get(200, &[("Access-Control-Allow-Origin", "https://app.example/")], ""),
        ),
        (
            "pattern-in-header",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origin", "https://*.example")], ""),
            get(200, &[("Access-Control-Allow-Origin", "\"*\"")], ""),
        ),
        (
            "pattern-in-header",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origin", "/^https:\\/\\/app\\.example$/")], ""),
            get(200, &[("Access-Control-Allow-Origin", "$http_origin")], ""),
        ),
        (
            "unset-variable",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origin", "undefined")], ""),
            get(200, &[("Access-Control-Allow-Origin", "false")], ""),
        ),
        (
            "unset-variable",
            Certain,
            true,
            get(200, &[("Access-Control-Allow-Origin", "{{ origin }}")], ""),
            get(200, &[("Access-Control-Allow-Origin", "https://a.example, https://b.example")], ""),
        ),
        (
            "unset-variable",
            Certain,
            true,
            put((204, &[("Access-Control-Allow-Origin", "${CORS_ORIGIN}")]), (200, OK, "")),
            get(200, &[("Access-Control-Allow-Origin", "https://none.example")], ""),
        ),
        (
            "unset-variable", // or allowed on purpose
            Likely,
            true,
            get(200, &[("Access-Control-Allow-Origin", "null")], ""),
            get(200, &[], ""),
        ),
        (
            "https-redirect",
            Certain,
            true,
            get(301, &[("Location", "https://api.example/items")], "")
                .at("http://api.example/items")
                .asked_by("http://app.example"),
            get(301, &[("Location", "https://api.example/new")], "")
                .at("http://api.example/items")
                .asked_by("http://app.example"),
        ),
        (
            "https-redirect", // with the header, and the next hop knows no `null`
            Likely,
            true,
            get(
                308,
                &[("Location", "https://api.example:8443/items"), ("Access-Control-Allow-Origin", "*")],
                "",
            )
            .at("http://api.example:8080/items")
            .asked_by("http://app.example")
            .then(200, OK),
            get(
                308,
                &[("Location", "https://api.example:8443/items"), ("Access-Control-Allow-Origin", "*")],
                "",
            )
            .at("http://api.example:8080/items")
            .asked_by("http://app.example")
            .then(500, &[]),
        ),
        (
            "redirect-elsewhere",
            Certain,
            true,
            get(302, &[("Location", "https://files.example/7")], ""),
            get(302, &[("Location", "https://id.example/login")], ""),
        ),
        (
            "redirect-elsewhere",
            Likely,
            true,
            get(302, &[("Location", "https://files.example/7"), ("Access-Control-Allow-Origin", "*")], ""),
            get(302, &[("Location", "/7"), ("Access-Control-Allow-Origin", "*")], "").then(200, &[]),
        ),
        (
            "static-allow-origin",
            Certain,
            true,
            get(200, OTHER_PAGE, "").to_another_origin(200, OTHER_PAGE),
            get(200, OTHER_PAGE, "").to_another_origin(200, OK),
        ),
        (
            "static-allow-origin", // what is wrong with it is said as well
            Certain,
            true,
            get(200, WITH_SLASH, "").to_another_origin(200, WITH_SLASH),
            get(200, OTHER_PAGE, ""),
        ),
        (
            "cached-copy",
            Likely,
            true,
            get(200, &[("Age", "17"), ("Content-Type", "image/png")], ""),
            get(200, &[("Age", "0")], ""),
        ),
        (
            "cached-copy",
            Likely,
            true,
            get(200, &[("X-Varnish", "32770 3")], ""),
            get(200, &[("X-Varnish", "32770")], ""),
        ),
        (
            "cached-copy",
            Likely,
            true,
            get(200, &[("X-Cache", "Hit from cloudfront")], ""),
            get(200, &[("X-Cache", "HIT"), ("Cache-Control", "no-store")], ""),
        ),
        (
            "cached-copy", // the preflight is not answered from the cache
            Likely,
            true,
            get(200, &[("CF-Cache-Status", "HIT")], "").asked_with(&[("X-Id", "7")]).preflighted(ALLOWS_ID),
            get(200, &[("CF-Cache-Status", "HIT"), ("Vary", "Origin")], ""),
        ),
        (
            "header-of-a-tool",
            Likely,
            true,
            get(200, OK, "").asked_with(&[("baggage", "a=b"), ("sentry-trace", "1")]),
            get(200, OK, "").asked_with(&[("baggage", "a=b"), ("X-Id", "7")]),
        ),
        (
            "header-of-a-tool",
            Likely,
            true,
            get(200, OK, "").asked_with(&[("X-Stainless-OS", "Unknown")]),
            get(200, OK, "").asked_with(&[("Authorization", "Bearer 7")]),
        ),
        (
            "bucket-without-rule",
            Certain,
            true,
            put((403, &[]), (200, &[], "<Message>CORSResponse: This CORS request is not allowed.</Message>")),
            put((403, &[]), (200, &[], "<Message>Access Denied</Message>")),
        ),
        (
            "bucket-without-rule",
            Certain,
            true,
            put(
                (403, &[]),
                (200, &[], "<Message>CORSResponse: CORS is not enabled for this bucket.</Message>"),
            ),
            get(200, &[], "CORS is not enabled for this bucket"),
        ),
        (
            "error-behind-good-preflight", // a right status, whose headers are what is wrong
            Likely,
            true,
            put((204, OK), (405, &[], "")),
            put((204, OK), (405, &[("Access-Control-Allow-Origin", "https://other.example")], "")),
        ),
        (
            "error-status-without-cors", // and nothing that says more
            Likely,
            false,
            get(404, &[], "").without_origin(404, &[]),
            get(404, &[], "").without_origin(200, &[]),
        ),
        (
            "error-status-without-cors", // nothing is there, for any method
            Likely,
            false,
            put((404, &[]), (200, &[], "")).without_origin(404, &[]),
            put((404, &[]), (200, &[], "")),
        ),
        (
            "error-status-without-cors", // a proxy without its server
            Likely,
            false,
            put((502, &[]), (200, &[], "")),
            put((500, &[]), (200, &[], "")),
        ),
        (
            "origin-not-allowed", // another origin is allowed
            Certain,
            true,
            get(200, &[], "").to_another_origin(200, &[("Access-Control-Allow-Origin", OTHER)]),
            get(200, &[], "").to_another_origin(200, &[]),
        ),
    ]
}

#[test]
fn a_fixed_value_with_a_slash_is_answered_with_removing_the_slash() {
    for (value, advice) in [
        ("https://app.example/", "Remove the slash at the end of the fixed value."),
        ("http://app.example/", "If no other page needs access, change the fixed value"),
        ("https://other.example", "If no other page needs access, change the fixed value"),
    ] {
        let headers: Headers = Box::leak(Box::new([("Access-Control-Allow-Origin", value)]));
        let causes = get(200, headers, "").to_another_origin(200, headers).causes();
        assert_eq!(causes[0].code, "static-allow-origin", "{value}");
        assert!(causes[0].fix.text.starts_with(advice), "{value}: {}", causes[0].fix.text);
    }
}
