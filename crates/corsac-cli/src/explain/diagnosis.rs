//! Codes of a diagnosis: the causes that `corsac check` finds.

use corsac_explain::diagnosis::{DiagnosisEntry, entries, entry};
use serde_json::{Value, json};

use super::policy::head;

/// The page of this code, if a rule of the diagnosis has it.
pub(super) fn page(code: &str) -> Option<(String, Value)> {
    let entry = entry(code)?;
    let kind = if entry.is_cors {
        "cause on the server: its CORS settings"
    } else {
        "cause on the server: not CORS"
    };
    let text = head(entry.code, kind, entry.title, ("What happened", entry.what), entry.fix);
    Some((text, as_json(entry)))
}

/// Every code.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    entries().map(|entry| entry.code)
}

/// The heading of the list, and the codes with their titles.
pub(super) fn list() -> (&'static str, Vec<(&'static str, &'static str)>) {
    ("Causes that `corsac check` finds", entries().map(|entry| (entry.code, entry.title)).collect())
}

/// The same for programs.
pub(super) fn list_json() -> Value {
    entries()
        .map(|entry| json!({ "code": entry.code, "cors": entry.is_cors, "title": entry.title }))
        .collect()
}

fn as_json(entry: &DiagnosisEntry) -> Value {
    json!({
        "code": entry.code,
        "kind": "diagnosis",
        "cors": entry.is_cors,
        "title": entry.title,
        "what": entry.what,
        "fix": entry.fix,
    })
}
