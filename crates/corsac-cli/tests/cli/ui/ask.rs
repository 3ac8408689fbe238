//! `api/ask`: one request of a page, as `corsac check` sends it.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::mpsc;

use serde_json::{Value, json};

use super::{Page, bytes};
use crate::server::{Server, response};

fn question(server: &Server, more: impl Into<Value>) -> Value {
    let mut question = json!({ "url": server.url("/items"), "origin": "http://app.example" });
    for (name, value) in more.into().as_object().unwrap() {
        question[name] = value.clone();
    }
    question
}

#[test]
fn the_answer_has_the_cause_the_fix_and_the_whole_report() {
    let server = Server::allowing(
        &["Access-Control-Allow-Origin: http://app.example", "Server: nginx"],
        &["Access-Control-Allow-Origin: http://app.example"],
    );
    let page = Page::start();
    let asked = page.answer(
        "ask",
        &question(&server, json!({
            "method": "POST", "headers": "Content-Type: application/json\nX-Trace: 1\n", "body": "{}", "credentials": "same-origin", "mode": "cors",
            "redirect": "follow", "as": null, "crossorigin": null, "cookies": [], "referrer_policy": null, "timeout": 10, "url_of": null,
            "preflight_only": false, "stack": "nginx", "confirmed": true,
        })),
    );
    assert_eq!(asked["schema"], "corsac.page.ask/1");
    assert_eq!(
        (asked["report"]["schema"].as_str(), asked["report"]["verdict"].as_str()),
        (Some("corsac.check/2"), Some("blocked"))
    );
    let answer = &asked["answer"];
    assert_eq!((answer["verdict"].as_str(), answer["stage"].as_str()), (Some("blocked"), Some("preflight")));
    assert_eq!(answer["code"], asked["report"]["diagnosis"][0]["code"]);
    assert_eq!(answer["headline"], "The preflight does not allow a request header.", "{answer:#}");
    assert!(answer["sentences"].to_string().contains("The POST was never sent."), "{answer:#}");
    assert!(
        answer["fix"]["stack"] == "nginx" && !answer["fix"]["lines"].as_array().unwrap().is_empty(),
        "{answer:#}"
    );
    assert_eq!(answer["engines"].as_array().unwrap().len(), 3);
    assert_eq!(answer["stacks"][0], json!({ "name": "nginx", "title": "nginx", "seen": true }));
    assert!(asked["markdown"].as_str().unwrap().starts_with("**BLOCKED**"));
    let group = &asked["groups"][0];
    assert_eq!(group["engines"], json!(["chromium", "firefox", "webkit"]), "{asked:#}");
    let steps: Vec<&str> =
        group["sequence"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["call", "lookup", "sent", "received", "unsent", "end"]);
    assert!(group["trace"].as_array().unwrap().iter().any(|row| row["result"] == "fail"), "{group:#}");
    assert!(asked["controls"].as_array().unwrap().iter().all(|step| step["kind"] == "control"), "{asked:#}");
    assert!(server.methods().iter().all(|method| method != "POST"));
}

#[test]
fn another_stack_is_advised_on_without_asking_again() {
    let server = Server::allowing(&[], &["Access-Control-Allow-Origin: http://app.example"]);
    let page = Page::start();
    let mut put =
        question(&server, json!({ "method": "PUT", "headers": "Authorization: Bearer abcdef123456" }));
    assert_eq!(page.call("fix", &put).status, 400);
    put["stack"] = json!("caddy");
    let fix = page.answer("fix", &put);
    assert_eq!((fix["title"].as_str(), fix["stack"].as_str()), (Some("In Caddy"), Some("caddy")), "{fix:#}");
    let lines = fix["lines"].to_string();
    assert!(lines.contains("PUT") && !fix.to_string().contains("abcdef123456"), "{fix:#}");
    assert!(server.methods().is_empty(), "a request was sent");
}

#[test]
fn the_browsers_that_decide_the_verdict_are_the_first_group() {
    let server = Server::allowing(&[], &["Access-Control-Allow-Origin: https://app.example"]);
    // Safari alone refuses plain http from a page on https, and only because the server is on this machine.
    let asked = Page::start().answer("ask", &question(&server, json!({ "origin": "https://app.example" })));
    assert_eq!(asked["answer"]["verdict"], "readable");
    let of = |index: usize| (&asked["groups"][index]["names"], asked["groups"][index]["verdict"].as_str());
    assert_eq!(of(0), (&json!(["Chromium", "Firefox"]), Some("readable")), "{asked:#}");
    assert_eq!(of(1), (&json!(["Safari"]), Some("failed")), "{asked:#}");
}

