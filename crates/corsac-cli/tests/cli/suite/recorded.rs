//! `--record`: what is found becomes a suite that holds.

use super::api;
use crate::command::{binary, corsac, run};
use crate::policy::TextFile;
use crate::server::{Server, response};

/// A path where nothing is yet, in a directory of its own.
fn new_path() -> (TextFile, String) {
    let beside = TextFile::new("beside", "");
    let path = beside.path().replace("beside", "recorded.toml");
    (beside, path)
}

#[test]
fn what_is_recorded_holds_until_the_server_changes() {
    let server = api();
    let (_beside, path) = new_path();
    let urls = [server.url("/items"), server.url("/admin")];
    let origins = ["--origin", "http://app.example", "--origin", "null"];
    let recorded = corsac(["check", &urls[0], &urls[1], "--record", &path].into_iter().chain(origins));
    assert_eq!((recorded.status, recorded.stderr.as_str()), (1, ""), "{recorded:#?}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("[[case]]").count(), 4, "{text}");
    for words in [
        "expect = \"readable\"\nstatus = 200\nreadable-headers = [\"ETag\"]\n",
        "expect = \"blocked\"\nreason = \"allow-origin-missing\"\ncause = \"",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let again = corsac(["check", "--suite", &path]);
    assert_eq!(again.status, 0, "{again:#?}\n{text}");

    let other = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    let changed =
        TextFile::new("changed.toml", text.replace(&server.address.to_string(), &other.address.to_string()));
    let run = corsac(["check", "--suite", changed.path()]);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.contains("0 of 4 checks hold."), "{}", run.stdout);
}

#[test]
fn secrets_become_variables_and_are_not_in_the_file() {
    let server = Server::allowing(
        &[
            "Access-Control-Allow-Origin: http://app.example",
            "Access-Control-Allow-Credentials: true",
            "Access-Control-Allow-Headers: authorization, x-trace, x-api-key",
        ],
        &["Access-Control-Allow-Origin: http://app.example", "Access-Control-Allow-Credentials: true"],
    );
    let (_beside, path) = new_path();
    let url = server.url("/?token=s3cret-url&page=2");
    let request = [
        "check",
        &url,
        "--origin",
        "http://app.example",
        "--credentials",
        "include",
        "--cookie",
        "session=s3cret-cookie",
        "-H",
        "Authorization: Bearer s3cret-token",
        "-H",
        "X-API-Key: s3cret-key",
        "-H",
        "X-Trace: \"\u{e9}\" ]]>",
        "--record",
        &path,
    ];
    let recorded = corsac(request);
    assert_eq!(recorded.status, 0, "{recorded:#?}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("s3cret"), "{text}");
    for words in [
        "{ name = \"Authorization\", env = \"AUTHORIZATION\", prefix = \"Bearer \" }",
        "{ name = \"X-API-Key\", env = \"X_API_KEY\" }",
        "cookies = [{ name = \"session\", env = \"SESSION\" }]",
        "It reads these variables of the environment: AUTHORIZATION, X_API_KEY, SESSION.",
        "?token=REDACTED&page=2\"",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let mut command = binary();
    command.args(["check", "--suite", &path]);
    command.env("AUTHORIZATION", "abcdefgh").env("X_API_KEY", "ijklmnop").env("SESSION", "qrstuvwx");
    let again = run(command, b"");
    assert_eq!(again.status, 0, "{again:#?}");
    let requests = server.requests();
    let last = requests.iter().rfind(|request| !request.is_preflight()).unwrap();
    assert_eq!(last.header("authorization"), Some("Bearer abcdefgh"));
    assert_eq!(last.header("cookie"), Some("session=qrstuvwx"));
    assert_eq!(last.header("x-trace").map(|text| text.chars().count()), Some("\"?\" ]]>".len()));
}

#[test]
fn a_file_that_exists_is_kept_unless_force_says_otherwise_and_nothing_is_sent() {
    let server = api();
    let file = TextFile::new("mine.toml", "mine");
    let url = server.url("/items");
    let request = ["check", &url, "--origin", "http://app.example", "--record", file.path()];
    let refused = corsac(request);
    assert_eq!(refused.status, 2, "{refused:#?}");
    assert!(refused.stderr.contains("exists already"), "{}", refused.stderr);
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "mine");
    assert!(server.requests().is_empty());
    let forced = corsac(request.iter().chain(&["--force"]));
    assert_eq!(forced.status, 0, "{forced:#?}");
    assert!(std::fs::read_to_string(file.path()).unwrap().contains("[[case]]"));
}

#[test]
fn a_method_that_changes_something_is_recorded_as_it_was_asked_for() {
    let server = api();
    let url = server.url("/items");
    for (option, words) in
        [("--preflight-only", "preflight-only = true\nexpect = \"allowed\""), ("-v", "send = true\n")]
    {
        let (_beside, path) = new_path();
        let request =
            ["check", &url, "--origin", "http://app.example", "-X", "DELETE", option, "--record", &path];
        assert_eq!(corsac(request).status, 0, "{option}");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(words), "{option}: {text}");
        let again = corsac(["check", "--suite", &path]);
        assert_eq!(again.status, 0, "{option}: {again:#?}");
    }
}

#[test]
fn what_a_suite_cannot_hold_is_refused() {
    for option in [&["--as", "img"][..], &["--force-preflight"], &["--url-of", "https://api.example/"]] {
        let (_beside, path) = new_path();
        let request = ["check", "http://127.0.0.1:4/", "--origin", "http://app.example", "--record", &path];
        let run = corsac(request.iter().chain(option));
        assert_eq!(run.status, 2, "{option:?}: {run:#?}");
        assert!(run.stderr.contains("cannot be used with"), "{option:?}: {}", run.stderr);
    }
}
