//! `corsac explain --list`: every code, word and stack.

use corsac::browser::ReasonCode;
use serde_json::{Value, json};

use super::{codes, diagnosis, finding, glossary, import, policy, product, target, verify};
use crate::stacks;
use crate::terminal::{STRONG, styled, wrap};

/// Returns the list for people.
pub(super) fn list() -> String {
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
    for (heading, codes) in [diagnosis::CAUSES.list(), diagnosis::LOOK_ALIKES.list(), finding::list()]
        .into_iter()
        .chain(policy::lists())
        .chain([verify::list(), import::list()])
    {
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
    page.push_str(&format!("{}\n{targets}\n", styled(STRONG, "Servers, frameworks and services")));
    let products = styled(STRONG, "Products with a CORS setting of their own");
    page.push_str(&format!("{products}\n{}\n", stacks::product_names()));
    page.push_str("Run `corsac explain` with one of these for details.\n");
    page
}

/// Returns the list for programs.
pub(super) fn list_json() -> Value {
    let codes: Vec<Value> = ReasonCode::ALL
        .iter()
        .map(|code| json!({ "code": code.as_str(), "cors": code.is_cors(), "title": corsac_explain::describe(*code).title }))
        .collect();
    let (problems, refusals) = policy::lists_json();
    json!({
        "schema": "corsac.explain-list/1",
        "codes": codes,
        "diagnoses": diagnosis::CAUSES.list_json(),
        "look_alikes": diagnosis::LOOK_ALIKES.list_json(),
        "findings": finding::list_json(),
        "problems": problems,
        "refusals": refusals,
        "differences": verify::list_json(),
        "notes": import::list_json(),
        "words": glossary::list_json(),
        "targets": target::names().collect::<Vec<_>>(),
        "products": product::list_json(),
    })
}
