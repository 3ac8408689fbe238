//! What is suggested has to be right itself: each suggestion is put in its place, and the policy is checked again.

use std::collections::HashMap;

use super::super::config::PolicyConfig;
use super::super::problem::{Place, Problem, ProblemCode};
use super::{look, values};

/// Lists up to this length are checked as a whole for each suggestion; of a longer one the entry alone.
const LONGEST_LIST: usize = 64;

/// How often a suggestion is mended that has a problem itself: `ws:a.example` is `ws://a.example`, then http, then https.
const STEPS: usize = 4;

/// Mends the suggestions that would bring a problem which the policy does not have yet, and takes out those that cannot be mended. The
/// message then says what that problem is.
pub(super) fn suggestions(config: &PolicyConfig, problems: &mut [Problem]) {
    if problems.iter().all(|problem| problem.suggestion.is_none()) {
        return;
    }
    for problem in problems {
        if problem.suggestion.is_some() {
            settle(config, problem);
        }
    }
}

fn settle(config: &PolicyConfig, problem: &mut Problem) {
    let Some((around, place)) = surroundings(config, problem.place) else { return };
    let known = Known::besides(problem, look(&around).problems);
    for _ in 0..STEPS {
        let Some(meant) = problem.suggestion.take() else { return };
        let entries = entries(&meant);
        let next = match entries.as_slice() {
            [_] | [] => None,
            // Each of several values is mended by itself.
            several => {
                Some(several.iter().map(|entry| mended(&around, place, entry)).collect::<Option<Vec<_>>>())
            }
        };
        let entries = match next {
            None => entries,
            Some(Some(mended)) => mended,
            Some(None) => return,
        };
        let Some(next) = known.new_problem(&with(&around, place, &entries)) else {
            problem.suggestion = Some(written(&entries));
            return;
        };
        problem.message = format!(
            "{}. `{}` has a problem of its own: {}",
            problem.message,
            written(&entries),
            next.message
        );
        problem.suggestion = next.suggestion.filter(|_| next.place == place && entries.len() == 1);
    }
    problem.suggestion = None;
}

/// One entry, with the suggestions for it carried out.
fn mended(around: &PolicyConfig, place: Place, entry: &str) -> Option<String> {
    let mut entry = entry.to_owned();
    for _ in 0..STEPS {
        let problems = look(&alone(around, place, &entry)).problems;
        match problems.into_iter().find(|problem| problem.place.key == place.key) {
            None => return Some(entry),
            Some(problem) => entry = problem.suggestion.filter(|meant| values(meant).nth(1).is_none())?,
        }
    }
    None
}

/// The policy as far as it matters for a place, and the place in it.
fn surroundings(config: &PolicyConfig, place: Place) -> Option<(PolicyConfig, Place)> {
    let Some(index) = place.index else {
        // Words of other keys are one of a few, and stand for themselves.
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

/// A policy with one entry, and with what an entry of such a list is judged by.
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

/// What is wrong with a policy already, beside the problem that is to be mended.
struct Known {
    counts: HashMap<ProblemCode, usize>,
    problems: Vec<Problem>,
}

impl Known {
    fn besides(mended: &Problem, problems: Vec<Problem>) -> Self {
        let mut counts = counts(&problems);
        // What is suggested has to mend this one, not exchange it for another of its kind.
        if let Some(count) = counts.get_mut(&mended.code) {
            *count = count.saturating_sub(1);
        }
        Self { counts, problems }
    }

    /// A problem of the changed policy that is not known: of a kind that there are more of now, the one that was not there before.
    fn new_problem(&self, changed: &PolicyConfig) -> Option<Problem> {
        let problems = look(changed).problems;
        let more: HashMap<ProblemCode, usize> = counts(&problems)
            .into_iter()
            .filter(|(code, count)| *count > self.counts.get(code).copied().unwrap_or_default())
            // Whether an acknowledgement is needed is no matter of one entry.
            .filter(|(code, _)| *code != ProblemCode::AcknowledgeUnused)
            .collect();
        let mut found: Vec<Problem> =
            problems.into_iter().filter(|problem| more.contains_key(&problem.code)).collect();
        let is_known = |problem: &Problem| {
            let same = |known: &Problem| {
                (known.code, &known.value, &known.message) == (problem.code, &problem.value, &problem.message)
            };
            self.problems.iter().any(same)
        };
        // Where all look as before, as of an entry that stands there once more, the last one is as good as any.
        let index = found.iter().position(|problem| !is_known(problem)).or(found.len().checked_sub(1))?;
        Some(found.swap_remove(index))
    }
}

fn counts(problems: &[Problem]) -> HashMap<ProblemCode, usize> {
    let mut counts = HashMap::new();
    for problem in problems {
        *counts.entry(problem.code).or_default() += 1;
    }
    counts
}

/// The entries of a suggestion: `"a", "b"` are two.
fn entries(meant: &str) -> Vec<String> {
    match meant.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.split("\", \"").map(str::to_owned).collect(),
        None => vec![meant.to_owned()],
    }
}

fn written(entries: &[String]) -> String {
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
