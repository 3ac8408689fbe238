//! `--markdown`: a block that can be handed on, and that nothing from the network can break.

use std::process::Command;

use crate::command::check;
use crate::server::{Server, response};

fn markdown(url: &str, arguments: &[&str]) -> String {
    let run = check(url, &[arguments, &["--markdown"]].concat());
    assert_eq!(run.stderr, "", "{run:#?}");
    run.stdout
}

/// The code blocks, each with its language; as [CommonMark](https://spec.commonmark.org/0.31.2/#fenced-code-blocks) finds them.
fn code_blocks(markdown: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for line in markdown.lines() {
        let ticks = line.chars().take_while(|character| *character == '`').count();
        match &mut open {
            Some((length, language, text)) if ticks >= *length && line.len() == ticks => {
                blocks.push((std::mem::take(language), std::mem::take(text)));
                open = None;
            }
            Some((_, _, text)) => text.push_str(&format!("{line}\n")),
            None if ticks >= 3 => open = Some((ticks, line[ticks..].to_owned(), String::new())),
            None => {}
        }
    }
    assert!(open.is_none(), "a block has no end in\n{markdown}");
    blocks
}

/// What curl would be called with: a shell reads the line.
fn curl_arguments(markdown: &str) -> Vec<String> {
    let blocks = code_blocks(markdown);
    let (_, script) = blocks.iter().find(|(language, _)| language == "sh").expect("a block for the shell");
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{script}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn the_report_has_request_response_cause_fix_and_a_curl_command() {
    let server = Server::allowing(&["Access-Control-Allow-Origin: http://other.example"], &[]);
    let url = server.url("/items?a=1&b=[2]");
    let text = markdown(&url, &["-X", "PUT", "-H", "X-Own: it's; $(id)", "--no-controls"]);
    assert!(text.starts_with(&format!("**BLOCKED** `PUT {url}` from `http://app.example`\n")), "{text}");
    let blocks = code_blocks(&text);
    let languages: Vec<&str> = blocks.iter().map(|(language, _)| language.as_str()).collect();
    assert_eq!(languages, ["text", "http", "sh"], "{text}");
    for part in ["Fix  ", "http://app.example", "Chromium blocked"] {
        assert!(blocks[0].1.contains(part), "no {part:?} in\n{text}");
    }
    for part in ["OPTIONS ", "204 No Content", "Access-Control-Request-Method: PUT", "http://other.example"] {
        assert!(blocks[1].1.contains(part), "no {part:?} in\n{text}");
    }
    let arguments = curl_arguments(&text);
    assert_eq!(arguments[..4], ["-i", "-g", "-X", "OPTIONS"], "{text}");
    assert!(arguments.contains(&"Access-Control-Request-Headers: x-own".to_owned()), "{arguments:?}");
    assert_eq!(arguments.last(), Some(&url));
}

#[test]
fn the_shell_reads_each_value_as_it_was_sent() {
    let server = Server::allowing(
        &["Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *"],
        &["Access-Control-Allow-Origin: *"],
    );
    for value in ["it's", "a\"b", "$(id) `id` $HOME", "a\\", "!!", "*", "#", "~", "-n", "a; b & c | d > e"] {
        let url = server.url("/$(id)?q='&r=;%20`id`");
        let sent = format!("X-Own: {value}");
        let arguments = curl_arguments(&markdown(&url, &["-H", &sent]));
        let as_it_was = |argument: &String| argument.eq_ignore_ascii_case(&sent);
        assert!(arguments.iter().any(as_it_was), "{value}: {arguments:?}");
    }
}

#[test]
fn a_body_is_not_in_the_report_but_its_length_is() {
    let server = Server::allowing(&[], &["Access-Control-Allow-Origin: *"]);
    let text = markdown(&server.url("/"), &["-d", "password=hunter2"]);
    assert!(!text.contains("hunter2"), "{text}");
    let arguments = curl_arguments(&text);
    assert!(arguments.windows(2).any(|pair| pair == ["--data-binary", "@body"]), "{arguments:?}");
    assert!(text.contains("16 bytes"), "{text}");
}

#[test]
fn nothing_from_the_network_leaves_its_code_block() {
    for hostile in ["```", "``````` @everyone", "<img src=http://tracker.example/>", "~~~", "a`b``c```d"] {
        let header = format!("Access-Control-Allow-Origin: {hostile}");
        let body = format!("\n{hostile}\n# A heading\n{hostile}");
        let head = String::from_utf8(response(403, &[&header])).unwrap();
        let length = format!("Content-Type: text/plain\r\nContent-Length: {}", body.len());
        let answer = head.replace("Content-Length: 0", &length) + &body;
        let text = markdown(&Server::answering(answer).url("/```x`"), &["--no-controls"]);
        let blocks = code_blocks(&text);
        assert_eq!(blocks.len(), 3, "{hostile:?} in\n{text}");
        assert!(blocks[1].1.contains(hostile), "{hostile:?} is not shown in\n{text}");
        // What is not in a block is ours, but for the URL, in a span that it cannot end.
        let mut outside = text.clone();
        blocks.iter().for_each(|(_, block)| outside = outside.replace(block.as_str(), ""));
        for part in ["@everyone", "<img", "# A heading"] {
            assert!(!outside.contains(part), "{part:?} is outside of code in\n{text}");
        }
    }
}

#[test]
fn a_secret_is_redacted_before_it_is_quoted() {
    let server = Server::allowing(
        &[
            "Access-Control-Allow-Origin: http://app.example",
            "Access-Control-Allow-Credentials: true",
            "Access-Control-Allow-Headers: authorization",
        ],
        &["Access-Control-Allow-Origin: http://app.example", "Access-Control-Allow-Credentials: true"],
    );
    let arguments = [
        "--credentials",
        "include",
        "--cookie",
        "session=it's-a-s3cret's",
        "-H",
        "Authorization: Bearer it's-a-t0ken's",
    ];
    let text = markdown(&server.url("/?token=a's-s3cret"), &arguments);
    for part in ["s3cret", "t0ken"] {
        assert!(!text.contains(part), "{part} is in\n{text}");
    }
    let sent = curl_arguments(&text);
    for part in ["Authorization: Bearer REDACTED", "Cookie: session=REDACTED"] {
        assert!(sent.iter().any(|argument| argument.eq_ignore_ascii_case(part)), "no {part}: {sent:?}");
    }
    let shown = markdown(&server.url("/"), &[&arguments[..], &["--show-secrets"]].concat());
    assert!(curl_arguments(&shown).contains(&"Cookie: session=it's-a-s3cret's".to_owned()), "{shown}");
}

#[test]
fn the_curl_command_of_a_handshake_is_a_handshake() {
    let server = Server::answering(response(403, &[]));
    let text = markdown(&server.url("/socket").replace("http:", "ws:"), &["--as", "websocket"]);
    let first = text.lines().next().unwrap();
    assert!(first.ends_with("from `http://app.example`, as a WebSocket"), "{first}");
    let (sent, arguments) = (server.requests(), curl_arguments(&text));
    for name in ["Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Origin"] {
        let line = format!("{name}: {}", sent[0].header(name).unwrap());
        assert!(
            arguments.iter().any(|argument| argument.eq_ignore_ascii_case(&line)),
            "{line}: {arguments:?}"
        );
    }
}

#[test]
fn a_cut_value_is_reported() {
    let server = Server::allowing(&[], &["Access-Control-Allow-Origin: *"]);
    for (length, is_cut) in [(1_000, false), (3_000, true)] {
        let text = markdown(&server.url(&format!("/{}", "a".repeat(length))), &[]);
        assert_eq!(text.contains("too long"), is_cut, "{text}");
        curl_arguments(&text);
    }
}

#[test]
fn a_readable_or_allowed_request_is_reported() {
    let server = Server::allowing(&[], &["Access-Control-Allow-Origin: *"]);
    let url = server.url("/");
    for (arguments, expected) in [
        (&[][..], "The page may read the response: status 200"),
        (&["--preflight-only"], "No preflight is needed"),
    ] {
        let text = markdown(&url, arguments);
        assert!(code_blocks(&text)[0].1.contains(expected), "no {expected:?} in\n{text}");
    }
}
