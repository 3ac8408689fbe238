//! From the parts of a configuration to the policies of one file.

use corsac::server::{PathPrefix, PolicyConfig};

use super::PlacedConfig;
use super::found::Found;
use crate::note::{NoteKind, Noted};

/// The policies of all parts. A part that does the same as the one around it has none of its own.
pub(super) fn merge(found: &[Found], parts_inherit: bool, notes: &mut Vec<Noted>) -> Vec<PlacedConfig> {
    let mut policies: Vec<PlacedConfig> = Vec::new();
    for one in found {
        notes.extend(one.notes.iter().cloned());
        let around =
            found.iter().filter(|other| is_inside(one, other)).max_by_key(|other| prefix(other).len());
        let Some(config) = &one.config else {
            let around = around.filter(|around| around.config.is_some());
            if around.is_some() && parts_inherit {
                notes.push(lost(one));
            }
            // Nothing is inherited, so this part is meant to be closed.
            let prefix = one.place.prefix.clone().filter(|prefix| PathPrefix::parse(prefix).is_ok());
            if let (Some(_), false, Some(prefix), None) =
                (around, parts_inherit, prefix, &one.place.is_more_than_prefix)
            {
                policies.push(PlacedConfig {
                    name: unused(&format!("{}{prefix}", one.place.name), &policies),
                    prefix: Some(prefix),
                    place: one.place.clone(),
                    config: PolicyConfig::default(),
                    remarks: Vec::new(),
                });
            }
            continue;
        };
        if around.and_then(|around| around.config.as_ref()) == Some(config) {
            continue;
        }
        let prefix =
            one.place.prefix.clone().filter(|prefix| {
                PathPrefix::parse(prefix).is_ok() && one.place.is_more_than_prefix.is_none()
            });
        let known = policies.iter_mut().find(|known| {
            known.config == *config && known.prefix == prefix && known.place.host == one.place.host
        });
        if known.is_some() {
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
    policies
}

/// A file has one policy for a path. Those of other hosts have to be used by their names.
fn one_for_each_path(policies: &mut [PlacedConfig]) {
    let mut seen = std::collections::HashSet::new();
    for policy in policies {
        let Some(prefix) = policy.prefix.clone() else { continue };
        if !seen.insert(prefix.clone()) {
            policy.prefix = None;
            policy
                .remarks
                .push(format!("It is for {prefix}, for which there is a policy above: use it by its name."));
        }
    }
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
    let mut letters: String = name
        .chars()
        .map(
            |letter| {
                if letter.is_ascii_alphanumeric() || letter == '-' || letter == '_' { letter } else { '-' }
            },
        )
        .collect();
    letters = letters.trim_matches('-').to_owned();
    if letters.is_empty() {
        letters = "app".to_owned();
    }
    let is_used = |name: &str| policies.iter().any(|policy| policy.name == name);
    if !is_used(&letters) {
        return letters;
    }
    (2..).map(|number: usize| format!("{letters}-{number}")).find(|name| !is_used(name)).unwrap_or(letters)
}
