//! The exchanges as steps of a sequence diagram, for the page of `corsac ui`.

use corsac_explain::browser_name;
use corsac_explain::sequence::{self, RuleRow, Step};
use serde_json::{Value, json};

use super::controls::ControlResult;
use super::{EngineReport, Question, Report};

/// Returns the browsers in groups that tell the same story, the strictest first.
pub(super) fn groups(question: &Question, report: &Report) -> Vec<Value> {
    struct Group<'r> {
        engines: Vec<&'r EngineReport>,
        story: Value,
        sequence: Value,
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for engine in report.browsers() {
        let sequence = steps(question, engine);
        let story = story(question, report, engine, &sequence);
        match groups.iter_mut().find(|group| group.story == story) {
            Some(group) => group.engines.push(engine),
            None => groups.push(Group { engines: vec![engine], story, sequence }),
        }
    }
    let verdict = |group: &Group<'_>| group.engines.first().map(|engine| engine.fetched.outcome.verdict());
    groups.sort_by_key(|group| std::cmp::Reverse(verdict(group)));
    let group = |mut group: Group<'_>| {
        let engines: Vec<&str> = group.engines.iter().map(|engine| engine.engine.as_str()).collect();
        let names: Vec<&str> = group.engines.iter().map(|engine| browser_name(engine.engine)).collect();
        json!({
            "engines": engines,
            "names": names,
            "verdict": group.story["verdict"].take(),
            "code": group.story["code"].take(),
            "sequence": group.sequence,
            "trace": group.story["trace"].take(),
        })
    };
    groups.into_iter().map(group).collect()
}

/// Returns the requests that were sent besides, to compare, and their answers.
pub(super) fn controls(question: &Question, report: &Report) -> Vec<Value> {
    let sent = report.controls.iter().filter_map(|control| match &control.result {
        ControlResult::Sent(completed) => {
            Some(sequence::control(&question.request, control.kind.as_request(), completed))
        }
        ControlResult::Skipped { .. } => None,
    });
    sent.flatten().map(|step| step.to_json()).collect()
}

fn steps(question: &Question, engine: &EngineReport) -> Value {
    let steps = sequence::steps(&question.request, &engine.fetched, engine.engine, &question.cookies);
    steps.iter().map(Step::to_json).collect()
}

/// Returns what makes browsers differ. How long an answer took does not.
fn story(question: &Question, report: &Report, engine: &EngineReport, sequence: &Value) -> Value {
    let mut steps = sequence.clone();
    for step in steps.as_array_mut().into_iter().flatten() {
        if let Value::Object(step) = step {
            step.remove("ms");
        }
    }
    let outcome = &engine.fetched.outcome;
    let trace = sequence::rules(&question.request, &engine.fetched, engine.engine);
    json!({
        "verdict": report.name_of(outcome.verdict()),
        "code": outcome.refusal().map(|refusal| refusal.reason.code().as_str()),
        "steps": steps,
        "trace": trace.iter().map(RuleRow::to_json).collect::<Vec<_>>(),
    })
}
