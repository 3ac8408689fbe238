//! `corsac policy lint`.

use serde_json::{Value, json};

use super::TextFile;
use crate::command::{Run, binary, corsac, run};

const CLEAN: &str = "[policy.app]\norigins = [\"https://app.example\"]\n";
const LINT: &str = "[policy.app]\norigins = [\"http://app.example\"]\n";
const ERROR: &str = "[policy.app]\norigins = [\"https://app.example/\", \"http://app.example\"]\n";

fn lint(text: &str, arguments: &[&str]) -> Run {
    let file = TextFile::new("corsac.toml", text);
    corsac(["policy", "lint", file.path()].iter().chain(arguments))
}

#[test]
fn the_exit_status_distinguishes_errors_and_lints() {
    let table = [
        ("clean", CLEAN, 0, 0),
        ("a lint", LINT, 0, 1),
        ("an error", ERROR, 1, 1),
        ("no TOML at all", "[policy", 1, 1),
        ("nothing", "", 1, 1),
    ];
    for (name, text, status, status_without_lints) in table {
        for more in [&[][..], &["--json"]] {
            assert_eq!(lint(text, more).status, status, "{name}");
            assert_eq!(
                lint(text, &[more, &["--deny-lints"]].concat()).status,
                status_without_lints,
                "{name}"
            );
        }
    }
    for unreadable in ["/no/such/file.toml", "/"] {
        let run = corsac(["policy", "lint", unreadable]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
        assert!(run.stderr.contains(&format!("`{unreadable}`")), "{run:#?}");
    }
    assert_eq!(corsac(["policy", "lint"]).status, 2);
    assert_eq!(corsac(["policy"]).status, 2);
}

#[test]
fn several_files_have_one_result() {
    let (clean, wrong) = (TextFile::new("clean.toml", CLEAN), TextFile::new("wrong.toml", ERROR));
    let run = corsac(["policy", "lint", clean.path(), wrong.path()]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("clean.toml: 1 policy, no problems"), "{}", run.stdout);
    assert!(run.stdout.contains("wrong.toml: 1 error, 1 lint"), "{}", run.stdout);
    let run = corsac(["policy", "lint", wrong.path(), "/no/such/file.toml", "--json"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
}

#[test]
fn problems_are_printed_with_their_lines() {
    let run = lint(ERROR, &[]);
    assert_eq!(run.stderr, "");
    for part in [
        "origin-path",
        "corsac.toml:2:12",
        "2 │ origins = [",
        "an origin has no path",
        "Write",
        "`https://app.example`",
        "1 error, 1 lint",
    ] {
        assert!(run.stdout.contains(part), "no {part:?} in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains('\u{1b}'));
    let mut coloured = binary();
    let file = TextFile::new("corsac.toml", ERROR);
    coloured.args(["policy", "lint", file.path()]).env("CLICOLOR_FORCE", "1");
    assert!(crate::command::run(coloured, b"").stdout.contains('\u{1b}'));
    assert!(lint(CLEAN, &[]).stdout.contains("no problems"));
}

#[test]
fn json_has_a_line_for_each_problem() {
    let file = TextFile::new("corsac.toml", ERROR);
    let clean = TextFile::new("corsac.toml", CLEAN);
    let report = corsac(["policy", "lint", clean.path(), file.path(), "--json"]).json();
    assert_eq!(report["files"], json!([clean.path(), file.path()]));
    let expected = json!({
        "file": file.path(),
        "severity": "error", "code": "origin-path", "policy": "app", "message": "an origin has no path",
        "value": "https://app.example/", "suggestion": "https://app.example", "line": 2, "column": 12,
    });
    assert_eq!(report["schema"], "corsac.lint/1");
    assert_eq!(report["problems"][0], expected);
    assert_eq!(
        (&report["problems"][1]["severity"], &report["problems"][1]["column"]),
        (&json!("lint"), &json!(36))
    );
    let report = corsac(["policy", "lint", clean.path(), "--json"]).json();
    assert_eq!(report, json!({ "schema": "corsac.lint/1", "files": [clean.path()], "problems": [] }));
    assert_eq!(lint("x = ", &["--json"]).json()["problems"][0]["policy"], Value::Null);
}

#[test]
fn standard_input_is_read_in_either_format() {
    let json = r#"{"policy": {"app": {"origins": ["https://app.example"]}}}"#;
    let table = [
        ("TOML, seen", &["-"][..], CLEAN, 0),
        ("JSON, seen", &["-"], json, 0),
        ("TOML, told", &["-", "--format", "toml"], CLEAN, 0),
        ("JSON, told", &["-", "--format", "json"], json, 0),
        ("told wrongly", &["-", "--format", "json"], CLEAN, 1),
        ("told wrongly", &["-", "--format", "toml"], json, 1),
        ("told something else", &["-", "--format", "yaml"], json, 2),
    ];
    for (name, arguments, text, status) in table {
        let mut command = binary();
        command.args(["policy", "lint"]).args(arguments);
        let run = run(command, text.as_bytes());
        assert_eq!(run.status, status, "{name}: {run:#?}");
    }
    let misnamed = TextFile::new("policy.txt", json);
    assert_eq!(corsac(["policy", "lint", misnamed.path()]).status, 0);
    let told = TextFile::new("policy.toml", json);
    assert_eq!(corsac(["policy", "lint", told.path(), "--format", "json"]).status, 0);
}

#[test]
fn a_file_cannot_write_to_the_terminal_nor_fill_it() {
    let hostile = format!(
        "[policy.a]\norigins = [\"https://\u{1b}[31m{}\"]\n# \u{9b}2J\u{202e}\n",
        "x".repeat(100_000)
    );
    let run = lint(&hostile, &[]);
    assert_eq!(run.status, 1);
    assert!(
        !run.stdout.contains(['\u{1b}', '\u{9b}', '\u{202e}']) && run.stdout.len() < 3_000,
        "{}",
        run.stdout
    );
    let many = format!("[policy.a]\norigins = [{}]\n", "\"a.example\",\n".repeat(1_000));
    let run = lint(&many, &[]);
    assert!(run.stdout.contains("And 900 more"), "{}", run.stdout.len());
    assert_eq!(lint(&many, &["--json"]).json()["problems"].as_array().unwrap().len(), 1_000);
}

#[test]
fn the_schema_is_the_one_of_the_documentation() {
    let run = corsac(["policy", "schema"]);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/corsac.schema.json");
    assert_eq!((run.status, run.stdout), (0, std::fs::read_to_string(path).unwrap()));
}
