//! The report in SARIF 2.1.0, for code scanning. The location of a finding is the policy file, since the server has none.

use corsac_verify::{CODES, Class};
use serde_json::{Value, json};

use super::{Report, curl};
use crate::check::Secrets;
use crate::ci_reports;

pub(super) fn print(report: &Report<'_>) -> Result<String, String> {
    let findings = report.verification.findings();
    let level = |class| if class == Class::Fragile { "warning" } else { "error" };
    let rules: Vec<Value> = CODES
        .iter()
        .map(|code| {
            json!({
                "id": code.name,
                "shortDescription": { "text": code.title },
                "help": { "text": code.fix },
                "defaultConfiguration": { "level": level(code.class) },
            })
        })
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let line = curl::line(&finding.completed.exchange, report.target);
            let text = format!("{}: {}. {}\n{line}", finding.title, finding.case, finding.fix);
            json!({
                "ruleId": finding.code,
                "level": level(finding.class),
                "message": { "text": text },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": report.arguments.policy.to_string_lossy() },
                        "region": { "startLine": 1 },
                    },
                }],
            })
        })
        .collect();
    let mut log = ci_reports::sarif(&rules, &results);
    Secrets::of_exchanges(findings.iter().map(|finding| &finding.completed)).hide_in(&mut log);
    ci_reports::sarif_text(log)
}
