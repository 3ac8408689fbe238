//! `corsac policy diff`: compares what two policy files allow, with an example request for each difference.

mod changes;
mod examples;
mod text;

use corsac::server::{Policy, PolicyConfig};
use corsac_config::{NamedPolicy, Placed, PolicyFile};
use serde_json::{Value, json};

use super::file;
use crate::arguments::{DiffArguments, FailOn};
use crate::terminal::{self, printable};
use crate::{AS_EXPECTED, BLOCKED};
use changes::{Change, Effect, compare};

/// A policy, or a path, and how it differs.
pub(super) struct Compared {
    pub(super) name: String,
    pub(super) difference: Difference,
}

/// How a policy differs between the two files.
pub(super) enum Difference {
    /// In both files.
    Kept(Vec<Change>),
    /// In the new file only. The changes are everything that it allows.
    Added(Vec<Change>),
    /// In the old file only. The changes are everything that it allowed.
    Removed(Vec<Change>),
    /// A path that belongs to another entry of the file than before.
    Moved { was: String, is: String, changes: Vec<Change> },
}

/// Returns the exit status, and what to print.
pub(crate) fn run(arguments: &DiffArguments) -> Result<(u8, String), String> {
    let old = file::read_right(&arguments.of_old())?;
    let new = file::read_right(&arguments.of_new())?;
    let compared = compare_files(&old, &new, arguments.policy.as_deref())?;
    let unplaced = unplaced(&old, &new);
    let counts = |effect| compared.iter().any(|policy| policy.has(effect));
    let fails = match arguments.fail_on {
        FailOn::Any => counts(Effect::Widened) || counts(Effect::Narrowed),
        FailOn::Widened => counts(Effect::Widened),
    };
    let page = if arguments.json {
        terminal::json(&as_json(&compared, &unplaced))
    } else {
        text::print(&compared, &unplaced)
    };
    Ok((if fails { BLOCKED } else { AS_EXPECTED }, page))
}

/// Returns the comparison as JSON.
pub(crate) fn compared_as_json(
    old: &PolicyFile,
    new: &PolicyFile,
    name: Option<&str>,
) -> Result<Value, String> {
    Ok(as_json(&compare_files(old, new, name)?, &unplaced(old, new)))
}

fn unplaced(old: &PolicyFile, new: &PolicyFile) -> [Vec<String>; 2] {
    [old, new].map(|file| file.placement().unplaced().to_vec())
}

/// Compares the policies of the same name. If each file has only one policy, their names do not matter.
fn compare_files(old: &PolicyFile, new: &PolicyFile, name: Option<&str>) -> Result<Vec<Compared>, String> {
    let kept = |old: &NamedPolicy, new: &NamedPolicy| {
        let mut changes = compare(&old.policy, &new.policy);
        changes.extend(changes::placement_change(old.at.as_ref(), new.at.as_ref()));
        Compared { name: new.name.clone(), difference: Difference::Kept(changes) }
    };
    if let ([before], [after], None) = (old.policies().as_slice(), new.policies().as_slice(), name) {
        let mut compared = vec![kept(before, after)];
        compared.extend(moved(old, new, before.name == after.name)?);
        return Ok(compared);
    }
    let wanted = |other: &str| name.is_none_or(|name| name == other);
    let mut compared = Vec::new();
    for policy in old.policies().filter(|policy| wanted(&policy.name)) {
        compared.push(match new.policies().find(|other| other.name == policy.name) {
            Some(after) => kept(policy, after),
            None => Compared {
                name: policy.name.clone(),
                difference: Difference::Removed(compare(&policy.policy, &without_origins()?)),
            },
        });
    }
    for policy in new.policies().filter(|policy| wanted(&policy.name) && old.policy(&policy.name).is_err()) {
        let difference = Difference::Added(compare(&without_origins()?, &policy.policy));
        compared.push(Compared { name: policy.name.clone(), difference });
    }
    if name.is_none() {
        compared.extend(moved(old, new, true)?);
    }
    match name {
        Some(name) if compared.is_empty() => Err(format!("neither file has a policy `{}`", printable(name))),
        _ => Ok(compared),
    }
}

