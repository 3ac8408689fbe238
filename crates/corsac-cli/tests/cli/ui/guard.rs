//! What pages of other sites try, and what is refused.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::json;

use super::{Answer, Page, bytes};
use crate::server::{Server, response};

/// A call whose `api/ask` would reach this server.
fn question(server: &Server) -> String {
    json!({ "url": server.url("/"), "origin": "http://app.example" }).to_string()
}

/// The lines of a call, with one of them replaced, left out or added.
fn changed(page: &Page, name: &str, values: &[&str]) -> Vec<String> {
    let start = format!("{name}: ");
    let mut lines: Vec<String> = page.lines().into_iter().filter(|line| !line.starts_with(&start)).collect();
    lines.extend(values.iter().map(|value| format!("{start}{value}")));
    lines
}

#[test]
fn a_page_whose_name_leads_here_is_refused() {
    let server = Server::answering(response(200, &[]));
    let page = Page::start();
    let port = page.port().to_owned();
    let hosts = [
        format!("evil.example:{port}"),
        "evil.example".to_owned(),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("127.0.0.2:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::1]:{port}"),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
        format!("127.0.0.1:{port}@evil.example"),
        String::new(),
    ];
    for host in &hosts {
        // The page that rebinds its name has that name as its origin.
        let origin = format!("http://{host}");
        for lines in [changed(&page, "Host", &[host]), {
            let mut lines = changed(&page, "Host", &[host]);
            lines.retain(|line| !line.starts_with("Origin: "));
            lines.push(format!("Origin: {origin}"));
            lines
        }] {
            assert_eq!(page.post_with("POST /api/ask", &lines, &question(&server)).status, 421, "{host}");
            assert_eq!(page.post_with("GET /", &lines, "").status, 421, "{host}");
        }
    }
    // Without a name, with two, and with another in the request line.
    assert_eq!(page.send(b"GET / HTTP/1.0\r\n\r\n").status, 421);
    assert_eq!(
        page.post_with("GET /", &changed(&page, "Host", &[&page.host, "evil.example"]), "").status,
        421
    );
    assert_eq!(page.post_with("GET http://evil.example/", &page.lines(), "").status, 421);
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}")] {
        assert_eq!(page.post_with("GET /", &changed(&page, "Host", &[&host]), "").status, 200, "{host}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn only_the_page_itself_may_call() {
    let server = Server::answering(response(200, &[]));
    let page = Page::start();
    let own = page.origin();
    let table: &[&[&str]] = &[
        &[],
        &["null"],
        &["http://evil.example"],
        &["https://127.0.0.1"],
        &[&own.replace("http:", "https:")],
        &[&format!("{own}/")],
        &[&format!("{own}.evil.example")],
        &[&own.replace("127.0.0.1", "127.0.0.2")],
        &["http://127.0.0.1:1"],
        &[&own, "http://evil.example"],
        &[&format!("{own}, http://evil.example")],
        &[""],
    ];
    for origins in table {
        let answer = page.post_with("POST /api/ask", &changed(&page, "Origin", origins), &question(&server));
        assert_eq!(answer.status, 403, "{origins:?}");
    }
    for sites in
        [&["cross-site"] as &[&str], &["same-site"], &["none"], &[""], &["same-origin", "cross-site"]]
    {
        let lines = changed(&page, "Sec-Fetch-Site", sites);
        assert_eq!(page.post_with("POST /api/ask", &lines, &question(&server)).status, 403, "{sites:?}");
    }
    assert!(server.requests().is_empty());
    // Browsers without Sec-Fetch-Site.
    let lines = changed(&page, "Sec-Fetch-Site", &[]);
    assert_eq!(page.post_with("POST /api/ask", &lines, &question(&server)).status, 200);
}

