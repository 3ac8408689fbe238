//! Servers in memory, each with one mistake that real servers make, and what is found there.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // as in any test

mod mistakes;

use std::collections::BTreeSet;

use corsac::browser::{Exchange, NetworkError, NetworkErrorKind, ResponseHead};
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
            run.receive(planned.completed(response));
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
                run.receive(planned.completed(Ok(response)));
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
                run.receive(planned.completed(response));
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
        run.receive(planned.completed(Ok(redirect)));
    }
    let mut verification = Verification::new(&policy);
    verification.add(case, &run.finish());
    assert_eq!((sent, verification.ok(), verification.findings().len()), (1, 0, 0));
    let expected = (case.description.clone(), "it redirects to another host".to_owned());
    assert_eq!(verification.unknown(), [expected]);
}
