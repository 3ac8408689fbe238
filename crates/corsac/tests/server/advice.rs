//! Advice is followed, and the policy is checked again: no advice leads to a new problem or to a wider pattern.

use std::cell::Cell;
use std::collections::BTreeMap;

use corsac::server::{Policy, PolicyConfig, Problem, ProblemCode, Request};
use http::Method;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::generate::config_and_origin;
use crate::{headers, strings};

/// Entries as people write them, valid and invalid.
const ORIGINS: &[&str] = &[
    "https://app.acme.com",
    "https://app.acme.com/",
    "https://App.acme.com",
    "https://app.acme.com:443",
    "app.acme.com",
    "http://app.acme.com",
    "http://App.acme.com/",
    "https://*.acme.com",
    "https://*.acme.com/",
    "*.acme.com",
    "https://*acme.com",
    "*acme.com:*",
    "https://**.acme.com",
    "https://*.*.acme.com",
    "https://app-*.acme.com",
    "https://app-*.acme.com/",
    "app-*-team.acme.com",
    "https://APP-*.acme.com:443",
    "https://pr-*-*.acme.com",
    "https://api.*.acme.com",
    "https://acme.*",
    "https://*--acme.netlify.app",
    "*--acme.netlify.app",
    "*-acme.netlify.app",
    "https://app-*.vercel.app/",
    "*.vercel.app",
    "**.com",
    "*.run.app/",
    "*.amazonaws.com",
    "https://*.Intranet",
    "localhost:3000",
    "localhost:*",
    "HTTP://LOCALHOST:8080/",
    "acme.com:*",
    "acme.com:6000",
    "ws:acme.com",
    "wss://*.acme.com",
    "ws://*.github.io",
    "https://a.acme.com, https://b.acme.com/",
    "http://a.acme.com https://b.acme.com",
    "https://a.acme.com,",
    "https://a.acme.com https://a.acme.com",
    "https://bücher.acme.com",
    "http://*.bücher.example:*",
    "http://::1",
    "http://10.1",
    "10.0.0.*",
    "10.0.0.0/8",
    "blob:http://app.acme.com/0f5c",
    "blob:https://app.acme.com/0f5c",
    "about:blank",
    "moz-extension://*",
    "MOZ-EXTENSION://abc",
    "app://.",
    "app://./index.html",
    "null",
    "*",
    "${ORIGIN}",
    "^https://.*\\.acme\\.com$",
    "",
];
const METHODS: &[&str] =
    &["put", "PUT", "PUT ", "patch, PUT", "put PUT", "put, trace", "Chicken", "trace", "*", "PUT\n", "get"];
const HEADERS: &[&str] = &[
    "X-A",
    "x-a:",
    "X-A: 1",
    "Cookie:",
    "Cookie: a=b",
    "Origin: x",
    "Origin",
    "x-acme*",
    "x-acme-*",
    "X-Acme-B:",
    "sec*",
    "X-A, X-B",
    "X-A, Cookie",
    "ETag:",
    "Authorization: Bearer",
    "*",
    "Set-Cookie:",
    "Content-Type:",
    "Access-Control-Max-Age:",
];
const MAX_AGES: &[&str] =
    &["7d", "1 day", "12 hours", "10 minutes", "-1", "3h", "600", "soon", "99999999999999"];
const ACKNOWLEDGED: &[&str] = &[
    "origin-insecure",
    "credentials-insecure-origin",
    "credentials-shared-suffix",
    "origin-public-suffix",
    "x",
];

fn written() -> impl Strategy<Value = PolicyConfig> {
    let some = |items: &'static [&'static str], most: usize| {
        subsequence(items.to_vec(), 0..=most).prop_shuffle().prop_map(|items| strings(&items))
    };
    let max_age = prop::option::of(select(MAX_AGES.to_vec()).prop_map(str::to_owned));
    let lists =
        (some(ORIGINS, 6), some(METHODS, 4), some(HEADERS, 4), some(HEADERS, 4), some(ACKNOWLEDGED, 2));
    (lists, max_age, any::<bool>()).prop_map(|(lists, max_age, credentials)| {
        let (origins, methods, request_headers, expose_headers, acknowledge) = lists;
        PolicyConfig {
            origins,
            methods,
            request_headers,
            expose_headers,
            acknowledge,
            max_age,
            credentials,
            ..PolicyConfig::default()
        }
    })
}

fn problems(config: &PolicyConfig) -> Vec<Problem> {
    match Policy::new(config) {
        Ok(policy) => policy.lints().to_vec(),
        Err(problems) => problems.into_vec(),
    }
}

/// Counts the problems by code. An acknowledgement that is no longer needed does not count.
fn counts(config: &PolicyConfig) -> BTreeMap<ProblemCode, usize> {
    let mut counts = BTreeMap::new();
    for problem in problems(config).iter().filter(|problem| problem.code != ProblemCode::AcknowledgeUnused) {
        *counts.entry(problem.code).or_default() += 1;
    }
    counts
}

fn nothing_new(before: &PolicyConfig, after: &PolicyConfig, advice: &str) -> Result<(), TestCaseError> {
    let known = counts(before);
    for (code, count) in counts(after) {
        prop_assert!(count <= known.get(&code).copied().unwrap_or(0), "{advice}\nleads to {code}: {after:?}");
    }
    Ok(())
}

