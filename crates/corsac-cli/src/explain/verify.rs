//! Codes of `corsac verify`: how a server differs from a policy.

use corsac_verify::{CODES, Class, Code, code};
use serde_json::{Value, json};

use super::policy::head;

/// Returns the page of this code, if `verify` has it.
pub(super) fn page(name: &str) -> Option<(String, Value)> {
    let code = code(name)?;
    let kind = format!("finding of `corsac verify`: {}", code.class.as_str());
    let text = head(code.name, &kind, code.title, ("What happened", what(code)), code.fix);
    Some((text, as_json(code)))
}

/// Every code.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    CODES.iter().map(|code| code.name)
}

/// Returns the heading of the list, and the codes with their titles.
pub(super) fn list() -> (&'static str, Vec<(&'static str, &'static str)>) {
    ("Differences that `corsac verify` finds", CODES.iter().map(|code| (code.name, code.title)).collect())
}

/// Returns the list for programs.
pub(super) fn list_json() -> Value {
    let entry = |code: &Code| json!({ "code": code.name, "class": code.class.as_str(), "title": code.title });
    CODES.iter().map(entry).collect()
}

fn what(code: &Code) -> &'static str {
    match code.class {
        Class::Open => "A browser allows what the policy refuses.",
        Class::Closed => "A browser refuses what the policy allows.",
        Class::Fragile => "Browsers decide as the policy says, but this can break.",
    }
}

fn as_json(code: &Code) -> Value {
    json!({
        "code": code.name,
        "kind": "verify",
        "class": code.class.as_str(),
        "title": code.title,
        "what": what(code),
        "fix": code.fix,
    })
}
