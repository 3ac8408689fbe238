//! Real fetches with scripted answers, and the steps that they become.

mod controls;
mod folded;
mod generated;
mod grouped;
mod listed;
mod stories;
mod values;

use std::time::Duration;

use corsac::browser::{
    Client, Engine, Fetch, Fetched, NetworkError, PreflightCache, Request, RequestInit, ResponseHead,
};
use corsac::origin::Origin;
use serde_json::Value;

use super::steps;

pub(super) type Answer = Result<ResponseHead, NetworkError>;

pub(super) fn init(url: &str) -> RequestInit {
    let page = Client::new(Origin::parse("https://app.example.com").unwrap());
    RequestInit::new(url.parse().unwrap(), page)
}

pub(super) fn head(status: u16, headers: &[(&str, &str)]) -> Answer {
    Ok(ResponseHead::new(status, headers.iter().copied()))
}

/// Runs a fetch with these answers, the last of which is repeated.
pub(super) fn run(request: &Request, engine: Engine, answers: &[Answer]) -> Fetched {
    run_with(request, engine, answers, &mut PreflightCache::default())
}

pub(super) fn run_with(
    request: &Request,
    engine: Engine,
    answers: &[Answer],
    cache: &mut PreflightCache,
) -> Fetched {
    let mut next = answers.iter();
    let mut last = answers.last();
    let fetch = Fetch::new(request.clone(), engine.profile());
    fetch.run(cache, Duration::ZERO, |_| {
        last = next.next().or(last);
        last.unwrap().clone()
    })
}

/// Returns the steps as JSON.
pub(super) fn story(init: RequestInit, engine: Engine, answers: &[Answer]) -> Vec<Value> {
    let request = init.build().unwrap();
    let fetched = run(&request, engine, answers);
    steps(&request, &fetched, engine, &[]).iter().map(super::Step::to_json).collect()
}

/// Returns the steps in short, one a line: header lines with `+` if they passed, `!` if they failed.
pub(super) fn short(steps: &[Value]) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("null").to_owned();
    let mut page = String::new();
    for step in steps {
        let words = match step["step"].as_str().unwrap() {
            name @ "call" => format!("{name} {} | {}", text(&step["text"]), text(&step["note"])),
            name @ "lookup" => format!("{name} {} | {}", step["found"], text(&step["note"])),
            name @ "sent" => {
                format!("{name} {} {} {}", text(&step["kind"]), text(&step["method"]), text(&step["target"]))
            }
            name @ "received" if step["error"].is_string() => format!("{name} {}", text(&step["error"])),
            name @ "received" => format!("{name} {} {}", step["status"], text(&step["reason"])),
            name @ "hop" => format!("{name} {} | {}", text(&step["host"]), text(&step["note"])),
            name @ "fold" => format!("{name} {}", step["count"]),
            name @ "unsent" => format!("{name} {} {}", text(&step["method"]), text(&step["target"])),
            name => format!("{name} {} | {}", text(&step["verdict"]), text(&step["text"])),
        };
        page.push_str(&format!("{words}\n"));
        for line in step["lines"].as_array().into_iter().flatten() {
            let mark = match line["result"].as_str() {
                Some("pass") => '+',
                Some(_) => '!',
                None => ' ',
            };
            page.push_str(&format!("  {mark} {}: {}", text(&line["name"]), text(&line["value"])));
            if let Some(part) = line["mark"].as_str() {
                page.push_str(&format!(" _{part}_"));
            }
            if let Some(missing) = line["missing"].as_str() {
                page.push_str(&format!(" [{missing}]"));
            }
            if let Some(rule) = line["rule"].as_str() {
                page.push_str(&format!(" | {rule}, {}", text(&line["text"])));
            }
            if line["script_sees"] == false {
                page.push_str(" | hidden");
            }
            page.push('\n');
        }
    }
    page
}
