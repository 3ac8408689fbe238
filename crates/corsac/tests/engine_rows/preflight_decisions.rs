//! When a preflight is sent, what it contains, how often it is repeated, and which responses allow the request.

use corsac::browser::{
    Api, BodyKind, Exchange, ExchangeKind, NetworkError, NetworkErrorKind, RequestInit, ResponseHead,
};

use crate::pair::{Pair, Written, Wrong, reflect, request, respond, url, verdict};
use crate::{all, each};

const API: &str = "https://api.example/";
const PLAIN: &str = "http://api.example/";

fn upload_listeners(init: &mut RequestInit) {
    init.api = Api::XmlHttpRequest { upload_listeners: true };
}

/// What script requests, what is sent, and the verdict.
struct Row {
    name: &'static str,
    request: fn() -> RequestInit,
    wire: [&'static str; 4],
    verdict: [&'static str; 4],
}

#[rustfmt::skip] // a table
const ROWS: &[Row] = &[
    Row { name: "GET", request: || request("GET", API), wire: all("GET"), verdict: all("readable") },
    Row { name: "HEAD", request: || request("head", API), wire: all("HEAD"), verdict: all("readable") },
    Row { name: "POST", request: || request("post", API).body(BodyKind::BufferSource), wire: all("POST"), verdict: all("readable") },
    Row { name: "PUT", request: || request("put", API), wire: all("OPTIONS PUT"), verdict: all("readable") },
    Row { name: "patch keeps its case", request: || request("patch", API), wire: all("OPTIONS patch"), verdict: all("readable") },
    Row { name: "OPTIONS", request: || request("options", API), wire: all("OPTIONS OPTIONS"), verdict: all("readable") },
    Row { name: "to the page's own origin", request: || request("PUT", "https://app.example/").header("x-a", "1"), wire: all("PUT"), verdict: all("readable") },
    Row {
        name: "XMLHttpRequest GET with upload listeners",
        request: || request("GET", API).with(upload_listeners),
        wire: ["OPTIONS GET", "GET", "OPTIONS GET", "OPTIONS GET"],
        verdict: all("readable"),
    },
    Row { name: "XMLHttpRequest POST with upload listeners", request: || request("POST", API).body(BodyKind::BufferSource).with(upload_listeners), wire: all("OPTIONS POST"), verdict: all("readable") },
    Row { name: "XMLHttpRequest POST without", request: || request("POST", API).body(BodyKind::BufferSource).with(|init| init.api = Api::XmlHttpRequest { upload_listeners: false }), wire: all("POST"), verdict: all("readable") },
    Row {
        name: "a stream over http, so over HTTP/1.1",
        request: || request("POST", PLAIN).in_page("http://app.example").body(BodyKind::Stream),
        wire: ["OPTIONS POST", "OPTIONS", "POST", ""],
        verdict: ["readable", "failed: stream-body-unsupported", "readable", "failed: stream-body-unsupported"],
    },
    Row {
        name: "a stream over https, so over HTTP/2",
        request: || request("POST", API).body(BodyKind::Stream),
        wire: ["OPTIONS POST", "OPTIONS POST", "POST", ""],
        verdict: ["readable", "readable", "readable", "failed: stream-body-unsupported"],
    },
];

#[test]
fn a_preflight_is_sent_when_the_request_needs_one() {
    let mut wrong = Wrong::default();
    for row in ROWS {
        for ((engine, wire), expected) in each(&row.wire).zip(row.verdict) {
            let mut pair = Pair::new(engine, reflect);
            let outcome = pair.fetch((row.request)());
            let methods: Vec<String> =
                pair.take_exchanges().into_iter().map(|exchange| exchange.method).collect();
            wrong.compare(
                row.name,
                engine,
                (methods.join(" ").as_str(), verdict(&outcome).as_str()),
                (wire, expected),
            );
        }
    }
}

#[test]
fn a_preflight_carries_what_browsers_send_and_nothing_of_the_request() {
    let mut wrong = Wrong::default();
    for (engine, ()) in each(&all(())) {
        let mut pair = Pair::new(engine, reflect);
        let put = request("PUT", "https://api.example/a?b#c").header("Authorization", "Bearer x").include();
        pair.fetch(put.with(|init| init.client.url = Some(url("https://app.example/page?query#fragment"))));
        let preflight = pair.take_exchanges().remove(0);
        let mut headers: Vec<String> = preflight
            .headers
            .iter()
            .map(|line| format!("{}: {}", line.name.to_ascii_lowercase(), line.text()))
            .collect();
        headers.sort();
        wrong.compare(
            "headers",
            engine,
            headers,
            [
                "accept-language: en-US,en;q=0.9",
                "accept: */*",
                "access-control-request-headers: authorization",
                "access-control-request-method: PUT",
                "origin: https://app.example",
                "referer: https://app.example/",
                "sec-fetch-dest: empty",
                "sec-fetch-mode: cors",
                "sec-fetch-site: cross-site",
            ]
            .map(str::to_owned)
            .into(),
        );
        wrong.compare("kind", engine, preflight.kind, ExchangeKind::Preflight);
        wrong.compare("credentials", engine, preflight.credentials, false);
        wrong.compare("body", engine, preflight.body, false);
    }
}

#[test]
fn only_one_content_type_line_of_two_is_sent_by_firefox() {
    for (engine, lines) in each(&[2, 2, 1, 2]) {
        let mut pair = Pair::new(engine, reflect);
        pair.fetch(
            request("POST", API).header("Content-Type", "text/plain").header("content-type", "text/plain"),
        );
        let sent = pair.take_exchanges().pop().unwrap();
        // To a server, joined lines and separate lines mean the same.
        assert_eq!(sent.headers.all("content-type").count(), lines, "{engine:?}");
    }
}

#[test]
fn user_agent_set_by_script_is_sent_by_all_but_chromium() {
    for (engine, value) in each(&[Some("mine"), None, Some("mine"), Some("mine")]) {
        let mut pair = Pair::new(engine, reflect);
        pair.fetch(request("GET", API).header("User-Agent", "mine"));
        let sent = pair.take_exchanges().pop().unwrap();
        assert_eq!(sent.headers.text("user-agent").as_deref(), value, "{engine:?}");
    }
}

#[test]
fn a_preflight_is_tried_again_when_the_connection_closes() {
    for (engine, tries) in each(&[1, 3, 10, 2]) {
        let closed = |_: &Exchange| Err(NetworkError::new(NetworkErrorKind::Closed, ""));
        let mut pair = Pair::with_network(engine, closed);
        assert_eq!(verdict(&pair.fetch(request("PUT", API))), "failed: connection-closed", "{engine:?}");
        assert_eq!(pair.wire().len(), tries, "{engine:?}");

        // Only preflights, and only after this kind of failure.
        assert_eq!(verdict(&pair.fetch(request("GET", API))), "failed: connection-closed", "{engine:?}");
        assert_eq!(pair.wire().len(), 1, "{engine:?}");
        let mut pair = Pair::with_network(engine, |_| Err(NetworkError::new(NetworkErrorKind::Refused, "")));
        assert_eq!(verdict(&pair.fetch(request("PUT", API))), "failed: connection-refused", "{engine:?}");
        assert_eq!(pair.wire().len(), 1, "{engine:?}");
    }
}

#[test]
fn a_preflight_that_is_answered_at_the_last_try_goes_on() {
    for (engine, tries) in each(&[1, 3, 10, 2]) {
        let mut left = tries;
        let mut pair = Pair::with_network(engine, |exchange| {
            left = (left - 1_i32).max(0);
            if left > 0 {
                Err(NetworkError::new(NetworkErrorKind::Closed, ""))
            } else {
                Ok(reflect(exchange))
            }
        });
        assert_eq!(verdict(&pair.fetch(request("PUT", API))), "readable", "{engine:?}");
    }
}

/// The preflight's response in place of [`reflect`]'s: its status, and lines that replace those of the same name.
fn answer(exchange: &Exchange, status: u16, lines: &[(&str, &str)]) -> ResponseHead {
    let mut response = reflect(exchange);
    if exchange.kind != ExchangeKind::Preflight {
        return response;
    }
    response.status = status;
    for (name, _) in lines {
        response.headers.delete(name);
    }
    for (name, value) in lines {
        response.headers.append(*name, *value);
    }
    response
}

const METHODS: &str = "Access-Control-Allow-Methods";
const HEADERS: &str = "Access-Control-Allow-Headers";

#[test]
fn the_answer_of_a_preflight_allows_the_request_or_not() {
    const OK: [&str; 4] = all("readable");
    const METHOD: [&str; 4] = all("blocked: method-not-allowed");
    const HEADER: [&str; 4] = all("blocked: header-not-allowed");
    const BAD_METHODS: [&str; 4] = all("blocked: allow-methods-invalid");
    const BAD_HEADERS: [&str; 4] = all("blocked: allow-headers-invalid");
    const STATUS: [&str; 4] = all("blocked: preflight-status");
    // To WebKit a redirect is a status like any other, and it checks the status first.
    const REDIRECT: [&str; 4] = [
        "blocked: preflight-redirected",
        "blocked: preflight-redirected",
        "blocked: preflight-redirected",
        "blocked: preflight-status",
    ];
    type Row = (&'static str, &'static str, u16, &'static [(&'static str, &'static str)], [&'static str; 4]);
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        // status
        ("200", "PUT", 200, &[], OK),
        ("204", "PUT", 204, &[], OK),
        ("299", "PUT", 299, &[], OK),
        ("300", "PUT", 300, &[], STATUS),
        ("301 with a Location", "PUT", 301, &[("Location", "/b")], REDIRECT),
        ("307 with a Location", "PUT", 307, &[("Location", "https://app.example/")], REDIRECT),
        ("302 without one", "PUT", 302, &[], STATUS),
        ("304", "PUT", 304, &[], STATUS),
        ("400", "PUT", 400, &[], STATUS),
        ("401", "PUT", 401, &[], STATUS),
        ("404", "PUT", 404, &[], STATUS),
        ("405", "PUT", 405, &[], STATUS),
        ("500", "PUT", 500, &[], STATUS),
        // methods
        ("PUT for PUT", "PUT", 200, &[(METHODS, "PUT")], OK),
        ("put for PUT", "PUT", 200, &[(METHODS, "put")], METHOD),
        ("patch for patch", "patch", 200, &[(METHODS, "patch")], OK),
        ("PATCH for patch", "patch", 200, &[(METHODS, "PATCH")], METHOD),
        ("patch for PATCH", "PATCH", 200, &[(METHODS, "patch")], METHOD),
        ("`*`", "PUT", 200, &[(METHODS, "*")], OK),
        ("`*` in a list", "PUT", 200, &[(METHODS, "GET, *")], OK),
        ("an empty list", "PUT", 200, &[(METHODS, "")], METHOD),
        ("a safelisted method needs no listing", "POST", 200, &[(METHODS, "")], OK),
        // the grammar of lists
        ("empty items", "PUT", 200, &[(METHODS, ",, GET ,\tPUT,")], OK),
        ("a trailing comma", "PUT", 200, &[(METHODS, "PUT,")], OK),
        ("several lines", "PUT", 200, &[(METHODS, "GET"), (METHODS, "PUT")], OK),
        ("headers with empty items on several lines", "PUT", 200, &[(HEADERS, ",x-b,"), (HEADERS, " ,X-A")], OK),
        ("a comment", "PUT", 200, &[(METHODS, "PUT, (bad)")], BAD_METHODS),
        ("two words", "PUT", 200, &[(METHODS, "PUT, x y")], BAD_METHODS),
        ("quotes", "PUT", 200, &[(METHODS, "\"PUT\"")], BAD_METHODS),
        ("a semicolon", "PUT", 200, &[(METHODS, "PUT; DELETE")], BAD_METHODS),
        ("a bad item on another line", "PUT", 200, &[(METHODS, "PUT"), (METHODS, "@")], BAD_METHODS),
        ("a bad item for a safelisted method", "POST", 200, &[(METHODS, "@")], BAD_METHODS),
        ("a comment among the headers", "PUT", 200, &[(HEADERS, "x-a, (bad)")], BAD_HEADERS),
        ("two words among the headers", "PUT", 200, &[(HEADERS, "x-a x-b")], BAD_HEADERS),
        // headers
        ("the name in another case", "PUT", 200, &[(HEADERS, "X-A")], OK),
        ("`*` for headers", "PUT", 200, &[(HEADERS, "*")], OK),
        ("another name", "PUT", 200, &[(HEADERS, "x-ab")], HEADER),
        ("an empty list of headers", "PUT", 200, &[(HEADERS, "")], HEADER),
    ];
    let mut wrong = Wrong::default();
    for (row, method, status, lines, expected) in rows {
        for (engine, expected) in each(expected) {
            let mut pair = Pair::new(engine, |exchange| answer(exchange, *status, lines));
            let outcome = pair.fetch(request(method, API).header("x-a", "1"));
            wrong.compare(row, engine, verdict(&outcome).as_str(), expected);
            let sent = if expected == "readable" { 2 } else { 1 };
            wrong.compare(&format!("{row}: requests sent"), engine, pair.wire().len(), sent);
        }
    }
}

