//! Servers in memory, each with one mistake that real servers make, and what is found there.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // as in any test

use std::collections::BTreeSet;

use corsac::browser::{Exchange, ExchangeKind, NetworkError, NetworkErrorKind, ResponseHead};
use corsac::server::{Enforce, Policy, ResourcePolicy};
use corsac_verify::{Run, Suite, SuiteOptions, Verification, answer};

type Server = fn(&Policy, &Exchange) -> Result<ResponseHead, NetworkError>;

const OF_THE_POLICY: Server = |policy, exchange| Ok(answer(policy, exchange, |_| ()).0);

fn verify(policy: &Policy, options: SuiteOptions, server: Server) -> BTreeSet<&'static str> {
    let suite = Suite::new(policy, &"https://api.example/items".parse().unwrap(), options);
    let mut verification = Verification::new(policy);
    for case in &suite.cases {
        let mut run = Run::new(case);
        while let Some(planned) = run.next() {
            let response = server(policy, planned.exchange());
            run.receive(planned.carried(response));
        }
        verification.add(case, &run.finish());
    }
    verification.findings().into_iter().map(|finding| finding.code).collect()
}

/// Policies of many kinds.
fn policies() -> Vec<(&'static str, Policy)> {
    let many: Vec<String> = (0..200).map(|number| format!("https://tenant-{number}.example")).collect();
    let build = |builder: corsac::server::PolicyBuilder| builder.build().unwrap();
    vec![
        ("public", build(Policy::builder(["*"]))),
        (
            "public, all allowed",
            build(
                Policy::builder(["*"])
                    .methods(["*"])
                    .request_headers(["*", "authorization"])
                    .expose_headers(["*"]),
            ),
        ),
        ("one", build(Policy::builder(["https://app.example"]))),
        (
            "credentials",
            build(
                Policy::builder(["https://app.example", "https://admin.example:8443"])
                    .methods(["PUT", "DELETE"])
                    .request_headers(["content-type", "authorization", "x-acme-*"])
                    .expose_headers(["etag", "x-total"])
                    .credentials(true),
            ),
        ),
        (
            "subdomains",
            build(Policy::builder(["https://*.app.example", "https://app.example"]).credentials(true)),
        ),
        ("ports", build(Policy::builder(["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:3000"]))),
        ("labels", build(Policy::builder(["https://app-*.team.example", "https://*--x.team.example"]))),
        ("null", build(Policy::builder(["https://app.example"]).null_origin(true))),
        ("many", build(Policy::builder(many).credentials(true))),
        (
            "apps",
            build(Policy::builder(["capacitor://localhost", "moz-extension://*", "https://app.example"])),
        ),
        (
            "more",
            build(
                Policy::builder(["https://app.example"])
                    .timing(true)
                    .resource_policy(ResourcePolicy::SameSite)
                    .enforce(Enforce::Block),
            ),
        ),
        ("nobody", build(Policy::builder([]))),
    ]
}

#[test]
fn a_server_that_answers_as_the_policy_says_has_no_findings() {
    for (name, policy) in policies() {
        for options in [
            SuiteOptions::default(),
            SuiteOptions::default().with(|options| options.all = true),
            SuiteOptions::default()
                .with(|options| (options.unsafe_methods, options.own_query) = (true, false)),
            SuiteOptions::default().with(|options| options.preflights_only = true),
        ] {
            let found = verify(&policy, options.clone(), OF_THE_POLICY);
            assert!(found.is_empty(), "{name}, {options:?}: {found:?}");
        }
    }
}

fn origin(exchange: &Exchange) -> String {
    exchange.headers.text("Origin").unwrap_or_default()
}

/// The policy's answer to the same request from another origin.
fn as_if_from(policy: &Policy, exchange: &Exchange, instead: &str) -> ResponseHead {
    let mut asked = exchange.clone();
    asked.headers.delete("Origin");
    asked.headers.append("Origin", instead);
    answer(policy, &asked, |_| ()).0
}

