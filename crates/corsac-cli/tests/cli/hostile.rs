//! Malicious and broken servers: each check ends in time, with bounded memory, and without a panic.

use std::time::Duration;

use serde_json::Value;

use crate::command::{Run, check};
use crate::server::{Client, Server, response};

const ALLOWED: &str = "Access-Control-Allow-Origin: http://app.example";

/// 100 MB.
const MEMORY: u64 = 100 << 10;

/// The timeout of most of these checks is 10 s. This leaves time for a busy machine.
const TIME: Duration = Duration::from_secs(60);

/// Runs the check as text and as JSON, and returns the JSON.
fn survives(name: &str, server: &Server, arguments: &[&str]) -> Value {
    let text = check(&server.url("/"), arguments);
    is_in_order(name, &text);
    assert!(!text.stdout.is_empty(), "{name}");
    let unsafe_to_print = text.stdout.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(unsafe_to_print, None, "{name}: {:?}", text.stdout);

    let json = check(&server.url("/"), &[arguments, &["--json"]].concat());
    is_in_order(name, &json);
    assert_eq!(json.status, text.status, "{name}: {json:#?}");
    json.json()
}

fn is_in_order(name: &str, run: &Run) {
    // Status 2 would be an error in the arguments.
    assert!([0, 1, 3].contains(&run.status), "{name}: {run:#?}");
    assert_eq!(run.stderr, "", "{name}");
    assert!(run.took < TIME, "{name}: {:?}", run.took);
    if let Some(peak) = run.peak {
        assert!(peak < MEMORY, "{name}: {peak} KiB");
    }
}

fn reason(report: &Value) -> &str {
    report["reason"]["code"].as_str().unwrap_or("none")
}

/// Sends `start`, then `again` for as long as the client takes it.
fn endless(start: &'static [u8], again: &'static [u8]) -> Server {
    let block = again.repeat(4096 / again.len() + 1);
    Server::raw(move |client| {
        client.read_request();
        client.write(start);
        while client.write(&block) {}
    })
}

/// Sends `start`, then `again` now and then.
fn drip(start: Vec<u8>, again: &'static [u8]) -> Server {
    Server::raw(move |client| {
        client.read_request();
        client.write(&start);
        while client.write(again) {
            std::thread::sleep(Duration::from_millis(50));
        }
    })
}