#[test]
fn what_a_form_can_send_is_refused() {
    let server = Server::answering(response(200, &[]));
    let page = Page::start();
    let kinds: [&[&str]; 7] = [
        &[],
        &["text/plain"],
        &["application/x-www-form-urlencoded"],
        &["multipart/form-data; boundary=a"],
        &["text/plain; application/json"],
        &["application/jsonp"],
        &["application/json", "text/plain"],
    ];
    for kind in kinds {
        let answer =
            page.post_with("POST /api/ask", &changed(&page, "Content-Type", kind), &question(&server));
        assert_eq!(answer.status, 415, "{kind:?}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_call_without_the_token_is_refused() {
    let server = Server::answering(response(200, &[]));
    let page = Page::start();
    let token = page.token.clone();
    let wrong = "0".repeat(token.len());
    let shorter = token[1..].to_owned();
    let longer = format!("{token}0");
    for tokens in [
        &[] as &[&str],
        &[""],
        &[&wrong],
        &[&shorter],
        &[&longer],
        &[&token, &wrong],
        &[&token.to_ascii_uppercase()],
    ] {
        let answer =
            page.post_with("POST /api/ask", &changed(&page, "X-Corsac-Token", tokens), &question(&server));
        assert_eq!(answer.status, 401, "{tokens:?}");
    }
    // Neither a link nor a cookie has it.
    let mut lines = changed(&page, "X-Corsac-Token", &[]);
    lines.push(format!("Cookie: X-Corsac-Token={token}; token={token}"));
    lines.push(format!("Authorization: Bearer {token}"));
    let answer = page.post_with(&format!("POST /api/ask?token={token}"), &lines, &question(&server));
    assert_eq!(answer.status, 401);
    assert!(answer.json()["error"].as_str().unwrap().contains("link"));
    assert!(server.requests().is_empty());
}

#[test]
fn calls_are_made_with_post_alone_and_no_preflight_is_answered() {
    let page = Page::start();
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let mut lines = page.lines();
        lines.push("Access-Control-Request-Method: POST".to_owned());
        let answer = page.post_with(&format!("{method} /api/ask"), &lines, "");
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method}");
    }
    for method in ["POST", "PUT", "OPTIONS"] {
        assert_eq!(page.post_with(&format!("{method} /"), &page.lines(), "").status, 405, "{method}");
    }
}

fn is_protected(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{what}: {answer:?}"));
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.split("; ").any(|own| own == part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{what}: {policy}");
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}");
    }
    assert!(
        answer.lines.iter().all(|(name, _)| !name.starts_with("access-control-") && name != "set-cookie"),
        "{what}: {answer:?}"
    );
}

