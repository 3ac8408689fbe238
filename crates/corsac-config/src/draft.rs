//! From the tree of a file to policies as they are written, with the place of everything in them.

mod placed;
mod values;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;

use corsac::server::{PathPrefix, Place, Policy, PolicyConfig, Problem, ProblemCode};

use crate::keys;
use crate::problem::Found;
use crate::syntax::{Entry, Value};
use values::Field;

/// One policy of a file.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) config: PolicyConfig,
    /// The bytes of its name.
    span: Range<usize>,
    /// What was written for each key.
    written: BTreeMap<&'static str, Written>,
    /// Keys whose values could not be taken, so that what is left out is nothing to complain about.
    unread: Vec<&'static str>,
    /// Keys that are taken from the file's defaults.
    inherited: Vec<&'static str>,
    /// The part of the server that the policy is for, and where that is written.
    at: Option<(PathPrefix, Range<usize>)>,
    /// Why no path leads to the policy, if so.
    unplaced: Option<String>,
    /// Where `cors = "pass"` is written.
    pass: Option<Range<usize>>,
    /// The variable of `origins-from-env`, and where its name is written.
    environment: Option<(String, Range<usize>)>,
    /// The position of the first origin that comes from the environment.
    first_from_environment: usize,
}

/// The bytes of a value, and of its items when it is a list.
#[derive(Clone, Debug)]
struct Written {
    value: Range<usize>,
    items: Vec<Range<usize>>,
}

/// The value of a variable of the environment.
pub(crate) type Environment<'e> = &'e dyn Fn(&str) -> Option<OsString>;

/// Reads all policies of a file, and everything that is wrong with its shape.
pub(crate) fn read(file: Vec<Entry>, environment: Environment<'_>) -> (Vec<Draft>, Vec<Found>) {
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
                    "policies are tables with names, and this is {}: write `[policy.app]` above the keys of one",
                    other.kind()
                );
                problems.push(Found::new(ProblemCode::ValueType, "policy", entry.node.span, why));
            }
            // What editors take the schema from.
            ("$schema", Value::Text(_)) => {}
            (key, value) => {
                has_policy |= matches!(value, Value::Table(_)) || keys::meant(key).is_some();
                problems.push(outside(key, &value, entry.span));
            }
        }
    }
    if !has_policy {
        let why =
            "the file has no policy: write `[policy.app]`, or another name, and `origins = […]` below it";
        problems.push(Found::new(ProblemCode::KeyMissing, "policy", 0..0, why));
    }
    placed::repeated_paths(&drafts, &mut problems);
    placed::mark_unplaced(&mut drafts, &mut problems);
    (drafts, problems)
}

/// What several policies of the file share.
fn read_defaults(entry: Entry, environment: Environment<'_>, problems: &mut Vec<Found>) -> Option<Draft> {
    let Value::Table(keys) = entry.node.value else {
        let why =
            format!("`defaults` is a table with keys of policies, and this is {}", entry.node.value.kind());
        problems.push(Found::new(ProblemCode::ValueType, "policy", entry.node.span, why));
        return None;
    };
    let mut draft = Draft::new(String::new(), entry.span);
    for entry in keys {
        if matches!(entry.key.as_str(), "at" | "cors") {
            let why = "this belongs to one policy and is no default";
            problems.push(Found::new(ProblemCode::KeyUnknown, "policy", entry.span, why).given(&entry.key));
        } else {
            draft.read_key(entry, problems);
        }
    }
    draft.read_environment(environment, problems);
    Some(draft)
}

