//! Mistakes in a policy: each is found, named, placed, and answered with what was meant.

use corsac::server::{Policy, PolicyConfig, Problem, ProblemCode, ResourcePolicy, Severity};

use crate::{config, texts};

/// Everything that is found in a policy, errors and lints.
fn problems(config: &PolicyConfig) -> Vec<Problem> {
    match Policy::new(config) {
        Ok(policy) => policy.lints().to_vec(),
        Err(problems) => problems.into_vec(),
    }
}

/// `code at place -> suggestion`
fn found(config: &PolicyConfig) -> Vec<String> {
    let line = |problem: &Problem| {
        let meant = problem.suggestion.as_ref().map_or(String::new(), |meant| format!(" -> {meant}"));
        format!("{} at {}{meant}", problem.code, problem.place)
    };
    problems(config).iter().map(line).collect()
}

#[test]
fn each_mistake_in_an_origin_is_named_and_mended() {
    let cases: &[(&str, &str)] = &[
        ("https://example.com/", "origin-path at origins[0] -> https://example.com"),
        ("https://example.com/login", "origin-path at origins[0] -> https://example.com"),
        ("https://example.com:443", "origin-default-port at origins[0] -> https://example.com"),
        ("http://localhost:80", "origin-default-port at origins[0] -> http://localhost"),
        ("https://Example.com", "origin-upper-case at origins[0] -> https://example.com"),
        ("HTTPS://example.com", "origin-upper-case at origins[0] -> https://example.com"),
        ("example.com", "origin-missing-scheme at origins[0] -> https://example.com"),
        ("localhost:3000", "origin-missing-scheme at origins[0] -> http://localhost:3000"),
        ("ws:example.com", "origin-missing-scheme at origins[0] -> https://example.com"),
        ("//example.com", "origin-missing-scheme at origins[0] -> https://example.com"),
        ("https://bücher.example", "origin-unicode-host at origins[0] -> https://xn--bcher-kva.example"),
        ("https://*.bücher.example", "origin-unicode-host at origins[0] -> https://*.xn--bcher-kva.example"),
        ("*example.com", "origin-wildcard-misplaced at origins[0] -> https://*.example.com"),
        ("https://*example.com", "origin-wildcard-misplaced at origins[0] -> https://*.example.com"),
        ("*.example.com", "origin-wildcard-misplaced at origins[0] -> https://*.example.com"),
        ("https://*.Example.com", "origin-upper-case at origins[0] -> https://*.example.com"),
        ("https://*.example.com/", "origin-path at origins[0] -> https://*.example.com"),
        ("https://*.example.com:443", "origin-default-port at origins[0] -> https://*.example.com"),
        ("https://api.*.example.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://api-*.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://api-*.co.uk", "origin-wildcard-misplaced at origins[0]"),
        ("https://*.api-*.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://*-api.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://*example.co.uk", "origin-wildcard-misplaced at origins[0] -> https://*.example.co.uk"),
        ("https://a-*.intranet", "origin-wildcard-misplaced at origins[0]"),
        ("https://a-*-*.example.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://a**b.example.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://xn--*.example.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://a.b*", "origin-wildcard-misplaced at origins[0]"),
        ("https://b*", "origin-wildcard-misplaced at origins[0]"),
        ("https://a-*.example.com:80*", "origin-wildcard-misplaced at origins[0]"),
        ("chrome-extension://abc*", "origin-wildcard-misplaced at origins[0]"),
        ("https://A-*.example.com/", "origin-path at origins[0] -> https://a-*.example.com"),
        ("a-*.example.com", "origin-wildcard-misplaced at origins[0] -> https://a-*.example.com"),
        ("*--acme.netlify.app", "origin-wildcard-misplaced at origins[0] -> https://*--acme.netlify.app"),
        ("https://app-*.vercel.app", "origin-shared-suffix at origins[0]"),
        ("https://app-*-team.vercel.app", "origin-shared-suffix at origins[0]"),
        ("https://app-*.run.app", "origin-shared-suffix at origins[0]"),
        ("https://app-*.uc.r.appspot.com", "origin-shared-suffix at origins[0]"),
        ("https://s3-*.amazonaws.com", "origin-above-suffixes at origins[0]"),
        ("https://*-acme.netlify.app", "origin-shared-suffix at origins[0]"),
        ("moz-extension://*", "origin-any-app-host at origins[0]"),
        ("vscode-webview://*", "origin-any-app-host at origins[0]"),
        ("app://*", "origin-any-app-host at origins[0]"),
        ("app://*:*", "origin-any-host at origins[0]"),
        ("app://*.*", "origin-any-host at origins[0]"),
        ("file://*", "origin-any-host at origins[0]"),
        ("wss://*", "origin-any-host at origins[0]"),
        ("blob:https://example.com/0f5c", "origin-opaque-scheme at origins[0] -> https://example.com"),
        ("about:blank", "origin-opaque-scheme at origins[0]"),
        ("^https://.*$", "origin-regular-expression at origins[0]"),
        (r"https://.*\.example\.com", "origin-regular-expression at origins[0]"),
        (r"/^https:\/\/example/", "origin-regular-expression at origins[0]"),
        ("re:https://.*", "origin-regular-expression at origins[0]"),
        ("${APP_ORIGIN}", "origin-variable at origins[0]"),
        ("https://${HOST}", "origin-variable at origins[0]"),
        ("192.168.1.0/24", "origin-address-range at origins[0]"),
        ("http://10.0.0.*", "origin-address-range at origins[0]"),
        ("http://192.168.*", "origin-address-range at origins[0]"),
        ("http://192.168.1.1*:3000", "origin-address-range at origins[0]"),
        ("https://example.com:0", "origin-port-invalid at origins[0]"),
        ("http://127.0.0.1:0", "origin-port-invalid at origins[0]"),
        ("http://localhost:6000", "origin-port-blocked at origins[0]"),
        ("https://example.*", "origin-wildcard-misplaced at origins[0]"),
        ("https://example.com*", "origin-wildcard-misplaced at origins[0]"),
        ("*://example.com", "origin-wildcard-misplaced at origins[0]"),
        ("https://*", "origin-any-host at origins[0]"),
        ("https://*:*", "origin-any-host at origins[0]"),
        ("http://*.*", "origin-any-host at origins[0]"),
        ("h*", "origin-wildcard-misplaced at origins[0]"),
        ("**", "origin-wildcard-misplaced at origins[0]"),
        ("null", "origin-null at origins[0]"),
        ("NULL", "origin-null at origins[0]"),
        ("", "origin-empty at origins[0]"),
        (" ", "origin-empty at origins[0]"),
        (" https://example.com", "origin-whitespace at origins[0] -> https://example.com"),
        ("https://example.com\n", "origin-whitespace at origins[0] -> https://example.com"),
        (
            "https://a.example, https://b.example",
            "origin-several-values at origins[0] -> \"https://a.example\", \"https://b.example\"",
        ),
        (
            "https://a.example https://b.example",
            "origin-several-values at origins[0] -> \"https://a.example\", \"https://b.example\"",
        ),
        ("https://a.example,", "origin-several-values at origins[0]"),
        ("http://::1", "origin-ipv6-brackets at origins[0] -> http://[::1]"),
        ("http://::1:3000", "origin-ipv6-brackets at origins[0] -> http://[::1]:3000"),
        ("http://[0:0:0:0:0:0:0:1]", "origin-ipv6-form at origins[0] -> http://[::1]"),
        ("http://127.1", "origin-ipv4-form at origins[0] -> http://127.0.0.1"),
        ("https://example.com:https", "origin-port-invalid at origins[0]"),
        ("https://example.com:99999", "origin-port-invalid at origins[0]"),
        ("https://example.com?a", "origin-query at origins[0] -> https://example.com"),
        ("https://example.com#a", "origin-fragment at origins[0] -> https://example.com"),
        ("https://user@example.com", "origin-user-info at origins[0] -> https://example.com"),
        ("https://", "origin-missing-host at origins[0]"),
        ("file:///home/me", "origin-opaque-scheme at origins[0]"),
        ("file://", "origin-opaque-scheme at origins[0]"),
        ("wss://example.com", "origin-scheme-never-sent at origins[0] -> https://example.com"),
        ("ws://localhost:3000", "origin-scheme-never-sent at origins[0] -> http://localhost:3000"),
        ("https://*.github.io", "origin-public-suffix at origins[0]"),
        ("https://*.com", "origin-public-suffix at origins[0]"),
        ("https://*.co.uk", "origin-public-suffix at origins[0]"),
        ("https://*.com.", "origin-public-suffix at origins[0]"),
        ("https://*.127.0.0.1", "origin-no-subdomains at origins[0]"),
        ("https://*.[::1]", "origin-no-subdomains at origins[0]"),
        ("chrome-extension://*", "origin-any-app-host at origins[0]"),
        ("chrome-extension://*.abc", "origin-no-subdomains at origins[0]"),
        ("capacitor://localhost:*", "origin-no-ports at origins[0]"),
        ("https://ex ample.com", "origin-whitespace at origins[0]"),
        ("https://xn--a.example", "origin-host-invalid at origins[0]"),
    ];
    for (text, expected) in cases {
        let found = found(&config(&[text]));
        assert_eq!(found.first().map(String::as_str), Some(*expected), "{text}: {found:?}");
    }
}

