//! Exit statuses, which scripts rely on: 0 readable or opaque, 1 blocked, 2 bad arguments, 3 failed; and what `--expect` makes of them.

use crate::command::{check, corsac};
use crate::server::{NOTHING_LISTENS, Server, response};

const ALLOWED: &str = "Access-Control-Allow-Origin: http://app.example";

fn readable() -> Server {
    Server::answering(response(200, &[ALLOWED]))
}

fn blocked() -> Server {
    Server::answering(response(200, &[]))
}

/// It closes the connection without a word.
fn failed() -> Server {
    Server::answering("")
}

#[test]
fn each_verdict_has_its_exit_status() {
    let table = [
        ("readable", readable(), &[][..], 0),
        ("opaque", blocked(), &["--mode", "no-cors"], 0),
        ("blocked", blocked(), &[], 1),
        ("failed", failed(), &[], 3),
    ];
    for (verdict, server, arguments, status) in table {
        let run = check(&server.url("/"), arguments);
        assert_eq!(run.status, status, "{verdict}: {run:#?}");
        assert!(run.stdout.contains(&verdict.to_uppercase()), "{verdict}: {run:#?}");
        assert_eq!(run.stderr, "", "{verdict}");

        let json = check(&server.url("/"), &[arguments, &["--json"]].concat());
        assert_eq!((json.status, &json.json()["verdict"]), (status, &verdict.into()), "{json:#?}");
    }
}

#[test]
fn an_expected_verdict_exits_with_0_and_any_other_does_not() {
    let table = [
        ("readable", readable(), &[][..]),
        ("opaque", blocked(), &["--mode", "no-cors"]),
        ("blocked", blocked(), &[]),
        ("failed", failed(), &[]),
    ];
    for (verdict, server, arguments) in table {
        for expected in ["readable", "opaque", "blocked", "failed"] {
            let run = check(&server.url("/"), &[arguments, &["--expect", expected]].concat());
            let status = match verdict {
                _ if expected == verdict => 0,
                "failed" => 3,
                _ => 1,
            };
            assert_eq!(run.status, status, "{verdict}, and {expected} was expected: {run:#?}");
        }
    }
}

#[test]
fn a_cause_and_a_status_can_be_expected_too() {
    let refusing = || {
        Server::answering(
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 20\r\nConnection: close\r\n\r\nInvalid CORS request",
        )
    };
    let table: &[(Server, &[&str], u8)] = &[
        (refusing(), &["--expect-cause", "origin-not-allowed"], 0),
        (
            refusing(),
            &["--expect-cause", "origin-not-allowed", "--expect", "blocked", "--expect-status", "403"],
            0,
        ),
        (refusing(), &["--expect-cause", "challenge-page"], 1),
        (refusing(), &["--expect", "blocked", "--expect-status", "200"], 1),
        (readable(), &["--expect-status", "200"], 0),
        (readable(), &["--expect-status", "204"], 1),
        (readable(), &["--expect-cause", "allow-origin-missing"], 1),
        (failed(), &["--expect-cause", "connection-closed"], 0),
        (failed(), &["--expect-status", "200"], 3),
        (readable(), &["--expect-cause", "no-such-code"], 2),
        (readable(), &["--expect-status", "99"], 2),
    ];
    for (server, arguments, status) in table {
        let run = check(&server.url("/"), arguments);
        assert_eq!(run.status, i32::from(*status), "{arguments:?}: {run:#?}");
        assert_eq!(run.stderr.is_empty(), *status == 0, "{arguments:?}: {run:#?}");
    }
}

#[test]
fn a_refusal_by_status_is_blocked_so_that_a_stricter_server_passes_the_same_test() {
    for status in [401, 403, 404, 500] {
        let run = check(&Server::answering(response(status, &[])).url("/"), &["--expect", "blocked"]);
        assert_eq!(run.status, 0, "{status}: {run:#?}");
    }
}

#[test]
fn a_server_that_does_not_answer_is_a_failure() {
    let silent = Server::raw(crate::server::Client::wait);
    let gone = Server::answering("");
    let plain_http = Server::raw(|client| {
        client.write(&response(400, &[]));
        client.finish();
    });
    let table = [
        ("connection-refused", NOTHING_LISTENS.to_owned()),
        ("bad-port", "http://127.0.0.1:1/".to_owned()),
        ("connection-closed", gone.url("/")),
        ("timed-out", silent.url("/")),
        ("dns-failed", "http://no-such-host.invalid/".to_owned()),
        ("tls-failed", plain_http.url("/").replace("http:", "https:")),
        ("mixed-content", "http://api.example/".to_owned()),
    ];
    for (code, url) in table {
        let origin = if code == "mixed-content" { "https://app.example" } else { "http://app.example" };
        let run = corsac(["check", &url, "--origin", origin, "--timeout", "1", "--json"]);
        assert_eq!((run.status, &run.json()["reason"]["code"]), (3, &code.into()), "{run:#?}");
    }
}

#[test]
fn bad_arguments_are_status_2_whatever_is_expected() {
    let run =
        corsac(["check", "not a url", "--origin", "http://app.example", "--expect", "failed", "--json"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
    assert!(run.stderr.contains("not a url"), "{run:#?}");
}

#[test]
fn help_and_version_are_not_errors() {
    for arguments in [["--help"], ["--version"], ["help"]] {
        let run = corsac(arguments);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(run.stdout.contains("corsac"), "{arguments:?}");
    }
}
