//! The headers that a decision writes and removes, and nested layers.

use corsac::server::{Policy, Request, ResourcePolicy, ResponseEdit, ResponseHeader};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::{WritesHeaders, headers, lines, preflight};

const APP: &str = "https://app.example";

/// A policy that uses every setting.
fn full() -> Policy {
    Policy::builder([APP])
        .methods(["PUT"])
        .request_headers(["x-a"])
        .expose_headers(["x-b"])
        .credentials(true)
        .timing(true)
        .resource_policy(ResourcePolicy::SameSite)
        .build()
        .unwrap()
}

#[test]
fn a_decision_writes_and_takes_out_no_other_headers_than_those_it_names() {
    let request = headers(&[
        ("origin", APP),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "x-a"),
    ]);
    let names: Vec<HeaderName> = ResponseHeader::ALL.map(ResponseHeader::name).into();
    let policy = full();
    let mut written: Vec<HeaderName> = Vec::new();
    for method in [Method::OPTIONS, Method::GET] {
        let decision = policy.decide(&Request::new(&method, &request));
        let mut empty = HeaderMap::new();
        decision.apply(&mut empty);
        assert!(empty.keys().all(|name| names.contains(name)), "{empty:?}");
        written.extend(empty.keys().cloned());

        let own = |name: &HeaderName| (name.clone(), HeaderValue::from_static("own"));
        let mut full: HeaderMap = names.iter().map(own).collect();
        full.insert("x-own", HeaderValue::from_static("kept"));
        decision.apply(&mut full);
        assert_eq!(full["x-own"], "kept");
        assert!(!full.contains_key("access-control-allow-private-network"));
    }
    let never: Vec<_> = names.iter().filter(|name| !written.contains(name)).collect();
    assert_eq!(never, ["access-control-allow-private-network"], "it is only taken out");
}

#[test]
fn an_edit_of_a_preflight_gives_no_permission() {
    let request = headers(&[("origin", APP), ("access-control-request-method", "POST")]);
    for policy in [Policy::builder([APP]).build().unwrap(), Policy::builder(["*"]).build().unwrap()] {
        let mut response = headers(&[("access-control-allow-origin", "*")]);
        policy.decide(&Request::new(&Method::OPTIONS, &request)).into_edit().apply(&mut response);
        let vary = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        assert_eq!(lines(&response), [vary], "{policy:?}");
    }
}

#[test]
fn the_answer_to_a_preflight_adds_to_a_vary_that_is_there() {
    let mut response = headers(&[("vary", "Accept-Encoding")]);
    preflight(&full(), APP, "PUT", &[]).apply(&mut response);
    let lines: Vec<_> = response.get_all("vary").iter().collect();
    let own = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    assert_eq!(lines, ["Accept-Encoding", own]);
}

/// Converts to another library's headers, which may accept fewer values.
#[test]
fn an_origin_that_cannot_be_converted_is_left_out() {
    let policy = Policy::builder([APP]).credentials(true).build().unwrap();
    let request = headers(&[("origin", APP)]);
    let edit = || policy.decide(&Request::new(&Method::GET, &request)).into_edit();
    let written = |edit: ResponseEdit| {
        let mut response = HeaderMap::new();
        edit.apply(&mut response);
        lines(&response)
    };
    let allowed = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example",
        "vary: Origin",
    ];
    assert_eq!(written(edit().convert(Some)), allowed);
    assert_eq!(written(edit().convert(|_| None::<HeaderValue>)), ["vary: Origin"]);
}

#[test]
fn the_innermost_of_several_layers_decides_whatever_the_policies_are_and_whoever_asks() {
    let policies = [
        ("a list", Policy::builder([APP]).build().unwrap()),
        ("another list", Policy::builder(["https://other.example"]).build().unwrap()),
        ("a list, with credentials", Policy::builder([APP]).credentials(true).build().unwrap()),
        ("everybody", Policy::builder(["*"]).build().unwrap()),
        ("all there is", full()),
    ];
    let requests = [
        ("no Origin", headers(&[])),
        ("an allowed one", headers(&[("origin", APP)])),
        ("a refused one", headers(&[("origin", "https://evil.example")])),
    ];
    let responses = [
        ("an empty response", headers(&[])),
        ("one with Vary", headers(&[("vary", "Accept-Encoding")])),
        ("one with the same Vary", headers(&[("vary", "Origin")])),
        ("one with CORS headers of a handler", headers(&[("access-control-allow-origin", "*")])),
    ];
    for (inner_name, inner) in &policies {
        for (outer_name, outer) in &policies {
            for (request_name, request) in &requests {
                for (response_name, response) in &responses {
                    for method in [Method::GET, Method::OPTIONS] {
                        let name = format!(
                            "{outer_name} around {inner_name}, {request_name}, {response_name}, {method}"
                        );
                        let request = Request::new(&method, request);
                        let mut response = response.clone();
                        assert!(
                            inner.decide(&request).into_edit().apply_unless_decided(&mut response),
                            "{name}"
                        );
                        let decided = response.clone();
                        assert!(
                            !outer.decide(&request).into_edit().apply_unless_decided(&mut response),
                            "{name}"
                        );
                        assert_eq!(response, decided, "{name}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_handler_that_writes_cors_headers_is_no_layer() {
    let policy = full();
    let request = headers(&[("origin", "https://evil.example")]);
    for line in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("vary", "Origin"),
        ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    ] {
        let mut response = headers(&[line]);
        let edit = policy.decide(&Request::new(&Method::GET, &request)).into_edit();
        assert!(edit.apply_unless_decided(&mut response), "{line:?}");
        assert!(!response.contains_key("access-control-allow-origin"), "{line:?}");
    }
}

#[test]
fn an_edit_is_small() {
    assert!(size_of::<ResponseEdit>() <= 64, "{}", size_of::<ResponseEdit>());
}

#[test]
fn the_debug_form_of_an_edit_shows_if_the_origin_is_allowed() {
    let cases = [(APP, APP, true), (APP, "https://evil.example", false), ("*", APP, true)];
    for (entry, origin, is_allowed) in cases {
        let policy = Policy::builder([entry]).build().unwrap();
        let request = headers(&[("origin", origin)]);
        let edit = policy.decide(&Request::new(&Method::GET, &request)).into_edit();
        let printed = format!("{edit:?}");
        assert!(printed.contains(&format!("is_allowed: {is_allowed}")), "{entry} {origin}: {printed}");
    }
}
