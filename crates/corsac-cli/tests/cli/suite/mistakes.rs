//! Mistakes in a suite: exit status 2, each at its line, with what to write, and nothing is sent.

use super::{HOLDS, api, suite};
use crate::command::corsac;

const CASE: &str = "[[case]]\nname = \"a\"\norigin = \"https://a.example\"\nurl = \"{server}/\"\n";

#[test]
fn each_mistake_is_reported_at_its_line_with_what_to_write() {
    let table = [
        (
            "an unknown key",
            format!("{CASE}expect = \"readable\"\nreadable-header = [\"ETag\"]\n"),
            6,
            "Did you mean `readable-headers`?",
        ),
        ("an unknown verdict", format!("{CASE}expect = \"read-able\"\n"), 5, "Did you mean `readable`?"),
        (
            "an unknown cause",
            format!("{CASE}expect = \"blocked\"\ncause = \"preflight-needs-logn\"\n"),
            6,
            "Did you mean `preflight-needs-login`?",
        ),
        (
            "an unknown reason",
            format!("{CASE}expect = \"blocked\"\nreason = \"allow-origin-misses\"\n"),
            6,
            "Did you mean `allow-origin-missing`?",
        ),
        (
            "an unknown engine",
            format!("{CASE}expect = \"blocked\"\nengines = [\"chrome\"]\n"),
            6,
            "`chrome` is not a value of `engines`",
        ),
        ("no expectation", CASE.to_owned(), 1, "[[case]] needs `expect`."),
        ("no name", CASE.replace("name = \"a\"\n", "expect = \"readable\"\n"), 1, "[[case]] needs `name`."),
        (
            "no origin",
            CASE.replace("origin = \"https://a.example\"\n", "expect = \"readable\"\n"),
            1,
            "[[case]] needs `origin`.",
        ),
        (
            "an origin with a path",
            CASE.replace("a.example", "a.example/") + "expect = \"readable\"\n",
            3,
            "https://a.example",
        ),
        (
            "a path without base",
            CASE.replace("{server}/", "/items") + "expect = \"readable\"\n",
            4,
            "`base = ",
        ),
        (
            "an unsafe method",
            format!("{CASE}method = \"DELETE\"\nexpect = \"readable\"\n"),
            5,
            "Write `preflight-only = true`",
        ),
        (
            "a forbidden method",
            format!("{CASE}method = \"TRACE\"\nsend = true\nexpect = \"readable\"\n"),
            5,
            "TRACE",
        ),
        (
            "a contradiction",
            format!("{CASE}preflight-only = true\nexpect = \"readable\"\n"),
            6,
            "write `expect = \"allowed\"`",
        ),
        (
            "a status in quotes",
            format!("{CASE}expect = \"readable\"\nstatus = \"200\"\n"),
            6,
            "a number from 100 to 599",
        ),
        (
            "a time without a unit",
            format!("{CASE}expect = \"readable\"\ntimeout = \"10\"\n"),
            6,
            "such as `\"10s\"`",
        ),
        (
            "a variable that is not set",
            format!(
                "{CASE}expect = \"readable\"\nheaders = [{{ name = \"X-A\", env = \"CORSAC_NOT_SET\" }}]\n"
            ),
            6,
            "`CORSAC_NOT_SET` is not set",
        ),
        (
            "a header without a colon",
            format!("{CASE}expect = \"readable\"\nheaders = [\"X-A\"]\n"),
            6,
            "Name: value",
        ),
        ("one bracket", CASE.replace("[[case]]", "[case]") + "expect = \"readable\"\n", 1, "two brackets"),
        (
            "the same name twice",
            format!("{CASE}expect = \"readable\"\n{CASE}expect = \"readable\"\n"),
            6,
            "taken by the case at line 1",
        ),
        ("not TOML", "[[case]]\nname = a\n".to_owned(), 2, "this is not TOML"),
        ("empty", String::new(), 1, "at least one `[[case]]`"),
    ];
    for (name, text, line, words) in table {
        let server = api();
        let run = suite(&server, &text, &[]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}: {run:#?}");
        // The drawing wraps sentences.
        let flat = run.stderr.replace("\n  │ ", " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{name}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("corsac.suite.toml:{line}:")), "{name}: {}", run.stderr);
        assert!(server.requests().is_empty(), "{name}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let text = HOLDS.replace("expect = \"readable\"", "expect = \"x\"").replace("DELETE", "TRACE");
    let run = suite(&api(), &text, &[]);
    assert!(run.stderr.contains("has 3 problems"), "{}", run.stderr);
}

#[test]
fn a_suite_has_at_most_1_000_checks() {
    let many = |count: usize| {
        let urls: Vec<String> = (0..count).map(|number| format!("\"{{server}}/{number}\"")).collect();
        format!(
            "[[matrix]]\nname = \"a\"\norigins = [\"http://a.example\"]\nurls = [{}]\nexpect = \"readable\"\n",
            urls.join(", ")
        )
    };
    let run = suite(&api(), &many(1_001), &[]);
    assert_eq!(run.status, 2, "{run:#?}");
    assert!(run.stderr.contains("1001 checks"), "{}", run.stderr);
}

#[test]
fn what_a_case_says_cannot_also_be_an_option() {
    for option in [
        &["https://b.example/"][..],
        &["--origin", "https://a.example"],
        &["-X", "PUT"],
        &["--expect", "blocked"],
        &["--show-secrets"],
    ] {
        let run = suite(&api(), HOLDS, option);
        assert_eq!(run.status, 2, "{option:?}: {run:#?}");
        assert!(run.stderr.contains("cannot be used with"), "{option:?}: {}", run.stderr);
    }
    for (option, words) in [("--retries=6", "0..=5"), ("--jobs=9", "1..=8"), ("--jobs=0", "1..=8")] {
        let run = suite(&api(), HOLDS, &[option]);
        assert_eq!(run.status, 2, "{option}");
        assert!(run.stderr.contains(words), "{option}: {}", run.stderr);
    }
    let run = corsac(["check", "--suite", "no-such-file.toml"]);
    assert_eq!(run.status, 2, "{run:#?}");
    assert!(run.stderr.contains("cannot read `no-such-file.toml`"), "{}", run.stderr);
}
