//! A request that may change something on the server is sent once for each hop, however many engines are evaluated against the response.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::command::corsac;
use crate::server::{Request, Server, response};

/// From an https page, engines differ in what they send to this machine, so a request could be sent twice.
const PAGE: &str = "https://app.example";

/// Allows the page everything that it asks for.
fn allowing(request: &Request) -> Vec<u8> {
    let mut lines = vec![
        format!("Access-Control-Allow-Origin: {PAGE}"),
        "Access-Control-Allow-Credentials: true".to_owned(),
    ];
    for (asked, allowed) in [
        ("access-control-request-method", "Access-Control-Allow-Methods"),
        ("access-control-request-headers", "Access-Control-Allow-Headers"),
    ] {
        lines.extend(request.header(asked).map(|value| format!("{allowed}: {value}")));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    response(if request.is_preflight() { 204 } else { 200 }, &lines)
}

fn check(server: &Server, path: &str, arguments: &[&str]) -> Value {
    let url = server.url(path);
    let fixed = ["check", &url, "--origin", PAGE, "--json"];
    let report = corsac(fixed.iter().chain(arguments)).json();
    // Everything is said, and nothing else: method and path of each request, in order.
    let sent: Vec<(String, String)> =
        server.requests().into_iter().map(|request| (request.method, server.url(&request.target))).collect();
    let said: Vec<(String, String)> = report["sent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sent| (sent["method"].as_str().unwrap().to_owned(), sent["url"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(said, sent, "{arguments:?}");
    report
}

/// How often each path was asked with a method that may change something.
fn changes(server: &Server) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in server.requests() {
        if !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            *counts.entry(format!("{} {}", request.method, request.target)).or_default() += 1;
        }
    }
    counts
}

fn once(requests: &[&str]) -> BTreeMap<String, usize> {
    requests.iter().map(|request| ((*request).to_owned(), 1)).collect()
}

#[test]
fn each_request_that_may_change_something_is_sent_once() {
    let json = ["-H", "Content-Type: application/json", "-d", "{\"buy\":1}"];
    let table: [(&str, &[&str], &str); 7] = [
        ("an order", &json, "POST /"),
        ("a POST without a preflight", &["-d", "a=b"], "POST /"),
        ("without controls", &["-d", "a=b", "--no-controls"], "POST /"),
        ("PUT", &["-X", "PUT"], "PUT /"),
        ("DELETE with credentials", &["-X", "DELETE", "--credentials", "include"], "DELETE /"),
        ("a method of its own", &["-X", "purge"], "purge /"),
        ("no-cors", &["-d", "a=b", "--mode", "no-cors"], "POST /"),
    ];
    for (name, arguments, expected) in table {
        let server = Server::new(allowing);
        check(&server, "/", arguments);
        assert_eq!(changes(&server), once(&[expected]), "{name}");
    }
}

#[test]
fn each_hop_of_a_redirect_that_keeps_the_method_is_sent_once() {
    let server = Server::new(|request| {
        let next = match request.target.as_str() {
            "/a" => Some((307, "/b")),
            "/b" => Some((308, "/c")),
            _ => None,
        };
        match next.filter(|_| !request.is_preflight()) {
            Some((status, location)) => response(
                status,
                &[&format!("Access-Control-Allow-Origin: {PAGE}"), &format!("Location: {location}")],
            ),
            None => allowing(request),
        }
    });
    let report = check(&server, "/a", &["-X", "PUT"]);
    assert_eq!(changes(&server), once(&["PUT /a", "PUT /b", "PUT /c"]), "{report:#}");
    assert_eq!(report["engines"]["chromium"]["verdict"], "readable", "{report:#}");
    assert_eq!(report["verdict"], "readable");
}

#[test]
fn a_redirect_back_is_one_more_hop() {
    // The same URL twice is two requests of one fetch, as in a browser: the second carries what the first set.
    let server = Server::new(|request| {
        let first = request.target == "/a" && !request.is_preflight();
        let lines = [&format!("Access-Control-Allow-Origin: {PAGE}"), "Location: /a?again"];
        if first { response(307, &lines) } else { allowing(request) }
    });
    check(&server, "/a", &["-d", "a=b"]);
    assert_eq!(changes(&server), once(&["POST /a", "POST /a?again"]));
}

