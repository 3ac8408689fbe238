//! Codes of causes: those that `corsac check` finds, and what people take for CORS in a console or a log.

use corsac_explain::diagnosis::{self, DiagnosisEntry};
use corsac_explain::look_alikes;
use serde_json::{Value, json};

use super::policy::head;

/// A set of codes.
pub(super) struct Set {
    /// The kind of its entries in JSON.
    kind: &'static str,
    /// Its heading in the list.
    heading: &'static str,
    /// What a page says below the code, if it is about CORS, and if it is not.
    below: [&'static str; 2],
    entries: fn() -> Vec<&'static DiagnosisEntry>,
}

/// The causes that `corsac check` finds.
pub(super) const CAUSES: Set = Set {
    kind: "diagnosis",
    heading: "Causes that `corsac check` finds",
    below: ["cause on the server: its CORS settings", "cause on the server: not CORS"],
    entries: || diagnosis::entries().collect(),
};

/// What is no cause that `corsac check` can find.
pub(super) const LOOK_ALIKES: Set = Set {
    kind: "look-alike",
    heading: "What looks like CORS in a console or a log",
    below: ["an earlier form of CORS", "looks like CORS, and is not"],
    entries: || look_alikes::entries().collect(),
};

impl Set {
    /// The page of this code, if the set has it.
    pub(super) fn page(&self, code: &str) -> Option<(String, Value)> {
        let entry = (self.entries)().into_iter().find(|entry| entry.code == code)?;
        let [cors, other] = self.below;
        let below = if entry.is_cors { cors } else { other };
        let text = head(entry.code, below, entry.title, ("What happened", entry.what), entry.fix);
        let object = json!({
            "code": entry.code,
            "kind": self.kind,
            "cors": entry.is_cors,
            "title": entry.title,
            "what": entry.what,
            "fix": entry.fix,
        });
        Some((text, object))
    }

    /// Every code.
    pub(super) fn codes(&self) -> impl Iterator<Item = &'static str> + use<> {
        (self.entries)().into_iter().map(|entry| entry.code)
    }

    /// The heading of the list, and the codes with their titles.
    pub(super) fn list(&self) -> (&'static str, Vec<(&'static str, &'static str)>) {
        (self.heading, (self.entries)().iter().map(|entry| (entry.code, entry.title)).collect())
    }

    /// The same for programs.
    pub(super) fn list_json(&self) -> Value {
        let row = |entry: &&DiagnosisEntry| json!({ "code": entry.code, "cors": entry.is_cors, "title": entry.title });
        (self.entries)().iter().map(row).collect()
    }
}
