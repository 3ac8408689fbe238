//! The smallest case that still shows a disagreement: what is not needed for it is deleted or simplified.
//!
//! A browser, or a test's predicate, decides whether a case still disagrees. It is given several candidates at a time, because a browser
//! runs many in the time of one.

use std::collections::BTreeMap;

use crate::Failure;
use crate::case::{Api, Body, Call, Case, Reply, Resource, Step};

/// How many candidates are tried at once.
const BATCH: usize = 24;

/// Decides which of these cases still disagree in the same way, in the order of the cases.
pub type Asks<'a> = &'a mut dyn FnMut(&[Case]) -> Result<Vec<bool>, Failure>;

/// Removes from `case` what is not needed, with at most `budget` candidates.
pub fn minimize(case: &Case, budget: usize, disagrees: Asks<'_>) -> Result<Case, Failure> {
    let mut smallest = case.clone();
    let mut left = budget;
    // Candidates that came before a success are not tried again until all others were.
    let mut tried = 0;
    let mut shrank = false;
    while left > 0 {
        let candidates = candidates(&smallest);
        let batch: Vec<Case> = candidates.iter().skip(tried).take(BATCH.min(left)).cloned().collect();
        if batch.is_empty() {
            if !shrank {
                break;
            }
            (tried, shrank) = (0, false);
            continue;
        }
        left = left.saturating_sub(batch.len());
        let answers = disagrees(&batch)?;
        match batch.iter().zip(answers).position(|(_, yes)| yes) {
            Some(index) => {
                if let Some(found) = batch.into_iter().nth(index) {
                    smallest = found;
                }
                shrank = true;
                tried = tried.saturating_add(index);
            }
            None => tried = tried.saturating_add(batch.len()),
        }
    }
    Ok(smallest)
}

/// Every case that is one step smaller or simpler, the largest deletions first.
fn candidates(case: &Case) -> Vec<Case> {
    let mut found = Candidates { from: case, cases: Vec::new() };
    found.steps();
    found.resources();
    if case.page != "a" {
        found.add(|case| case.page = "a".to_owned());
    }
    found.origins();
    found.calls();
    found.replies();
    found.cases
}

struct Candidates<'c> {
    from: &'c Case,
    cases: Vec<Case>,
}

