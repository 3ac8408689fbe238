//! What a decision allocates: nothing, except what the response's header map itself needs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

use allocation_counter::measure;
use corsac::server::{Policy, PolicyConfig, Request};
use http::{HeaderMap, HeaderValue, Method};

const APP: &str = "https://app.example";

/// A policy that uses every key.
fn policy() -> Policy {
    let origins = (0..1_000).map(|n| format!("https://tenant-{n}.example.com")).chain([APP.to_owned()]);
    let texts = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
    Policy::new(&PolicyConfig {
        origins: origins
            .chain(texts(&["https://*.app.example", "http://localhost:*", "https://*.deep.wild.example:*"]))
            .collect(),
        methods: texts(&["PUT", "DELETE"]),
        request_headers: texts(&["Authorization", "Content-Type", "x-acme-*"]),
        expose_headers: texts(&["ETag", "X-Total"]),
        credentials: true,
        timing: true,
        ..PolicyConfig::default()
    })
    .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The same as from hyper: every value is a part of one buffer, so a copy only increases a count.
fn request(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        let buffer = bytes::Bytes::from(value.to_string());
        drop(buffer.clone());
        map.append(*name, HeaderValue::from_maybe_shared(buffer).unwrap());
    }
    map
}

/// The allocations of the decision and its headers in a response with enough room, and the number of headers.
fn allocations(policy: &Policy, method: &Method, request: &HeaderMap) -> (u64, usize) {
    let mut response = HeaderMap::with_capacity(16);
    let counted = measure(|| policy.decide(&Request::new(method, request)).apply(&mut response));
    (counted.count_total, response.len())
}

#[test]
fn a_decision_allocates_nothing() {
    let policy = policy();
    let preflight = |origin, method, list| {
        [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", list),
        ]
    };
    type Row<'a> = (&'a str, Method, Vec<(&'static str, &'a str)>);
    let cases: Vec<Row<'_>> = vec![
        ("no Origin", Method::GET, vec![("accept", "*/*")]),
        ("no Origin, POST", Method::POST, vec![("content-type", "application/json")]),
        ("OPTIONS without Origin", Method::OPTIONS, vec![]),
        ("refused", Method::GET, vec![("origin", "https://evil.example")]),
        (
            "refused, near a pattern",
            Method::GET,
            vec![("origin", "https://a.b.c.d.e.f.evil.app.example.evil")],
        ),
        ("refused, null", Method::GET, vec![("origin", "null")]),
        ("refused, malformed", Method::GET, vec![("origin", "https://evil.com#.app.example")]),
        ("refused, an address", Method::GET, vec![("origin", "http://[::1]:3000")]),
        ("refused, a number", Method::GET, vec![("origin", "http://1.2.3")]),
        ("refused, punycode", Method::GET, vec![("origin", "https://xn--bcher-kva.example")]),
        ("refused preflight", Method::OPTIONS, preflight("https://evil.example", "PUT", "x-a").into()),
        ("refused method", Method::OPTIONS, preflight(APP, "PATCH", "authorization").into()),
        ("refused header", Method::OPTIONS, preflight(APP, "PUT", "authorization,x-evil").into()),
        ("allowed", Method::GET, vec![("origin", APP)]),
        ("allowed, the last of many", Method::GET, vec![("origin", "https://tenant-999.example.com")]),
        ("allowed by a subdomain", Method::GET, vec![("origin", "https://a.b.app.example")]),
        ("allowed by a port", Method::GET, vec![("origin", "http://localhost:5173")]),
        (
            "allowed preflight",
            Method::OPTIONS,
            preflight(APP, "PUT", "authorization,content-type,x-acme-id").into(),
        ),
        (
            "allowed preflight, safelisted method",
            Method::OPTIONS,
            preflight(APP, "POST", "content-type").into(),
        ),
    ];
    for (name, method, lines) in cases {
        let request = request(&lines);
        let (count, headers) = allocations(&policy, &method, &request);
        assert_eq!(count, 0, "{name}");
        assert!(headers > 0, "{name}: the response says what it depends on");
    }
}

#[test]
fn a_list_of_a_megabyte_allocates_nothing() {
    let policy = policy();
    for list in [",".repeat(1 << 20), "content-type,".repeat(80_000)] {
        let request = request(&[
            ("origin", APP),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", &list),
        ]);
        assert_eq!(allocations(&policy, &Method::OPTIONS, &request).0, 0);
    }
}

#[test]
fn a_response_without_room_allocates_what_the_map_needs() {
    let policy = policy();
    let request = request(&[("origin", APP)]);
    let mut told = HeaderMap::with_capacity(16);
    policy.decide(&Request::new(&Method::GET, &request)).apply(&mut told);
    let bare = measure(|| {
        let mut map = HeaderMap::new();
        for (name, value) in &told {
            map.insert(name.clone(), value.clone());
        }
    });
    let ours = measure(|| policy.decide(&Request::new(&Method::GET, &request)).apply(&mut HeaderMap::new()));
    assert!(
        ours.count_total <= bare.count_total,
        "{} allocations, where the map alone has {}",
        ours.count_total,
        bare.count_total
    );
}

#[test]
fn origins_take_little_memory() {
    // At most 64 bytes for each, including its string of 30 characters.
    let config = PolicyConfig {
        origins: (0..100_000).map(|n| format!("https://tenant-{n:06}.example.com")).collect(),
        ..PolicyConfig::default()
    };
    let mut policy = None;
    let counted = measure(|| policy = Some(Policy::new(&config).unwrap()));
    let bytes_an_origin = counted.bytes_current / 100_000;
    assert!(bytes_an_origin <= 64, "{bytes_an_origin} bytes an origin");
    assert!(policy.is_some());
}
