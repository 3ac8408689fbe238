//! The law: what `policy compile` writes, imported again, is the policy. What a target loses is named here.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // as in any test

use std::time::Duration;

use corsac::server::{PathPrefix, Placed, Placement, Policy, PolicyConfig};
use corsac_import::{Kind, NoteKind, Source, import, no_includes};
use corsac_stacks::{CompileOptions, Target, compile};
use proptest::prelude::*;
use proptest::sample::subsequence;

/// Each kind that a target writes.
const PAIRS: &[(Target, Kind)] = &[
    (Target::Nginx, Kind::Nginx),
    (Target::Apache, Kind::Apache),
    (Target::Caddy, Kind::Caddy),
    (Target::Haproxy, Kind::Haproxy),
    (Target::Envoy, Kind::Envoy),
    (Target::Traefik, Kind::Traefik),
];

const ORIGINS: [&str; 9] = [
    "https://app.example.com",
    "https://app.example.com:8443",
    "http://localhost:*",
    "https://*.example.org",
    "https://*.example.net:*",
    "https://app-*.example.info",
    "https://*--shop.example.com",
    "app://.",
    "http://[::1]:3000",
];
const METHODS: [&str; 4] = ["PUT", "DELETE", "PATCH", "PURGE"];
const HEADERS: [&str; 4] = ["Authorization", "Content-Type", "X-Acme-Id", "If-Match"];
const EXPOSED: [&str; 3] = ["ETag", "X-Total-Count", "Location"];

fn policies() -> impl Strategy<Value = PolicyConfig> {
    let lists = (
        subsequence(ORIGINS.to_vec(), 0..=5),
        subsequence(METHODS.to_vec(), 0..=3),
        subsequence(HEADERS.to_vec(), 0..=3),
        subsequence(EXPOSED.to_vec(), 0..=2),
    );
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), 0_u64..86_400);
    (lists, flags).prop_filter_map(
        "valid",
        |((origins, methods, headers, exposed), (everybody, credentials, null, seconds))| {
            let everybody = everybody && origins.is_empty();
            let builder = Policy::builder(if everybody { vec!["*"] } else { origins })
                .methods(methods)
                .request_headers(headers)
                .expose_headers(exposed)
                .credentials(credentials && !everybody)
                .null_origin(null && !credentials && !everybody)
                .max_age(Duration::from_secs(seconds));
            builder.build().ok().map(|policy| policy.config())
        },
    )
}

/// What makes a difference, in one order.
fn plainly(config: &PolicyConfig) -> String {
    let sorted = |list: &[String], lower: bool| {
        let mut list: Vec<String> =
            list.iter().map(|item| if lower { item.to_ascii_lowercase() } else { item.clone() }).collect();
        list.sort();
        list
    };
    let policy = Policy::new(config).unwrap();
    format!(
        "{:?} {:?} {:?} {:?} {} {} {:?}",
        sorted(&config.origins, false),
        sorted(&config.methods, false),
        sorted(&config.request_headers, true),
        sorted(&config.expose_headers, true),
        config.credentials,
        config.null_origin,
        policy.max_age()
    )
}

fn imported(
    target: Target,
    kind: Kind,
    placement: &Placement,
) -> Option<Vec<(Option<String>, PolicyConfig)>> {
    let compiled = compile(target, placement, &CompileOptions::default()).ok()?;
    let source = Source { name: target.file().to_owned(), text: compiled.text };
    let imported = import(kind, source.clone(), &mut no_includes, &[])
        .unwrap_or_else(|error| panic!("{error}\n{}", source.text));
    for note in &imported.notes {
        // A policy may allow `null`. What is written for Traefik lists `none` where no origin should match.
        let is_known = note.code == "null-origin-allowed"
            || target == Target::Traefik && note.message.starts_with("`none` never matches");
        assert!(note.kind > NoteKind::Dead || is_known, "{target:?}: {note:?}\n{}", source.text);
    }
    Some(
        imported
            .policies
            .into_iter()
            .map(|policy| (policy.at.map(|at| at.as_str().to_owned()), policy.config))
            .collect(),
    )
}

fn named(name: &str, config: &PolicyConfig) -> Placed {
    Placed::new(name, Policy::new(config).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_compiled_policy_is_imported_as_it_was(config in policies()) {
        for (target, kind) in PAIRS {
            let Some(found) = imported(*target, *kind, &Placement::new(named("app", &config))) else { continue };
            if config.origins.is_empty() && !config.null_origin {
                // Nobody may read, so nothing else can be seen.
                prop_assert!(found.iter().all(|(_, config)| config.origins.is_empty()), "{target:?}: {found:?}");
                continue;
            }
            prop_assert_eq!(found.len(), 1, "{:?}: {:?}", target, found);
            prop_assert_eq!(plainly(&found[0].1), plainly(&config), "{:?}", target);
        }
    }

    #[test]
    fn each_path_keeps_its_policy(main in policies(), part in policies()) {
        if main.origins.is_empty() || part.origins.is_empty() || plainly(&main) == plainly(&part) {
            return Ok(());
        }
        let path = PathPrefix::parse("/admin").unwrap();
        let placement = Placement::new(named("app", &main)).at(path, named("admin", &part));
        for (target, kind) in PAIRS {
            let Some(found) = imported(*target, *kind, &placement) else { continue };
            let at = |path: Option<&str>| found.iter().find(|(at, _)| at.as_deref() == path).map(|(_, config)| plainly(config));
            prop_assert_eq!(at(None), Some(plainly(&main)), "{:?}", target);
            prop_assert_eq!(at(Some("/admin")), Some(plainly(&part)), "{:?}", target);
        }
    }
}

/// What compiled files lose, each with the reason.
#[test]
fn what_is_lost_is_known() {
    let prefix = Policy::builder(["https://app.example.com"]).request_headers(["x-acme-*"]).build().unwrap();
    for (target, kind) in PAIRS {
        let Some(found) = imported(*target, *kind, &Placement::new(named("app", &prefix.config()))) else {
            continue;
        };
        // No answer names a prefix: only names that are asked for are repeated.
        assert_eq!(found[0].1.request_headers, Vec::<String>::new(), "{target:?}");
    }
}
