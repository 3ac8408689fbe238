//! The report in JUnit's XML: each code is a test, so that a CI system shows what became right or wrong.

use corsac_verify::CODES;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Report, curl};
use crate::check::Secrets;
use crate::ci_reports;

pub(super) fn print(report: &Report<'_>) -> Result<String, String> {
    let findings = report.verification.findings();
    let secrets = Secrets::of_exchanges(findings.iter().map(|finding| &finding.completed));
    let mut suite = TestSuite::new(format!("corsac verify {}", secrets.hide(&report.arguments.server.url)));
    for code in CODES {
        let found = findings.iter().find(|finding| finding.code == code.name);
        let fails = found.is_some_and(|finding| finding.class <= report.arguments.fail_on);
        let mut status = if fails {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        } else {
            TestCaseStatus::success()
        };
        if fails {
            status.set_message(code.title);
        }
        let mut case = TestCase::new(code.name, status);
        case.set_classname(format!("corsac.{}", code.class.as_str()));
        if let Some(finding) = found {
            let line = curl::line(&finding.completed.exchange, report.target);
            case.set_system_out(secrets.hide(&format!("{}\n{line}\n{}", finding.case, finding.fix)));
        }
        suite.add_test_case(case);
    }
    if report.unknown() > 0 {
        let mut case = TestCase::new("unknown", TestCaseStatus::skipped());
        case.set_classname("corsac");
        case.set_system_out(format!("{} cases are unknown", report.unknown()));
        suite.add_test_case(case);
    }
    ci_reports::junit("corsac verify", suite)
}
