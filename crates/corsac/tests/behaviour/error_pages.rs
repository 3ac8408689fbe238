//! Responses that fail the CORS check because somebody else answered: the reason says who, and what browsers print stays the CORS reason.

use corsac::browser::{Engine, Outcome, ReasonCode, RefusedRedirect, ResponseHead, Verdict};

use crate::pair::{Pair, Wrong, request, respond, url};

const API: &str = "https://api.example/";

fn reasons(outcome: &Outcome) -> (&'static str, &'static str, Verdict) {
    let refusal = outcome.refusal().unwrap();
    (refusal.reason.code().as_str(), refusal.printed_reason().code().as_str(), outcome.verdict())
}

#[test]
fn an_error_page_a_login_and_a_challenge_are_told_apart_from_a_missing_header() {
    const MISSING: (&str, Verdict) = ("allow-origin-missing", Verdict::Blocked);
    const ERROR: (&str, Verdict) = ("error-status-without-cors", Verdict::Failed);
    const LOGIN: (&str, Verdict) = ("login-redirect", Verdict::Failed);
    const CHALLENGE: (&str, Verdict) = ("challenge-page", Verdict::Failed);
    type Row = (&'static str, u16, &'static [(&'static str, &'static str)], (&'static str, Verdict));
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        ("200", 200, &[], MISSING),
        ("399", 399, &[], MISSING),
        ("400", 400, &[], ERROR),
        ("404", 404, &[("Content-Type", "text/html")], ERROR),
        ("502", 502, &[], ERROR),
        ("an error of a server that knows CORS", 500, &[("Access-Control-Allow-Methods", "GET")], MISSING),
        ("a redirect elsewhere", 302, &[("Location", "/new")], MISSING),
        ("a redirect to a login", 302, &[("Location", "https://login.example/?next=/")], LOGIN),
        ("a redirect to OpenID Connect", 307, &[("Location", "https://id.example/x?client_id=1&redirect_uri=2")], LOGIN),
        ("a login of a server that knows CORS", 302, &[("Location", "/login"), ("Access-Control-Max-Age", "1")], MISSING),
        ("a Cloudflare challenge", 403, &[("cf-mitigated", "challenge")], CHALLENGE),
        ("Cloudflare Access", 403, &[("WWW-Authenticate", "Cloudflare-Access resource=1")], CHALLENGE),
        ("a challenge with status 200", 200, &[("x-amzn-waf-action", "captcha")], CHALLENGE),
        ("a challenge's header on another status", 500, &[("cf-mitigated", "challenge")], ERROR),
    ];
    let mut wrong = Wrong::default();
    for (row, status, lines, (code, expected)) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |_| respond(*status, lines));
            let outcome = pair.fetch(request("GET", API));
            wrong.compare(row, engine, reasons(&outcome), (code, "allow-origin-missing", *expected));
            wrong.compare(row, engine, outcome.refusal().unwrap().status, Some(*status));
        }
    }
}

#[test]
fn another_failure_of_the_cors_check_is_what_it_is() {
    let rows: &[(&str, &str)] =
        &[("https://other.example", "allow-origin-mismatch"), ("", "allow-origin-invalid")];
    for engine in Engine::ALL {
        for (value, expected) in rows {
            let mut pair = Pair::new(engine, |_| respond(500, &[("Access-Control-Allow-Origin", value)]));
            let outcome = pair.fetch(request("GET", API));
            assert_eq!(reasons(&outcome), (*expected, *expected, Verdict::Blocked), "{engine:?}");
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
fn a_challenge_in_place_of_a_preflight_is_named_and_an_error_status_is_not_needed() {
    let challenge: ResponseHead = respond(403, &[("cf-mitigated", "challenge")]);
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, |_| challenge.clone());
        let outcome = pair.fetch(request("PUT", API));
        if engine == Engine::WebKit {
            // It looks at the status first.
            assert_eq!(outcome.refusal().unwrap().printed_reason().code(), ReasonCode::PreflightStatus);
        } else {
            assert_eq!(
                reasons(&outcome),
                ("challenge-page", "allow-origin-missing", Verdict::Failed),
                "{engine:?}"
            );
        }
    }
}

#[test]
fn login_pages_are_known_by_whole_words() {
    let leads_to_login = |location| RefusedRedirect::new(url(API), location).leads_to_login();
    for location in [
        "/login",
        "https://sso.example/",
        "/users/sign_in",
        "/LOGIN",
        "https://a.example/oauth2/authorize",
        "/a?client_id=1&redirect_uri=2",
    ] {
        assert!(leads_to_login(location), "{location}");
    }
    for location in ["/blogin", "/authors", "https://example.com/logins", "/a?login=1", "/new", ""] {
        assert!(!leads_to_login(location), "{location}");
    }
}
