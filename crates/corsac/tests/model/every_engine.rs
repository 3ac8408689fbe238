//! What must be true of every engine, whatever pages and servers do; and that the generated runs reach every state.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use corsac::browser::{
    Credentials, Engine, Exchange, ExchangeKind, Fetch, Mode, Outcome, PreflightCache, ReasonCode, Request,
    ResponseHead, ResponseType, Rule, RuleResult, Step, Trace,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::generate::{Visit, one_of, scenario};
use crate::servers::{Asked, Plan};

/// One fetch: what was sent, what came back, how it ended.
#[derive(Debug, PartialEq)]
struct Ran {
    exchanges: Vec<(Exchange, Option<ResponseHead>)>,
    outcome: Outcome,
    trace: Trace,
}

fn run(engine: Engine, request: &Request, cache: &mut PreflightCache, now: Duration, plans: &[Plan]) -> Ran {
    let mut exchanges = Vec::new();
    let mut fetch = Fetch::new(request.clone(), engine.profile());
    fetch.receive(Ok(ResponseHead::default())); // nothing is awaited: ignored
    while let Step::Send(exchange) = fetch.next(cache, now) {
        let exchange = exchange.clone();
        assert_eq!(fetch.next(cache, now), Step::Send(&exchange), "the same step again");
        let plan = &plans[exchanges.len() % plans.len()];
        if !fetch.connected(plan.address) {
            continue;
        }
        let text = |name| exchange.headers.text(name);
        let (origin, method, names) =
            (text("origin"), text("access-control-request-method"), text("access-control-request-headers"));
        let asked = Asked {
            origin: origin.as_deref(),
            request_method: method.as_deref(),
            request_headers: names.as_deref(),
        };
        let answer = plan.answer(&asked);
        exchanges.push((exchange, answer.as_ref().ok().cloned()));
        fetch.receive(answer);
    }
    assert!(!fetch.connected([127, 0, 0, 1].into()), "nothing is to be sent");
    fetch.receive(Ok(ResponseHead::default()));
    let (outcome, trace) = fetch.finish();
    Ran { exchanges, outcome: outcome.unwrap(), trace }
}

/// What is true of every fetch in every browser.
fn check_invariants(request: &Request, ran: &Ran) {
    for (exchange, _) in &ran.exchanges {
        assert!(matches!(exchange.url.scheme(), "http" | "https"));
        assert!(exchange.headers.all("origin").count() <= 1);
        assert!(!exchange.headers.contains("cookie") && !exchange.headers.contains("host"));
        if exchange.kind == ExchangeKind::Preflight {
            assert!(!exchange.credentials && !exchange.body && exchange.method == "OPTIONS");
            assert!(exchange.headers.contains("access-control-request-method"));
            assert!(!exchange.headers.contains("authorization"));
        }
    }
    // 21 URLs, each with a request and at most ten attempts of a preflight
    assert!(ran.exchanges.len() <= 21 * 11);

    let fails = |entry: &&corsac::browser::TraceEntry| entry.result == RuleResult::Fail;
    let last_fails = ran.trace.entries().last().as_ref().is_some_and(fails);
    let is_refused = ran.outcome.refusal().is_some();
    assert_eq!(last_fails, is_refused, "the verdict is the end of the trace");
    assert!(is_refused || ran.trace.entries().iter().filter(fails).count() == 0);

    match &ran.outcome {
        Outcome::Readable(response) if response.kind == ResponseType::Cors => {
            let (exchange, answer) = ran.exchanges.last().unwrap();
            let says = |name| answer.as_ref().unwrap().headers.text(name);
            let allowed = says("access-control-allow-origin").unwrap();
            let origin = exchange.headers.text("origin").unwrap();
            let includes = request.init().credentials == Credentials::Include;
            assert!(allowed == origin || (allowed == "*" && !includes), "never without the server's word");
            assert!(!includes || says("access-control-allow-credentials").as_deref() == Some("true"));
            assert!(!response.headers.contains("set-cookie"));
        }
        Outcome::Readable(response) => {
            assert!(!response.headers.contains("set-cookie"));
            let client = &request.init().client;
            let own = response
                .url
                .as_ref()
                .is_some_and(|url| corsac::origin::Origin::of(url).same_origin(&client.origin));
            let is_data = request.init().url.scheme() == "data";
            assert!(own || is_data || matches!(request.init().mode, Mode::Navigate | Mode::WebSocket));
        }
        Outcome::Opaque(response) => assert!(response.headers.is_empty() && response.status == 0),
        Outcome::Refused(_) => {}
    }
}

