//! The report in SARIF 2.1.0, for code scanning: a result for each check that does not hold, at its line of the suite.

use serde_json::{Value, json};
use url::Url;

use super::Report;
use crate::ci_reports;

const RULE: &str = "suite-check-does-not-hold";

pub(super) fn print(report: &Report<'_>) -> Result<String, String> {
    let rules = [json!({
        "id": RULE,
        "shortDescription": { "text": "A server does not answer pages as the suite says" },
        "help": { "text": "Change the server, or what the suite expects. `corsac check` with the same URL and origin prints the full report." },
        "defaultConfiguration": { "level": "error" },
    })];
    let uri = uri(report.path);
    let results: Vec<Value> = report
        .failed()
        .map(|(check, found)| {
            let text = format!("{}: {} {} {}", check.name, found.sentence(), found.why, found.fix);
            json!({
                "ruleId": RULE,
                "level": "error",
                "message": { "text": text.trim_end() },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri },
                        "region": { "startLine": check.line },
                    },
                }],
            })
        })
        .collect();
    ci_reports::sarif_text(ci_reports::sarif(&rules, &results))
}

/// Returns the path as a URI reference: relative if the path is, and each part with `%` escapes.
fn uri(path: &str) -> String {
    let escaped = |part: &str| {
        let mut url = Url::parse("file:///")?;
        url.path_segments_mut().map_err(|()| url::ParseError::EmptyHost)?.push(part);
        Ok::<String, url::ParseError>(url.path().trim_start_matches('/').to_owned())
    };
    let parts = path.replace('\\', "/");
    let parts = parts.split('/').map(|part| match part {
        "" | "." | ".." => part.to_owned(),
        part => escaped(part).unwrap_or_default(),
    });
    let path = parts.collect::<Vec<_>>().join("/");
    if path.starts_with('/') { format!("file://{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri_reference() {
        let table = [
            ("corsac.suite.toml", "corsac.suite.toml"),
            ("../ci/a b.toml", "../ci/a%20b.toml"),
            ("a%2e?b#c.toml", "a%252e%3Fb%23c.toml"),
            ("/tmp/a.toml", "file:///tmp/a.toml"),
        ];
        for (path, expected) in table {
            assert_eq!(uri(path), expected, "{path}");
        }
    }
}
