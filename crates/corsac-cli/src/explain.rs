//! `corsac explain`: what a reason code means.

use corsac::browser::ReasonCode;
use corsac_explain::Explanation;
use serde_json::{Value, json};

use crate::arguments::ExplainArguments;
use crate::terminal::{FAINT, LINE, STRONG, styled, wrap};

/// The page to print, or what is wrong with the arguments.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<String, String> {
    let Some(given) = &arguments.code else {
        return Ok(if arguments.json { list_json() } else { list() });
    };
    let code: ReasonCode = given.parse().map_err(|_| unknown(given))?;
    let explanation = corsac_explain::describe(code);
    Ok(if arguments.json { format!("{:#}\n", as_json(&explanation)) } else { page(&explanation) })
}

fn unknown(given: &str) -> String {
    if corsac_explain::findings::CODES.contains(&given) {
        return format!(
            "`{given}` is a finding, not a reason code: `corsac check` says beside it what to change."
        );
    }
    let alike = |code: &&str| (strsim::jaro_winkler(code, given) * 1_000.0) as u32;
    let nearest = ReasonCode::ALL.iter().map(|code| code.as_str()).max_by_key(alike);
    let hint = match nearest {
        Some(code) if alike(&code) > 800 => format!(" Did you mean `{code}`?"),
        _ => String::new(),
    };
    format!("`{given}` is not a reason code.{hint} `corsac explain --list` prints all of them.")
}

fn list() -> String {
    let longest = ReasonCode::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or_default();
    let mut page = String::new();
    for (heading, is_cors) in [("Blocked by CORS", true), ("Failed, and not by CORS", false)] {
        page.push_str(&format!("{}\n", styled(STRONG, heading)));
        for code in ReasonCode::ALL.iter().filter(|code| code.is_cors() == is_cors) {
            let first = format!("  {:longest$}  ", code.as_str());
            page.push_str(&wrap(
                &corsac_explain::describe(*code).title,
                &first,
                &" ".repeat(longest.saturating_add(4)),
            ));
        }
        page.push('\n');
    }
    page.push_str("corsac explain CODE says more about one.\n");
    page
}

fn page(explanation: &Explanation) -> String {
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
    section("Read on", &links);
    page
}

fn as_json(explanation: &Explanation) -> Value {
    let fixes: Vec<Value> =
        explanation.fixes.iter().map(|fix| json!({ "text": fix.text, "lines": fix.lines })).collect();
    let related: Vec<&str> = explanation.related.iter().map(|code| code.as_str()).collect();
    json!({
        "schema": "corsac.explain/1",
        "code": explanation.code.as_str(),
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

fn list_json() -> String {
    let codes: Vec<Value> = ReasonCode::ALL
        .iter()
        .map(|code| json!({ "code": code.as_str(), "cors": code.is_cors(), "title": corsac_explain::describe(*code).title }))
        .collect();
    format!("{:#}\n", json!({ "schema": "corsac.explain/1", "codes": codes }))
}
