//! Entries of `origins`, alone and in lists.

use corsac::server::{PolicyConfig, Severity};

use super::{found, problems};
use crate::{config, strings};

#[test]
fn each_mistake_in_an_origin_has_its_code_and_suggestion() {
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
        ("*example.com", "origin-missing-scheme at origins[0] -> https://*.example.com"),
        ("https://*example.com", "origin-wildcard-misplaced at origins[0] -> https://*.example.com"),
        ("*.example.com", "origin-missing-scheme at origins[0] -> https://*.example.com"),
        ("*.example.com/", "origin-missing-scheme at origins[0] -> https://*.example.com"),
        ("//", "origin-missing-scheme at origins[0]"),
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
        ("a-*.example.com", "origin-missing-scheme at origins[0] -> https://a-*.example.com"),
        ("*--acme.netlify.app", "origin-missing-scheme at origins[0] -> https://*--acme.netlify.app"),
        ("https://app-*.vercel.app", "origin-shared-suffix at origins[0]"),
        ("https://app-*-team.vercel.app", "origin-shared-suffix at origins[0]"),
        ("https://app-*.run.app", "origin-shared-suffix at origins[0]"),
        ("https://app-*.uc.r.appspot.com", "origin-shared-suffix at origins[0]"),
        ("https://s3-*.amazonaws.com", "origin-above-suffixes at origins[0]"),
        ("https://*-acme.netlify.app", "origin-shared-suffix at origins[0]"),
        ("moz-extension://*", "origin-any-app-host at origins[0]"),
        ("vscode-webview://*", "origin-any-app-host at origins[0]"),
        ("app://*", "origin-any-app-host at origins[0]"),
        ("app://*:*", "origin-no-ports at origins[0]"),
        ("app://*.*", "origin-no-subdomains at origins[0]"),
        ("file://*", "origin-opaque-scheme at origins[0]"),
        ("wss://*", "origin-scheme-never-sent at origins[0]"),
        ("moz-extension://*/", "origin-path at origins[0]"),
        ("moz-extension://*:*", "origin-no-ports at origins[0]"),
        ("moz-extension://*:80", "origin-no-ports at origins[0]"),
        ("MOZ-EXTENSION://*", "origin-upper-case at origins[0]"),
        ("1app://*", "origin-scheme-invalid at origins[0]"),
        ("https://*/", "origin-any-host at origins[0]"),
        ("HTTPS://*", "origin-any-host at origins[0]"),
        ("https://example.com/*", "origin-path at origins[0] -> https://example.com"),
        ("https://user*@example.com", "origin-user-info at origins[0] -> https://example.com"),
        ("https://user:pass*@example.com", "origin-user-info at origins[0] -> https://example.com"),
        ("https://example.com:80*/", "origin-path at origins[0]"),
        ("https://example.*/login", "origin-wildcard-misplaced at origins[0]"),
        ("https://example.com:8080:*", "origin-port-invalid at origins[0]"),
        ("https://example.com:80", "origin-port-other-scheme at origins[0] -> https://example.com"),
        ("https://*.example.com:80", "origin-port-other-scheme at origins[0] -> https://*.example.com"),
        ("http://localhost:443", "origin-port-other-scheme at origins[0] -> https://localhost"),
        ("blob:https://example.com/0f5c", "origin-opaque-scheme at origins[0] -> https://example.com"),
        ("about:blank", "origin-opaque-scheme at origins[0]"),
        ("^https://.*$", "origin-regular-expression at origins[0]"),
        (r"https://.*\.example\.com", "origin-regular-expression at origins[0]"),
        (r"/^https:\/\/example/", "origin-regular-expression at origins[0]"),
        ("re:https://.*", "origin-regular-expression at origins[0]"),
        ("^acme", "origin-regular-expression at origins[0]"),
        ("acme.com$", "origin-regular-expression at origins[0]"),
        ("(www|app).acme.com", "origin-regular-expression at origins[0]"),
        ("/acme/", "origin-regular-expression at origins[0]"),
        ("/^acme/i", "origin-regular-expression at origins[0]"),
        ("~acme", "origin-regular-expression at origins[0]"),
        ("regex:acme", "origin-regular-expression at origins[0]"),
        ("${APP_ORIGIN}", "origin-variable at origins[0]"),
        ("https://${HOST}", "origin-variable at origins[0]"),
        ("https://{{ host }}", "origin-variable at origins[0]"),
        ("$APP_ORIGIN", "origin-variable at origins[0]"),
        ("192.168.1.0/24", "origin-address-range at origins[0]"),
        ("http://10.0.0.*", "origin-address-range at origins[0]"),
        ("http://192.168.*", "origin-address-range at origins[0]"),
        ("http://192.168.1.1*:3000", "origin-address-range at origins[0]"),
        ("http://10.1.*.1*", "origin-address-range at origins[0]"),
        ("http://[fe80::]/64", "origin-address-range at origins[0]"),
        ("https://10.0.0.1/", "origin-path at origins[0] -> https://10.0.0.1"),
        ("https://10.0.0.1/v1", "origin-path at origins[0] -> https://10.0.0.1"),
        ("https://10.0.0.1/login", "origin-path at origins[0] -> https://10.0.0.1"),
        ("https://10.0.0.1/2026", "origin-path at origins[0] -> https://10.0.0.1"),
        ("https://example.com/24", "origin-path at origins[0] -> https://example.com"),
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
        ("**", "origin-any-host at origins[0]"),
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

/// What `*` cannot stand for, and what to write instead.
#[test]
fn a_wildcard_in_the_wrong_place_is_answered_with_the_reason() {
    let table = [
        ("https://xn--*.example.com", "starts with `xn--`"),
        ("https://*-*.example.com", "only one `*`"),
        ("https://*app*.example.com", "only one `*`"),
        ("https://example.*", "another ending"),
        ("https://api.*.example.com", "only at the start of the host"),
        ("*://example.com", "cannot stand for a scheme"),
        ("https://example.com:80*", "`:*` for every port"),
        ("*-*.example.com", "only one `*`"),
        ("xn--*", "starts with `xn--`"),
        ("*-*", "only one `*`"),
        ("*app*", "only one `*`"),
        ("*app*", "starts with a scheme"),
        ("*.example.com", "starts with a scheme"),
    ];
    for (text, reason) in table {
        let found = problems(&config(&[text]));
        assert!(found[0].message.contains(reason), "{text}: {}", found[0]);
    }
    let long = |length: usize| format!("https://{}*.example.com", "a".repeat(length - 1));
    assert_eq!(found(&config(&[&long(64)])), ["origin-host-invalid at origins[0]"]);
    assert!(found(&config(&[&long(63)])).is_empty());
}

#[test]
fn a_port_that_is_refused_is_not_among_those_that_the_message_names() {
    let problem = problems(&config(&["https://example.com:65536"])).remove(0);
    assert!(problem.message.contains("from 1 to 65535"), "{problem}");
}

#[test]
fn every_host_of_an_app_is_suggested_where_that_is_acknowledged() {
    let suggested = |text: &str| {
        let acknowledge = strings(&["origin-any-app-host"]);
        found(&PolicyConfig { acknowledge, ..config(&[text]) }).remove(0)
    };
    let table = [
        ("MOZ-EXTENSION://*", "origin-upper-case at origins[0] -> moz-extension://*"),
        ("moz-extension://*/", "origin-path at origins[0] -> moz-extension://*"),
        ("moz-extension://*:80", "origin-no-ports at origins[0] -> moz-extension://*"),
        ("moz-extension://*.*", "origin-no-subdomains at origins[0] -> moz-extension://*"),
    ];
    for (text, expected) in table {
        assert_eq!(suggested(text), expected, "{text}");
    }
}

/// `https://*` would otherwise be suggested, which covers every host.
#[test]
fn a_scheme_of_the_web_is_not_suggested_for_every_host() {
    for text in ["WSS://*", "wss://*", "ws://*/"] {
        for problem in problems(&config(&[text])) {
            assert_eq!(problem.suggestion, None, "{problem}");
            assert!(!problem.message.contains("://*"), "{problem}");
        }
    }
}

#[test]
fn rare_codes() {
    assert_eq!(
        found(&config(&["https://acme.example."])),
        ["origin-trailing-dot at origins[0] -> https://acme.example"]
    );
    assert_eq!(
        found(&config(&["https://*.acme.example.:8443"])),
        ["origin-trailing-dot at origins[0] -> https://*.acme.example:8443"]
    );
    assert_eq!(found(&config(&["1https://example.com"])), ["origin-scheme-invalid at origins[0]"]);
    assert_eq!(found(&config(&["https://*.intranet"])), ["origin-unknown-suffix at origins[0]"]);
    let severities: Vec<_> =
        problems(&config(&["https://*.intranet"])).iter().map(|problem| problem.code.severity()).collect();
    assert_eq!(severities, [Severity::Lint]);
}

#[test]
fn a_host_that_is_too_long_is_refused_and_not_lost() {
    let label = "a".repeat(60);
    let host = [label.as_str(); 5].join(".");
    assert_eq!(found(&config(&[&format!("https://{host}")])), ["origin-host-invalid at origins[0]"]);
}

/// The part after `*.` has to leave room for a subdomain, or the entry would never match.
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
fn a_suggestion_is_valid() {
    let texts = [
        "*example.com",
        "https://*.Example.com/",
        "*.bücher.example:*",
        "localhost:*",
        "HTTP://LOCALHOST:*/",
    ];
    for text in texts {
        for problem in problems(&config(&[text])).iter().filter(|problem| problem.is_error()) {
            let suggestion = problem.suggestion.clone().unwrap_or_else(|| panic!("{text}: {problem}"));
            let again = problems(&config(&[&suggestion]));
            assert!(again.iter().all(|problem| !problem.is_error()), "{text}: {suggestion}: {again:?}");
        }
    }
}

#[test]
fn valid_entries_have_no_problem() {
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
