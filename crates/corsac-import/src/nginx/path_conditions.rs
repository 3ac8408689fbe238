//! Conditions on the path of a request that decide about headers of CORS: those of `if` blocks, and of maps.

use std::collections::HashSet;

use super::build::says_cors;
use super::model::{Condition, Configuration, Key, Step};
use super::value::Value;
use crate::files::At;

/// A condition on the path.
pub(super) struct PathCondition<'c> {
    pub(super) tells: Tells<'c>,
    /// The block that it stands in; none for a map, which is for all.
    pub(super) level: Option<usize>,
    pub(super) at: At,
}

/// The paths that it tells from others.
pub(super) enum Tells<'c> {
    Path(&'c str),
    Expression { text: &'c str, ignores_case: bool },
}

/// The conditions on paths of a configuration.
pub(super) fn of(configuration: &Configuration) -> Vec<PathCondition<'_>> {
    let deciding = deciding(configuration);
    let mut conditions = Vec::new();
    for (index, level) in configuration.levels.iter().enumerate() {
        of_steps(configuration, &deciding, &level.steps, index, &mut conditions);
    }
    let mut maps: Vec<_> = configuration.maps.iter().filter(|(name, _)| deciding.contains(*name)).collect();
    maps.sort_by_key(|(name, _)| *name);
    for (_, map) in maps {
        if !map.source.only_variable().is_some_and(is_path) {
            continue;
        }
        for entry in &map.entries {
            let tells = match &entry.key {
                Key::Text(text) => Tells::Path(text),
                Key::Expression { text, ignores_case } => {
                    Tells::Expression { text, ignores_case: *ignores_case }
                }
                Key::Default | Key::Hosts(_) => continue,
            };
            conditions.push(PathCondition { tells, level: None, at: entry.at });
        }
    }
    conditions
}

fn of_steps<'c>(
    configuration: &Configuration,
    deciding: &HashSet<String>,
    steps: &'c [Step],
    level: usize,
    conditions: &mut Vec<PathCondition<'c>>,
) {
    for step in steps {
        let Step::If { condition, steps, at, .. } = step else { continue };
        if decides(configuration, deciding, step) {
            let tells = match condition {
                Condition::Is { left, right, .. } if left.only_variable().is_some_and(is_path) => {
                    right.literal().map(Tells::Path)
                }
                Condition::Matches { left, expression, .. } if left.only_variable().is_some_and(is_path) => {
                    Some(Tells::Expression { text: &expression.text, ignores_case: expression.ignores_case })
                }
                _ => None,
            };
            conditions.extend(tells.map(|tells| PathCondition { tells, level: Some(level), at: *at }));
        }
        of_steps(configuration, deciding, steps, level, conditions);
    }
}

/// Returns `true` for an `if` that has headers of CORS, or sets a variable that decides about them.
fn decides(configuration: &Configuration, deciding: &HashSet<String>, step: &Step) -> bool {
    match step {
        Step::If { level, steps, .. } => {
            level.is_some_and(|level| configuration.levels.get(level).is_some_and(says_cors))
                || steps.iter().any(|step| decides(configuration, deciding, step))
        }
        Step::Set { name, .. } => deciding.contains(name),
        Step::Return { .. } | Step::Rewrite { .. } | Step::Break => false,
    }
}

/// The variables that decide about headers of CORS.
fn deciding(configuration: &Configuration) -> HashSet<String> {
    let mut deciding = HashSet::new();
    for level in &configuration.levels {
        let added = level.add_headers.iter().map(|header| (&header.name, &header.value));
        let more = level.more_headers.iter().flat_map(|more| &more.headers);
        for (name, value) in added.chain(more.map(|header| (&header.name, &header.value))) {
            if crate::headers::is_of_cors(name) {
                deciding.extend(value.variables().map(str::to_owned));
            }
        }
    }
    // As long as there are more: one variable can decide about the next.
    for _ in 0..10 {
        let before = deciding.len();
        for level in &configuration.levels {
            add_of_steps(configuration, &level.steps, &mut deciding);
        }
        let maps = configuration.maps.iter().filter(|(name, _)| deciding.contains(*name));
        let of_maps: Vec<String> = maps
            .flat_map(|(_, map)| {
                let values = map.entries.iter().map(|entry| &entry.value);
                values.chain([&map.source]).flat_map(Value::variables).map(str::to_owned)
            })
            .collect();
        deciding.extend(of_maps);
        if deciding.len() == before {
            break;
        }
    }
    deciding
}

fn add_of_steps(configuration: &Configuration, steps: &[Step], deciding: &mut HashSet<String>) {
    for step in steps {
        match step {
            Step::Set { name, value, .. } if deciding.contains(name) => {
                deciding.extend(value.variables().map(str::to_owned));
            }
            Step::If { condition, steps, .. } => {
                if decides(configuration, deciding, step) {
                    deciding.extend(variables(condition).into_iter().map(str::to_owned));
                }
                add_of_steps(configuration, steps, deciding);
            }
            Step::Set { .. } | Step::Return { .. } | Step::Rewrite { .. } | Step::Break => {}
        }
    }
}

/// The variables that a condition is about.
pub(super) fn variables(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::IsSet(value) => value.variables().collect(),
        Condition::Is { left, right, .. } => left.variables().chain(right.variables()).collect(),
        Condition::Matches { left, .. } => left.variables().collect(),
        Condition::File { .. } | Condition::Never => Vec::new(),
    }
}

fn is_path(variable: &str) -> bool {
    matches!(variable, "uri" | "document_uri" | "request_uri")
}
