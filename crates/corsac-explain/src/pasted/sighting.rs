//! Finds messages in a text.

use std::sync::LazyLock;

use regex::Regex;

use super::clean::Clean;
use super::message::{Message, Role};
use super::{chromium, clients, edge, firefox, network, not_cors, panel, pattern, servers, webkit};

/// A message at its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    pub(super) message: &'static Message,
    pub(super) start: usize,
    pub(super) end: usize,
    /// As in the original text.
    pub(super) values: Vec<(&'static str, String)>,
}

/// Every message. Of two that are found at the same place, the one that says more counts, and then the earlier one in this order.
const TABLES: &[&[Message]] = &[
    panel::MESSAGES,
    chromium::MESSAGES,
    firefox::MESSAGES,
    webkit::MESSAGES,
    edge::MESSAGES,
    clients::MESSAGES,
    servers::MESSAGES,
    not_cors::MESSAGES,
    network::MESSAGES,
];

/// Returns every message.
pub(super) fn messages() -> impl Iterator<Item = &'static Message> {
    TABLES.iter().copied().flatten()
}

static COMPILED: LazyLock<Vec<(&'static Message, Regex)>> = LazyLock::new(|| {
    messages().filter_map(|message| Some((message, pattern::compiled(message.words)?))).collect()
});

/// Returns the messages in the text, in its order.
pub(super) fn sightings(clean: &Clean) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    for (message, words) in COMPILED.iter() {
        for captures in words.captures_iter(&clean.text) {
            let Some(whole) = captures.get(0) else { continue };
            let shown = whole.as_str();
            // White space at the ends is not part of the message.
            let start = whole.start().saturating_add(shown.len().saturating_sub(shown.trim_start().len()));
            let end = whole.start().saturating_add(shown.trim_end().len());
            let values = pattern::values(&captures).into_iter();
            let values =
                values.map(|(name, (start, end))| (name, clean.original_or_redacted(start, end))).collect();
            found.push(Sighting { message, start, end, values });
        }
    }
    found.sort_by_key(|sighting| (sighting.start, std::cmp::Reverse(sighting.end)));
    without_parts(found)
}

/// Leaves out what lies within a longer sighting of the same kind, such as `Failed to fetch` in `TypeError: Failed to fetch`.
fn without_parts(found: Vec<Sighting>) -> Vec<Sighting> {
    let mut kept: Vec<Sighting> = Vec::new();
    for sighting in found {
        let is_frame = |other: &Sighting| other.message.role == Role::Frame;
        let hides = |other: &Sighting| {
            let is_within = other.start <= sighting.start && sighting.end <= other.end;
            // A longer message may begin in the frame that the shorter one is.
            let overlaps = other.start <= sighting.start && sighting.start < other.end && !is_frame(other);
            // Two halves of one message are put together, if the second has a value.
            let is_half = sighting.message.codes.first() == other.message.codes.first()
                && sighting
                    .values
                    .iter()
                    .any(|(name, _)| other.values.iter().all(|(known, _)| known != name));
            is_frame(other) == is_frame(&sighting) && (is_within || overlaps) && !is_half
                || is_within && is_frame(other) != is_frame(&sighting) && sighting.values.is_empty()
        };
        // Longer ones come first at the same place, so only the last few can hide it.
        if !kept.iter().rev().take(8).any(hides) {
            kept.push(sighting);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_every_message_are_an_expression() {
        for message in messages() {
            assert!(pattern::compiled(message.words).is_some(), "{}", message.words);
        }
    }

    #[test]
    fn every_code_has_an_entry() {
        for code in messages().flat_map(|message| message.codes) {
            let is_known = code.parse::<corsac::browser::ReasonCode>().is_ok()
                || crate::diagnosis::entry(code).is_some()
                || crate::look_alikes::entry(code).is_some()
                || corsac::server::PolicyRefusal::ALL.iter().any(|refusal| refusal.as_str() == *code)
                || corsac::server::ProblemCode::ALL.iter().any(|problem| problem.as_str() == *code);
            assert!(is_known, "{code}");
        }
    }
}
