//! `--preflight-only`: sends the preflight, and nothing that could change something.

use serde_json::json;

use crate::command::{check, check_json};
use crate::server::{NOTHING_LISTENS, Server, response};

const ALLOWED: &str = "Access-Control-Allow-Origin: http://app.example";
const METHODS: &str = "Access-Control-Allow-Methods: DELETE";

#[test]
fn the_request_itself_is_never_sent() {
    let table = [
        ("allowed", &[ALLOWED, METHODS][..], &["-X", "DELETE"][..], &["OPTIONS"][..], 0),
        ("allowed", &[ALLOWED], &["--force-preflight"], &["OPTIONS"], 0),
        ("blocked", &[ALLOWED], &["-X", "DELETE"], &["OPTIONS"], 1),
        ("blocked", &[], &["-X", "DELETE"], &["OPTIONS"], 1),
        ("allowed", &[], &[], &[], 0),
        ("allowed", &[], &["-d", "a=b"], &[], 0),
        ("allowed", &[], &["--mode", "no-cors"], &[], 0),
    ];
    for (verdict, lines, arguments, methods, status) in table {
        for engine in ["all", "firefox"] {
            let server = Server::new(move |_| response(204, lines));
            let arguments = [&["--preflight-only", "--engine", engine], arguments].concat();
            let run = check(&server.url("/"), &[&arguments[..], &["--json"]].concat());
            let report = run.json();
            assert_eq!(
                (run.status, &report["verdict"]),
                (status, &json!(verdict)),
                "{arguments:?}: {run:#?}"
            );
            assert_eq!(server.methods(), methods, "{arguments:?}");
            assert_eq!(report["preflight_needed"], !methods.is_empty(), "{arguments:?}");
            assert_eq!(report["sent"].as_array().unwrap().len(), methods.len(), "{arguments:?}");
            assert!(
                report["engines"].as_object().unwrap().values().all(|engine| engine["verdict"] == verdict)
            );
        }
    }
}

#[test]
fn the_report_says_that_nothing_but_the_preflight_was_sent() {
    let server = Server::new(|_| response(204, &[ALLOWED, METHODS]));
    let run = check(&server.url("/"), &["--preflight-only", "-X", "DELETE"]);
    assert!(run.stdout.starts_with("✓ ALLOWED  DELETE http://"), "{run:#?}");
    assert!(run.stdout.contains("which was not sent"), "{run:#?}");
    let run = check(&server.url("/"), &["--preflight-only"]);
    assert!(run.stdout.starts_with("✓ ALLOWED  GET http://"), "{run:#?}");
    assert!(run.stdout.contains("No preflight is needed"), "{run:#?}");
}

#[test]
fn whether_a_preflight_is_needed_is_unknown_after_an_earlier_refusal() {
    let report = check_json("http://127.0.0.1:1/", &["--preflight-only", "-X", "DELETE"]);
    assert_eq!((&report["verdict"], &report["preflight_needed"]), (&json!("failed"), &json!(null)));
    let run = check(NOTHING_LISTENS, &["--preflight-only", "-X", "DELETE"]);
    assert_eq!(run.status, 3, "{run:#?}");
}

#[test]
fn a_full_check_also_says_whether_a_preflight_was_needed() {
    let server = Server::allowing(&[ALLOWED, METHODS], &[ALLOWED]);
    assert_eq!(check_json(&server.url("/"), &[])["preflight_needed"], false);
    assert_eq!(check_json(&server.url("/"), &["-X", "DELETE"])["preflight_needed"], true);
}

#[test]
fn only_a_possible_verdict_can_be_expected() {
    let table: &[(&[&str], i32)] = &[
        (&["--preflight-only", "-X", "DELETE", "--expect", "allowed"], 0),
        (&["--preflight-only", "-X", "PUT", "--expect", "allowed"], 1),
        (&["--preflight-only", "-X", "PUT", "--expect", "blocked"], 0),
        (&["--preflight-only", "--expect", "readable"], 2),
        (&["--preflight-only", "--expect", "opaque"], 2),
        (&["--expect", "allowed"], 2),
        (&["--preflight-only", "--controls", "always"], 2),
    ];
    for (arguments, status) in table {
        let server = Server::new(|_| response(204, &[ALLOWED, METHODS]));
        let run = check(&server.url("/"), arguments);
        assert_eq!(run.status, *status, "{arguments:?}: {run:#?}");
    }
}
