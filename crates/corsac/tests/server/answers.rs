//! Requests, and all the headers that a policy writes for them.

use corsac::server::{PolicyConfig, PolicyRefusal, Request, ResourcePolicy};
use http::{HeaderMap, HeaderValue, Method};

use crate::{WritesHeaders, config, from_page, headers, lines, policy, preflight, response_lines, strings};

const APP: &str = "https://app.example";
const OPTIONS_VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

fn full() -> PolicyConfig {
    PolicyConfig {
        methods: strings(&["PUT"]),
        request_headers: strings(&["Authorization", "X-A", "x-acme-*"]),
        expose_headers: strings(&["ETag", "X-Total"]),
        credentials: true,
        max_age: Some("1h".to_owned()),
        ..config(&[APP, "https://*.app.example"])
    }
}

#[test]
fn an_allowed_page_gets_its_own_origin_and_what_it_may_read() {
    let expected = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example",
        "access-control-expose-headers: ETag, X-Total",
        "vary: Origin",
    ];
    assert_eq!(from_page(&policy(&full()), APP).response_lines(), expected);
}

#[test]
fn a_refused_page_gets_no_cors_headers() {
    let policy = policy(&full());
    for origin in ["https://evil.example", "null", "garbage", "https://app.example/", "\u{e9}"] {
        let decision = from_page(&policy, origin);
        assert!(!decision.is_allowed(), "{origin}");
        assert_eq!(response_lines(&decision), ["vary: Origin"], "{origin}");
        assert_eq!(preflight(&policy, origin, "PUT", &["x-a"]).response_lines(), [OPTIONS_VARY], "{origin}");
    }
}

#[test]
fn a_request_without_origin_gets_vary() {
    let (policy, headers) = (policy(&full()), HeaderMap::new());
    let decision = policy.decide(&Request::new(&Method::GET, &headers));
    assert_eq!(response_lines(&decision), ["vary: Origin"]);
}

#[test]
fn every_origin_gets_the_same_headers_when_every_origin_may_read() {
    let policy = policy(&PolicyConfig { expose_headers: strings(&["*"]), ..config(&["*"]) });
    let expected = ["access-control-allow-origin: *", "access-control-expose-headers: *"];
    assert_eq!(from_page(&policy, APP).response_lines(), expected);
    assert_eq!(from_page(&policy, "null").response_lines(), expected);
    assert_eq!(
        response_lines(&policy.decide(&Request::new(&Method::GET, &HeaderMap::new()))),
        expected,
        "a cache may keep it for a page"
    );
}

#[test]
fn a_preflight_gets_what_it_asked_for_and_no_more() {
    let policy = policy(&full());
    let start = ["access-control-allow-credentials: true"];
    type Row<'a> = (&'a str, &'a [&'a str], Option<PolicyRefusal>, &'a [&'a str]);
    let cases: &[Row<'_>] = &[
        (
            "PUT",
            &[],
            None,
            &[
                "access-control-allow-methods: PUT",
                "access-control-allow-origin: https://app.example",
                "access-control-max-age: 3600",
            ],
        ),
        (
            "PUT",
            &["authorization,x-a"],
            None,
            &[
                "access-control-allow-headers: authorization,x-a",
                "access-control-allow-methods: PUT",
                "access-control-allow-origin: https://app.example",
                "access-control-max-age: 3600",
            ],
        ),
        // Safelisted methods need not be listed, whether the preflight was forced or is for a header.
        (
            "POST",
            &[],
            None,
            &[
                "access-control-allow-methods: POST",
                "access-control-allow-origin: https://app.example",
                "access-control-max-age: 3600",
            ],
        ),
        (
            "GET",
            &["x-acme-id"],
            None,
            &[
                "access-control-allow-headers: x-acme-id",
                "access-control-allow-methods: GET",
                "access-control-allow-origin: https://app.example",
                "access-control-max-age: 3600",
            ],
        ),
        // Two lines, into which some gateways split one.
        (
            "PUT",
            &["authorization", "x-a"],
            None,
            &[
                "access-control-allow-headers: authorization",
                "access-control-allow-headers: x-a",
                "access-control-allow-methods: PUT",
                "access-control-allow-origin: https://app.example",
                "access-control-max-age: 3600",
            ],
        ),
        (
            "DELETE",
            &["x-a"],
            Some(PolicyRefusal::MethodNotAllowed),
            &["access-control-allow-methods: GET", "access-control-allow-origin: https://app.example"],
        ),
        (
            "put",
            &[],
            Some(PolicyRefusal::MethodNotAllowed),
            &["access-control-allow-methods: GET", "access-control-allow-origin: https://app.example"],
        ),
        (
            "PUT, DELETE",
            &[],
            Some(PolicyRefusal::MethodMalformed),
            &["access-control-allow-methods: GET", "access-control-allow-origin: https://app.example"],
        ),
        // The allowed names are listed, so that the browser names the one that is not allowed.
        (
            "PUT",
            &["authorization,x-a,x-evil"],
            Some(PolicyRefusal::HeaderNotAllowed),
            &[
                "access-control-allow-headers: authorization",
                "access-control-allow-headers: x-a",
                "access-control-allow-methods: PUT",
                "access-control-allow-origin: https://app.example",
            ],
        ),
        // Each name once.
        (
            "PUT",
            &["x-a,x-a,x-evil"],
            Some(PolicyRefusal::HeaderNotAllowed),
            &[
                "access-control-allow-headers: x-a",
                "access-control-allow-methods: PUT",
                "access-control-allow-origin: https://app.example",
            ],
        ),
        (
            "PUT",
            &["x-acme-"],
            Some(PolicyRefusal::HeaderNotAllowed),
            &["access-control-allow-methods: PUT", "access-control-allow-origin: https://app.example"],
        ),
        (
            "PUT",
            &["x a"],
            Some(PolicyRefusal::HeadersMalformed),
            &["access-control-allow-methods: PUT", "access-control-allow-origin: https://app.example"],
        ),
    ];
    for (method, lists, refusal, expected) in cases {
        let decision = preflight(&policy, APP, method, lists);
        assert_eq!(decision.refusal(), *refusal, "{method} {lists:?}");
        let expected: Vec<&str> = start.iter().chain(*expected).copied().chain([OPTIONS_VARY]).collect();
        assert_eq!(response_lines(&decision), expected, "{method} {lists:?}");
    }
}

