//! `corsac explain`: what a code or a word means.
//!
//! A code names the reason for which a browser refuses a response, the cause that `corsac check` found on the server, a problem in a policy
//! file, the reason for which a policy refuses a request, or a difference that `corsac verify` found. A few codes are in two of these sets. What is
//! not a code is looked up in the glossary, and then among the servers, frameworks and products that `corsac stacks` lists.

mod diagnosis;
mod glossary;
mod policy;
mod product;
mod target;
mod verify;

use corsac::browser::ReasonCode;
use corsac::origin::Origin;
use corsac_explain::Explanation;
use serde_json::{Value, json};

use crate::arguments::ExplainArguments;
use crate::stacks;
use crate::suggestion::nearest;
use crate::terminal::{self, FAINT, LINE, STRONG, printable_argument, styled, wrap};

/// Returns the page to print, or an error for what is neither a code, nor a word, nor a stack.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<String, String> {
    let Some(given) = &arguments.code else {
        return Ok(if arguments.json { list_json() } else { list() });
    };
    let (text, object) = answer(given, arguments.origin.as_ref())?;
    Ok(if arguments.json { terminal::json(&object) } else { text })
}

/// Returns the page of a code, a word or a stack as text and as JSON, or an error for anything else.
pub(crate) fn answer(given: &str, origin: Option<&Origin>) -> Result<(String, Value), String> {
    let code = given.to_ascii_lowercase();
    let reason = code.parse::<ReasonCode>().ok().map(corsac_explain::describe);
    let reason = reason.map(|explanation| (page(&explanation), as_json(&explanation)));
    let mut pages = reason
        .into_iter()
        .chain(diagnosis::page(&code))
        .chain(policy::pages(&code))
        .chain(verify::page(&code));
    let Some((mut text, mut object)) = pages.next().or_else(|| glossary::page(given)) else {
        let target = target::page(given);
        if target.is_some() && origin.is_some() {
            return Err(origin_is_for_products(given));
        }
        return target.or_else(|| product::page(given, origin)).ok_or_else(|| unknown(given));
    };
    if origin.is_some() {
        return Err(origin_is_for_products(given));
    }
    let mut also = Vec::new();
    for (other_text, other_object) in pages {
        text.push_str(&format!("\n\nThe same code has a second meaning.\n\n{other_text}"));
        also.push(other_object);
    }
    if let (Value::Object(object), false) = (&mut object, also.is_empty()) {
        object.insert("also".into(), Value::Array(also));
    }
    Ok((text, object))
}

fn origin_is_for_products(given: &str) -> String {
    format!("`--origin` is for products, such as `ollama`, and `{}` is not one", printable_argument(given))
}

fn unknown(given: &str) -> String {
    if corsac_explain::findings::CODES.contains(&given) {
        return format!(
            "`{given}` is the code of a finding of `corsac check`, whose report says what to change."
        );
    }
    let known = codes().chain(glossary::words()).chain(target::names()).chain(product::names());
    let near: Vec<String> = nearest(given, known).iter().take(3).map(|name| format!("`{name}`")).collect();
    let hint = match near.split_last() {
        Some((last, [])) => format!(" Did you mean {last}?"),
        Some((last, rest)) => format!(" Did you mean {} or {last}?", rest.join(", ")),
        None => String::new(),
    };
    format!(
        "`{}` is neither a code, nor a word, nor a server, framework or product that Corsac explains.{hint} `corsac explain --list` prints all of them.",
        printable_argument(given)
    )
}

/// Every code of any kind.
fn codes() -> impl Iterator<Item = &'static str> {
    let reasons = ReasonCode::ALL.iter().map(|code| code.as_str());
    reasons.chain(diagnosis::codes()).chain(policy::codes()).chain(verify::codes())
}

fn list() -> String {
    let longest = codes().map(str::len).max().unwrap_or_default();
    let mut page = String::new();
    for (heading, is_cors) in [("Blocked by CORS", true), ("Failed for another reason", false)] {
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
    for (heading, codes) in [diagnosis::list()].into_iter().chain(policy::lists()).chain([verify::list()]) {
        page.push_str(&format!("{}\n", styled(STRONG, heading)));
        for (code, title) in codes {
            page.push_str(&wrap(
                title,
                &format!("  {code:longest$}  "),
                &" ".repeat(longest.saturating_add(4)),
            ));
        }
        page.push('\n');
    }
    page.push_str(&format!("{}\n{}\n", styled(STRONG, "Words"), glossary::list()));
    let targets: Vec<&str> = target::names().collect();
    let targets = wrap(&targets.join(", "), "  ", "  ");
    page.push_str(&format!("{}\n{targets}\n", styled(STRONG, "Servers and frameworks")));
    let products = styled(STRONG, "Products with a CORS setting of their own");
    page.push_str(&format!("{products}\n{}\n", stacks::product_names()));
    page.push_str("Run `corsac explain` with one of these for details.\n");
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
    section("More information", &links);
    page
}

fn as_json(explanation: &Explanation) -> Value {
    let fixes: Vec<Value> =
        explanation.fixes.iter().map(|fix| json!({ "text": fix.text, "lines": fix.lines })).collect();
    let related: Vec<&str> = explanation.related.iter().map(|code| code.as_str()).collect();
    json!({
        "schema": "corsac.explain/1",
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

fn list_json() -> String {
    let codes: Vec<Value> = ReasonCode::ALL
        .iter()
        .map(|code| json!({ "code": code.as_str(), "cors": code.is_cors(), "title": corsac_explain::describe(*code).title }))
        .collect();
    let (problems, refusals) = policy::lists_json();
    let list = json!({
        "schema": "corsac.explain/1",
        "codes": codes,
        "diagnoses": diagnosis::list_json(),
        "problems": problems,
        "refusals": refusals,
        "differences": verify::list_json(),
        "words": glossary::list_json(),
        "targets": target::names().collect::<Vec<_>>(),
        "products": product::list_json(),
    });
    terminal::json(&list)
}
