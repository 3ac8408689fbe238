//! The result as JSON: the schema `corsac.play/1`.

use corsac::browser::Outcome;
use corsac_explain::browser_name;
use corsac_explain::diagnosis::Cause;
use corsac_explain::findings::Finding;
use corsac_explain::sequence;
use serde_json::{Map, Value, json};

use crate::engines::{Played, Run};
use crate::given::Play;
use crate::marks::Mark;
use crate::{answer_marks, request_marks, words};

pub(crate) const SCHEMA: &str = "corsac.play/1";

pub(crate) fn print(play: &Play, played: &Played) -> Value {
    let Some(run) = played.deciding() else {
        return Value::Null;
    };
    let refusal = run.fetched.outcome.refusal();
    let words = words::words(played, run);
    let mut verdicts = played.engines.iter().map(|run| run.fetched.outcome.verdict());
    let first = verdicts.next();
    let engines: Vec<Value> = played.engines.iter().map(engine).collect();
    let consoles: Map<String, Value> =
        played.engines.iter().map(|run| (run.engine.as_str().to_owned(), json!(run.console))).collect();
    json!({
        "schema": SCHEMA,
        "error": null,
        "verdict": run.fetched.outcome.verdict().as_str(),
        "code": code(&run.fetched.outcome),
        "stage": refusal.map(|refusal| refusal.stage.as_str()),
        "headline": words.headline,
        "sentences": words.sentences,
        "engines": engines,
        "browsers_agree": verdicts.all(|verdict| Some(verdict) == first),
        "groups": groups(played),
        "console": consoles,
        "diagnosis": played.diagnosis.iter().map(Cause::to_json).collect::<Vec<_>>(),
        "findings": played.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
        "marks": marks(play, played, run),
    })
}

fn code(outcome: &Outcome) -> Option<&'static str> {
    outcome.refusal().map(|refusal| refusal.reason.code().as_str())
}

fn engine(run: &Run) -> Value {
    let outcome = &run.fetched.outcome;
    json!({
        "engine": run.engine.as_str(),
        "name": browser_name(run.engine),
        "verdict": outcome.verdict().as_str(),
        "code": code(outcome),
    })
}

/// Browsers that tell the same story, those that decide first.
fn groups(played: &Played) -> Vec<Value> {
    let browsers: Vec<_> = played.engines.iter().map(|run| (run.engine, &run.fetched)).collect();
    sequence::groups(&played.request, &browsers, Some(played.decides), &[])
}

fn marks(play: &Play, played: &Played, run: &Run) -> Value {
    let request = request_marks::marks(&play.request.headers, &played.request);
    let mut fields = vec![("request.headers".to_owned(), request)];
    // What a policy answers is not written in a field.
    if play.policy.is_none() {
        fields.extend(answer_marks::marks(play, played, run));
    }
    let fields = fields.into_iter().map(|(field, marks)| (field, marks.iter().map(Mark::to_json).collect()));
    Value::Object(fields.collect())
}
