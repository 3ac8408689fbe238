//! Strings from outside are printed so that a terminal displays them and does nothing else.
//!
//! Colours are forced. Without a terminal all escape sequences are removed from the output, and a leak would not be noticed.

use std::ffi::OsString;

use crate::command::{Run, binary, run};
use crate::policy::TextFile;
use crate::server::Server;

/// Sets a title, clears the screen, reverses the direction of writing, hides, begins a line. None of it is a colour, as ours are.
const HOSTILE: &str = "x\u{1b}]0;t\u{7}\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{2066}\u{61c}\u{200b}\u{2028}\u{2029}\u{feff}\u{ad}\u{e0001}\r\nerror: forged";

const URL: &str = "http://127.0.0.1:4/";

/// The same without a line feed, which ends a header line.
fn hostile_line() -> Vec<u8> {
    let mut line = HOSTILE.replace(|c: char| c.is_ascii_control(), "").into_bytes();
    line.extend(b"\x9b\xff\xfe");
    line
}

fn coloured<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Run {
    let mut command = binary();
    command.args(arguments.into_iter().map(Into::into)).env("CLICOLOR_FORCE", "1");
    run(command, b"")
}

/// Our own colours: `ESC [`, digits and semicolons, `m`.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(part.len());
        match part[end..].strip_prefix('m') {
            Some(rest) => plain.push_str(rest),
            None => plain.push_str(&format!("\u{1b}[{part}")),
        }
    }
    plain
}

#[track_caller]
fn is_safe(name: &str, run: &Run) {
    for printed in [&run.stdout, &run.stderr] {
        let plain = without_colours(printed);
        let unsafe_one = plain.chars().find(|c| *c != '\n' && !corsac::text::is_printable(*c));
        assert_eq!(unsafe_one, None, "{name}: {plain:?}");
        assert!(!plain.contains("\nerror: forged"), "{name}: {plain}");
        assert!(plain.len() < 20_000, "{name}: {} bytes", plain.len());
    }
}

/// `corsac check` with these arguments as well.
fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["check", URL, "--origin", "https://app.example"], more].concat()
}

