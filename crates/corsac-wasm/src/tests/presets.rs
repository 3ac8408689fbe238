use std::collections::HashSet;

use corsac::browser::ReasonCode;
use corsac::server::ProblemCode;
use corsac_explain::{diagnosis, glossary, look_alikes};
use serde_json::Value;

fn presets() -> Vec<Value> {
    serde_json::from_str(crate::PRESETS).unwrap()
}

fn text<'v>(preset: &'v Value, name: &str) -> &'v str {
    preset[name].as_str().unwrap_or_else(|| panic!("{name} of {preset}"))
}

#[test]
fn each_preset_has_an_id_of_its_own_and_a_group() {
    const GROUPS: [&str; 4] = [
        "The header is missing or wrong",
        "The preflight fails",
        "It looks like CORS, and is something else",
        "It goes through",
    ];
    let (mut ids, mut titles) = (HashSet::new(), HashSet::new());
    let mut groups = Vec::new();
    for preset in presets() {
        let id = text(&preset, "id").to_owned();
        assert!(
            id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{id}"
        );
        assert!(ids.insert(id.clone()), "{id}");
        assert!(titles.insert(text(&preset, "title").to_owned()), "{id}");
        groups.push(text(&preset, "group").to_owned());
    }
    groups.dedup();
    assert_eq!(groups, GROUPS);
}

#[test]
fn each_preset_ends_in_each_browser_as_it_says() {
    let mut wrong = Vec::new();
    for preset in presets().iter().filter(|preset| preset.get("read").is_none()) {
        let id = text(preset, "id");
        let played: Value = serde_json::from_str(&crate::play(&preset["play"].to_string())).unwrap();
        let expect = &preset["expect"];
        let is = |expected: &Value, seen: &Value| {
            played["error"].is_null()
                && seen["verdict"] == expected["verdict"]
                && seen["code"] == expected["code"]
        };
        if !is(expect, &played) {
            wrong.push(format!("{id}: {} {} {}", played["verdict"], played["code"], played["error"]));
        }
        for engine in played["engines"].as_array().into_iter().flatten() {
            let name = text(engine, "engine");
            if !is(expect["engines"].get(name).unwrap_or(expect), engine) {
                wrong.push(format!("{id} in {name}: {} {}", engine["verdict"], engine["code"]));
            }
        }
        assert!(!crate::share(&preset["play"].to_string()).contains("-token"), "{id}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_page_to_read_exists() {
    for preset in presets() {
        let Some(code) = preset.get("read") else { continue };
        let code = code.as_str().unwrap();
        assert!(
            code.parse::<ReasonCode>().is_ok()
                || code.parse::<ProblemCode>().is_ok()
                || diagnosis::entry(code).is_some()
                || look_alikes::entry(code).is_some()
                || glossary::entries().any(|entry| entry.word == code),
            "{code}"
        );
        assert!(preset.get("play").is_none(), "{code}");
    }
}

/// What people struggle with, as surveys and issue threads tell it, and the preset for it.
const SITUATIONS: [(&str, &str); 41] = [
    ("1 an error response without headers", "crash"),
    ("2 a body that is too large", "too-large"),
    ("3 a timeout of the proxy", "timeout"),
    ("4 http that is redirected to https", "http-url"),
    ("5 a redirect that adds a slash", "redirect"),
    ("6 a redirect to the login", "session"),
    ("7 a preflight that needs a login", "login-first"),
    ("8 a server without OPTIONS", "no-options"),
    ("9 a challenge for the preflight", "challenge-on-preflight"),
    ("10 headers on successes only", "error-without-header"),
    ("11 two layers that both add the header", "twice"),
    ("12 a list in the header", "list"),
    ("13 nearly the right origin", "trailing-slash"),
    ("14 it works without a browser", "no-headers"),
    ("15 `*` with credentials", "cookies"),
    ("16 `True` for `true`", "true"),
    ("17 a cookie that is not sent", "cookie-not-kept"),
    ("18 third-party cookies", "other-browsers"),
    ("19 Authorization is not allowed", "token"),
    ("20 another header is not allowed", "json"),
    ("21 a method is not allowed", "put"),
    ("22 a header that is not exposed", "not-exposed"),
    ("23 a copy for another origin", "cached-for-another"),
    ("24 a copy without the header", "image-in-canvas"),
    ("25 an answer that is kept", "old-answer"),
    ("26 the origin `null`", "null-origin"),
    ("27 a redirect to another host", "moved"),
    ("28 no response at all", "stopped"),
    ("29 mixed content", "mixed-content"),
    ("30 an extension", "ad-blocker"),
    ("31 the local network", "local-network"),
    ("32 the mode no-cors", "no-cors"),
    ("33 a service worker", "service-worker"),
    ("34 fonts and modules", "font"),
    ("35 a function that is not public", "function"),
    ("36 an error of the gateway", "throttled"),
    ("37 allowed hosts", "allowed-hosts"),
    ("38 all origins with credentials in a setting", "wildcard-setting"),
    ("39 the proxy of a development server", "dev-proxy"),
    ("40 a response header in the request", "wrong-side"),
    ("41 CORS instead of a guard", "sent-anyway"),
];

#[test]
fn each_situation_has_a_preset() {
    let presets = presets();
    for (situation, id) in SITUATIONS {
        assert!(presets.iter().any(|preset| preset["id"] == id), "{situation}: {id}");
    }
}
