//! The keys that only a file has: `at`, `cors` and `origins-from-env`.

use std::collections::HashMap;

use corsac::server::{PathPrefix, Problem, ProblemCode};

use super::values::{choice, plain};
use super::{Draft, Environment, Written};
use crate::placement::{Unplaced, unplaced};
use crate::problem::SpannedProblem;
use crate::syntax::{Node, Value};

impl Draft {
    pub(super) fn read_file_key(
        &mut self,
        key: &'static str,
        node: &Node,
        problems: &mut Vec<SpannedProblem>,
    ) {
        match (key, &node.value) {
            ("cors", _) => {
                if choice("cors", node, &[("pass", ())], problems).is_some() {
                    self.pass = Some(node.span.clone());
                } else {
                    // It was probably meant, and then `origins` is not required.
                    self.unread.push("origins");
                }
            }
            ("at", Value::Text(path)) => match PathPrefix::parse(path) {
                Ok(path) => self.at = Some((path, node.span.clone())),
                Err(error) => {
                    self.has_invalid_at = true;
                    let span = node.span.clone();
                    let problem = SpannedProblem::new(ProblemCode::AtInvalid, "at", span, error.reason());
                    problems.push(problem.with_value(path));
                }
            },
            ("origins-from-env", Value::Text(name)) => {
                self.environment = Some((name.clone(), node.span.clone()));
            }
            (_, other) => {
                let what = if key == "at" {
                    "a path such as `\"/admin\"`"
                } else {
                    "the name of an environment variable, in quotes"
                };
                let why = format!("`{key}` is {what}, and this is {}", other.kind());
                problems.push(
                    SpannedProblem::new(ProblemCode::ValueType, key, node.span.clone(), why)
                        .with_value(plain(other)),
                );
                if key == "origins-from-env" {
                    self.unread.push("origins");
                }
            }
        }
    }

    /// Adds the origins of the environment variable to those in the file.
    pub(super) fn read_environment(
        &mut self,
        environment: Environment<'_>,
        problems: &mut Vec<SpannedProblem>,
    ) {
        let Some((name, span)) = &self.environment else { return };
        let mut report = |why: &str| {
            let code = ProblemCode::EnvironmentMissing;
            let problem = SpannedProblem::new(code, "origins-from-env", span.clone(), why);
            problems.push(problem.with_value(name));
        };
        let value = match environment(name).map(std::ffi::OsString::into_string) {
            Some(Ok(value)) if !value.trim().is_empty() => value,
            Some(Ok(_)) => {
                report("this environment variable is empty: set it to origins, separated by commas");
                return self.unread.push("origins");
            }
            Some(Err(_)) => {
                report("the value of this environment variable is not UTF-8");
                return self.unread.push("origins");
            }
            None => {
                report("this environment variable is not set: set it to origins, separated by commas");
                return self.unread.push("origins");
            }
        };
        self.first_from_environment = self.config.origins.len();
        let written = Written { value: span.clone(), items: Vec::new() };
        let written = self.written.entry("origins").or_insert(written);
        for origin in value.split(',').map(str::trim).filter(|origin| !origin.is_empty()) {
            self.config.origins.push(origin.to_owned());
            written.items.push(span.clone());
        }
    }

    /// Returns a clause about where a value comes from, if the file does not show that.
    pub(super) fn about_source(&self, problem: &Problem) -> String {
        let index = problem.place.index.filter(|_| problem.place.key == "origins");
        match (&self.environment, index) {
            (Some((name, _)), Some(index)) if index >= self.first_from_environment => {
                format!(". It comes from the environment variable `{name}`")
            }
            _ if problem.place.key == "origins" => String::new(),
            _ => about_variables(&problem.value).to_owned(),
        }
    }