/// A key beside `policy`.
fn outside(key: &str, value: &Value, span: Range<usize>) -> Found {
    let (why, meant) = match (value, keys::meant(key)) {
        (Value::Table(_), _) => {
            let name =
                if keys::nearest(key, &["policy"]).is_some() || key == "policies" { "NAME" } else { key };
            let meant = match keys::nearest(key, &["defaults"]) {
                Some(defaults) => defaults.to_owned(),
                None => format!("policy.{name}"),
            };
            let why = "a file holds policies, each in a table called `policy.` and its name, and their `defaults`";
            (why.to_owned(), Some(meant))
        }
        (_, Some(meant)) => (
            format!(
                "this stands outside of a policy: write `[policy.app]`, or another name, above it (the key is `{meant}`)"
            ),
            None,
        ),
        (_, None) => {
            ("a file holds policies, in tables called `policy.` and a name, their `defaults`, and nothing else".to_owned(), None)
        }
    };
    Found::new(ProblemCode::KeyUnknown, "policy", span, why).given(key).meant(meant)
}

fn read_policy(
    entry: Entry,
    defaults: Option<&Draft>,
    environment: Environment<'_>,
    problems: &mut Vec<Found>,
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
    for found in problems.iter_mut().skip(before) {
        found.policy = Some(draft.name.clone());
    }
    Some(draft)
}

/// A key directly in `[policy]`.
fn nameless(entry: &Entry) -> Found {
    if keys::meant(&entry.key).is_some() {
        let why =
            "a policy has a name: write `[policy.app]`, or another name, above this instead of `[policy]`";
        return Found::new(ProblemCode::KeyUnknown, "policy", entry.span.clone(), why).given(&entry.key);
    }
    let why = format!(
        "a policy is a table with the key `origins`, and `{}` is {}",
        entry.key,
        entry.node.value.kind()
    );
    Found::new(ProblemCode::ValueType, "policy", entry.node.span.clone(), why)
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
            unplaced: None,
            pass: None,
            environment: None,
            first_from_environment: usize::MAX,
        }
    }

    /// `origins` is the one key that has to be there.
    fn check_origins(&mut self, before: usize, problems: &mut Vec<Found>) {
        if self.written.contains_key("origins") || self.unread.contains(&"origins") {
            return;
        }
        // A misspelled key is told already.
        let is_told =
            problems.iter().skip(before).any(|found| found.problem.suggestion.as_deref() == Some("origins"));
        self.unread.push("origins");
        if !is_told {
            let why = "a policy says who may read: write `origins = [\"https://app.example.com\"]`, or `origins = []` for nobody";
            problems.push(Found::new(ProblemCode::KeyMissing, "origins", self.span.clone(), why));
        }
    }

    /// Takes what this policy leaves out from the file's defaults. A list is taken as a whole, or not at all.
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

    /// What the policy itself has to say, with the place of each.
    pub(crate) fn compile(&self) -> (Option<Policy>, Vec<Found>) {
        let (policy, mut problems) = match Policy::new(&self.config) {
            Ok(policy) => {
                let lints = policy.lints().to_vec();
                (Some(policy), lints)
            }
            Err(problems) => (None, problems.into_vec()),
        };
        self.check_place(&mut problems);
        let found = problems.into_iter().filter(|problem| !self.is_spurious(problem));
        let found = found.map(|mut problem| {
            let span = self.place(problem.place);
            problem.message.push_str(&self.about_source(&problem));
            // What several policies share is a problem of the file.
            let policy = (!self.inherits(problem.place.key)).then(|| self.name.clone());
            Found { policy, span, problem: with_nearest_code(problem) }
        });
        (policy, found.collect())
    }

    /// Only there because a key could not be read?
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

/// A code that is spelled almost right, with the one that was meant.
fn with_nearest_code(mut problem: Problem) -> Problem {
    let is_code = problem.value.parse::<ProblemCode>().is_ok();
    if problem.code != ProblemCode::AcknowledgeUnknown || is_code {
        return problem;
    }
    let codes = ProblemCode::ALL.iter().filter(|code| code.can_be_acknowledged());
    let codes: Vec<&'static str> = codes.map(|code| code.as_str()).collect();
    let meant = keys::nearest(&problem.value.to_ascii_lowercase().replace('_', "-"), &codes);
    problem.suggestion = meant.map(str::to_owned);
    problem
}
