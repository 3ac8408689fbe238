//! Compares the compiled origins with a plain implementation, on origins that resemble one another.

use corsac::server::{Policy, Request};
use proptest::prelude::*;

use crate::generate::{config_and_origin, origin};
use crate::reading::allows_origin;
use crate::{config, from_page, policy};

fn agree(config: &corsac::server::PolicyConfig, policy: &Policy, origin: &str) -> Result<(), TestCaseError> {
    // Values that no header can have do not arrive.
    let Ok(value) =
        http::HeaderValue::from_str(origin).or_else(|_| http::HeaderValue::from_bytes(origin.as_bytes()))
    else {
        return Ok(());
    };
    let request = http::HeaderMap::from_iter([(http::header::ORIGIN, value)]);
    let decision = policy.decide(&Request::new(&http::Method::GET, &request));
    prop_assert_eq!(
        decision.is_allowed(),
        allows_origin(config, origin),
        "{:?} and {:?}",
        config.origins,
        origin
    );
    Ok(())
}

#[test]
fn the_fast_matcher_agrees_with_the_plain_reading() {
    proptest!(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() }, |((config, origin) in config_and_origin())| {
        agree(&config, &policy(&config), &origin)?;
    });
}

#[test]
fn many_patterns_at_once_do_not_disturb_one_another() {
    let mut entries = Vec::new();
    for depth in 0..6 {
        for name in ["a", "b", "c"] {
            let host = format!("{}{name}.example", "x.".repeat(depth));
            entries.push(format!("https://{host}"));
            if depth % 2 == 0 {
                entries.push(format!("https://*.{host}:{}", 1000 + depth));
            }
            if depth == 3 {
                entries.push(format!("https://{host}:*"));
            }
        }
    }
    let config = corsac::server::PolicyConfig { origins: entries, ..Default::default() };
    let compiled = policy(&config);
    proptest!(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() }, |(origin in origin(&config))| {
        agree(&config, &compiled, &origin)?;
    });
}

#[test]
fn an_origin_matches_or_does_not() {
    let patterns = [
        "https://*.example.com",
        "https://app.example",
        "http://localhost:*",
        "https://*.a.example:*",
        "http://[::1]:*",
    ];
    let policy = policy(&config(&patterns));
    let cases = [
        ("https://a.example.com", true),
        ("https://a.b.example.com", true),
        ("https://example.com", false),
        ("https://.example.com", false),
        ("https://aexample.com", false),
        ("https://a.example.com:8443", false),
        ("http://a.example.com", false),
        ("https://A.example.com", false),
        ("https://a.example.com.", false),
        ("https://a.example.com/", false),
        ("https://evil.com#.example.com", false),
        ("https://evil.com/.example.com", false),
        ("https://evil.com:1.example.com", false),
        ("https://user@a.example.com", false),
        ("https://app.example", true),
        ("https://app.example:443", false),
        ("https://app.example.evil.com", false),
        ("http://localhost", true),
        ("http://localhost:3000", true),
        ("http://localhost:80", false),
        ("http://localhost:", false),
        ("http://localhost:03000", false),
        ("http://localhost:65536", false),
        ("https://localhost:3000", false),
        ("http://localhost.evil.com:3000", false),
        ("http://a.localhost:3000", false),
        ("https://x.a.example", true),
        ("https://x.a.example:1", true),
        ("https://a.example:1", false),
        ("http://[::1]", true),
        ("http://[::1]:9090", true),
        ("http://[::2]:9090", false),
        ("http://[0:0:0:0:0:0:0:1]:9090", false),
        ("null", false),
        ("", false),
        ("https://", false),
        ("*", false),
        ("https://*.example.com", false),
        ("http://localhost:*", false),
    ];
    for (origin, allowed) in cases {
        assert_eq!(from_page(&policy, origin).is_allowed(), allowed, "{origin}");
    }
}

