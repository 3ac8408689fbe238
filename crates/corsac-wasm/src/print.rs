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
        "diagnosis": played.diagnosis.iter().map(cause).collect::<Vec<_>>(),
        "findings": played.findings.iter().map(finding).collect::<Vec<_>>(),
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

/// Browsers that tell the same story, the strictest first.
fn groups(played: &Played) -> Vec<Value> {
    let browsers: Vec<_> = played.engines.iter().map(|run| (run.engine, &run.fetched)).collect();
    sequence::groups(&played.request, &browsers, &[])
}

/// A cause as in `corsac.check/2`.
fn cause(cause: &Cause) -> Value {
    let headers: Vec<_> = cause.fix.headers().map(|(name, value)| [name, value]).collect();
    let stack = cause.fix.stack.as_ref().map(|stack| json!({ "name": stack.name, "lines": stack.lines }));
    json!({
        "code": cause.code,
        "layer": cause.layer.as_str(),
        "confidence": cause.confidence.as_str(),
        "cors": cause.is_cors,
        "title": cause.title,
        "evidence": cause.evidence,
        "fix": {
            "text": cause.fix.whole_text(),
            "headers": headers,
            "stack": stack,
            "safe_to_paste": !headers.is_empty(),
        },
    })
}

/// A finding as in `corsac.check/2`.
fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "fix": finding.fix,
    })
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
