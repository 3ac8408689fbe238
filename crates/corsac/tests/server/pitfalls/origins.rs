//! 1-22: which origins match.

use corsac::server::{PolicyConfig, PolicyRefusal, Request};
use http::{HeaderMap, HeaderValue, Method};

use super::{APP, errors, with_credentials};
use crate::{config, from_page, headers, policy, response_lines};

/// Checks that a policy for `listed` allows none of these origins.
fn refuses(listed: &[&str], origins: &[&str]) {
    let policy = policy(&config(listed));
    for origin in origins {
        let decision = from_page(&policy, origin);
        assert!(!decision.is_allowed(), "{listed:?} allowed {origin}");
        assert_eq!(response_lines(&decision), ["vary: Origin"], "{origin}");
    }
}

#[test]
fn pitfall_01_two_origins_do_not_make_a_third() {
    refuses(
        &["https://foo.com", "https://bar.com"],
        &["https://barfoo.com", "https://foobar.com", "https://foo.combar.com"],
    );
}

#[test]
fn pitfall_02_a_listed_origin_or_header_is_always_found() {
    // A tree and a binary search missed some entries. The property tests of `matcher` and `law` look for any; this one has the shapes that were
    // missed.
    let origins: Vec<String> =
        (0..500).map(|n| format!("https://{}.example.com:{}", "x".repeat(n % 60 + 1), 1000 + n)).collect();
    let names: Vec<String> = (0..100).map(|n| format!("x-{n}")).collect();
    let policy = policy(&PolicyConfig {
        origins: origins.clone(),
        request_headers: names.clone(),
        ..PolicyConfig::default()
    });
    for origin in &origins {
        for name in names.iter().step_by(9) {
            assert!(crate::preflight(&policy, origin, "GET", &[name]).is_allowed(), "{origin} {name}");
        }
    }
    let mut sorted = names;
    sorted.sort();
    assert!(crate::preflight(&policy, &origins[0], "GET", &[&sorted.join(",")]).is_allowed());
}

#[test]
fn pitfall_03_a_pattern_is_not_guessed_to_be_an_expression() {
    let policy = with_credentials(&["https://*.a.example"]);
    assert!(from_page(&policy, "https://x.a.example").is_allowed());
    assert!(!from_page(&policy, "https://xa.example").is_allowed());
    assert!(!from_page(&policy, "https://xxaxexample").is_allowed());
}

#[test]
fn pitfall_04_a_match_is_anchored_at_both_ends() {
    refuses(
        &["https://*.a.example", "https://a.example"],
        &["https://x.a.example.evil.net", "https://a.example.evil.net", "https://evil.net?https://a.example"],
    );
    assert!(
        !errors(&config(&[r"^https://\w+\.a\.example"])).is_empty(),
        "an expression is not taken for an origin"
    );
}

#[test]
fn pitfall_05_a_star_anywhere_is_refused() {
    for entry in ["h*", "http*", "https://a*", "https://*a.example", "*//a.example", "https://a.example*"] {
        assert!(!errors(&PolicyConfig { credentials: true, ..config(&[entry]) }).is_empty(), "{entry}");
    }
}

#[test]
fn pitfall_06_a_pattern_ends_at_a_label() {
    assert_eq!(errors(&config(&["https://example.com*"])), ["origin-wildcard-misplaced"]);
    refuses(
        &["https://example.com", "https://*.example.com", "https://example.com:*"],
        &["https://example.community", "https://example.com.evil.net"],
    );
}

#[test]
fn pitfall_07_a_lookup_is_called_and_its_answer_counts() {
    let policy = with_credentials(&[APP]);
    let mut called = 0;
    let request = headers(&[("origin", "https://evil.example")]);
    let decision = policy.decide_with(&Request::new(&Method::GET, &request), |_| {
        called += 1;
        false
    });
    assert_eq!((called, decision.is_allowed()), (1, false));
}

#[test]
fn pitfall_08_the_same_question_gets_the_same_answer() {
    let policy = policy(&config(&["https://*.example.com", APP]));
    for _ in 0..10 {
        assert!(from_page(&policy, "https://a.example.com").is_allowed());
        assert!(!from_page(&policy, "https://a.example.org").is_allowed());
    }
}

