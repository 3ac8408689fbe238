//! Several URLs and origins in one command: a line for each pair.

use serde_json::Value;

use crate::command::{Run, corsac};
use crate::server::{NOTHING_LISTENS, Server, response};

const ONE: &str = "http://one.example";
const TWO: &str = "http://two.example";

/// Allows one origin, and only at `/open`.
fn server() -> Server {
    Server::new(|request| match (request.target.as_str(), request.header("origin")) {
        ("/open", Some(ONE)) => response(200, &["Access-Control-Allow-Origin: http://one.example"]),
        _ => response(200, &[]),
    })
}

fn check(urls: &[&str], origins: &[&str], arguments: &[&str]) -> Run {
    let mut all = vec!["check", "--no-controls"];
    all.extend(origins.iter().flat_map(|origin| ["--origin", *origin]));
    all.extend(arguments);
    all.extend(urls);
    corsac(all)
}

#[test]
fn each_pair_of_url_and_origin_is_checked_and_has_a_line() {
    let server = server();
    let (open, closed) = (server.url("/open"), server.url("/closed?token=s3cret"));
    let run = check(&[&open, &closed], &[ONE, TWO], &[]);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{run:#?}");
    let lines: Vec<Vec<&str>> =
        run.stdout.lines().take(4).map(|line| line.split_whitespace().collect()).collect();
    let shown = server.url("/closed?token=REDACTED");
    let expected = [
        ("READABLE", &open, ONE),
        ("BLOCKED", &open, TWO),
        ("BLOCKED", &shown, ONE),
        ("BLOCKED", &shown, TWO),
    ];
    for (line, (verdict, url, origin)) in lines.iter().zip(expected) {
        assert_eq!(line[1..5], [verdict, "GET", url, origin], "{}", run.stdout);
        assert_eq!(line.len(), if verdict == "BLOCKED" { 6 } else { 5 }, "{}", run.stdout);
    }
    assert!(run.stdout.lines().all(|line| !line.ends_with(' ')), "{}", run.stdout);
    // Columns are aligned, even if a secret is shorter than its replacement.
    let starts: Vec<Option<usize>> = run.stdout.lines().take(4).map(|line| line.find("http://t")).collect();
    assert!(starts[1].is_some() && starts[1] == starts[3], "{}", run.stdout);
    let hint: Vec<&str> = run.stdout.lines().skip(4).collect();
    assert!(hint.iter().any(|line| line.contains("the full report")), "{}", run.stdout);
    assert!(hint.iter().all(|line| line.chars().count() <= 80), "{}", run.stdout);
    let asked: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(asked, ["/open", "/open", "/closed?token=s3cret", "/closed?token=s3cret"]);
}

#[test]
fn json_has_one_object_on_each_line() {
    let server = server();
    let (open, closed) = (server.url("/open"), server.url("/closed"));
    let run = check(&[&open, &closed], &[ONE, "null"], &["--json"]);
    let reports: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("an object on one line")).collect();
    crate::schema::keeps_to("check", &reports);
    let said: Vec<(&str, &str, &str)> = reports
        .iter()
        .map(|report| {
            let request = &report["request"];
            assert_eq!(report["schema"], "corsac.check/2");
            (
                request["url"].as_str().unwrap(),
                request["origin"].as_str().unwrap(),
                report["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        (open.as_str(), ONE, "readable"),
        (&open, "null", "blocked"),
        (&closed, ONE, "blocked"),
        (&closed, "null", "blocked"),
    ];
    assert_eq!(said, expected);
}

#[test]
fn the_worst_exit_status_counts() {
    let server = server();
    let (open, closed) = (server.url("/open"), server.url("/closed"));
    for (urls, arguments, status) in [
        (&[open.as_str(), &open][..], &[][..], 0),
        (&[&closed, &open], &[], 1),
        (&[NOTHING_LISTENS, &closed, &open], &[], 3),
        (&[&closed, &closed], &["--expect", "blocked"], 0),
        (&[&closed, &open], &["--expect", "blocked"], 1),
        (&[&open, "ftp://a.example/"], &[], 2),
    ] {
        let run = check(urls, &[ONE], arguments);
        assert_eq!(run.status, status, "{urls:?} {arguments:?}: {run:#?}");
    }
}

#[test]
fn an_unmet_expectation_is_reported_with_its_url_and_origin() {
    let server = server();
    let (open, closed) = (server.url("/open"), server.url("/closed"));
    let closed_too = server.url("/closed?token=s3cret");
    let hidden = check(&[&closed, &closed_too], &[ONE], &["--expect", "readable"]).stderr;
    assert!(hidden.contains("?token=REDACTED from ") && !hidden.contains("s3cret"), "{hidden}");
    let run = check(&[&closed, &open], &[ONE], &["--expect", "blocked"]);
    assert_eq!(
        run.stderr,
        format!("{open} from {ONE}: expected verdict: blocked, actual verdict: readable\n")
    );
}

#[test]
fn nothing_is_sent_if_one_url_is_invalid_or_there_are_too_many() {
    let server = server();
    let open = server.url("/open");
    let many = vec![open.as_str(); 51];
    for (urls, origins, part) in [
        (&[open.as_str(), "localhost:8080"][..], &[ONE][..], "http://localhost:8080"),
        (&many, &[ONE, TWO], "51 URLs and 2 origins are 102 pairs, and one command checks at most 100"),
    ] {
        let run = check(urls, origins, &[]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
        assert!(run.stderr.contains(part), "{run:#?}");
    }
    assert_eq!(server.methods(), <[&str; 0]>::default());
}

#[test]
fn a_body_from_standard_input_is_sent_with_each() {
    let server = server();
    let mut command = crate::command::binary();
    let urls = [server.url("/open"), server.url("/closed")];
    command.args(["check", "--no-controls", "--origin", ONE, "-d", "@-"]).args(&urls);
    crate::command::run(command, b"a=b");
    let bodies: Vec<Vec<u8>> = server.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, [b"a=b", b"a=b"]);
}

#[test]
fn markdown_has_a_block_for_each() {
    let server = server();
    let run = check(&[&server.url("/open"), &server.url("/closed")], &[ONE], &["--markdown"]);
    assert!(run.stdout.starts_with("**READABLE**") && run.stdout.contains("\n\n**BLOCKED**"), "{run:#?}");
}