fn carried_out(config: &PolicyConfig, problem: &Problem, suggestion: &str) -> PolicyConfig {
    let mut changed = config.clone();
    let list = match problem.place.key {
        "origins" => &mut changed.origins,
        "methods" => &mut changed.methods,
        "request-headers" => &mut changed.request_headers,
        "expose-headers" => &mut changed.expose_headers,
        _ => {
            changed.max_age = Some(suggestion.to_owned());
            return changed;
        }
    };
    let entries: Vec<String> = match suggestion.strip_prefix('"') {
        Some(_) => suggestion.split(", ").map(|entry| entry.trim_matches('"').to_owned()).collect(),
        None => vec![suggestion.to_owned()],
    };
    let index = problem.place.index.unwrap();
    list.splice(index..=index, entries);
    changed
}

/// Checks that the fixed parts of an entry are kept (`app-` of `app-*`), and that no wildcard is added.
fn not_wider(value: &str, suggestion: &str) -> Result<(), TestCaseError> {
    let stars = |text: &str| text.matches('*').count();
    prop_assert!(stars(suggestion) <= stars(value), "{value} is corrected to {suggestion}");
    if stars(suggestion) > 0 {
        let host = value.split_once("://").map_or(value, |(_, host)| host).to_lowercase();
        for part in host.split(['*', '.', ':', '/']).filter(|part| part.is_ascii() && *part != "443") {
            prop_assert!(suggestion.contains(part), "{value} is corrected to {suggestion}");
        }
    }
    Ok(())
}

#[test]
fn following_a_suggestion_brings_no_new_problem_and_no_wider_pattern() {
    let suggested = Cell::new(0);
    proptest!(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() }, |(config in written())| {
        for problem in problems(&config) {
            let Some(suggestion) = &problem.suggestion else { continue };
            suggested.set(suggested.get() + 1);
            nothing_new(&config, &carried_out(&config, &problem, suggestion), &problem.to_string())?;
            if problem.place.key == "origins" && !suggestion.starts_with('"') {
                not_wider(&problem.value, suggestion)?;
            }
        }
    });
    assert!(suggested.get() > 500, "{suggested:?}");
}

/// Returns the policy with everything that the advice says to add and to write; `None` if it says nothing of that kind.
fn followed(config: &PolicyConfig, text: &str) -> Option<PolicyConfig> {
    let mut changed = config.clone();
    for step in text.split("add `").skip(1) {
        let (entries, key) = step.split_once("` to `").unwrap();
        let list = match key.split('`').next().unwrap() {
            "origins" => &mut changed.origins,
            "methods" => &mut changed.methods,
            _ => &mut changed.request_headers,
        };
        list.extend(entries.split("`, `").map(str::to_owned));
    }
    changed.credentials |=
        text.contains("and write `credentials = true`.") || text.contains("request, write `credentials");
    (changed != *config).then_some(changed)
}

#[test]
fn advice_about_a_refusal_that_is_followed_brings_no_new_problem() {
    let names = || {
        select(vec![
            "put",
            "PUT",
            "Chicken",
            "TRACE",
            "patch",
            "x-a",
            "x-new",
            "cookie",
            "origin",
            "etag",
            "sec-x",
            "x*",
            "authorization",
        ])
    };
    let (count, whole) = (Cell::new(0), Cell::new(0));
    proptest!(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() }, |((config, origin) in config_and_origin(), own in any::<bool>(), method in names(), name in names(), credentials in any::<bool>())| {
        let policy = Policy::new(&config).unwrap();
        let origin = match config.origins.iter().find(|entry| !entry.contains('*')) {
            Some(entry) if own => entry.clone(),
            _ => origin,
        };
        let Ok(value) = http::HeaderValue::from_bytes(origin.as_bytes()) else { return Ok(()) };
        let mut request = headers(&[("access-control-request-method", method), ("access-control-request-headers", name)]);
        request.insert("origin", value);
        request.append("access-control-request-headers", http::HeaderValue::from_static("x-second"));
        let decision = policy.decide(&Request::new(&Method::OPTIONS, &request));
        let (explained, advice) = (decision.explain(), decision.advice(credentials));
        for text in advice.iter().chain([&explained]) {
            let Some(changed) = followed(&config, text) else { continue };
            count.set(count.get() + 1);
            nothing_new(&config, &changed, text)?;
        }
        // If the advice has no other sentences, following it is enough.
        let Some(advice) = advice.filter(|text| text.starts_with("If these pages") && !text.contains("upper case")) else { return Ok(()) };
        let changed = Policy::new(&followed(&config, &advice).unwrap()).unwrap();
        let decision = changed.decide(&Request::new(&Method::OPTIONS, &request));
        let is_inexact = method.contains('*') || name.contains('*');
        prop_assert!(is_inexact || decision.is_allowed(), "{advice}\n{}", decision.explain());
        prop_assert!(!credentials || changed.allows_credentials(), "{advice}");
        whole.set(whole.get() + 1);
    });
    assert!(count.get() > 200 && whole.get() > 40, "{count:?} {whole:?}");
}