#[test]
fn every_response_forbids_frames_and_inline_code_and_is_for_this_origin_alone() {
    let page = Page::start();
    is_protected(&page.get("/", &["Origin: http://evil.example"]), "a page");
    is_protected(&page.get("/demo.json", &[]), "a file");
    is_protected(&page.get("/nothing", &[]), "nothing");
    is_protected(&page.post_with("GET /", &changed(&page, "Host", &["evil.example"]), ""), "another host");
    is_protected(
        &page.post_with("POST /api/ask", &changed(&page, "Origin", &["http://evil.example"]), ""),
        "another origin",
    );
    is_protected(&page.post_with("OPTIONS /api/ask", &page.lines(), ""), "a preflight");
    is_protected(&page.call("ask", &json!({})), "a wrong call");
    let answer = page.call("read", &json!({ "text": "preflight" }));
    is_protected(&answer, "an answer");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn the_token_is_in_the_link_and_nowhere_else() {
    let page = Page::start();
    assert_eq!(page.token.len(), 64);
    assert_eq!(page.text.matches(&page.token).count(), 1, "{}", page.text);
    assert!(page.text.contains(&format!("/#token={}", page.token)));
    for path in ["/", "/play.html", "/demo.json", "/presets.json", "/nothing"] {
        assert!(!page.get(path, &[]).text().contains(&page.token), "{path}");
    }
    for (path, value) in [("read", json!({ "text": "x" })), ("ask", json!({})), ("nothing", json!({}))] {
        assert!(!page.call(path, &value).text().contains(&page.token), "{path}");
    }
    assert_ne!(page.token, Page::start().token);
}

#[test]
fn a_body_over_the_limit_is_refused() {
    let page = Page::start();
    let long = json!({ "text": "x".repeat(1 << 20) }).to_string();
    assert_eq!(page.post_with("POST /api/read", &page.lines(), &long).status, 413);
    // The limit holds for what arrives, whatever was announced.
    let mut lines = page.lines();
    lines.push("Transfer-Encoding: chunked".to_owned());
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let chunked = format!(
        "POST /api/read HTTP/1.1\r\n{lines}Connection: close\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n",
        long.len()
    );
    assert_eq!(page.send(chunked.as_bytes()).status, 413);
    let announced = bytes("POST /api/har", &page.lines(), "").into_iter().collect::<Vec<u8>>();
    let announced = String::from_utf8(announced)
        .unwrap()
        .replace("Content-Length: 0", &format!("Content-Length: {}", (64 << 20) + 1));
    assert_eq!(page.send(announced.as_bytes()).status, 413);
    // A recording may be longer than other calls.
    let har = json!({ "log": { "creator": { "name": "x".repeat(2 << 20) }, "entries": [] } });
    assert_eq!(page.call("har", &har).status, 200);
    assert_eq!(page.get("/", &[]).status, 200);
}

#[test]
fn requests_that_never_end_do_not_keep_others_waiting() {
    let page = Page::start();
    let mut open = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", page.port())).unwrap();
        let start = bytes("POST /api/read", &page.lines(), &"x".repeat(1_000));
        stream.write_all(&start[..start.len() - 900]).unwrap();
        open.push(stream);
    }
    assert_eq!(page.answer("read", &json!({ "text": "preflight" }))["kind"], "code");
}

#[test]
fn a_page_beyond_this_machine_asks_only_with_allow_ask() {
    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    let question = json!({ "url": server.url("/"), "origin": "http://app.example" });
    let page = Page::with(&["--listen", "0.0.0.0"]);
    let answer = page.call("ask", &question);
    assert_eq!(answer.status, 403);
    assert!(answer.json()["error"].as_str().unwrap().contains("--allow-ask"), "{}", answer.text());
    assert!(page.text.contains("--allow-ask"), "{}", page.text);
    assert!(server.requests().is_empty());
    assert_eq!(page.answer("read", &json!({ "text": "preflight" }))["kind"], "code");
    let page = Page::with(&["--listen", "0.0.0.0", "--allow-ask"]);
    assert_eq!(page.answer("ask", &question)["answer"]["verdict"], "readable");
}

#[test]
fn the_public_url_is_another_own_host_and_origin() {
    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    let question = json!({ "url": server.url("/"), "origin": "http://app.example" }).to_string();
    let listening = Page::with(&[]);
    let (port, _) = (listening.port().to_owned(), drop(listening));
    let page = Page::of(&["ui", "--no-open", "--port", &port, "--public-url", "https://me.dev.example"]);
    let send = |host: &str, origin: &str| {
        let lines = [
            format!("Host: {host}"),
            format!("Origin: {origin}"),
            "Content-Type: application/json".to_owned(),
            format!("X-Corsac-Token: {}", page.token),
        ];
        super::exchange(&format!("127.0.0.1:{port}"), &bytes("POST /api/ask", &lines, &question)).status
    };
    let local = format!("127.0.0.1:{port}");
    assert_eq!(send("me.dev.example", "https://me.dev.example"), 200);
    // Some tunnels change `Host`, and none changes `Origin`.
    assert_eq!(send(&local, "https://me.dev.example"), 200);
    assert_eq!(send(&local, &format!("http://{local}")), 200);
    assert_eq!(send("me.dev.example", "http://me.dev.example"), 403);
    assert_eq!(send("me.dev.example", "https://dev.example"), 403);
    assert_eq!(send("other.dev.example", "https://me.dev.example"), 421);
}
