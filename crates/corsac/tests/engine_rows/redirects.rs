//! Redirects: which requests follow, their `Origin`, and what redirects remove from them.

use corsac::browser::{BodyKind, Engine, Mode, ReferrerPolicy, RequestInit};

use crate::pair::{Pair, Written, Wrong, redirects, reflect, request, respond, verdict};
use crate::{all, each};

struct Row {
    name: &'static str,
    request: fn() -> RequestInit,
    hops: &'static [(&'static str, u16, &'static str)],
    wire: [&'static [&'static str]; 4],
}

const OWN: &str = "https://app.example/";
const B: &str = "https://b.example/";
const C: &str = "https://c.example/";

fn json(address: &str) -> RequestInit {
    request("POST", address).body(BodyKind::BufferSource).header("Content-Type", "application/json")
}

fn authorized(address: &str) -> RequestInit {
    request("GET", address).header("Authorization", "Bearer x")
}

#[rustfmt::skip] // a table
const ROWS: &[Row] = &[
    // Origin on the last hop
    Row { name: "GET own to B", request: || request("GET", OWN), hops: &[(OWN, 302, B)], wire: all(&["GET https://app.example/, credentials", "GET https://b.example/ from https://app.example"]) },
    Row { name: "GET B to B", request: || request("GET", B), hops: &[(B, 302, "/2")], wire: all(&["GET https://b.example/ from https://app.example", "GET https://b.example/2 from https://app.example"]) },
    Row { name: "GET B to C", request: || request("GET", B), hops: &[(B, 302, C)], wire: all(&["GET https://b.example/ from https://app.example", "GET https://c.example/ from null"]) },
    Row { name: "GET B to own", request: || request("GET", B), hops: &[(B, 302, OWN)], wire: all(&["GET https://b.example/ from https://app.example", "GET https://app.example/ from null"]) },
    Row {
        name: "GET own to B to B to own",
        request: || request("GET", OWN),
        hops: &[(OWN, 301, B), (B, 302, "https://b.example/2"), ("https://b.example/2", 307, "https://app.example/2")],
        wire: all(&["GET https://app.example/, credentials", "GET https://b.example/ from https://app.example", "GET https://b.example/2 from https://app.example", "GET https://app.example/2 from null"]),
    },
    Row {
        name: "GET B to C to C, null stays",
        request: || request("GET", B),
        hops: &[(B, 302, C), (C, 302, "https://c.example/2")],
        wire: all(&["GET https://b.example/ from https://app.example", "GET https://c.example/ from null", "GET https://c.example/2 from null"]),
    },
    // a new preflight
    Row {
        name: "PUT B to C",
        request: || request("PUT", B),
        hops: &[(B, 307, C)],
        wire: [
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "OPTIONS https://c.example/ from null for PUT", "PUT https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "OPTIONS https://c.example/ from null for PUT", "PUT https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "OPTIONS https://c.example/ from https://app.example for PUT", "PUT https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "OPTIONS https://c.example/ from null for PUT", "PUT https://c.example/ from null"],
        ],
    },
    Row {
        name: "PUT own to B",
        request: || request("PUT", OWN),
        hops: &[(OWN, 307, B)],
        wire: all(&["PUT https://app.example/ from https://app.example, credentials", "OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example"]),
    },
    Row {
        name: "PUT B to B with a header",
        request: || request("PUT", B).header("x-a", "1"),
        hops: &[(B, 308, "https://b.example/2")],
        wire: all(&["OPTIONS https://b.example/ from https://app.example for PUT with x-a", "PUT https://b.example/ from https://app.example", "OPTIONS https://b.example/2 from https://app.example for PUT with x-a", "PUT https://b.example/2 from https://app.example"]),
    },
    // a header that was dropped
    Row {
        name: "POST JSON, 302 from B to C",
        request: || json(B),
        hops: &[(B, 302, C)],
        wire: [
            &["OPTIONS https://b.example/ from https://app.example for POST with content-type", "POST https://b.example/ from https://app.example", "GET https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for POST with content-type", "POST https://b.example/ from https://app.example", "GET https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for POST with content-type", "POST https://b.example/ from https://app.example", "OPTIONS https://c.example/ from https://app.example for GET", "GET https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for POST with content-type", "POST https://b.example/ from https://app.example", "OPTIONS https://c.example/ from null for GET with content-type", "GET https://c.example/ from null"],
        ],
    },
    Row {
        name: "Authorization, from B to C",
        request: || authorized(B),
        hops: &[(B, 302, C)],
        wire: [
            &["OPTIONS https://b.example/ from https://app.example for GET with authorization", "GET https://b.example/ from https://app.example", "GET https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for GET with authorization", "GET https://b.example/ from https://app.example", "GET https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for GET with authorization", "GET https://b.example/ from https://app.example", "OPTIONS https://c.example/ from https://app.example for GET", "GET https://c.example/ from null"],
            &["OPTIONS https://b.example/ from https://app.example for GET with authorization", "GET https://b.example/ from https://app.example", "OPTIONS https://c.example/ from null for GET with authorization", "GET https://c.example/ from null"],
        ],
    },
    Row {
        name: "Authorization, from B to B, is kept",
        request: || authorized(B),
        hops: &[(B, 302, "https://b.example/2")],
        wire: all(&["OPTIONS https://b.example/ from https://app.example for GET with authorization", "GET https://b.example/ from https://app.example", "OPTIONS https://b.example/2 from https://app.example for GET with authorization", "GET https://b.example/2 from https://app.example"]),
    },
    // Firefox and WebKit decide by the names that script set, whether there was a preflight for them or not.
    Row {
        name: "POST JSON, 302 from own to B",
        request: || json(OWN),
        hops: &[(OWN, 302, B)],
        wire: [
            &["POST https://app.example/ from https://app.example, credentials", "GET https://b.example/ from https://app.example"],
            &["POST https://app.example/ from https://app.example, credentials", "GET https://b.example/ from https://app.example"],
            &["POST https://app.example/ from https://app.example, credentials", "OPTIONS https://b.example/ from https://app.example for GET", "GET https://b.example/ from https://app.example"],
            &["POST https://app.example/ from https://app.example, credentials", "OPTIONS https://b.example/ from https://app.example for GET with content-type", "GET https://b.example/ from https://app.example"],
        ],
    },
    Row {
        name: "PUT without headers, 303 from B to B",
        request: || request("PUT", B),
        hops: &[(B, 303, "https://b.example/2")],
        wire: [
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "GET https://b.example/2 from https://app.example"],
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "GET https://b.example/2 from https://app.example"],
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "OPTIONS https://b.example/2 from https://app.example for GET", "GET https://b.example/2 from https://app.example"],
            &["OPTIONS https://b.example/ from https://app.example for PUT", "PUT https://b.example/ from https://app.example", "OPTIONS https://b.example/2 from https://app.example for GET", "GET https://b.example/2 from https://app.example"],
        ],
    },
];

