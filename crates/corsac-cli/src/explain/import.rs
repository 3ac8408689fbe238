//! Codes of `corsac policy import`: what a note at a line of a configuration means. Those that `verify` has as well are there.

use corsac_import::{CODES, NoteCode, NoteKind, code};
use serde_json::{Value, json};

use super::policy::head;

/// Returns the page of this code, if `import` has it.
pub(super) fn page(name: &str) -> Option<(String, Value)> {
    let code = code(name)?;
    let kind = format!("note of `corsac policy import`: {}", code.kind.as_str());
    let text = head(code.name, &kind, code.title, ("What happened", what(code)), code.fix);
    Some((text, as_json(code)))
}

/// Every code that `verify` does not have.
fn own() -> impl Iterator<Item = &'static NoteCode> {
    CODES.iter().filter(|code| corsac_verify::code(code.name).is_none())
}

/// The names of these codes.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    own().map(|code| code.name)
}

/// Returns the heading of the list, and the codes with their titles.
pub(super) fn list() -> (&'static str, Vec<(&'static str, &'static str)>) {
    ("Notes of `corsac policy import`", own().map(|code| (code.name, code.title)).collect())
}

/// Returns the list for programs.
pub(super) fn list_json() -> Value {
    own().map(|code| json!({ "code": code.name, "kind": code.kind.as_str(), "title": code.title })).collect()
}

fn what(code: &NoteCode) -> &'static str {
    match code.kind {
        NoteKind::Unsafe => "The configuration lets strangers in, or lets them do more than was meant.",
        NoteKind::Dead => "The line has no effect, or not the one that was meant.",
        NoteKind::Fragile => "The configuration works, but something else can break it.",
        _ => "A policy cannot say it, so the policy does without.",
    }
}

fn as_json(code: &NoteCode) -> Value {
    json!({
        "code": code.name,
        "kind": "import",
        "class": code.kind.as_str(),
        "title": code.title,
        "what": what(code),
        "fix": code.fix,
    })
}