/// Returns the paths that belong to another entry than before, and what that changes. `by_name` is `false` for files of one policy each, whose
/// names do not matter.
fn moved(old: &PolicyFile, new: &PolicyFile, by_name: bool) -> Result<Vec<Compared>, String> {
    let (before, after) = (old.placement(), new.placement());
    let mut paths: Vec<&str> = before.parts().chain(after.parts()).map(|(path, _)| path.as_str()).collect();
    // If no policy has an `at`, only the policies themselves are compared.
    if !before.has_parts() && !after.has_parts() {
        return Ok(Vec::new());
    }
    paths.push("/");
    paths.sort_unstable();
    paths.dedup();
    let without_origins = without_origins()?;
    let name = |placed: Option<&Placed>| placed.map_or("no policy", Placed::name).to_owned();
    let mut all = Vec::new();
    for path in paths {
        let (was, is) = (before.get(path), after.get(path));
        let passes = |placed: Option<&Placed>| placed.is_some_and(|placed| placed.policy().is_none());
        let changes = match (passes(was), passes(is)) {
            (true, true) => continue,
            (false, true) => vec![changes::passes(&name(was), Effect::Widened)],
            (true, false) => vec![changes::passes("pass", Effect::Other)],
            (false, false) if name(was) == name(is) || (was.is_some() && is.is_some() && !by_name) => {
                continue;
            }
            (false, false) => {
                let policy = |placed: Option<&Placed>| {
                    placed.and_then(Placed::policy).cloned().unwrap_or_else(|| without_origins.clone())
                };
                compare(&policy(was), &policy(is))
            }
        };
        if !changes.is_empty() {
            let difference = Difference::Moved { was: name(was), is: name(is), changes };
            all.push(Compared { name: path.to_owned(), difference });
        }
    }
    Ok(all)
}

/// Returns a policy without origins. The difference from it is everything that another policy allows.
fn without_origins() -> Result<Policy, String> {
    Policy::new(&PolicyConfig::default()).map_err(|problems| problems.to_string())
}

impl Compared {
    /// Returns `true` if there is a change with this effect. A new policy always widens, and a removed one narrows.
    pub(super) fn has(&self, effect: Effect) -> bool {
        match &self.difference {
            Difference::Added(_) if effect == Effect::Widened => true,
            Difference::Removed(_) if effect == Effect::Narrowed => true,
            Difference::Added(_) | Difference::Removed(_) => false,
            Difference::Kept(changes) | Difference::Moved { changes, .. } => {
                changes.iter().any(|change| change.effect == effect)
            }
        }
    }
}

fn as_json(compared: &[Compared], [old, new]: &[Vec<String>; 2]) -> Value {
    let policies: Vec<Value> = compared
        .iter()
        .map(|policy| {
            let (difference, changes) = match &policy.difference {
                Difference::Moved { was, is, changes } => {
                    let changes: Vec<Value> = changes.iter().map(change_as_json).collect();
                    return json!({ "path": policy.name, "fate": "moved", "old": was, "new": is, "changes": changes });
                }
                Difference::Kept(changes) => ("kept", changes),
                Difference::Added(changes) => ("added", changes),
                Difference::Removed(changes) => ("removed", changes),
            };
            let changes: Vec<Value> = changes.iter().map(change_as_json).collect();
            json!({ "policy": policy.name, "fate": difference, "changes": changes })
        })
        .collect();
    let has = |effect| compared.iter().any(|policy| policy.has(effect));
    json!({
        "schema": "corsac.diff/1",
        "widened": has(Effect::Widened),
        "narrowed": has(Effect::Narrowed),
        "unplaced": { "old": old, "new": new },
        "policies": policies,
    })
}

fn change_as_json(change: &Change) -> Value {
    let example = change.example.as_ref().map(|example| {
        json!({
            "origin": example.origin,
            "method": example.method,
            "headers": example.header.iter().collect::<Vec<_>>(),
            "credentials": if example.credentials { "include" } else { "same-origin" },
        })
    });
    json!({
        "kind": change.kind.as_str(),
        "value": change.value,
        "effect": change.effect.as_str(),
        "old": change.old,
        "new": change.new,
        "example": example,
    })
}
