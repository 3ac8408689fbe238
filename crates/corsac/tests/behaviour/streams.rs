//! Streamed bodies cannot be sent twice; and a request whose preflight is forced keeps it after a redirect.

use corsac::browser::{Api, BodyKind, Engine, RequestInit};

use crate::pair::{Pair, Written, Wrong, redirects, request, verdict};

const OWN: &str = "https://app.example/";
const B: &str = "https://b.example/";

fn stream(address: &str) -> RequestInit {
    request("POST", address).body(BodyKind::Stream)
}

#[test]
fn a_stream_cannot_follow_a_redirect_but_a_303() {
    const AGAIN: &str = "failed: stream-body-redirected";
    const NEVER: &str = "failed: stream-body-unsupported";
    // Firefox sends a string instead, which can be sent again; in WebKit `fetch()` throws.
    let rows = [
        ("307 at home", stream(OWN), 307, OWN, [AGAIN, AGAIN, "readable", NEVER]),
        ("302 at home", stream(OWN), 302, OWN, [AGAIN, AGAIN, "readable", NEVER]),
        ("303 at home", stream(OWN), 303, OWN, ["readable", "readable", "readable", NEVER]),
        ("307 across", stream(B), 307, B, [AGAIN, AGAIN, "readable", NEVER]),
        ("303 across", stream(B), 303, B, ["readable", "readable", "readable", NEVER]),
    ];
    let mut wrong = Wrong::default();
    for (row, written, status, address, expected) in rows {
        for (engine, expected) in Engine::ALL.into_iter().zip(expected) {
            let hops = [(address, status, "/2")];
            let mut pair = Pair::new(engine, redirects(&hops));
            wrong.compare(row, engine, verdict(&pair.fetch(written.clone())).as_str(), expected);
        }
    }
}

/// The use-CORS-preflight flag is set with the request and never cleared.
#[test]
fn a_forced_preflight_is_forced_again_after_a_redirect_that_dropped_the_body() {
    let listeners = |init: &mut RequestInit| init.api = Api::XmlHttpRequest { upload_listeners: true };
    let rows = [
        ("a stream", stream(B)),
        ("upload listeners", request("POST", B).body(BodyKind::BufferSource).with(listeners)),
        ("forced by hand", request("POST", B).with(|init| init.force_preflight = true)),
    ];
    for (row, written) in rows {
        for engine in [Engine::Spec, Engine::Chromium] {
            let mut pair = Pair::new(engine, redirects(&[(B, 303, "https://b.example/2")]));
            assert_eq!(verdict(&pair.fetch(written.clone())), "readable", "{row}, {engine:?}");
            let methods: Vec<String> =
                pair.take_exchanges().into_iter().map(|exchange| exchange.method).collect();
            assert_eq!(methods, ["OPTIONS", "POST", "OPTIONS", "GET"], "{row}, {engine:?}");
        }
    }
}
