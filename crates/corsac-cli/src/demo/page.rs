//! The page that people open with `corsac demo --serve`: a button for each route, and what Corsac says about it.

use corsac_explain::Explanation;
use serde_json::{Value, json};

use super::places::Places;
use super::routes::CHAPTERS;
use super::{Asked, command, reason};
use crate::terminal::escaped_json;

/// The page, with the data of the routes in it. It loads nothing else.
pub(crate) fn html(places: &Places, asked: &[Asked]) -> String {
    // Inside a script element, `</script>` and `<!--` would end the data early.
    let data = json(places, asked).replace('<', "\\u003c");
    include_str!("page.html").replace("{{data}}", &data)
}

/// The routes as JSON: what is asked, and what came of it.
pub(crate) fn json(places: &Places, asked: &[Asked]) -> String {
    let mut rest = asked.iter();
    let chapters: Vec<Value> = CHAPTERS
        .iter()
        .map(|chapter| {
            let routes: Vec<Value> =
                rest.by_ref().take(chapter.routes.len()).map(|asked| route(places, asked)).collect();
            json!({ "title": chapter.title, "routes": routes })
        })
        .collect();
    escaped_json(&json!({ "page": places.page, "api": places.api, "chapters": chapters }).to_string())
}

fn route(places: &Places, asked: &Asked) -> Value {
    let request = &asked.question.request;
    let refusal = asked.report.chosen().and_then(|report| report.fetched.outcome.refusal());
    let findings: Vec<Value> = asked
        .report
        .findings
        .iter()
        .map(|finding| json!({ "code": finding.code, "message": finding.message, "fix": finding.fix }))
        .collect();
    json!({
        "id": asked.route.id,
        "title": asked.route.title,
        "broken": asked.route.broken,
        "url": command::url(asked.route, places, &places.api),
        "init": command::fetch_init(&asked.route.ask),
        "arguments": asked.arguments,
        "command": command::line(&asked.arguments),
        "expected": asked.route.expected.code(),
        "verdict": asked.report.verdict().as_str(),
        "reason": reason(asked),
        "explanation": refusal.map(|refusal| explanation(&corsac_explain::explain(refusal, request))),
        "findings": findings,
    })
}

fn explanation(explanation: &Explanation) -> Value {
    let fixes: Vec<Value> =
        explanation.fixes.iter().map(|fix| json!({ "text": fix.text, "lines": fix.lines })).collect();
    json!({ "title": explanation.title, "what": explanation.what, "causes": explanation.causes, "fixes": fixes })
}
