//! What is written for each target. Whether it works on the real servers is what `scripts/stacks` shows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // as in any test

use std::path::Path;
use std::time::Duration;

use corsac::server::{
    Enforce, PathPrefix, Placed, Placement, Policy, PolicyBuilder, PolicyChoice, ResourcePolicy,
};
use corsac_stacks::{CompileOptions, Feature, Support, Target, Upstream, compile, limits, support};

mod schemas;

fn text(target: Target, placement: &Placement) -> String {
    compile(target, placement, &CompileOptions::default()).unwrap().text
}

fn named(name: &str, policy: &PolicyBuilder) -> Placement {
    Placement::new(Placed::new(name, policy.build().unwrap()))
}

/// The usual policy, or what is left of it in a service without patterns, credentials or two lists of headers.
fn usual_for(target: Target) -> PolicyBuilder {
    let listed = |headers: &[&str], exposed: &str| {
        Policy::builder(["https://app.example.com", "https://www.example.com"])
            .methods(["PUT", "DELETE"])
            .request_headers(headers.iter().copied())
            .expose_headers([exposed])
            .max_age(Duration::from_secs(3_600))
    };
    match target {
        Target::ApiGateway | Target::LambdaUrl | Target::AzureBlob => {
            listed(&["Authorization", "Content-Type"], "ETag").credentials(true)
        }
        Target::Gcs => listed(&["Content-Type"], "Content-Type"),
        _ => usual(),
    }
}

/// A policy that nearly every target can hold.
fn usual() -> PolicyBuilder {
    Policy::builder(["https://app.example.com", "https://*.preview.example.com"])
        .methods(["PUT", "DELETE"])
        .request_headers(["Authorization", "Content-Type"])
        .expose_headers(["ETag"])
        .credentials(true)
        .max_age(Duration::from_secs(3_600))
}

#[test]
fn each_target_has_its_form_of_the_usual_policy() {
    for target in Target::ALL {
        insta::assert_snapshot!(target.as_str(), text(*target, &named("app", &usual_for(*target))));
    }
}

#[test]
fn a_whole_file_forwards_requests() {
    let options = CompileOptions::default().with(|options| {
        options.whole_file = true;
        options.upstream = Some(Upstream::parse("http://127.0.0.1:3000").unwrap());
    });
    for target in Target::ALL.iter().filter(|target| target.has_whole_file()) {
        let compiled = compile(*target, &named("app", &usual()), &options).unwrap();
        insta::assert_snapshot!(format!("{}-whole", target.as_str()), compiled.text);
    }
}

#[test]
fn each_path_has_its_policy_and_one_is_passed_on() {
    let public = Policy::builder(["*"]).timing(true).resource_policy(ResourcePolicy::CrossOrigin);
    let admin = Policy::builder(["https://admin.example.com"]).resource_policy(ResourcePolicy::SameSite);
    let placement = named("public", &public)
        .at(PathPrefix::parse("/admin").unwrap(), Placed::new("admin", admin.build().unwrap()))
        .at(PathPrefix::parse("/store").unwrap(), Placed::new("store", PolicyChoice::Pass));
    for target in [
        Target::Nginx,
        Target::Apache,
        Target::Caddy,
        Target::Haproxy,
        Target::Envoy,
        Target::Express,
        Target::Django,
        Target::Lighttpd,
        Target::Aspnet,
        Target::Rails,
        Target::Laravel,
    ] {
        insta::assert_snapshot!(format!("{}-places", target.as_str()), text(target, &placement));
    }
}

#[test]
fn a_gateway_has_a_route_for_each_path() {
    let public = Policy::builder(["*"]).timing(true).resource_policy(ResourcePolicy::CrossOrigin);
    let admin = Policy::builder(["https://admin.example.com"]).request_headers(["Content-Type"]);
    let placement = named("public", &public)
        .at(PathPrefix::parse("/admin").unwrap(), Placed::new("admin", admin.build().unwrap()))
        .at(PathPrefix::parse("/store").unwrap(), Placed::new("store", PolicyChoice::Pass));
    for target in [Target::GatewayApi, Target::Istio, Target::EnvoyGateway] {
        let text = text(target, &placement);
        schemas::check(target, &text);
        insta::assert_snapshot!(format!("{}-places", target.as_str()), text);
    }
}