/// It is not known which of the two a handler would see.
#[test]
fn a_preflight_that_asks_for_two_methods_is_malformed_whatever_they_are() {
    let policy = policy(&full());
    for [first, second] in [["PUT", "PUT"], ["PUT", "DELETE"], ["DELETE", "PUT"], ["DELETE", "DELETE"]] {
        let request = headers(&[
            ("origin", APP),
            ("access-control-request-method", first),
            ("access-control-request-method", second),
        ]);
        let decision = policy.decide(&Request::new(&Method::OPTIONS, &request));
        assert_eq!(decision.refusal(), Some(PolicyRefusal::MethodMalformed), "{first} {second}");
        let methods: Vec<String> = response_lines(&decision)
            .into_iter()
            .filter(|line| line.starts_with("access-control-allow-methods"))
            .collect();
        assert_eq!(methods, ["access-control-allow-methods: GET"], "{first} {second}");
    }
}

#[test]
fn an_options_that_is_no_preflight_is_a_request() {
    let policy = policy(&full());
    let request = headers(&[("origin", APP)]);
    let plain = policy.decide(&Request::new(&Method::OPTIONS, &request));
    assert_eq!(plain.kind().as_str(), "request");
    assert!(response_lines(&plain).contains(&"access-control-allow-origin: https://app.example".to_owned()));
    assert!(
        response_lines(&plain).contains(&OPTIONS_VARY.to_owned()),
        "with one header more it would have been a preflight"
    );

    let request = headers(&[("access-control-request-method", "PUT")]);
    let without_origin = policy.decide(&Request::new(&Method::OPTIONS, &request));
    assert_eq!(without_origin.kind().as_str(), "without-origin");
    let request = headers(&[("origin", APP), ("access-control-request-method", "PUT")]);
    let get = policy.decide(&Request::new(&Method::GET, &request));
    assert_eq!(get.kind().as_str(), "request");
}

#[test]
fn any_method_and_any_header_are_allowed_by_name() {
    let policy =
        policy(&PolicyConfig { methods: strings(&["*"]), request_headers: strings(&["*"]), ..full() });
    let decision = preflight(&policy, APP, "X-1", &["x-b,x-c"]);
    assert!(decision.is_allowed());
    assert!(response_lines(&decision).contains(&"access-control-allow-methods: X-1".to_owned()));
    assert!(response_lines(&decision).contains(&"access-control-allow-headers: x-b,x-c".to_owned()));
    assert_eq!(
        preflight(&policy, APP, "GET", &["authorization"]).refusal(),
        Some(PolicyRefusal::HeaderNotAllowed),
        "`*` leaves it out"
    );
}

#[test]
fn what_an_inner_service_said_is_replaced() {
    let policy = policy(&full());
    let inner = || {
        headers(&[
            ("access-control-allow-origin", "*"),
            ("access-control-allow-origin", "https://other.example"),
            ("access-control-allow-credentials", "true"),
            ("access-control-expose-headers", "set-cookie"),
            ("access-control-allow-methods", "GET"),
            ("access-control-allow-headers", "*"),
            ("access-control-max-age", "1"),
            ("access-control-allow-private-network", "true"),
            ("vary", "Accept-Encoding"),
            ("x-kept", "1"),
        ])
    };
    let mut response = inner();
    from_page(&policy, "https://evil.example").apply(&mut response);
    assert_eq!(lines(&response), ["vary: Accept-Encoding", "vary: Origin", "x-kept: 1"]);

    let mut response = inner();
    from_page(&policy, APP).apply(&mut response);
    let expected = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example",
        "access-control-expose-headers: ETag, X-Total",
        "vary: Accept-Encoding",
        "vary: Origin",
        "x-kept: 1",
    ];
    assert_eq!(lines(&response), expected);
}

