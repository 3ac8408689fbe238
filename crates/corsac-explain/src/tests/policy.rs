//! What is said about the codes of policies, held against the checks themselves.

use corsac::server::{ProblemCode, Refusal};
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
    for refused in Refusal::ALL {
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
