//! `corsac policy diff`.

use serde_json::{Value, json};

use super::TextFile;
use crate::command::{Run, binary, corsac, run};

const OLD: &str = r#"
[policy.app]
origins = ["https://app.example", "https://*.app.example", "https://b.example", "http://localhost:*"]
methods = ["PUT", "DELETE"]
request-headers = ["Content-Type", "x-acme-*"]
expose-headers = ["ETag"]
"#;

const NEW: &str = r#"
[policy.app]
origins = ["https://app.example", "https://x.app.example", "https://new.example", "http://localhost:3000"]
methods = ["PUT", "PATCH"]
request-headers = ["*", "Authorization"]
credentials = true
max-age = "1h"
acknowledge = ["credentials-any-request-header"]
"#;

fn diff(old: &str, new: &str, arguments: &[&str]) -> Run {
    let (old, new) = (TextFile::new("old.toml", old), TextFile::new("new.toml", new));
    corsac(["policy", "diff", old.path(), new.path()].iter().chain(arguments))
}

#[test]
fn each_change_is_reported_with_its_direction() {
    let report = diff(OLD, NEW, &["--json"]).json();
    let changes = report["policies"][0]["changes"].as_array().unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|change| {
            [&change["kind"], &change["value"], &change["effect"]].map(|value| value.as_str().unwrap())
        })
        .collect();
    let expected = [
        ["origin", "https://*.app.example", "narrowed"],
        ["origin", "https://b.example", "narrowed"],
        ["origin", "http://localhost:*", "narrowed"],
        ["origin", "https://new.example", "widened"],
        ["method", "DELETE", "narrowed"],
        ["method", "PATCH", "widened"],
        ["request-header", "*", "widened"],
        ["request-header", "Authorization", "widened"],
        ["expose-header", "ETag", "narrowed"],
        ["credentials", "credentials", "widened"],
        ["max-age", "max-age", "other"],
    ];
    assert_eq!(told, expected);
    assert_eq!(
        (&report["schema"], &report["widened"], &report["narrowed"]),
        (&json!("corsac.diff/1"), &json!(true), &json!(true))
    );
    let text = diff(OLD, NEW, &[]).stdout;
    for part in [
        "- origin https://*.app.example: now refused, e.g. from https://a.app.example",
        "+ method PATCH: now allowed",
        "~ max-age: changed from 10m to 1h",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

/// Each example has to show its change when browser and server are simulated together.
#[test]
fn every_example_is_allowed_by_one_of_the_policies_only() {
    let report = diff(OLD, NEW, &["--json"]).json();
    let (old, new) = (TextFile::new("old.toml", OLD), TextFile::new("new.toml", NEW));
    let mut count = 0;
    for change in report["policies"][0]["changes"].as_array().unwrap() {
        let example = &change["example"];
        if example == &Value::Null || change["kind"] == "expose-header" {
            continue;
        }
        count += 1;
        let mut arguments: Vec<String> = ["--origin", "-X", "--credentials"]
            .into_iter()
            .zip(["origin", "method", "credentials"])
            .flat_map(|(option, key)| [option.to_owned(), example[key].as_str().unwrap().to_owned()])
            .collect();
        for name in example["headers"].as_array().unwrap() {
            arguments.extend(["-H".to_owned(), format!("{}: application/json", name.as_str().unwrap())]);
        }
        let verdict = |file: &TextFile| {
            let start = ["policy", "why", file.path()].map(str::to_owned);
            corsac(start.into_iter().chain(arguments.clone())).status
        };
        let expected = if change["effect"] == "widened" { (1, 0) } else { (0, 1) };
        assert_eq!((verdict(&old), verdict(&new)), expected, "{change:#}");
    }
    assert_eq!(count, 9);
}

#[test]
fn the_exit_status_is_for_ci() {
    const WIDER: &str = "[policy.app]\norigins = [\"https://app.example\", \"https://b.example\"]\n";
    const NARROW: &str = "[policy.app]\norigins = [\"https://app.example\"]\n";
    const LONGER: &str = "[policy.app]\norigins = [\"https://app.example\"]\nmax-age = \"1h\"\n";
    let table = [
        ("the same", NARROW, NARROW, 0, 0),
        ("only kept longer", NARROW, LONGER, 0, 0),
        ("wider", NARROW, WIDER, 1, 1),
        ("narrower", WIDER, NARROW, 1, 0),
        ("both", WIDER, "[policy.app]\norigins = [\"https://app.example\", \"https://c.example\"]\n", 1, 1),
    ];
    for (name, old, new, any, widened) in table {
        assert_eq!(diff(old, new, &[]).status, any, "{name}");
        assert_eq!(diff(old, new, &["--fail-on", "widened"]).status, widened, "{name}");
    }
    let run = diff(NARROW, "[policy.app]\norigin = []\n", &[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("key-unknown") && run.stderr.contains("new.toml"), "{run:#?}");
    assert_eq!(corsac(["policy", "diff", "/no/such/file", "/none"]).status, 2);
    let new = TextFile::new("new.toml", WIDER);
    let mut command = binary();
    command.args(["policy", "diff", "-", new.path()]);
    assert_eq!(run_with(command, NARROW).status, 1);
}

fn run_with(command: std::process::Command, input: &str) -> Run {
    run(command, input.as_bytes())
}

/// Newcomer's finding: `+ is new` was printed for a policy that opens everything and one that opens nothing.
#[test]
fn a_new_policy_shows_what_it_allows_and_a_removed_one_what_it_allowed() {
    let one = "[policy.a]\norigins = [\"https://a.example\"]\n";
    let table = [
        ("origins = []", vec![]),
        ("origins = [\"*\"]", vec!["every other origin: now allowed, e.g. from"]),
        (
            "origins = [\"https://b.example\", \"https://pr-*.b.example\"]\nmethods = [\"PUT\"]\ncredentials = true",
            vec![
                "origin https://b.example: now allowed",
                "origin https://pr-*.b.example: now allowed, e.g. from https://pr-a.b.example",
            ],
        ),
    ];
    for (lines, parts) in table {
        let two = format!("{one}[policy.new]\n{lines}\n");
        let (added, removed) = (diff(one, &two, &[]), diff(&two, one, &[]));
        assert!(added.stdout.contains("policy new: + added"), "{added:#?}");
        assert!(removed.stdout.contains("policy new: - removed"), "{removed:#?}");
        for part in &parts {
            assert!(added.stdout.contains(part), "no {part:?} in\n{}", added.stdout);
            let part = part.replacen("now allowed", "now refused", 1);
            assert!(removed.stdout.contains(&part), "no {part:?} in\n{}", removed.stdout);
        }
        assert_eq!(added.stdout.contains("now allowed"), !parts.is_empty(), "{lines}");
    }
}

#[test]
fn a_changed_path_of_a_policy_is_a_difference() {
    let at = |path: &str| format!("[policy.a]\nat = \"{path}\"\norigins = [\"*\"]\n");
    let run = diff(&at("/a"), &at("/b"), &[]);
    assert!(run.stdout.contains("at: changed from /a to /b"), "{run:#?}");
}

/// If a policy leaves a path, another one applies there, which may allow more.
#[test]
fn a_path_that_belongs_to_another_policy_is_a_difference() {
    let app = "[policy.app]\norigins = [\"https://app.example\"]\n";
    let placed = |at: &str, rest: &str| format!("{app}[policy.admin]\nat = \"{at}\"\n{rest}\n");
    let admin = |at: &str| placed(at, "origins = [\"https://admin.example\"]\ncredentials = true");
    let one = |at: &str| format!("[policy.a]\n{at}origins = [\"https://a.example\"]\n");
    let moved = "path /admin: app applies instead of admin";
    let cases = [
        ("removed", admin("/admin"), app.to_owned(), 1, moved),
        ("moved", admin("/admin"), admin("/adm"), 1, moved),
        (
            "to pass",
            admin("/admin"),
            placed("/admin", "cors = \"pass\""),
            1,
            "cors: changed from admin to pass",
        ),
        ("a pass moved", placed("/a", "cors = \"pass\""), placed("/b", "cors = \"pass\""), 1, "path /b"),
        ("opened", one("at = \"/public\"\n"), one(""), 1, "path /: a applies instead of no policy"),
        (
            "the rest passes",
            app.to_owned(),
            placed("/", "cors = \"pass\""),
            1,
            "cors: changed from app to pass",
        ),
        ("as before", admin("/admin"), admin("/admin"), 0, "What is allowed is the same."),
        ("narrowed", one(""), one("at = \"/public\"\n"), 0, "path /: no policy applies instead of a"),
    ];
    for (name, old, new, status, part) in cases {
        let run = diff(&old, &new, &["--fail-on", "widened"]);
        assert!(run.stdout.contains(part), "{name}: no {part:?} in\n{}", run.stdout);
        assert_eq!(run.status, status, "{name}\n{}", run.stdout);
        let json: Value = serde_json::from_str(&diff(&old, &new, &["--json"]).stdout).unwrap();
        assert_eq!(json["widened"], json!(status == 1), "{name}");
    }
}

#[test]
fn a_part_of_a_label_that_widens_is_shown_with_an_example() {
    let run = diff(
        "[policy.a]\norigins = [\"https://app-1-*.example.com\"]\n",
        "[policy.a]\norigins = [\"https://app-*.example.com\"]\n",
        &["--fail-on", "widened"],
    );
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("origin https://app-*.example.com: now allowed"), "{run:#?}");
    assert!(run.stdout.contains("https://app-a.example.com"), "{run:#?}");
    assert!(!run.stdout.contains("now refused"), "{run:#?}");
}

#[test]
fn policies_are_matched_by_name() {
    let two = "[policy.a]\norigins = [\"*\"]\n[policy.b]\norigins = [\"https://b.example\"]\n";
    let other = "[policy.b]\norigins = [\"https://b.example\"]\n[policy.c]\norigins = [\"*\"]\n";
    let run = diff(two, other, &[]);
    assert_eq!(run.status, 1);
    for part in ["policy a: - removed", "policy b: no difference", "policy c: + added"] {
        assert!(run.stdout.contains(part), "no {part:?} in\n{}", run.stdout);
    }
    assert_eq!(diff(two, other, &["--policy", "b"]).status, 0);
    assert_eq!(diff(two, other, &["--policy", "a", "--fail-on", "widened"]).status, 0);
    assert_eq!(diff(two, other, &["--policy", "c", "--fail-on", "widened"]).status, 1);
    assert_eq!(diff(two, other, &["--policy", "d"]).status, 2);
    // If each file has one policy, names do not matter.
    let renamed = "[policy.new]\norigins = [\"*\"]\n";
    assert!(diff("[policy.old]\norigins = [\"*\"]\n", renamed, &[]).stdout.contains("no difference"));
}

/// The file does not say which of several policies without `at` a service uses.
#[test]
fn policies_that_apply_to_no_path_are_named() {
    let two = "[policy.a]\norigins = [\"*\"]\n[policy.b]\norigins = []\n";
    let placed = format!("{two}[policy.c]\nat = \"/c\"\norigins = []\n");
    let run = diff(two, &placed, &[]);
    assert!(run.stdout.contains("In the new file, a, b apply to no path."), "{run:#?}");
    assert!(!run.stdout.contains("In the old file"), "{run:#?}");
    assert!(!diff(two, two, &[]).stdout.contains("to no path"), "all are taken by name");
}
