//! `corsac policy diff`: what becomes allowed or refused between two policy files, with a request that shows it.

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

/// What became of one policy.
pub(super) struct Compared {
    pub(super) name: String,
    pub(super) fate: Fate,
}

/// Where a policy is.
pub(super) enum Fate {
    /// In both files.
    Kept(Vec<Change>),
    /// In the new file only: what it allows beyond a policy that allows nobody.
    Added(Vec<Change>),
    /// In the old file only: what it allowed.
    Removed(Vec<Change>),
    /// Not a policy but a path, about which another entry of the file decides than before.
    Moved { was: String, is: String, changes: Vec<Change> },
}

/// The exit status, and what to print.
pub(crate) fn run(arguments: &DiffArguments) -> Result<(u8, String), String> {
    let old = file::read_right(&arguments.of_old())?;
    let new = file::read_right(&arguments.of_new())?;
    let compared = compare_files(&old, &new, arguments.policy.as_deref())?;
    let unplaced = [&old, &new].map(|file| file.placement().unplaced);
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

/// Policies of the same name; or the only two that there are, whatever they are called.
fn compare_files(old: &PolicyFile, new: &PolicyFile, name: Option<&str>) -> Result<Vec<Compared>, String> {
    let kept = |old: &NamedPolicy, new: &NamedPolicy| {
        let mut changes = compare(&old.policy, &new.policy);
        changes.extend(changes::place(old.at.as_ref(), new.at.as_ref()));
        Compared { name: new.name.clone(), fate: Fate::Kept(changes) }
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
                fate: Fate::Removed(compare(&policy.policy, &nobody()?)),
            },
        });
    }
    for policy in new.policies().filter(|policy| wanted(&policy.name) && old.policy(&policy.name).is_err()) {
        let fate = Fate::Added(compare(&nobody()?, &policy.policy));
        compared.push(Compared { name: policy.name.clone(), fate });
    }
    if name.is_none() {
        compared.extend(moved(old, new, true)?);
    }
    match name {
        Some(name) if compared.is_empty() => Err(format!("neither file has a policy `{}`", printable(name))),
        _ => Ok(compared),
    }
}

/// The paths about which another entry decides than before, and what that changes. `by_name` is `false` for files of one policy each,
/// which is the same whatever it is called.
fn moved(old: &PolicyFile, new: &PolicyFile, by_name: bool) -> Result<Vec<Compared>, String> {
    let (before, after) = (old.placement(), new.placement());
    let mut paths: Vec<&str> =
        before.parts.iter().chain(after.parts.iter()).map(|(path, _)| path.as_str()).collect();
    // Where no file says what belongs where, policies are compared by name alone.
    if !before.has_parts() && !after.has_parts() {
        return Ok(Vec::new());
    }
    paths.push("/");
    paths.sort_unstable();
    paths.dedup();
    let nobody = nobody()?;
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
                    placed.and_then(Placed::policy).cloned().unwrap_or_else(|| nobody.clone())
                };
                compare(&policy(was), &policy(is))
            }
        };
        if !changes.is_empty() {
            let fate = Fate::Moved { was: name(was), is: name(is), changes };
            all.push(Compared { name: path.to_owned(), fate });
        }
    }
    Ok(all)
}

/// A policy that allows nobody, beside which a new one shows what it opens.
fn nobody() -> Result<Policy, String> {
    Policy::new(&PolicyConfig::default()).map_err(|problems| problems.to_string())
}

impl Compared {
    /// Has it a change of this effect? A policy that is new allows what nothing allowed before.
    pub(super) fn has(&self, effect: Effect) -> bool {
        match &self.fate {
            Fate::Added(_) if effect == Effect::Widened => true,
            Fate::Removed(_) if effect == Effect::Narrowed => true,
            Fate::Added(_) | Fate::Removed(_) => false,
            Fate::Kept(changes) | Fate::Moved { changes, .. } => {
                changes.iter().any(|change| change.effect == effect)
            }
        }
    }
}

fn as_json(compared: &[Compared], [old, new]: &[Vec<String>; 2]) -> Value {
    let policies: Vec<Value> = compared
        .iter()
        .map(|policy| {
            let (fate, changes) = match &policy.fate {
                Fate::Moved { was, is, changes } => {
                    let changes: Vec<Value> = changes.iter().map(change_as_json).collect();
                    return json!({ "path": policy.name, "fate": "moved", "old": was, "new": is, "changes": changes });
                }
                Fate::Kept(changes) => ("kept", changes),
                Fate::Added(changes) => ("added", changes),
                Fate::Removed(changes) => ("removed", changes),
            };
            let changes: Vec<Value> = changes.iter().map(change_as_json).collect();
            json!({ "policy": policy.name, "fate": fate, "changes": changes })
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
