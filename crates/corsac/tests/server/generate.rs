//! Generates valid policies, and origins that resemble those of a policy.

use corsac::server::{Enforce, Policy, PolicyConfig, ResourcePolicy};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::strings;

/// Entries that can be combined in any selection, with or without credentials.
const ORIGINS: &[&str] = &[
    "https://app.example",
    "https://app.example:8443",
    "https://*.app.example",
    "https://*.deep.app.example:*",
    "https://example.com",
    "https://*.example.com",
    "https://*.example.com:8443",
    "https://xn--bcher-kva.example",
    "https://*.xn--bcher-kva.example",
    "https://a_b.example",
    "https://trailing.example.",
    "https://*.trailing.example.",
    "http://localhost:3000",
    "http://localhost:*",
    "http://*.localhost:*",
    "http://127.0.0.1:5173",
    "http://[::1]:3000",
    "http://[::1]:*",
    "https://10.0.0.1",
    "https://www.example.co.uk",
    "https://*.example.co.uk",
    "chrome-extension://abcdefghijklmnop",
    "capacitor://localhost",
    "tauri://localhost",
    "https://a.b.c.d.e.f.example.com",
    "https://foo.com",
    "https://bar.com",
    "https://app-*.example.com",
    "https://app-*-team.example.com",
    "https://*-team.example.com:*",
    "https://*.pr-*.app.example",
    "https://a-*.b-*.app.example",
    "https://*--acme.netlify.app",
    "https://deploy-preview-*--acme.netlify.app",
    "app://.",
];

/// Entries that are errors with credentials.
const WITHOUT_CREDENTIALS: &[&str] = &[
    "https://*.github.io",
    "https://*.run.app",
    "https://app-*.vercel.app",
    "https://app-*-team.vercel.app",
    "http://*.example.com",
    "http://app-*.example.com",
    "moz-extension://*",
    "app://*",
];

const METHODS: &[&str] = &["PUT", "DELETE", "PATCH", "GET", "PROPFIND", "X-1"];
const REQUEST_HEADERS: &[&str] =
    &["Authorization", "Content-Type", "x-acme-*", "X-A", "If-None-Match", "range", "x-acme-b"];
const EXPOSE_HEADERS: &[&str] = &["ETag", "X-Total", "link"];

/// Generates policies that are accepted.
pub(crate) fn config() -> impl Strategy<Value = PolicyConfig> {
    let some = |items: &'static [&'static str], most| {
        subsequence(items.to_vec(), 0..=most).prop_map(|items| strings(&items)).prop_shuffle()
    };
    let or_any = |list: BoxedStrategy<Vec<String>>| prop_oneof![5 => list, 1 => Just(strings(&["*"]))];
    let entries = (some(ORIGINS, 8), prop::bool::weighted(0.2), some(WITHOUT_CREDENTIALS, 3));
    let entries =
        entries.prop_map(|(origins, more, others)| if more { [origins, others].concat() } else { origins });
    let origins = or_any(entries.boxed());
    let lists = (
        origins,
        or_any(some(METHODS, 3).boxed()),
        request_headers(),
        or_any(some(EXPOSE_HEADERS, 2).boxed()),
    );
    let flags = any::<[bool; 3]>();
    let max_age = prop::option::of((0u32..=86_400).prop_map(|seconds| seconds.to_string()));
    let resource_policy = prop::option::of(select(vec![
        ResourcePolicy::SameOrigin,
        ResourcePolicy::SameSite,
        ResourcePolicy::CrossOrigin,
    ]));
    let enforce = select(vec![Enforce::Off, Enforce::Report, Enforce::Block]);
    (lists, flags, max_age, resource_policy, enforce).prop_map(
        |(
            (origins, methods, request_headers, expose_headers),
            [null_origin, credentials, timing],
            max_age,
            resource_policy,
            enforce,
        )| {
            let acknowledge = Vec::new();
            let mut config = PolicyConfig {
                origins,
                null_origin,
                methods,
                request_headers,
                expose_headers,
                credentials,
                max_age,
                timing,
                resource_policy,
                enforce,
                acknowledge,
            };
            let is_any = |list: &[String]| list.iter().any(|item| item == "*");
            config.credentials &= !null_origin && !is_any(&config.origins) && !is_any(&config.expose_headers);
            config.credentials &=
                !config.origins.iter().any(|origin| WITHOUT_CREDENTIALS.contains(&origin.as_str()));
            config
        },
    )
}

