//! Redirects: redirect modes, which responses are redirects, and what becomes of method, body and fragment.

use corsac::browser::{BodyKind, Engine, RedirectMode, RequestInit, ResponseType, Stage};

use crate::pair::{PAGE, Pair, Written, Wrong, redirects, request, respond, seen, verdict};

const OWN: &str = "https://app.example/";
const B: &str = "https://b.example/";

#[test]
fn the_redirect_mode_decides_what_script_gets() {
    let with =
        |mode, method, address| request(method, address).with(|init: &mut RequestInit| init.redirect = mode);
    use RedirectMode::{Error, Follow, Manual};
    let rows = [
        ("follow", with(Follow, "GET", OWN), "readable", 2),
        ("error", with(Error, "GET", OWN), "failed: redirect-mode-error", 1),
        ("error, cross-origin", with(Error, "GET", B), "failed: redirect-mode-error", 1),
        ("manual", with(Manual, "GET", OWN), "opaque", 1),
        ("manual, cross-origin", with(Manual, "GET", B), "opaque", 1),
        ("manual, after a preflight", with(Manual, "PUT", B), "opaque", 2),
    ];
    let mut wrong = Wrong::default();
    for (row, request, expected, sent) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, redirects(&[(OWN, 302, "/2"), (B, 302, "/2")]));
            let outcome = pair.fetch(request.clone());
            wrong.compare(row, engine, (verdict(&outcome).as_str(), pair.wire().len()), (expected, sent));
            if expected == "opaque" {
                let response = seen(&outcome);
                wrong.compare(
                    row,
                    engine,
                    (response.kind, response.status),
                    (ResponseType::OpaqueRedirect, 0),
                );
                wrong.compare(row, engine, response.url.as_ref(), Some(&request.url));
                wrong.compare(row, engine, (response.headers.len(), response.redirected), (0, false));
            }
        }
    }
}

#[test]
fn the_cors_check_comes_before_the_redirect_is_looked_at() {
    for mode in RedirectMode::ALL {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |_| respond(302, &[("Location", "/elsewhere")]));
            let outcome = pair.fetch(request("GET", B).with(|init| init.redirect = *mode));
            assert_eq!(verdict(&outcome), "blocked: allow-origin-missing", "{mode}, {engine:?}");
        }
    }
}

#[test]
fn only_five_statuses_with_one_good_location_redirect() {
    let rows: &[(&str, u16, &[&str], &str)] = &[
        ("300", 300, &["/2"], "readable"),
        ("301", 301, &["/2"], "followed"),
        ("302", 302, &["/2"], "followed"),
        ("303", 303, &["/2"], "followed"),
        ("304", 304, &["/2"], "readable"),
        ("305", 305, &["/2"], "readable"),
        ("307", 307, &["/2"], "followed"),
        ("308", 308, &["/2"], "followed"),
        ("200 with Location", 200, &["/2"], "readable"),
        ("no Location", 302, &[], "readable"),
        ("two Locations", 302, &["/2", "/2"], "failed: location-invalid"),
        ("no host", 302, &["https://"], "failed: location-invalid"),
        ("bytes above ASCII are percent-encoded", 302, &["/\u{fc}"], "followed"),
    ];
    let mut wrong = Wrong::default();
    for (row, status, locations, expected) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |exchange| {
                if exchange.url.path() != "/" {
                    return respond(200, &[]);
                }
                let lines: Vec<(&str, &str)> =
                    locations.iter().map(|location| ("Location", *location)).collect();
                respond(*status, &lines)
            });
            let outcome = pair.fetch(request("GET", OWN));
            let got = match verdict(&outcome).as_str() {
                "readable" if seen(&outcome).redirected => "followed".to_owned(),
                other => other.to_owned(),
            };
            wrong.compare(row, engine, got.as_str(), expected);
        }
    }
}

