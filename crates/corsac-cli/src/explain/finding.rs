//! Codes of findings: what `corsac check` finds besides the cause of a failure.

use corsac_explain::findings::{FindingEntry, entries, entry};
use serde_json::{Value, json};

use super::policy::head;

/// The page of this code, if it is a finding's.
pub(super) fn page(code: &str) -> Option<(String, Value)> {
    let entry = entry(code)?;
    let kind = "finding of `corsac check`";
    Some((head(entry.code, kind, entry.title, ("What happened", entry.what), entry.fix), as_json(entry)))
}

/// Every code.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    entries().map(|entry| entry.code)
}

/// The heading of the list, and the codes with their titles.
pub(super) fn list() -> (&'static str, Vec<(&'static str, &'static str)>) {
    ("What `corsac check` finds besides", entries().map(|entry| (entry.code, entry.title)).collect())
}

/// The same for programs.
pub(super) fn list_json() -> Value {
    entries().map(|entry| json!({ "code": entry.code, "title": entry.title })).collect()
}

fn as_json(entry: &FindingEntry) -> Value {
    json!({
        "code": entry.code,
        "kind": "finding",
        "title": entry.title,
        "what": entry.what,
        "fix": entry.fix,
    })
}
