//! `Timing-Allow-Origin`: whether the page may see how long the response took.

use corsac::browser::{Engine, Mode};

use crate::pair::{Pair, Written, Wrong, redirects, request, respond, seen};

const OWN: &str = "https://app.example/";
const B: &str = "https://b.example/";

#[test]
fn timing_is_for_the_own_origin_and_for_those_that_are_named() {
    let rows: &[(&str, &str, Mode, &[&str], bool)] = &[
        ("own origin", OWN, Mode::Cors, &[], true),
        ("other origin", B, Mode::Cors, &[], false),
        ("`*`", B, Mode::Cors, &["*"], true),
        ("the origin", B, Mode::Cors, &["https://app.example"], true),
        ("another origin", B, Mode::Cors, &["https://other.example"], false),
        ("a trailing slash", B, Mode::Cors, &["https://app.example/"], false),
        ("in a list", B, Mode::Cors, &["https://other.example, https://app.example"], true),
        ("on a second line", B, Mode::Cors, &["https://other.example", "https://app.example"], true),
        ("in quotes", B, Mode::Cors, &["\"*\""], false),
        ("after a quoted comma", B, Mode::Cors, &["\"a, b\", *"], true),
        ("inside quotes that never close", B, Mode::Cors, &["\"a, *"], false),
        ("no-cors", B, Mode::NoCors, &["*"], true),
        ("no-cors, not named", B, Mode::NoCors, &[], false),
    ];
    let mut wrong = Wrong::default();
    for (row, address, mode, lines, expected) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |_| {
                let mut response = respond(200, &[("Access-Control-Allow-Origin", "*")]);
                for line in *lines {
                    response.headers.append("Timing-Allow-Origin", *line);
                }
                response
            });
            let outcome = pair.fetch(request("GET", address).mode(*mode));
            wrong.compare(row, engine, seen(&outcome).timing_allowed, *expected);
        }
    }
}

#[test]
fn every_response_on_the_way_has_to_name_the_page() {
    const C: &str = "https://c.example/";
    let rows: &[(&str, &str, &str, &[&str], bool)] = &[
        ("both", B, "https://b.example/2", &["https://b.example/", "https://b.example/2"], true),
        ("only the last", B, "https://b.example/2", &["https://b.example/2"], false),
        ("only the first", B, "https://b.example/2", &["https://b.example/"], false),
        // After B to C the origin is null, which the servers do not name.
        ("both, but the origin is tainted", B, C, &["https://b.example/", C], false),
        ("own, then the other", OWN, B, &[B], true),
    ];
    let mut wrong = Wrong::default();
    for (row, from, to, naming, expected) in rows {
        for engine in Engine::ALL {
            let hops = [(*from, 302, *to)];
            let mut pair = Pair::new(engine, |exchange| {
                let mut response = redirects(&hops)(exchange);
                if naming.contains(&exchange.url.as_str()) {
                    response.headers.append("Timing-Allow-Origin", "https://app.example");
                }
                response
            });
            let outcome = pair.fetch(request("GET", from));
            wrong.compare(row, engine, seen(&outcome).timing_allowed, *expected);
        }
    }
}

#[test]
fn an_opaque_redirect_has_a_timing_too() {
    for engine in Engine::ALL {
        for (address, expected) in [(OWN, true), (B, false)] {
            let hops = [(address, 302, "/2")];
            let mut pair = Pair::new(engine, redirects(&hops));
            let outcome = pair.fetch(
                request("GET", address).with(|init| init.redirect = corsac::browser::RedirectMode::Manual),
            );
            assert_eq!(seen(&outcome).timing_allowed, expected, "{address}, {engine:?}");
        }
    }
}

#[test]
fn a_navigation_across_origins_needs_to_be_named() {
    for engine in Engine::ALL {
        for (address, lines, expected) in
            [(OWN, &[][..], true), (B, &[][..], false), (B, &[("Timing-Allow-Origin", "*")][..], true)]
        {
            let mut pair = Pair::new(engine, |_| respond(200, lines));
            let outcome = pair.fetch(request("GET", address).mode(Mode::Navigate));
            assert_eq!(seen(&outcome).timing_allowed, expected, "{address}, {engine:?}");
        }
    }
}