/// In the standard it leads to the same URL again. Two engines differ (measured).
#[test]
fn an_empty_location_leads_to_the_same_url() {
    let expected =
        ["failed: too-many-redirects", "readable", "failed: too-many-redirects", "failed: location-invalid"];
    for (engine, expected) in Engine::ALL.into_iter().zip(expected) {
        let mut pair = Pair::new(engine, |_| respond(302, &[("Location", "")]));
        assert_eq!(verdict(&pair.fetch(request("GET", OWN))), expected, "{engine:?}");
    }
}

#[test]
fn a_redirect_changes_the_method_and_drops_the_body_or_keeps_both() {
    let rows: &[(u16, &str, &str)] = &[
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"),
        (302, "DELETE", "DELETE"),
        (303, "PUT", "GET"),
        (307, "PUT", "PUT"),
        (303, "HEAD", "HEAD"),
        (301, "HEAD", "HEAD"),
        (302, "GET", "GET"),
    ];
    let mut wrong = Wrong::default();
    for (status, method, then) in rows {
        for engine in Engine::ALL {
            let hops = [(OWN, *status, "/2")];
            let mut pair = Pair::new(engine, redirects(&hops));
            let body = (!matches!(*method, "GET" | "HEAD")).then_some(BodyKind::BufferSource);
            let mut sent =
                request(method, OWN).with(|init| init.body = body.clone().map(Into::into)).header("X-A", "1");
            for name in ["Content-Type", "Content-Language", "content-encoding", "Content-Location"] {
                sent = sent.header(name, "a");
            }
            pair.fetch(sent);
            let last = pair.take_exchanges().pop().unwrap();
            let row = format!("{status} after {method}");
            let keeps = method == then;
            wrong.compare(&row, engine, last.method.as_str(), then);
            wrong.compare(&row, engine, last.body, keeps && body.is_some());
            wrong.compare(&row, engine, last.headers.contains("content-type"), keeps);
            wrong.compare(&row, engine, last.headers.contains("content-encoding"), keeps);
            wrong.compare(&row, engine, last.headers.contains("x-a"), true);
        }
    }
}

#[test]
fn a_fragment_is_handed_on_unless_the_location_has_its_own() {
    for engine in Engine::ALL {
        for (location, expected) in [("/2", "https://app.example/2#a"), ("/2#b", "https://app.example/2#b")] {
            let hops = [("https://app.example/#a", 302, location)];
            let mut pair = Pair::new(engine, redirects(&hops));
            let outcome = pair.fetch(request("GET", "https://app.example/#a"));
            assert_eq!(pair.take_exchanges()[1].url.as_str(), expected, "{engine:?}");
            assert_eq!(seen(&outcome).url.as_ref().unwrap().as_str(), "https://app.example/2", "{engine:?}");
        }
    }
}

#[test]
fn a_refusal_says_at_which_url_and_status() {
    let hops = [(B, 307, "https://user:secret@c.example/2")];
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, redirects(&hops));
        let outcome = pair.fetch(request("GET", B));
        let refusal = outcome.refusal().unwrap();
        assert_eq!((refusal.stage, refusal.status), (Stage::Request, Some(307)), "{engine:?}");
        assert_eq!(refusal.url.host_str(), Some("c.example"), "{engine:?}");
        assert!(!refusal.reason.to_string().contains("secret"), "{engine:?}: {}", refusal.reason);

        let mut pair = Pair::new(engine, |exchange| match exchange.url.path() {
            "/" => respond(302, &[("Location", "/2"), ("Access-Control-Allow-Origin", PAGE)]),
            _ => respond(200, &[("Access-Control-Allow-Origin", "https://other.example")]),
        });
        let outcome = pair.fetch(request("GET", B));
        let refusal = outcome.refusal().unwrap();
        assert_eq!((refusal.stage, refusal.status), (Stage::Redirect, Some(200)), "{engine:?}");
        assert_eq!(refusal.url.as_str(), "https://b.example/2", "{engine:?}");
    }
}
