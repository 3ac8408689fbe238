//! Examines a configuration by asking it: the policies that it amounts to, and what is wrong with it, each thing at its line.

mod caching;
mod finding;
mod found;
mod mentions;
mod merge;
mod place;
mod sharing;
#[cfg(test)]
mod tests;
mod values;

use corsac::server::PolicyConfig;

use crate::files::{At, Files};
use crate::note::{NoteKind, Noted};
use crate::server::{Place, Server};
use found::Found;
use mentions::Mentions;

/// The most places that are examined.
const MOST_PLACES: usize = 200;
/// The most parts times entries of origins.
const MOST_QUESTIONS: usize = 20_000;

/// A policy that a part of the configuration amounts to.
#[derive(Clone, Debug)]
pub(crate) struct PlacedConfig {
    pub(crate) name: String,
    /// The path that it is for; none for everything.
    pub(crate) prefix: Option<String>,
    pub(crate) place: Place,
    pub(crate) config: PolicyConfig,
    /// What is to be known about the policy that has no line: whole sentences.
    pub(crate) remarks: Vec<String>,
}

/// What is known about a configuration.
#[derive(Debug)]
pub(crate) struct Examined {
    pub(crate) policies: Vec<PlacedConfig>,
    /// Sorted by place, each once.
    pub(crate) notes: Vec<Noted>,
    /// The entries of origins that it names.
    pub(crate) entries: Vec<String>,
}

/// Examines a configuration. `meant` are the entries that a person names, for where the configuration allows everything.
pub(crate) fn examine(server: &dyn Server, files: &Files<'_>, meant: &[String]) -> Examined {
    let mut notes = server.notes();
    let mentions = Mentions::new(server.mentions());
    notes.extend(mentions.notes());
    let mut places = server.places();
    // Each part is asked about each entry.
    let most =
        MOST_QUESTIONS.checked_div(mentions.entries.len()).unwrap_or(MOST_PLACES).clamp(1, MOST_PLACES);
    if let Some(left_out) = places.get(most) {
        notes.push(Noted::new(
            NoteKind::NotExpressible,
            "line-not-read",
            left_out.at,
            format!(
                "The configuration has more than {most} parts. This one and those after it are not examined."
            ),
        ));
        places.truncate(most);
    }
    let look = |place| {
        let mut found = place::look(server, place, &mentions, meant);
        let irrelevant = server.irrelevant(&found.place);
        found.notes.retain(|note| !irrelevant.contains(&note.code));
        found
    };
    let found: Vec<Found> = places.into_iter().map(look).collect();
    let policies = merge::merge(&found, server.parts_inherit(), &mut notes);
    notes.sort_by_key(|note| (note.at, note.kind, note.code, note.origin.clone()));
    notes.dedup_by(|one, other| {
        one.at == other.at
            && one.code == other.code
            && (one.message == other.message || one.kind != NoteKind::Dead && one.code != "line-not-read")
    });
    notes.retain(|note| note.code != "headers-lost" || !server.closes(note.at));
    if policies.is_empty() && notes.is_empty() {
        notes.push(
            Noted::new(
                NoteKind::NotExpressible,
                "nothing-about-cors",
                At { file: 0, line: 1 },
                format!("`{}` has nothing about CORS.", files.name(0)),
            )
            .instead(
                "If the application answers CORS itself, ask the running server: `corsac policy infer URL`.",
            ),
        );
    }
    Examined { policies, notes, entries: mentions.entries }
}
