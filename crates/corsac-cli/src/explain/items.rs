//! Failures that a text or a recording shows: for people and for programs.

use corsac_explain::{Item, browser_name};
use serde_json::{Map, Value, json};

use crate::check::{json as check_json, told_cause};
use crate::terminal::{BAD, CAREFUL, FAINT, LINE, STRONG, printable, printable_words, styled, wrap};

/// Returns the items for programs.
pub(crate) fn json(items: &[Item]) -> Vec<Value> {
    items.iter().map(item_as_json).collect()
}

fn item_as_json(item: &Item) -> Value {
    let values: Map<String, Value> =
        item.values.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let mut object = json!({
        "engine": item.engine.map_or("unknown", |engine| engine.as_str()),
        "code": item.code(),
        "codes": item.codes,
        "cors": item.cors,
        "stage": item.stage.map_or("unknown", |stage| stage.as_str()),
        "url": item.url,
        "origin": item.origin,
        "values": values,
        "text": item.text,
        "diagnosis": item.diagnosis.iter().map(|cause| check_json::cause(cause, None)).collect::<Vec<_>>(),
    });
    if let (Some(entry), Value::Object(object)) = (item.entry, &mut object) {
        object.insert("entry".into(), json!(entry));
    }
    object
}

/// Returns the items for people, in the order given.
pub(super) fn text(items: &[Item]) -> String {
    let mut page = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            page.push('\n');
        }
        page.push_str(&headline(item));
        page.push_str(&where_and_who(item));
        for (index, cause) in item.diagnosis.iter().enumerate() {
            page.push_str(&told_cause(cause, index > 0));
        }
        page.push_str(&more(item));
    }
    page
}

fn headline(item: &Item) -> String {
    let (mark, word, style) = match item.cors {
        Some(true) => ("✗", "BLOCKED BY CORS", BAD),
        Some(false) => ("✗", "NOT CORS", CAREFUL),
        None => ("?", "MAY BE CORS", CAREFUL),
    };
    let code = item.code().map_or_else(String::new, |code| format!("  {}", styled(STRONG, code)));
    format!("{} {}{code}\n", styled(style, mark), styled(style.bold(), word))
}

/// Says what the text tells: the request, the page, the browser.
fn where_and_who(item: &Item) -> String {
    let mut parts = Vec::new();
    if let Some(url) = &item.url {
        let method =
            item.value("method").map_or_else(String::new, |method| format!("{} ", printable(method)));
        parts.push(format!("{method}{}", printable(url)));
    }
    if let Some(origin) = &item.origin {
        parts.push(format!("from {}", printable(origin)));
    }
    let mut about = Vec::new();
    about.extend(item.engine.map(|engine| format!("message of {}", browser_name(engine))));
    about.extend(item.stage.map(|stage| format!("stage: {}", stage.as_str())));
    about.extend(item.value("status").map(|status| format!("status {}", printable(status))));
    about.extend(item.entry.map(|entry| format!("entry {entry}")));
    let mut page = String::new();
    for line in [parts.join(" "), about.join(", ")].iter().filter(|line| !line.is_empty()) {
        page.push_str(&styled(FAINT, &wrap(line, "  ", "  ")));
    }
    page
}

/// Says how to learn more.
fn more(item: &Item) -> String {
    let mut text = String::new();
    let check = match (&item.url, &item.origin) {
        (Some(url), Some(origin)) if item.cors != Some(false) && url.starts_with("http") => {
            let method = item.value("method").filter(|method| !matches!(*method, "GET" | "OPTIONS"));
            let method = method.map_or_else(String::new, |method| format!(" -X {method} --preflight-only"));
            let words = [url.as_str(), "--origin", origin.as_str()];
            let command = shlex::try_join(words).unwrap_or_default();
            Some(format!("corsac check {command}{method}"))
        }
        _ => None,
    };
    let told = item.diagnosis.first().map(|cause| cause.code).filter(|code| *code != "reason-not-shown");
    if let Some(code) = told.or(item.code()) {
        text.push_str(&format!("`corsac explain {code}` says more. "));
    }
    if check.is_some() {
        text.push_str("To ask the server now:");
    }
    let mut page = String::new();
    if !text.trim().is_empty() {
        page.push('\n');
        page.push_str(&styled(FAINT, &wrap(&printable_words(text.trim()), "  ", "  ")));
    }
    if let Some(check) = check {
        page.push_str(&format!("      {}\n", styled(LINE, &printable(&check))));
    }
    page
}
