//! Turns the tree of a file into policy configurations, with the position of every value.

mod placed;
mod values;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;

use corsac::server::{PathPrefix, Place, Policy, PolicyConfig, Problem, ProblemCode};

use crate::keys;
use crate::problem::SpannedProblem;
use crate::syntax::{Entry, Value};
use values::Field;

/// One policy of a file.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) config: PolicyConfig,
    /// The position of its name.
    span: Range<usize>,
    /// The position of each key's value.
    written: BTreeMap<&'static str, Written>,
    /// Keys whose values could not be used. Problems that only result from that are not reported.
    unread: Vec<&'static str>,
    /// Keys that are taken from the file's defaults.
    inherited: Vec<&'static str>,
    /// The part of the server that the policy is for, and the position of `at`.
    at: Option<(PathPrefix, Range<usize>)>,
    /// There is an `at` that is not a path.
    has_invalid_at: bool,
    /// Why the policy decides about no path, if so.
    unplaced: Option<String>,
    /// The position of `cors = "pass"`.
    pass: Option<Range<usize>>,
    /// The variable of `origins-from-env`, and the position of its name.
    environment: Option<(String, Range<usize>)>,
    /// The index of the first origin that comes from the environment.
    first_from_environment: usize,
}

/// The position of a value, and of its items if it is a list.
#[derive(Clone, Debug)]
struct Written {
    value: Range<usize>,
    items: Vec<Range<usize>>,
}

/// Returns the value of an environment variable.
pub(crate) type Environment<'e> = &'e dyn Fn(&str) -> Option<OsString>;

/// Reads all policies of a file. Returns them and the problems of the file's structure.
pub(crate) fn read(file: Vec<Entry>, environment: Environment<'_>) -> (Vec<Draft>, Vec<SpannedProblem>) {
    let (mut drafts, mut problems) = (Vec::new(), Vec::new());
    let mut has_policy = false;
    let (defaults, file): (Vec<_>, Vec<_>) = file.into_iter().partition(|entry| entry.key == "defaults");
    let defaults =
        defaults.into_iter().next().and_then(|entry| read_defaults(entry, environment, &mut problems));
    for entry in file {
        match (entry.key.as_str(), entry.node.value) {
            ("policy", Value::Table(policies)) => {
                has_policy = !policies.is_empty();
                let read = |entry| read_policy(entry, defaults.as_ref(), environment, &mut problems);
                drafts = policies.into_iter().filter_map(read).collect();
            }
            ("policy", other) => {
                has_policy = true;
                let why = format!(
                    "a policy is a table with a name, and this is {}: write `[policy.app]` above the keys of a policy",
                    other.kind()
                );
                problems.push(SpannedProblem::new(ProblemCode::ValueType, "policy", entry.node.span, why));
            }
            // Editors find the schema by this key.
            ("$schema", Value::Text(_)) => {}
            (key, value) => {
                has_policy |= matches!(value, Value::Table(_)) || keys::intended_key(key).is_some();
                problems.push(outside(key, &value, entry.span));
            }
        }
    }
    if !has_policy {
        let why =
            "the file has no policy: write `[policy.app]`, or another name, and `origins = […]` below it";
        problems.push(SpannedProblem::new(ProblemCode::KeyMissing, "policy", 0..0, why));
    }
    placed::repeated_paths(&drafts, &mut problems);
    placed::mark_unplaced(&mut drafts, &mut problems);
    (drafts, problems)
}

/// Reads the keys that policies inherit.
fn read_defaults(
    entry: Entry,
    environment: Environment<'_>,
    problems: &mut Vec<SpannedProblem>,
) -> Option<Draft> {
    let Value::Table(keys) = entry.node.value else {
        let why =
            format!("`defaults` is a table with keys of policies, and this is {}", entry.node.value.kind());
        problems.push(SpannedProblem::new(ProblemCode::ValueType, "policy", entry.node.span, why));
        return None;
    };
    let mut draft = Draft::new(String::new(), entry.span);
    for entry in keys {
        if matches!(entry.key.as_str(), "at" | "cors") {
            let why = "this key belongs to a single policy and cannot be a default";
            problems.push(
                SpannedProblem::new(ProblemCode::KeyUnknown, "policy", entry.span, why)
                    .with_value(&entry.key),
            );
        } else {
            draft.read_key(entry, problems);
        }
    }
    draft.read_environment(environment, problems);
    Some(draft)
}

/// Returns the problem of a key outside of `policy` and `defaults`.
fn outside(key: &str, value: &Value, span: Range<usize>) -> SpannedProblem {
    let (why, suggestion) = match (value, keys::intended_key(key)) {
        (Value::Table(_), _) => {
            let name =
                if keys::nearest(key, &["policy"]).is_some() || key == "policies" { "NAME" } else { key };
            let suggestion = match keys::nearest(key, &["defaults"]) {
                Some(defaults) => defaults.to_owned(),
                None => format!("policy.{name}"),
            };
            let why = "a file has `defaults` and policies, which are tables named `policy.NAME`";
            (why.to_owned(), Some(suggestion))
        }
        (_, Some(meant)) => (
            format!(
                "this is outside of a policy: write `[policy.app]`, or another name, above it (the key is `{meant}`)"
            ),
            None,
        ),
        (_, None) => {
            ("a file has only `defaults` and policies, which are tables named `policy.NAME`".to_owned(), None)
        }
    };
    SpannedProblem::new(ProblemCode::KeyUnknown, "policy", span, why).with_value(key).suggest(suggestion)
}

