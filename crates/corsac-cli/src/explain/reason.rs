//! Codes of browsers' reasons.

use corsac::browser::ReasonCode;
use corsac_explain::Explanation;
use serde_json::{Value, json};

use crate::terminal::{FAINT, LINE, STRONG, styled, wrap};

/// The page of this code, if it is a reason's.
pub(super) fn page(code: &str) -> Option<(String, Value)> {
    let explanation = corsac_explain::describe(code.parse::<ReasonCode>().ok()?);
    Some((text(&explanation), as_json(&explanation)))
}

fn text(explanation: &Explanation) -> String {
    let kind = if explanation.code.is_cors() { "blocked by CORS" } else { "not CORS" };
    let mut page = format!("{}  {}\n", styled(STRONG, explanation.code.as_str()), styled(FAINT, kind));
    page.push_str(&wrap(&explanation.title, "", ""));
    let mut section = |title: &str, paragraphs: &str| {
        if !paragraphs.is_empty() {
            page.push_str(&format!("\n{}\n{paragraphs}", styled(STRONG, title)));
        }
    };
    section("What happened", &wrap(&explanation.what, "  ", "  "));
    section("Why browsers do this", &wrap(&explanation.why, "  ", "  "));
    let causes: String = explanation.causes.iter().map(|cause| wrap(cause, "  - ", "    ")).collect();
    section("Usual causes, the most likely first", &causes);
    let mut fixes = String::new();
    for fix in &explanation.fixes {
        fixes.push_str(&wrap(&fix.text, "  - ", "    "));
        for line in &fix.lines {
            fixes.push_str(&format!("      {}\n", styled(LINE, line)));
        }
    }
    section("What to change", &fixes);
    let mut names = String::new();
    let chromium = [explanation.chromium.request, explanation.chromium.preflight];
    let chromium: Vec<&str> = chromium.into_iter().flatten().collect();
    for (who, known_as) in [("Chromium", chromium.as_slice()), ("Firefox", explanation.firefox)] {
        if !known_as.is_empty() {
            names.push_str(&wrap(&known_as.join(", "), &format!("  {who:9} "), "            "));
        }
    }
    section("What browsers call it", &names);
    let related: Vec<&str> = explanation.related.iter().map(|code| code.as_str()).collect();
    section(
        "See also",
        &if related.is_empty() { String::new() } else { wrap(&related.join(", "), "  ", "  ") },
    );
    let links = explanation.mdn.iter().chain([&explanation.spec]);
    let links: String = links.map(|link| format!("  {link}\n")).collect();
    section("More information", &links);
    page
}

fn as_json(explanation: &Explanation) -> Value {
    let fixes: Vec<Value> =
        explanation.fixes.iter().map(|fix| json!({ "text": fix.text, "lines": fix.lines })).collect();
    let related: Vec<&str> = explanation.related.iter().map(|code| code.as_str()).collect();
    json!({
        "code": explanation.code.as_str(),
        "kind": "reason",
        "cors": explanation.code.is_cors(),
        "title": explanation.title,
        "what": explanation.what,
        "why": explanation.why,
        "causes": explanation.causes,
        "fixes": fixes,
        "chromium": { "request": explanation.chromium.request, "preflight": explanation.chromium.preflight },
        "firefox": explanation.firefox,
        "related": related,
        "spec": explanation.spec,
        "mdn": explanation.mdn,
    })
}
