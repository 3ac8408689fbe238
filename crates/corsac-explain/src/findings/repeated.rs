//! CORS headers that stand on several lines: a sign of two layers that both add them.

use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
};

use super::{Evidence, Finding, FindingSeverity, quoted};

const FIX: &str = "Let one layer own the CORS headers: the application, or the proxy or gateway in front of \
                   it. Take them out of the other.";

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let single = repeated(
        evidence,
        &[ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_MAX_AGE],
    );
    if !single.is_empty() {
        let message = format!(
            "{} on several lines of one response: browsers refuse a second value, even the same one.",
            stand(&single)
        );
        found.push(Finding::new("duplicate-header", FindingSeverity::Problem, message, FIX));
    }
    let lists = repeated(
        evidence,
        &[ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS],
    );
    if !lists.is_empty() {
        let message = format!(
            "{} on several lines of one response. Browsers join them, so it works; often two layers add them.",
            stand(&lists)
        );
        found.push(Finding::new("duplicate-header", FindingSeverity::Info, message, FIX));
    }
}

fn repeated(evidence: &Evidence<'_>, names: &[&'static str]) -> Vec<&'static str> {
    let is_repeated =
        |name: &&str| evidence.answered().any(|(_, response)| response.headers.all(name).count() > 1);
    names.iter().copied().filter(is_repeated).collect()
}

fn stand(names: &[&str]) -> String {
    format!("{} {}", quoted(names), if names.len() == 1 { "stands" } else { "stand" })
}
