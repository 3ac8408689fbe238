//! Mistakes in a policy: each is reported with its code, its place and what to write instead.

mod acknowledged;
mod origins;
mod together;
mod values;

use corsac::server::{Policy, PolicyConfig, Problem, ProblemCode};

use crate::{config, strings};

/// Returns all errors and lints of a policy.
fn problems(config: &PolicyConfig) -> Vec<Problem> {
    match Policy::new(config) {
        Ok(policy) => policy.lints().to_vec(),
        Err(problems) => problems.into_vec(),
    }
}

/// Returns each problem as `code at place -> suggestion`.
fn found(config: &PolicyConfig) -> Vec<String> {
    let line = |problem: &Problem| {
        let suggestion = problem.suggestion.as_ref().map_or(String::new(), |text| format!(" -> {text}"));
        format!("{} at {}{suggestion}", problem.code, problem.place)
    };
    problems(config).iter().map(line).collect()
}

/// A policy with one change.
fn with(change: impl FnOnce(&mut PolicyConfig)) -> PolicyConfig {
    let mut config = config(&["https://app.example"]);
    change(&mut config);
    config
}

#[test]
fn everything_is_reported_at_once_and_in_order() {
    let mut many = config(&["https://a.example/", "https://ok.example", "*"]);
    many.methods = strings(&["put"]);
    many.request_headers = strings(&["Cookie"]);
    many.expose_headers = strings(&["Set-Cookie"]);
    many.max_age = Some("soon".to_owned());
    many.credentials = true;
    many.acknowledge = strings(&["x"]);
    let expected = [
        "origin-path at origins[0] -> https://a.example",
        "credentials-any-origin at origins[2]",
        "origin-any-mixed at origins[2]",
        "method-lower-case at methods[0] -> PUT",
        "request-header-cookie at request-headers[0]",
        "expose-header-forbidden at expose-headers[0]",
        "max-age-invalid at max-age",
        "acknowledge-unknown at acknowledge[0]",
    ];
    assert_eq!(found(&many), expected);
}

#[test]
fn a_policy_without_origins_is_accepted_with_a_lint() {
    assert_eq!(found(&config(&[])), ["origin-none at origins"]);
    assert!(found(&PolicyConfig { null_origin: true, ..config(&[]) }).is_empty());
}

#[test]
fn every_sentence_ends_and_is_escaped() {
    let sources = [
        config(&["https://a.example/", "x\u{1b}[31m", "\u{1}x://*"]),
        with(|c| c.max_age = Some("soon".to_owned())),
        config(&[]),
    ];
    for problem in sources.iter().flat_map(problems) {
        let sentence = problem.to_string();
        assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
        assert!(!sentence.contains('\u{1b}'), "control characters are escaped: {sentence:?}");
    }
}

/// Every code is produced by the tables in this folder, or belongs to policy files.
#[test]
fn every_code_has_a_case() {
    let source = [
        include_str!("mod.rs"),
        include_str!("acknowledged.rs"),
        include_str!("origins.rs"),
        include_str!("together.rs"),
        include_str!("values.rs"),
    ]
    .concat();
    let of_files = [
        ProblemCode::AtInvalid,
        ProblemCode::AtMissing,
        ProblemCode::AtRepeated,
        ProblemCode::PassWithKeys,
        ProblemCode::EnvironmentMissing,
        ProblemCode::FileSyntax,
        ProblemCode::KeyUnknown,
        ProblemCode::KeyMissing,
        ProblemCode::ValueType,
    ];
    let without: Vec<_> = ProblemCode::ALL
        .iter()
        .filter(|code| !of_files.contains(code) && !source.contains(&format!("\"{code} at ")))
        .map(|code| code.as_str())
        .collect();
    assert!(without.is_empty(), "{without:?}");
}
