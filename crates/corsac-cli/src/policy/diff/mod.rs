//! `corsac policy diff`: what becomes allowed or refused between two policy files, with a request that shows it.

mod changes;
mod examples;
mod text;

use corsac::server::Policy;
use corsac_config::PolicyFile;
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
    /// In the new file only.
    Added,
    /// In the old file only.
    Removed,
}

/// The exit status, and what to print.
pub(crate) fn run(arguments: &DiffArguments) -> Result<(u8, String), String> {
    let old = file::read_right(&arguments.of_old())?;
    let new = file::read_right(&arguments.of_new())?;
    let compared = compare_files(&old, &new, arguments.policy.as_deref())?;
    let counts = |effect| compared.iter().any(|policy| policy.has(effect));
    let fails = match arguments.fail_on {
        FailOn::Any => counts(Effect::Widened) || counts(Effect::Narrowed),
        FailOn::Widened => counts(Effect::Widened),
    };
    let page = if arguments.json { terminal::json(&as_json(&compared)) } else { text::print(&compared) };
    Ok((if fails { BLOCKED } else { AS_EXPECTED }, page))
}

/// Policies of the same name; or the only two that there are, whatever they are called.
fn compare_files(old: &PolicyFile, new: &PolicyFile, name: Option<&str>) -> Result<Vec<Compared>, String> {
    let kept = |name: &str, old: &Policy, new: &Policy| Compared {
        name: name.to_owned(),
        fate: Fate::Kept(compare(old, new)),
    };
    if let ([before], [after], None) = (old.policies().as_slice(), new.policies().as_slice(), name) {
        return Ok(vec![kept(&after.name, &before.policy, &after.policy)]);
    }
    let wanted = |other: &str| name.is_none_or(|name| name == other);
    let mut compared = Vec::new();
    for policy in old.policies().filter(|policy| wanted(&policy.name)) {
        compared.push(match new.policy(&policy.name) {
            Ok(after) => kept(&policy.name, &policy.policy, &after),
            Err(_) => Compared { name: policy.name.clone(), fate: Fate::Removed },
        });
    }
    for policy in new.policies().filter(|policy| wanted(&policy.name) && old.policy(&policy.name).is_err()) {
        compared.push(Compared { name: policy.name.clone(), fate: Fate::Added });
    }
    match name {
        Some(name) if compared.is_empty() => Err(format!("neither file has a policy `{}`", printable(name))),
        _ => Ok(compared),
    }
}

impl Compared {
    /// Has it a change of this effect? A policy that is new allows what nothing allowed before.
    pub(super) fn has(&self, effect: Effect) -> bool {
        match &self.fate {
            Fate::Added => effect == Effect::Widened,
            Fate::Removed => effect == Effect::Narrowed,
            Fate::Kept(changes) => changes.iter().any(|change| change.effect == effect),
        }
    }
}

fn as_json(compared: &[Compared]) -> Value {
    let policies: Vec<Value> = compared
        .iter()
        .map(|policy| {
            let (fate, changes) = match &policy.fate {
                Fate::Kept(changes) => ("kept", changes.iter().map(change_as_json).collect()),
                Fate::Added => ("added", Vec::new()),
                Fate::Removed => ("removed", Vec::new()),
            };
            json!({ "policy": policy.name, "fate": fate, "changes": changes })
        })
        .collect();
    let has = |effect| compared.iter().any(|policy| policy.has(effect));
    json!({
        "schema": "corsac.diff/1",
        "widened": has(Effect::Widened),
        "narrowed": has(Effect::Narrowed),
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
