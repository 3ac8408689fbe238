//! 23-29: credentials, and what must not be combined with them.

use corsac::server::{Policy, PolicyConfig, Request};
use http::{HeaderMap, Method};

use super::{APP, errors};
use crate::{WritesHeaders, config, from_page, headers, policy, response_lines, strings};

#[test]
fn pitfall_23_every_origin_with_credentials_is_refused() {
    let config = PolicyConfig { credentials: true, ..config(&["*"]) };
    assert_eq!(errors(&config), ["credentials-any-origin"]);
}

#[test]
fn pitfall_24_a_policy_for_every_origin_never_echoes_the_origin() {
    let policy = policy(&config(&["*"]));
    assert_eq!(
        from_page(&policy, "https://evil.example").response_lines(),
        ["access-control-allow-origin: *"]
    );
}

#[test]
fn pitfall_25_the_pair_that_browsers_refuse_is_never_sent() {
    use proptest::prelude::*;
    proptest!(|(config in crate::generate::config())| {
        let policy = policy(&config);
        let mut response = HeaderMap::new();
        from_page(&policy, APP).apply(&mut response);
        let is_any = response.get("access-control-allow-origin").is_some_and(|value| value == "*");
        prop_assert!(!(is_any && response.contains_key("access-control-allow-credentials")));
    });
}

#[test]
fn pitfall_26_no_lookup_gives_credentials_to_every_origin() {
    // A lookup adds origins, never credentials. With `*` it is not called.
    let everybody = policy(&config(&["*"]));
    let request = headers(&[("origin", APP)]);
    let decision =
        everybody.decide_with(&Request::new(&Method::GET, &request), |_| panic!("`*` has the answer"));
    assert_eq!(response_lines(&decision), ["access-control-allow-origin: *"]);
    assert!(!everybody.allows_credentials());
}

#[test]
fn pitfall_27_the_message_does_not_name_a_way_around() {
    let problems = Policy::new(&PolicyConfig { credentials: true, ..config(&["*"]) }).unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.suggestion, None);
    assert!(problem.message.contains("Name the origins"), "{problem}");
    // What people try next.
    for entry in ["https://*", "http://*", "https://*:*", "*://*", "https://*.*"] {
        assert!(!errors(&PolicyConfig { credentials: true, ..config(&[entry]) }).is_empty(), "{entry}");
    }
}

#[test]
fn pitfall_28_a_policy_is_refused_when_it_is_made_and_not_at_the_first_request() {
    let wrong = [
        PolicyConfig { credentials: true, ..config(&["*"]) },
        config(&["https://a.example/"]),
        PolicyConfig { methods: strings(&["GET PUT"]), ..config(&[APP]) },
        PolicyConfig { max_age: Some("-1".to_owned()), ..config(&[APP]) },
    ];
    for config in wrong {
        assert!(Policy::new(&config).is_err(), "{config:?}");
    }
}

#[test]
fn pitfall_29_exposing_all_is_a_star_and_names_nothing() {
    let policy = policy(&PolicyConfig { expose_headers: strings(&["*"]), ..config(&[APP]) });
    let mut response = headers(&[("set-cookie", "a=b"), ("x-internal", "1")]);
    from_page(&policy, APP).apply(&mut response);
    assert_eq!(response["access-control-expose-headers"], "*");
    let with_credentials =
        PolicyConfig { expose_headers: strings(&["*"]), credentials: true, ..config(&[APP]) };
    assert_eq!(errors(&with_credentials), ["credentials-any-exposed"]);
}
