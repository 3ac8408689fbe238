//! The report as one JSON object: schema `corsac.verify/1`.

use corsac_verify::{Class, Finding};
use serde_json::{Value, json};

use super::{Report, curl};
use crate::check::Secrets;
use crate::check::json::headers;
use crate::curl::at_server;

pub(super) fn print(report: &Report<'_>) -> Value {
    let findings = report.verification.findings();
    let unknown: Vec<Value> =
        report.verification.unknown().iter().map(|(case, why)| json!({ "case": case, "why": why })).collect();
    let mut object = json!({
        "schema": "corsac.verify/1",
        "url": report.arguments.server.url,
        "policy": report.policy_name,
        "summary": {
            "sent": report.sent,
            "ok": report.verification.ok(),
            "unknown": report.unknown(),
            "cases": report.suite.cases.len(),
            "left_out": report.suite.left_out,
            "entries_left_out": report.suite.entries_left_out,
            "seed": report.arguments.seed,
            "not_tested": report.suite.not_tested,
            "stopped": report.stopped,
        },
        "findings": findings.iter().map(|finding| one(finding, report)).collect::<Vec<_>>(),
        "unknown": unknown,
    });
    Secrets::of_exchanges(findings.iter().map(|finding| &finding.completed)).hide_in(&mut object);
    object
}

fn one(finding: &Finding, report: &Report<'_>) -> Value {
    let exchange = &finding.completed.exchange;
    let response = finding
        .completed
        .response()
        .map(|response| json!({ "status": response.status, "headers": headers(&response.headers) }));
    json!({
        "class": finding.class.as_str(),
        "code": finding.code,
        "severity": severity(finding.class),
        "title": finding.title,
        "engines": finding.engines.iter().map(|engine| engine.as_str()).collect::<Vec<_>>(),
        "case": finding.case,
        "cases": finding.cases,
        "request": {
            "method": exchange.method,
            "url": at_server(&report.target.given, &exchange.url).as_str(),
            "headers": headers(&exchange.headers),
        },
        "response": response,
        "expected": finding.expected,
        "curl": curl::line(exchange, report.target),
        "fix": finding.fix,
    })
}

/// As the severities of other findings are named.
fn severity(class: Class) -> &'static str {
    match class {
        Class::Open | Class::Closed => "problem",
        Class::Fragile => "warning",
    }
}