proptest! {
    #![proptest_config(crate::cases(1))]

    #[test]
    fn every_fetch_ends_the_same_way_each_time(scenario in scenario()) {
        for engine in Engine::ALL {
            let [mut cache, mut other_cache] = [PreflightCache::default(), PreflightCache::default()];
            let mut now = Duration::ZERO;
            for Visit { request, wait, plans } in &scenario.visits {
                now += *wait;
                let ran = run(engine, request, &mut cache, now, plans);
                check_invariants(request, &ran);
                prop_assert_eq!(ran, run(engine, request, &mut other_cache, now, plans));
            }
        }
    }

    #[test]
    fn no_response_makes_an_engine_panic(
        scenario in scenario(),
        responses in vec(response(), 1..8),
    ) {
        for engine in Engine::ALL {
            let mut cache = PreflightCache::default();
            for Visit { request, .. } in &scenario.visits {
                let mut fetch = Fetch::new(request.clone(), engine.profile());
                let mut responses = responses.iter().cycle();
                while let Step::Send(_) = fetch.next(&mut cache, Duration::MAX) {
                    fetch.receive(Ok(responses.next().unwrap().clone()));
                }
            }
        }
    }
}

/// A response of any bytes, with the relevant names.
fn response() -> impl Strategy<Value = ResponseHead> {
    let names = one_of(
        "access-control-allow-origin | ACCESS-CONTROL-ALLOW-CREDENTIALS | access-control-allow-methods \
         | access-control-allow-headers | access-control-max-age | access-control-expose-headers | location \
         | timing-allow-origin | cross-origin-resource-policy | referrer-policy | cf-mitigated | www-authenticate | é | ",
    );
    let usual_values =
        one_of("* | true | https://www.site.example | / | \" | \\\" | ,").prop_map(String::into_bytes);
    let lines = vec((names, prop_oneof![2 => vec(any::<u8>(), 0..20), 1 => usual_values]), 0..12);
    let statuses = prop_oneof![any::<u16>(), select(vec![200, 206, 302, 303, 307, 401])];
    (statuses, lines, any::<bool>()).prop_map(|(status, lines, range_requested)| {
        let mut response = ResponseHead::new(status, lines);
        response.range_requested = range_requested;
        response
    })
}

