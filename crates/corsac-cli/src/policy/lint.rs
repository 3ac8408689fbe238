//! `corsac policy lint`: everything that is wrong or unwise in a policy file.

use corsac_config::{FileProblem, FileProblems, ReadError};
use serde_json::{Value, json};

use super::draw::draw;
use super::file;
use crate::arguments::LintArguments;
use crate::terminal::{BAD, CAREFUL, FAINT, GOOD, printable, styled};
use crate::{AS_EXPECTED, BLOCKED};

/// The exit status, and what to print.
pub(crate) fn run(arguments: &LintArguments) -> Result<(u8, String), String> {
    let read = file::read(&arguments.file);
    let (problems, policies) = match &read {
        Ok(file) => (file.lints(), file.policies().count()),
        Err(ReadError::Problems(problems)) => (problems, 0),
        Err(ReadError::Io { path, error }) => return Err(file::unreadable(path, error)),
    };
    let (errors, lints) = problems.count();
    let is_bad = errors > 0 || (arguments.deny_lints && lints > 0);
    let status = if is_bad { BLOCKED } else { AS_EXPECTED };
    if arguments.json {
        return Ok((status, format!("{:#}\n", as_json(problems))));
    }
    let (mark, style) = match (errors, lints) {
        (0, 0) => ("✓", GOOD),
        (0, _) => ("!", CAREFUL),
        _ => ("✗", BAD),
    };
    let counts = match (errors, lints) {
        (0, 0) => format!("{} no problems", counted(policies, "policy", "policies") + ","),
        (0, lints) => counted(lints, "lint", "lints"),
        (errors, 0) => counted(errors, "error", "errors"),
        (errors, lints) => {
            format!("{}, {}", counted(errors, "error", "errors"), counted(lints, "lint", "lints"))
        }
    };
    let mut page = draw(problems);
    page.push_str(&format!("{} {}: {counts}\n", styled(style, mark), printable(problems.name())));
    if !problems.is_empty() {
        page.push_str(&styled(FAINT, "  corsac explain CODE says more about one.\n"));
    }
    Ok((status, page))
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn as_json(problems: &FileProblems) -> Value {
    let problems: Vec<Value> = problems.iter().map(problem_as_json).collect();
    json!({ "schema": "corsac.lint/1", "problems": problems })
}

fn problem_as_json(found: &FileProblem) -> Value {
    let problem = &found.problem;
    json!({
        "severity": problem.code.severity().as_str(),
        "code": problem.code.as_str(),
        "policy": found.policy,
        "message": problem.message,
        "value": problem.value,
        "suggestion": problem.suggestion,
        "line": found.line,
        "column": found.column,
    })
}