#[test]
fn a_readable_answer_says_what_script_gets() {
    let server =
        Server::answering(response(200, &["Access-Control-Allow-Origin: *", "Content-Type: text/plain"]));
    let answer = &Page::start().answer("ask", &question(&server, json!({})))["answer"];
    assert_eq!((answer["verdict"].as_str(), answer["code"].as_str()), (Some("readable"), None), "{answer:#}");
    assert_eq!(answer["headline"], "The page may read the response.");
    assert!(
        answer["sentences"][0]
            .as_str()
            .unwrap()
            .starts_with("Script gets status 200, the body and the headers "),
        "{answer:#}"
    );
}

#[test]
fn a_request_that_may_change_something_is_sent_only_when_confirmed() {
    let page = Page::start();
    for more in [
        json!({ "method": "DELETE" }),
        json!({ "method": "delete" }),
        json!({ "method": "POST", "body": "a", "headers": "Content-Type: text/plain" }),
        json!({ "body": "a" }),
        json!({ "method": "POST", "mode": "no-cors" }),
        json!({ "as": "beacon", "body": "a" }),
        json!({ "as": "navigate", "method": "POST", "body": "a" }),
        json!({ "method": "ANYTHING" }),
    ] {
        let server = Server::answering(response(
            204,
            &["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: *"],
        ));
        let answer = page.call("ask", &question(&server, more.clone()));
        assert_eq!(
            (answer.status, &answer.json()["needs"]),
            (409, &json!("confirmation")),
            "{more}: {}",
            answer.text()
        );
        assert!(server.requests().is_empty(), "{more}");
        let mut confirmed = question(&server, more.clone());
        confirmed["confirmed"] = json!(true);
        page.answer("ask", &confirmed);
        assert!(!server.requests().is_empty(), "{more}");
    }
    let server = Server::answering(response(
        204,
        &["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: *"],
    ));
    page.answer("ask", &question(&server, json!({ "method": "DELETE", "preflight_only": true })));
    assert_eq!(server.methods(), ["OPTIONS"]);
}

#[test]
fn no_secret_comes_back() {
    let server =
        Server::answering(response(200, &["Access-Control-Allow-Origin: *", "Set-Cookie: session=hidden-c"]));
    let mut more = json!({
        "headers": "Authorization: Bearer hidden-a\nX-Api-Key: hidden-d", "credentials": "include", "cookies": ["session=hidden-b"],
    });
    more["url"] = json!(server.url("/items?access_token=hidden-e"));
    let text = Page::start().call("ask", &question(&server, more)).text();
    assert!(text.contains("REDACTED") && !text.contains("hidden-"), "{text}");
    assert!(server.requests().iter().any(|request| request.target.contains("hidden-e")));
}

#[test]
fn a_body_that_looks_like_the_name_of_a_file_is_sent_as_it_is() {
    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    let more = json!({ "method": "POST", "body": "@/etc/hostname", "confirmed": true });
    Page::start().answer("ask", &question(&server, more));
    let posted = server.requests().into_iter().find(|request| request.method == "POST").unwrap();
    assert_eq!(posted.body, b"@/etc/hostname");
}

#[test]
fn script_of_an_asked_server_comes_back_as_json_alone() {
    const SCRIPT: &str = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>";
    let lines = [
        format!("Access-Control-Allow-Origin: {SCRIPT}"),
        format!("Server: {SCRIPT}"),
        format!("X-A: {SCRIPT}"),
        format!("Location: http://127.0.0.1/{SCRIPT}"),
    ];
    for status in [200, 302, 404] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let server = Server::answering(response(status, &lines));
        let mut question = question(&server, json!({}));
        question["url"] = json!(server.url(&format!("/{SCRIPT}?{SCRIPT}#{SCRIPT}")));
        let answer = Page::start().call("ask", &question);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.json()["answer"]["verdict"].is_string());
    }
}

#[test]
fn ten_thousand_header_lines_do_not_harm_the_page() {
    let lines: Vec<String> = (0..10_000).map(|index| format!("X-{index}: {}", "v".repeat(20))).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let server = Server::answering(response(200, &lines));
    let page = Page::start();
    let answer = page.call("ask", &question(&server, json!({})));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.body.len() < 4 << 20, "{} bytes", answer.body.len());
    assert_eq!(page.get("/", &[]).status, 200);
}