#[test]
fn redirects_are_followed_with_these_requests() {
    let mut wrong = Wrong::default();
    for row in ROWS {
        for (engine, expected) in each(&row.wire) {
            let mut pair = Pair::new(engine, redirects(row.hops));
            let outcome = pair.fetch((row.request)());
            wrong.compare(
                row.name,
                engine,
                pair.wire(),
                expected.iter().map(|line| (*line).to_owned()).collect(),
            );
            wrong.compare(row.name, engine, verdict(&outcome), "readable".to_owned());
        }
    }
}

#[test]
fn authorization_is_dropped_when_the_origin_changes_and_only_then() {
    let rows: &[(&str, &str, &str, bool)] = &[
        ("B to B", B, "https://b.example/2", true),
        ("B to C", B, C, false),
        ("own to B", OWN, B, false),
        ("own to own", OWN, "https://app.example/2", true),
        ("B to another port of B", B, "https://b.example:8443/", false),
    ];
    let mut wrong = Wrong::default();
    for (row, from, to, kept) in rows {
        for engine in Engine::ALL {
            let hops = [(*from, 302, *to)];
            let mut pair = Pair::new(engine, redirects(&hops));
            pair.fetch(authorized(from));
            let last = pair.take_exchanges().pop().unwrap();
            wrong.compare(
                row,
                engine,
                (last.url.as_str(), last.headers.contains("authorization")),
                (to, *kept),
            );
        }
    }
}

