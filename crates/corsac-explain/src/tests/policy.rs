//! What is said about the codes of policies, held against the checks themselves.

use corsac::server::{PolicyRefusal, ProblemCode};
use corsac_config::{Format, PolicyFile};

use crate::policy::{problem, problems, refusal};

/// The codes that a policy with these lines has.
fn codes(lines: &str) -> Vec<ProblemCode> {
    let origins =
        if lines.contains("origins = [") { "" } else { "origins = [\"https://app.example.com\"]\n" };
    let start = if lines.starts_with('[') { "" } else { "[policy.app]\n" };
    let origins = if start.is_empty() { "" } else { origins };
    match PolicyFile::parse(&format!("{start}{origins}{lines}\n"), Format::Toml) {
        Ok(file) => file.lints().iter().map(|found| found.problem.code).collect(),
        Err(problems) => problems.iter().map(|found| found.problem.code).collect(),
    }
}

#[test]
fn every_code_has_one_entry_with_something_to_say() {
    let mut wrong = String::new();
    for code in ProblemCode::ALL {
        if problems().filter(|entry| entry.code == *code).count() != 1 {
            wrong += &format!("{code} has not one entry\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    for refused in PolicyRefusal::ALL {
        let entry = refusal(*refused).unwrap();
        assert!([entry.title, entry.why, entry.fix].iter().all(|text| text.len() > 10), "{refused}");
    }
}

#[test]
fn what_is_wrong_has_exactly_this_problem_and_what_is_right_none() {
    let mut wrong = String::new();
    for code in ProblemCode::ALL {
        let Some(entry) = problem(*code) else { continue };
        if codes(entry.wrong) != [*code] {
            wrong += &format!("{code}: the wrong lines have {:?}\n", codes(entry.wrong));
        }
        if !codes(entry.right).is_empty() {
            wrong += &format!("{code}: the right lines have {:?}\n", codes(entry.right));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_said_of_max_age_is_what_the_engines_do() {
    let said = [ProblemCode::MaxAgeOutOfRange, ProblemCode::MaxAgeOverCap]
        .map(|code| problem(code).unwrap().why)
        .concat();
    for (engine, limit) in corsac::server::MAX_AGE_LIMITS {
        let words = match limit.as_secs() {
            86_400 => "a day",
            7_200 => "two hours",
            600 => "ten minutes",
            other => panic!(
                "{engine} keeps an answer for {other} s: say so in the entries of `max-age` and in docs/policy.md"
            ),
        };
        assert!(said.contains(&format!("{engine} {words}")), "{engine} {words}: {said}");
    }
}

const DOCUMENTATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/policy.md");

/// The table of codes in the documentation is made of the entries.
fn table() -> String {
    let mut table = "| code | | what is wrong | what to do |\n|---|---|---|---|\n".to_owned();
    for entry in problems() {
        let severity = entry.code.severity().as_str();
        table += &format!("| `{}` | {severity} | {} | {} |\n", entry.code, entry.title, entry.fix);
    }
    table
}

#[test]
fn the_documentation_has_every_code() {
    let page = std::fs::read_to_string(DOCUMENTATION).unwrap();
    assert!(page.ends_with(&table()), "docs/policy.md has to end with this table:\n{}", table());
}

#[test]
fn every_policy_in_the_documentation_is_right_and_every_key_is_in_it() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let page = std::fs::read_to_string(DOCUMENTATION).unwrap() + &std::fs::read_to_string(readme).unwrap();
    let (mut format, mut text, mut count) = (None, String::new(), 0);
    for line in page.lines() {
        match (line, format) {
            ("```toml", None) => format = Some(Format::Toml),
            ("```json", None) => format = Some(Format::Json),
            ("```", Some(written)) => {
                count += 1;
                match PolicyFile::parse(&text, written) {
                    Ok(file) => assert!(file.lints().is_empty(), "{text}\n{}", file.lints().lines()),
                    Err(problems) => panic!("{text}\n{}", problems.lines()),
                }
                (format, text) = (None, String::new());
            }
            (line, Some(_)) => text += &format!("{line}\n"),
            _ => {}
        }
    }
    assert!(count >= 8, "{count}");
    for key in corsac::server::PolicyConfig::KEYS.into_iter().chain(["at", "cors", "origins-from-env"]) {
        assert!(page.contains(&format!("\n### `{key}`\n")), "{key}");
    }
}