#[test]
fn endless_headers() {
    let table: [(&str, &[u8], &[u8]); 5] = [
        ("lines", b"HTTP/1.1 200 OK\r\n", b"X-Filler: 0123456789\r\n"),
        ("one line", b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        ("CORS lines", b"HTTP/1.1 200 OK\r\n", b"Access-Control-Allow-Origin: http://app.example\r\n"),
        ("early hints", b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
        ("line feeds", b"", b"\n"),
    ];
    for (name, start, again) in table {
        let report = survives(name, &endless(start, again), &[]);
        assert_eq!(reason(&report), "response-malformed", "{name}: {report:#}");
    }
}

#[test]
fn a_body_of_100_megabytes_is_not_waited_for() {
    let head = format!("HTTP/1.1 200 OK\r\n{ALLOWED}\r\nContent-Length: 104857600\r\n\r\n");
    let server = Server::raw(move |client| {
        client.read_request();
        client.write(head.as_bytes());
        let block = [b'x'; 64 << 10];
        (0..1600).all(|_| client.write(&block));
    });
    assert_eq!(survives("100 MB", &server, &[])["verdict"], "readable");

    let endless = endless(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n", b"x");
    assert_eq!(survives("endless", &endless, &[])["verdict"], "readable");
}

#[test]
fn slow_header_bytes_end_with_the_timeout() {
    let server = drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b"x");
    assert_eq!(reason(&survives("headers", &server, &["--timeout", "1"])), "timed-out");
    let silent = Server::raw(Client::wait);
    assert_eq!(reason(&survives("silence", &silent, &["--timeout", "1"])), "timed-out");
}

#[test]
fn the_timeout_is_for_all_exchanges_together() {
    // Each response alone is quick enough.
    let server = Server::new(|request| {
        std::thread::sleep(Duration::from_millis(400));
        let number: u32 = request.target.trim_matches('/').parse().unwrap_or(0);
        response(302, &[ALLOWED, &format!("Location: /{}", number + 1)])
    });
    let report = survives("redirects", &server, &["--timeout", "1"]);
    assert_eq!(reason(&report), "timed-out", "{report:#}");
}

#[test]
fn a_slow_body_is_not_waited_for() {
    let server = drip(format!("HTTP/1.1 200 OK\r\n{ALLOWED}\r\n\r\n").into_bytes(), b"x");
    assert_eq!(survives("body", &server, &[])["verdict"], "readable");
}

#[test]
fn bytes_that_are_not_utf_8_in_any_header() {
    let names = [
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Allow-Credentials",
        "Access-Control-Max-Age",
        "Access-Control-Expose-Headers",
        "Vary",
        "Location",
        "Server",
        "Set-Cookie",
        "Content-Type",
        "Timing-Allow-Origin",
        "Cross-Origin-Resource-Policy",
        "X-Own",
    ];
    for name in names {
        for status in ["200 OK", "302 Found"] {
            let mut answer = format!("HTTP/1.1 {status}\r\n{name}: ").into_bytes();
            answer.extend(b"\xff\xfe\x80http://app.example\xc3\r\n");
            if name != "Access-Control-Allow-Origin" {
                answer.extend(format!("{ALLOWED}\r\nAccess-Control-Allow-Credentials: true\r\n").bytes());
            }
            answer.extend(b"Content-Length: 0\r\n\r\n");
            let server = Server::answering(answer);
            survives(name, &server, &["-X", "PUT", "--credentials", "include", "--timeout", "5"]);
            let report = survives(name, &server, &["--credentials", "include", "--timeout", "5"]);
            if name == "Access-Control-Allow-Origin" {
                assert_eq!(report["verdict"], "blocked", "{name}: {report:#}");
            }
        }
    }
}

#[test]
fn ten_thousand_items_in_a_list() {
    let items: Vec<String> = (0..10_000).map(|number| format!("x-header-{number}")).collect();
    let list = format!("Access-Control-Allow-Headers: {}, x-own", items.join(", "));
    // As many as fit into the 256 KiB that browsers take.
    let many: String =
        (0..6_000).map(|number| format!("Access-Control-Allow-Headers: x-{number}\r\n")).collect();
    let many = format!("{many}Access-Control-Allow-Headers: x-own");
    for (name, lines) in [("one line", list), ("a line each", many)] {
        let server = Server::new(move |request| match request.is_preflight() {
            true => response(204, &[ALLOWED, &lines]),
            false => response(200, &[ALLOWED]),
        });
        let report = survives(name, &server, &["-H", "X-Own: 1"]);
        assert_eq!(report["verdict"], "readable", "{name}");
        let report = survives(name, &server, &["-H", "X-Other: 1"]);
        assert_eq!(reason(&report), "header-not-allowed", "{name}");
    }
}

#[test]
fn a_thousand_cors_lines() {
    let lines = vec![ALLOWED; 1000].join("\r\n");
    let report = survives("allow-origin", &Server::answering(response(200, &[&lines])), &[]);
    assert_eq!(reason(&report), "allow-origin-multiple");
    let lines = vec!["Access-Control-Allow-Credentials: true"; 1000].join("\r\n");
    let server = Server::answering(response(200, &[ALLOWED, &lines]));
    let report = survives("credentials", &server, &["--credentials", "include"]);
    assert_eq!(reason(&report), "allow-credentials-not-true");
}

#[test]
fn a_redirect_loop_ends_after_20_redirects() {
    let server = Server::answering(response(302, &[ALLOWED, "Location: /"]));
    // One engine, as WebKit sends other headers after a redirect.
    let report = survives("loop", &server, &["--no-controls", "--engine", "spec"]);
    assert_eq!(reason(&report), "too-many-redirects");
    assert_eq!(report["exchanges"].as_array().unwrap().len(), 21);
    // Twice: once for the text, once for the JSON.
    assert_eq!(server.requests().len(), 2 * 21);
}

#[test]
fn redirects_to_anywhere() {
    let table = [
        ("javascript:alert(1)", "scheme-not-http"),
        ("file:///etc/hosts", "scheme-not-http"),
        ("//", "location-invalid"),
        ("http://", "location-invalid"),
        ("http://[::1", "location-invalid"),
        ("http://user:secret@127.0.0.1:4/", "redirect-credentials"),
        ("http://127.0.0.1:4/", "connection-refused"),
        ("http://127.0.0.1:22/", "bad-port"),
    ];
    for (location, code) in table {
        let server = Server::answering(response(302, &[ALLOWED, &format!("Location: {location}")]));
        assert_eq!(reason(&survives(location, &server, &[])), code, "{location}");
    }
}

/// Browsers go as far as 2 MB. Over 64 KiB our HTTP library cannot, and says so.
#[test]
fn a_location_of_200_kilobytes() {
    let location = format!("Location: /{}", "x".repeat(200 << 10));
    let server = Server::new(move |request| match request.target.as_str() {
        "/" => response(302, &[ALLOWED, &location]),
        _ => response(200, &[ALLOWED]),
    });
    let report = survives("long", &server, &[]);
    assert_eq!(reason(&report), "response-malformed");
}

#[test]
fn connections_that_end_too_early() {
    type Behave = fn(&mut Client);
    let table: [(&str, Behave); 5] = [
        ("at once", |_| {}),
        ("half-closed", |client| {
            client.stream.shutdown(std::net::Shutdown::Write).unwrap();
            client.wait();
        }),
        // Unread bytes in the buffer of a socket turn its closing into a reset.
        ("reset", |client| {
            let _ = std::io::Read::read(&mut client.stream, &mut [0]);
        }),
        ("in the head", |client| {
            client.read_request();
            client.write(b"HTTP/1.1 200 OK\r\nVary: Ori");
            client.finish();
        }),
        ("after the request", |client| {
            client.read_request();
            client.finish();
        }),
    ];
    for (name, behave) in table {
        let server = Server::raw(behave);
        assert_eq!(reason(&survives(name, &server, &[])), "connection-closed", "{name}");
        survives(name, &server, &["-X", "PUT"]);
    }
}

#[test]
fn what_is_not_http() {
    let table: [&[u8]; 5] = [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"220 mail.example ESMTP\r\n",
        b"\x15\x03\x01\x00\x02\x02\x0a",
        b"\x00\x01\x02\xff\xfe\x1b[31m\r\n\r\n",
        b"HTTP/1.1 099 Low\r\n\r\n",
    ];
    for answer in table {
        let name = answer.escape_ascii().to_string();
        assert_eq!(reason(&survives(&name, &Server::answering(answer), &[])), "response-malformed", "{name}");
    }
}

/// A line with a control character is no header line, so a server has to hide escape codes elsewhere: in bytes above ASCII, where C1
/// controls are, in the characters that turn text around, in percent-encoding, or before HTTP begins. `survives` looks at what is printed.
#[test]
fn nothing_from_a_server_reaches_the_terminal_as_a_control_character() {
    let evil: [&[u8]; 5] =
        [b"\xc2\x9b31mred", b"\x9b31mred", b"a\tb", "\u{202e}live".as_bytes(), b"%1b[31m%0d%0a"];
    let names = [
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Vary",
        "Location",
        "Server",
        "Set-Cookie",
        "Cf-Mitigated",
    ];
    for name in names {
        for value in evil {
            for status in ["200 OK", "302 Found", "403 Forbidden"] {
                let mut answer = format!("HTTP/1.1 {status}\r\n{name}: ").into_bytes();
                answer.extend(value);
                answer.extend(b"\r\nContent-Length: 0\r\n");
                if name != "Access-Control-Allow-Origin" {
                    answer.extend(format!("{ALLOWED}\r\n").bytes());
                }
                answer.extend(b"\r\n");
                let case = format!("{name}: {} with {status}", value.escape_ascii());
                let report = check(&Server::answering(answer).url("/"), &["-X", "PUT", "--timeout", "5"]);
                is_in_order(&case, &report);
                let shown =
                    report.stdout.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
                assert_eq!(shown, None, "{case}: {:?}", report.stdout);
            }
        }
    }
}
