//! `corsac policy`: works on policy files, offline.

mod compile;
mod diff;
mod draw;
mod excerpt;
pub(crate) mod file;
mod lint;
mod why;

use crate::arguments::{PolicyArguments, PolicyCommand};

/// Runs the subcommand. Returns its exit status and what to print.
pub(crate) fn run(arguments: &PolicyArguments) -> Result<(u8, String), String> {
    match &arguments.command {
        PolicyCommand::Lint(arguments) => lint::run(arguments),
        PolicyCommand::Compile(arguments) => compile::run(arguments),
        PolicyCommand::Diff(arguments) => diff::run(arguments),
        PolicyCommand::Schema => Ok((crate::AS_EXPECTED, corsac_config::schema())),
        PolicyCommand::Why(arguments) => why::run(arguments),
    }
}
