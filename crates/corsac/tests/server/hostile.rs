//! Headers that no browser sends: every decision ends soon, refuses, and echoes nothing.

use corsac::server::{PolicyConfig, PolicyRefusal, Request};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::prelude::*;

use crate::generate::config;
use crate::{from_page, lines, policy, preflight, response_lines, strings};

#[test]
fn lists_are_bounded() {
    let policy = policy(&PolicyConfig {
        methods: strings(&["PUT"]),
        request_headers: strings(&["x-a"]),
        ..crate::config(&["https://app.example"])
    });
    let refusal = |lists: &[&str]| preflight(&policy, "https://app.example", "PUT", lists).refusal();
    assert_eq!(refusal(&[&",".repeat(16 * 1024)]), None, "empty items are nothing");
    assert_eq!(refusal(&[&",".repeat(16 * 1024 + 1)]), Some(PolicyRefusal::HeadersTooLong));
    assert_eq!(refusal(&[&"x-a,".repeat(256)]), None);
    assert_eq!(refusal(&[&"x-a,".repeat(257)]), Some(PolicyRefusal::HeadersTooLong));
    assert_eq!(refusal(&["x-a"; 256]), None);
    assert_eq!(refusal(&["x-a"; 257]), Some(PolicyRefusal::HeadersTooLong), "over all lines");
    assert_eq!(refusal(&["x-a", "x-evil"]), Some(PolicyRefusal::HeaderNotAllowed), "every line is read");
}

#[test]
fn a_megabyte_of_a_list_is_refused_after_its_bound() {
    // The limit bounds the work, so the result is the same for any length. No time is measured.
    let policy =
        policy(&PolicyConfig { request_headers: strings(&["*"]), ..crate::config(&["https://app.example"]) });
    for list in [",".repeat(1 << 20), "a,".repeat(1 << 19), " ".repeat(1 << 20), "a".repeat(1 << 20)] {
        let decision = preflight(&policy, "https://app.example", "GET", &[&list]);
        assert_eq!(decision.refusal(), Some(PolicyRefusal::HeadersTooLong));
        assert!(response_lines(&decision).iter().map(String::len).sum::<usize>() < 300);
    }
}

#[test]
fn a_long_origin_is_refused_unread() {
    let policy = policy(&crate::config(&["https://*.example.com", "http://localhost:*"]));
    for origin in
        [format!("https://{}.example.com", "a.".repeat(1 << 19)), "a".repeat(1 << 20), ":".repeat(1 << 20)]
    {
        assert!(!from_page(&policy, &origin).is_allowed());
    }
}

fn any_value() -> impl Strategy<Value = Vec<u8>> {
    let byte = any::<u8>()
        .prop_filter("not in a header value", |byte| (*byte >= 32 && *byte != 127) || *byte == b'\t');
    prop_oneof![
        proptest::collection::vec(byte, 0..60),
        Just(b"https://app.example".to_vec()),
        Just(b"null".to_vec()),
        Just(b"PUT".to_vec()),
        Just(b"x-a, X-ACME-b ,,authorization".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the request, the response has only names and values of the policy, or ones that were requested and are allowed.
    #[test]
    fn only_what_is_allowed_is_sent(
        config in config(),
        method in proptest::sample::select(vec![Method::GET, Method::POST, Method::OPTIONS, Method::PUT]),
        origins in proptest::collection::vec(any_value(), 0..3),
        methods in proptest::collection::vec(any_value(), 0..3),
        lists in proptest::collection::vec(any_value(), 0..3),
    ) {
        let policy = policy(&config);
        let mut request = HeaderMap::new();
        for (name, values) in [("origin", &origins), ("access-control-request-method", &methods), ("access-control-request-headers", &lists)] {
            for value in values {
                request.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
            }
        }
        let decision = policy.decide(&Request::new(&method, &request));
        let mut response = HeaderMap::new();
        decision.apply(&mut response);
        if let Some(origin) = response.get("access-control-allow-origin") {
            let expected = if config.origins == ["*"] { &b"*"[..] } else { &origins[0] };
            prop_assert_eq!(origin.as_bytes(), expected);
        }
        if decision.refusal().is_some_and(PolicyRefusal::is_about_origin) {
            prop_assert!(lines(&response).iter().all(|line| line.starts_with("vary") || line.starts_with("cross-origin")), "{:?}", response);
        }
        for name in response.keys().filter(|name| name.as_str().starts_with("access-control-")) {
            for value in response.get_all(name) {
                prop_assert!(value.to_str().is_ok(), "only visible ASCII is sent: {:?}", value);
            }
        }
        // Every explanation is one line.
        prop_assert!(!decision.explain().chars().any(char::is_control));
    }
}