#[test]
fn a_wildcard_within_a_label_covers_part_of_that_label_only() {
    let patterns = [
        "https://app-*.example.com",
        "https://*--acme.netlify.app",
        "https://app-*-team.vercel.app",
        "http://pr-*.localhost:*",
        "https://*.pr-*.example.org",
        "https://api.v*.x-*.example.net",
        "moz-extension://*",
    ];
    let policy = policy(&config(&patterns));
    let (fits, too_long) = ("a".repeat(63 - "app-".len()), "a".repeat(64 - "app-".len()));
    let (fits, too_long) =
        (format!("https://app-{fits}.example.com"), format!("https://app-{too_long}.example.com"));
    let cases = [
        ("https://app-1.example.com", true),
        ("https://app-a-b.example.com", true),
        ("https://app--.example.com", true),
        ("https://app-.example.com", false),
        ("https://app.example.com", false),
        ("https://app-a.b.example.com", false),
        ("https://app-a_b.example.com", false),
        ("https://app-A.example.com", false),
        ("https://app-é.example.com", false),
        ("https://app-%61.example.com", false),
        ("https://xapp-a.example.com", false),
        ("https://x.app-a.example.com", false),
        ("https://app-aexample.com", false),
        ("https://app-a.example.com.", false),
        ("https://app-a.example.com:8443", false),
        ("https://app-evil.com#.example.com", false),
        ("https://app-evil.com/.example.com", false),
        ("http://app-a.example.com", false),
        (fits.as_str(), true),
        (too_long.as_str(), false),
        ("https://deploy-preview-1--acme.netlify.app", true),
        ("https://acme.netlify.app", false),
        ("https://--acme.netlify.app", false),
        ("https://evil--acme2.netlify.app", false),
        ("https://x--acme.netlify.app.evil.example", false),
        ("https://app-x-team.vercel.app", true),
        ("https://app-team.vercel.app", false),
        ("https://app--team.vercel.app", false),
        ("http://pr-1.localhost:3000", true),
        ("http://pr-1.localhost", true),
        ("http://pr-1.localhost:80", false),
        ("https://a.pr-1.example.org", true),
        ("https://a.b.pr-1.example.org", true),
        ("https://pr-1.example.org", false),
        ("https://.pr-1.example.org", false),
        ("https://api.v1.x-2.example.net", true),
        ("https://api.v.x-2.example.net", false),
        ("https://api.v1.x-.example.net", false),
        ("https://api-2.v1.x-2.example.net", false),
        ("https://v1.x-2.example.net", false),
        ("moz-extension://0f5c6a1e-0b1f-4d2a-9d5a-1c2b3a4d5e6f", true),
        ("moz-extension://", false),
        ("moz-extension://a:1", false),
        ("moz-extension://a/b", false),
        ("chrome-extension://abcdef", false),
        ("https://app-*.example.com", false),
        ("moz-extension://*", false),
    ];
    for (origin, allowed) in cases {
        assert_eq!(from_page(&policy, origin).is_allowed(), allowed, "{origin}");
    }
}

#[test]
fn a_pattern_in_the_list_does_not_allow_itself_as_an_origin() {
    // The entries are the keys of the table, and `Origin` is looked up among them.
    let policy = policy(&config(&["https://*.example.com", "http://localhost:*"]));
    for text in ["https://*.example.com", "http://localhost:*"] {
        assert!(!from_page(&policy, text).is_allowed(), "{text}");
    }
}

/// A policy looks up only the kinds of patterns that it has.
#[test]
fn a_pattern_is_found_without_patterns_of_another_kind() {
    let cases = [
        ("https://*.example.com", "https://a.example.com", "https://example.com"),
        ("http://localhost:*", "http://localhost:3000", "http://a.localhost:3000"),
        ("https://app-*.example.com", "https://app-1.example.com", "https://app-1.example.com:8443"),
        ("https://*.app-*.example.com", "https://a.app-1.example.com", "https://app-1.example.com"),
        ("https://app-*.example.com:*", "https://app-1.example.com:8443", "http://app-1.example.com:8443"),
        ("moz-extension://*", "moz-extension://abc", "chrome-extension://abc"),
    ];
    for (pattern, allowed, refused) in cases {
        let policy = policy(&config(&[pattern]));
        assert!(from_page(&policy, allowed).is_allowed(), "{pattern} and {allowed}");
        assert!(!from_page(&policy, refused).is_allowed(), "{pattern} and {refused}");
    }
}

/// The longest scheme, host and port that a policy accepts, with a dot at the end of the host.
#[test]
fn the_longest_origin_that_a_policy_can_hold_is_found() {
    let (scheme, label) = ("s".repeat(64), "a".repeat(63));
    let host = format!("{label}.{label}.{label}.{}", "b".repeat(253 - 3 * 64));
    let longest = format!("{scheme}://{host}.:65535");
    let policy = policy(&config(&[&longest]));
    assert!(from_page(&policy, &longest).is_allowed());
    assert!(!from_page(&policy, &longest[1..]).is_allowed());
}

#[test]
fn a_million_origins_are_found_and_nothing_else() {
    let config = corsac::server::PolicyConfig {
        origins: (0..1_000_000).map(|number| format!("https://tenant-{number}.example.com")).collect(),
        ..Default::default()
    };
    let policy = policy(&config);
    for number in [0, 1, 999, 123_456, 999_999] {
        assert!(from_page(&policy, &format!("https://tenant-{number}.example.com")).is_allowed());
    }
    assert!(!from_page(&policy, "https://tenant-1000000.example.com").is_allowed());
}
