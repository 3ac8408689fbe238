//! The property that connects both halves: for every policy P and request R, `browser(R, server(P))` lets the page read the response exactly
//! if P allows it.

use corsac::browser::{Credentials, Engine, Exchange, ExchangeKind, Outcome, ResponseHead, Verdict};
use corsac::header::{HeaderList, SafelistRules, unsafe_request_header_names};
use corsac::origin::Origin;
use corsac::server::{Policy, PolicyConfig, Request};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::generate::config;
use crate::pair::{Pair, Written, page, request};
use crate::policy;
use crate::reading::{Asked, permits};

/// A request that a page makes.
#[derive(Clone, Debug)]
struct Question {
    origin: String,
    method: String,
    headers: Vec<(&'static str, &'static str)>,
    credentials: bool,
    force_preflight: bool,
}

fn question(config: &PolicyConfig) -> impl Strategy<Value = Question> + use<> {
    let real = |text: &String| text == "null" || Origin::parse(text).is_ok();
    let origin = crate::generate::origin(config).prop_filter("a page has an origin", real);
    let method = select(vec![
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch", "PROPFIND", "X-1", "OPTIONS", "put", "*",
    ]);
    let headers = subsequence(
        vec![
            ("Authorization", "x"),
            ("Content-Type", "application/json"),
            ("Content-Type", "text/plain"),
            ("X-Acme-A", "1"),
            ("x-acme-", "1"),
            ("X-A", "1"),
            ("X-B", "1"),
            ("Accept", "\"quoted\""),
            ("Accept", "a:b"),
            ("If-None-Match", "1"),
            ("Range", "bytes=0-1"),
            ("Range", "bytes=-1"),
            ("*", "1"),
        ],
        0..=3,
    );
    (origin, method, headers, any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        |(origin, method, headers, credentials, force_preflight)| Question {
            origin,
            method: method.to_owned(),
            headers,
            credentials,
            force_preflight,
        },
    )
}

/// A server with the policy, which answers every request with 200.
pub(crate) fn serve(policy: &Policy, exchange: &Exchange) -> ResponseHead {
    let mut received = HeaderMap::new();
    for line in exchange.headers.iter() {
        received.append(
            HeaderName::try_from(line.name.as_str()).unwrap(),
            HeaderValue::from_bytes(&line.value).unwrap(),
        );
    }
    let method = Method::from_bytes(exchange.method.as_bytes()).unwrap();
    let decision = policy.decide(&Request::new(&method, &received));
    assert_eq!(
        decision.kind().as_str() == "preflight",
        exchange.kind == ExchangeKind::Preflight,
        "{exchange:?}"
    );
    let mut response = HeaderMap::new();
    decision.apply(&mut response);
    let lines = response.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    ResponseHead::new(if exchange.kind == ExchangeKind::Preflight { 204 } else { 200 }, lines)
}

fn ask(engine: Engine, policy: &Policy, question: &Question) -> Outcome {
    let mut browser = Pair::new(engine, |exchange| serve(policy, exchange));
    let mut init = request(&question.method, "https://api.elsewhere.example/").in_page(&question.origin);
    for (name, value) in &question.headers {
        init = init.header(name, value);
    }
    init.credentials = if question.credentials { Credentials::Include } else { Credentials::Omit };
    init.force_preflight = question.force_preflight;
    browser.fetch(init)
}

fn law_holds(engine: Engine, config: &PolicyConfig, question: &Question) -> Result<(), TestCaseError> {
    let policy = policy(config);
    let sent: HeaderList = question.headers.iter().copied().collect();
    let unsafe_names = unsafe_request_header_names(&sent, &SafelistRules::SPEC);
    let method = corsac::method::normalize_method(&question.method);
    let asked = Asked {
        origin: page(&question.origin).origin.as_str().to_owned().leak(),
        method: &method,
        headers: unsafe_names.iter().map(String::as_str).collect(),
        credentials: question.credentials,
    };
    let may_read = permits(config, &asked);
    let verdict = ask(engine, &policy, question).verdict();
    let expected = if may_read { Verdict::Readable } else { Verdict::Blocked };
    prop_assert_eq!(verdict, expected, "{:?} asks {:?}", question, config);
    Ok(())
}

#[test]
fn a_page_reads_exactly_what_the_policy_says() {
    let strategy = config().prop_flat_map(|config| (question(&config), Just(config)));
    proptest!(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() }, |((question, config) in strategy)| {
        law_holds(Engine::Spec, &config, &question)?;
    });
}

/// Headers for which all engines send a preflight. They differ about others, and a policy cannot follow them all.
#[test]
fn the_law_holds_in_every_engine() {
    let strategy = config().prop_flat_map(|config| (question(&config), Just(config)));
    proptest!(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() }, |((mut question, config) in strategy)| {
        question.headers.retain(|(name, _)| name.to_ascii_lowercase().starts_with("x-"));
        for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
            law_holds(engine, &config, &question)?;
        }
    });
}

/// The generator produces allowed and refused requests, through every part of a policy.
#[test]
fn the_law_is_tested_on_both_sides() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut readable, mut refused) = (0, std::collections::BTreeMap::<String, u32>::new());
    for _ in 0..4_000 {
        let config = config().new_tree(&mut runner).unwrap().current();
        let question = question(&config).new_tree(&mut runner).unwrap().current();
        match ask(Engine::Spec, &policy(&config), &question).refusal() {
            None => readable += 1,
            Some(refusal) => *refused.entry(refusal.reason.code().to_string()).or_default() += 1,
        }
    }
    assert!(readable > 300, "{readable} readable, {refused:?}");
    for code in [
        "allow-origin-missing",
        "credentials-wildcard",
        "allow-credentials-not-true",
        "method-not-allowed",
        "header-not-allowed",
    ] {
        assert!(refused.get(code).is_some_and(|count| *count > 20), "{code}: {refused:?}");
    }
}
