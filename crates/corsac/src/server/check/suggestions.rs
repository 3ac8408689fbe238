//! Checks suggestions: each one is put in its place, and the policy is checked again.

use std::collections::HashMap;

use super::super::config::PolicyConfig;
use super::super::problem::{Place, Problem, ProblemCode};
use super::{check_values, values};

/// Lists up to this length are checked as a whole for each suggestion. In a longer list, only the entry itself is.
const LONGEST_LIST: usize = 64;

/// How often a suggestion that has a problem itself is corrected: `ws:a.example` becomes `ws://a.example`, then http, then https.
const MOST_CORRECTIONS: usize = 4;

/// Corrects the suggestions that would cause a problem which the policy does not have yet, and removes those that cannot be corrected. The
/// message then says what that problem is.
pub(super) fn correct(config: &PolicyConfig, problems: &mut [Problem]) {
    if problems.iter().all(|problem| problem.suggestion.is_none()) {
        return;
    }
    for problem in problems {
        if problem.suggestion.is_some() {
            correct_one(config, problem);
        }
    }
}

fn correct_one(config: &PolicyConfig, problem: &mut Problem) {
    let Some((around, place)) = surroundings(config, problem.place) else { return };
    let known = KnownProblems::except(problem, check_values(&around).problems);
    for _ in 0..MOST_CORRECTIONS {
        let Some(suggestion) = problem.suggestion.take() else { return };
        let entries = entries(&suggestion);
        let next = match entries.as_slice() {
            [_] | [] => None,
            // Each of several values is corrected separately.
            several => {
                Some(several.iter().map(|entry| corrected(&around, place, entry)).collect::<Option<Vec<_>>>())
            }
        };
        let entries = match next {
            None => entries,
            Some(Some(corrected)) => corrected,
            Some(None) => return,
        };
        let Some(next) = known.new_problem(&with(&around, place, &entries)) else {
            problem.suggestion = Some(joined(&entries));
            return;
        };
        problem.message =
            format!("{}. But `{}` has another problem: {}", problem.message, joined(&entries), next.message);
        problem.suggestion = next.suggestion.filter(|_| next.place == place && entries.len() == 1);
    }
    problem.suggestion = None;
}

/// Returns an entry after applying the suggestions for it; `None` if a problem remains.
fn corrected(around: &PolicyConfig, place: Place, entry: &str) -> Option<String> {
    let mut entry = entry.to_owned();
    for _ in 0..MOST_CORRECTIONS {
        let problems = check_values(&alone(around, place, &entry)).problems;
        match problems.into_iter().find(|problem| problem.place.key == place.key) {
            None => return Some(entry),
            Some(problem) => entry = problem.suggestion.filter(|text| values(text).nth(1).is_none())?,
        }
    }
    None
}

/// Returns the part of the policy that matters for a place, and the place in it.
fn surroundings(config: &PolicyConfig, place: Place) -> Option<(PolicyConfig, Place)> {
    let Some(index) = place.index else {
        // Suggestions for other keys are fixed words, which need no check.
        return (place.key == "max-age").then(|| (alone(config, place, ""), place));
    };
    let list = list(config, place.key)?;
    if list.len() <= LONGEST_LIST {
        let mut around = alone(config, place, "");
        *list_mut(&mut around, place.key)? = list.clone();
        return Some((around, place));
    }
    let place = Place { index: Some(0), ..place };
    Some((alone(config, place, list.get(index)?), place))
}

/// Returns a policy with one entry, and with the settings on which the checks of such an entry depend.
fn alone(config: &PolicyConfig, place: Place, entry: &str) -> PolicyConfig {
    let mut alone = PolicyConfig {
        origins: Vec::new(),
        null_origin: config.null_origin,
        credentials: config.credentials,
        max_age: config.max_age.clone(),
        acknowledge: config.acknowledge.clone(),
        ..PolicyConfig::default()
    };
    if let Some(list) = list_mut(&mut alone, place.key) {
        *list = vec![entry.to_owned()];
    }
    alone
}

/// Returns the policy with these entries in the place of the one there.
fn with(around: &PolicyConfig, place: Place, entries: &[String]) -> PolicyConfig {
    let mut changed = around.clone();
    match (place.index, list_mut(&mut changed, place.key)) {
        (Some(index), Some(list)) if index < list.len() => {
            list.splice(index..=index, entries.iter().cloned());
        }
        _ => changed.max_age = entries.first().cloned(),
    }
    changed
}

/// The problems that a policy has, except the one that a suggestion is for.
struct KnownProblems {
    counts: HashMap<ProblemCode, usize>,
    problems: Vec<Problem>,
}

impl KnownProblems {
    fn except(problem: &Problem, problems: Vec<Problem>) -> Self {
        let mut counts = counts(&problems);
        // A suggestion has to fix the problem, and not replace it by another one of the same code.
        if let Some(count) = counts.get_mut(&problem.code) {
            *count = count.saturating_sub(1);
        }
        Self { counts, problems }
    }

    /// Returns a problem that the changed policy has and the original one does not. It has a code of which there are more problems now.
    fn new_problem(&self, changed: &PolicyConfig) -> Option<Problem> {
        let problems = check_values(changed).problems;
        let more: HashMap<ProblemCode, usize> = counts(&problems)
            .into_iter()
            .filter(|(code, count)| *count > self.counts.get(code).copied().unwrap_or_default())
            // Whether an acknowledgement is needed does not depend on a single entry.
            .filter(|(code, _)| *code != ProblemCode::AcknowledgeUnused)
            .collect();
        let mut candidates: Vec<Problem> =
            problems.into_iter().filter(|problem| more.contains_key(&problem.code)).collect();
        let is_known = |problem: &Problem| {
            let same = |known: &Problem| {
                (known.code, &known.value, &known.message) == (problem.code, &problem.value, &problem.message)
            };
            self.problems.iter().any(same)
        };
        // If all look as before, as they do for one more duplicate, any will do.
        let index =
            candidates.iter().position(|problem| !is_known(problem)).or(candidates.len().checked_sub(1))?;
        Some(candidates.swap_remove(index))
    }
}

fn counts(problems: &[Problem]) -> HashMap<ProblemCode, usize> {
    let mut counts = HashMap::new();
    for problem in problems {
        *counts.entry(problem.code).or_default() += 1;
    }
    counts
}

/// Returns the entries of a suggestion: `"a", "b"` are two.
fn entries(suggestion: &str) -> Vec<String> {
    match suggestion.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.split("\", \"").map(str::to_owned).collect(),
        None => vec![suggestion.to_owned()],
    }
}

/// Returns the suggestion of these entries: the inverse of [`entries`].
fn joined(entries: &[String]) -> String {
    match entries {
        [entry] => entry.clone(),
        several => several.iter().map(|entry| format!("\"{entry}\"")).collect::<Vec<_>>().join(", "),
    }
}

fn list<'c>(config: &'c PolicyConfig, key: &str) -> Option<&'c Vec<String>> {
    Some(match key {
        "origins" => &config.origins,
        "methods" => &config.methods,
        "request-headers" => &config.request_headers,
        "expose-headers" => &config.expose_headers,
        _ => return None,
    })
}

fn list_mut<'c>(config: &'c mut PolicyConfig, key: &str) -> Option<&'c mut Vec<String>> {
    Some(match key {
        "origins" => &mut config.origins,
        "methods" => &mut config.methods,
        "request-headers" => &mut config.request_headers,
        "expose-headers" => &mut config.expose_headers,
        _ => return None,
    })
}