#[test]
fn the_first_browser_that_would_send_the_request_sends_it() {
    // Chromium sends its own `User-Agent` and asks for none; Firefox and WebKit let script set it, and ask.
    fn asks_for_it(request: &Request) -> bool {
        request.header("access-control-request-headers").is_some_and(|names| names.contains("user-agent"))
    }
    type Refuses = fn(&Request) -> bool;
    let table: [(&str, &[&str], Refuses, &str); 4] = [
        ("all may", &["-X", "PUT"], |_| false, "chromium"),
        (
            "Chromium's preflight is refused",
            &["-X", "PUT", "-H", "User-Agent: own/1"],
            |request| !asks_for_it(request),
            "firefox",
        ),
        (
            "all preflights but Chromium's are refused",
            &["-X", "PUT", "-H", "User-Agent: own/1"],
            asks_for_it,
            "chromium",
        ),
        // To a server without TLS, browsers leave `Referer` out of what comes from an https page; the standard does not.
        (
            "every browser's preflight is refused",
            &["-X", "PUT"],
            |request| request.header("referer").is_none(),
            "spec",
        ),
    ];
    for (name, arguments, refuses, sender) in table {
        let server = Server::new(move |request| {
            if request.is_preflight() && refuses(request) { response(403, &[]) } else { allowing(request) }
        });
        let report = check(&server, "/", arguments);
        assert_eq!(changes(&server), once(&["PUT /"]), "{name}: {report:#}");
        for engine in ["spec", "chromium", "firefox", "webkit"] {
            let report = &report["engines"][engine];
            let judged_on = &report["judged_on"];
            assert!(*judged_on == Value::Null || *judged_on == json!(sender), "{name}, {engine}: {report:#}");
            if engine == sender {
                assert_eq!(*judged_on, Value::Null, "{name}: it is judged on its own");
            }
        }
    }
}

#[test]
fn the_report_says_whose_request_an_engine_is_evaluated_against() {
    let server = Server::new(allowing);
    let report = check(&server, "/", &["-X", "PUT"]);
    // WebKit asks no http server from an https page, this machine or not.
    assert_eq!(report["engines"]["webkit"]["reason"], "mixed-content");
    let judged_on =
        ["spec", "chromium", "firefox", "webkit"].map(|engine| &report["engines"][engine]["judged_on"]);
    assert_eq!(judged_on, [&json!("chromium"), &Value::Null, &Value::Null, &Value::Null], "{report:#}");
    let request = &report["exchanges"][1];
    assert_eq!((&request["request"]["method"], &request["from"]), (&json!("PUT"), &json!("chromium")));

    let url = server.url("/");
    let text = |arguments: &[&str]| {
        let text = corsac([&["check", &url, "--origin", PAGE, "-X", "PUT"], arguments].concat()).stdout;
        text.replace("\n  ", " ")
    };
    // Chromium keeps its own `User-Agent`, and Firefox sends the one that script sets.
    let differing = text(&["-H", "User-Agent: own/1"]);
    assert!(
        differing.contains(
            "sent only once, as Chromium sends it. Firefox is evaluated against the same response."
        ),
        "{differing}"
    );
    // Whom the standard is judged on matters to nobody who reads a report.
    assert!(!text(&[]).contains("sent only once"), "{}", text(&[]));
}

#[test]
fn a_broken_connection_is_not_retried() {
    for broken in ["POST", "OPTIONS"] {
        let server = Server::raw(move |client| {
            if let Some(request) = client.read_request()
                && request.method != broken
            {
                client.write(&allowing(&request));
                client.finish();
            }
        });
        let report = check(&server, "/", &["-H", "Content-Type: application/json", "-d", "{}"]);
        let posts = usize::from(broken == "POST");
        assert_eq!(changes(&server).values().sum::<usize>(), posts, "{broken}: {report:#}");
        assert_eq!(report["engines"]["chromium"]["reason"], "connection-closed", "{broken}");
    }
}

#[test]
fn one_engine_alone_sends_its_own() {
    for engine in ["spec", "chromium", "firefox"] {
        let server = Server::new(allowing);
        let report = check(&server, "/", &["-X", "PUT", "--engine", engine]);
        assert_eq!(changes(&server), once(&["PUT /"]), "{engine}");
        assert_eq!(report["engines"][engine]["judged_on"], Value::Null, "{engine}");
        assert_eq!(report["exchanges"][1]["from"], engine);
    }
}

#[test]
fn the_report_names_the_sender_of_each_request_that_another_engine_sent() {
    // As above: only the standard sends a `Referer`, so its GET is one more.
    let server = Server::new(allowing);
    let run = corsac(["check", &server.url("/"), "--origin", PAGE, "--no-controls"]);
    assert_eq!(server.methods(), ["GET", "GET"], "{run:#?}");
    let expected = format!("  → GET {}  (request, as the standard sends it)\n", server.url("/"));
    assert!(run.stdout.contains(&format!("Also sent\n{expected}")), "{run:#?}");
}