    /// Reports a policy that decides about no path, and an acknowledgement of that which is not needed. A policy alone cannot know this.
    pub(super) fn check_place(&self, problems: &mut Vec<Problem>) {
        let code = ProblemCode::AtMissing;
        let acknowledged = self.config.acknowledge.iter().position(|text| text == code.as_str());
        match (&self.unplaced, acknowledged) {
            (Some(why), None) => problems.push(Problem::of_key(code, "at", why.as_str())),
            (None, Some(index)) => {
                let why = "the policy does not have this problem; leave it out";
                let mut problem = Problem::of_key(ProblemCode::AcknowledgeUnused, "acknowledge", why);
                problem.place.index = Some(index);
                problem.value = code.as_str().to_owned();
                problems.push(problem);
            }
            _ => {}
        }
    }

    pub(crate) fn passes(&self) -> bool {
        self.pass.is_some()
    }

    pub(crate) fn at(&self) -> Option<&PathPrefix> {
        self.at.as_ref().map(|(path, _)| path)
    }

    /// Reports the keys of an entry with `cors = "pass"`, which have no effect because the service itself handles CORS.
    pub(super) fn check_pass(&self, problems: &mut Vec<SpannedProblem>) {
        let environment = self.environment.as_ref().map(|(_, span)| ("origins-from-env", span));
        for (key, span) in self.written.iter().map(|(key, written)| (*key, &written.value)).chain(environment)
        {
            let why = format!(
                "with `cors = \"pass\"` requests and responses pass unchanged, so `{key}` has no effect. Leave it out, or leave out `cors`"
            );
            problems.push(SpannedProblem::new(ProblemCode::PassWithKeys, key, span.clone(), why));
        }
    }
}

/// Marks the entries that decide about no path. An entry with `cors = "pass"` cannot acknowledge that, so it is reported here.
pub(super) fn mark_unplaced(drafts: &mut [Draft], problems: &mut Vec<SpannedProblem>) {
    // Whether an entry with an invalid path would be placed is not known.
    if drafts.iter().any(|draft| draft.has_invalid_at) {
        return;
    }
    let entries: Vec<_> = drafts.iter().map(|draft| (draft.name.clone(), draft.at().cloned())).collect();
    let entries: Vec<_> = entries.iter().map(|(name, at)| (name.as_str(), at.as_ref())).collect();
    let why = match unplaced(&entries) {
        None => return,
        Some(Unplaced::BesideRoot(root)) => format!(
            "this policy decides about no path, because `{root}` has `at = \"/\"` and covers all other paths. Give this one an `at`"
        ),
        Some(Unplaced::Several) => "this policy decides about no path, because others have an `at` and several have none. Give each policy \
                                    an `at`, except the one for all other paths"
            .to_owned(),
    };
    for draft in drafts.iter_mut().filter(|draft| draft.at.is_none()) {
        draft.unplaced = Some(why.clone());
        if draft.passes() {
            let problem = SpannedProblem::new(ProblemCode::AtMissing, "at", draft.span.clone(), why.as_str());
            problems.push(SpannedProblem { policy: Some(draft.name.clone()), ..problem });
        }
    }
}

/// Reports policies for the same part of a server.
pub(super) fn repeated_paths(drafts: &[Draft], problems: &mut Vec<SpannedProblem>) {
    let mut seen: HashMap<&PathPrefix, &str> = HashMap::new();
    for draft in drafts {
        let Some((path, span)) = &draft.at else { continue };
        if let Some(first) = seen.insert(path, &draft.name) {
            let why = format!(
                "the policy `{first}` has this path already, and only one policy can decide about a request"
            );
            let mut problem = SpannedProblem::new(ProblemCode::AtRepeated, "at", span.clone(), why)
                .with_value(path.as_str());
            problem.policy = Some(draft.name.clone());
            problems.push(problem);
        }
    }
}

/// Returns a clause about variables if a value has `${…}` in it.
pub(super) fn about_variables(given: &str) -> &'static str {
    if given.contains("${") {
        ". A file has no variables; only origins can come from the environment, with `origins-from-env`"
    } else {
        ""
    }
}