#[test]
fn a_fetch_that_is_not_driven_on_has_a_trace_and_no_outcome() {
    let mut runner =
        TestRunner::new_with_rng(crate::cases(1), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let request = scenario().new_tree(&mut runner).unwrap().current().visits.remove(0).request;
    for engine in Engine::ALL {
        let fetch = Fetch::new(request.clone(), engine.profile());
        assert!(fetch.trace().entries().is_empty());
        assert_eq!(fetch.request().init().url, request.init().url);
        assert_eq!(fetch.finish(), (None, Trace::default()));
    }
}

/// The generated runs prove something only as far as they reach: every reason, and the deep states, from one fixed seed.
#[test]
fn the_generated_runs_reach_every_reason_and_every_deep_state() {
    let mut runner =
        TestRunner::new_with_rng(crate::cases(1), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut reasons: BTreeMap<ReasonCode, u32> = BTreeMap::new();
    let mut states: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..1_500 {
        let scenario = scenario().new_tree(&mut runner).unwrap().current();
        for engine in Engine::ALL {
            let (mut cache, mut now) = (PreflightCache::default(), Duration::ZERO);
            for Visit { request, wait, plans } in &scenario.visits {
                now += *wait;
                let ran = run(engine, request, &mut cache, now, plans);
                if let Some(refusal) = ran.outcome.refusal() {
                    *reasons.entry(refusal.reason.code()).or_default() += 1;
                }
                for state in deep_states(&ran) {
                    *states.entry(state).or_default() += 1;
                }
            }
        }
    }
    let all: BTreeSet<ReasonCode> =
        ReasonCode::ALL.iter().copied().filter(|code| !OF_LOADS.contains(code)).collect();
    let reached: BTreeSet<ReasonCode> = reasons.keys().copied().collect();
    assert_eq!(
        all.difference(&reached).collect::<Vec<_>>(),
        Vec::<&ReasonCode>::new(),
        "not reached; reached: {reasons:?}"
    );
    for state in DEEP_STATES {
        assert!(states.get(state).is_some_and(|times| *times >= 5), "{state}: {states:?}");
    }
}

/// Reasons for elements and other interfaces only. The runs are of script; `tests/behaviour/loads.rs` has tables of these.
const OF_LOADS: &[ReasonCode] = &[
    ReasonCode::OpaqueResponseBlocked,
    ReasonCode::NoSniff,
    ReasonCode::LoadType,
    ReasonCode::LoadStatus,
    ReasonCode::WebSocketRefused,
];

const DEEP_STATES: &[&str] = &[
    "allowed by the cache",
    "preflight after a redirect",
    "preflight from null",
    "readable after three redirects",
    "readable cross-origin with credentials",
    "readable after a preflight for headers",
    "opaque after a redirect",
    "the cache is cleared by a late failure",
];

fn deep_states(ran: &Ran) -> Vec<&'static str> {
    let kinds: Vec<ExchangeKind> = ran.exchanges.iter().map(|(exchange, _)| exchange.kind).collect();
    let redirects = kinds.iter().filter(|kind| **kind == ExchangeKind::Redirect).count();
    let preflights: Vec<&Exchange> = ran
        .exchanges
        .iter()
        .map(|(exchange, _)| exchange)
        .filter(|exchange| exchange.kind == ExchangeKind::Preflight)
        .collect();
    let by_cache = ran
        .trace
        .entries()
        .iter()
        .any(|entry| entry.rule == Rule::PreflightNeeded && entry.evidence.ends_with("no preflight"));
    let kind = match &ran.outcome {
        Outcome::Readable(response) | Outcome::Opaque(response) => Some(response.kind),
        Outcome::Refused(_) => None,
    };
    let readable = kind == Some(ResponseType::Cors);
    let credentials = ran.exchanges.last().is_some_and(|(exchange, _)| exchange.credentials);
    let late_failure =
        kind.is_none() && !preflights.is_empty() && kinds.last() != Some(&ExchangeKind::Preflight);
    [
        (by_cache, DEEP_STATES[0]),
        (
            kinds
                .iter()
                .skip_while(|kind| **kind != ExchangeKind::Request)
                .any(|kind| *kind == ExchangeKind::Preflight),
            DEEP_STATES[1],
        ),
        (
            preflights.iter().any(|exchange| exchange.headers.text("origin").as_deref() == Some("null")),
            DEEP_STATES[2],
        ),
        (readable && redirects >= 3, DEEP_STATES[3]),
        (readable && credentials, DEEP_STATES[4]),
        (
            readable
                && preflights
                    .iter()
                    .any(|exchange| exchange.headers.contains("access-control-request-headers")),
            DEEP_STATES[5],
        ),
        (kind == Some(ResponseType::Opaque) && redirects > 0, DEEP_STATES[6]),
        (late_failure, DEEP_STATES[7]),
    ]
    .into_iter()
    .filter_map(|(reached, state)| reached.then_some(state))
    .collect()
}