fn read_policy(
    entry: Entry,
    defaults: Option<&Draft>,
    environment: Environment<'_>,
    problems: &mut Vec<SpannedProblem>,
) -> Option<Draft> {
    let Value::Table(keys) = entry.node.value else {
        problems.push(nameless(&entry));
        return None;
    };
    let mut draft = Draft::new(entry.key, entry.span);
    let before = problems.len();
    for entry in keys {
        draft.read_key(entry, problems);
    }
    if draft.passes() {
        draft.check_pass(problems);
    } else {
        draft.read_environment(environment, problems);
        if let Some(defaults) = defaults {
            draft.inherit(defaults);
        }
        draft.check_origins(before, problems);
    }
    for problem in problems.iter_mut().skip(before) {
        problem.policy = Some(draft.name.clone());
    }
    Some(draft)
}

/// Returns the problem of a key directly in `[policy]`.
fn nameless(entry: &Entry) -> SpannedProblem {
    if keys::intended_key(&entry.key).is_some() {
        let why =
            "a policy needs a name: write `[policy.app]`, or another name, above this instead of `[policy]`";
        return SpannedProblem::new(ProblemCode::KeyUnknown, "policy", entry.span.clone(), why)
            .with_value(&entry.key);
    }
    let why = format!(
        "a policy is a table with the key `origins`, and `{}` is {}",
        entry.key,
        entry.node.value.kind()
    );
    SpannedProblem::new(ProblemCode::ValueType, "policy", entry.node.span.clone(), why)
}

impl Draft {
    fn new(name: String, span: Range<usize>) -> Self {
        Self {
            name,
            config: PolicyConfig::default(),
            span,
            written: BTreeMap::new(),
            unread: Vec::new(),
            inherited: Vec::new(),
            at: None,
            has_invalid_at: false,
            unplaced: None,
            pass: None,
            environment: None,
            first_from_environment: usize::MAX,
        }
    }

    /// Reports a missing `origins`, the only required key.
    fn check_origins(&mut self, before: usize, problems: &mut Vec<SpannedProblem>) {
        if self.written.contains_key("origins") || self.unread.contains(&"origins") {
            return;
        }
        // A misspelled key has been reported already.
        let mut reported = problems.iter().skip(before);
        let is_reported = reported.any(|other| other.problem.suggestion.as_deref() == Some("origins"));
        self.unread.push("origins");
        if !is_reported {
            let why = "a policy needs the origins that may read: write `origins = [\"https://app.example.com\"]`, or `origins = []` for none";
            problems.push(SpannedProblem::new(ProblemCode::KeyMissing, "origins", self.span.clone(), why));
        }
    }

    /// Takes the keys that this policy leaves out from the file's defaults. A list is inherited as a whole or not at all.
    fn inherit(&mut self, defaults: &Self) {
        let mut shared = defaults.config.clone();
        for key in PolicyConfig::KEYS {
            if self.written.contains_key(key) || self.unread.contains(&key) {
                continue;
            }
            if defaults.unread.contains(&key) {
                self.unread.push(key);
            }
            let Some(written) = defaults.written.get(key) else { continue };
            self.written.insert(key, written.clone());
            self.inherited.push(key);
            if let (Some(own), Some(other)) = (Field::of(&mut self.config, key), Field::of(&mut shared, key))
            {
                own.take(other);
            }
            if key == "origins" {
                self.environment.clone_from(&defaults.environment);
                self.first_from_environment = defaults.first_from_environment;
            }
        }
    }

    /// Returns `true` if the policy takes this key from the file's defaults.
    pub(crate) fn inherits(&self, key: &str) -> bool {
        self.inherited.contains(&key)
    }

    /// Compiles the policy. Returns it, unless it has errors, and its problems with their positions.
    pub(crate) fn compile(&self) -> (Option<Policy>, Vec<SpannedProblem>) {
        let (policy, mut problems) = match Policy::new(&self.config) {
            Ok(policy) => {
                let lints = policy.lints().to_vec();
                (Some(policy), lints)
            }
            Err(problems) => (None, problems.into_vec()),
        };
        self.check_place(&mut problems);
        let problems = problems.into_iter().filter(|problem| !self.is_spurious(problem));
        let problems = problems.map(|mut problem| {
            let span = self.place(problem.place);
            problem.message.push_str(&self.about_source(&problem));
            // A problem of the defaults belongs to the file and not to a policy.
            let policy = (!self.inherits(problem.place.key)).then(|| self.name.clone());
            SpannedProblem { policy, span, problem: with_nearest_code(problem) }
        });
        (policy, problems.collect())
    }

    /// Returns `true` for a problem that may only result from a key that could not be used.
    fn is_spurious(&self, problem: &Problem) -> bool {
        self.unread.contains(&problem.place.key)
            || (problem.code == ProblemCode::AcknowledgeUnused && !self.unread.is_empty())
            || (problem.code.can_be_acknowledged() && self.unread.contains(&"acknowledge"))
    }

    fn place(&self, place: Place) -> Range<usize> {
        let Some(written) = self.written.get(place.key) else { return self.span.clone() };
        place.index.and_then(|index| written.items.get(index)).unwrap_or(&written.value).clone()
    }
}

/// Adds a suggestion to the problem of a misspelled code.
fn with_nearest_code(mut problem: Problem) -> Problem {
    let is_code = problem.value.parse::<ProblemCode>().is_ok();
    if problem.code != ProblemCode::AcknowledgeUnknown || is_code {
        return problem;
    }
    let codes = ProblemCode::ALL.iter().filter(|code| code.can_be_acknowledged());
    let codes: Vec<&'static str> = codes.map(|code| code.as_str()).collect();
    let nearest = keys::nearest(&problem.value.to_ascii_lowercase().replace('_', "-"), &codes);
    problem.suggestion = nearest.map(str::to_owned);
    problem
}
