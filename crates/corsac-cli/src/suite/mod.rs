//! `corsac check --suite`: whether everything holds that a file says, for CI.
//!
//! A suite is a table of checks: each is one question of `corsac check` with the answer that it must have.

mod expectation;
mod file;
mod github;
mod json;
mod junit;
mod openapi;
mod openapi_document;
mod plan;
mod problems;
mod record;
mod run;
mod sarif;
mod text;
mod values;
mod write;

use std::path::Path;

use crate::arguments::CheckArguments;
use crate::terminal;
use crate::{AS_EXPECTED, BLOCKED, FAILED};
use expectation::Found;
pub(crate) use openapi::run as skeleton;
use plan::Check;
pub(crate) use record::Record;

/// What all reports are made from.
struct Report<'r> {
    /// The name of the suite's file, as it was given.
    path: &'r str,
    /// How often a check may be tried.
    most_tries: u8,
    /// The checks in the order of the file, each with what was found.
    results: Vec<(&'r Check, Found)>,
}

/// Runs the suite, and prints and writes the reports. Returns the exit status.
pub(crate) fn run(path: &Path, arguments: &CheckArguments) -> Result<u8, String> {
    let text = file::read(path)?;
    let name = path.to_string_lossy();
    let checks = plan::plan(&name, &text, arguments)?;
    let options = &arguments.suite;
    let most_tries = options.retries.saturating_add(1);
    let found = crate::runtime()?.block_on(run::run(&checks, options.jobs, most_tries));
    let report =
        Report { path: &name, most_tries, results: checks.iter().map(AsRef::as_ref).zip(found).collect() };
    if let Some(path) = &options.junit {
        terminal::write_file(path, &junit::print(&report)?)?;
    }
    if let Some(path) = &options.sarif {
        terminal::write_file(path, &sarif::print(&report)?)?;
    }
    terminal::print(&match (arguments.json, options.github) {
        (true, _) => terminal::json(&json::print(&report)),
        (_, true) => github::print(&report),
        _ => text::print(&report),
    })?;
    Ok(report.status())
}

impl Report<'_> {
    /// Returns the checks that do not hold.
    fn failed(&self) -> impl Iterator<Item = &(&Check, Found)> {
        self.results.iter().filter(|(_, found)| !found.holds())
    }

    /// Returns the checks that were tried more than once.
    fn tried_again(&self) -> impl Iterator<Item = &(&Check, Found)> {
        self.results.iter().filter(|(_, found)| found.tries > 1)
    }

    fn status(&self) -> u8 {
        if self.failed().next().is_none() {
            AS_EXPECTED
        } else if self.failed().all(|(_, found)| found.is_unexpected_failure()) {
            FAILED
        } else {
            BLOCKED
        }
    }

    /// Returns the last line of a report: how many checks hold, and how many were tried again.
    fn summary(&self) -> String {
        let count = self.results.len();
        let noun = if count == 1 { "check holds" } else { "checks hold" };
        let held = count.saturating_sub(self.failed().count());
        let mut text = format!("{held} of {count} {noun}.");
        let (again, held) =
            (self.tried_again().count(), self.tried_again().filter(|(_, found)| found.holds()).count());
        if again > 0 {
            let was = if again == 1 { "was" } else { "were" };
            text.push_str(&format!(
                " After failures of the network, {again} {was} tried again, and {held} then held."
            ));
        }
        text
    }
}
