//! CORS headers on several lines: a sign that two layers both add them.

use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
};

use super::{Evidence, Finding, FindingSeverity, quoted};

const FIX: &str = "Set the CORS headers in one layer only, either the application or the proxy or gateway in front \
                   of it, and remove them from the other.";

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let single = repeated(
        evidence,
        &[ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_MAX_AGE],
    );
    if !single.is_empty() {
        let message = format!(
            "{} on several lines of one response. Browsers refuse a second value, even if it is the same.",
            subject(&single)
        );
        found.push(Finding::new("duplicate-header", FindingSeverity::Problem, message, FIX));
    }
    let lists = repeated(
        evidence,
        &[ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS],
    );
    if !lists.is_empty() {
        let message = format!(
            "{} on several lines of one response. Browsers join them, so it works, but often two layers add them.",
            subject(&lists)
        );
        found.push(Finding::new("duplicate-header", FindingSeverity::Info, message, FIX));
    }
}

fn repeated(evidence: &Evidence<'_>, names: &[&'static str]) -> Vec<&'static str> {
    let is_repeated =
        |name: &&str| evidence.answered().any(|(_, response)| response.headers.all(name).count() > 1);
    names.iter().copied().filter(is_repeated).collect()
}

fn subject(names: &[&str]) -> String {
    format!("{} {}", quoted(names), if names.len() == 1 { "is" } else { "are" })
}
