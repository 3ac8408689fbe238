//! `corsac explain WORD`.

use crate::command::corsac;
use crate::explain::explained;

fn words() -> Vec<String> {
    let list = corsac(["explain", "--list", "--json"]).json();
    let words = list["words"].as_array().unwrap();
    words.iter().map(|row| row["word"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_word_in_the_list_is_explained_within_80_columns() {
    let list = corsac(["explain", "--list"]).stdout;
    let words = words();
    for asked in ["cors", "origin", "preflight", "credentials", "opaque", "control", "same-site", "vary"] {
        assert!(words.iter().any(|word| word == asked), "{asked}");
    }
    for word in words {
        assert!(list.contains(&format!("\n  {word} ")), "{word}");
        let run = corsac(["explain", &word]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{word}");
        assert!(run.stdout.starts_with(&format!("{word}  glossary\n")), "{}", run.stdout);
        for line in run.stdout.lines() {
            assert!(line.chars().count() <= 80, "{word}: {line}");
        }
    }
}

#[test]
fn a_word_is_found_in_any_case_by_a_plural_or_a_synonym() {
    for (given, word) in [
        ("CORS", "cors"),
        ("preflights", "preflight"),
        ("opaque-response", "opaque"),
        ("Cookies", "credentials"),
    ] {
        let json = explained(given);
        assert_eq!((&json["kind"], &json["word"]), (&"word".into(), &word.into()), "{given}");
        assert!(json["see_also"].as_array().unwrap().len() > 1, "{json:#}");
    }
}

#[test]
fn a_code_is_found_in_any_case_and_before_a_word() {
    let json = explained("Resource-Policy");
    assert_eq!((&json["kind"], &json["code"]), (&"reason".into(), &"resource-policy".into()));
}

#[test]
fn an_unknown_word_is_answered_with_the_nearest() {
    for (given, near) in [
        ("flight", "`preflight`"),
        ("same-origins-policy", "`same-origin-policy`"),
        ("allow-origins-missing", "`allow-origin-missing`"),
    ] {
        let run = corsac(["explain", given]);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{given}");
        assert!(run.stderr.contains(near), "{given}: {}", run.stderr);
    }
    let run = corsac(["explain", "qqqqqq"]);
    assert!(run.status == 1 && !run.stderr.contains("Did you mean"), "{}", run.stderr);
}

#[test]
fn a_problem_that_can_be_accepted_says_how_and_another_does_not() {
    let line = |code: &str| format!("acknowledge = [\"{code}\"]");
    for (code, can_be) in
        [("origin-insecure", true), ("credentials-shared-suffix", true), ("origin-path", false)]
    {
        let text = corsac(["explain", code]).stdout;
        assert_eq!(text.contains(&line(code)), can_be, "{text}");
    }
}
