//! The keys that only a file has: `at`, `cors` and `origins-from-env`.

use std::collections::HashMap;

use corsac::server::{PathPrefix, Problem, ProblemCode};

use super::values::{choice, plain};
use super::{Draft, Environment, Written};
use crate::placement::{Unplaced, unplaced};
use crate::problem::Found;
use crate::syntax::{Node, Value};

impl Draft {
    pub(super) fn read_file_key(&mut self, key: &'static str, node: &Node, problems: &mut Vec<Found>) {
        match (key, &node.value) {
            ("cors", _) => {
                if choice("cors", node, &[("pass", ())], problems).is_some() {
                    self.pass = Some(node.span.clone());
                } else {
                    // It was probably meant, and then no origins are missing.
                    self.unread.push("origins");
                }
            }
            ("at", Value::Text(path)) => match PathPrefix::parse(path) {
                Ok(path) => self.at = Some((path, node.span.clone())),
                Err(error) => {
                    let found = Found::new(ProblemCode::AtInvalid, "at", node.span.clone(), error.reason());
                    problems.push(found.given(path));
                }
            },
            ("origins-from-env", Value::Text(name)) => {
                self.environment = Some((name.clone(), node.span.clone()));
            }
            (_, other) => {
                let what = if key == "at" {
                    "a path such as `\"/admin\"`"
                } else {
                    "the name of a variable, in quotes"
                };
                let why = format!("`{key}` is {what}, and this is {}", other.kind());
                problems.push(
                    Found::new(ProblemCode::ValueType, key, node.span.clone(), why).given(plain(other)),
                );
                if key == "origins-from-env" {
                    self.unread.push("origins");
                }
            }
        }
    }

    /// Adds the origins of the variable to those that are written.
    pub(super) fn read_environment(&mut self, environment: Environment<'_>, problems: &mut Vec<Found>) {
        let Some((name, span)) = &self.environment else { return };
        let mut complain = |why: String| {
            let found = Found::new(ProblemCode::EnvironmentMissing, "origins-from-env", span.clone(), why);
            problems.push(found.given(name));
        };
        let value = match environment(name).map(std::ffi::OsString::into_string) {
            Some(Ok(value)) if !value.trim().is_empty() => value,
            Some(Ok(_)) => {
                complain(
                    "this variable of the environment is empty: it holds origins, with commas between"
                        .to_owned(),
                );
                return self.unread.push("origins");
            }
            Some(Err(_)) => {
                complain("this variable of the environment is not UTF-8".to_owned());
                return self.unread.push("origins");
            }
            None => {
                complain(
                    "this variable is not in the environment: set it to origins, with commas between"
                        .to_owned(),
                );
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

    /// Where the text that a problem is about comes from, if that is not plain.
    pub(super) fn about_source(&self, problem: &Problem) -> String {
        let index = problem.place.index.filter(|_| problem.place.key == "origins");
        match (&self.environment, index) {
            (Some((name, _)), Some(index)) if index >= self.first_from_environment => {
                format!(". It comes from the variable `{name}`")
            }
            _ if problem.place.key == "origins" => String::new(),
            _ => about_variables(&problem.value).to_owned(),
        }
    }

    /// What a policy by itself cannot know: whether a path leads to it, and whether that needs to be acknowledged.
    pub(super) fn check_place(&self, problems: &mut Vec<Problem>) {
        let code = ProblemCode::AtMissing;
        let acknowledged = self.config.acknowledge.iter().position(|text| text == code.as_str());
        match (&self.unplaced, acknowledged) {
            (Some(why), None) => problems.push(Problem::of_key(code, "at", why.as_str())),
            (None, Some(index)) => {
                let why = "nothing in this policy has that problem; leave it out";
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

    /// What passes is left to the service, so no other key can mean anything.
    pub(super) fn check_pass(&self, problems: &mut Vec<Found>) {
        let environment = self.environment.as_ref().map(|(_, span)| ("origins-from-env", span));
        for (key, span) in self.written.iter().map(|(key, written)| (*key, &written.value)).chain(environment)
        {
            let why = format!(
                "with `cors = \"pass\"` requests and responses pass untouched, so `{key}` would mean nothing. Leave it out, or leave out `cors`"
            );
            problems.push(Found::new(ProblemCode::PassWithKeys, key, span.clone(), why));
        }
    }
}

/// Notes of each entry without `at` whether any path leads to it. What passes has no acknowledgements, and is told at once.
pub(super) fn mark_unplaced(drafts: &mut [Draft], problems: &mut Vec<Found>) {
    let entries: Vec<_> = drafts.iter().map(|draft| (draft.name.clone(), draft.at().cloned())).collect();
    let entries: Vec<_> = entries.iter().map(|(name, at)| (name.as_str(), at.as_ref())).collect();
    let why = match unplaced(&entries) {
        None => return,
        Some(Unplaced::BesideRoot(root)) => format!(
            "`{root}` has `at = \"/\"` and decides about every path that no other policy has, so no path leads to this one. Give it an `at`"
        ),
        Some(Unplaced::Several) => "the file places policies by `at`, and of several without one none is for the other paths, so no path \
                                    leads to this one. Give all of them an `at`, but for one that is for the rest"
            .to_owned(),
    };
    for draft in drafts.iter_mut().filter(|draft| draft.at.is_none()) {
        draft.unplaced = Some(why.clone());
        if draft.passes() {
            let found = Found::new(ProblemCode::AtMissing, "at", draft.span.clone(), why.as_str());
            problems.push(Found { policy: Some(draft.name.clone()), ..found });
        }
    }
}

/// No two policies are for the same part of a server.
pub(super) fn repeated_paths(drafts: &[Draft], problems: &mut Vec<Found>) {
    let mut seen: HashMap<&PathPrefix, &str> = HashMap::new();
    for draft in drafts {
        let Some((path, span)) = &draft.at else { continue };
        if let Some(first) = seen.insert(path, &draft.name) {
            let why =
                format!("the policy `{first}` has this path already, and one policy decides about a request");
            let mut found = Found::new(ProblemCode::AtRepeated, "at", span.clone(), why).given(path.as_str());
            found.policy = Some(draft.name.clone());
            problems.push(found);
        }
    }
}

/// What to say besides when a text has `${…}` in it.
pub(super) fn about_variables(given: &str) -> &'static str {
    if given.contains("${") {
        ". A file has no variables; origins alone can come from the environment, by `origins-from-env`"
    } else {
        ""
    }
}
