//! What the reports for CI systems share: JUnit's XML, and SARIF 2.1.0 for code scanning.

use quick_junit::{Report as Junit, TestSuite};
use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;

/// Returns a JUnit report with this suite.
pub(crate) fn junit(name: &str, suite: TestSuite) -> Result<String, String> {
    let mut junit = Junit::new(name);
    junit.add_test_suite(suite);
    junit.to_string().map_err(|error| format!("cannot write the JUnit report: {error}"))
}

/// Returns a log with these rules and results.
pub(crate) fn sarif(rules: &[Value], results: &[Value]) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "corsac", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": results,
        }],
    })
}

/// Returns the text of a log. It is read back as the format's own types: what does not fit them is not written.
pub(crate) fn sarif_text(log: Value) -> Result<String, String> {
    let log: Result<Sarif, _> = serde_json::from_value(log);
    log.and_then(|log| serde_json::to_string_pretty(&log))
        .map_err(|error| format!("cannot write the SARIF report: {error}"))
}