#[test]
fn a_question_that_the_page_gives_up_is_not_asked_on() {
    let (asked, is_asked) = mpsc::channel();
    let (gone, is_gone) = mpsc::channel();
    let (asked, gone) = (std::sync::Mutex::new(asked), std::sync::Mutex::new(gone));
    let server = Server::raw(move |client| {
        if client.read_request().is_some() {
            asked.lock().unwrap().send(()).unwrap();
            // Never answers, and only sees how the connection ends.
            client.wait();
            gone.lock().unwrap().send(()).unwrap();
        }
    });
    let page = Page::start();
    let mut stream = TcpStream::connect(format!("127.0.0.1:{}", page.port())).unwrap();
    let body = question(&server, json!({ "timeout": 60 })).to_string();
    stream.write_all(&bytes("POST /api/ask", &page.lines(), &body)).unwrap();
    is_asked.recv().unwrap();
    drop(stream);
    // Without the page, the connection would stay until the timeout, and other requests would follow.
    is_gone.recv().unwrap();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(page.get("/", &[]).status, 200);
}

#[test]
fn only_so_many_questions_are_asked_at_the_same_time() {
    let (asked, is_asked) = mpsc::channel();
    let asked = std::sync::Mutex::new(asked);
    let server = Server::raw(move |client| {
        if client.read_request().is_some() {
            asked.lock().unwrap().send(()).unwrap();
            client.wait();
        }
    });
    let page = Page::start();
    let body = question(&server, json!({ "timeout": 60 })).to_string();
    let waiting: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = TcpStream::connect(format!("127.0.0.1:{}", page.port())).unwrap();
            stream.write_all(&bytes("POST /api/ask", &page.lines(), &body)).unwrap();
            is_asked.recv().unwrap();
            stream
        })
        .collect();
    assert_eq!(page.call("ask", &question(&server, json!({}))).status, 429);
    drop(waiting);
}

#[test]
fn a_wrong_field_is_named() {
    let page = Page::start();
    let server = Server::answering("");
    for (more, field) in [
        (json!({ "url": "api.example.com" }), "url"),
        (json!({ "url": "ftp://api.example.com/" }), "url"),
        (json!({ "url": 1 }), "url"),
        (json!({ "origin": "app.example" }), "origin"),
        (json!({ "headers": "X" }), "headers"),
        (json!({ "as": "nothing" }), "as"),
        (json!({ "timeout": 0 }), "timeout"),
        (json!({ "timeout": 1e9 }), "timeout"),
        (json!({ "cookies": "a=b" }), "cookies"),
        (json!({ "stack": "nothing" }), "stack"),
    ] {
        let answer = page.call("ask", &question(&server, more.clone()));
        assert_eq!(
            (answer.status, &answer.json()["field"]),
            (400, &json!(field)),
            "{more}: {}",
            answer.text()
        );
    }
    for (more, words) in [
        (json!({ "unknown": 1 }), "unknown"),
        (json!({ "method": "CONNECT" }), "CONNECT"),
        (json!({ "as": "img", "method": "PUT" }), "The method cannot be used with `as img`"),
        (json!({ "as": "img", "headers": "X-A: 1" }), "headers"),
    ] {
        let answer = page.call("ask", &question(&server, more.clone()));
        let error = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(answer.status == 400 && error.contains(words) && !error.contains("--"), "{more}: {error}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn what_the_form_always_says_does_not_stand_in_the_way_of_an_element() {
    let server =
        Server::answering(response(200, &["Access-Control-Allow-Origin: *", "Content-Type: image/png"]));
    let fields = json!({
        "method": "GET", "headers": "", "body": null, "credentials": "same-origin", "mode": "cors", "redirect": "follow", "as": "img",
        "crossorigin": "anonymous",
    });
    let asked = Page::start().answer("ask", &question(&server, fields));
    assert_eq!(
        (asked["report"]["as"].as_str(), asked["answer"]["verdict"].as_str()),
        (Some("img"), Some("readable")),
        "{asked:#}"
    );
}

#[test]
fn a_resolve_option_holds_for_the_page() {
    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    let port = server.address.port();
    let page = Page::with(&["--resolve", &format!("api.example:{port}:127.0.0.1")]);
    let asked = page.answer(
        "ask",
        &json!({ "url": format!("http://api.example:{port}/"), "origin": "http://app.example" }),
    );
    assert_eq!(asked["answer"]["verdict"], "readable", "{asked:#}");
}
