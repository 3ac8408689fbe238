//! The report in JUnit's XML: each check is a test.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use super::text::tries;
use crate::ci_reports;
use crate::terminal::printable;

pub(super) fn print(report: &Report<'_>) -> Result<String, String> {
    let mut suite = TestSuite::new(format!("corsac check --suite {}", printable(report.path)));
    for (check, found) in &report.results {
        let mut status = TestCaseStatus::success();
        if !found.holds() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(found.sentence());
            status.set_description(format!(
                "{}:{}\n{} {} from {}\n{}\n{}",
                printable(report.path),
                check.line,
                check.method,
                check.shown_url(),
                check.origin,
                found.why,
                found.fix
            ));
        }
        let mut case = TestCase::new(check.name.as_str(), status);
        case.set_classname("corsac.suite");
        if let Some(tries) = tries(report, found) {
            case.set_system_out(tries);
        }
        suite.add_test_case(case);
    }
    ci_reports::junit("corsac check", suite)
}
