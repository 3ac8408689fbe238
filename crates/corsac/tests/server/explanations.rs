//! What a server's log says about a refusal.

use corsac::server::{PolicyConfig, Request};
use http::Method;

use crate::{config, headers, policy, strings};

#[test]
fn an_explanation_names_the_value_and_what_to_write() {
    let policy = policy(&PolicyConfig {
        methods: strings(&["PUT"]),
        request_headers: strings(&["X-A"]),
        ..config(&["https://app.example", "https://*.wild.example"])
    });
    let preflight = |method, list| {
        vec![
            ("origin", "https://app.example"),
            ("access-control-request-method", method),
            ("access-control-request-headers", list),
        ]
    };
    let cases: Vec<(Vec<(&str, &str)>, &str)> = vec![
        (
            vec![("origin", "https://evil.example")],
            "refused (origin-not-allowed): `https://evil.example` is not among the policy's origins.",
        ),
        (
            vec![("origin", "http://app.example")],
            "refused (origin-not-allowed): `http://app.example` is not among the policy's origins. `https://app.example` is: the scheme differs.",
        ),
        (
            vec![("origin", "https://app.example:8443")],
            "refused (origin-not-allowed): `https://app.example:8443` is not among the policy's origins. `https://app.example` is: the port differs.",
        ),
        (
            vec![("origin", "https://www.app.example")],
            "refused (origin-not-allowed): `https://www.app.example` is not among the policy's origins. `https://app.example` is: the host \
             differs by `www.`.",
        ),
        (
            vec![("origin", "https://wild.example")],
            "refused (origin-not-allowed): `https://wild.example` is not among the policy's origins. `https://*.wild.example` is: it covers \
             the subdomains, not the host itself.",
        ),
        (
            vec![("origin", "a\u{9}b")],
            "refused (origin-malformed): `a\\tb` is not an origin; no browser sends that.",
        ),
        (
            vec![("origin", "https://app.example"), ("origin", "https://app.example")],
            "refused (origin-malformed): the request has more than one `Origin`; no browser sends that.",
        ),
        (
            preflight("put", ""),
            "refused (method-not-allowed): the method `put` is not among the policy's methods. `PUT` is: the script has to write it in upper case.",
        ),
        (
            preflight("OPTIONS", ""),
            "refused (method-not-allowed): the method `OPTIONS` is not among the policy's methods. To allow it, add `OPTIONS` to `methods`.",
        ),
        (
            preflight("PATCH", ""),
            "refused (method-not-allowed): the method `PATCH` is not among the policy's methods. To allow it, add `PATCH` to `methods`.",
        ),
        (
            preflight("patch", ""),
            "refused (method-not-allowed): the method `patch` is not among the policy's methods. To allow it, add `PATCH` to `methods`, and \
             write it in upper case in the script.",
        ),
        (
            preflight("TRACE", ""),
            "refused (method-not-allowed): the method `TRACE` is not among the policy's methods. It cannot be allowed: browsers do not \
             let scripts use this method, so there is nothing to allow.",
        ),
        (
            preflight("PUT", "etag"),
            "refused (header-not-allowed): the request header `etag` is not among the policy's request headers. It cannot be allowed: this is \
             a response header; the list takes headers that scripts may set on requests.",
        ),
        (
            preflight("PUT", "x-*"),
            "refused (header-not-allowed): the request header `x-*` is not among the policy's request headers.",
        ),
        (
            preflight("PUT", "x-a,x-b"),
            "refused (header-not-allowed): the request header `x-b` is not among the policy's request headers. To allow it, add `x-b` to \
             `request-headers`.",
        ),
        (
            preflight("PUT", "x-a"),
            "allowed: `https://app.example` may send PUT with the headers that it asks for.",
        ),
    ];
    for (lines, expected) in cases {
        let request = headers(&lines);
        let method = if lines.len() > 2 { Method::OPTIONS } else { Method::GET };
        assert_eq!(policy.decide(&Request::new(&method, &request)).explain(), expected);
    }
}

#[test]
fn a_hostile_value_stays_on_one_short_line() {
    let policy = policy(&config(&["https://app.example"]));
    let long = format!("https://{}", "a".repeat(10_000));
    for origin in [long.as_str(), "https://a\u{9}b.example", "https://\u{85}\u{9b}31m.example"] {
        let request = headers(&[("origin", origin)]);
        let text = policy.decide(&Request::new(&Method::GET, &request)).explain();
        assert!(text.len() < 400, "{}", text.len());
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
}

/// Whether the policy for `["https://app.acme.io", "https://*.preview.acme.io", "http://localhost:*"]` has credentials; the origin; the advice.
const ADVICE: &[(bool, &str, &str)] = &[
    (
        true,
        "https://other.example",
        "If these pages may send this request, add `https://other.example` to `origins`.",
    ),
    (
        true,
        "https://new.acme.io",
        "If these pages may send this request, add `https://new.acme.io` to `origins`.",
    ),
    (
        false,
        "http://wiki.example",
        "It is an http origin, and anybody on the network can change its pages. Serve the page over https, and add `https://wiki.example` \
         to `origins` if its pages may read.",
    ),
    (
        true,
        "http://wiki.example",
        "With `credentials = true`, http origins are refused, because anybody on the network can change their pages. Serve the page over \
         https, and add `https://wiki.example` to `origins` if its pages may read.",
    ),
    (
        true,
        "http://app.acme.io",
        "With `credentials = true`, http origins are refused, because anybody on the network can change their pages. Serve the page over \
         https: `https://app.acme.io` is allowed already.",
    ),
    (
        true,
        "https://pr-1.preview.acme.io.evil.com",
        "It resembles `https://*.preview.acme.io`, but it belongs to `evil.com`. Add it only if `evil.com` is also yours.",
    ),
    (
        true,
        "https://evilacme.io",
        "It resembles `https://app.acme.io`, but it belongs to `evilacme.io`. Add it only if `evilacme.io` is also yours.",
    ),
    (true, "http://localhost.evil.com", "It resembles `http://localhost:*`, but it belongs to `evil.com`."),
];

#[test]
fn advice_about_an_origin_is_safe_and_passes_the_checks() {
    for (credentials, origin, expected) in ADVICE {
        let config = PolicyConfig {
            credentials: *credentials,
            ..config(&["https://app.acme.io", "https://*.preview.acme.io", "http://localhost:*"])
        };
        let request = headers(&[("origin", origin)]);
        let advice = policy(&config).decide(&Request::new(&Method::GET, &request)).advice(false).unwrap();
        if let Some((_, rest)) = advice.split_once("add `") {
            let added = rest.split('`').next().unwrap().to_owned();
            let origins = config.origins.iter().cloned().chain([added]).collect();
            assert!(corsac::server::Policy::new(&PolicyConfig { origins, ..config }).is_ok(), "{advice}");
        }
        assert_eq!(advice, *expected, "{origin}");
    }
}
