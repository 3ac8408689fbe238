//! `corsac policy lint`: reports errors and risky settings in policy files.

use corsac_config::{FileProblem, FileProblems, ReadError};
use serde_json::{Value, json};

use super::draw::draw;
use super::file;
use crate::arguments::{FileArguments, LintArguments};
use crate::terminal::{self, BAD, CAREFUL, FAINT, GOOD, printable, styled};
use crate::{AS_EXPECTED, BLOCKED};

/// Returns the exit status, and what to print.
pub(crate) fn run(arguments: &LintArguments) -> Result<(u8, String), String> {
    let (mut status, mut page) = (AS_EXPECTED, String::new());
    let mut all = Vec::new();
    for path in &arguments.files {
        let read = file::read(&FileArguments { file: path.clone(), format: arguments.format });
        let (problems, policies) = match &read {
            Ok(file) => (file.lints(), file.policies().count()),
            Err(ReadError::Problems(problems)) => (problems, 0),
            Err(ReadError::Io { path, error }) => return Err(file::unreadable(path, error)),
        };
        let (errors, lints) = problems.count();
        if errors > 0 || (arguments.deny_lints && lints > 0) {
            status = BLOCKED;
        }
        if arguments.json {
            all.push(problems.clone());
        } else {
            page.push_str(&as_text(problems, policies));
        }
    }
    if arguments.json {
        page = terminal::json(&as_json(&all));
    }
    Ok((status, page))
}

/// Returns the report of some files.
pub(crate) fn as_json(files: &[FileProblems]) -> Value {
    let names: Vec<&str> = files.iter().map(FileProblems::name).collect();
    let of_file = |file: &'_ FileProblems| -> Vec<Value> {
        file.iter().map(|problem| problem_as_json(file.name(), problem)).collect()
    };
    let problems: Vec<Value> = files.iter().flat_map(of_file).collect();
    json!({ "schema": "corsac.lint/1", "files": names, "problems": problems })
}

/// The most problems in an answer to another program.
const MOST_PROBLEMS: usize = 100;

/// Returns the report of one file, with its first problems and the number of the others.
pub(crate) fn first_as_json(problems: FileProblems) -> Value {
    let mut answer = as_json(&[problems]);
    if let Some(Value::Array(problems)) = answer.get_mut("problems") {
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        problems.truncate(MOST_PROBLEMS);
        if let Value::Object(answer) = &mut answer {
            answer.insert("more_problems".into(), json!(more));
        }
    }
    answer
}

/// Returns the report of one file as text.
fn as_text(problems: &FileProblems, policies: usize) -> String {
    let (errors, lints) = problems.count();
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
        page.push_str(&styled(FAINT, "  Run `corsac explain CODE` for details.\n"));
    }
    page
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn problem_as_json(file: &str, found: &FileProblem) -> Value {
    let problem = &found.problem;
    json!({
        "file": file,
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