#[test]
fn a_limit_is_named_with_what_breaks_it() {
    let many = (0..65).map(|number| format!("https://a{number}.example.com"));
    let app = || Policy::builder(["https://app.example.com"]).credentials(true);
    let cases: [(&str, Target, PolicyBuilder, &str); 9] = [
        ("number of origins", Target::GatewayApi, Policy::builder(many), "There are 65 origins."),
        (
            "host that is an address",
            Target::GatewayApi,
            Policy::builder(["http://[::1]:3000"]),
            "`http://[::1]:3000`",
        ),
        (
            "host with an underscore",
            Target::GatewayApi,
            Policy::builder(["https://a_b.example.com"]),
            "`https://a_b.",
        ),
        ("method of one's own", Target::Istio, app().methods(["PURGE"]), "`PURGE`"),
        (
            "resource policy by origin",
            Target::Istio,
            app().resource_policy(ResourcePolicy::SameSite),
            "fixed values",
        ),
        (
            "credentials that are always sent",
            Target::S3,
            app().credentials(false),
            "does not allow credentials",
        ),
        (
            "two wildcards",
            Target::S3,
            Policy::builder(["https://*.example.com:*"]).credentials(true),
            "`https://*.example.com:*`",
        ),
        ("method of no bucket", Target::S3, app().methods(["PATCH"]), "`PATCH`"),
        ("no request header", Target::Cloudfront, app(), "at least one request header"),
    ];
    for (name, target, policy, word) in cases {
        let refused = compile(target, &named("app", &policy), &CompileOptions::default()).unwrap_err();
        assert!(refused.reason.contains(word), "{name}: {refused}");
        assert!(limits(target).any(|limit| refused.reason.starts_with(limit)), "{name}: {refused}");
    }
}

#[test]
fn a_target_that_was_not_run_says_so() {
    let s3 = compile(Target::S3, &named("app", &usual()), &CompileOptions::default()).unwrap();
    assert!(s3.notes.iter().any(|note| note.starts_with("Not run: ")), "{:?}", s3.notes);
    let nginx = compile(Target::Nginx, &named("app", &usual()), &CompileOptions::default()).unwrap();
    assert!(nginx.notes.is_empty(), "{:?}", nginx.notes);
}

#[test]
fn every_policy_of_the_harness_is_written_or_refused_for_the_reason_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/stacks/policies");
    let mut pairs = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let placement: Placement = corsac_config::PolicyFile::read(&path).unwrap().placement().into();
        for target in Target::ALL.iter().copied() {
            pairs += 1;
            let refused = match compile(target, &placement, &CompileOptions::default()) {
                Ok(compiled) => {
                    schemas::check(target, &compiled.text);
                    continue;
                }
                Err(refused) => refused,
            };
            let is_in_the_table = limits(target).any(|limit| refused.reason.starts_with(limit))
                || Feature::ALL.iter().any(|feature| {
                    matches!(support(target, *feature), Support::Refused { reason, .. } if reason == refused.reason)
                });
            assert!(
                is_in_the_table && !refused.instead.is_empty(),
                "{} for {path:?}: {refused}",
                target.as_str()
            );
        }
    }
    assert!(pairs >= 14 * Target::ALL.len(), "{pairs} pairs");
}

/// Calls this with a policy for each combination of keys.
fn each_combination(mut with: impl FnMut(&PolicyBuilder, Policy)) {
    let origins: [&[&str]; 4] =
        [&["*"], &[], &["https://app.example.com"], &["https://*.example.com", "https://a.example.org:8443"]];
    let methods: [&[&str]; 3] = [&[], &["PUT"], &["*"]];
    let headers: [&[&str]; 5] = [&[], &["Content-Type"], &["x-acme-*"], &["*"], &["*", "Authorization"]];
    for (origins, methods) in origins.iter().flat_map(|one| methods.iter().map(move |other| (*one, *other))) {
        for (headers, bits) in headers.iter().flat_map(|headers| [0, 1, 14, 15].map(|bits| (*headers, bits)))
        {
            let is = |bit: u32| bits & 1 << bit != 0;
            let builder = Policy::builder(origins.to_vec())
                .methods(methods)
                .request_headers(headers)
                .credentials(is(0))
                .timing(is(1))
                .expose_headers(is(2).then_some("ETag"))
                .max_age(Duration::from_secs(if is(3) { 0 } else { 600 }));
            let builder = if is(1) { builder.resource_policy(ResourcePolicy::SameSite) } else { builder };
            if let Ok(policy) = builder.build() {
                with(&builder, policy);
            }
        }
    }
}