#[test]
fn a_preflight_without_any_cors_header_fails_the_cors_check_first_except_in_webkit() {
    let expected = [
        "blocked: allow-origin-missing",
        "blocked: allow-origin-missing",
        "blocked: allow-origin-missing",
        "blocked: preflight-status",
    ];
    for (engine, expected) in each(&expected) {
        let mut pair = Pair::new(engine, |_| respond(404, &[]));
        assert_eq!(verdict(&pair.fetch(request("PUT", API))), expected, "{engine:?}");
    }
}

#[test]
fn a_forced_preflight_needs_no_allow_methods() {
    for (engine, ()) in each(&all(())) {
        let mut pair = Pair::new(engine, |exchange| answer(exchange, 200, &[(METHODS, "X")]));
        let forced = || request("GET", API).with(|init| init.force_preflight = true);
        assert_eq!(verdict(&pair.fetch(forced())), "readable", "{engine:?}");
        assert_eq!(pair.wire().len(), 2, "{engine:?}");
        pair.serve(|exchange| {
            let mut response = answer(exchange, 200, &[("access-control-max-age", "600")]);
            response.headers.delete(METHODS);
            response
        });
        assert_eq!(verdict(&pair.fetch(forced())), "readable", "{engine:?}");
        assert_eq!(pair.wire().len(), 2, "{engine:?}");
        // CORS-preflight fetch, step 7.4, exists so that the response is kept.
        pair.fetch(forced());
        assert_eq!(pair.wire().len(), 1, "{engine:?}");
    }
}
