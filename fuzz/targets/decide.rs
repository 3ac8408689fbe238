//! Any request to a policy with everything in it: no panic, nothing told that is not allowed, and only what a header can hold.

#![no_main]

use std::sync::LazyLock;

use corsac::server::{Enforce, Policy, PolicyConfig, PolicyRefusal, Request, RequestKind};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use libfuzzer_sys::fuzz_target;

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let texts = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    let config = PolicyConfig {
        origins: texts(&[
            "https://app.example",
            "https://*.app.example",
            "http://localhost:*",
            "https://*.xn--bcher-kva.example:*",
        ]),
        methods: texts(&["*"]),
        request_headers: texts(&["Authorization", "X-A", "x-acme-*"]),
        credentials: true,
        enforce: Enforce::Block,
        ..PolicyConfig::default()
    };
    Policy::new(&config).unwrap_or_else(|problems| panic!("{problems}"))
});

#[derive(arbitrary::Arbitrary, Debug)]
struct Input {
    method: u8,
    /// Which header, and its value.
    lines: Vec<(u8, Vec<u8>)>,
}

const NAMES: [&str; 7] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "sec-fetch-site",
    "host",
    "upgrade",
    "vary",
];

fuzz_target!(|input: Input| {
    let method =
        [Method::GET, Method::POST, Method::OPTIONS, Method::PUT][usize::from(input.method) % 4].clone();
    let mut request = HeaderMap::new();
    for (name, value) in input.lines.iter().take(1_000) {
        let Ok(value) = HeaderValue::from_bytes(value) else { continue };
        request.append(HeaderName::from_static(NAMES[usize::from(*name) % NAMES.len()]), value);
    }
    let decision = POLICY.decide(&Request::new(&method, &request));
    let _ = decision.enforcement();
    assert!(!decision.explain().chars().any(char::is_control));

    let mut response = HeaderMap::new();
    decision.apply(&mut response);
    let once = response.clone();
    decision.apply(&mut response);
    assert_eq!(once, response, "a second time changes nothing");
    assert!(response.contains_key("vary"));

    if let Some(origin) = response.get("access-control-allow-origin") {
        assert_eq!(Some(origin), request.get("origin"));
        assert_eq!(response.get("access-control-allow-credentials"), Some(&HeaderValue::from_static("true")));
    }
    if decision.refusal().is_some_and(PolicyRefusal::is_about_origin)
        || decision.kind() == RequestKind::WithoutOrigin
    {
        assert_eq!(response.len(), 1, "{response:?}");
    }
    for value in response.get_all("access-control-allow-headers") {
        let allowed = |name: &str| {
            let name = name.trim_matches([' ', '\t']).to_ascii_lowercase();
            name.is_empty()
                || name == "authorization"
                || name == "x-a"
                || (name.starts_with("x-acme-") && name.len() > 7)
        };
        assert!(value.to_str().is_ok_and(|list| list.split(',').all(allowed)), "{value:?}");
    }
});
