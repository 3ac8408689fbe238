//! The JSON report: schema `corsac.check/2`, or `corsac.why/2` if a policy answers, which adds the policy's decisions.

use corsac::browser::{CompletedExchange, Engine, Exchange, FilteredResponse, Outcome, Refusal};
use corsac::header::HeaderList;
use corsac_explain::diagnosis::Cause;
use corsac_explain::findings::Finding;
use serde_json::{Map, Value, json};

use super::controls::{Control, ControlResult};
use super::question::may_explain_failure;
use super::server::{Decided, Sent};
use super::{EngineReport, Question, Report, stack};

/// Returns the report as one JSON object.
pub(crate) fn print(question: &Question, report: &Report) -> Value {
    let request = &question.request;
    let Some(chosen) = report.chosen() else {
        return Value::Null;
    };
    let engines: Map<String, Value> = report
        .engines
        .iter()
        .map(|engine| (engine.engine.as_str().to_owned(), engine_report(engine, report, question)))
        .collect();
    let trace: Vec<Value> = chosen
        .fetched
        .trace
        .entries()
        .iter()
        .map(|entry| {
            json!({
                "rule": entry.rule.as_str(),
                "spec": entry.rule.spec(),
                "stage": entry.stage.as_str(),
                "result": entry.result.as_str(),
                "evidence": entry.evidence,
            })
        })
        .collect();
    let findings: Vec<Value> = report.findings.iter().map(Finding::to_json).collect();
    let mut object = json!({
        "schema": if question.server.policy().is_some() { "corsac.why/2" } else { "corsac.check/2" },
        "request": {
            "url": request.init().url.as_str(),
            "method": request.method(),
            "origin": request.origin().as_str(),
            "mode": request.init().mode.as_str(),
            "credentials": request.init().credentials.as_str(),
            "headers": headers(request.headers()),
        },
        "verdict": report.verdict_name(),
        "reason": chosen.fetched.outcome.refusal().map(reason),
        "exchanges": exchanges(chosen, question),
        "readable": readable(&chosen.fetched.outcome),
        "engines": engines,
        "browsers_agree": report.browsers_agree(),
        "trace": trace,
        "findings": findings,
    });
    if let (None, Value::Object(object)) = (question.server.policy(), &mut object) {
        let sent = |sent: &Sent| json!({ "method": sent.exchange.method, "url": sent.exchange.url.as_str(), "why": sent.why });
        let connected_to = question.connected_to.as_ref().map(url::Url::as_str);
        let url_of = connected_to.map(|_| request.init().url.as_str());
        object.insert("url_of".into(), json!(url_of));
        object.insert("connected_to".into(), json!(connected_to));
        object.insert("preflight_needed".into(), json!(report.is_preflight_needed()));
        let load = request.init().api.load().map(|load| load.as_str());
        object.insert("as".into(), json!(load));
        object
            .insert("controls".into(), report.controls.iter().map(|sent| control(sent, question)).collect());
        object.insert("sent".into(), report.sent.iter().map(sent).collect());
        object.insert(
            "diagnosis".into(),
            report
                .diagnosis
                .iter()
                .map(|one| cause(one, stack::advice_json(question, report, one)))
                .collect(),
        );
        object.insert("stacks".into(), stack::recognized_json(question, report));
    }
    object
}

/// Returns a cause. Header lines of the fix become names and values, and other lines are appended to its text.
pub(crate) fn cause(cause: &Cause, advice: Option<Value>) -> Value {
    let mut object = cause.to_json();
    if let (Some(advice), Some(stack)) = (advice, object.pointer_mut("/fix/stack")) {
        *stack = advice;
    }
    object
}

fn engine_report(report: &EngineReport, whole: &Report, question: &Question) -> Value {
    let outcome = &report.fetched.outcome;
    let mut object = Map::new();
    object.insert("verdict".into(), json!(whole.name_of(outcome.verdict())));
    object.insert("reason".into(), json!(outcome.refusal().map(|refusal| refusal.reason.code().as_str())));
    if report.engine.is_browser() {
        object.insert("console".into(), json!(report.console));
    }
    if question.server.policy().is_none() {
        let judged_on = report.judged_on().map(Engine::as_str);
        object.insert("judged_on".into(), json!(judged_on));
    }
    let sent = |report: &EngineReport| -> Vec<_> {
        report.fetched.exchanges.iter().map(|completed| completed.exchange.clone()).collect()
    };
    if whole.chosen().is_some_and(|chosen| sent(report) != sent(chosen)) {
        object.insert("exchanges".into(), exchanges(report, question));
    }
    Value::Object(object)
}

