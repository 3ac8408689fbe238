//! From the parts of a configuration to the policies of one file.

use std::collections::HashSet;

use corsac::server::{PathPrefix, PolicyConfig};

use super::PlacedConfig;
use super::found::Found;
use crate::files::At;
use crate::note::{NoteKind, Noted};

/// The policies of all parts. A part that does the same as the one around it has none of its own.
pub(super) fn merge(found: &[Found], parts_inherit: bool, notes: &mut Vec<Noted>) -> Vec<PlacedConfig> {
    let mut policies: Vec<PlacedConfig> = Vec::new();
    // What the reader says itself, it knows better.
    let said: HashSet<(At, &str)> = notes.iter().map(|note| (note.at, note.code)).collect();
    for one in found {
        notes.extend(one.notes.iter().filter(|note| !said.contains(&(note.at, note.code))).cloned());
        let around =
            found.iter().filter(|other| is_inside(one, other)).max_by_key(|other| prefix(other).len());
        let Some(config) = &one.config else {
            let open = around.and_then(|around| around.config.as_ref());
            if open.is_some_and(|config| !config.origins.is_empty() || config.null_origin) {
                if parts_inherit {
                    notes.push(lost(one));
                }
                // Whether or not that was meant, this part lets nobody read.
                match closed(one, &policies) {
                    Some(policy) => policies.push(policy),
                    None => notes.extend(closed_beside_paths(one)),
                }
            }
            continue;
        };
        if around.and_then(|around| around.config.as_ref()) == Some(config) {
            continue;
        }
        let prefix = one.place.prefix.clone().filter(|prefix| PathPrefix::parse(prefix).is_ok());
        let is_known = |known: &PlacedConfig| {
            known.config == *config && known.prefix == prefix && known.place.host == one.place.host
        };
        if policies.iter().any(is_known) {
            continue;
        }
        let name = unused(&one.place.name, &policies);
        policies.push(PlacedConfig {
            name,
            prefix,
            place: one.place.clone(),
            config: config.clone(),
            remarks: one.remarks.clone(),
        });
    }
    one_for_each_path(&mut policies);
    policies.extend(everything_else(&policies));
    policies
}

/// The policy of a part that sends no CORS headers, inside of one that does.
fn closed(one: &Found, policies: &[PlacedConfig]) -> Option<PlacedConfig> {
    let prefix = one.place.prefix.clone().filter(|prefix| PathPrefix::parse(prefix).is_ok())?;
    // More may be closed than has to be, and not less.
    if one.place.is_more_than_prefix.is_some() && !one.place.path.eq(&prefix) {
        return None;
    }
    let name = &one.place.name;
    let has_path = letters(name).ends_with(&letters(&prefix));
    let name = if has_path { name.clone() } else { format!("{name}{prefix}") };
    Some(PlacedConfig {
        name: unused(&name, policies),
        prefix: Some(prefix),
        place: one.place.clone(),
        config: PolicyConfig::default(),
        remarks: Vec::new(),
    })
}

/// A part without CORS headers that no path of a policy can be for.
fn closed_beside_paths(one: &Found) -> Option<Noted> {
    let why = one.place.is_more_than_prefix.as_ref()?;
    let message =
        format!("{why} No CORS header is sent there, and the policy of the part around it allows more.");
    Some(
        Noted::new(NoteKind::NotExpressible, "place-not-a-path", one.place.at, message)
            .instead("Use a policy without origins there, by its name."),
    )
}

/// A file has one policy for a path: that of a part which is simply the path, if there is one. Those of other hosts and parts have to be used by their
/// names.
fn one_for_each_path(policies: &mut [PlacedConfig]) {
    let mut seen = HashSet::new();
    let (simple, others): (Vec<_>, Vec<_>) =
        policies.iter_mut().partition(|policy| policy.place.is_more_than_prefix.is_none());
    for policy in simple.into_iter().chain(others) {
        let Some(prefix) = policy.prefix.clone() else { continue };
        if !seen.insert(prefix.clone()) {
            policy.prefix = None;
            policy
                .remarks
                .push(format!("It is for {prefix}, for which there is another policy: use it by its name."));
        }
    }
}

/// A single policy without a path applies to everything. If it is for a part that no path describes, everything else needs one as well.
fn everything_else(policies: &[PlacedConfig]) -> Option<PlacedConfig> {
    let mut without_path =
        policies.iter().filter(|policy| policy.prefix.as_deref().is_none_or(|prefix| prefix == "/"));
    let (Some(only), None) = (without_path.next(), without_path.next()) else { return None };
    only.place.is_more_than_prefix.as_ref()?;
    Some(PlacedConfig {
        name: unused("everything-else", policies),
        prefix: None,
        place: only.place.clone(),
        config: PolicyConfig::default(),
        remarks: vec![format!(
            "Nobody may read outside of the part that `{}` is for. Of two policies without `at` neither applies by itself: use them by their names.",
            only.name
        )],
    })
}

/// Returns `true` if the first part is inside of the second one.
fn is_inside(one: &Found, other: &Found) -> bool {
    // Nothing is known to be inside of what is not simply a path with all below it.
    if other.place.is_more_than_prefix.is_some() {
        return false;
    }
    let same_host = one.place.host == other.place.host;
    let below = match PathPrefix::parse(prefix(other)) {
        Ok(parsed) => parsed.covers(prefix(one)),
        Err(_) => prefix(other) == "/",
    };
    let is_smaller = prefix(one) != prefix(other) || one.place.is_more_than_prefix.is_some();
    same_host && below && is_smaller
}

fn prefix(found: &Found) -> &str {
    found.place.prefix.as_deref().unwrap_or("/")
}

fn lost(one: &Found) -> Noted {
    Noted::new(
        NoteKind::Dead,
        "headers-lost",
        one.place.at,
        format!("`{}` has none of the CORS headers that the part around it has.", one.place.path),
    )
    .instead("Repeat them here.")
}

/// The name, with a number if there is a policy with it already.
fn unused(name: &str, policies: &[PlacedConfig]) -> String {
    let mut letters = letters(name);
    if letters.is_empty() {
        "app".clone_into(&mut letters);
    }
    let is_used = |name: &str| policies.iter().any(|policy| policy.name == name);
    if !is_used(&letters) {
        return letters;
    }
    (2..).map(|number: usize| format!("{letters}-{number}")).find(|name| !is_used(name)).unwrap_or(letters)
}

/// The letters of a name that a policy's name may have.
fn letters(name: &str) -> String {
    let is_kept = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let letters: String = name.chars().map(|letter| if is_kept(letter) { letter } else { '-' }).collect();
    letters.trim_matches('-').to_owned()
}
