//! The report in SARIF 2.1.0, for code scanning. The location of a finding is the policy file, since the server has none.

use corsac_verify::{CODES, Class};
use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;

use super::{Report, curl};
use crate::check::Secrets;

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
    let mut log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "corsac", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": results,
        }],
    });
    Secrets::of_exchanges(findings.iter().map(|finding| &finding.completed)).hide_in(&mut log);
    // Read back as the format's own types: what does not fit them is not written.
    let log: Result<Sarif, _> = serde_json::from_value(log);
    log.and_then(|log| serde_json::to_string_pretty(&log))
        .map_err(|error| format!("cannot write the SARIF report: {error}"))
}
