//! What remains after a refusal: a preflight to a URL that is refused, and cache entries that are kept or not.

use corsac::browser::{Exchange, ExchangeKind, RedirectMode, RequestInit, ResponseHead};

use crate::each;
use crate::pair::{Pair, Written, request, verdict};
use crate::pair::{redirects, reflect, respond};

const OWN: &str = "https://app.example/";
const B: &str = "https://b.example/";
const C: &str = "https://c.example/";
const MIXED: &str = "http://b.example/";

/// From, status, to.
type Hops = &'static [(&'static str, u16, &'static str)];

/// Responds like `server`, and lets preflights be kept for ten minutes.
fn kept(server: impl Fn(&Exchange) -> ResponseHead) -> impl Fn(&Exchange) -> ResponseHead {
    move |exchange| {
        let mut response = server(exchange);
        response.headers.delete("access-control-max-age");
        response.headers.append("access-control-max-age", "600");
        response
    }
}

#[test]
fn webkit_preflights_some_redirects_before_it_refuses_them() {
    // Cases seed-777/1962 and seed-777/5995 of the conformance tests.
    let rows = [
        ("mixed content", B, MIXED, "failed: mixed-content", [false, false, false, true]),
        ("mixed content from home", OWN, MIXED, "failed: mixed-content", [false, false, false, true]),
        (
            "a user from home",
            OWN,
            "https://u@b.example/",
            "blocked: redirect-credentials",
            [false, false, false, true],
        ),
        ("a user from B", B, "https://u@c.example/", "blocked: redirect-credentials", [false; 4]),
    ];
    for (row, from, to, expected, asks) in rows {
        for (engine, asks) in each(&asks) {
            let hops = [(from, 307, to)];
            let mut pair = Pair::new(engine, redirects(&hops));
            assert_eq!(verdict(&pair.fetch(request("PUT", from))), expected, "{row}, {engine:?}");
            let wire = pair.wire();
            let last = wire.last().unwrap();
            assert_eq!(last.starts_with("OPTIONS "), asks, "{row}, {engine:?}: {last}");
        }
    }
}

#[test]
fn a_failure_drops_answers_by_each_engines_rule() {
    // Cases seed-777/1033 and seed-777/2606 of the conformance tests.
    let rows: [(&str, RequestInit, Hops, [bool; 4]); 3] = [
        ("a simple request", request("GET", B), &[], [false, false, true, false]),
        (
            "redirect mode error",
            request("PUT", B).with(|init| init.redirect = RedirectMode::Error),
            &[(B, 307, C)],
            [true, false, false, false],
        ),
        ("a redirect to mixed content", request("PUT", B), &[(B, 307, MIXED)], [false, false, true, false]),
    ];
    for (row, failing, hops, asks) in rows {
        for (engine, asks) in each(&asks) {
            let mut pair = Pair::new(engine, kept(reflect));
            pair.fetch(request("PUT", B));
            pair.serve(|exchange| match exchange.kind {
                ExchangeKind::Request if hops.is_empty() => respond(200, &[]),
                _ => kept(redirects(hops))(exchange),
            });
            pair.fetch(failing.clone());
            pair.serve(kept(reflect));
            assert_eq!(pair.preflights(request("PUT", B)), asks, "{row}, {engine:?}");
        }
    }
}

#[test]
fn an_answer_for_null_lives_within_one_fetch_in_two_engines() {
    // Case seed-777/444 of the conformance tests: redirects that lead back.
    const THERE_AND_BACK: Hops =
        &[(B, 307, C), (C, 307, "https://b.example/2"), ("https://b.example/2", 307, C)];
    const TO_ITSELF: Hops = &[(B, 307, "?2"), ("https://b.example/?2", 307, "?2")];
    let rows: [(&str, &str, Hops, [usize; 4]); 2] = [
        ("a tainted origin", "https://app.example", THERE_AND_BACK, [3, 21, 3, 3]),
        ("a page of an opaque origin", "null", TO_ITSELF, [2; 4]),
    ];
    for (row, page, hops, preflights) in rows {
        for (engine, expected) in each(&preflights) {
            let mut pair = Pair::new(engine, kept(redirects(hops)));
            pair.fetch(request("PUT", B).in_page(page));
            let count = pair.wire().iter().filter(|line| line.starts_with("OPTIONS ")).count();
            assert_eq!(count, expected, "{row}, {engine:?}");
        }
    }
}
