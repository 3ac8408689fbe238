//! The page of `corsac demo --serve`: a button for each route, and Corsac's report of it.

use corsac_explain::Explanation;
use serde_json::{Value, json};

use super::addresses::Addresses;
use super::routes::CHAPTERS;
use super::{CheckedRoute, command, reason};
use crate::terminal::escaped_json;

/// Returns the page with the data of the routes. It loads nothing else.
pub(crate) fn html(addresses: &Addresses, checked: &[CheckedRoute]) -> String {
    // Inside a script element, `</script>` and `<!--` would end the data early.
    let data = json(addresses, checked).replace('<', "\\u003c");
    include_str!("page.html").replace("{{data}}", &data)
}

/// Returns the routes as JSON: the requests and their results.
pub(crate) fn json(addresses: &Addresses, checked: &[CheckedRoute]) -> String {
    let mut rest = checked.iter();
    let chapters: Vec<Value> = CHAPTERS
        .iter()
        .map(|chapter| {
            let routes: Vec<Value> =
                rest.by_ref().take(chapter.routes.len()).map(|checked| route(addresses, checked)).collect();
            json!({ "title": chapter.title, "about": chapter.about, "routes": routes })
        })
        .collect();
    escaped_json(&json!({ "page": addresses.page, "api": addresses.api, "fixed": addresses.fixed, "chapters": chapters }).to_string())
}

fn route(addresses: &Addresses, checked: &CheckedRoute) -> Value {
    let request = &checked.question.request;
    let refusal = checked.report.chosen().and_then(|report| report.fetched.outcome.refusal());
    let findings: Vec<Value> = checked
        .report
        .findings
        .iter()
        .map(|finding| json!({ "code": finding.code, "message": finding.message, "fix": finding.fix }))
        .collect();
    json!({
        "id": checked.route.id,
        "title": checked.route.title,
        "broken": checked.route.broken,
        "url": command::url(checked.route, addresses, &addresses.api),
        "init": command::fetch_init(&checked.route.request),
        "arguments": checked.arguments,
        "command": command::line(&checked.arguments),
        "expected": checked.route.expected.code(),
        "verdict": checked.report.verdict().as_str(),
        "reason": reason(checked),
        "explanation": refusal.map(|refusal| explanation(&corsac_explain::explain(refusal, request))),
        "findings": findings,
    })
}

fn explanation(explanation: &Explanation) -> Value {
    let fixes: Vec<Value> =
        explanation.fixes.iter().map(|fix| json!({ "text": fix.text, "lines": fix.lines })).collect();
    json!({ "title": explanation.title, "what": explanation.what, "causes": explanation.causes, "fixes": fixes })
}
