//! The articles of a page: what `corsac explain` says about a name, one article for each meaning, in the form that the template needs.

use corsac::browser::ReasonCode;
use corsac_stacks::{Shape, product};
use serde_json::{Value, json};

use super::catalogue::file_of;
use super::{Presets, examples};
use crate::explain;

/// Returns the articles of a name.
pub(super) fn all(name: &str, presets: &Presets) -> minijinja::Value {
    let articles = explain::meanings(name).into_iter().map(|entry| article(name, &entry, presets));
    minijinja::Value::from_serialize(articles.collect::<Vec<Value>>())
}

/// Adds to an entry what only the page shows.
fn article(name: &str, entry: &Value, presets: &Presets) -> Value {
    let (label, look) = label(entry);
    let is_reason = entry["kind"] == "reason";
    json!({
        "entry": with_all_fields(entry.clone()),
        "label": label,
        "look": look,
        "preset": presets.get(name).filter(|_| is_reason),
        "example": examples::example(name).filter(|_| is_reason),
        "links": links(entry),
        "causes": causes(name, entry),
        "fixes": fixes(entry),
        "names": names(entry),
        "see_also": see_also(entry),
        "product": more_of_product(name, entry),
    })
}

/// Adds the fields that the template asks of every entry and only some kinds have.
fn with_all_fields(mut entry: Value) -> Value {
    if let Value::Object(fields) = &mut entry {
        for name in ["acknowledgeable", "what", "why", "wrong", "right"] {
            fields.entry(name).or_insert(Value::Null);
        }
    }
    entry
}

/// What kind of thing the entry is about, in words, and how that looks: a verdict's class and a symbol.
fn label(entry: &Value) -> (String, Value) {
    let look = |class: &str, symbol: &str| json!({ "class": class, "symbol": symbol });
    let is_cors = entry["cors"] == true;
    let (label, look) = match entry["kind"].as_str().unwrap_or_default() {
        "reason" if is_cors => ("blocked by CORS", look("blocked", "blocked")),
        "reason" => ("failed, and not by CORS", look("failed", "failed")),
        "diagnosis" if is_cors => ("cause on the server: its CORS settings", look("neutral", "info")),
        "diagnosis" => ("cause on the server: not CORS", look("neutral", "info")),
        "look-alike" if is_cors => ("an earlier form of CORS", look("neutral", "info")),
        "look-alike" => ("looks like CORS, and is not", look("neutral", "info")),
        "finding" => ("finding of corsac check", look("warn", "warn")),
        "problem" if entry["severity"] == "error" => ("error in a policy file", look("blocked", "no")),
        "problem" => ("lint in a policy file", look("warn", "warn")),
        "refusal" => ("refused by a policy", look("blocked", "no")),
        "verify" => match entry["class"].as_str() {
            Some("open") => ("the server is too open", look("blocked", "no")),
            Some("closed") => ("the server is too closed", look("warn", "warn")),
            _ => ("the server is fragile", look("warn", "warn")),
        },
        "import" => match entry["class"].as_str() {
            Some("unsafe") => ("the configuration is unsafe", look("blocked", "no")),
            _ => ("about a configuration", look("warn", "warn")),
        },
        "word" => ("word", look("neutral", "info")),
        "target" => ("server or framework", look("neutral", "info")),
        _ => ("product", look("neutral", "info")),
    };
    (label.to_owned(), look)
}

/// The usual causes of a reason, each with how to tell.
fn causes(name: &str, entry: &Value) -> Value {
    let code = name.parse::<ReasonCode>().ok().filter(|_| entry["kind"] == "reason");
    let causes = code.map(corsac_explain::usual_causes).unwrap_or_default();
    causes.into_iter().map(|(cause, check)| json!({ "cause": cause, "check": check })).collect()
}

/// What to change about a reason. Advice that ends in the same header lines stands together, above them.
fn fixes(entry: &Value) -> Value {
    let fixes = entry["fixes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let same = |fix: &Value, next: &Value| fix["lines"] == next["lines"] && next["lines"] != json!([]);
    let together = fixes.chunk_by(same).map(|fixes| {
        let texts: Vec<&Value> = fixes.iter().map(|fix| &fix["text"]).collect();
        json!({ "texts": texts, "lines": fixes.first().map(|fix| &fix["lines"]) })
    });
    together.collect()
}

/// What browsers call a reason.
fn names(entry: &Value) -> Value {
    let chromium =
        ["/chromium/request", "/chromium/preflight"].into_iter().filter_map(|name| entry.pointer(name));
    let firefox = entry["firefox"].as_array().into_iter().flatten();
    let rows = [("Chromium", chromium.collect::<Vec<_>>()), ("Firefox", firefox.collect())];
    let rows = rows.into_iter().filter_map(|(browser, names)| {
        let names: Vec<&str> = names.into_iter().filter_map(Value::as_str).collect();
        (!names.is_empty()).then(|| json!({ "browser": browser, "names": names.join(", ") }))
    });
    rows.collect()
}

/// The documents about a reason.
fn links(entry: &Value) -> Value {
    let urls = [&entry["spec"], &entry["mdn"]].into_iter().filter_map(Value::as_str);
    urls.map(|url| json!({ "url": url, "title": title_of(url) })).collect()
}

/// Returns the title of a document, from its address.
fn title_of(url: &str) -> String {
    let section = url.rsplit(['#', '/']).next().unwrap_or_default();
    let words = section.trim_start_matches("concept-").replace('-', " ");
    let words = words.replace("cors", "CORS").replace("http ", "HTTP ").replace("http", "HTTP");
    match url.split('/').nth(2).unwrap_or_default() {
        "developer.mozilla.org" => format!("MDN: {section}"),
        "fetch.spec.whatwg.org" => format!("Fetch standard: {words}"),
        "html.spec.whatwg.org" => format!("HTML standard: {words}"),
        "xhr.spec.whatwg.org" => format!("XMLHttpRequest standard: {words}"),
        host => format!("{host}: {words}"),
    }
}

/// What to read next: other codes and words, with their pages.
fn see_also(entry: &Value) -> Value {
    let names = [&entry["related"], &entry["see_also"]].into_iter().filter_map(Value::as_array).flatten();
    let names = names.filter_map(Value::as_str);
    names.map(|name| json!({ "name": name, "file": file_of(name) })).collect()
}

/// What the sentences of `corsac explain` say about a product beyond the fields that programs read.
fn more_of_product(name: &str, entry: &Value) -> Option<Value> {
    let product = product(name).filter(|_| entry["kind"] == "product")?;
    let shapes = product.shapes.iter().filter(|shape| **shape != Shape::Other);
    let warning = product.setting.as_ref().and_then(|setting| setting.kind.warning());
    Some(json!({ "shapes": shapes.map(|shape| shape.sentence()).collect::<Vec<_>>(), "warning": warning }))
}
