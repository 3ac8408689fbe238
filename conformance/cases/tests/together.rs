//! Requests that a page makes at once, in memory. `catalogue/15-together.json` has the cases for browsers.
#![allow(clippy::unwrap_used, reason = "a test")]

use corsac::browser::Engine;
use corsac_conformance::case::Case;
use corsac_conformance::places::Places;
use corsac_conformance::profile;
use serde_json::json;

/// How many preflights two such requests send together, and how many requests in total.
fn sent(engine: Engine, method: &str) -> (usize, usize) {
    let call = json!({"url": "<b>/x", "method": method, "headers": [["X-A", "1"]]});
    let answer = json!([{"headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Headers", "X-A"],
        ["Access-Control-Allow-Methods", "PUT"]]}]);
    let case: Case = serde_json::from_value(json!({
        "name": "together",
        "steps": [{"together": [call, call]}],
        "server": {"<b>/x": {"preflight": answer, "request": answer}}
    }))
    .unwrap();
    let places = Places::new(28_100);
    let seen = profile::observe(&places.expand(&case, 0).unwrap(), &places, engine).unwrap();
    assert!(seen.calls.iter().all(|call| call.verdict == "readable"), "{seen}");
    (seen.wire.iter().filter(|request| request.is_preflight()).count(), seen.wire.len())
}

#[test]
fn requests_made_at_once_each_send_a_preflight() {
    for engine in [Engine::Spec, Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        assert_eq!(sent(engine, "PUT"), (2, 4), "{engine:?}");
    }
}

#[test]
fn in_firefox_a_get_waits_for_another_of_the_same_url_and_finds_its_preflight_kept() {
    assert_eq!(sent(Engine::Firefox, "GET"), (1, 3));
    assert_eq!(sent(Engine::Chromium, "GET"), (2, 4));
}
