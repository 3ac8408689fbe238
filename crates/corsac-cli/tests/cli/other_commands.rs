//! `explain`, `completions` and `man`.

use crate::command::corsac;
use crate::explain::explained;

#[test]
fn each_shell_gets_completions() {
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef corsac"), ("fish", "complete -c corsac")]
    {
        let run = corsac(["completions", shell]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{shell}");
        for word in [
            sign,
            "check",
            "--origin",
            "credentials",
            "webkit",
            "policy",
            "lint",
            "--deny-lints",
            "--fail-on",
            "schema",
        ] {
            // fish writes long options without their dashes
            let word = if shell == "fish" { word.trim_start_matches('-') } else { word };
            assert!(run.stdout.contains(word), "{shell}: no {word:?}");
        }
    }
    assert_eq!(corsac(["completions", "tcsh"]).status, 2);
}

#[test]
fn each_command_has_a_man_page() {
    for (arguments, words) in [
        (&["man"][..], &[".TH corsac 1", ".SH EXAMPLES", "check", "demo", "explain"][..]),
        (
            &["man", "check"],
            &[".TH corsac", "corsac check", "\\-\\-origin", "\\-\\-credentials", ".SH \"EXIT STATUS\""],
        ),
        (&["man", "demo"], &[".TH corsac", "\\-\\-serve", ".SH EXAMPLES"]),
        (&["man", "policy"], &[".TH corsac", "corsac policy", "lint", "why", "diff", "schema"]),
        (&["man", "verify"], &[".TH corsac", "corsac verify", ".SH EXAMPLES", ".SH \"EXIT STATUS\""]),
        (&["man", "policy", "diff"], &[".TH corsac", "\\-\\-fail\\-on", ".SH \"EXIT STATUS\""]),
        (&["man", "policy", "why"], &[".TH corsac", "\\-\\-origin", "\\-\\-url", ".SH \"EXIT STATUS\""]),
        (
            &["man", "policy", "lint"],
            &[".TH corsac", "corsac policy lint", "\\-\\-deny\\-lints", ".SH \"EXIT STATUS\""],
        ),
    ] {
        let run = corsac(arguments);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{arguments:?}");
        for word in words {
            assert!(run.stdout.contains(word), "{arguments:?}: no {word:?} in\n{}", run.stdout);
        }
        assert!(!run.stdout.contains("EXTRA"), "{arguments:?}:\n{}", run.stdout);
    }
    for unknown in [&["man", "chekc"][..], &["man", "policy", "lnit"]] {
        let run = corsac(unknown);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(unknown[unknown.len() - 1]), "{run:#?}");
    }
}

#[test]
fn every_code_in_the_list_is_explained() {
    let list = corsac(["explain", "--list", "--json"]).json();
    let codes = list["codes"].as_array().unwrap();
    assert!(codes.len() > 38 && list["diagnoses"].as_array().unwrap().len() >= 9);
    let text = corsac(["explain", "--list"]).stdout;
    for code in [
        "allow-origin-missing",
        "dns-failed",
        "error-status-without-cors",
        "challenge-page",
        "login-redirect",
    ] {
        assert!(text.contains(code), "{code}");
        let run = corsac(["explain", code]);
        assert!(run.status == 0 && run.stdout.contains(code), "{run:#?}");
        assert_eq!(explained(code)["code"], code);
    }
}

#[test]
fn every_code_of_a_policy_is_explained() {
    let list = corsac(["explain", "--list", "--json"]).json();
    let text = corsac(["explain", "--list"]).stdout;
    for (set, least) in [("problems", 60), ("refusals", 9)] {
        let rows = list[set].as_array().unwrap();
        assert!(rows.len() >= least, "{set}");
        for row in rows {
            assert!(row["title"].as_str().unwrap().len() > 10, "{row}");
            assert!(text.contains(row["code"].as_str().unwrap()), "{row}");
        }
    }
    let run = corsac(["explain", "origin-path"]);
    for part in [
        "error in a policy file",
        "Instead of",
        r#"origins = ["https://app.example.com/"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ] {
        assert!(run.stdout.contains(part), "no {part:?} in\n{}", run.stdout);
    }
}

/// `method-not-allowed` is what a browser says and what a policy says.
#[test]
fn a_code_with_two_meanings_is_explained_in_both() {
    let text = corsac(["explain", "method-not-allowed"]).stdout;
    assert!(text.contains("refused by a policy"), "{text}");
    let json = corsac(["explain", "method-not-allowed", "--json"]).json();
    let kinds = [&json["entries"][0]["kind"], &json["entries"][1]["kind"]];
    assert_eq!(kinds, ["reason", "refusal"], "{json:#}");
}

#[test]
fn an_unknown_code_is_not_recognized() {
    let run = corsac(["explain", "origin-missing"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("allow-origin-missing"), "the nearest one is named: {run:#?}");
    assert_eq!(corsac(["explain"]).status, 2);
}

/// `corsac explain --list | head -1`: no message, no panic.
#[test]
fn a_closed_pipe_is_not_an_error() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::Stdio;
    let mut command = crate::command::binary();
    command.args(["explain", "--list"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    child.wait().unwrap();
    assert_eq!(stderr, "");
}

#[test]
fn every_verb_of_policy_has_help_with_examples() {
    for verb in ["lint", "why", "diff", "schema"] {
        let run = corsac(["policy", verb, "--help"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{verb}");
        for word in ["Examples:", &format!("corsac policy {verb}")] {
            assert!(run.stdout.contains(word), "{verb}: no {word:?} in\n{}", run.stdout);
        }
    }
}
