//! `Cross-Origin-Resource-Policy` and the page's embedder policy, for what a page loads without CORS.

use corsac::browser::{Credentials, EmbedderPolicy, Engine, Mode, Reason};

use crate::pair::{Pair, Written, Wrong, redirects, request, respond, verdict};

const SAME_SITE: &str = "https://api.site.example/";
const CROSS: &str = "https://other.example/";
const BLOCKED: &str = "failed: resource-policy";

#[test]
fn the_policy_of_the_resource_or_of_the_page_decides() {
    use EmbedderPolicy::{Credentialless, RequireCorp, UnsafeNone};
    type Row =
        (&'static str, &'static str, EmbedderPolicy, Credentials, &'static [&'static str], &'static str);
    const OMIT: Credentials = Credentials::Omit;
    const INCLUDE: Credentials = Credentials::Include;
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        ("nothing said", CROSS, UnsafeNone, OMIT, &[], "opaque"),
        ("cross-origin", CROSS, UnsafeNone, OMIT, &["cross-origin"], "opaque"),
        ("same-site from another site", CROSS, UnsafeNone, OMIT, &["same-site"], BLOCKED),
        ("same-origin from another site", CROSS, UnsafeNone, OMIT, &["same-origin"], BLOCKED),
        ("same-site within the site", SAME_SITE, UnsafeNone, OMIT, &["same-site"], "opaque"),
        ("same-origin within the site", SAME_SITE, UnsafeNone, OMIT, &["same-origin"], BLOCKED),
        ("in upper case it says nothing", CROSS, UnsafeNone, OMIT, &["Same-Origin"], "opaque"),
        ("two values say nothing", CROSS, UnsafeNone, OMIT, &["same-origin, same-origin"], "opaque"),
        ("two lines say nothing", CROSS, UnsafeNone, OMIT, &["same-origin", "same-site"], "opaque"),
        ("an unknown value says nothing", CROSS, UnsafeNone, OMIT, &["same"], "opaque"),
        ("require-corp: nothing said", CROSS, RequireCorp, OMIT, &[], BLOCKED),
        ("require-corp: nothing said within the site", SAME_SITE, RequireCorp, OMIT, &[], BLOCKED),
        ("require-corp: cross-origin", CROSS, RequireCorp, OMIT, &["cross-origin"], "opaque"),
        ("require-corp: two values", CROSS, RequireCorp, OMIT, &["cross-origin, cross-origin"], BLOCKED),
        ("credentialless: nothing said", CROSS, Credentialless, INCLUDE, &[], "opaque"),
        ("credentialless: same-site", CROSS, Credentialless, INCLUDE, &["same-site"], BLOCKED),
    ];
    let mut wrong = Wrong::default();
    for (row, address, policy, credentials, lines, expected) in rows {
        for engine in Engine::ALL {
            let lines: Vec<(&str, &str)> =
                lines.iter().map(|line| ("Cross-Origin-Resource-Policy", *line)).collect();
            let mut pair = Pair::new(engine, |_| respond(200, &lines));
            let get = request("GET", address).in_page("https://www.site.example").mode(Mode::NoCors);
            let outcome = pair.fetch(get.with(|init| {
                init.client.embedder_policy = *policy;
                init.credentials = *credentials;
            }));
            wrong.compare(row, engine, verdict(&outcome).as_str(), expected);
            let with_credentials = *credentials == INCLUDE && *policy != Credentialless;
            wrong.compare(row, engine, pair.take_exchanges()[0].credentials, with_credentials);
        }
    }
}

#[test]
fn a_secure_resource_is_not_of_the_same_site_as_an_insecure_page() {
    let rows = [
        ("http page, https resource", "http://www.site.example", "https://api.site.example/", BLOCKED),
        ("http page, http resource", "http://www.site.example", "http://api.site.example/", "opaque"),
        (
            "https page, https resource",
            "https://www.site.example",
            "https://api.site.example:8443/",
            "opaque",
        ),
    ];
    for (row, page, address, expected) in rows {
        for engine in Engine::ALL {
            let mut pair =
                Pair::new(engine, |_| respond(200, &[("Cross-Origin-Resource-Policy", "same-site")]));
            let outcome = pair.fetch(request("GET", address).in_page(page).mode(Mode::NoCors));
            assert_eq!(verdict(&outcome), expected, "{row}, {engine:?}");
        }
    }
}

#[test]
fn the_resource_policy_applies_neither_to_cors_nor_to_the_pages_own_origin() {
    for engine in Engine::ALL {
        let lines = [("Cross-Origin-Resource-Policy", "same-origin"), ("Access-Control-Allow-Origin", "*")];
        let require = |init: &mut corsac::browser::RequestInit| {
            init.client.embedder_policy = EmbedderPolicy::RequireCorp;
        };
        for (address, mode) in [(CROSS, Mode::Cors), ("https://app.example/", Mode::NoCors)] {
            let mut pair = Pair::new(engine, |_| respond(200, &lines));
            assert_eq!(
                verdict(&pair.fetch(request("GET", address).mode(mode).with(require))),
                "readable",
                "{engine:?}"
            );
        }
    }
}

#[test]
fn a_redirect_is_checked_too_and_the_reason_names_who_decided() {
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, |exchange| {
            let mut response = redirects(&[(CROSS, 302, "https://third.example/")])(exchange);
            response.headers.append("Cross-Origin-Resource-Policy", "same-origin");
            response
        });
        let outcome = pair.fetch(request("GET", CROSS).mode(Mode::NoCors));
        let declared = Reason::ResourcePolicy { value: Some("same-origin".into()), embedder_policy: None };
        assert_eq!(outcome.refusal().unwrap().reason, declared, "{engine:?}");
        assert_eq!(pair.wire().len(), 1, "{engine:?}");

        let mut pair = Pair::new(engine, |_| respond(200, &[("Cross-Origin-Resource-Policy", "nonsense")]));
        let outcome = pair.fetch(
            request("GET", CROSS)
                .mode(Mode::NoCors)
                .with(|init| init.client.embedder_policy = EmbedderPolicy::RequireCorp),
        );
        let by_page =
            Reason::ResourcePolicy { value: Some("nonsense".into()), embedder_policy: Some("require-corp") };
        assert_eq!(outcome.refusal().unwrap().reason, by_page, "{engine:?}");
    }
}

#[test]
fn a_partial_response_is_for_those_who_asked_for_a_part() {
    // In mode no-cors only the browser makes range requests; script cannot set `Range` there.
    for engine in Engine::ALL {
        for (status, range_requested, expected) in [
            (206, false, "opaque"),
            (206, true, "failed: range-not-requested"),
            (416, true, "failed: range-not-requested"),
            (200, true, "opaque"),
        ] {
            let mut pair = Pair::new(engine, |_| {
                let mut response = respond(status, &[]);
                response.range_requested = range_requested;
                response
            });
            assert_eq!(
                verdict(&pair.fetch(request("GET", CROSS).mode(Mode::NoCors))),
                expected,
                "{status}, {engine:?}"
            );
        }
    }
}
