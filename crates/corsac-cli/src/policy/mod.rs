//! `corsac policy`: works on policy files, offline.

pub(crate) mod compile;
pub(crate) mod diff;
pub(crate) mod draw;
pub(crate) mod excerpt;
pub(crate) mod file;
mod import;
mod infer;
pub(crate) mod lint;
mod source;
mod why;

use corsac::server::Policy;
use corsac_config::FileProblems;

use crate::arguments::{PolicyArguments, PolicyCommand};

/// Returns the errors of a file as text, without colours.
pub(crate) fn draw_plainly(problems: &FileProblems) -> String {
    let drawn = format!("{}\n\n{}", problems.summary(), draw::draw_errors(problems).trim_end());
    anstream::adapter::strip_str(&drawn).to_string()
}

/// Runs the subcommand. Returns its exit status and what to print.
pub(crate) fn run(arguments: &PolicyArguments) -> Result<(u8, String), String> {
    match &arguments.command {
        PolicyCommand::Lint(arguments) => lint::run(arguments),
        PolicyCommand::Compile(arguments) => compile::run(arguments),
        PolicyCommand::Diff(arguments) => diff::run(arguments),
        PolicyCommand::Import(arguments) => import::run(arguments),
        PolicyCommand::Infer(arguments) => infer::run(arguments),
        PolicyCommand::Schema => Ok((crate::AS_EXPECTED, corsac_config::schema())),
        PolicyCommand::Why(arguments) => why::run(arguments),
    }
}

/// What is wrong with an entry of `origins`; `None` if a policy can have it.
fn wrong_entry(entry: &str) -> Option<String> {
    let problems = Policy::builder([entry]).build().err()?;
    problems.iter().find(|problem| problem.is_error()).map(|problem| problem.message.clone())
}