#[test]
fn applying_a_decision_twice_changes_nothing() {
    let policy = policy(&full());
    for decision in [from_page(&policy, APP), preflight(&policy, APP, "PUT", &["x-a", "authorization"])] {
        let mut response = HeaderMap::new();
        decision.apply(&mut response);
        let once = lines(&response);
        decision.apply(&mut response);
        assert_eq!(lines(&response), once);
    }
}

#[test]
fn timing_and_resource_policy_follow_the_origins() {
    let listed =
        PolicyConfig { timing: true, resource_policy: Some(ResourcePolicy::SameSite), ..config(&[APP]) };
    let everybody = PolicyConfig { origins: strings(&["*"]), ..listed.clone() };
    let cases: &[(&PolicyConfig, Option<&str>, &[&str])] = &[
        (
            &listed,
            Some(APP),
            &[
                "access-control-allow-origin: https://app.example",
                "cross-origin-resource-policy: cross-origin",
                "timing-allow-origin: https://app.example",
                "vary: Origin",
            ],
        ),
        (&listed, Some("https://evil.example"), &["cross-origin-resource-policy: same-site", "vary: Origin"]),
        (&listed, None, &["cross-origin-resource-policy: same-site", "vary: Origin"]),
        (
            &everybody,
            Some(APP),
            &[
                "access-control-allow-origin: *",
                "cross-origin-resource-policy: same-site",
                "timing-allow-origin: *",
            ],
        ),
        (
            &everybody,
            None,
            &[
                "access-control-allow-origin: *",
                "cross-origin-resource-policy: same-site",
                "timing-allow-origin: *",
            ],
        ),
    ];
    for (config, origin, expected) in cases {
        let policy = policy(config);
        let request = origin.map_or_else(HeaderMap::new, |origin| headers(&[("origin", origin)]));
        let mut response = headers(&[("timing-allow-origin", "https://inner.example")]);
        policy.decide(&Request::new(&Method::GET, &request)).apply(&mut response);
        assert_eq!(lines(&response), *expected, "{origin:?}");
    }
}

#[test]
fn null_is_allowed_only_by_name() {
    let allowed = policy(&PolicyConfig { null_origin: true, ..config(&[APP]) });
    assert_eq!(
        from_page(&allowed, "null").response_lines(),
        ["access-control-allow-origin: null", "vary: Origin"]
    );
    assert_eq!(from_page(&policy(&config(&[APP])), "null").refusal(), Some(PolicyRefusal::OriginNull));
}

#[test]
fn a_lookup_is_asked_about_what_is_not_listed() {
    let policy = policy(&PolicyConfig { credentials: true, ..config(&[APP]) });
    let ask = |origin: &str| {
        let asked = std::cell::RefCell::new(Vec::new());
        let headers = headers(&[("origin", origin)]);
        let decision = policy.decide_with(&Request::new(&Method::GET, &headers), |origin| {
            asked.borrow_mut().push(origin.as_str().to_owned());
            origin.host() == Some("tenant.example")
        });
        (decision.refusal(), asked.into_inner())
    };
    let none = Vec::<String>::new();
    assert_eq!(ask(APP), (None, none.clone()), "it is listed");
    assert_eq!(ask("https://tenant.example"), (None, strings(&["https://tenant.example"])));
    assert_eq!(
        ask("https://evil.example"),
        (Some(PolicyRefusal::OriginNotAllowed), strings(&["https://evil.example"]))
    );
    assert_eq!(
        ask("http://tenant.example"),
        (Some(PolicyRefusal::OriginInsecure), none.clone()),
        "with credentials never http"
    );
    assert_eq!(ask("null"), (Some(PolicyRefusal::OriginNull), none.clone()));
    assert_eq!(ask("https://tenant.example/"), (Some(PolicyRefusal::OriginMalformed), none.clone()));
    assert_eq!(ask("https://xn--a"), (Some(PolicyRefusal::OriginMalformed), none));
}

#[test]
fn the_origin_to_look_up_is_the_one_that_a_lookup_is_asked_about() {
    let policy = policy(&config(&[APP]));
    let unlisted = |origin: &str| {
        policy
            .unlisted_origin(&Request::new(&Method::GET, &headers(&[("origin", origin)])))
            .map(|origin| origin.as_str().to_owned())
    };
    assert_eq!(unlisted(APP), None);
    assert_eq!(unlisted("https://tenant.example").as_deref(), Some("https://tenant.example"));
    assert_eq!(unlisted("null"), None);
    assert_eq!(unlisted("x"), None);
    assert_eq!(policy.unlisted_origin(&Request::new(&Method::GET, &HeaderMap::new())), None);
}

#[test]
fn max_age_is_sent_in_seconds_including_zero() {
    for (written, sent) in [(None, "600"), (Some("0"), "0"), (Some("1d"), "86400"), (Some("90"), "90")] {
        let policy = policy(&PolicyConfig {
            methods: strings(&["PUT"]),
            max_age: written.map(str::to_owned),
            ..config(&[APP])
        });
        let mut response = HeaderMap::new();
        preflight(&policy, APP, "PUT", &[]).apply(&mut response);
        assert_eq!(response.get("access-control-max-age"), Some(&HeaderValue::from_static(sent)));
    }
}