#[test]
fn a_host_that_is_too_long_is_refused_and_not_lost() {
    let label = "a".repeat(60);
    let host = [label.as_str(); 5].join(".");
    assert_eq!(found(&config(&[&format!("https://{host}")])), ["origin-host-invalid at origins[0]"]);
}

/// What stands after `*.` leaves room for a subdomain, or nothing would ever match.
#[test]
fn the_length_of_a_host_counts_without_its_dot_and_with_its_wildcard() {
    let host = |length: usize| {
        let labels = "a".repeat(63) + "." + &"b".repeat(63) + "." + &"c".repeat(63) + ".";
        labels.clone() + &"d".repeat(length - labels.len() - 4) + ".com"
    };
    let too_long = ["origin-host-invalid at origins[0]"];
    let table = [
        (format!("https://{}", host(253)), false),
        (format!("https://{}.", host(253)), false),
        (format!("https://{}", host(254)), true),
        (format!("https://{}.", host(254)), true),
        (format!("https://*.{}", host(251)), false),
        (format!("https://*.{}", host(252)), true),
        (format!("https://*.{}", host(254)), true),
    ];
    for (entry, is_too_long) in table {
        let found = found(&config(&[&entry]));
        assert_eq!(found == too_long, is_too_long, "{entry}: {found:?}");
    }
}

