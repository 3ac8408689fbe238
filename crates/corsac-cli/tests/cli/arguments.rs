//! Invalid arguments: status 2, nothing on standard output, and an error that helps.

use std::ffi::OsString;

use crate::command::{Run, corsac};
use crate::server::{Server, response};

const URL: &str = "http://127.0.0.1:4/";
const ORIGIN: &[&str] = &["--origin", "https://app.example"];

fn refused(arguments: &[&str]) -> Run {
    let run = corsac(arguments);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}: {run:#?}");
    assert!(!run.stderr.contains("panicked"), "{arguments:?}: {run:#?}");
    run
}

#[test]
fn each_mistake_is_reported_with_what_to_write_instead() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("no URL", &["--origin", "https://app.example"], &["<URL>", "--help"]),
        ("no origin", &[URL], &["--origin", "tip: the page's origin", "http://localhost:5173"]),
        ("an origin with a slash", &[URL, "--origin", "https://app.example/"], &["`https://app.example`"]),
        (
            "an origin with a path",
            &[URL, "--origin", "https://app.example/login"],
            &["`https://app.example`"],
        ),
        ("an origin without a scheme", &[URL, "--origin", "app.example"], &["https://app.example"]),
        ("a wildcard as origin", &[URL, "--origin", "*"], &["`*`"]),
        ("an empty origin", &[URL, "--origin", ""], &["origin"]),
        (
            "a URL without a scheme",
            &["api.example/items", ORIGIN[0], ORIGIN[1]],
            &["`https://api.example/items`"],
        ),
        ("a host and port", &["localhost:8080", ORIGIN[0], ORIGIN[1]], &["`http://localhost:8080`"]),
        ("a path", &["/items", ORIGIN[0], ORIGIN[1]], &["`/items`", "absolute"]),
        ("a file", &["file:///etc/hosts", ORIGIN[0], ORIGIN[1]], &["`file`", "http"]),
        ("FTP", &["ftp://a.example/", ORIGIN[0], ORIGIN[1]], &["`ftp`"]),
        (
            "a URL with a password",
            &["http://u:secret@a.example/", ORIGIN[0], ORIGIN[1]],
            &["a.example", "Authorization"],
        ),
        ("a bad port", &["http://a.example:99999/", ORIGIN[0], ORIGIN[1]], &["http://a.example:99999/"]),
        (
            "a forbidden method",
            &[URL, ORIGIN[0], ORIGIN[1], "-X", "trace"],
            &["`trace`", "TRACE", "HTTP method is unsupported"],
        ),
        (
            "no method at all",
            &[URL, ORIGIN[0], ORIGIN[1], "-X", "GE T"],
            &["`GE T`", "not a valid HTTP method"],
        ),
        ("an empty method", &[URL, ORIGIN[0], ORIGIN[1], "-X", ""], &["method"]),
        (
            "PUT without CORS",
            &[URL, ORIGIN[0], ORIGIN[1], "-X", "PUT", "--mode", "no-cors"],
            &["`PUT`", "no-cors"],
        ),
        ("a body for GET", &[URL, ORIGIN[0], ORIGIN[1], "-X", "GET", "-d", "x"], &["GET", "body"]),
        ("a body for HEAD", &[URL, ORIGIN[0], ORIGIN[1], "-X", "head", "-d", ""], &["HEAD", "body"]),
        ("a header without a colon", &[URL, ORIGIN[0], ORIGIN[1], "-H", "X-Own"], &["`X-Own`", "colon"]),
        ("a header without a name", &[URL, ORIGIN[0], ORIGIN[1], "-H", ": 1"], &["header name"]),
        ("a header name with a space", &[URL, ORIGIN[0], ORIGIN[1], "-H", "X Own: 1"], &["`X Own`"]),
        ("a header name beyond ASCII", &[URL, ORIGIN[0], ORIGIN[1], "-H", "Grüße: 1"], &["`Grüße`"]),
        (
            "a line break in a header",
            &[URL, ORIGIN[0], ORIGIN[1], "-H", "X-Own: a\r\nX-Other: b"],
            &["`X-Own`"],
        ),
        ("a cookie with a line break", &[URL, ORIGIN[0], ORIGIN[1], "--cookie", "a=b\nc"], &["cookie"]),
        ("no time", &[URL, ORIGIN[0], ORIGIN[1], "--timeout", "0"], &["0.001 to 3600"]),
        ("negative time", &[URL, ORIGIN[0], ORIGIN[1], "--timeout=-1"], &["0.001 to 3600"]),
        ("words as time", &[URL, ORIGIN[0], ORIGIN[1], "--timeout", "soon"], &["`soon`"]),
        ("time that is no number", &[URL, ORIGIN[0], ORIGIN[1], "--timeout", "NaN"], &["`NaN`"]),
        ("endless time", &[URL, ORIGIN[0], ORIGIN[1], "--timeout", "inf"], &["`inf`"]),
        (
            "an unknown engine",
            &[URL, ORIGIN[0], ORIGIN[1], "--engine", "presto"],
            &["presto", "chromium", "firefox", "webkit"],
        ),
        ("an unknown verdict", &[URL, ORIGIN[0], ORIGIN[1], "--expect", "good"], &["good", "readable"]),
        ("an unknown mode", &[URL, ORIGIN[0], ORIGIN[1], "--mode", "navigate"], &["navigate", "no-cors"]),
        (
            "a file that is not there",
            &[URL, ORIGIN[0], ORIGIN[1], "-d", "@/no/such/file"],
            &["/no/such/file"],
        ),
        (
            "an override that is none",
            &[URL, ORIGIN[0], ORIGIN[1], "--resolve", "a.example"],
            &["host:port:address"],
        ),
        ("an unknown option", &[URL, ORIGIN[0], ORIGIN[1], "--orgin", "x"], &["--orgin", "--origin"]),
    ];
    for (name, arguments, words) in table {
        let run = refused(&[&["check"], *arguments].concat());
        for word in *words {
            assert!(run.stderr.contains(word), "{name}: no {word:?} in\n{}", run.stderr);
        }
        assert!(!run.stderr.contains("secret"), "{name}: {}", run.stderr);
    }
}

