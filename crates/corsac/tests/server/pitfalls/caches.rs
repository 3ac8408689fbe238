//! 30-38: `Vary`, so that a cache does not answer one origin with another origin's response.

use corsac::server::{Policy, Request, add_vary};
use http::{HeaderMap, HeaderValue, Method};

use super::{APP, with_credentials};
use crate::{WritesHeaders, config, headers, lines, policy};

/// Returns the lines of `Vary` in a response to a request with this `Origin`, if the service itself sent some.
fn vary(policy: &Policy, method: &Method, origin: Option<&str>, inner: &[&str]) -> Vec<String> {
    let request = origin.map_or_else(HeaderMap::new, |origin| headers(&[("origin", origin)]));
    let mut response = HeaderMap::new();
    for line in inner {
        response.append("vary", line.parse().unwrap());
    }
    policy.decide(&Request::new(method, &request)).apply(&mut response);
    response.get_all("vary").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[test]
fn pitfall_30_a_list_of_exact_origins_varies() {
    assert_eq!(vary(&policy(&config(&[APP, "https://b.example"])), &Method::GET, Some(APP), &[]), ["Origin"]);
    assert_eq!(vary(&policy(&config(&[APP])), &Method::GET, Some(APP), &[]), ["Origin"], "one origin, too");
}

#[test]
fn pitfall_31_refused_requests_and_those_without_origin_vary_too() {
    let policy = with_credentials(&[APP]);
    for origin in [Some("https://evil.example"), Some("null"), None] {
        assert_eq!(vary(&policy, &Method::GET, origin, &[]), ["Origin"], "{origin:?}");
    }
}

#[test]
fn pitfall_32_what_a_lookup_refuses_varies() {
    let policy = policy(&config(&[]));
    let mut response = HeaderMap::new();
    policy
        .decide_with(&Request::new(&Method::GET, &headers(&[("origin", APP)])), |_| false)
        .apply(&mut response);
    assert_eq!(lines(&response), ["vary: Origin"]);
}

#[test]
fn pitfall_33_vary_is_added_to_and_not_overwritten() {
    assert_eq!(
        vary(&policy(&config(&[APP])), &Method::GET, Some(APP), &["Accept-Encoding"]),
        ["Accept-Encoding", "Origin"]
    );
}

#[test]
fn pitfall_34_no_line_of_vary_is_lost() {
    let inner = ["Accept-Encoding", "Accept", "Cookie, X-A"];
    assert_eq!(
        vary(&policy(&config(&[APP])), &Method::GET, Some(APP), &inner),
        ["Accept-Encoding", "Accept", "Cookie, X-A", "Origin"]
    );
}

#[test]
fn pitfall_35_a_name_is_in_vary_once() {
    for inner in [&["Origin"][..], &["origin"], &["Accept, ORIGIN"], &["Accept", "Origin"]] {
        assert_eq!(vary(&policy(&config(&[APP])), &Method::GET, Some(APP), inner), inner);
    }
}

#[test]
fn pitfall_36_vary_is_no_broader_than_what_was_looked_at() {
    assert_eq!(
        vary(&policy(&config(&[APP])), &Method::GET, Some(APP), &[]),
        ["Origin"],
        "nothing about preflights"
    );
    assert!(
        vary(&policy(&config(&["*"])), &Method::GET, Some(APP), &[]).is_empty(),
        "every origin gets the same headers"
    );
}

#[test]
fn pitfall_37_what_else_was_looked_at_can_be_named() {
    let mut response = headers(&[("vary", "Origin")]);
    add_vary(&mut response, &HeaderValue::from_static("Origin, X-Tenant"));
    assert_eq!(lines(&response), ["vary: Origin", "vary: X-Tenant"]);
}

#[test]
fn pitfall_38_preflights_vary_too() {
    let names = ["Origin, Access-Control-Request-Method, Access-Control-Request-Headers"];
    for origins in [&[APP][..], &["*"]] {
        let policy = policy(&config(origins));
        for origin in [Some(APP), Some("https://evil.example"), None] {
            assert_eq!(vary(&policy, &Method::OPTIONS, origin, &[]), names, "{origins:?} {origin:?}");
        }
        let mut response = HeaderMap::new();
        crate::preflight(&policy, APP, "PUT", &[]).apply(&mut response);
        assert_eq!(response["vary"], names[0]);
    }
}