/// A value that a template does not have would be written as `none`.
#[test]
fn each_combination_of_keys_is_written_whole_or_refused() {
    let missing = regex::Regex::new(r#"["'(=:\s]none["');,\n]"#).unwrap();
    let mut written = 0;
    each_combination(|builder, policy| {
        for target in Target::ALL.iter().copied() {
            let placement = Placement::new(Placed::new("app", policy.clone()));
            let has_paths = !matches!(support(target, Feature::At), Support::Refused { .. });
            let placement = if has_paths {
                placement.at(PathPrefix::parse("/store").unwrap(), Placed::new("store", PolicyChoice::Pass))
            } else {
                placement
            };
            match compile(target, &placement, &CompileOptions::default()) {
                Ok(compiled) => {
                    let text = compiled.text.replace("[\"none\"]", "");
                    assert!(!missing.is_match(&text), "{target:?} {builder:?}: {text}");
                    schemas::check(target, &compiled.text);
                    written += 1;
                }
                Err(refused) => {
                    assert!(!refused.reason.contains("mistake"), "{target:?} {builder:?}: {refused}");
                }
            }
        }
    });
    assert!(written > 1_500, "{written}");
}

#[test]
fn a_refusal_names_the_feature_and_what_is_possible() {
    let cases: [(Target, PolicyBuilder, &str); 4] = [
        (Target::Nginx, usual().enforce(Enforce::Block), "enforce"),
        (Target::Traefik, usual().request_headers(["x-acme-*"]), "Traefik"),
        (Target::GoJub0bs, Policy::builder(["https://app.example.com"]).null_origin(true), "null"),
        (Target::GoRsCors, usual().timing(true), "Timing-Allow-Origin"),
    ];
    for (target, policy, word) in cases {
        let refused = compile(target, &named("app", &policy), &CompileOptions::default()).unwrap_err();
        assert!(refused.reason.contains(word), "{refused}");
        assert!(refused.instead.ends_with('.'), "{refused}");
    }
    assert!(
        compile(Target::Axum, &named("app", &usual().enforce(Enforce::Block)), &CompileOptions::default())
            .is_ok()
    );
}

#[test]
fn a_path_that_servers_decode_in_different_ways_is_refused() {
    for path in ["/a%20b", "/a[b", "/a|b", "/a;b"] {
        let placement = Placement::new(Placed::new("none", PolicyChoice::NoPolicy))
            .at(PathPrefix::parse(path).unwrap(), Placed::new("app", usual().build().unwrap()));
        let refused = compile(Target::Nginx, &placement, &CompileOptions::default()).unwrap_err();
        assert!(refused.reason.contains(path), "{refused}");
    }
}

#[test]
fn a_placement_without_a_policy_is_refused() {
    let placement = Placement::new(Placed::new("none", PolicyChoice::NoPolicy));
    assert!(compile(Target::Nginx, &placement, &CompileOptions::default()).is_err());
}

#[test]
fn a_policy_name_stays_in_its_comment() {
    for target in Target::ALL.iter().copied().filter(|target| !matches!(target, Target::Axum | Target::Actix))
    {
        let text = text(target, &named("app\nevil */ ?> line\r\u{2028}end", &usual_for(target)));
        for line in text.lines().filter(|line| line.contains("evil *")) {
            let before = line.split_once("evil").map_or("", |(before, _)| before);
            assert!(before.contains(target.comment()), "{target:?}: {line}");
        }
        assert!(!text.contains("?>"), "{target:?}: PHP ends there");
        assert!(!text.contains('\u{2028}'), "{target:?}: JavaScript ends a line there");
    }
}

#[test]
fn an_upstream_is_a_scheme_a_host_and_a_port() {
    for url in ["http://127.0.0.1:3000", "https://app.example", "http://[::1]:8080", "http://app:80/"] {
        assert!(Upstream::parse(url).is_ok() || url.ends_with(":80/"), "{url}");
    }
    for url in [
        "app:3000",
        "http://user:secret@app",
        "http://app/v1",
        "http://app?x",
        "http://a b",
        "http://app;}",
        "ftp://app",
        "",
        "http://app\n",
    ] {
        let error = Upstream::parse(url).unwrap_err();
        assert!(error.contains("http://127.0.0.1:3000"), "{url}: {error}");
    }
}
