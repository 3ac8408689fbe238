//! What script can request: the errors of `new Request()`, and the headers that are silently left out.

use corsac::browser::{BodyKind, Mode, RequestError, RequestInit};

use crate::pair::{Written, request};

const API: &str = "https://api.example/";

#[test]
fn a_request_that_script_cannot_make_says_why() {
    let text = str::to_owned;
    let rows: Vec<(RequestInit, RequestError)> = vec![
        (request("", API), RequestError::MethodNotToken { method: text("") }),
        (request("GET POST", API), RequestError::MethodNotToken { method: text("GET POST") }),
        (request("TRACE", API), RequestError::MethodForbidden { method: text("TRACE") }),
        (request("connect", API), RequestError::MethodForbidden { method: text("connect") }),
        (request("put", API).mode(Mode::NoCors), RequestError::MethodInNoCorsMode { method: text("PUT") }),
        (
            request("patch", API).mode(Mode::NoCors),
            RequestError::MethodInNoCorsMode { method: text("patch") },
        ),
        (
            request("get", API).body(BodyKind::BufferSource),
            RequestError::BodyNotAllowed { method: text("GET") },
        ),
        (request("HEAD", API).body(BodyKind::Stream), RequestError::BodyNotAllowed { method: text("HEAD") }),
        (
            request("POST", API).body(BodyKind::Stream).mode(Mode::NoCors),
            RequestError::StreamMode { mode: Mode::NoCors },
        ),
        (
            request("GET", "https://user@api.example/"),
            RequestError::UrlCredentials { host: text("api.example") },
        ),
        (
            request("GET", "https://:p@api.example/"),
            RequestError::UrlCredentials { host: text("api.example") },
        ),
        (request("GET", API).header("a b", "1"), RequestError::HeaderName { name: text("a b") }),
        (request("GET", API).header("", "1"), RequestError::HeaderName { name: text("") }),
        (request("GET", API).header("a", "1\n2"), RequestError::HeaderValue { name: text("a") }),
        (request("GET", API).header("a", "1\u{0}2"), RequestError::HeaderValue { name: text("a") }),
    ];
    for (init, expected) in rows {
        let error = init.build().unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn methods_are_normalized_and_header_values_trimmed() {
    for (given, expected) in [("delete", "DELETE"), ("Post", "POST"), ("patch", "patch"), ("Query", "Query")]
    {
        assert_eq!(request(given, API).build().unwrap().method(), expected);
    }
    let built = request("GET", API).header("X-A", " \t1\r\n").build().unwrap();
    assert_eq!(built.headers().text("x-a").as_deref(), Some("1"));
}

#[test]
fn forbidden_headers_are_silently_left_out() {
    let forbidden = [
        ("Accept-Charset", "a"),
        ("accept-encoding", "a"),
        ("Access-Control-Request-Headers", "a"),
        ("Access-Control-Request-Method", "PUT"),
        ("Connection", "a"),
        ("Content-Length", "1"),
        ("Cookie", "a"),
        ("Cookie2", "a"),
        ("Date", "a"),
        ("DNT", "1"),
        ("Expect", "a"),
        ("Host", "a"),
        ("Keep-Alive", "a"),
        ("Origin", "https://other.example"),
        ("Referer", "a"),
        ("Set-Cookie", "a"),
        ("TE", "a"),
        ("Trailer", "a"),
        ("Transfer-Encoding", "a"),
        ("Upgrade", "a"),
        ("Via", "a"),
        ("Proxy-Authorization", "a"),
        ("sec-anything", "a"),
        ("X-HTTP-Method-Override", "trace"),
        ("X-Method-Override", "PUT, \"a,b\", TRACK"),
    ];
    let kept = [
        ("X-HTTP-Method-Override", "PUT"),
        ("X-Method-Override", "\"TRACE\""),
        ("Secret", "a"),
        ("Authorization", "a"),
    ];
    let mut init = request("GET", API);
    for (name, value) in forbidden.into_iter().chain(kept) {
        init = init.header(name, value);
    }
    let built = init.build().unwrap();
    let names = |lines: &mut dyn Iterator<Item = &corsac::header::HeaderLine>| {
        lines.map(|line| line.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&mut built.ignored_headers().iter()), forbidden.map(|(name, _)| name));
    assert_eq!(names(&mut built.headers().iter()), kept.map(|(name, _)| name));
}
