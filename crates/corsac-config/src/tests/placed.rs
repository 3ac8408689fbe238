//! Features that only files have: defaults, paths, `cors = "pass"`, origins from the environment.

use std::ffi::OsString;
use std::sync::mpsc::channel;
use std::time::Duration;

use corsac::server::{Enforce, Placement, PolicyChoice};

use super::problems;
use crate::{FileProblem, FileProblems, Format, Placed, PolicyFile};

fn parse(text: &str) -> PolicyFile {
    PolicyFile::parse(text, Format::Toml).unwrap_or_else(|problems| panic!("{}", problems.lines()))
}

/// Returns each error and lint as `code line:column`.
fn codes(problems: &FileProblems) -> Vec<String> {
    let code = |found: &FileProblem| format!("{} {}:{}", found.problem.code, found.line, found.column);
    problems.iter().map(code).collect()
}

fn with_variable(text: &str, value: Option<&str>) -> Result<PolicyFile, FileProblems> {
    let environment = |name: &str| value.filter(|_| name == "APP_ORIGINS").map(OsString::from);
    PolicyFile::parse_with_environment(text, Format::Toml, &environment)
}

const SHARED: &str = r#"
[defaults]
methods = ["PUT"]
request-headers = ["Content-Type"]
credentials = true
enforce = "block"
max-age = "1h"

[policy.production]
origins = ["https://app.example.com"]

[policy.staging]
origins = ["https://staging.example.com"]
methods = ["PUT", "DELETE"]
credentials = false
"#;

#[test]
fn a_policy_inherits_the_keys_that_it_leaves_out() {
    let file = parse(SHARED);
    let production = file.policy("production").unwrap().config();
    assert_eq!(
        (production.methods.as_slice(), production.credentials),
        (["PUT".to_owned()].as_slice(), true)
    );
    assert_eq!((production.enforce, production.max_age.as_deref()), (Enforce::Block, Some("1h")));
    let staging = file.policy("staging").unwrap().config();
    assert_eq!(staging.methods, ["PUT", "DELETE"]);
    assert_eq!(staging.request_headers, ["Content-Type"]);
    assert!(!staging.credentials, "`false` is written, not left out");
}

#[test]
fn defaults_can_be_anywhere_in_the_file_and_in_json() {
    let text = r#"{"policy": {"a": {}, "b": {"origins": []}}, "defaults": {"origins": ["https://a.example"], "acknowledge": ["origin-none"]}}"#;
    let file = PolicyFile::parse(text, Format::Json).unwrap();
    assert_eq!(file.policy("a").unwrap().config().origins, ["https://a.example"]);
    assert!(file.policy("b").unwrap().config().origins.is_empty());
    assert!(
        file.lints().is_empty(),
        "one of the policies needs the acknowledgement: {}",
        file.lints().lines()
    );
}

#[test]
fn a_problem_in_the_defaults_is_reported_once_at_its_line() {
    let table: [(&str, &[&str]); 7] = [
        (
            "[defaults]\nmethods = [\"put\"]\n[policy.a]\norigins = [\"*\"]\n[policy.b]\norigins = [\"*\"]\n",
            &["method-lower-case 2:12"],
        ),
        ("[defaults]\nmethods = \"PUT\"\n[policy.a]\norigins = [\"*\"]\n", &["value-type 2:11"]),
        ("[defaults]\nat = \"/a\"\n[policy.a]\norigins = [\"*\"]\n", &["key-unknown 2:1"]),
        ("[defaults]\ncredentails = true\n[policy.a]\norigins = [\"*\"]\n", &["key-unknown 2:1"]),
        ("defaults = 1\n[policy.a]\norigins = [\"*\"]\n", &["value-type 1:12"]),
        ("[default]\ncredentials = true\n[policy.a]\norigins = [\"*\"]\n", &["key-unknown 1:2"]),
        (
            "[defaults]\nacknowledge = [\"origin-insecure\"]\n[policy.a]\norigins = [\"*\"]\n[policy.b]\norigins = [\"*\"]\n",
            &["acknowledge-unused 2:16"],
        ),
    ];
    for (text, expected) in table {
        assert_eq!(codes(&problems(text, Format::Toml)), expected, "{text}");
    }
}

