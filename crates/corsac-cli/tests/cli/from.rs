//! `--from`: a request as it was copied.

use std::ffi::OsStr;

use serde_json::{Value, json};

use crate::command::{Run, binary, run};
use crate::server::{Server, response};

/// Allows `http://app.example` everything, with credentials.
fn server() -> Server {
    Server::new(|request| {
        let mut lines = vec![
            "Access-Control-Allow-Origin: http://app.example".to_owned(),
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
    })
}

/// Runs `corsac check --from -` with this text on standard input.
fn from<A: AsRef<OsStr>>(text: &str, arguments: impl IntoIterator<Item = A>) -> Run {
    let mut command = binary();
    command.args(["check", "--from", "-", "--no-controls"]).args(arguments);
    run(command, text.as_bytes())
}

/// The request that a report is about.
fn asked(text: &str, arguments: &[&str]) -> Value {
    let run = from(text, [&["--json"], arguments].concat());
    assert_eq!(run.status, 0, "{run:#?}");
    run.json()["request"].clone()
}

/// As Chromium copies it.
fn copy(url: &str) -> String {
    format!(
        "curl '{url}' \\
  -H 'accept: */*' \\
  -H 'authorization: Bearer s3cret-token-of-the-page' \\
  -b 'session=s3cret-cookie-of-the-page' \\
  -H 'content-type: application/json' \\
  -H 'origin: http://app.example' \\
  -H 'referer: http://other.example/' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'user-agent: Mozilla/5.0' \\
  --data-raw '{{\"a\":1}}' \\
  --compressed"
    )
}

#[test]
fn a_copied_request_is_sent_as_the_page_sent_it() {
    let server = server();
    let run = from(&copy(&server.url("/items")), ["--yes"]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert_eq!(server.methods(), ["OPTIONS", "POST"], "{run:#?}");
    let requests = server.requests();
    assert_eq!(requests[0].header("access-control-request-headers"), Some("authorization,content-type"));
    let post = &requests[1];
    assert_eq!(post.header("origin"), Some("http://app.example"));
    assert_eq!(post.header("cookie"), Some("session=s3cret-cookie-of-the-page"));
    assert_eq!(post.header("authorization"), Some("Bearer s3cret-token-of-the-page"));
    assert_eq!(post.body, b"{\"a\":1}");
    for part in ["`user-agent`", "`sec-fetch-mode`", "`--compressed`", "has cookies"] {
        assert!(run.stderr.contains(part), "{part}: {run:#?}");
    }
    assert!(run.stderr.lines().all(|line| line.starts_with("note: ")), "{run:#?}");
}

#[test]
fn no_output_has_secrets_of_the_text() {
    let server = server();
    let text = copy(&server.url("/items?token=s3cret-of-the-url"));
    for arguments in
        [&["--yes"][..], &["--yes", "--json"], &["--yes", "--markdown"], &["--yes", "--verbose"], &[]]
    {
        let run = from(&text, arguments);
        let printed = format!("{}{}", run.stdout, run.stderr);
        assert!(!printed.contains("s3cret"), "{run:#?}");
    }
}

#[test]
fn every_form_becomes_the_same_request() {
    let server = server();
    let url = server.url("/items");
    let table = [
        (
            "curl",
            format!(
                "curl {url} -X PUT -H 'Origin: http://app.example' -H 'X-A: 1' -d '{{}}' -H 'Content-Type: application/json'"
            ),
        ),
        (
            "cmd",
            format!(
                "curl ^\"{url}^\" ^\r\n -X PUT -H ^\"Origin: http://app.example^\" -H ^\"X-A: 1^\" -d ^\"^{{^}}^\" -H ^\"Content-Type: application/json^\""
            ),
        ),
        (
            "PowerShell",
            format!(
                "iwr '{url}' -Method PUT -Headers @{{Origin='http://app.example'; 'X-A'='1'}} -Body '{{}}' -ContentType 'application/json'"
            ),
        ),
        (
            "fetch",
            format!(
                "fetch('{url}', {{method: 'PUT', headers: {{'X-A': '1', 'Content-Type': 'application/json'}}, body: JSON.stringify({{}}), referrer: 'http://app.example/page'}})"
            ),
        ),
        (
            "HTTPie",
            format!(
                "http PUT {url} Origin:http://app.example X-A:1 Content-Type:application/json --raw '{{}}'"
            ),
        ),
        (
            "an .http file",
            format!(
                "PUT {url} HTTP/1.1\nOrigin: http://app.example\nX-A: 1\nContent-Type: application/json\n\n{{}}\n"
            ),
        ),
    ];
    let expected = json!({
        "url": url, "method": "PUT", "origin": "http://app.example", "mode": "cors", "credentials": "same-origin",
        "headers": [["content-type", "application/json"], ["x-a", "1"]],
    });
    for (name, text) in table {
        let mut request = asked(&text, &["--yes"]);
        request["headers"].as_array_mut().unwrap().sort_by_key(Value::to_string);
        assert_eq!(request, expected, "{name}");
        let put = server.requests().pop().unwrap();
        assert_eq!((put.method.as_str(), put.body.as_slice()), ("PUT", &b"{}"[..]), "{name}");
    }
}

#[test]
fn options_win_over_the_text_and_headers_and_cookies_add_to_it() {
    let server = server();
    let text = format!("curl {} -H 'Origin: http://text.example' -H 'X-A: 1' -b a=1", server.url("/"));
    let request = asked(
        &text,
        &[
            "--origin",
            "http://app.example",
            "-X",
            "POST",
            "-d",
            "x",
            "-H",
            "X-B: 2",
            "--cookie",
            "b=2",
            "--yes",
        ],
    );
    assert_eq!((&request["origin"], &request["method"]), (&json!("http://app.example"), &json!("POST")));
    let post = server.requests().pop().unwrap();
    assert_eq!(post.header("cookie"), Some("a=1; b=2"));
    assert_eq!((post.header("x-a"), post.header("x-b")), (Some("1"), Some("2")));
    assert_eq!(post.body, b"x");

    let without =
        asked(&text, &["--origin", "http://app.example", "--credentials", "omit", "--mode", "cors"]);
    assert_eq!(without["credentials"], "omit");
    assert_eq!(server.requests().pop().unwrap().header("cookie"), None);
}

#[test]
fn what_may_change_something_is_not_sent_without_a_yes() {
    let server = server();
    for method in ["POST", "PUT", "DELETE", "purge"] {
        let text = format!("curl {} -X {method} -e http://app.example/", server.url("/items"));
        let run = from(&text, [""; 0]);
        assert_eq!(run.status, 2, "{run:#?}");
        assert!(
            run.stderr.contains(&format!("`{method} http://127.0.0.1")) && run.stderr.contains("add `--yes`"),
            "{run:#?}"
        );
    }
    assert_eq!(server.methods(), [""; 0], "nothing is sent");

    let text = format!("curl {} -X DELETE -e http://app.example/", server.url("/items"));
    let run = from(&text, ["--preflight-only"]);
    assert_eq!((run.status, server.methods()), (0, vec!["OPTIONS".to_owned()]), "{run:#?}");
    // A method of the command line counts, whatever the text has.
    let get = format!("curl {} -e http://app.example/", server.url("/items"));
    assert_eq!(from(&get, ["-X", "DELETE"]).status, 2);
    assert_eq!(from(&get, [""; 0]).status, 0);
    assert_eq!(server.methods(), ["OPTIONS", "GET"]);
}

#[test]
fn an_error_says_what_to_write_and_sends_nothing() {
    let server = server();
    let url = server.url("/");
    let table: [(&str, String, &[&str], &str); 9] = [
        ("no origin", format!("curl {url}"), &[], "neither `Origin` nor `Referer`"),
        (
            "a URL beside the text",
            format!("curl {url}"),
            &["http://b.example/"],
            "leave out `http://b.example/`",
        ),
        ("no request", "hello".to_owned(), &[], "standard input: this is no request"),
        ("empty", String::new(), &[], "the text is empty"),
        ("a file", format!("curl {url} -d @s3cret"), &[], "`-d @FILE` cannot be used here"),
        ("a command", format!("curl {url} -d $(id)"), &[], "`$(...)` cannot be used here"),
        ("standard input twice", format!("curl {url}"), &["-d", "@-"], "cannot both read standard input"),
        ("an element", format!("curl {url}"), &["--as", "img"], "cannot be used with '--as"),
        (
            "a body with GET",
            format!("curl {url} -X GET -d a -e http://app.example/"),
            &[],
            "cannot have body",
        ),
    ];
    for (name, text, arguments, part) in table {
        let run = from(&text, arguments);
        assert_eq!(run.status, 2, "{name}: {run:#?}");
        assert!(run.stderr.contains(part) && run.stdout.is_empty(), "{name}: {run:#?}");
        assert!(!run.stderr.contains("s3cret"), "{name}: {run:#?}");
    }
    assert_eq!(server.methods(), [""; 0]);
}

#[test]
fn a_file_is_read_and_several_origins_are_a_table() {
    let server = server();
    let path = std::env::temp_dir().join(format!("corsac-from-{}.http", std::process::id()));
    std::fs::write(&path, format!("@host = {}\n\nGET {{{{host}}}}/a\nX-A: 1\n", server.url(""))).unwrap();
    let mut command = binary();
    command.args(["check", "--no-controls", "--from"]).arg(&path);
    command.args(["--origin", "http://app.example", "--origin", "http://b.example"]);
    let run = run(command, b"");
    std::fs::remove_file(&path).unwrap();
    assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{run:#?}");
    let verdicts: Vec<&str> =
        run.stdout.lines().take(2).filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(verdicts, ["READABLE", "BLOCKED"], "{run:#?}");

    let mut command = binary();
    command.args(["check", "--from", "/nothing/here"]);
    let missing = crate::command::run(command, b"");
    assert!(
        missing.status == 2 && missing.stderr.contains("cannot read the request from `/nothing/here`"),
        "{missing:#?}"
    );
}