#[test]
fn without_arguments_there_is_help() {
    let run = refused(&[]);
    assert!(run.stderr.contains("corsac check") && run.stderr.contains("corsac demo"), "{run:#?}");
    let run = refused(&["chekc"]);
    assert!(run.stderr.contains("check"), "{run:#?}");
}

#[test]
fn letters_beyond_ascii_are_accepted_where_a_browser_accepts_them() {
    let server =
        Server::answering(response(200, &["Access-Control-Allow-Origin: https://xn--bcher-kva.example"]));
    let url = format!("{}/Käse?q=Öl#Füße", server.url(""));
    // An `Origin` header has the host in ASCII, so it has to be written like that.
    let run = refused(&["check", &url, "--origin", "https://bücher.example"]);
    assert!(run.stderr.contains("`https://xn--bcher-kva.example`"), "{run:#?}");
    let run = corsac(["check", &url, "--origin", "https://xn--bcher-kva.example", "--no-controls"]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert_eq!(server.requests()[0].target, "/K%C3%A4se?q=%C3%96l");

    refused(&["check", URL, "--origin", "https://a.example", "-X", "GÊT"]);
}

#[cfg(unix)]
#[test]
fn arguments_that_are_not_utf_8_are_refused() {
    use std::os::unix::ffi::OsStringExt as _;
    let broken = OsString::from_vec(b"http://a.example/\xff".to_vec());
    let arguments = [OsString::from("check"), broken, "--origin".into(), "https://app.example".into()];
    let run = corsac(arguments);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
}

/// clap repeats an invalid value, which can contain a password.
#[test]
fn a_secret_in_an_argument_is_not_repeated_in_the_error() {
    let url = "https://user:s3cret@app.example/x";
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../corsac-tower/examples/corsac.toml");
    let table: [&[&str]; 9] = [
        &["check", URL, "--origin", url],
        &["check", URL, "--origin", "user:s3cret@app.example"],
        &["policy", "why", file, "--origin", url],
        &["policy", "why", file, "--origin", ORIGIN[1], "--url", "https://user:s3cret@app example/"],
        &["policy", "why", file, "--origin", ORIGIN[1], "--url", "ws://user:s3cret@app.example/"],
        &["check", "user:s3cret@app.example", ORIGIN[0], ORIGIN[1]],
        &["check", URL, ORIGIN[0], ORIGIN[1], url],
        &["check", URL, ORIGIN[0], ORIGIN[1], "-H", "Authorization: Bearer s3\ncret s3cret"],
        &["check", URL, ORIGIN[0], ORIGIN[1], "-H", "Authorization s3cret"],
    ];
    for arguments in table {
        let run = refused(arguments);
        assert!(!run.stderr.contains("s3cret"), "{arguments:?}: {run:#?}");
        let shown = ["app.example", "app example", "Authorization"];
        assert!(shown.iter().any(|part| run.stderr.contains(part)), "{arguments:?}: {run:#?}");
    }
}