const PLACED: &str = r#"
[policy.app]
origins = ["https://app.example.com"]

[policy.admin]
at = "/admin"
origins = ["https://admin.example.com"]

[policy.store]
at = "/admin/store/"
cors = "pass"
"#;

#[test]
fn the_longest_path_decides_and_the_policy_without_one_is_for_the_rest() {
    let file = parse(PLACED);
    let placement = file.placement();
    let table = [
        ("/", "app"),
        ("/administration", "app"),
        ("/admin", "admin"),
        ("/admin/users/7", "admin"),
        ("/admin/store", "store"),
        ("/admin/store/x", "store"),
        ("/admin/../x", "app"),
    ];
    for (path, name) in table {
        assert_eq!(placement.get(path).map(Placed::name), Some(name), "{path}");
    }
    assert!(placement.get("/admin/store").unwrap().policy().is_none());
    assert_eq!(placement.main().map(Placed::name), Some("app"));
    let parts: Vec<&str> = placement.parts().map(|(path, _)| path.as_str()).collect();
    assert_eq!(parts, ["/admin/store", "/admin"]);
    assert_eq!(placement.get("/admin").unwrap().policy(), file.policy("admin").ok().as_ref());
    let written = file.to_toml();
    let again = parse(&written);
    assert!(file.policies().eq(again.policies()), "{written}");
    assert_eq!(again.placement().get("/admin/store").map(Placed::name), Some("store"));
}

#[test]
fn a_middleware_takes_the_placement_with_the_names_of_the_file() {
    let placement = Placement::from(parse(PLACED).placement());
    let table = [("/", "app"), ("/admin/users/7", "admin"), ("/admin/store/x", "store")];
    for (path, name) in table {
        assert_eq!(&*placement.find(path).name, name, "{path}");
    }
    assert_eq!(placement.find("/admin/store").choice, PolicyChoice::Pass);
    assert!(matches!(placement.find("/").choice, PolicyChoice::Policy(_)));
    let only_a_part = "[policy.b]\nat = \"/b\"\norigins = [\"*\"]\n";
    let placement = Placement::from(parse(only_a_part).placement());
    assert_eq!(placement.find("/x").choice, PolicyChoice::NoPolicy);
    assert_eq!(&*placement.find("/b").name, "b");
}

#[test]
fn several_policies_without_a_path_are_told_apart_by_name() {
    let placement = parse("policy.a.origins = [\"*\"]\npolicy.b.origins = [\"*\"]\n").placement();
    assert!(placement.main().is_none() && !placement.has_parts());
    assert!(placement.unplaced().is_empty(), "the file places nothing");
    let at_root = "policy.a.origins = [\"*\"]\n[policy.b]\nat = \"/\"\norigins = [\"*\"]\n";
    assert_eq!(parse(at_root).placement().get("/x").map(Placed::name), Some("b"));
    assert_eq!(parse(at_root).placement().unplaced(), ["a"]);
}

#[test]
fn a_policy_that_decides_about_no_path_is_a_lint_that_can_be_acknowledged() {
    let policy = |name: &str, lines: &str| format!("[policy.{name}]\norigins = [\"*\"]\n{lines}");
    let (a, b) = (policy("a", ""), policy("b", ""));
    let (admin, root) = (policy("admin", "at = \"/admin\"\n"), policy("root", "at = \"/\"\n"));
    let pass = "[policy.store]\ncors = \"pass\"\n".to_owned();
    let known = |name: &str| policy(name, "acknowledge = [\"at-missing\"]\n");
    let (known_a, known_b) = (known("a"), known("b"));
    let table: [(&str, Vec<&str>, &[&str]); 10] = [
        ("one is for the rest", vec![&a, &admin], &[]),
        ("several by name", vec![&a, &b], &[]),
        (
            "several without a path, and one with a path",
            vec![&a, &b, &admin],
            &["at-missing 1:9", "at-missing 3:9"],
        ),
        ("one without a path, and the root", vec![&a, &root], &["at-missing 1:9"]),
        ("all placed", vec![&root, &admin], &[]),
        ("a pass without a path, and the root", vec![&root, &pass], &["at-missing 4:9"]),
        ("a pass and a policy", vec![&admin, &a, &pass], &["at-missing 4:9", "at-missing 6:9"]),
        ("acknowledged", vec![&known_a, &known_b, &admin], &[]),
        ("acknowledged in vain", vec![&known_a, &admin], &["acknowledge-unused 3:16"]),
        ("shared", vec!["[defaults]\nacknowledge = [\"at-missing\"]\n", &a, &b, &admin], &[]),
    ];
    for (name, parts, expected) in table {
        let text = parts.concat();
        assert_eq!(codes(parse(&text).lints()), expected, "{name}\n{text}");
    }
}

