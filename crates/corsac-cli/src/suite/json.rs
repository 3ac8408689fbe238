//! The report as one JSON object: schema `corsac.suite/1`.

use serde_json::{Map, Value, json};

use super::Report;
use super::expectation::Found;
use super::plan::Check;

pub(super) fn print(report: &Report<'_>) -> Value {
    let count = report.results.len();
    let failed = report.failed().count();
    let checks: Vec<Value> = report.results.iter().map(|(check, found)| one(check, found)).collect();
    json!({
        "schema": "corsac.suite/1",
        "file": report.path,
        "summary": {
            "checks": count,
            "held": count.saturating_sub(failed),
            "failed": failed,
            "tried_again": report.tried_again().count(),
            "most_tries": report.most_tries,
        },
        "checks": checks,
    })
}

fn one(check: &Check, found: &Found) -> Value {
    let engines: Map<String, Value> =
        found.engines.iter().map(|(engine, verdict)| (engine.as_str().to_owned(), json!(verdict))).collect();
    let differences: Vec<Value> = found
        .differences
        .iter()
        .map(|difference| {
            json!({
                "what": difference.what,
                "expected": difference.expected,
                "found": difference.found,
                "text": difference.sentence(),
            })
        })
        .collect();
    json!({
        "name": check.name,
        "line": check.line,
        "request": {
            "url": check.shown_url(),
            "method": check.method,
            "origin": check.origin.as_str(),
            "preflight_only": check.preflight_only,
        },
        "expected": {
            "verdict": check.expectation.verdict.as_str(),
            "cause": check.expectation.cause,
            "reason": check.expectation.reason,
            "status": check.expectation.status,
            "readable_headers": check.expectation.readable_headers,
        },
        "holds": found.holds(),
        "verdict": found.verdict,
        "cause": found.cause,
        "reason": found.reason,
        "status": found.status,
        "engines": engines,
        "differences": differences,
        "why": found.why,
        "fix": found.fix,
        "tries": found.tries,
    })
}
