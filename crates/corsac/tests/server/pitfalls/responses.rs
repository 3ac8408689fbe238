//! 53-65: requests, responses, concurrency, and the policy as data.

use corsac::server::{Policy, PolicyConfig, Request};
use http::Method;

use super::{APP, errors};
use crate::{WritesHeaders, config, from_page, headers, lines, policy, response_lines, strings};

#[test]
fn pitfall_53_a_request_is_never_refused_by_cors_alone() {
    // A browser also sends `Origin` with a POST to the page's own origin. The decision is only about reading, and has no status.
    use corsac::server::Enforcement;
    let policy = policy(&config(&[APP]));
    let request = headers(&[("origin", "https://api.example"), ("host", "api.example")]);
    let decision = policy.decide(&Request::new(&Method::POST, &request));
    assert_eq!(decision.enforcement(), Enforcement::Pass);
}

#[test]
fn pitfall_54_the_list_of_methods_is_for_preflights() {
    let policy = policy(&PolicyConfig { methods: strings(&["PUT"]), ..config(&[APP]) });
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let request = headers(&[("origin", APP)]);
        let decision = policy.decide(&Request::new(&method, &request));
        assert!(
            response_lines(&decision)
                .contains(&"access-control-allow-origin: https://app.example".to_owned()),
            "{method}"
        );
    }
}

#[test]
fn pitfall_55_what_an_inner_service_allows_does_not_survive() {
    let policy = policy(&PolicyConfig { credentials: true, ..config(&[APP]) });
    for origin in ["https://evil.example", APP] {
        let mut response = headers(&[
            ("access-control-allow-origin", "https://evil.example"),
            ("access-control-allow-origin", "*"),
        ]);
        from_page(&policy, origin).apply(&mut response);
        let allowed: Vec<String> = lines(&response)
            .into_iter()
            .filter(|line| line.starts_with("access-control-allow-origin"))
            .collect();
        assert_eq!(
            allowed,
            if origin == APP {
                strings(&["access-control-allow-origin: https://app.example"])
            } else {
                Vec::new()
            }
        );
    }
}

#[test]
fn pitfall_56_values_are_shared_and_cannot_be_changed() {
    // Changing the headers of one response does not affect others, even from many threads at once.
    let policy =
        policy(&PolicyConfig { expose_headers: strings(&["ETag"]), ..config(&[APP, "https://b.example"]) });
    std::thread::scope(|threads| {
        for origin in [APP, "https://b.example", APP, "https://b.example"] {
            let policy = &policy;
            threads.spawn(move || {
                for _ in 0..1_000 {
                    let mut response = http::HeaderMap::new();
                    from_page(policy, origin).apply(&mut response);
                    assert_eq!(response["access-control-allow-origin"], origin);
                    for value in response.values_mut() {
                        *value = http::HeaderValue::from_static("changed");
                    }
                }
            });
        }
    });
}

#[test]
fn pitfall_58_nothing_is_parsed_or_scanned_for_each_request() {
    // Scanning a list of 100,000 entries 20,000 times would take minutes in this build.
    let origins: Vec<String> = (0..100_000).map(|n| format!("https://t{n}.example.com")).collect();
    let policy = Policy::new(&PolicyConfig { origins, ..PolicyConfig::default() }).unwrap();
    for n in 0..20_000 {
        assert!(from_page(&policy, &format!("https://t{}.example.com", n * 5)).is_allowed());
    }
}

#[test]
fn pitfall_62_a_log_line_is_one_line() {
    let policy = policy(&config(&[APP]));
    let request = headers(&[("origin", "https://a\u{9}\u{9b}.example")]);
    let text = policy.decide(&Request::new(&Method::GET, &request)).explain();
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

#[test]
fn pitfall_63_a_policy_reads_back_what_it_wrote() {
    let written = PolicyConfig {
        max_age: Some("10m".to_owned()),
        ..config(&["http://[::1]:9090", "http://[::1]:*", "https://*.example.com:*"])
    };
    let policy = policy(&written);
    assert_eq!(policy.config(), written);
    assert_eq!(Policy::new(&policy.config()).unwrap(), policy);
}

#[test]
fn pitfall_64_bounds_and_several_lines_hold_together() {
    let policy = policy(&PolicyConfig { request_headers: strings(&["x-a", "x-b"]), ..config(&[APP]) });
    assert!(crate::preflight(&policy, APP, "GET", &["x-a", "", ",,", "x-b"]).is_allowed());
    assert!(!crate::preflight(&policy, APP, "GET", &["x-a", &",".repeat(1 << 20)]).is_allowed());
}

#[test]
fn pitfall_65_file_is_no_origin_and_max_age_is_not_lost() {
    for entry in ["file://", "file:///", "file://host", "data://x", "about:blank"] {
        assert_eq!(errors(&config(&[entry])), ["origin-opaque-scheme"], "{entry}");
    }
    let written = PolicyConfig { max_age: Some("45s".to_owned()), ..config(&[APP]) };
    assert_eq!(policy(&written).config().max_age.as_deref(), Some("45s"));
}
