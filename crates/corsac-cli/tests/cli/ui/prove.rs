//! `api/prove`, and the two origins that answer as a situation says.

use serde_json::{Value, json};

use super::{Answer, Page, exchange};

fn play(request: impl Into<Value>, answers: impl Into<Value>) -> Value {
    let mut play = json!({
        "request": {
            "url": "https://api.example.com/orders/42?a=b", "origin": "https://app.example.com", "method": "GET", "credentials": "same-origin",
            "mode": "cors", "redirect": "follow", "headers": "", "body": null,
        },
        "answers": answers.into(),
        "policy": null,
    });
    for (name, value) in request.into().as_object().unwrap() {
        play["request"][name] = value.clone();
    }
    play
}

fn open(page: &Page, play: &Value) -> Value {
    page.answer("prove", &json!({ "play": play, "engine": "chromium" }))
}

/// Sends a request of the page to a URL of a prove origin.
fn send(page: &Page, url: &str, method: &str, lines: &[&str]) -> Answer {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let origin = page.origin();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n{lines}Connection: close\r\n\r\n"
    );
    exchange(host, request.as_bytes())
}

/// The names of the headers that say how the connection ends, which is not part of an answer.
const OF_THE_CONNECTION: &str = "connection";

#[test]
fn a_situation_is_answered_on_this_machine_as_it_says() {
    let page = Page::start();
    let answers = json!({
        "preflight": { "status": 204, "headers": "Access-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Headers: x-a" },
        "request": { "status": 200, "headers": "Access-Control-Allow-Origin: https://app.example.com/\nVary: Origin" },
    });
    let opened = open(&page, &play(json!({ "headers": "X-A: 1" }), answers));
    assert_eq!(opened["cannot"], Value::Null, "{opened:#}");
    let url = opened["call"]["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/0/orders/42?a=b"), "{url}");
    assert_eq!(opened["call"]["init"]["headers"], json!([["X-A", "1"]]));
    assert_eq!(opened["play"]["request"]["origin"], page.origin());
    assert_eq!(opened["prediction"]["verdict"], "blocked", "{opened:#}");

    let preflight = send(
        &page,
        url,
        "OPTIONS",
        &["Access-Control-Request-Method: GET", "Access-Control-Request-Headers: x-a"],
    );
    assert_eq!(
        (preflight.status, preflight.header("access-control-allow-origin")),
        (204, Some(page.origin().as_str()))
    );
    let answer = send(
        &page,
        url,
        "GET",
        &["X-A: 1", "Cookie: corsac-prove-a=secret; session=secret", "Authorization: secret"],
    );
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some(format!("{}/", page.origin()).as_str()),
        "the mistake stays"
    );

    // What is sent is what the prediction is about: the same lines, and no others.
    let told = opened["play"]["answers"]["request"]["headers"].as_str().unwrap().to_ascii_lowercase();
    let mut told: Vec<&str> = told.lines().collect();
    let sent: Vec<String> = answer
        .lines
        .iter()
        .filter(|(name, _)| name != OF_THE_CONNECTION)
        .map(|(name, value)| format!("{name}: {}", value.to_ascii_lowercase()))
        .collect();
    let mut sent: Vec<&str> = sent.iter().map(String::as_str).collect();
    told.sort_unstable();
    sent.sort_unstable();
    assert_eq!(told, sent);

    let seen = page.answer("prove/seen", &json!({ "id": opened["id"] }));
    let methods: Vec<&str> =
        seen["seen"].as_array().unwrap().iter().map(|seen| seen["method"].as_str().unwrap()).collect();
    assert_eq!(methods, ["OPTIONS", "GET"], "{seen:#}");
    assert!(
        seen["seen"][1]["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["Cookie", "corsac-prove-a; session"])),
        "{seen:#}"
    );
    assert!(!seen.to_string().contains("secret"), "{seen:#}");
}