#[test]
fn arguments_are_quoted_safely_in_every_error() {
    let file = TextFile::new(
        "corsac.toml",
        "[policy.a]\norigins = [\"https://a.example\"]\n[policy.b]\norigins = []\n",
    );
    let origin = ["--origin", "https://app.example"];
    let long = HOSTILE.repeat(1_000);
    let (name, path) = (format!("{HOSTILE}: 1"), format!("@{HOSTILE}"));
    let (url, option, at) =
        (format!("http://{HOSTILE}/"), format!("--{HOSTILE}"), format!("{HOSTILE}:80:::1"));
    let value = format!("X: {HOSTILE}");
    let table: [(&str, Vec<&str>); 23] = [
        ("a command", vec![HOSTILE]),
        ("a long command", vec![&long]),
        ("an option", vec![&option]),
        ("an option of a command", check(&[&option])),
        ("an argument too many", check(&[HOSTILE])),
        ("a URL", vec!["check", HOSTILE, origin[0], origin[1]]),
        ("a host", vec!["check", &url, origin[0], origin[1]]),
        ("an origin", vec!["check", URL, "--origin", HOSTILE]),
        ("the host of an origin", vec!["check", URL, "--origin", &url]),
        ("a method", check(&["-X", HOSTILE])),
        ("a header without a colon", check(&["-H", HOSTILE])),
        ("a header name", check(&["-H", &name])),
        ("a header value", check(&["-H", &value])),
        ("a file", check(&["-d", &path])),
        ("a cookie", check(&["--cookie", HOSTILE])),
        ("a time", check(&["--timeout", HOSTILE])),
        ("an override", check(&["--resolve", HOSTILE])),
        ("the host of an override", check(&["--resolve", &at])),
        ("an engine", check(&["--engine", HOSTILE])),
        ("a policy file", vec!["policy", "lint", HOSTILE]),
        ("two policy files", vec!["policy", "diff", HOSTILE, HOSTILE]),
        ("a policy", vec!["policy", "why", file.path(), "--policy", HOSTILE, origin[0], origin[1]]),
        ("a manual page", vec!["man", HOSTILE]),
    ];
    for (name, arguments) in table {
        let run = coloured(&arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}: {run:#?}");
        assert!(run.stderr.contains("error:"), "{name}: {run:#?}");
        is_safe(name, &run);
    }
}

#[test]
fn a_policy_file_of_any_content_and_name_is_drawn_safely() {
    let hostile = serde_json::Value::from(HOSTILE);
    let path = serde_json::Value::from(format!("https://a.example/{HOSTILE}"));
    let wrong = format!(
        "{{\"policy\": {{{hostile}: {{\"origins\": [{hostile}, {path}], \"methods\": [{hostile}], \"request-headers\": [{hostile}], \
         {hostile}: {hostile}, \"max-age\": {hostile}, \"acknowledge\": [{hostile}]}}}}}}",
    );
    let right = format!(
        "{{\"policy\": {{{hostile}: {{\"origins\": [\"http://a.example\"]}}, \"b\": {{\"origins\": [\"*\"]}}}}}}"
    );
    for (name, text) in [("wrong.json", &wrong), ("right.json", &right)] {
        let file = TextFile::new(&format!("{HOSTILE}{name}"), text);
        let origin = ["--origin", "https://app.example"];
        let table = [
            ("lint", vec!["policy", "lint", file.path()]),
            ("lint --json", vec!["policy", "lint", file.path(), "--json"]),
            ("diff", vec!["policy", "diff", file.path(), file.path()]),
            ("diff --json", vec!["policy", "diff", file.path(), file.path(), "--json"]),
            ("why", vec!["policy", "why", file.path(), origin[0], origin[1]]),
            ("why --policy", vec!["policy", "why", file.path(), "--policy", HOSTILE, origin[0], origin[1]]),
        ];
        for (command, arguments) in table {
            is_safe(&format!("{command} {name}"), &coloured(&arguments));
        }
    }
    let file = TextFile::new("wrong.json", &wrong);
    let report = coloured(["policy", "lint", file.path(), "--json"]).json();
    assert_eq!(report["problems"][0]["policy"], HOSTILE, "{report:#}");
}

#[test]
fn header_lines_of_a_server_are_printed_safely() {
    let names = [
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Cross-Origin-Resource-Policy",
        "Timing-Allow-Origin",
        "Vary",
        "Location",
        "Server",
        "Set-Cookie",
        "WWW-Authenticate",
        "Content-Type",
    ];
    for name in names {
        for status in ["200 OK", "302 Found", "403 Forbidden"] {
            let mut answer = format!("HTTP/1.1 {status}\r\n{name}: ").into_bytes();
            answer.extend(hostile_line());
            answer.extend(b"\r\nContent-Length: 0\r\n");
            if name != "Access-Control-Allow-Origin" {
                answer.extend(b"Access-Control-Allow-Origin: http://app.example\r\n");
            }
            answer.extend(b"\r\n");
            let server = Server::answering(answer);
            let url = server.url("/");
            for more in [&["-X", "PUT"][..], &["-H", "X-Own: 1", "--json"], &["--credentials", "include"]] {
                let fixed = ["check", &url, "--origin", "http://app.example", "--timeout", "5"];
                let run = coloured(fixed.iter().chain(more));
                is_safe(&format!("{name} with {status}, {more:?}"), &run);
                assert!([0, 1, 3].contains(&run.status), "{name} with {status}: {run:#?}");
            }
        }
    }
}

#[test]
fn what_is_not_http_is_quoted_safely() {
    for answer in
        [HOSTILE.as_bytes(), b"HTTP/1.1 200 \x1b[2J\x9b\r\n\r\n", b"HTTP/1.1 200 OK\r\n\x1b[2J: x\r\n\r\n"]
    {
        let server = Server::answering(answer);
        let run = coloured(["check", &server.url("/"), "--origin", "http://app.example"]);
        is_safe(&answer.escape_ascii().to_string(), &run);
        assert!([1, 3].contains(&run.status), "{run:#?}");
    }
}

#[test]
fn the_proxy_of_the_environment_is_quoted_safely() {
    let mut command = binary();
    command.args(["check", "http://a.example/", "--origin", "http://app.example"]);
    command.env("CLICOLOR_FORCE", "1").env("http_proxy", format!("gopher://{HOSTILE}"));
    let run = run(command, b"");
    assert!(run.stdout.contains("gopher"), "{run:#?}");
    is_safe("http_proxy", &run);
}
