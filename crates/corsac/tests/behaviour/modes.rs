//! The modes other than `cors`, and `data:` URLs.

use corsac::browser::{Credentials, Engine, Mode, Outcome, RedirectMode, RequestInit, ResponseType};

use crate::pair::{Pair, Written, Wrong, redirects, request, respond, seen, verdict};

const OWN: &str = "https://app.example/";
const B: &str = "https://b.example/";

fn no_cors(method: &str, address: &str) -> RequestInit {
    request(method, address).mode(Mode::NoCors)
}

#[test]
fn no_cors_gives_an_opaque_response_whatever_the_server_says() {
    for engine in Engine::ALL {
        for lines in [&[][..], &[("Access-Control-Allow-Origin", "*"), ("X-A", "1")][..]] {
            let mut pair = Pair::new(engine, |_| respond(404, lines));
            let outcome = pair.fetch(no_cors("GET", B));
            assert_eq!(verdict(&outcome), "opaque", "{engine:?}");
            let response = seen(&outcome);
            assert_eq!(
                (response.kind, response.status, &response.url),
                (ResponseType::Opaque, 0, &None),
                "{engine:?}"
            );
            assert!(response.headers.is_empty(), "{engine:?}");
            assert_eq!(pair.wire(), ["GET https://b.example/"], "{engine:?}");
        }
    }
}

#[test]
fn a_response_of_the_own_origin_is_readable_in_all_modes_without_its_cookies() {
    for engine in Engine::ALL {
        for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
            let mut pair = Pair::new(engine, |_| {
                respond(201, &[("X-A", "1"), ("Set-Cookie", "a"), ("set-cookie2", "b")])
            });
            let outcome = pair.fetch(request("GET", OWN).mode(mode));
            assert_eq!(verdict(&outcome), "readable", "{engine:?}");
            let response = seen(&outcome);
            assert_eq!((response.kind, response.status), (ResponseType::Basic, 201), "{engine:?}");
            let names: Vec<&str> = response.headers.iter().map(|line| line.name.as_str()).collect();
            assert_eq!(names, ["X-A"], "{engine:?}");
            assert_eq!(pair.wire(), ["GET https://app.example/, credentials"], "{engine:?}");
        }
    }
}

#[test]
fn credentials_go_where_the_credentials_mode_sends_them() {
    use Credentials::{Include, Omit, SameOrigin};
    let rows = [
        ("own origin", OWN, Mode::Cors, [(Omit, false), (SameOrigin, true), (Include, true)]),
        ("other origin", B, Mode::Cors, [(Omit, false), (SameOrigin, false), (Include, true)]),
        ("own origin, no-cors", OWN, Mode::NoCors, [(Omit, false), (SameOrigin, true), (Include, true)]),
        ("other origin, no-cors", B, Mode::NoCors, [(Omit, false), (SameOrigin, false), (Include, true)]),
    ];
    let mut wrong = Wrong::default();
    for (row, address, mode, expected) in rows {
        for (credentials, expected) in expected {
            for engine in Engine::ALL {
                let mut pair = Pair::new(engine, |_| respond(200, &[]));
                pair.fetch(request("GET", address).mode(mode).with(|init| init.credentials = credentials));
                wrong.compare(
                    &format!("{row}, {credentials}"),
                    engine,
                    pair.take_exchanges()[0].credentials,
                    expected,
                );
            }
        }
    }
}

#[test]
fn a_mode_refuses_what_it_is_not_for() {
    struct Row {
        name: &'static str,
        request: RequestInit,
        hops: &'static [(&'static str, u16, &'static str)],
        verdict: &'static str,
        sent: usize,
    }
    let same_origin = |address| request("GET", address).mode(Mode::SameOrigin);
    let redirect = |init: RequestInit, mode| init.with(|init| init.redirect = mode);
    #[rustfmt::skip] // a table
    let rows = [
        Row { name: "same-origin to another", request: same_origin(B), hops: &[], verdict: "blocked: mode-same-origin", sent: 0 },
        Row { name: "same-origin, redirected to another", request: same_origin(OWN), hops: &[(OWN, 302, B)], verdict: "blocked: mode-same-origin", sent: 1 },
        Row { name: "same-origin, redirected home", request: same_origin(OWN), hops: &[(OWN, 302, "/2")], verdict: "readable", sent: 2 },
        Row { name: "no-cors, own to B", request: no_cors("GET", OWN), hops: &[(OWN, 302, B)], verdict: "opaque", sent: 2 },
        Row { name: "no-cors, B to own stays opaque", request: no_cors("GET", B), hops: &[(B, 302, OWN)], verdict: "opaque", sent: 2 },
        Row { name: "no-cors to another, redirect mode error", request: redirect(no_cors("GET", B), RedirectMode::Error), hops: &[], verdict: "blocked: no-cors-redirect-mode", sent: 0 },
        Row { name: "no-cors to another, redirect mode manual", request: redirect(no_cors("GET", B), RedirectMode::Manual), hops: &[], verdict: "blocked: no-cors-redirect-mode", sent: 0 },
        Row { name: "no-cors home, redirect mode manual", request: redirect(no_cors("GET", OWN), RedirectMode::Manual), hops: &[], verdict: "readable", sent: 1 },
        Row { name: "cors to a scheme without servers", request: request("GET", "ftp://b.example/"), hops: &[], verdict: "blocked: scheme-not-http", sent: 0 },
        Row { name: "no-cors to a scheme without servers", request: no_cors("GET", "ftp://b.example/"), hops: &[], verdict: "blocked: scheme-not-http", sent: 0 },
    ];
    let mut wrong = Wrong::default();
    for Row { name, request, hops, verdict: expected, sent } in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, redirects(hops));
            let outcome = pair.fetch(request.clone());
            wrong.compare(name, engine, (verdict(&outcome).as_str(), pair.wire().len()), (expected, sent));
        }
    }
}

#[test]
fn no_cors_leaves_out_the_headers_that_are_not_safelisted() {
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, |_| respond(200, &[]));
        let post = no_cors("POST", B)
            .header("X-A", "1")
            .header("Content-Type", "application/json")
            .header("Range", "bytes=0-1")
            .header("Accept-Language", "de");
        let built = post.clone().build().unwrap();
        let ignored: Vec<&str> = built.ignored_headers().iter().map(|line| line.name.as_str()).collect();
        assert_eq!(ignored, ["X-A", "Content-Type", "Range"], "{engine:?}");
        pair.fetch(post);
        let sent = pair.take_exchanges().remove(0);
        assert_eq!(sent.headers.text("accept-language").as_deref(), Some("de"), "{engine:?}");
        assert!(
            ["x-a", "content-type", "range"].iter().all(|name| !sent.headers.contains(name)),
            "{engine:?}"
        );
    }
}

#[test]
fn a_data_url_is_a_response_of_its_own_and_nothing_is_sent() {
    let rows = [
        ("data:text/html,<p>", "text/html"),
        ("data:,a", "text/plain;charset=US-ASCII"),
        ("data:text/plain;charset=utf-8;base64,YQ==", "text/plain;charset=utf-8"),
    ];
    for engine in Engine::ALL {
        for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
            for (address, media_type) in rows {
                let mut pair = Pair::new(engine, |_| unreachable!());
                let outcome = pair.fetch(request("GET", address).mode(mode));
                let Outcome::Readable(response) = outcome else { panic!("{engine:?}") };
                assert_eq!((response.kind, response.status), (ResponseType::Basic, 200), "{engine:?}");
                assert_eq!(response.headers.text("content-type").as_deref(), Some(media_type), "{engine:?}");
            }
        }
    }
}
