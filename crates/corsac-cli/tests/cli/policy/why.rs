//! `corsac policy why`.

use serde_json::json;

use super::TextFile;
use crate::command::{Run, binary, corsac, run};

const FILE: &str = r#"
[policy.app]
origins = ["https://app.example", "https://*.app.example", "http://localhost:*"]
methods = ["PUT"]
request-headers = ["Content-Type", "x-acme-*"]
credentials = true

[policy.public]
origins = ["*"]

[policy.guarded]
origins = ["https://app.example"]
enforce = "block"
resource-policy = "same-origin"
"#;

fn why(policy: &str, arguments: &[&str]) -> Run {
    let file = TextFile::new("corsac.toml", FILE);
    corsac(["policy", "why", file.path(), "--policy", policy].iter().chain(arguments))
}

/// Policy, arguments, exit status, verdict, reason code, refusal of the last decision.
type Row =
    (&'static str, &'static [&'static str], i32, &'static str, Option<&'static str>, Option<&'static str>);

const ROWS: &[Row] = &[
    ("app", &["--origin", "https://app.example"], 0, "readable", None, None),
    ("app", &["--origin", "https://a.b.app.example", "--credentials", "include"], 0, "readable", None, None),
    (
        "app",
        &["--origin", "https://app.example", "-X", "PUT", "-H", "Content-Type: application/json", "-d", "{}"],
        0,
        "readable",
        None,
        None,
    ),
    ("app", &["--origin", "https://app.example", "-H", "X-Acme-Id: 1"], 0, "readable", None, None),
    (
        "app",
        &["--origin", "http://localhost:5173", "--url", "http://localhost:8080/x"],
        0,
        "readable",
        None,
        None,
    ),
    (
        "app",
        &["--origin", "https://evil.example"],
        1,
        "blocked",
        Some("allow-origin-missing"),
        Some("origin-not-allowed"),
    ),
    (
        "app",
        &["--origin", "null"],
        1,
        "blocked",
        Some("allow-origin-missing"),
        Some("null-origin-not-allowed"),
    ),
    (
        "app",
        &["--origin", "https://app.example", "-X", "DELETE"],
        1,
        "blocked",
        Some("method-not-allowed"),
        Some("method-not-allowed"),
    ),
    (
        "app",
        &["--origin", "https://app.example", "-H", "X-Own: 1"],
        1,
        "blocked",
        Some("header-not-allowed"),
        Some("header-not-allowed"),
    ),
    ("app", &["--origin", "https://evil.example", "--mode", "no-cors"], 0, "opaque", None, None),
    (
        "app",
        &["--origin", "https://app.example", "--url", "http://api.example/"],
        3,
        "failed",
        Some("mixed-content"),
        None,
    ),
    ("public", &["--origin", "https://evil.example"], 0, "readable", None, None),
    (
        "public",
        &["--origin", "https://evil.example", "--credentials", "include"],
        1,
        "blocked",
        Some("credentials-wildcard"),
        None,
    ),
    (
        "guarded",
        &["--origin", "https://app.example", "--credentials", "include"],
        1,
        "blocked",
        Some("allow-credentials-not-true"),
        None,
    ),
    (
        "guarded",
        &["--origin", "https://evil.example", "--mode", "no-cors"],
        3,
        "failed",
        Some("resource-policy"),
        None,
    ),
];

#[test]
fn an_image_refused_by_resource_policy_is_reported_with_what_to_write() {
    for origin in ["https://app.example", "https://evil.example"] {
        let text = why("guarded", &["--origin", origin, "--mode", "no-cors"]).stdout;
        assert!(text.contains("What to change in the policy"), "{text}");
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("write `resource-policy = \"cross-origin\"`"), "{text}");
        assert!(!words.contains("security middleware"), "{text}");
    }
}

