//! Situations that people reported, on servers that answer like theirs: the verdict, the first cause, and that the fix works.

use crate::command::{check, check_json};
use crate::server::{Request, Server, response};

const JSON: &[&str] = &["-H", "Content-Type: application/json", "-d", "{}"];
const ALLOWED: &str = "Access-Control-Allow-Origin: http://app.example";

/// A situation that was reported.
struct Situation {
    name: &'static str,
    path: &'static str,
    arguments: &'static [&'static str],
    answer: fn(&Request) -> Vec<u8>,
    verdict: &'static str,
    cause: &'static str,
    /// Words that the first twelve lines of the report must have.
    says: &'static [&'static str],
    /// Whether a server that sends the headers of the fix is one that the page may read.
    headers_fix_it: bool,
}

fn with_body(status: u16, lines: &[&str], body: &str) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status} X\r\n");
    for line in lines {
        answer.push_str(&format!("{line}\r\n"));
    }
    answer.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()));
    answer.into_bytes()
}

fn granted() -> Vec<u8> {
    response(
        204,
        &[ALLOWED, "Access-Control-Allow-Methods: POST, PUT", "Access-Control-Allow-Headers: content-type"],
    )
}

const SITUATIONS: &[Situation] = &[
    Situation {
        name: "Spring refuses an origin",
        path: "/api",
        arguments: &[],
        answer: |request| match request.header("origin") {
            Some(_) => with_body(403, &["Vary: Origin"], "Invalid CORS request"),
            None => with_body(200, &[], "{}"),
        },
        verdict: "blocked",
        cause: "origin-not-allowed",
        says: &["http://app.example", "list of allowed origins"],
        headers_fix_it: true,
    },
    Situation {
        name: "an Express list throws",
        path: "/products/1",
        arguments: &[],
        answer: |request| match request.header("origin") {
            Some(_) => with_body(500, &[], "<pre>Error: Not allowed by CORS<br> at /app/index.js:9:14</pre>"),
            None => with_body(200, &[], "{}"),
        },
        verdict: "blocked",
        cause: "origin-not-allowed",
        says: &["status 500", "list of allowed origins"],
        headers_fix_it: true,
    },
    Situation {
        name: "a list leaves the header out, and nothing else",
        path: "/items",
        arguments: &["-X", "PUT"],
        answer: |_| response(200, &["Access-Control-Allow-Methods: PUT", "Vary: Origin"]),
        verdict: "blocked",
        cause: "origin-not-allowed",
        says: &["http://app.example"],
        headers_fix_it: true,
    },
    Situation {
        name: "AirPlay has the port",
        path: "/api",
        arguments: JSON,
        answer: |_| response(403, &["Server: AirTunes/620.8.2"]),
        verdict: "blocked",
        cause: "port-taken",
        says: &["AirPlay Receiver", "another port"],
        headers_fix_it: false,
    },
    Situation {
        name: "a wall in front of the server puts up a page after a good preflight",
        path: "/v1/orders",
        arguments: JSON,
        answer: |request| match request.is_preflight() {
            true => granted(),
            false => with_body(200, &["Content-Type: text/html"], "<title>You are about to visit</title>"),
        },
        verdict: "blocked",
        cause: "platform-wall",
        says: &["an HTML page for visitors", "You are about to visit", "Turn that page off"],
        headers_fix_it: false,
    },
    Situation {
        name: "a notebook server says 404 to foreign origins alone",
        path: "/api/contents",
        arguments: &[],
        answer: |request| match request.header("origin") {
            Some("http://app.example" | "http://corsac-control.example") => with_body(
                404,
                &["Server: TornadoServer/6.5", "Content-Type: application/json"],
                "{\"message\": \"Not Found\", \"reason\": null}",
            ),
            _ => with_body(200, &["Content-Type: application/json"], "{}"),
        },
        verdict: "blocked",
        cause: "origin-guard",
        says: &["not its CORS layer", "c.ServerApp.allow_origin", "http://app.example"],
        headers_fix_it: false,
    },
    Situation {
        name: "a gateway refuses the token after a good preflight",
        path: "/functions/hello",
        arguments: JSON,
        answer: |request| match request.is_preflight() {
            true => granted(),
            false => with_body(
                401,
                &["Content-Type: application/json"],
                "{\"code\":401,\"message\":\"Invalid JWT\"}",
            ),
        },
        verdict: "blocked",
        cause: "token-refused",
        says: &["status 401", "Send the token"],
        headers_fix_it: false,
    },
    Situation {
        name: "a framework adds a slash",
        path: "/items",
        arguments: &[],
        answer: |request| match request.target.as_str() {
            "/items/" => response(200, &[ALLOWED]),
            _ => response(307, &["Location: /items/"]),
        },
        verdict: "blocked",
        cause: "slash-redirect",
        says: &["only a slash differs", "/items/"],
        headers_fix_it: false,
    },
    Situation {
        name: "a path with the word login gets a slash, and no login page is meant",
        path: "/api/login",
        arguments: JSON,
        answer: |request| {
            if request.is_preflight() {
                response(301, &["Location: /api/login/"])
            } else {
                response(200, &[])
            }
        },
        verdict: "blocked",
        cause: "slash-redirect",
        says: &["only a slash differs", "/api/login/"],
        headers_fix_it: false,
    },
    Situation {
        name: "a crash after a good preflight",
        path: "/orders",
        arguments: JSON,
        answer: |request| {
            if request.is_preflight() {
                granted()
            } else {
                with_body(500, &[], "KeyError: 'customer_id' (app/orders.py, line 41)")
            }
        },
        verdict: "blocked",
        cause: "error-behind-good-preflight",
        says: &["The application failed", "The preflight passed", "Find the error first"],
        headers_fix_it: false,
    },
    Situation {
        name: "a token endpoint refuses the grant",
        path: "/token",
        arguments: &[
            "-H",
            "Content-Type: application/x-www-form-urlencoded",
            "-d",
            "grant_type=authorization_code",
        ],
        answer: |_| {
            with_body(
                400,
                &[],
                r#"{"error":"not_allowed","error_description":"Offline tokens not allowed for the client"}"#,
            )
        },
        verdict: "blocked",
        cause: "error-status-without-cors",
        says: &["status 400"],
        headers_fix_it: false,
    },
    Situation {
        name: "plain http to a port that speaks TLS",
        path: "/items",
        arguments: &[],
        answer: |_| {
            with_body(
                400,
                &["Server: nginx"],
                "<center>The plain HTTP request was sent to HTTPS port</center>",
            )
        },
        verdict: "blocked",
        cause: "http-to-tls-port",
        says: &["https", "Request https://"],
        headers_fix_it: false,
    },
    Situation {
        name: "a challenge for people",
        path: "/items",
        arguments: &["-X", "PUT"],
        answer: |_| with_body(403, &["cf-mitigated: challenge"], "<title>Just a moment...</title>"),
        verdict: "blocked",
        cause: "challenge-page",
        says: &["challenge for visitors", "without a challenge"],
        headers_fix_it: false,
    },
    Situation {
        name: "headers on OPTIONS only",
        path: "/items",
        arguments: JSON,
        answer: |request| if request.is_preflight() { granted() } else { response(200, &[]) },
        verdict: "blocked",
        cause: "headers-on-preflight-only",
        says: &["preflight with CORS headers", "not only with that to OPTIONS"],
        headers_fix_it: true,
    },
    Situation {
        name: "a session that is over",
        path: "/items",
        arguments: &[],
        answer: |_| response(302, &["Location: https://id.example/oauth2/authorize?client_id=1"]),
        verdict: "blocked",
        cause: "login-redirect",
        says: &["login page"],
        headers_fix_it: false,
    },
];

