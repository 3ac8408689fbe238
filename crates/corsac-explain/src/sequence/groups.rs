//! Browsers that tell the same story, so that a page shows it once.

use corsac::browser::{Engine, Fetched, Outcome, Request};
use serde_json::{Value, json};

use super::{RuleRow, Step, rules, steps};
use crate::browser_name;

/// Returns the browsers in groups that tell the same story, as JSON: the one with the engine that `decides` first, then the one with the strictest
/// verdict. `cookies` are those that they have for the server, as `name=value`.
///
/// How long an answer took, and the words of an exception, are no other story.
///
/// ```
/// use std::time::Duration;
/// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// let fetched = Engine::BROWSERS.map(|engine| {
///     let fetch = Fetch::new(request.clone(), engine.profile());
///     fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(ResponseHead::new(200, [("Vary", "Origin")])))
/// });
/// let all: Vec<_> = Engine::BROWSERS.iter().copied().zip(&fetched).collect();
/// let groups = corsac_explain::sequence::groups(&request, &all, Some(Engine::Chromium), &[]);
/// assert_eq!(groups.len(), 1);
/// assert_eq!(groups[0]["names"], serde_json::json!(["Chromium", "Firefox", "Safari"]));
/// ```
pub fn groups(
    request: &Request,
    browsers: &[(Engine, &Fetched)],
    decides: Option<Engine>,
    cookies: &[String],
) -> Vec<Value> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (engine, fetched) in browsers.iter().copied() {
        let told: Vec<Value> = steps(request, fetched, engine, cookies).iter().map(Step::to_json).collect();
        let trace = rules(request, fetched, engine).iter().map(RuleRow::to_json).collect();
        let essence = told.iter().map(essence).collect();
        let story = Story { code: code(fetched), readable: readable(fetched), essence, trace };
        match groups.iter_mut().find(|group| {
            group.fetched.outcome.verdict() == fetched.outcome.verdict() && group.story == story
        }) {
            Some(group) => group.join(engine, &told),
            None => groups.push(Group { engines: vec![engine], fetched, story, steps: told }),
        }
    }
    groups.sort_by_key(|group| {
        let has_deciding = group.engines.iter().any(|engine| Some(*engine) == decides);
        (!has_deciding, std::cmp::Reverse(group.fetched.outcome.verdict()))
    });
    groups.into_iter().map(Group::into_json).collect()
}

struct Group<'f> {
    engines: Vec<Engine>,
    fetched: &'f Fetched,
    story: Story,
    steps: Vec<Value>,
}

/// What browsers have to agree about to be in one group.
#[derive(PartialEq)]
struct Story {
    code: Option<&'static str>,
    readable: Value,
    essence: Vec<Value>,
    trace: Vec<Value>,
}

fn code(fetched: &Fetched) -> Option<&'static str> {
    fetched.outcome.refusal().map(|refusal| refusal.reason.code().as_str())
}

/// Returns the status and the names of the headers that script sees, or null if it may not read the response.
fn readable(fetched: &Fetched) -> Value {
    let Outcome::Readable(response) = &fetched.outcome else { return Value::Null };
    let names = response.headers.iter().map(|line| line.name.to_ascii_lowercase());
    json!({ "status": response.status, "headers": names.collect::<Vec<_>>() })
}

/// Returns a step without what differs between browsers that do the same.
fn essence(step: &Value) -> Value {
    let mut step = step.clone();
    if let Value::Object(fields) = &mut step {
        fields.remove("ms");
        if let Some(Value::String(text)) = fields.get_mut("text") {
            *text = exception(text).unwrap_or(text).to_owned();
        }
    }
    step
}

/// Returns the kind of exception, without the words of the browser.
fn exception(text: &str) -> Option<&str> {
    let (kind, _) = text.split_once(": ")?;
    (kind == "`TypeError`").then_some(kind)
}

impl Group<'_> {
    fn join(&mut self, engine: Engine, steps: &[Value]) {
        self.engines.push(engine);
        for (own, other) in self.steps.iter_mut().zip(steps) {
            if own["text"] != other["text"] {
                // Their words differ, so none of them stands for all.
                *own = essence(own);
            }
        }
    }

    fn into_json(self) -> Value {
        let names: Vec<&str> = self.engines.iter().map(|engine| browser_name(*engine)).collect();
        let engines: Vec<&str> = self.engines.iter().map(|engine| engine.as_str()).collect();
        json!({
            "engines": engines,
            "names": names,
            "verdict": self.fetched.outcome.verdict().as_str(),
            "code": self.story.code,
            "readable": self.story.readable,
            "sequence": self.steps,
            "trace": self.story.trace,
        })
    }
}
