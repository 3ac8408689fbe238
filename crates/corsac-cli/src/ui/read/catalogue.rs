//! Every page of Read in its group: what `corsac explain --list` prints.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use corsac_explain::glossary;
use corsac_stacks::{Target, TargetKind, product};
use serde::Serialize;
use serde_json::Value;

use crate::explain;

/// The groups, in the order of the navigation.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Catalogue(Vec<Group>);

/// The pages of one kind.
#[derive(Debug, Serialize)]
struct Group {
    /// Its anchor in the index.
    id: &'static str,
    heading: &'static str,
    /// Whether its names are codes, which texts mention. A word or a stack in a text is not always the one that has the page.
    has_codes: bool,
    rows: Vec<Row>,
}

/// A page.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    title: String,
    file: String,
    /// Other words by which the search finds it.
    also: String,
}

/// Returns the catalogue.
pub(super) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::new);
    &CATALOGUE
}

/// Returns the file of a code's page, if this is a code.
pub(super) fn file_of_code(code: &str) -> Option<&'static str> {
    let groups = catalogue().0.iter().filter(|group| group.has_codes);
    let row = groups.flat_map(|group| &group.rows).find(|row| row.name == code)?;
    Some(&row.file)
}

/// Returns the file of the page of a code, a word or a stack.
pub(super) fn file_of(name: &str) -> Option<&'static str> {
    catalogue().rows().find(|row| row.name == name).map(|row| row.file.as_str())
}

impl Catalogue {
    fn new() -> Self {
        let list = explain::list();
        let of = |id, heading, has_codes, rows: Vec<Row>| Group { id, heading, has_codes, rows };
        let all = |key: &str| rows(&list, key, |_| true);
        let reasons = |is_cors| rows(&list, "codes", move |row| row["cors"] == is_cors);
        Self(vec![
            of("blocked-by-cors", "Blocked by CORS", true, reasons(true)),
            of("not-by-cors", "Failed, and not by CORS", true, reasons(false)),
            of("diagnoses", "Causes on the server", true, all("diagnoses")),
            of("look-alikes", "Looks like CORS", true, all("look_alikes")),
            of("findings", "Findings", true, all("findings")),
            of("problems", "Problems of a policy file", true, all("problems")),
            of("refusals", "Refused by a policy", true, all("refusals")),
            of("differences", "A server and its policy differ", true, all("differences")),
            of("notes", "A configuration is unsafe, or has no effect", true, all("notes")),
            of("words", "Words", false, all("words")),
            of("servers", "Servers", false, targets(TargetKind::Server)),
            of("frameworks", "Frameworks", false, targets(TargetKind::Framework)),
            of("services", "Gateways and services", false, targets(TargetKind::Service)),
            of("products", "Products", false, all("products")),
        ])
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.0.iter().flat_map(|group| &group.rows)
    }

    /// Returns the file names, each once: a code with two meanings has one page.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.rows().map(|row| row.file.as_str()).collect::<BTreeSet<_>>().into_iter()
    }

    /// Returns the name that the page in this file is about.
    pub(super) fn name_of(&self, file: &str) -> Option<&str> {
        self.rows().find(|row| row.file == file).map(|row| row.name.as_str())
    }
}

/// Returns the rows below this key of the list that `wanted` takes.
fn rows(list: &Value, key: &str, wanted: impl Fn(&Value) -> bool) -> Vec<Row> {
    let rows = list[key].as_array().into_iter().flatten().filter(|row| wanted(row));
    rows.filter_map(|row| {
        let text =
            |keys: [&str; 2]| keys.into_iter().find_map(|key| row[key].as_str()).or(row["name"].as_str());
        Some(Row::new(text(["code", "word"])?, text(["title", "definition"])?))
    })
    .collect()
}

/// Returns the targets of a kind. What is a product as well has its one page there.
fn targets(kind: TargetKind) -> Vec<Row> {
    let is_product = |name: &str| product(name).is_some_and(|product| product.name == name);
    let targets = Target::ALL.iter().filter(|target| target.kind() == kind && !is_product(target.as_str()));
    targets.map(|target| Row::new(target.as_str(), target.title())).collect()
}

impl Row {
    fn new(name: &str, title: &str) -> Self {
        let word = glossary::entries().find(|entry| entry.word == name);
        let also = match (word, product(name).filter(|product| product.name == name)) {
            (Some(word), _) => word.synonyms.join(" "),
            (None, Some(product)) => format!("{} {}", product.title, product.aliases.join(" ")),
            (None, None) => String::new(),
        };
        Self { name: name.to_owned(), title: title.to_owned(), file: format!("{name}.html"), also }
    }
}