#[test]
fn what_is_meant_is_right_itself() {
    let texts = [
        "*example.com",
        "https://*.Example.com/",
        "*.bücher.example:*",
        "localhost:*",
        "HTTP://LOCALHOST:*/",
    ];
    for text in texts {
        for problem in problems(&config(&[text])).iter().filter(|problem| problem.is_error()) {
            let meant = problem.suggestion.clone().unwrap_or_else(|| panic!("{text}: {problem}"));
            let again = problems(&config(&[&meant]));
            assert!(again.iter().all(|problem| !problem.is_error()), "{text}: {meant}: {again:?}");
        }
    }
}

#[test]
fn entries_that_are_right_have_no_problem() {
    let right = [
        "https://app.example.com",
        "https://*.example.com",
        "http://localhost:*",
        "http://localhost:3000",
        "http://[::1]:9090",
        "http://127.0.0.1:5173",
        "https://*.example.com:8443",
        "https://*.example.com:*",
        "chrome-extension://abcdef",
        "capacitor://localhost",
        "tauri://localhost",
        "https://xn--bcher-kva.example",
        "https://*.example.co.uk",
        "http://*.localhost:*",
        "https://10.0.0.1",
        "moz-extension://0f5c6a1e-0b1f-4d2a-9d5a-1c2b3a4d5e6f",
        "app://.",
        "https://app-*.example.com",
        "https://app-*-team.example.com:*",
        "https://*.pr-*.example.com",
        "https://*--acme.netlify.app",
        "https://deploy-preview-*--acme.netlify.app",
        "http://app-*.localhost:*",
    ];
    for text in right {
        assert_eq!(found(&config(&[text])), Vec::<String>::new(), "{text}");
    }
}

