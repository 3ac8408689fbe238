//! What `XMLHttpRequest`, `Headers` and a body do to script's input, before anything is fetched.

use corsac::browser::{Api, BodyKind, Engine, ExchangeKind, Mode, RequestInit};

use crate::pair::{Pair, Written, Wrong, reflect, request};

const B: &str = "https://b.example/";

fn xhr(method: &str) -> RequestInit {
    request(method, B).with(|init| init.api = Api::XmlHttpRequest { upload_listeners: false })
}

/// The lines of the request called `name`, and whether there was a preflight.
fn sent(engine: Engine, init: RequestInit, name: &str) -> (Vec<String>, bool) {
    let mut pair = Pair::new(engine, reflect);
    pair.fetch(init);
    let exchanges = pair.take_exchanges();
    let request = exchanges.iter().find(|exchange| exchange.kind != ExchangeKind::Preflight).unwrap();
    let lines = request.headers.all(name).map(|value| String::from_utf8_lossy(value).into_owned());
    (lines.collect(), exchanges.len() > 1)
}

#[test]
fn set_request_header_combines_what_fetch_keeps_apart() {
    let mut wrong = Wrong::default();
    let written = |init: RequestInit| init.header("X-A", " 1 ").header("Accept", "a").header("x-a", "2");
    for engine in Engine::ALL {
        wrong.compare("XHR", engine, sent(engine, written(xhr("GET")), "x-a").0, vec!["1, 2".to_owned()]);
        let fetched = sent(engine, written(request("GET", B)), "x-a").0;
        wrong.compare("fetch()", engine, fetched, vec!["1".to_owned(), "2".to_owned()]);
        // A forbidden name is left out before it is combined.
        let cookies = xhr("GET").header("Cookie", "a").header("cookie", "b");
        wrong.compare("forbidden", engine, sent(engine, cookies, "cookie").0, Vec::new());
    }
}

#[test]
fn a_get_of_xml_http_request_drops_its_body_and_its_type() {
    for method in ["GET", "head"] {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, reflect);
            pair.fetch(xhr(method).body(BodyKind::Text));
            let exchanges = pair.take_exchanges();
            assert_eq!(exchanges.len(), 1, "{engine:?}");
            assert!(!exchanges[0].body && !exchanges[0].headers.contains("content-type"), "{engine:?}");
        }
    }
}

#[test]
fn a_body_brings_its_type_unless_script_sets_one() {
    let json = || BodyKind::Blob { media_type: "application/json".to_owned() };
    let form_data = || BodyKind::FormData { boundary: "x".to_owned() };
    let rows = [
        ("a string", request("POST", B).body(BodyKind::Text), "text/plain;charset=UTF-8", false),
        (
            "form fields",
            request("POST", B).body(BodyKind::UrlSearchParams),
            "application/x-www-form-urlencoded;charset=UTF-8",
            false,
        ),
        ("form data", request("POST", B).body(form_data()), "multipart/form-data; boundary=x", false),
        ("a Blob", request("POST", B).body(json()), "application/json", true),
        (
            "script's own",
            request("POST", B).body(json()).header("Content-Type", "text/plain"),
            "text/plain",
            false,
        ),
        ("by XMLHttpRequest", xhr("POST").body(json()), "application/json", true),
    ];
    let mut wrong = Wrong::default();
    for (row, init, media_type, preflight) in rows {
        for engine in Engine::ALL {
            let expected = (vec![media_type.to_owned()], preflight);
            wrong.compare(row, engine, sent(engine, init.clone(), "content-type"), expected);
        }
    }
    for engine in Engine::ALL {
        for body in [BodyKind::BufferSource, BodyKind::Blob { media_type: String::new() }] {
            let (lines, _) = sent(engine, request("POST", B).body(body), "content-type");
            assert!(lines.is_empty(), "{engine:?}");
        }
    }
}

#[test]
fn a_stream_is_text_in_firefox() {
    let init = request("POST", "https://app.example/").body(BodyKind::Stream);
    for (engine, expected) in
        [(Engine::Spec, None), (Engine::Chromium, None), (Engine::Firefox, Some("text/plain;charset=UTF-8"))]
    {
        let (lines, _) = sent(engine, init.clone(), "content-type");
        assert_eq!(lines.first().map(String::as_str), expected, "{engine:?}");
    }
}

#[test]
fn the_charset_of_a_string_becomes_utf_8_before_the_preflight_is_decided() {
    // A quoted parameter becomes UTF-8 without quotes, and so safelisted, only where the value is parsed and serialized again.
    let typed = |value: &str| xhr("POST").body(BodyKind::Text).header("Content-Type", value);
    let utf_8 = "text/plain;charset=UTF-8";
    let rows = [
        ("plain", typed("text/plain;charset=latin1"), [utf_8; 4], [false; 4]),
        (
            "with what is not safelisted",
            typed("text/plain;charset=\"latin1\""),
            [utf_8, "text/plain;charset=\"UTF-8\"", utf_8, utf_8],
            [false, true, true, false],
        ),
    ];
    let mut wrong = Wrong::default();
    for (row, init, values, preflights) in rows {
        for ((engine, value), preflight) in Engine::ALL.into_iter().zip(values).zip(preflights) {
            let expected = (vec![value.to_owned()], preflight);
            wrong.compare(row, engine, sent(engine, init.clone(), "content-type"), expected);
        }
    }
}

#[test]
fn no_cors_leaves_out_a_type_that_is_not_safelisted_but_in_webkit() {
    let json = BodyKind::Blob { media_type: "application/json".to_owned() };
    let init = request("POST", B).mode(Mode::NoCors).body(json);
    for (engine, is_sent) in Engine::ALL.into_iter().zip([false, false, false, true]) {
        assert_eq!(sent(engine, init.clone(), "content-type").0.len(), usize::from(is_sent), "{engine:?}");
    }
    let ignored = init.build().unwrap();
    assert_eq!(
        ignored.ignored_headers().first().map(|line| line.text().into_owned()).as_deref(),
        Some("application/json")
    );
}

#[test]
fn a_request_has_the_headers_of_the_standard() {
    let init = xhr("POST").body(BodyKind::Text).header("Content-Type", "text/plain;charset=latin1");
    let request = init.header("X-A", "1").header("x-A", "2").build().unwrap();
    let text = |name| request.headers().text(name);
    assert_eq!(text("content-type").as_deref(), Some("text/plain;charset=UTF-8"));
    assert_eq!(text("x-a").as_deref(), Some("1, 2"));
    // What script wrote is kept, so that the request can be changed and built again.
    assert_eq!(request.init().headers.len(), 3);
}