#[test]
fn a_path_that_is_invalid_is_the_only_problem() {
    let text = "[policy.a]\norigins = [\"*\"]\nat = \"api\"\n[policy.b]\norigins = [\"*\"]\n[policy.c]\nat = \"/c\"\norigins = [\"*\"]\n";
    assert_eq!(codes(&problems(text, Format::Toml)), ["at-invalid 3:6"]);
}

#[test]
fn a_misspelled_pass_is_the_only_problem_and_has_a_suggestion() {
    for (value, expected) in [("\"Pass\"", "pass"), ("\"passs\"", "pass"), ("\"forward\"", "")] {
        let found = problems(&format!("[policy.a]\ncors = {value}\n"), Format::Toml);
        assert_eq!(codes(&found), ["value-type 2:8"], "{value}");
        let suggestion = found.iter().next().unwrap().problem.suggestion.clone();
        assert_eq!(suggestion.unwrap_or_default(), expected, "{value}");
        let message = &found.iter().next().unwrap().problem.message;
        assert!(message.starts_with("write `cors = \"pass\"`"), "{message}");
    }
}

#[test]
fn a_problem_of_a_path_is_reported_at_its_line() {
    let policy = |lines: &str| format!("[policy.a]\norigins = [\"*\"]\nat = \"/a\"\n[policy.b]\n{lines}\n");
    let table: [(&str, &[&str]); 11] = [
        ("origins = [\"*\"]\nat = \"\"", &["at-invalid 6:6"]),
        ("origins = [\"*\"]\nat = \"b\"", &["at-invalid 6:6"]),
        ("origins = [\"*\"]\nat = \"/a/\"", &["at-repeated 6:6"]),
        ("origins = [\"*\"]\nat = \"/users/{id}\"", &["at-invalid 6:6"]),
        ("origins = [\"*\"]\nat = \"https://a.example/b\"", &["at-invalid 6:6"]),
        ("origins = [\"*\"]\nat = 1", &["value-type 6:6"]),
        ("origins = [\"*\"]\npath = \"/b\"", &["key-unknown 6:1"]),
        ("at = \"/b\"\ncors = \"passs\"\norigins = [\"*\"]", &["value-type 6:8"]),
        ("at = \"/b\"\ncors = true\norigins = [\"*\"]", &["value-type 6:8"]),
        (
            "at = \"/b\"\ncors = \"pass\"\norigins = [\"*\"]\nmethods = []",
            &["pass-with-keys 7:11", "pass-with-keys 8:11"],
        ),
        ("at = \"/b\"\ncors = \"pass\"\norigins-from-env = \"X\"", &["pass-with-keys 7:20"]),
    ];
    for (lines, expected) in table {
        assert_eq!(codes(&problems(&policy(lines), Format::Toml)), expected, "{lines}");
    }
}

