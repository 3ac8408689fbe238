//! What a report-only policy decides differently.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use corsac::server::{Enforce, Policy};
use corsac_middleware::{Cors, OriginLookup, OriginQuery};
use http::{Request, Response};
use tracing::Level;

use crate::support::{counters, get, log, now, policy};

#[test]
fn a_report_only_policy_reports_what_it_decides_differently_and_changes_nothing() {
    let open = policy("*");
    let strict = Policy::builder(["https://app.example"]).build().unwrap();
    // The applied policy, the candidate, the origin, and what each says where they differ.
    let cases = [
        ("stricter", &open, &strict, "https://other.example", Some(("allowed", "origin-not-allowed"))),
        ("stricter, for both", &open, &strict, "https://app.example", None),
        ("looser", &strict, &open, "https://other.example", Some(("origin-not-allowed", "allowed"))),
        ("refused by both", &strict, &strict, "https://other.example", None),
    ];
    for (name, applied, candidate, origin, difference) in cases {
        let cors = Cors::builder(applied.clone()).report_only(candidate.clone()).build().unwrap();
        let request = get("/", origin);
        let (mut lines, mut with, mut without) = (Vec::new(), Response::new(()), Response::new(()));
        let counted = counters(|| {
            lines = log(Level::INFO, || now(&cors, &request).finish(with.headers_mut()));
        });
        now(&Cors::new(applied.clone()), &request).finish(without.headers_mut());
        assert_eq!(with.headers(), without.headers(), "{name}");

        let logged: Vec<&String> = lines.iter().filter(|line| line.contains("decides differently")).collect();
        let counted: Vec<&String> =
            counted.iter().filter(|line| line.contains("report_only_differences")).collect();
        match difference {
            None => assert!(logged.is_empty() && counted.is_empty(), "{name}: {logged:?} {counted:?}"),
            Some((applied, report_only)) => {
                let expected = format!("applied=\"{applied}\" report_only=\"{report_only}\"");
                assert!(logged.len() == 1 && logged[0].contains(&expected), "{name}: {logged:?}");
                let labels = format!(
                    "{{kind=request,applied={applied},report_only={report_only},policy=default}} = 1"
                );
                assert!(counted.len() == 1 && counted[0].ends_with(&labels), "{name}: {counted:?}");
            }
        }
    }
}

#[test]
fn a_report_only_policy_differs_by_what_becomes_of_the_request_and_says_so() {
    let with = |origin: &str, enforce| Policy::builder([origin]).enforce(enforce).build().unwrap();
    let (page, stranger) = ("https://app.example", "https://evil.example");
    let (lax, strict) = (with(page, Enforce::Off), with(page, Enforce::Block));
    let (report, open) = (with(page, Enforce::Report), policy("*"));
    // The applied policy, the candidate, method and origin, and what each says where they differ.
    let cases = [
        ("blocked by one", &strict, &lax, "POST", stranger, Some(("blocked", "origin-not-allowed"))),
        ("blocked by the other", &lax, &strict, "POST", stranger, Some(("origin-not-allowed", "blocked"))),
        ("blocked or allowed", &strict, &open, "POST", stranger, Some(("blocked", "allowed"))),
        ("the method", &lax, &strict, "DELETE", page, Some(("allowed", "blocked"))),
        ("blocked by both", &strict, &strict, "POST", stranger, None),
        ("a report is no block", &lax, &report, "POST", stranger, None),
        ("a read is not blocked", &strict, &lax, "GET", stranger, None),
        ("the same origin", &open, &strict, "POST", "https://api.example", None),
    ];
    for (name, applied, candidate, method, origin, difference) in cases {
        let cors = Cors::builder(applied.clone()).report_only(candidate.clone()).build().unwrap();
        let request = Request::builder().method(method).uri("/").header("origin", origin);
        let request = request.header("host", "api.example").body(()).unwrap();
        let mut lines = Vec::new();
        let mut counted = counters(|| {
            lines = log(Level::INFO, || {
                now(&cors, &request);
            });
        });
        lines.retain(|line| line.contains("decides differently"));
        counted.retain(|line| line.contains("report_only_differences"));
        let expected = usize::from(difference.is_some());
        assert_eq!((lines.len(), counted.len()), (expected, expected), "{name}: {lines:?}");
        if let Some((applied, report_only)) = difference {
            let fields = format!("applied=\"{applied}\" report_only=\"{report_only}\"");
            assert!(lines[0].contains(&fields), "{name}: {lines:?}");
            let labels = format!("applied={applied},report_only={report_only},");
            assert!(counted[0].contains(&labels), "{name}: {counted:?}");
        }
    }
}

#[test]
fn a_report_only_policy_is_compared_with_the_main_one_and_no_part() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let lookup = OriginLookup::new(move |_: &OriginQuery| counter.fetch_add(1, Ordering::Relaxed) > 100);
    let cors = Cors::builder(policy("*"))
        .at("/public", policy("*"))
        .report_only(policy("https://app.example"))
        .origins(lookup)
        .build()
        .unwrap();
    for (path, differences) in [("/items", 1), ("/public/logo.png", 0), ("/public/../items", 1)] {
        asked.store(0, Ordering::Relaxed);
        let lines = log(Level::INFO, || {
            now(&cors, &get(path, "https://other.example"));
        });
        assert_eq!(
            (lines.len(), asked.load(Ordering::Relaxed)),
            (differences, differences),
            "{path}: {lines:?}"
        );
    }
}

#[test]
fn a_report_only_policy_may_be_the_only_one_that_needs_the_lookup() {
    let lookup = OriginLookup::new(|query: &OriginQuery| query.origin.host() == Some("tenant.example"));
    let cors = Cors::builder(policy("*"))
        .report_only(policy("https://app.example"))
        .origins(lookup)
        .build()
        .unwrap();
    for (origin, differences) in [("https://tenant.example", 0), ("https://other.example", 1)] {
        let lines = log(Level::INFO, || {
            now(&cors, &get("/", origin));
        });
        assert_eq!(lines.len(), differences, "{origin}: {lines:?}");
    }
}
