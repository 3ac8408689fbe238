//! 39-51: what a preflight is, and how it is answered.

use corsac::browser::{Api, BodyKind, Engine, Verdict};
use corsac::server::{PolicyConfig, PolicyRefusal, Request, RequestKind};
use http::{HeaderMap, Method};

use super::{APP, errors};
use crate::pair::{Pair, Written, request};
use crate::{WritesHeaders, config, from_page, headers, policy, preflight, response_lines, strings};

fn app() -> PolicyConfig {
    PolicyConfig {
        methods: strings(&["PUT"]),
        request_headers: strings(&["Authorization", "x-a"]),
        ..config(&[APP])
    }
}

#[test]
fn pitfall_39_an_options_that_is_no_preflight_is_for_the_service() {
    let policy = policy(&app());
    for lines in [&[][..], &[("origin", APP)], &[("access-control-request-method", "PUT")]] {
        assert_ne!(
            policy.decide(&Request::new(&Method::OPTIONS, &headers(lines))).kind(),
            RequestKind::Preflight,
            "{lines:?}"
        );
    }
}

#[test]
fn pitfall_40_an_options_without_cors_is_not_refused() {
    assert!(policy(&app()).decide(&Request::new(&Method::OPTIONS, &HeaderMap::new())).is_allowed());
}

#[test]
fn pitfall_41_a_forced_preflight_for_a_simple_request_passes() {
    // The policy lists no method and no header. An upload listener or a streamed body forces the preflight.
    let policy = policy(&config(&["https://app.example"]));
    for engine in Engine::ALL {
        let mut browser = Pair::new(engine, |exchange| crate::law::serve(&policy, exchange));
        let upload = request("POST", "https://api.example/")
            .body(BodyKind::BufferSource)
            .with(|init| init.api = Api::XmlHttpRequest { upload_listeners: true });
        assert_eq!(browser.fetch(upload).verdict(), Verdict::Readable, "{}", engine.as_str());
        assert!(browser.wire()[0].starts_with("OPTIONS"), "there was a preflight");
    }
}

#[test]
fn pitfall_42_a_preflight_is_known_before_any_service_runs() {
    // The middleware crates test that the service is not called; the decision needs nothing from it.
    assert_eq!(preflight(&policy(&app()), APP, "PUT", &[]).kind(), RequestKind::Preflight);
    assert_eq!(
        preflight(&policy(&app()), "https://evil.example", "PUT", &[]).kind(),
        RequestKind::Preflight,
        "refused ones, too"
    );
}

#[test]
fn pitfall_44_safelisted_methods_and_headers_need_no_listing() {
    let policy = policy(&PolicyConfig { methods: strings(&["PUT"]), ..config(&[APP]) });
    for method in ["GET", "HEAD", "POST", "PUT"] {
        assert!(preflight(&policy, APP, method, &[]).is_allowed(), "{method}");
    }
}

#[test]
fn pitfall_45_all_headers_have_to_be_allowed_and_not_any() {
    let policy = policy(&app());
    for list in ["x-a,x-evil", "x-evil,x-a", "authorization, x-a, x-evil"] {
        assert_eq!(
            preflight(&policy, APP, "PUT", &[list]).refusal(),
            Some(PolicyRefusal::HeaderNotAllowed),
            "{list}"
        );
    }
}

#[test]
fn pitfall_46_every_line_of_the_list_is_read_and_answered() {
    let policy = policy(&app());
    assert_eq!(
        preflight(&policy, APP, "PUT", &["x-a", "x-evil"]).refusal(),
        Some(PolicyRefusal::HeaderNotAllowed)
    );
    let mut response = HeaderMap::new();
    preflight(&policy, APP, "PUT", &["authorization", "x-a"]).apply(&mut response);
    let lines: Vec<_> = response.get_all("access-control-allow-headers").iter().collect();
    assert_eq!(lines, ["authorization", "x-a"]);
}

#[test]
fn pitfall_47_order_case_and_repetition_do_not_matter() {
    let policy = policy(&app());
    for list in
        ["Authorization", "x-a,authorization", "X-A, AUTHORIZATION", "x-a,x-a", " x-a ,\tauthorization "]
    {
        assert!(preflight(&policy, APP, "PUT", &[list]).is_allowed(), "{list}");
    }
}

#[test]
fn pitfall_48_what_is_echoed_is_a_token() {
    let any = policy(&PolicyConfig {
        methods: strings(&["*"]),
        request_headers: strings(&["*"]),
        credentials: true,
        ..config(&[APP])
    });
    for method in ["GET, DELETE", "PUT;", "", "P UT", "PÜT"] {
        let decision = preflight(&any, APP, method, &[]);
        assert_eq!(decision.refusal(), Some(PolicyRefusal::MethodMalformed), "{method}");
        assert!(
            response_lines(&decision).contains(&"access-control-allow-methods: GET".to_owned()),
            "{method}"
        );
    }
    for list in ["x a", "x-a;q=1", "x-a, \"b\"", "é"] {
        let decision = preflight(&any, APP, "PUT", &[list]);
        assert_eq!(decision.refusal(), Some(PolicyRefusal::HeadersMalformed), "{list}");
        assert!(
            !response_lines(&decision).iter().any(|line| line.starts_with("access-control-allow-headers")),
            "{list}"
        );
    }
}

#[test]
fn pitfall_49_a_long_list_costs_no_more_than_its_bound() {
    // `tests/allocations.rs` tests that it allocates nothing.
    let policy = policy(&app());
    for list in [",".repeat(1 << 20), "x-a,".repeat(1 << 18), "accept,".repeat(150_000), " ,".repeat(1 << 19)]
    {
        assert_eq!(preflight(&policy, APP, "PUT", &[&list]).refusal(), Some(PolicyRefusal::HeadersTooLong));
    }
}

#[test]
fn pitfall_50_max_age_has_a_default_a_zero_and_bounds() {
    let max_age = |written: Option<&str>| {
        let policy = policy(&PolicyConfig { max_age: written.map(str::to_owned), ..app() });
        preflight(&policy, APP, "PUT", &[])
            .response_lines()
            .into_iter()
            .find_map(|line| line.strip_prefix("access-control-max-age: ").map(str::to_owned))
    };
    assert_eq!(max_age(None).as_deref(), Some("600"));
    assert_eq!(max_age(Some("0")).as_deref(), Some("0"));
    assert_eq!(
        errors(&PolicyConfig { max_age: Some("999999999".to_owned()), ..app() }),
        ["max-age-out-of-range"]
    );
    assert_eq!(errors(&PolicyConfig { max_age: Some("-5".to_owned()), ..app() }), ["max-age-invalid"]);
}

#[test]
fn pitfall_51_strangers_learn_nothing_of_the_policy() {
    let policy = policy(&PolicyConfig {
        credentials: true,
        expose_headers: strings(&["ETag"]),
        max_age: Some("1h".to_owned()),
        ..app()
    });
    let sent: Vec<String> = preflight(&policy, "https://evil.example", "PUT", &["x-a"])
        .response_lines()
        .into_iter()
        .chain(from_page(&policy, "https://evil.example").response_lines())
        .filter(|line| !line.starts_with("vary"))
        .collect();
    assert!(sent.is_empty(), "{sent:?}");
}