/// The policy's answer, as for an allowed origin wherever `is_taken` says so; then with the origin that asked.
fn allowing(policy: &Policy, exchange: &Exchange, allowed: &str, is_taken: bool) -> ResponseHead {
    let honest = answer(policy, exchange, |_| ()).0;
    if !is_taken || honest.headers.contains("access-control-allow-origin") {
        return honest;
    }
    let mut response = as_if_from(policy, exchange, allowed);
    response.headers.delete("access-control-allow-origin");
    response.headers.append("access-control-allow-origin", origin(exchange));
    response
}

fn without(mut response: ResponseHead, name: &str) -> ResponseHead {
    response.headers.delete(name);
    response
}

fn with(mut response: ResponseHead, name: &str, value: &str) -> ResponseHead {
    response.headers.delete(name);
    response.headers.append(name, value);
    response
}

#[test]
fn each_mistake_is_found() {
    const APP: &str = "https://app.example";
    let one =
        || Policy::builder([APP]).methods(["PUT"]).request_headers(["content-type"]).expose_headers(["etag"]);
    let plain = || one().build().unwrap();
    let with_credentials = || one().credentials(true).build().unwrap();
    let table: Vec<(&str, Policy, Server, &[&str])> = vec![
        (
            "every origin is echoed",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, exchange.headers.contains("origin"))),
            &["any-origin-allowed"],
        ),
        (
            "the beginning is compared",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange).starts_with(APP))),
            &["origin-prefix-matches", "origin-port-ignored"],
        ),
        (
            "the end is compared",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange).ends_with("app.example"))),
            &["origin-suffix-matches", "subdomain-allowed", "origin-scheme-ignored"],
        ),
        (
            "a dot matches anything",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange) == "https://appxexample")),
            &["origin-dot-matches"],
        ),
        (
            "the port is not compared",
            plain(),
            |policy, exchange| {
                Ok(allowing(policy, exchange, APP, origin(exchange).starts_with("https://app.example:")))
            },
            &["origin-port-ignored"],
        ),
        (
            "the scheme is not compared",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange) == "http://app.example")),
            &["origin-scheme-ignored"],
        ),
        (
            "null is allowed",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange) == "null")),
            &["null-origin-allowed"],
        ),
        (
            "only preflights are wrong",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, exchange.kind == ExchangeKind::Preflight)),
            &["any-origin-allowed"],
        ),
        (
            "one origin is sent to everybody",
            plain(),
            |policy, exchange| Ok(as_if_from(policy, exchange, APP)),
            &["static-origin"],
        ),
        (
            "no CORS at all",
            plain(),
            |_, _| Ok(ResponseHead::new(200, [("Vary", "Origin")])),
            &["origin-refused", "method-refused", "request-header-refused", "forced-preflight-refused"],
        ),
        (
            "preflights go to a router that answers 405",
            plain(),
            |policy, exchange| {
                if exchange.kind == ExchangeKind::Preflight {
                    return Ok(ResponseHead::new(405, [("Allow", "GET")]));
                }
                Ok(answer(policy, exchange, |_| ()).0)
            },
            &["method-refused", "request-header-refused", "forced-preflight-refused"],
        ),
        (
            "any method and header is echoed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                if exchange.kind != ExchangeKind::Preflight || origin(exchange) != APP {
                    return Ok(response);
                }
                let method = exchange.headers.text("access-control-request-method").unwrap_or_default();
                let names = exchange.headers.text("access-control-request-headers").unwrap_or_default();
                let response = with(response, "access-control-allow-methods", &method);
                Ok(with(response, "access-control-allow-headers", &names))
            },
            &["method-allowed", "request-header-allowed"],
        ),
        (
            "credentials are allowed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_allowed = response.headers.contains("access-control-allow-origin");
                Ok(if is_allowed {
                    with(response, "access-control-allow-credentials", "true")
                } else {
                    response
                })
            },
            &["credentials-allowed"],
        ),
        (
            "credentials are not allowed",
            with_credentials(),
            |policy, exchange| {
                Ok(without(answer(policy, exchange, |_| ()).0, "access-control-allow-credentials"))
            },
            &["credentials-refused"],
        ),
        (
            "Vary is missing",
            plain(),
            |policy, exchange| Ok(without(answer(policy, exchange, |_| ()).0, "vary")),
            &["vary-missing"],
        ),
        (
            "Vary is sent to those who are allowed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_allowed = response.headers.contains("access-control-allow-origin");
                Ok(if is_allowed { response } else { without(response, "vary") })
            },
            &["vary-missing"],
        ),
        (
            "two layers add the header",
            plain(),
            |policy, exchange| {
                let mut response = answer(policy, exchange, |_| ()).0;
                if let Some(value) = response.headers.text("access-control-allow-origin") {
                    response.headers.append("access-control-allow-origin", value);
                }
                Ok(response)
            },
            &["header-repeated"],
        ),
        (
            "the URL answers 404 without headers, and preflights are right",
            plain(),
            |policy, exchange| {
                if exchange.kind == ExchangeKind::Preflight {
                    return Ok(answer(policy, exchange, |_| ()).0);
                }
                Ok(ResponseHead::new(404, [("Vary", "Origin")]))
            },
            &["error-refused"],
        ),
        (
            "the URL redirects to another",
            plain(),
            |_, _| {
                Ok(ResponseHead::new(301, [("Location", "https://api.example:8443/"), ("Vary", "Origin")]))
            },
            &["redirect-refused"],
        ),
        (
            "only other responses than preflights have no headers",
            plain(),
            |policy, exchange| {
                if exchange.kind == ExchangeKind::Preflight {
                    return Ok(answer(policy, exchange, |_| ()).0);
                }
                Ok(ResponseHead::new(200, [("Vary", "Origin")]))
            },
            &["origin-refused"],
        ),
        (
            "errors have no headers",
            plain(),
            |policy, exchange| {
                if exchange.url.path().contains("corsac-verify-") {
                    return Ok(ResponseHead::new(404, [("Vary", "Origin")]));
                }
                Ok(answer(policy, exchange, |_| ()).0)
            },
            &["error-without-headers"],
        ),
        (
            "strangers are told the methods",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_preflight = exchange.kind == ExchangeKind::Preflight;
                Ok(if is_preflight {
                    with(response, "access-control-allow-methods", "PUT, GET")
                } else {
                    response
                })
            },
            &["refused-origin-told"],
        ),
        (
            "only the first line is read",
            plain(),
            |policy, exchange| {
                let mut asked = exchange.clone();
                let first = exchange.headers.all("access-control-request-headers").next().map(<[u8]>::to_vec);
                asked.headers.delete("access-control-request-headers");
                if let Some(first) = first {
                    asked.headers.append("access-control-request-headers", first);
                }
                Ok(answer(policy, &asked, |_| ()).0)
            },
            &[],
        ),
        (
            "empty items are refused",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let asked = exchange.headers.text("access-control-request-headers").unwrap_or_default();
                let is_odd = asked.contains(",,") || asked.starts_with(',');
                Ok(if is_odd { without(response, "access-control-allow-headers") } else { response })
            },
            &["request-header-empty-items"],
        ),
        (
            "OPTIONS is always a preflight",
            plain(),
            |policy, exchange| {
                if exchange.method == "OPTIONS" && exchange.kind != ExchangeKind::Preflight {
                    return Ok(ResponseHead::new(
                        204,
                        [("Access-Control-Allow-Methods", "PUT"), ("Vary", "Origin")],
                    ));
                }
                Ok(answer(policy, exchange, |_| ()).0)
            },
            &["options-taken-for-preflight"],
        ),
        (
            "upper case is the same",
            plain(),
            |policy, exchange| {
                Ok(allowing(policy, exchange, APP, origin(exchange).eq_ignore_ascii_case(APP)))
            },
            &["origin-case-ignored"],
        ),
        (
            "another max age",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let has_age = response.headers.contains("access-control-max-age");
                Ok(if has_age { with(response, "access-control-max-age", "5") } else { response })
            },
            &["max-age-differs"],
        ),
        (
            "more is exposed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_exposed = response.headers.contains("access-control-expose-headers");
                Ok(if is_exposed {
                    with(response, "access-control-expose-headers", "ETag, X-Secret")
                } else {
                    response
                })
            },
            &["response-header-exposed"],
        ),
        (
            "nothing is exposed",
            plain(),
            |policy, exchange| {
                Ok(without(answer(policy, exchange, |_| ()).0, "access-control-expose-headers"))
            },
            &["response-header-not-exposed"],
        ),
        (
            "timing for all",
            plain(),
            |policy, exchange| Ok(with(answer(policy, exchange, |_| ()).0, "timing-allow-origin", "*")),
            &["timing-allowed"],
        ),
        (
            "no timing, no resource policy",
            one().timing(true).resource_policy(ResourcePolicy::SameSite).build().unwrap(),
            |policy, exchange| {
                let response = without(answer(policy, exchange, |_| ()).0, "timing-allow-origin");
                Ok(without(response, "cross-origin-resource-policy"))
            },
            &["timing-refused", "resource-policy-weaker"],
        ),
    ];
    let mut wrong = String::new();
    for (name, policy, server, expected) in table {
        let found = verify(&policy, SuiteOptions::default(), server);
        if found != expected.iter().copied().collect() {
            wrong += &format!("{name}: found {found:?}, and expected {expected:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_write_that_should_be_blocked_is_found_only_if_writes_are_sent() {
    let policy = Policy::builder(["https://app.example"]).enforce(Enforce::Block).build().unwrap();
    let server: Server = |policy, exchange| {
        let mut response = answer(policy, exchange, |_| ()).0;
        response.status = 200;
        Ok(response)
    };
    assert!(verify(&policy, SuiteOptions::default(), server).is_empty());
    let options = SuiteOptions::default().with(|options| options.unsafe_methods = true);
    assert_eq!(verify(&policy, options, server), BTreeSet::from(["write-not-blocked"]));
}

#[test]
fn only_safe_requests_are_sent_unless_others_are_asked_for() {
    for (name, policy) in policies() {
        let url = "https://api.example/items".parse().unwrap();
        for case in Suite::new(&policy, &url, SuiteOptions::default()).cases {
            let mut run = Run::new(&case);
            while let Some(planned) = run.next() {
                assert!(!planned.exchange().may_change_something(), "{name}: {}", case.description);
                assert!(!planned.exchange().headers.contains("cookie"), "{name}");
                let response = answer(&policy, planned.exchange(), |_| ()).0;
                run.receive(planned.carried(Ok(response)));
            }
        }
    }
}

#[test]
fn what_says_nothing_about_the_policy_is_unknown_and_never_closed() {
    let policy = Policy::builder(["https://app.example"]).build().unwrap();
    let url = "https://api.example/items".parse().unwrap();
    let suite = Suite::new(&policy, &url, SuiteOptions::default());
    let servers: [Server; 3] = [
        |_, _| Ok(ResponseHead::new(429, [("Retry-After", "60")])),
        |_, _| Ok(ResponseHead::new(503, [("Vary", "Origin")])),
        |_, _| Err(NetworkError::new(NetworkErrorKind::Refused, "")),
    ];
    for server in servers {
        let mut verification = Verification::new(&policy);
        for case in &suite.cases {
            let mut run = Run::new(case);
            while let Some(planned) = run.next() {
                let response = server(&policy, planned.exchange());
                run.receive(planned.carried(response));
            }
            verification.add(case, &run.finish());
        }
        let closed =
            verification.findings().iter().any(|finding| finding.class == corsac_verify::Class::Closed);
        assert!(
            !closed && verification.unknown().len() > suite.cases.len() / 2,
            "{:?}",
            verification.findings()
        );
    }
}

#[test]
fn nothing_is_sent_to_another_host_and_what_redirects_there_is_unknown() {
    let policy = Policy::builder(["https://app.example"]).build().unwrap();
    let suite = Suite::new(&policy, &"https://api.example/items".parse().unwrap(), SuiteOptions::default());
    let case = &suite.cases[0];
    let mut run = Run::new(case);
    let mut sent = 0;
    while let Some(planned) = run.next() {
        assert_eq!(planned.exchange().url.host_str(), Some("api.example"));
        sent += 1;
        let response = answer(&policy, planned.exchange(), |_| ()).0;
        let mut redirect = with(response, "location", "https://elsewhere.example/");
        redirect.status = 302;
        run.receive(planned.carried(Ok(redirect)));
    }
    let mut verification = Verification::new(&policy);
    verification.add(case, &run.finish());
    assert_eq!((sent, verification.ok(), verification.findings().len()), (1, 0, 0));
    let expected = (case.description.clone(), "it redirects to another host".to_owned());
    assert_eq!(verification.unknown(), [expected]);
}
