//! Hostile servers: huge and broken headers end in an outcome. No clock decides that this is fast enough. If anything were quadratic, a
//! test would take minutes or hours.

use corsac::browser::{Engine, ExchangeKind, Outcome};

use crate::pair::{PAGE, Pair, Written, reflect, request, respond, verdict};

const API: &str = "https://api.example/";

/// Different tokens, as many as fit in about 1 MB.
fn tokens(count: usize) -> String {
    let mut list: String = (0..count).map(|number| format!("x{number:x},")).collect();
    list.pop();
    list
}

#[test]
fn ten_thousand_and_more_list_items_are_read_kept_and_looked_up_in_linear_time() {
    let list = tokens(60_000);
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, |exchange| {
            let mut response = reflect(exchange);
            if exchange.kind == ExchangeKind::Preflight {
                response.headers.delete("access-control-max-age");
                for name in ["access-control-allow-methods", "access-control-allow-headers"] {
                    response.headers.append(name, list.as_str());
                }
            }
            response
        });
        for method in ["PUT", "PATCH", "PUT"] {
            let outcome = pair.fetch(request(method, API).header("x-a", "1").header("x0", "1"));
            assert_eq!(verdict(&outcome), "readable", "{engine:?}");
        }
    }
}

#[test]
fn many_header_lines_and_many_exposed_names_are_matched_in_linear_time() {
    let list = tokens(50_000);
    let mut response = respond(200, &[("access-control-allow-origin", PAGE)]);
    for name in list.split(',').chain(["location", "timing-allow-origin", "access-control-expose-headers"]) {
        response.headers.append(name, "x");
    }
    response.headers.append("access-control-expose-headers", list.as_str());
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, |_| response.clone());
        let Outcome::Readable(readable) = pair.fetch(request("GET", API)) else { panic!("{engine:?}") };
        assert_eq!(readable.headers.len(), 50_000, "{engine:?}");
    }
}

#[test]
fn values_of_a_megabyte_end_in_an_outcome() {
    let long = |piece: &str| piece.repeat((1 << 20) / piece.len());
    let rows: &[(&str, &str, &str)] = &[
        ("access-control-allow-origin", &long("https://app.example, "), "blocked: allow-origin-multiple"),
        ("access-control-allow-origin", &long("*"), "blocked: allow-origin-invalid"),
        ("access-control-allow-methods", &long(","), "blocked: method-not-allowed"),
        ("access-control-allow-methods", &long("a"), "blocked: method-not-allowed"),
        ("access-control-allow-methods", &long("\""), "blocked: allow-methods-invalid"),
        ("access-control-allow-headers", &long("\t,"), "blocked: header-not-allowed"),
        ("access-control-max-age", &long("9"), "readable"),
        ("timing-allow-origin", &long("\""), "readable"),
        ("timing-allow-origin", &long("\\\","), "readable"),
        ("access-control-expose-headers", &long("a b,"), "readable"),
        ("location", &long("../"), "readable"),
    ];
    for (name, value, expected) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |exchange| {
                let mut response = reflect(exchange);
                response.headers.delete(name);
                response.headers.append(*name, *value);
                response
            });
            let outcome = pair.fetch(request("PUT", API).header("x-a", "1"));
            assert_eq!(verdict(&outcome), *expected, "{name} in {engine:?}");
        }
    }
}

#[test]
fn a_location_of_a_megabyte_is_followed_or_refused() {
    for engine in Engine::ALL {
        for (piece, expected) in [
            ("a", "failed: too-many-redirects"),
            ("é", "failed: too-many-redirects"),
            ("http://", "failed: too-many-redirects"),
        ] {
            let location = format!("/{}", piece.repeat((1 << 18) / piece.len()));
            let mut pair = Pair::new(engine, |exchange| {
                let mut response = reflect(exchange);
                response.status = 302;
                response.headers.append("location", location.as_str());
                response
            });
            assert_eq!(verdict(&pair.fetch(request("GET", API))), expected, "{engine:?}");
        }
    }
}

#[test]
fn ten_thousand_request_headers_are_judged_in_linear_time() {
    for engine in Engine::ALL {
        let mut get = request("GET", API);
        for number in 0..10_000 {
            get = get
                .header(&format!("x-{number}"), "1")
                .header("accept", "a")
                .header("content-type", "text/plain");
        }
        let mut pair = Pair::new(engine, |exchange| {
            let mut response = reflect(exchange);
            response.headers.delete("access-control-max-age");
            response
        });
        assert_eq!(verdict(&pair.fetch(get.clone())), "readable", "{engine:?}");
        assert!(!pair.preflights(get.clone()), "{engine:?}");
    }
}
