//! Codes of what people take for CORS in a console or a log.

use corsac_explain::diagnosis::DiagnosisEntry;
use corsac_explain::look_alikes::{entries, entry};
use serde_json::{Value, json};

use super::policy::head;

/// The page of this code, if it is a look-alike's.
pub(super) fn page(code: &str) -> Option<(String, Value)> {
    let entry = entry(code)?;
    let kind = if entry.is_cors { "an earlier form of CORS" } else { "looks like CORS, and is not" };
    let text = head(entry.code, kind, entry.title, ("What happened", entry.what), entry.fix);
    Some((text, as_json(entry)))
}

/// Every code.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    entries().map(|entry| entry.code)
}

/// The heading of the list, and the codes with their titles.
pub(super) fn list() -> (&'static str, Vec<(&'static str, &'static str)>) {
    ("What looks like CORS in a console or a log", entries().map(|entry| (entry.code, entry.title)).collect())
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
        "kind": "look-alike",
        "cors": entry.is_cors,
        "title": entry.title,
        "what": entry.what,
        "fix": entry.fix,
    })
}