#[test]
fn a_simulated_check_has_the_same_result_as_one_over_the_network() {
    for (policy, arguments, status, verdict, reason, refusal) in ROWS {
        let run = why(policy, &[*arguments, &["--json"]].concat());
        assert_eq!(run.status, *status, "{policy} {arguments:?}: {run:#?}");
        let report = run.json();
        assert_eq!(
            (&report["schema"], &report["verdict"]),
            (&json!("corsac.why/2"), &json!(verdict)),
            "{policy} {arguments:?}"
        );
        assert_eq!(report["reason"]["code"], json!(reason), "{policy} {arguments:?}");
        if let Some(refusal) = refusal {
            let last = report["exchanges"].as_array().unwrap().last().unwrap();
            assert_eq!(last["decision"]["refusal"], json!(refusal), "{policy} {arguments:?}");
            assert_eq!(last["decision"]["allowed"], json!(false));
        }
        for engine in ["spec", "chromium", "firefox", "webkit"] {
            assert_eq!(
                report["engines"][engine]["verdict"],
                json!(verdict),
                "{policy} {arguments:?} in {engine}"
            );
        }
        let text = why(policy, arguments);
        assert_eq!(text.status, *status);
        assert!(text.stdout.contains(&verdict.to_uppercase()) && !text.stdout.contains(" ms"), "{text:#?}");
    }
}

#[test]
fn a_refusal_says_what_to_write_in_the_policy() {
    let table: [(&str, &[&str], &str); 11] = [
        (
            "guarded",
            &[
                "--origin",
                "https://b.example",
                "-X",
                "PUT",
                "-H",
                "X-A: 1",
                "-H",
                "X-B: 1",
                "--credentials",
                "include",
            ],
            "add `https://b.example` to `origins`, add `PUT` to `methods`, add `x-a`, `x-b` to `request-headers`, and write \
             `credentials = true`.",
        ),
        (
            "public",
            &["--origin", "https://a.example", "-X", "PUT", "--credentials", "include"],
            "add `PUT` to `methods`",
        ),
        (
            "app",
            &["--origin", "https://app.example", "-X", "patch", "-H", "X-Own: 1"],
            "add `PATCH` to `methods`, add `x-own` to `request-headers`, and write the method in upper case",
        ),
        ("app", &["--origin", "https://evil.example"], "add `https://evil.example` to `origins`"),
        ("app", &["--origin", "https://app.example", "-X", "PATCH"], "add `PATCH` to `methods`"),
        (
            "app",
            &["--origin", "https://app.example", "-X", "patch"],
            "add `PATCH` to `methods`, and write the method in upper case",
        ),
        ("app", &["--origin", "http://wiki.example"], "add `https://wiki.example` to `origins` if"),
        (
            "app",
            &["--origin", "https://app.example.evil.test"],
            "It resembles `https://app.example`, but it belongs to",
        ),
        ("app", &["--origin", "https://app.example", "-H", "X-Own: 1"], "add `x-own` to `request-headers`"),
        ("public", &["--origin", "https://a.example", "--credentials", "include"], "Name the origins"),
        (
            "guarded",
            &["--origin", "https://app.example", "--credentials", "include"],
            "write `credentials = true`",
        ),
    ];
    for (policy, arguments, words) in table {
        let text = why(policy, arguments).stdout;
        let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flowing.contains(words), "{arguments:?}: no {words:?} in\n{text}");
        assert!(text.contains("What to change in the policy"), "{text}");
        // The policy is known, so there are no guesses about the server.
        assert!(!flowing.contains("Likely cause"), "{text}");
    }
    let text = why("guarded", &["--origin", "https://evil.example", "-d", "x"]).stdout;
    assert!(text.contains("403") && text.contains("enforce"), "{text}");
}

#[test]
fn a_policy_is_found_by_its_name_or_because_it_is_the_only_one() {
    let origin = ["--origin", "https://app.example"];
    let several = TextFile::new("corsac.toml", FILE);
    let run = corsac(["policy", "why", several.path()].iter().chain(&origin));
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("--policy") && run.stderr.contains("`app`, `public`"), "{run:#?}");
    let run = why("ap", &origin);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`ap`") && run.stderr.contains("`app`"), "{run:#?}");
    let mut command = binary();
    command.args(["policy", "why", "-"]).args(origin);
    assert_eq!(
        self::run(command, b"{\"policy\": {\"only\": {\"origins\": [\"https://app.example\"]}}}").status,
        0
    );
}

