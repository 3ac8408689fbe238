//! Products with a CORS setting of their own.

use corsac::origin::Origin;
use corsac_stacks::{Confidence, Product, Shape, Target, product, products};
use serde_json::{Value, json};

use crate::terminal::{CAREFUL, FAINT, LINE, STRONG, styled, wrap};

/// The page whose origin is in settings if none is given.
const EXAMPLE: &str = "https://app.example.com";

/// Returns the page of the product that has this name or alias, with its setting for pages of this origin.
pub(super) fn page(name: &str, origin: Option<&Origin>) -> Option<(String, Value)> {
    let product = product(name)?;
    let example = Origin::parse(EXAMPLE).ok();
    let origin = origin.or(example.as_ref())?;
    Some((text(product, origin), as_json(product, origin)))
}

/// Every name and alias, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let all = |product: &'static Product| std::iter::once(&product.name).chain(&product.aliases);
    products().iter().flat_map(all).map(String::as_str)
}

/// Returns the list for programs.
pub(super) fn list_json() -> Value {
    products()
        .iter()
        .map(|product| json!({ "name": product.name, "title": product.title, "group": product.group }))
        .collect()
}

fn text(product: &Product, origin: &Origin) -> String {
    let mut page = format!("{}  {}\n", styled(STRONG, &product.name), styled(FAINT, "product"));
    page.push_str(&wrap(&product.title, "", ""));
    let mut section = |title: &str, paragraphs: &str| {
        page.push_str(&format!("\n{}\n{paragraphs}", styled(STRONG, title)));
    };
    section("What to change", &what_to_change(product, origin));
    if let Some(target) = target_of(product) {
        let command = format!(
            "      {}\n",
            styled(LINE, &format!("corsac policy compile {} corsac.toml", target.as_str()))
        );
        section("From a policy", &command);
    }
    section("Without the setting", &wrap(&product.default, "  ", "  "));
    let mut refusal = wrap(&product.refusal, "  ", "  ");
    for shape in product.shapes.iter().filter(|shape| **shape != Shape::Other) {
        refusal.push_str(&wrap(shape.sentence(), "  ", "  "));
    }
    section("A refusal", &refusal);
    section(
        "What surprises",
        &product.traps.iter().map(|trap| wrap(trap, "  - ", "    ")).collect::<String>(),
    );
    if !product.evidence.is_empty() {
        let markers = product.evidence.iter().map(|marker| wrap(&marker.to_string(), "  - ", "    "));
        section("Recognized by", &markers.collect::<String>());
    }
    section("Where this is from", &wrap(&origin_of_the_facts(product), "  ", "  "));
    page
}

/// The target for which a policy can be compiled, if the product is one as well.
fn target_of(product: &Product) -> Option<Target> {
    std::iter::once(&product.name).chain(&product.aliases).find_map(|name| Target::parse(name))
}

/// What to do instead of a setting, or before it; then the setting. One that lets every site in comes last, and says so.
fn what_to_change(product: &Product, origin: &Origin) -> String {
    let mut change = String::new();
    if let Some(alternative) = &product.alternative {
        change.push_str(&wrap(alternative, "  ", "  "));
    }
    let Some(setting) = &product.setting else { return change };
    let Some(lines) = setting.lines_for(origin) else {
        let message = "There is no setting for the origin `null`, because any site can have it. Serve the page over http, so that it has an origin.";
        change.push_str(&wrap(message, "  ", "  "));
        return change;
    };
    if let Some(warning) = setting.kind.warning() {
        change.push_str(&format!("  {}\n", styled(CAREFUL, &format!("{warning}:"))));
    }
    change.push_str(&wrap(&setting.instruction, "  ", "  "));
    for line in lines.lines() {
        let line = if line.is_empty() { String::new() } else { format!("      {}", styled(LINE, line)) };
        change.push_str(&format!("{line}\n"));
    }
    change
}

fn origin_of_the_facts(product: &Product) -> String {
    let read = match product.confidence {
        Confidence::Source => "Source code",
        Confidence::Documentation => "Documentation",
        _ => "Issues and pull requests",
    };
    let tried = match &product.tried {
        Some(version) => format!("Version {version} was started, and behaves like this."),
        None => "The product was not started.".to_owned(),
    };
    format!("{read}: {}. {tried}", product.read)
}

fn as_json(product: &Product, origin: &Origin) -> Value {
    let setting = product.setting.as_ref().map(|setting| {
        json!({
            "kind": setting.kind.as_str(),
            "place": setting.place.as_str(),
            "instruction": setting.instruction,
            "lines": setting.lines_for(origin),
        })
    });
    let shapes: Vec<&str> = product.shapes.iter().map(|shape| shape.as_str()).collect();
    let evidence: Vec<String> = product.evidence.iter().map(ToString::to_string).collect();
    json!({
        "kind": "product",
        "name": product.name,
        "aliases": product.aliases,
        "title": product.title,
        "group": product.group,
        "alternative": product.alternative,
        "setting": setting,
        "default": product.default,
        "shapes": shapes,
        "refusal": product.refusal,
        "traps": product.traps,
        "evidence": evidence,
        "read": product.read,
        "confidence": product.confidence.as_str(),
        "tried": product.tried,
    })
}
