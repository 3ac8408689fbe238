//! The pages themselves: all of them, whole, and nothing but text in them.

use std::collections::BTreeSet;

use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::*;

/// The environment with a base of which only the blocks matter.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let base = "<!doctype html><html lang=en><head><title>{% block title %}{% endblock %}</title>{% block scripts %}{% endblock %}</head>\
                <body><main id=main>{% block main %}{% endblock %}</main></body></html>";
    environment.add_template("base.html", base).unwrap();
    set_up(&mut environment).unwrap();
    environment
}

fn rendered(environment: &Environment<'_>, file: &str) -> String {
    let common = minijinja::Value::from_serialize(json!({ "root": "..", "served": "binary", "wasm": false }));
    page(environment, file, &common, &Presets::new()).unwrap().unwrap()
}

/// The relative links of a page.
fn links(html: &Html) -> Vec<String> {
    let selector = Selector::parse("a[href]").unwrap();
    let all = html.select(&selector).map(|link| link.attr("href").unwrap().to_owned());
    all.filter(|target| !target.starts_with("https:")).collect()
}

#[test]
fn every_name_that_explain_lists_has_a_page_and_the_index_leads_to_it() {
    let environment = environment();
    let index = rendered(&environment, INDEX);
    let reached: BTreeSet<String> = links(&Html::parse_document(&index)).into_iter().collect();
    let list = crate::explain::list();
    let mut names: Vec<&str> = Vec::new();
    for rows in list.as_object().unwrap().values().filter_map(Value::as_array) {
        for row in rows {
            let fields = [&row["code"], &row["word"], &row["name"], row];
            names.push(fields.into_iter().find_map(Value::as_str).unwrap());
        }
    }
    assert!(names.len() > 250, "{}", names.len());
    for name in names {
        let file = format!("{name}.html");
        assert!(reached.contains(&file), "{file} is not in the index");
        let html = Html::parse_document(&rendered(&environment, &file));
        let meanings = html.select(&Selector::parse("article h1").unwrap()).count();
        assert_eq!(meanings, crate::explain::meanings(name).len(), "{name}");
    }
}

#[test]
fn file_names_are_plain_and_not_those_of_other_pages() {
    let files: Vec<&str> = files().collect();
    let distinct: BTreeSet<&str> = files.iter().copied().collect();
    assert_eq!(files.len(), distinct.len());
    for file in files {
        let name = file.strip_suffix(".html").unwrap();
        assert!(
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{file}"
        );
    }
}

#[test]
fn a_file_that_is_no_page_is_none() {
    let common = minijinja::Value::from_serialize(json!({}));
    for file in ["", "no-such-code.html", "../index.html", "allow-origin-missing", "read.html"] {
        assert_eq!(page(&environment(), file, &common, &Presets::new()).unwrap(), None, "{file}");
    }
}

#[test]
fn a_preset_of_play_is_offered_on_the_page_of_its_code() {
    let presets = Presets::from([("method-not-allowed".to_owned(), "put".to_owned())]);
    let common = minijinja::Value::from_serialize(json!({ "root": "..", "served": "export", "wasm": false }));
    let of = |file: &str| page(&environment(), file, &common, &presets).unwrap().unwrap();
    assert!(of("method-not-allowed.html").contains("href=\"../play.html#preset=put\""));
    assert!(!of("header-not-allowed.html").contains("play.html"));
    assert!(!of("header-not-allowed.html").contains("../index.html"), "Ask is not in an export");
}

#[test]
fn markup_in_an_entry_is_text() {
    const HOSTILE: &str = "</p><script>alert(1)</script>`<img src=x onerror=alert(1)>`\" onclick=\"alert(1)";
    let entries = [
        json!({ "kind": "reason", "title": HOSTILE, "what": HOSTILE, "why": HOSTILE }),
        json!({ "kind": "problem", "title": HOSTILE, "why": HOSTILE, "fix": HOSTILE, "wrong": HOSTILE, "right": HOSTILE, "acknowledgeable": true }),
        json!({ "kind": "word", "definition": HOSTILE, "synonyms": [HOSTILE], "details": HOSTILE, "example": [HOSTILE] }),
        json!({ "kind": "target", "title": HOSTILE, "traps": [HOSTILE], "limits": [{ "feature": HOSTILE, "text": HOSTILE }] }),
        json!({ "kind": "product", "title": HOSTILE, "default": HOSTILE, "alternative": HOSTILE, "setting": { "instruction": HOSTILE, "lines": HOSTILE },
                "refusal": HOSTILE, "traps": [HOSTILE], "evidence": [HOSTILE], "read": HOSTILE, "confidence": HOSTILE, "tried": HOSTILE }),
    ];
    let article = |mut entry: Value| {
        for field in ["acknowledgeable", "what", "why", "wrong", "right"] {
            entry[field] = entry[field].take();
        }
        json!({
            "label": HOSTILE, "look": { "class": HOSTILE, "symbol": HOSTILE }, "preset": HOSTILE, "fixes": [{ "texts": [HOSTILE], "lines": [HOSTILE] }, { "texts": [HOSTILE, HOSTILE], "lines": [] }], "example": { "asked": HOSTILE, "before": HOSTILE, "wrong": HOSTILE, "after": HOSTILE }, "links": [{ "url": HOSTILE, "title": HOSTILE }],
            "causes": [{ "cause": HOSTILE, "check": HOSTILE }], "names": [{ "browser": HOSTILE, "names": HOSTILE }],
            "see_also": [{ "name": HOSTILE, "file": HOSTILE }], "product": { "shapes": [HOSTILE], "warning": HOSTILE }, "entry": entry,
        })
    };
    let articles: Vec<Value> = entries.into_iter().map(article).collect();
    let rows = json!([{ "name": HOSTILE, "title": HOSTILE, "file": HOSTILE, "also": HOSTILE }]);
    let groups = json!([{ "id": HOSTILE, "heading": HOSTILE, "rows": rows }]);
    for template in ["read-article.html", "read-index.html"] {
        let environment = environment();
        let template = environment.get_template(template).unwrap();
        let values = json!({ "name": HOSTILE, "current": HOSTILE, "articles": articles, "groups": groups, "root": "..", "served": "binary" });
        let page = template.render(minijinja::Value::from_serialize(values)).unwrap();
        let html = Html::parse_document(&page);
        for wrong in ["script:not([src=\"../js/read.js\"])", "img", "[onclick]", "[onerror]"] {
            assert_eq!(html.select(&Selector::parse(wrong).unwrap()).count(), 0, "{wrong}: {page}");
        }
        assert!(page.contains("&lt;script&gt;"));
    }
}

#[test]
fn the_page_of_a_mismatch_says_what_to_change_and_why() {
    let page = rendered(&environment(), "allow-origin-mismatch.html");
    for part in [
        "blocked by CORS",
        "<code>Access-Control-Allow-Origin</code> names another origin",
        "Usual causes, the most likely first",
        "AllowOriginMismatch, PreflightAllowOriginMismatch",
        "Fetch standard: CORS check",
        "<a href=\"allow-origin-multiple.html\">",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
