//! Responses that fail the CORS check because something other than the application responded. To a browser they are responses without the
//! header, whatever their status. The diagnosis finds out what responded.

use corsac::browser::{Engine, Outcome, Verdict};

use crate::pair::{Pair, Wrong, request, respond};

const API: &str = "https://api.example/";

fn judged(outcome: &Outcome) -> (&'static str, Verdict) {
    (outcome.refusal().unwrap().reason.code().as_str(), outcome.verdict())
}

#[test]
fn a_response_without_the_header_is_blocked_whatever_its_status() {
    type Row = (&'static str, u16, &'static [(&'static str, &'static str)]);
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        ("200", 200, &[]),
        ("399", 399, &[]),
        ("400", 400, &[]),
        ("a refusal by origin", 403, &[("Vary", "Origin")]),
        ("404", 404, &[("Content-Type", "text/html")]),
        ("a list that throws", 500, &[]),
        ("502", 502, &[]),
        ("an error of a server that knows CORS", 500, &[("Access-Control-Allow-Methods", "GET")]),
        ("a redirect elsewhere", 302, &[("Location", "/new")]),
        ("a redirect to a login", 302, &[("Location", "https://login.example/?next=/")]),
        ("a Cloudflare challenge", 403, &[("cf-mitigated", "challenge")]),
        ("a challenge with status 200", 200, &[("x-amzn-waf-action", "captcha")]),
    ];
    let mut wrong = Wrong::default();
    for (row, status, lines) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |_| respond(*status, lines));
            let outcome = pair.fetch(request("GET", API));
            wrong.compare(row, engine, judged(&outcome), ("allow-origin-missing", Verdict::Blocked));
            wrong.compare(row, engine, outcome.refusal().unwrap().status, Some(*status));
        }
    }
}

#[test]
fn another_failure_of_the_cors_check_keeps_its_reason() {
    let rows: &[(&str, &str)] =
        &[("https://other.example", "allow-origin-mismatch"), ("", "allow-origin-invalid")];
    for engine in Engine::ALL {
        for (value, expected) in rows {
            let mut pair = Pair::new(engine, |_| respond(500, &[("Access-Control-Allow-Origin", value)]));
            let outcome = pair.fetch(request("GET", API));
            assert_eq!(judged(&outcome), (*expected, Verdict::Blocked), "{engine:?}");
        }
    }
}

#[test]
fn an_error_page_that_script_may_read_is_a_response_like_others() {
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, |_| respond(500, &[("Access-Control-Allow-Origin", "*")]));
        let Outcome::Readable(response) = pair.fetch(request("GET", API)) else { panic!("{engine:?}") };
        assert_eq!(response.status, 500, "{engine:?}");
    }
}

#[test]
fn a_challenge_in_place_of_a_preflight_is_a_failed_preflight() {
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, |_| respond(403, &[("cf-mitigated", "challenge")]));
        // WebKit checks the status first.
        let code = if engine == Engine::WebKit { "preflight-status" } else { "allow-origin-missing" };
        assert_eq!(judged(&pair.fetch(request("PUT", API))), (code, Verdict::Blocked), "{engine:?}");
    }
}
