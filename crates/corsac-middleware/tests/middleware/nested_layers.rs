//! One layer inside another.

use corsac_middleware::{Cors, PolicySource};
use http::Response;

use crate::support::{get, now, policy, vary};

#[test]
fn the_headers_of_the_inner_layer_are_kept() {
    let inner = Cors::new(policy("https://inner.example"));
    let outer = Cors::new(policy("https://outer.example"));
    for origin in ["https://inner.example", "https://outer.example"] {
        let request = get("/", origin);
        let mut response = Response::new(());
        now(&inner, &request).finish(response.headers_mut());
        let before = response.headers().clone();
        now(&outer, &request).finish(response.headers_mut());
        assert_eq!(response.headers(), &before, "{origin}");
        assert_eq!(vary(response.headers()), "Origin", "pitfall 35: once");
    }
}

#[test]
fn an_inner_layer_without_a_policy_leaves_the_decision_to_the_outer_one() {
    let inner = Cors::new(PolicySource::select(|_| None));
    let outer = Cors::new(policy("https://outer.example"));
    let request = get("/", "https://outer.example");
    let mut response = Response::new(());
    now(&inner, &request).finish(response.headers_mut());
    now(&outer, &request).finish(response.headers_mut());
    assert_eq!(response.headers()["access-control-allow-origin"], "https://outer.example");
}
