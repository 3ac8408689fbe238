//! The lines of a response: those that rules judged, in the order in which they did, and others that matter.

use std::collections::HashSet;

use corsac::browser::{
    CompletedExchange, Outcome, Reason, Refusal, Request, ResponseHead, Rule, RuleResult, Stage, TraceEntry,
};
use corsac::header::names::LOCATION;
use corsac::header::{HeaderLine, is_cors_header};

use super::failed::{self, Site};
use super::fold::fewer;
use super::line::Line;
use super::part::Part;
use super::passed;
use super::step::Step;
use crate::capitalized;
use crate::spelled;

/// What is needed to tell about a response.
pub(super) struct Told<'a> {
    pub(super) request: &'a Request,
    pub(super) outcome: &'a Outcome,
    /// The headers that script does not see, in lower case, although a page could want them.
    pub(super) hidden: &'a HashSet<String>,
}

pub(super) fn received(part: &Part<'_>, told: &Told<'_>) -> Step {
    let lines = part.completed.response().map(|response| lines(part, response, told)).unwrap_or_default();
    answer(part.completed.exchange.kind.as_str(), part.completed, lines)
}

/// Returns what came back, with these lines of it.
pub(super) fn answer(kind: &'static str, completed: &CompletedExchange, lines: Vec<Line>) -> Step {
    let ms = completed.elapsed.map(|elapsed| (elapsed.as_secs_f64() * 10_000.0).round() / 10.0);
    let (lines, more) = fewer(lines);
    let status = completed.response().map(|response| response.status);
    let error = completed.result.as_ref().err().map(|error| capitalized(&error.to_string()));
    Step::Received { kind, status, ms, error, lines, more }
}

fn lines(part: &Part<'_>, response: &ResponseHead, told: &Told<'_>) -> Vec<Line> {
    let exchange = &part.completed.exchange;
    let mut lines = Vec::new();
    for entry in part.after {
        match entry.result {
            RuleResult::Fail => {
                let site = Site { response: Some(response), url: &exchange.url, request: told.request };
                lines.extend(failure(entry, part.after, told.outcome.refusal(), &site));
            }
            _ => lines.extend(passed::passed(entry, response, told.request)),
        }
    }
    let mut judged: Vec<(String, Option<String>)> =
        lines.iter().map(|line| (line.name.to_ascii_lowercase(), line.value.clone())).collect();
    for received in &response.headers {
        let key = (spelled(&received.name).to_ascii_lowercase(), Some(received.text().into_owned()));
        if let Some(at) = judged.iter().position(|known| *known == key) {
            judged.swap_remove(at);
            continue;
        }
        let is_hidden = told.hidden.contains(&received.name.to_ascii_lowercase());
        if is_hidden || matters(received, response) {
            let script_sees = is_hidden.then_some(false);
            lines.push(Line { script_sees, ..Line::of(received) });
        }
    }
    lines
}

/// Fewer lines than in a report of text: who answered, and how it may be cached, is not what a browser decides on.
fn matters(line: &HeaderLine, response: &ResponseHead) -> bool {
    is_cors_header(&line.name) || line.is(LOCATION) && response.is_redirect()
}

/// Returns the line that failed. The last failure of a trace is the outcome's reason; a preflight that was redirected may have failed the CORS
/// check before.
pub(super) fn failure(
    entry: &TraceEntry,
    entries: &[TraceEntry],
    refusal: Option<&Refusal>,
    site: &Site<'_>,
) -> Vec<Line> {
    let is_last = entries.iter().rfind(|other| other.result == RuleResult::Fail) == Some(entry);
    let reason: Option<&Reason> = match refusal {
        Some(refusal) if is_last => Some(&refusal.reason),
        Some(refusal) if entry.rule == Rule::CorsCheck && entry.stage == Stage::Preflight => {
            refusal.cors_reason.as_ref()
        }
        _ => None,
    };
    match reason {
        Some(reason) => failed::lines(entry, reason, site),
        None => vec![Line::fact("rule", entry.rule.as_str()).fails(entry.rule, entry.evidence.as_ref())],
    }
}