#[test]
fn a_location_that_is_refused_ends_the_fetch() {
    const USER: &str = "blocked: redirect-credentials";
    const SCHEME: &str = "blocked: scheme-not-http";
    let rows: &[(&str, &str, &str, [&str; 4])] = &[
        ("user and password, own to B", OWN, "https://user:password@b.example/", all(USER)),
        ("user, own to B", OWN, "https://user@b.example/", all(USER)),
        ("password, B to C", B, "https://:password@c.example/", all(USER)),
        ("user, B to B", B, "https://user@b.example/2", all(USER)),
        ("user, B to own", B, "https://user@app.example/2", all(USER)),
        ("an empty user and password", B, "https://:@b.example/2", all("readable")),
        ("ftp", B, "ftp://b.example/", all(SCHEME)),
        ("data", B, "data:,a", all(SCHEME)),
        ("mailto", B, "mailto:a@b.example", all(SCHEME)),
        ("an app's own scheme", OWN, "app://b.example/", all(SCHEME)),
        ("data, from the own origin", OWN, "data:,a", all(SCHEME)),
    ];
    let mut wrong = Wrong::default();
    for (row, from, to, expected) in rows {
        for (engine, expected) in each(expected) {
            let hops = [(*from, 302, *to)];
            let mut pair = Pair::new(engine, redirects(&hops));
            let outcome = pair.fetch(request("GET", from));
            wrong.compare(row, engine, verdict(&outcome).as_str(), expected);
            wrong.compare(row, engine, pair.wire().len(), if expected == "readable" { 2 } else { 1 });
        }
    }
}

#[test]
fn twenty_redirects_are_followed_and_no_more() {
    for engine in Engine::ALL {
        for (redirects, expected) in [(20, "readable"), (21, "failed: too-many-redirects")] {
            let mut count = 0;
            let mut pair = Pair::new(engine, |exchange| {
                let mut response = reflect(exchange);
                count += 1;
                if count <= redirects {
                    response.status = 302;
                    response.headers.append("location", format!("/{count}"));
                }
                response
            });
            assert_eq!(verdict(&pair.fetch(request("GET", B))), expected, "{engine:?}");
            assert_eq!(pair.wire().len(), 21, "{engine:?}");
        }
    }
}

#[test]
fn the_referrer_policy_hides_the_origin_of_requests_without_cors_except_in_chromium() {
    const REAL: Option<&str> = Some("https://app.example");
    const NULL: Option<&str> = Some("null");
    use Mode::{NoCors, SameOrigin};
    use ReferrerPolicy as P;
    type Row = (&'static str, &'static str, Mode, P, &'static str, [Option<&'static str>; 4]);
    let rows: &[Row] = &[
        ("no-cors POST", "POST", NoCors, P::NoReferrer, B, [NULL, REAL, NULL, NULL]),
        ("no-cors POST", "POST", NoCors, P::SameOrigin, B, [NULL, REAL, NULL, NULL]),
        ("no-cors POST, own origin", "POST", NoCors, P::SameOrigin, OWN, all(REAL)),
        ("no-cors POST", "POST", NoCors, P::StrictOriginWhenCrossOrigin, B, all(REAL)),
        ("no-cors POST", "POST", NoCors, P::UnsafeUrl, B, all(REAL)),
        ("no-cors GET", "GET", NoCors, P::UnsafeUrl, B, all(None)),
        ("no-cors GET", "GET", NoCors, P::NoReferrer, B, all(None)),
        ("no-cors HEAD", "HEAD", NoCors, P::UnsafeUrl, B, all(None)),
        ("same-origin POST", "POST", SameOrigin, P::NoReferrer, OWN, [NULL, REAL, NULL, NULL]),
        ("same-origin POST", "POST", SameOrigin, P::SameOrigin, OWN, all(REAL)),
        ("same-origin GET", "GET", SameOrigin, P::NoReferrer, OWN, all(None)),
        // In mode cors it never does, not even to the page's own origin.
        ("cors POST, own origin", "POST", Mode::Cors, P::NoReferrer, OWN, all(REAL)),
        ("cors POST", "POST", Mode::Cors, P::NoReferrer, B, all(REAL)),
        ("cors GET", "GET", Mode::Cors, P::NoReferrer, B, all(REAL)),
    ];
    let mut wrong = Wrong::default();
    for (row, method, mode, policy, address, expected) in rows {
        for (engine, expected) in each(expected) {
            let mut pair = Pair::new(engine, |_| respond(200, &[]));
            pair.fetch(request(method, address).mode(*mode).with(|init| init.referrer_policy = *policy));
            let sent = pair.take_exchanges().remove(0);
            wrong.compare(
                &format!("{row}, {policy}, to {address}"),
                engine,
                sent.headers.text("origin").as_deref(),
                expected,
            );
        }
    }
}