#[test]
fn the_first_cause_is_the_true_one() {
    for Situation { name, path, arguments, answer, verdict, cause, .. } in SITUATIONS {
        let report = check_json(&Server::new(answer).url(path), arguments);
        assert_eq!(report["verdict"], *verdict, "{name}: {report:#}");
        assert_eq!(report["diagnosis"][0]["code"], *cause, "{name}: {:#}", report["diagnosis"]);
    }
}

#[test]
fn the_verdict_the_cause_and_the_fix_are_in_the_first_twelve_lines() {
    for Situation { name, path, arguments, answer, says, .. } in SITUATIONS {
        let text = check(&Server::new(answer).url(path), arguments).stdout;
        let first: Vec<&str> = text.lines().take(12).collect();
        let flowing = first.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        assert!(flowing.contains("Fix"), "{name}: the fix comes late in\n{text}");
        for words in *says {
            assert!(flowing.contains(words), "{name}: no {words:?} at the beginning of\n{text}");
        }
        assert!(text.lines().count() <= 40, "{name}: {} lines\n{text}", text.lines().count());
    }
}

#[test]
fn a_server_that_sends_the_headers_of_the_fix_is_readable() {
    for Situation { name, path, arguments, answer, headers_fix_it, .. } in SITUATIONS {
        if !headers_fix_it {
            continue;
        }
        let report = check_json(&Server::new(answer).url(path), arguments);
        let fix = report["diagnosis"][0]["fix"]["headers"].as_array().unwrap().clone();
        let lines: Vec<String> = fix
            .iter()
            .map(|line| format!("{}: {}", line[0].as_str().unwrap(), line[1].as_str().unwrap()))
            .collect();
        assert!(!lines.is_empty(), "{name}: no headers in {:#}", report["diagnosis"]);
        let mended = Server::new(move |request| {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            // Keeps what the preflight already allows.
            if request.is_preflight() && !lines.iter().any(|line| line.contains("-Methods")) {
                granted()
            } else {
                response(200, &lines)
            }
        });
        let report = check_json(&mended.url(path), arguments);
        assert_eq!(report["verdict"], "readable", "{name}: {report:#}");
    }
}