impl Candidates<'_> {
    /// Adds the case after an edit, if the edit changed anything and left at least one request.
    fn add(&mut self, edit: impl FnOnce(&mut Case)) {
        let mut case = self.from.clone();
        edit(&mut case);
        if case != *self.from && case.calls().next().is_some() {
            self.cases.push(case);
        }
    }

    fn steps(&mut self) {
        for index in (0..self.from.steps.len()).rev() {
            self.add(|case| drop(case.steps.remove(index)));
        }
        for (index, step) in self.from.steps.iter().enumerate() {
            let Step::Together { together } = step else {
                continue;
            };
            for call in (0..together.len()).rev() {
                self.add(|case| {
                    if let Some(Step::Together { together }) = case.steps.get_mut(index) {
                        together.remove(call);
                    }
                });
            }
            if let [only] = together.as_slice() {
                self.add(|case| {
                    if let Some(step) = case.steps.get_mut(index) {
                        *step = Step::Call(only.clone());
                    }
                });
            }
        }
    }

    fn resources(&mut self) {
        for (url, resource) in &self.from.server {
            self.add(|case| drop(case.server.remove(url)));
            for preflight in [true, false] {
                for index in (0..replies(resource, preflight).len()).rev() {
                    self.add(|case| {
                        if let Some(list) = list_mut(&mut case.server, url, preflight) {
                            list.remove(index);
                        }
                    });
                }
            }
        }
    }

    /// Moves everything that happens at one origin to `b`.
    fn origins(&mut self) {
        for key in ["a2", "sub", "c", "l", "m", "ip", "s", "t", "h"] {
            let Ok(text) = serde_json::to_string(self.from) else {
                continue;
            };
            let moved = text
                .replace(&format!("<{key}>"), "<b>")
                .replace(&format!("{{{key}}}"), "{b}")
                .replace(&format!("{{{key}^}}"), "{b^}")
                .replace(&format!("{{{key}:host}}"), "{b:host}");
            // Two resources must not become one.
            let is_whole = |case: &Case| case.server.len() == self.from.server.len();
            if let Some(moved) = serde_json::from_str(&moved).ok().filter(is_whole) {
                self.add(|case| *case = moved);
            }
        }
    }

    fn calls(&mut self) {
        for (index, call) in self.from.calls().enumerate() {
            let mut plain = |edit: &dyn Fn(&mut Call)| {
                self.add(|case| {
                    if let Some(call) = call_mut(case, index) {
                        edit(call);
                    }
                });
            };
            plain(&|call| call.api = Api::Fetch);
            plain(&|call| call.method = None);
            plain(&|call| call.body = Body::None);
            plain(&|call| call.mode = None);
            plain(&|call| call.credentials = None);
            plain(&|call| call.redirect = None);
            plain(&|call| call.cache = None);
            plain(&|call| call.referrer_policy = None);
            plain(&|call| call.url.truncate(call.url.find(['?', '#']).unwrap_or(call.url.len())));
            for line in (0..call.headers.len()).rev() {
                plain(&|call| drop(call.headers.remove(line)));
            }
            for line in 0..call.headers.len() {
                plain(&|call| set(&mut call.headers, line, Some("X-A"), None));
                plain(&|call| set(&mut call.headers, line, None, Some("1")));
            }
        }
    }

    fn replies(&mut self) {
        for (url, resource) in &self.from.server {
            for preflight in [true, false] {
                for (index, reply) in replies(resource, preflight).iter().enumerate() {
                    self.reply(url, preflight, index, reply);
                }
            }
        }
    }

    fn reply(&mut self, url: &str, preflight: bool, index: usize, reply: &Reply) {
        let mut plain = |edit: &dyn Fn(&mut Reply)| {
            self.add(|case| {
                let list = list_mut(&mut case.server, url, preflight);
                if let Some(reply) = list.and_then(|list| list.get_mut(index)) {
                    edit(reply);
                }
            });
        };
        plain(&|reply| reply.close = false);
        plain(&|reply| reply.status = 200);
        for line in (0..reply.headers.len()).rev() {
            plain(&|reply| drop(reply.headers.remove(line)));
        }
        for (line, (name, value)) in reply.headers.iter().enumerate() {
            if name.eq_ignore_ascii_case("location") {
                let end = value.find(['?', '#']).unwrap_or(value.len());
                plain(&|reply| set(&mut reply.headers, line, None, value.get(..end)));
                continue;
            }
            for shorter in shorter_lists(value) {
                plain(&|reply| set(&mut reply.headers, line, None, Some(&shorter)));
            }
            plain(&|reply| set(&mut reply.headers, line, None, Some(plain_value(name))));
        }
    }
}

/// The value of a header in which nothing special is meant.
fn plain_value(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "access-control-allow-credentials" => "true",
        "access-control-max-age" => "60",
        "content-type" => "text/plain",
        name if name.starts_with("access-control-") => "*",
        _ => "1",
    }
}

/// The list without each one of its items.
fn shorter_lists(value: &str) -> Vec<String> {
    let items: Vec<&str> = value.split(',').collect();
    let without = |gone: usize| {
        let kept = items.iter().enumerate().filter(|(index, _)| *index != gone);
        kept.map(|(_, item)| *item).collect::<Vec<_>>().join(",").trim().to_owned()
    };
    if items.len() < 2 { Vec::new() } else { (0..items.len()).rev().map(without).collect() }
}

fn set(headers: &mut [(String, String)], line: usize, name: Option<&str>, value: Option<&str>) {
    if let Some(header) = headers.get_mut(line) {
        if let Some(name) = name {
            name.clone_into(&mut header.0);
        }
        if let Some(value) = value {
            value.clone_into(&mut header.1);
        }
    }
}

fn replies(resource: &Resource, preflight: bool) -> &[Reply] {
    if preflight { &resource.preflight } else { &resource.request }
}

fn list_mut<'c>(
    server: &'c mut BTreeMap<String, Resource>,
    url: &str,
    preflight: bool,
) -> Option<&'c mut Vec<Reply>> {
    let resource = server.get_mut(url)?;
    Some(if preflight { &mut resource.preflight } else { &mut resource.request })
}

fn call_mut(case: &mut Case, index: usize) -> Option<&mut Call> {
    case.steps.iter_mut().flat_map(Step::calls_mut).nth(index)
}

#[cfg(test)]
#[path = "minimize/tests.rs"]
mod tests;