#[test]
fn a_body_is_fixed_text_in_a_sandbox() {
    let page = Page::start();
    let answers = json!({ "request": { "status": 200, "headers": "Access-Control-Allow-Origin: *\nContent-Type: text/html\nContent-Length: 9999" } });
    let opened = open(&page, &play(json!({}), answers));
    let answer = send(&page, opened["call"]["url"].as_str().unwrap(), "GET", &[]);
    assert_eq!(answer.text(), "An answer of corsac ui, for Prove.\n");
    assert_eq!(answer.header("content-type"), Some("text/plain;charset=utf-8"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("content-security-policy"), Some("sandbox"));
    assert_eq!(opened["left_out"], json!(["Content-Type", "Content-Length"]));
}

#[test]
fn headers_that_outlast_prove_are_left_out_and_told() {
    let page = Page::start();
    let lines = "Access-Control-Allow-Origin: *\nSet-Cookie: session=1\nSet-Cookie: corsac-prove-a=1\nClear-Site-Data: \"*\"\n\
                 Strict-Transport-Security: max-age=1\nService-Worker-Allowed: /\nRefresh: 0; url=http://evil.example/\nX-Total-Count: 3";
    let opened = open(&page, &play(json!({}), json!({ "request": { "status": 200, "headers": lines } })));
    let left_out = json!([
        "Set-Cookie",
        "Clear-Site-Data",
        "Strict-Transport-Security",
        "Service-Worker-Allowed",
        "Refresh",
        "X-Total-Count"
    ]);
    assert_eq!(opened["left_out"], left_out);
    let answer = send(&page, opened["call"]["url"].as_str().unwrap(), "GET", &[]);
    let cookies: Vec<_> = answer
        .lines
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(cookies, ["corsac-prove-a=1"]);
    for name in
        ["clear-site-data", "strict-transport-security", "service-worker-allowed", "refresh", "x-total-count"]
    {
        assert_eq!(answer.header(name), None, "{name}");
    }
}

#[test]
fn redirects_lead_to_the_prove_origins_alone() {
    let page = Page::start();
    let answers = json!({
        "request": { "status": 302, "headers": "Access-Control-Allow-Origin: *\nLocation: https://files.example.net/f?x=1" },
        "redirects": [
            { "request": { "status": 307, "headers": "Access-Control-Allow-Origin: *\nLocation: https://api.example.com/back" } },
            { "request": { "status": 200, "headers": "Access-Control-Allow-Origin: *" } },
        ],
    });
    let opened = open(&page, &play(json!({}), answers.clone()));
    assert_eq!(opened["cannot"], Value::Null, "{opened:#}");
    let second = opened["call"]["url"].as_str().unwrap().to_owned();
    let first = send(&page, &second, "GET", &[]);
    let third = first.header("location").unwrap().to_owned();
    let host = |url: &str| url.split('/').nth(2).unwrap().to_owned();
    assert!(
        third.starts_with("http://127.0.0.1:")
            && third.ends_with("/1/f?x=1")
            && host(&third) != host(&second),
        "{third}"
    );
    let back = send(&page, &third, "GET", &[]);
    assert_eq!(host(back.header("location").unwrap()), host(&second));
    assert_eq!(send(&page, back.header("location").unwrap(), "GET", &[]).status, 200);
    // The origins are those that the page may connect to.
    let policy = page.get("/", &[]).header("content-security-policy").unwrap().to_owned();
    for url in [&second, &third] {
        assert!(policy.contains(&format!(" http://{}", host(url))), "{policy}");
    }
    for elsewhere in [
        "https://one.more.example/",
        "data:text/html,x",
        "javascript:alert(1)",
        "https://app.example.com/",
        "http://files.example.net/",
        "//",
    ] {
        let mut answers = answers.clone();
        answers["redirects"][0]["request"]["headers"] =
            json!(format!("Access-Control-Allow-Origin: *\nLocation: {elsewhere}"));
        let opened = open(&page, &play(json!({}), answers));
        assert!(opened["cannot"].is_string() && opened["id"].is_null(), "{elsewhere}: {opened:#}");
    }
}

#[test]
fn nothing_is_answered_below_a_path_that_was_not_registered() {
    let page = Page::start();
    let answers = json!({ "request": { "status": 200, "headers": "Access-Control-Allow-Origin: *" } });
    let opened = open(&page, &play(json!({}), answers));
    let url = opened["call"]["url"].as_str().unwrap();
    let id = opened["id"].as_str().unwrap();
    assert_eq!(id.len(), 32);
    let origin = url.split_once(id).unwrap().0;
    for path in [
        "",
        &"0".repeat(32),
        &format!("{}/0/", "0".repeat(32)),
        id,
        &format!("{id}/"),
        &format!("{id}/x/"),
        "..",
        "%00",
    ] {
        let answer = send(&page, &format!("{origin}{path}"), "GET", &[]);
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            answer.lines.iter().all(|(name, _)| !name.starts_with("access-control-")),
            "{path}: {answer:?}"
        );
    }
    // A page that rebinds its name to this machine.
    let host = origin.trim_start_matches("http://").trim_end_matches('/');
    let request = format!("GET /{id}/0/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(exchange(host, request.as_bytes()).status, 404);
    assert_eq!(page.call("prove/seen", &json!({ "id": "0".repeat(32) })).status, 404);
}

#[test]
fn a_hundred_later_situations_end_an_earlier_one() {
    let page = Page::start();
    let play =
        play(json!({}), json!({ "request": { "status": 200, "headers": "Access-Control-Allow-Origin: *" } }));
    let first = open(&page, &play)["call"]["url"].as_str().unwrap().to_owned();
    for _ in 0..99 {
        open(&page, &play);
    }
    assert_eq!(send(&page, &first, "GET", &[]).status, 200);
    open(&page, &play);
    assert_eq!(send(&page, &first, "GET", &[]).status, 404);
}

#[test]
fn a_policy_answers_on_this_machine_too() {
    let page = Page::start();
    let mut play = play(json!({ "method": "PUT" }), json!({}));
    play["policy"] = json!("[policy.api]\norigins = [\"https://app.example.com\"]\nmethods = [\"PUT\"]\n");
    let opened = open(&page, &play);
    assert_eq!(
        (&opened["cannot"], &opened["prediction"]["verdict"]),
        (&Value::Null, &json!("readable")),
        "{opened:#}"
    );
    let url = opened["call"]["url"].as_str().unwrap();
    let preflight = send(&page, url, "OPTIONS", &["Access-Control-Request-Method: PUT"]);
    assert_eq!(
        preflight.header("access-control-allow-origin"),
        Some(page.origin().as_str()),
        "{preflight:?}"
    );
}

#[test]
fn what_http_on_this_machine_cannot_show_has_a_reason() {
    let page = Page::start();
    let ok = json!({ "request": { "status": 200, "headers": "Access-Control-Allow-Origin: *" } });
    let status = |status: u16| json!({ "request": { "status": status, "headers": "" } });
    let table = [
        (json!({ "origin": "null" }), ok.clone(), "without an origin"),
        (json!({ "origin": "chrome-extension://abcdefghijklmnop" }), ok.clone(), "extension"),
        (json!({ "url": "https://app.example.com/a" }), ok.clone(), "own origin"),
        (json!({ "url": "http://api.example.com/" }), ok.clone(), "mixed content"),
        (json!({}), status(407), "proxy"),
    ];
    for (request, answers, words) in table {
        let opened = open(&page, &play(request.clone(), answers));
        assert!(
            opened["cannot"].as_str().is_some_and(|reason| reason.contains(words)),
            "{request}: {opened:#}"
        );
    }
    // What cannot be played at all has its error.
    let opened = open(&page, &play(json!({ "url": "?" }), ok));
    assert_eq!(opened["prediction"]["error"]["field"], "request.url", "{opened:#}");
}

#[test]
fn through_a_tunnel_nothing_can_be_proved() {
    let page = Page::with(&["--listen", "0.0.0.0"]);
    let opened = open(&page, &play(json!({}), json!({ "request": { "status": 200, "headers": "" } })));
    assert!(opened["cannot"].as_str().is_some_and(|reason| reason.contains("tunnel")), "{opened:#}");
    assert!(!page.get("/", &[]).header("content-security-policy").unwrap().contains("connect-src 'self' "));
}

/// A preset runs here and then ends as on its own hosts, or says why not.
#[test]
fn every_preset_runs_or_says_why_not() {
    let page = Page::start();
    let presets = page.get("/presets.json", &[]).json();
    let to_play = presets.as_array().unwrap().iter().filter(|preset| preset["play"].is_object());
    let mut cannot = Vec::new();
    for preset in to_play {
        let (id, opened) = (preset["id"].as_str().unwrap().to_owned(), open(&page, &preset["play"]));
        match opened["cannot"].as_str() {
            Some(reason) => {
                cannot.push((id, reason.split([',', ':', '.']).next().unwrap_or_default().to_owned()));
            }
            None => assert!(opened["prediction"]["verdict"].is_string(), "{id}: {opened:#}"),
        }
    }
    let expected = [
        ("app-scheme", "This is about an extension or an app"),
        ("null-origin", "This is about a page without an origin"),
        ("access-proxy", "The page requests its own origin"),
        ("mixed-content", "This is about mixed content"),
        ("redirect-to-http", "This is about mixed content"),
    ];
    assert_eq!(cannot, expected.map(|(id, reason)| (id.to_owned(), reason.to_owned())));
}