#[test]
fn a_file_with_errors_and_an_impossible_request_are_errors() {
    let broken = TextFile::new("corsac.toml", "[policy.a]\norigins = [\"https://app.example/\"]\n");
    let run = corsac(["policy", "why", broken.path(), "--origin", "https://app.example"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    for part in ["1 error", "origin-path", "2 │ origins"] {
        assert!(run.stderr.contains(part), "no {part:?} in {}", run.stderr);
    }
    for arguments in [
        &["--origin", "https://app.example", "-X", "TRACE"][..],
        &["--origin", "app.example"],
        &[],
        &["--origin", "https://a.example", "--url", "x"],
    ] {
        assert_eq!(why("app", arguments).status, 2, "{arguments:?}");
    }
    let run = why("app", &["--origin", "https://evil.example", "--expect", "blocked"]);
    assert_eq!(run.status, 0);
    assert_eq!(why("app", &["--origin", "https://app.example", "--expect", "blocked"]).status, 1);
}

/// If policies have an `at`, the path of the URL chooses one, and no name is needed.
#[test]
fn the_path_chooses_the_policy_if_the_file_has_paths() {
    const PLACED: &str = r#"
[defaults]
methods = ["PUT"]

[policy.app]
origins = ["https://app.example"]

[policy.admin]
at = "/admin"
origins = ["https://admin.example"]

[policy.store]
at = "/store"
cors = "pass"
"#;
    let file = TextFile::new("corsac.toml", PLACED);
    let why =
        |arguments: &[&str]| corsac(["policy", "why", file.path(), "-X", "PUT"].iter().chain(arguments));
    let table: [(&str, &str, i32); 5] = [
        ("https://app.example", "https://api.example/items", 0),
        ("https://admin.example", "https://api.example/items", 1),
        ("https://admin.example", "https://api.example/admin/users?x=1", 0),
        ("https://app.example", "https://api.example/admin", 1),
        ("https://app.example", "https://api.example/store/x", 2),
    ];
    for (origin, url, status) in table {
        let run = why(&["--origin", origin, "--url", url]);
        assert_eq!(run.status, status, "{origin} {url}: {run:#?}");
    }
    let run = why(&["--origin", "https://app.example", "--url", "https://api.example/store/x"]);
    assert!(
        run.stderr
            .contains("`store` has `cors = \"pass\"`, which passes requests for `/store/x` on unchanged"),
        "{run:#?}"
    );
    let named =
        why(&["--policy", "app", "--origin", "https://app.example", "--url", "https://api.example/admin"]);
    assert_eq!(named.status, 0, "{named:#?}");
}

/// If policies have an `at`, the only other policy does not apply to a path of another entry.
#[test]
fn a_path_that_passes_and_one_without_a_policy_are_errors() {
    let app = "[policy.app]\norigins = [\"https://app.example\"]\n";
    let pass = "[policy.store]\ncors = \"pass\"\n";
    let passes = "`store` has `cors = \"pass\"`, which passes requests";
    let two = format!("{app}[policy.b]\norigins = []\n");
    let placed = "[policy.c]\nat = \"/c\"\norigins = []\n";
    let table: [(&str, String, &[&str], &str); 6] = [
        ("all passes", format!("{app}{pass}at = \"/\"\n"), &[], passes),
        ("the rest passes", format!("{app}at = \"/app\"\n{pass}"), &[], passes),
        ("by its name", format!("{app}at = \"/app\"\n{pass}"), &["--policy", "store"], passes),
        ("several by name", two.clone(), &[], "choose one with --policy (`app`, `b`)"),
        ("several beside a path", format!("{two}{placed}"), &[], "`app`, `b` have no `at`"),
        ("another path alone", placed.to_owned(), &[], "no policy in the file applies to `/`: choose one"),
    ];
    for (name, text, arguments, words) in table {
        let file = TextFile::new("corsac.toml", text);
        let start = ["policy", "why", file.path(), "--origin", "https://app.example"];
        let run = corsac(start.iter().chain(arguments));
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}: {run:#?}");
        assert!(run.stderr.contains(words), "{name}: no {words:?} in {run:#?}");
    }
}
