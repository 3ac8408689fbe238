//! What a refusal contains in addition to its reason: whether CORS applied, the method, and the redirect.

use corsac::browser::{Engine, Mode, Reason, RedirectMode, RefusedRedirect, RequestInit, ResponseTainting};

use crate::pair::{Pair, Written, Wrong, redirects, request, respond};

const OWN: &str = "https://app.example/";
const OWN_2: &str = "https://app.example/2";
const B: &str = "https://b.example/";

/// From, status, to.
type Hops = &'static [(&'static str, u16, &'static str)];

fn no_follow(init: RequestInit) -> RequestInit {
    init.with(|init| init.redirect = RedirectMode::Error)
}

#[test]
fn a_refusal_says_whether_cors_was_in_force() {
    use ResponseTainting::{Basic, Cors, Opaque};
    const INVALID: &str = "https://";
    let rows: [(&str, RequestInit, Hops, ResponseTainting); 7] = [
        ("at the page's own origin", no_follow(request("GET", OWN)), &[(OWN, 302, B)], Basic),
        ("at another origin", no_follow(request("GET", B)), &[(B, 302, OWN)], Cors),
        ("from home to no URL", request("GET", OWN), &[(OWN, 302, INVALID)], Basic),
        ("through home", request("GET", OWN), &[(OWN, 302, B), (B, 302, INVALID)], Cors),
        ("home again", request("GET", B), &[(B, 302, OWN), (OWN, 302, INVALID)], Cors),
        ("no-cors", request("GET", B).mode(Mode::NoCors), &[(B, 302, INVALID)], Opaque),
        ("before the first URL", request("GET", "http://app.example/"), &[], Basic),
    ];
    let mut wrong = Wrong::default();
    for (row, init, hops, expected) in rows {
        for engine in Engine::ALL {
            let outcome = Pair::new(engine, redirects(hops)).fetch(init.clone());
            wrong.compare(row, engine, outcome.refusal().unwrap().response_tainting, expected);
        }
    }
}

#[test]
fn a_refusal_has_the_redirect_with_its_target_whatever_refused_it() {
    let row = |from: &str, location: &str, target: Option<&str>, mixed: bool| {
        let mut redirect = RefusedRedirect::new(from.parse().unwrap(), location);
        redirect.target = target.map(|target| target.parse().unwrap());
        redirect.target_is_mixed_content = mixed;
        redirect
    };
    // From, the redirect's headers, and what the refusal contains.
    let open = ("Access-Control-Allow-Origin", "*");
    let b = "https://b.example/#part";
    let rows = [
        ("no CORS headers", vec![("Location", "/2")], row(B, "/2", Some("https://b.example/2#part"), false)),
        ("to what is not a URL", vec![open, ("Location", "https://")], row(B, "https://", None, false)),
        (
            "to a password",
            vec![open, ("Location", "//u:p@c.example/")],
            row(B, "//u:p@c.example/", Some("https://u:p@c.example/#part"), false),
        ),
        (
            "to mixed content, without CORS headers",
            vec![("Location", "http://c.example/#x")],
            row(B, "http://c.example/#x", Some("http://c.example/#x"), true),
        ),
    ];
    let mut wrong = Wrong::default();
    for (name, headers, mut expected) in rows {
        expected.from = b.parse().unwrap();
        for engine in Engine::ALL {
            let outcome = Pair::new(engine, |_| respond(302, &headers)).fetch(request("GET", b));
            wrong.compare(name, engine, outcome.refusal().unwrap().redirect.as_ref(), Some(&expected));
        }
    }
}

#[test]
fn a_url_where_nothing_may_be_sent_is_refused_with_the_redirect_that_led_there() {
    for (to, engines) in [
        // WebKit sends the preflight first; see `preflight_precedes_refusal`.
        ("http://b.example/", &[Engine::Spec, Engine::Chromium, Engine::Firefox][..]),
        ("https://b.example:6667/", &Engine::ALL[..]),
    ] {
        for engine in engines {
            let hops = [(OWN, 302, to)];
            let outcome = Pair::new(*engine, redirects(&hops)).fetch(request("GET", OWN));
            let refusal = outcome.refusal().unwrap();
            let redirect = refusal.redirect.as_ref().unwrap();
            assert_eq!((redirect.from.as_str(), refusal.url.as_str()), (OWN, to), "{engine:?}");
            assert_eq!(refusal.status, None, "{engine:?}: nothing was sent there");
        }
    }
}

#[test]
fn a_refusal_has_the_method_that_redirects_made_of_it() {
    for engine in Engine::ALL {
        let hops = [(OWN, 303, OWN_2), (OWN_2, 302, "https://")];
        let outcome = Pair::new(engine, redirects(&hops)).fetch(request("PUT", OWN));
        assert_eq!(outcome.refusal().unwrap().method, "GET", "{engine:?}");
    }
}

#[test]
fn all_headers_that_are_not_allowed_are_given_in_the_order_in_which_the_engine_looks() {
    let by_name = ["authorization", "X-A", "x-b"].as_slice();
    // WebKit sorts the headers that it knows before the others, and uses its own spelling.
    let webkit = ["Authorization", "x-b", "X-A"].as_slice();
    for (engine, expected) in [
        (Engine::Spec, by_name),
        (Engine::Chromium, by_name),
        (Engine::Firefox, by_name),
        (Engine::WebKit, webkit),
    ] {
        let headers = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "x-c")];
        let init = request("GET", B).header("x-b", "1").header("X-A", "1").header("authorization", "1");
        let init = init.header("X-C", "1").header("x-A", "2");
        let outcome = Pair::new(engine, |_| respond(200, &headers)).fetch(init);
        let Reason::HeaderNotAllowed { name, others, .. } = &outcome.refusal().unwrap().reason else {
            panic!("{engine:?}: {outcome:?}");
        };
        let refused: Vec<&str> = std::iter::once(name).chain(others).map(String::as_str).collect();
        assert_eq!(refused, expected, "{engine:?}");
    }
}
