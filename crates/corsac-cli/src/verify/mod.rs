//! `corsac verify`: whether a real server behaves as a policy says.

mod curl;
pub(crate) mod drive;
mod json;
mod junit;
mod sarif;
pub(crate) mod target;
mod text;

use corsac_verify::{Class, Suite, Verification};

use crate::arguments::{FileArguments, VerifyArguments};
use crate::{AS_EXPECTED, BLOCKED, FAILED, policy, terminal};
use target::Target;

/// What all reports are made from.
struct Report<'r> {
    arguments: &'r VerifyArguments,
    target: &'r Target,
    policy_name: &'r str,
    suite: &'r Suite,
    verification: &'r Verification<'r>,
    /// How many requests were sent.
    sent: usize,
    /// Why not every case was run, if not.
    stopped: Option<String>,
}

/// Runs the command: the exit status, or a message about its arguments.
pub(crate) fn run(arguments: &VerifyArguments) -> Result<u8, String> {
    let file = FileArguments { file: arguments.policy.clone(), format: arguments.format };
    let file = policy::file::read_right(&file)?;
    let target = Target::new(&arguments.server)?;
    let (name, policy) =
        policy::file::choose(&file, "--name", arguments.name.as_deref(), target.asked.path())?;
    let driven = crate::runtime()?.block_on(drive::drive(arguments, &target, &policy))?;
    let report = Report {
        arguments,
        target: &target,
        policy_name: &name,
        suite: &driven.suite,
        verification: &driven.verification,
        sent: driven.sent,
        stopped: driven.stopped,
    };
    if let Some(path) = &arguments.junit {
        terminal::write_file(path, &junit::print(&report)?)?;
    }
    if let Some(path) = &arguments.sarif {
        terminal::write_file(path, &sarif::print(&report)?)?;
    }
    let page = if arguments.json { terminal::json(&json::print(&report)) } else { text::print(&report) };
    terminal::print(&page)?;
    Ok(report.status())
}

impl Report<'_> {
    /// How many cases say nothing about the policy, those that were not run included.
    fn unknown(&self) -> usize {
        let run = self.verification.ok().saturating_add(self.verification.different());
        self.suite.cases.len().saturating_sub(run)
    }

    /// Returns `true` if the cases show too little: many are unknown, or already the first one, a request that the policy allows.
    fn shows_too_little(&self) -> bool {
        let first = self.suite.cases.first();
        let is_first = |(case, _): &(String, String)| first.is_some_and(|first| first.description == *case);
        self.unknown().saturating_mul(10) > self.suite.cases.len()
            || self.verification.unknown().iter().any(is_first)
    }

    fn count(&self, class: Class) -> usize {
        self.verification.findings().iter().filter(|finding| finding.class == class).count()
    }

    fn status(&self) -> u8 {
        let fails =
            self.verification.findings().iter().any(|finding| finding.class <= self.arguments.fail_on);
        match (fails, self.shows_too_little()) {
            (true, _) => BLOCKED,
            (false, true) => FAILED,
            (false, false) => AS_EXPECTED,
        }
    }
}
