//! Read: a page for each code, word and stack that `corsac explain` knows, an index, how browsers differ, and CORS in five minutes.
//!
//! The words are those of `corsac explain`; the templates only arrange them. The pages need no script, except for their live examples, the search
//! and the copy buttons.

mod article;
mod catalogue;
mod compatibility;
mod examples;
mod five_minutes;
mod prose;

use std::collections::BTreeMap;

use minijinja::{Environment, context};

use catalogue::catalogue;

const INDEX: &str = "index.html";
const COMPATIBILITY: &str = "compatibility.html";
const FIVE_MINUTES: &str = "five-minutes.html";

/// The templates, each with its name.
const TEMPLATES: [(&str, &str); 6] = [
    ("read.html", include_str!("../templates/read.html")),
    ("read-article.html", include_str!("../templates/read-article.html")),
    ("read-index.html", include_str!("../templates/read-index.html")),
    ("read-compatibility.html", include_str!("../templates/read-compatibility.html")),
    ("read-five-minutes.html", include_str!("../templates/read-five-minutes.html")),
    ("read-welcome.html", include_str!("../templates/read-welcome.html")),
];

/// The codes of reasons that a preset of Play shows, each with the preset's identifier.
pub(super) type Presets = BTreeMap<String, String>;

/// Returns the presets of Play that end in a reason, the first one for each.
pub(super) fn presets() -> Presets {
    let presets: serde_json::Value = serde_json::from_str(corsac_wasm::PRESETS).unwrap_or_default();
    let mut found = Presets::new();
    for preset in presets.as_array().into_iter().flatten() {
        if let (Some(code), Some(id)) =
            (preset.pointer("/expect/code").and_then(serde_json::Value::as_str), preset["id"].as_str())
        {
            found.entry(code.to_owned()).or_insert_with(|| id.to_owned());
        }
    }
    found
}

/// Adds the templates of Read, which extend `base.html`, and their filter.
pub(super) fn set_up(environment: &mut Environment<'_>) -> Result<(), minijinja::Error> {
    environment.add_filter("prose", prose::filter);
    TEMPLATES.into_iter().try_for_each(|(name, source)| environment.add_template(name, source))
}

/// Returns the file name of every page.
pub(super) fn files() -> impl Iterator<Item = &'static str> {
    [INDEX, COMPATIBILITY, FIVE_MINUTES].into_iter().chain(catalogue().files())
}

/// Returns the page with this file name, if there is one. `common` is what the base template needs.
pub(super) fn page(
    environment: &Environment<'_>,
    file: &str,
    common: &minijinja::Value,
    presets: &Presets,
) -> Result<Option<String>, minijinja::Error> {
    let groups = minijinja::Value::from_serialize(catalogue());
    let site = context! { groups, current => file, ..common.clone() };
    let page = match file {
        INDEX => environment.get_template("read-index.html")?.render(context! { ..site })?,
        FIVE_MINUTES => {
            let examples = five_minutes::examples();
            environment.get_template("read-five-minutes.html")?.render(context! { examples, ..site })?
        }
        COMPATIBILITY => {
            let html = minijinja::Value::from_safe_string(compatibility::html());
            environment.get_template("read-compatibility.html")?.render(context! { html, ..site })?
        }
        _ => {
            let Some(name) = catalogue().name_of(file) else { return Ok(None) };
            let articles = article::all(name, presets);
            environment.get_template("read-article.html")?.render(context! { name, articles, ..site })?
        }
    };
    Ok(Some(page))
}

#[cfg(test)]
mod tests;