#[test]
fn pitfall_09_a_text_is_not_taken_for_a_list() {
    assert!(serde_json::from_str::<PolicyConfig>(r#"{"origins": "https://a.example"}"#).is_err());
    refuses(&["https://a.example"], &["https://a", "https://a.exampl", "a.example"]);
}

#[test]
fn pitfall_10_a_malformed_origin_is_not_accepted_silently() {
    for entry in ["https://example.com/", "https://Example.com", "example.com", "https://example.com:443"] {
        assert_eq!(errors(&config(&[entry])).len(), 1, "{entry}");
    }
}

#[test]
fn pitfall_11_not_every_text_is_an_origin() {
    for entry in ["example.com/not an origin", "/foo", "https://a\r\nX: 1", "\u{0}", "https://\u{fffd}"] {
        assert!(!errors(&config(&[entry])).is_empty(), "{entry:?}");
    }
}

#[test]
fn pitfall_12_bytes_beyond_ascii_refuse_and_do_not_panic() {
    let policy = policy(&config(&["https://*.example.com"]));
    for byte in 0x80..=0xff_u8 {
        let value = HeaderValue::from_bytes(&[b"https://a", &[byte][..], b".example.com"].concat()).unwrap();
        let request = HeaderMap::from_iter([(http::header::ORIGIN, value)]);
        let decision = policy.decide(&Request::new(&Method::GET, &request));
        assert_eq!(decision.refusal(), Some(PolicyRefusal::OriginMalformed), "{byte:#x}");
        assert!(!decision.explain().is_empty());
    }
}

#[test]
fn pitfall_13_a_malformed_origin_is_a_refusal_and_no_error() {
    let policy = policy(&config(&[APP]));
    for origin in ["https://*@:;", "https://[", "https://:", "://", "https://a:b:c", "%"] {
        assert_eq!(from_page(&policy, origin).refusal(), Some(PolicyRefusal::OriginMalformed), "{origin}");
    }
}

#[test]
fn pitfall_14_the_part_that_a_wildcard_covers_is_validated() {
    let hosts = [
        "evil.com#",
        "evil.com/",
        "evil.com\\",
        "evil.com?",
        "evil.com:1",
        "user@a",
        "a b",
        "a\t",
        "[::1]",
        "%61",
        "A",
        "",
        "a.",
        "xn--a",
        "é",
    ];
    let origins: Vec<String> = hosts.iter().map(|host| format!("https://{host}.example.com")).collect();
    refuses(&["https://*.example.com"], &origins.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn pitfall_15_an_empty_list_allows_no_origin() {
    refuses(&[], &[APP, "null", "https://evil.example"]);
    assert!(!from_page(&with_credentials(&[]), APP).is_allowed());
}

#[test]
fn pitfall_16_a_policy_without_origins_is_an_error_and_not_silence() {
    let error = serde_json::from_str::<PolicyConfig>("{}").unwrap_err();
    assert!(error.to_string().contains("origins"), "{error}");
    let error = serde_json::from_str::<PolicyConfig>(r#"{"origins": null}"#).unwrap_err();
    assert!(error.to_string().contains("null"), "{error}");
}

#[test]
fn pitfall_17_only_origin_is_the_origin() {
    let policy = policy(&config(&[APP]));
    let request =
        headers(&[("x-origin", APP), ("x-forwarded-origin", APP), ("referer", "https://app.example/")]);
    assert_eq!(policy.decide(&Request::new(&Method::GET, &request)).kind().as_str(), "without-origin");
    let request = headers(&[("x-origin", APP), ("origin", "https://evil.example")]);
    assert!(!policy.decide(&Request::new(&Method::GET, &request)).is_allowed());
}

#[test]
fn pitfall_18_a_host_without_a_scheme_is_no_origin() {
    assert_eq!(errors(&config(&["example.com"])), ["origin-missing-scheme"]);
    refuses(&["https://example.com"], &["http://example.com"]);
}

#[test]
fn pitfall_19_the_scheme_of_a_pattern_counts() {
    refuses(
        &["https://*.rust-lang.org"],
        &["http://a.rust-lang.org", "https://evilrust-lang.org", "ftp://a.rust-lang.org", "a.rust-lang.org"],
    );
}

#[test]
fn pitfall_20_case_is_not_folded() {
    refuses(
        &["https://example.com", "https://*.example.com"],
        &["https://EXAMPLE.com", "HTTPS://example.com", "https://A.example.com"],
    );
}

#[test]
fn pitfall_21_public_suffixes_and_http_are_guarded() {
    let with = |entry| PolicyConfig { credentials: true, ..config(&[entry]) };
    assert_eq!(errors(&with("https://*.github.io")), ["credentials-public-suffix"]);
    assert_eq!(errors(&with("https://*.co.uk")), ["credentials-public-suffix"]);
    assert_eq!(errors(&with("http://example.com")), ["credentials-insecure-origin"]);
    assert_eq!(errors(&with("http://*.example.com")), ["credentials-insecure-origin"]);
}

#[test]
fn pitfall_22_no_request_is_answered_with_another_origin() {
    let policy = with_credentials(&[APP, "https://b.example"]);
    for request in [headers(&[]), headers(&[("origin", "https://evil.example")])] {
        let mut response = HeaderMap::new();
        policy.decide(&Request::new(&Method::GET, &request)).apply(&mut response);
        assert_eq!(response.get("access-control-allow-origin"), None, "{request:?}");
    }
}