/// A policy with one change.
fn with(change: impl FnOnce(&mut PolicyConfig)) -> PolicyConfig {
    let mut config = config(&["https://app.example"]);
    change(&mut config);
    config
}

#[test]
fn methods_headers_and_max_age_are_checked() {
    type Change = fn(&mut PolicyConfig);
    let cases: &[(&str, Change, &[&str])] = &[
        ("lower case", |c| c.methods = texts(&["put"]), &["method-lower-case at methods[0] -> PUT"]),
        ("patch", |c| c.methods = texts(&["PUT", "patch"]), &["method-lower-case at methods[1] -> PATCH"]),
        ("of one's own", |c| c.methods = texts(&["Chicken"]), &["method-unusual at methods[0]"]),
        (
            "forbidden",
            |c| c.methods = texts(&["TRACE", "connect"]),
            &["method-forbidden at methods[0]", "method-forbidden at methods[1]"],
        ),
        (
            "a list in a text",
            |c| c.methods = texts(&["GET, PUT"]),
            &["method-several-values at methods[0] -> \"GET\", \"PUT\""],
        ),
        (
            "a list of what is no text",
            |c| c.methods = texts(&["\0 \0"]),
            &["method-several-values at methods[0]"],
        ),
        ("blank", |c| c.methods = texts(&[" PUT"]), &["method-invalid at methods[0] -> PUT"]),
        ("empty", |c| c.methods = texts(&[""]), &["method-invalid at methods[0]"]),
        ("mixed", |c| c.methods = texts(&["*", "PUT"]), &["method-any-mixed at methods[0]"]),
        ("twice", |c| c.methods = texts(&["PUT", "PUT"]), &["method-redundant at methods[1]"]),
        ("any", |c| c.methods = texts(&["*"]), &[]),
        (
            "cookie",
            |c| c.request_headers = texts(&["Cookie"]),
            &["request-header-cookie at request-headers[0]"],
        ),
        (
            "origin",
            |c| c.request_headers = texts(&["Origin"]),
            &["request-header-forbidden at request-headers[0]"],
        ),
        (
            "sec-",
            |c| c.request_headers = texts(&["sec-*"]),
            &["request-header-forbidden at request-headers[0]"],
        ),
        (
            "response header",
            |c| c.request_headers = texts(&["Access-Control-Allow-Origin"]),
            &["request-header-is-response-header at request-headers[0]"],
        ),
        (
            "colon",
            |c| c.request_headers = texts(&["X-A:"]),
            &["request-header-invalid at request-headers[0] -> X-A"],
        ),
        (
            "list",
            |c| c.request_headers = texts(&["X-A,X-B"]),
            &["request-header-several-values at request-headers[0] -> \"X-A\", \"X-B\""],
        ),
        (
            "prefix without dash",
            |c| c.request_headers = texts(&["x-acme*"]),
            &["request-header-wildcard-misplaced at request-headers[0] -> x-acme-*"],
        ),
        (
            "suffix",
            |c| c.request_headers = texts(&["*-id"]),
            &["request-header-wildcard-misplaced at request-headers[0]"],
        ),
        (
            "in the middle",
            |c| c.request_headers = texts(&["x-*-id"]),
            &["request-header-wildcard-misplaced at request-headers[0]"],
        ),
        (
            "mixed",
            |c| c.request_headers = texts(&["*", "X-A"]),
            &["request-header-any-mixed at request-headers[1]"],
        ),
        ("authorization is no mix", |c| c.request_headers = texts(&["*", "Authorization"]), &[]),
        (
            "twice",
            |c| c.request_headers = texts(&["X-A", "x-a"]),
            &["request-header-redundant at request-headers[1]"],
        ),
        (
            "covered",
            |c| c.request_headers = texts(&["x-acme-a", "X-Acme-*"]),
            &["request-header-redundant at request-headers[0]"],
        ),
        ("prefix", |c| c.request_headers = texts(&["x-acme-*"]), &[]),
        (
            "set-cookie",
            |c| c.expose_headers = texts(&["Set-Cookie"]),
            &["expose-header-forbidden at expose-headers[0]"],
        ),
        (
            "request header",
            |c| c.expose_headers = texts(&["Origin"]),
            &["expose-header-is-request-header at expose-headers[0]"],
        ),
        ("a fresh token", |c| c.expose_headers = texts(&["Authorization"]), &[]),
        (
            "of preflights",
            |c| c.expose_headers = texts(&["Access-Control-Allow-Methods", "access-control-max-age"]),
            &[
                "expose-header-preflight-only at expose-headers[0]",
                "expose-header-preflight-only at expose-headers[1]",
            ],
        ),
        (
            "readable anyway",
            |c| c.expose_headers = texts(&["Content-Type"]),
            &["expose-header-redundant at expose-headers[0]"],
        ),
        (
            "mixed",
            |c| c.expose_headers = texts(&["ETag", "*"]),
            &["expose-header-any-mixed at expose-headers[1]"],
        ),
        ("pattern", |c| c.expose_headers = texts(&["x-*"]), &["expose-header-invalid at expose-headers[0]"]),
        (
            "list",
            |c| c.expose_headers = texts(&["ETag, Link"]),
            &["expose-header-several-values at expose-headers[0] -> \"ETag\", \"Link\""],
        ),
        (
            "blank",
            |c| c.expose_headers = texts(&["ETag "]),
            &["expose-header-invalid at expose-headers[0] -> ETag"],
        ),
        ("not a length", |c| c.max_age = Some("ten minutes".to_owned()), &["max-age-invalid at max-age"]),
        ("negative", |c| c.max_age = Some("-1".to_owned()), &["max-age-invalid at max-age -> 0s"]),
        ("a week", |c| c.max_age = Some("7d".to_owned()), &["max-age-out-of-range at max-age -> 2h"]),
        (
            "huge",
            |c| c.max_age = Some("99999999999999999999999".to_owned()),
            &["max-age-out-of-range at max-age -> 2h"],
        ),
        ("over Chromium's", |c| c.max_age = Some("3h".to_owned()), &["max-age-over-cap at max-age -> 2h"]),
        ("off", |c| c.max_age = Some("0".to_owned()), &[]),
        (
            "for everybody, and for nobody else",
            |c| {
                c.origins = texts(&["*"]);
                c.resource_policy = Some(ResourcePolicy::SameOrigin);
            },
            &["resource-policy-any-origin at resource-policy -> cross-origin"],
        ),
        (
            "for everybody, within one site",
            |c| {
                c.origins = texts(&["*"]);
                c.resource_policy = Some(ResourcePolicy::SameSite);
            },
            &[],
        ),
        ("for listed origins", |c| c.resource_policy = Some(ResourcePolicy::SameOrigin), &[]),
        (
            "unknown acknowledgement",
            |c| c.acknowledge = texts(&["nonsense"]),
            &["acknowledge-unknown at acknowledge[0]"],
        ),
        (
            "not to be acknowledged",
            |c| c.acknowledge = texts(&["origin-path"]),
            &["acknowledge-unknown at acknowledge[0]"],
        ),
        (
            "nothing to acknowledge",
            |c| c.acknowledge = texts(&["origin-insecure"]),
            &["acknowledge-unused at acknowledge[0]"],
        ),
    ];
    for (name, change, expected) in cases {
        assert_eq!(found(&with(change)), *expected, "{name}");
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    type Change = fn(&mut PolicyConfig);
    let cases: &[(&str, Change, &[&str])] = &[
        ("any origin", |c| c.origins = texts(&["*"]), &["credentials-any-origin at origins[0]"]),
        ("null", |c| c.null_origin = true, &["credentials-null-origin at null-origin"]),
        (
            "http",
            |c| c.origins = texts(&["http://app.example"]),
            &["credentials-insecure-origin at origins[0] -> https://app.example"],
        ),
        (
            "http subdomains",
            |c| c.origins = texts(&["http://*.app.example"]),
            &["credentials-insecure-origin at origins[0] -> https://*.app.example"],
        ),
        (
            "this machine is exempt",
            |c| c.origins = texts(&["http://localhost:*", "http://127.0.0.1", "http://[::1]:1234"]),
            &[],
        ),
        (
            "any exposed",
            |c| c.expose_headers = texts(&["*"]),
            &["credentials-any-exposed at expose-headers[0]"],
        ),
        (
            "any port",
            |c| c.origins = texts(&["https://app.example:*"]),
            &["credentials-any-port at origins[0]"],
        ),
        (
            "this machine beside others",
            |c| c.origins = texts(&["https://app.example", "http://localhost:*", "http://127.0.0.1:3000"]),
            &["credentials-local-origin at origins[1]"],
        ),
        (
            "a shared suffix",
            |c| c.origins = texts(&["https://app-*-team.vercel.app"]),
            &["credentials-shared-suffix at origins[0]"],
        ),
        ("a site's own previews", |c| c.origins = texts(&["https://*--acme.netlify.app"]), &[]),
        ("a part of a label", |c| c.origins = texts(&["https://app-*.example.com"]), &[]),
        (
            "any app",
            |c| c.origins = texts(&["moz-extension://*"]),
            &["credentials-any-app-host at origins[0]"],
        ),
        ("an app", |c| c.origins = texts(&["capacitor://localhost", "https://app.example"]), &[]),
        (
            "a public suffix",
            |c| c.origins = texts(&["https://*.github.io"]),
            &["credentials-public-suffix at origins[0]"],
        ),
        (
            "a parent of public suffixes",
            |c| c.origins = texts(&["https://*.core.windows.net"]),
            &["origin-above-suffixes at origins[0]"],
        ),
        (
            "any header",
            |c| c.request_headers = texts(&["*"]),
            &["credentials-any-request-header at request-headers[0]"],
        ),
        ("any method", |c| c.methods = texts(&["*"]), &[]),
    ];
    for (name, change, expected) in cases {
        let found = found(&with(|config| {
            config.credentials = true;
            change(config);
        }));
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn an_error_refuses_and_a_lint_advises() {
    let mut insecure = with(|c| c.origins = texts(&["http://app.example"]));
    assert_eq!(found(&insecure), ["origin-insecure at origins[0] -> https://app.example"]);
    assert!(Policy::new(&insecure).is_ok());
    insecure.acknowledge = texts(&["origin-insecure"]);
    assert!(found(&insecure).is_empty());

    insecure.credentials = true;
    insecure.acknowledge.clear();
    assert!(Policy::new(&insecure).is_err());
    insecure.acknowledge = texts(&["credentials-insecure-origin"]);
    assert!(Policy::new(&insecure).unwrap().lints().is_empty());
}

#[test]
fn what_can_be_a_choice_is_acknowledged() {
    let choices = [
        ("https://app-*-team.vercel.app", "credentials-shared-suffix"),
        ("vscode-webview://*", "credentials-any-app-host"),
        ("http://app.example", "credentials-insecure-origin"),
    ];
    for (entry, code) in choices {
        let mut policy = PolicyConfig { credentials: true, ..config(&[entry]) };
        assert!(Policy::new(&policy).is_err(), "{entry}");
        policy.acknowledge = texts(&[code]);
        assert!(Policy::new(&policy).unwrap().lints().is_empty(), "{entry}");
    }
    for entry in ["https://*example.com", "https://*.github.io"] {
        let acknowledge = texts(&["origin-wildcard-misplaced", "credentials-public-suffix"]);
        let policy = PolicyConfig { credentials: true, acknowledge, ..config(&[entry]) };
        assert!(Policy::new(&policy).is_err(), "{entry}");
    }
}

/// A lookup may allow an http origin exactly where this is acknowledged, so it does something although no entry needs it.
#[test]
fn an_acknowledgement_that_lookups_read_is_not_unused() {
    let for_lookups = PolicyConfig {
        credentials: true,
        acknowledge: texts(&["credentials-insecure-origin", "origin-none"]),
        ..config(&[])
    };
    assert!(found(&for_lookups).is_empty());
    assert_eq!(
        found(&PolicyConfig { credentials: false, ..for_lookups }),
        ["acknowledge-unused at acknowledge[0]"]
    );
}

#[test]
fn an_acknowledgement_is_not_needed_twice() {
    let twice = with(|c| {
        c.origins = texts(&["http://app.example"]);
        c.acknowledge = texts(&["origin-insecure", "origin-insecure"]);
    });
    assert!(found(&twice).is_empty());
    let unused = with(|c| c.acknowledge = texts(&["origin-insecure", "acknowledge-unused"]));
    assert!(found(&unused).is_empty(), "that, too, can be acknowledged");
}

#[test]
fn entries_that_others_cover_are_found() {
    let origins = [
        "https://app.example",
        "https://*.example.com",
        "https://a.example.com",
        "https://*.b.example.com",
        "https://example.com",
        "http://localhost:*",
        "http://localhost:3000",
        "http://localhost",
        "https://app.example",
        "https://a.b.example.com:8443",
        "https://pr-*.example.org",
        "https://pr-1-*.example.org",
        "https://pr-7.example.org",
        "https://pr-.example.org",
        "https://a-pr-1.example.org",
        "https://pr-*.example.com",
        "https://*.pr-1.example.org",
        "moz-extension://*",
        "moz-extension://abc",
        "https://pr-*.example.org:8443",
    ];
    let mut expected =
        [2, 3, 6, 7, 8, 11, 12, 15, 18].map(|index| format!("origin-redundant at origins[{index}]")).to_vec();
    expected.insert(0, "origin-any-app-host at origins[17]".to_owned());
    assert_eq!(found(&config(&origins)), expected);
}

#[test]
fn everything_is_reported_at_once_and_in_order() {
    let mut many = config(&["https://a.example/", "https://ok.example", "*"]);
    many.methods = texts(&["put"]);
    many.request_headers = texts(&["Cookie"]);
    many.expose_headers = texts(&["Set-Cookie"]);
    many.max_age = Some("soon".to_owned());
    many.credentials = true;
    many.acknowledge = texts(&["x"]);
    let expected = [
        "origin-path at origins[0] -> https://a.example",
        "credentials-any-origin at origins[2]",
        "origin-any-mixed at origins[2]",
        "method-lower-case at methods[0] -> PUT",
        "request-header-cookie at request-headers[0]",
        "expose-header-forbidden at expose-headers[0]",
        "max-age-invalid at max-age",
        "acknowledge-unknown at acknowledge[0]",
    ];
    assert_eq!(found(&many), expected);
}

#[test]
fn nobody_is_a_policy_and_says_so() {
    assert_eq!(found(&config(&[])), ["origin-none at origins"]);
    assert!(found(&PolicyConfig { null_origin: true, ..config(&[]) }).is_empty());
}

#[test]
fn every_sentence_names_what_stands_there_and_ends() {
    let sources = [
        config(&["https://a.example/", "x\u{1b}[31m", "\u{1}x://*"]),
        with(|c| c.max_age = Some("soon".to_owned())),
        config(&[]),
    ];
    for problem in sources.iter().flat_map(problems) {
        let sentence = problem.to_string();
        assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
        assert!(!sentence.contains('\u{1b}'), "control characters are escaped: {sentence:?}");
    }
}

/// No code is there for nothing: the tables above, or a policy file, produce each.
#[test]
fn every_code_has_a_case() {
    let source = include_str!("problems.rs");
    let of_files = [
        ProblemCode::AtInvalid,
        ProblemCode::AtRepeated,
        ProblemCode::PassWithKeys,
        ProblemCode::EnvironmentMissing,
        ProblemCode::FileSyntax,
        ProblemCode::KeyUnknown,
        ProblemCode::KeyMissing,
        ProblemCode::ValueType,
    ];
    let without: Vec<_> = ProblemCode::ALL
        .iter()
        .filter(|code| !of_files.contains(code) && !source.contains(&format!("\"{code} at ")))
        .map(|code| code.as_str())
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn rare_codes() {
    assert_eq!(found(&config(&["1https://example.com"])), ["origin-scheme-invalid at origins[0]"]);
    assert_eq!(found(&config(&["https://*.intranet"])), ["origin-unknown-suffix at origins[0]"]);
    let severities: Vec<_> =
        problems(&config(&["https://*.intranet"])).iter().map(|problem| problem.code.severity()).collect();
    assert_eq!(severities, [Severity::Lint]);
}