fn reason(refusal: &Refusal) -> Value {
    let detail: Map<String, Value> =
        refusal.reason.details().into_iter().map(|(name, text)| (name.to_owned(), json!(text))).collect();
    json!({ "code": refusal.reason.code().as_str(), "stage": refusal.stage.as_str(), "detail": detail })
}

fn exchanges(report: &EngineReport, question: &Question) -> Value {
    let completed = report.fetched.exchanges.iter().enumerate();
    completed
        .map(|(index, completed)| {
            let (name, value) = match report.decisions.get(index) {
                Some(decided) => ("decision", decision(decided)),
                None => ("from", json!(completed.from.unwrap_or(report.engine).as_str())),
            };
            let mut object = exchange(completed, question);
            object.insert(name.to_owned(), value);
            if question.server.policy().is_none() {
                object.insert("address".into(), address(completed));
                object.insert("body".into(), body(completed));
            }
            Value::Object(object)
        })
        .collect()
}

fn exchange(completed: &CompletedExchange, question: &Question) -> Map<String, Value> {
    let (response, error) = response(completed, question);
    let ms = completed.elapsed.map(|elapsed| (elapsed.as_secs_f64() * 10_000.0).round() / 10.0);
    let fields = [
        ("kind", json!(completed.exchange.kind.as_str())),
        ("request", request(&completed.exchange, question)),
        ("response", response),
        ("error", error),
        ("ms", json!(ms)),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

fn address(completed: &CompletedExchange) -> Value {
    json!(completed.address.map(|address| address.to_string()))
}

/// Returns the beginning of a body that may explain a failure, or null if it was not read or does not.
fn body(completed: &CompletedExchange) -> Value {
    const LONGEST_EXCERPT: usize = 2_048;
    let may_explain = completed.response().is_some_and(may_explain_failure);
    let Some(body) = completed.body.as_deref().filter(|_| may_explain) else { return Value::Null };
    let excerpt = body.get(..LONGEST_EXCERPT).unwrap_or(body);
    json!({ "excerpt": String::from_utf8_lossy(excerpt), "truncated": excerpt.len() < body.len() })
}

fn request(exchange: &Exchange, question: &Question) -> Value {
    let mut sent = exchange.headers.clone();
    if exchange.credentials && !question.cookies.is_empty() {
        sent.append("cookie", question.cookies.join("; "));
    }
    json!({ "method": exchange.method, "url": exchange.url.as_str(), "headers": headers(&sent) })
}

fn control(control: &Control, question: &Question) -> Value {
    let kind = control.kind.as_str();
    match &control.result {
        ControlResult::Skipped { exchange, why } => {
            json!({ "what": kind, "request": request(exchange, question), "skipped": why })
        }
        ControlResult::Sent(completed) => {
            let (response, error) = response(completed, question);
            let request = request(&completed.exchange, question);
            json!({
                "what": kind,
                "request": request,
                "response": response,
                "error": error,
                "address": address(completed),
                "body": body(completed),
            })
        }
    }
}

/// Returns the response and the error, one of which is null.
fn response(completed: &CompletedExchange, question: &Question) -> (Value, Value) {
    match &completed.result {
        Ok(head) => {
            let mut response = json!({ "status": head.status, "headers": headers(&head.headers) });
            if let (None, Value::Object(response)) = (question.server.policy(), &mut response) {
                response.insert("http_version".to_owned(), json!(completed.http_version));
            }
            (response, Value::Null)
        }
        Err(error) => (Value::Null, json!(error.to_string())),
    }
}

fn decision(decided: &Decided) -> Value {
    json!({
        "kind": decided.kind.as_str(),
        "allowed": decided.refusal.is_none(),
        "refusal": decided.refusal.map(|refusal| refusal.as_str()),
        "enforcement": decided.enforcement.as_str(),
        "text": decided.text,
        "advice": decided.advice,
    })
}

/// Returns the lines in order, with names in lower case. Bytes that are not UTF-8 become U+FFFD.
pub(crate) fn headers(list: &HeaderList) -> Vec<[String; 2]> {
    list.iter().map(|line| [line.name.to_ascii_lowercase(), line.text().into_owned()]).collect()
}

fn readable(outcome: &Outcome) -> Value {
    let Outcome::Readable(FilteredResponse { kind, status, headers: list, url, redirected, .. }) = outcome
    else {
        return Value::Null;
    };
    json!({
        "type": kind.as_str(),
        "status": status,
        "headers": headers(list),
        "url": url.as_ref().map(url::Url::as_str),
        "redirected": redirected,
    })
}
