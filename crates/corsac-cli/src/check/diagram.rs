//! The exchanges as steps of a sequence diagram, for the page of `corsac ui`.

use corsac::browser::Verdict;
use corsac_explain::sequence;
use serde_json::{Value, json};

use super::controls::ControlResult;
use super::{Question, Report};

/// Returns the browsers in groups that tell the same story: the one that decides the verdict first, then the strictest.
pub(super) fn groups(question: &Question, report: &Report) -> Vec<Value> {
    let browsers: Vec<_> = report.browsers().map(|engine| (engine.engine, &engine.fetched)).collect();
    let decides = report.chosen().map(|chosen| chosen.engine);
    let mut groups = sequence::groups(&question.request, &browsers, decides, &question.cookies);
    if report.preflight_only {
        for verdict in groups.iter_mut().filter_map(|group| group.get_mut("verdict")) {
            // What a request would be called that was not sent.
            let is_fine = ["readable", "opaque"].iter().any(|fine| verdict == fine);
            *verdict = if is_fine { json!(report.name_of(Verdict::Opaque)) } else { verdict.take() };
        }
    }
    groups
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