#[test]
fn origins_from_the_environment_count_like_written_ones() {
    let text = "[policy.app]\norigins-from-env = \"APP_ORIGINS\"\norigins = [\"https://a.example\"]\n";
    let file = with_variable(text, Some(" https://b.example ,https://c.example,")).unwrap();
    assert_eq!(
        file.policy("app").unwrap().config().origins,
        ["https://a.example", "https://b.example", "https://c.example"]
    );
    let found =
        with_variable(text, Some("https://b.example, https://c.example/, http://d.example")).unwrap_err();
    assert_eq!(codes(&found), ["origin-path 2:20", "origin-insecure 2:20"]);
    let first = found.iter().next().unwrap();
    assert_eq!(first.problem.value, "https://c.example/");
    assert!(first.to_string().contains("comes from the environment variable `APP_ORIGINS`"), "{first}");
    assert_eq!(first.problem.suggestion.as_deref(), Some("https://c.example"));
}

#[test]
fn a_variable_that_is_missing_or_empty_is_an_error() {
    let text = "[policy.app]\norigins-from-env = \"APP_ORIGINS\"\n";
    for value in [None, Some(""), Some("  ")] {
        assert_eq!(
            codes(&with_variable(text, value).unwrap_err()),
            ["environment-missing 2:20"],
            "{value:?}"
        );
    }
    let shared =
        "[defaults]\norigins-from-env = \"APP_ORIGINS\"\n[policy.a]\n[policy.b]\norigins = [\"*\"]\n";
    assert_eq!(codes(&with_variable(shared, None).unwrap_err()), ["environment-missing 2:20"]);
    let file = with_variable(shared, Some("https://a.example")).unwrap();
    assert_eq!(file.policy("a").unwrap().config().origins, ["https://a.example"]);
    assert_eq!(file.policy("b").unwrap().config().origins, ["*"]);
}

#[test]
fn a_variable_in_a_value_is_refused_with_the_key_that_reads_one() {
    let table = [
        "origins = [\"${APP_ORIGIN}\"]",
        "origins = [\"https://${HOST}.example\"]",
        "origins = [\"*\"]\nmethods = [\"${METHOD}\"]",
        "origins = [\"*\"]\nmax-age = \"${AGE}\"",
        "origins = [\"*\"]\nenforce = \"${ENFORCE}\"",
        "origins = [\"*\"]\nrequest-headers = [\"${NAME}\"]",
    ];
    for lines in table {
        let found = problems(&format!("[policy.app]\n{lines}\n"), Format::Toml);
        let error = found.iter().find(|found| found.is_error()).unwrap_or_else(|| panic!("{lines}"));
        assert!(error.to_string().contains("`origins-from-env"), "{lines}: {error}");
    }
}

/// A temporary file that is removed at the end.
struct Temporary(std::path::PathBuf);

impl Temporary {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("corsac-{}-{name}.toml", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_watched_file_is_read_again_when_it_changes_and_until_the_watch_is_dropped() {
    // Far more than it takes. A test that waits this long fails.
    const PATIENCE: Duration = Duration::from_secs(120);
    let file = Temporary::new("watched", "policy.a.origins = [\"https://a.example\"]\n");
    let (sender, changes) = channel();
    let (first, watch) = PolicyFile::watch(&file.0, Duration::ZERO, move |changed| {
        let names = changed.map(|file| file.policies().map(|policy| policy.name.clone()).collect::<Vec<_>>());
        let _ = sender.send(names.map_err(|error| error.to_string()));
    })
    .unwrap();
    assert_eq!(first.policies().count(), 1);

    std::fs::write(&file.0, "policy.b.origins = [\"https://b.example\"]\n").unwrap();
    // The file may be read after it is emptied and before it is written.
    let mut received = std::iter::from_fn(|| changes.recv_timeout(PATIENCE).ok());
    assert!(received.any(|names| names == Ok(vec!["b".to_owned()])));

    std::fs::remove_file(&file.0).unwrap();
    assert!(changes.recv_timeout(PATIENCE).unwrap().is_err(), "the problem is reported");

    drop(watch);
    // The thread has ended and dropped the sender.
    while changes.recv_timeout(PATIENCE).is_ok() {}
    assert!(changes.try_recv().is_err());
}

#[test]
fn a_file_that_has_errors_at_first_is_not_watched() {
    let file = Temporary::new("wrong", "policy.a.origins = [\"a.example\"]\n");
    assert!(PolicyFile::watch(&file.0, Duration::ZERO, |_| ()).is_err());
}