fn request_headers() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        4 => subsequence(REQUEST_HEADERS.to_vec(), 0..=4).prop_map(|items| strings(&items)),
        1 => Just(strings(&["*"])),
        1 => Just(strings(&["Authorization", "*"])),
    ]
}

/// Together with the rest of a label, this is just within the longest label, or just beyond it.
const LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Generates origins for a policy: its own, ones that its patterns cover, and lookalikes of these.
pub(crate) fn origin(config: &PolicyConfig) -> BoxedStrategy<String> {
    let own = if config.origins.is_empty() { strings(ORIGINS) } else { config.origins.clone() };
    let base = prop_oneof![3 => select(own), 1 => select(strings(ORIGINS))].prop_flat_map(|pattern| {
        let labels = select(vec![
            "a",
            "a.b",
            "xn--bcher-kva",
            "a_b",
            "-",
            "1",
            "xn--a",
            "A",
            "",
            ".",
            "a..b",
            "a.",
            "é",
            "*",
            "-",
            "a-b",
            "0",
            "x--y",
            LONG,
        ]);
        let ports = select(vec![
            "", ":1", ":443", ":80", ":8443", ":65535", ":65536", ":0", ":01", ":", ":*", ":+1", ":1:2",
        ]);
        (Just(pattern), labels, ports).prop_map(|(pattern, label, port)| {
            let filled = pattern.replacen("://*.", &format!("://{label}."), 1);
            let filled = match filled.split_once("://") {
                Some((scheme, host)) => {
                    let port = host.rfind(':').map_or("", |colon| &host[colon..]);
                    format!("{scheme}://{}{port}", host[..host.len() - port.len()].replace('*', label))
                }
                None => filled,
            };
            match filled.strip_suffix(":*") {
                Some(start) => format!("{start}{port}"),
                None => filled,
            }
        })
    });
    let twisted =
        (base.clone(), base.clone(), 0usize..29).prop_map(|(one, other, how)| twist(&one, &other, how));
    prop_oneof![6 => base, 6 => twisted, 1 => "\\PC{0,20}", 1 => Just("null".to_owned())].boxed()
}

/// Changes an origin as attackers, proxies and people who type it do.
fn twist(one: &str, other: &str, how: usize) -> String {
    let rest = |text: &str| text.split_once("://").map_or(String::new(), |(_, rest)| rest.to_owned());
    match how {
        0 => format!("{one}{}", rest(other)),
        1 => format!("{one}.evil.example"),
        2 => format!("https://evil{}", rest(one)),
        3 => format!("https://evil-{}", rest(one)),
        4 => one.replacen('.', "x", 1),
        5 => format!("{one}/"),
        6 => format!("{one}:443"),
        7 => one.to_uppercase(),
        8 => one.replacen("https", "http", 1),
        9 => format!("https://evil.example#.{}", rest(one)),
        10 => format!("https://evil.example/.{}", rest(one)),
        11 => format!("https://evil.example\\.{}", rest(one)),
        12 => format!("https://evil.example?.{}", rest(one)),
        13 => format!("https://user@{}", rest(one)),
        14 => format!("https://a b.{}", rest(one)),
        15 => format!("https://\u{7f}.{}", rest(one)),
        16 => format!("{one}."),
        17 => format!("https://.{}", rest(one)),
        18 => one.chars().take(one.chars().count().saturating_sub(1)).collect(),
        19 => one.chars().skip(1).collect(),
        20 => format!("{one}, {other}"),
        21 => format!("{one} {other}"),
        22 => format!("https://{}.{}", "a".repeat(240), rest(one)),
        23 => format!("https://{}{}", "a.".repeat(150), rest(one)),
        24 => format!("https://[::1].{}", rest(one)),
        25 => one.replacen('-', ".", 1),
        26 => one.replacen('-', "_", 1),
        27 => one.replacen('.', "-", 1),
        _ => format!("https://%61.{}", rest(one)),
    }
}

/// Generates a policy and an origin for it.
pub(crate) fn config_and_origin() -> impl Strategy<Value = (PolicyConfig, String)> {
    config().prop_flat_map(|config| {
        let origin = origin(&config);
        (Just(config), origin)
    })
}

#[test]
fn generated_policies_are_right() {
    proptest!(|(config in config())| {
        prop_assert!(Policy::new(&config).is_ok(), "{}", Policy::new(&config).unwrap_err());
    });
}
