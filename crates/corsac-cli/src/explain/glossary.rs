//! Words of the glossary.

use corsac_explain::glossary::{GlossaryEntry, entries, find};
use serde_json::{Value, json};

use crate::terminal::{FAINT, LINE, STRONG, styled, wrap};

/// The page of a word, or of one of its synonyms, if the glossary has it.
pub(super) fn page(word: &str) -> Option<(String, Value)> {
    find(word).map(|entry| (text(entry), as_json(entry)))
}

/// Every word and synonym, for suggestions.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    entries().flat_map(|entry| std::iter::once(entry.word).chain(entry.synonyms.iter().copied()))
}

/// The words with their definitions.
pub(super) fn list() -> String {
    let longest = entries().map(|entry| entry.word.len()).max().unwrap_or_default();
    let indent = " ".repeat(longest.saturating_add(4));
    let rows =
        entries().map(|entry| wrap(entry.definition, &format!("  {:longest$}  ", entry.word), &indent));
    rows.collect()
}

/// The same for programs.
pub(super) fn list_json() -> Value {
    entries().map(|entry| json!({ "word": entry.word, "definition": entry.definition })).collect()
}

fn text(entry: &GlossaryEntry) -> String {
    let mut page = format!("{}  {}\n", styled(STRONG, entry.word), styled(FAINT, "glossary"));
    page.push_str(&wrap(entry.definition, "", ""));
    page.push_str(&format!("\n{}\n{}", styled(STRONG, "Details"), wrap(entry.details, "  ", "  ")));
    page.push_str(&format!("\n{}\n", styled(STRONG, "Example")));
    for line in entry.example {
        let line = if line.is_empty() { String::new() } else { format!("      {}", styled(LINE, line)) };
        page.push_str(&format!("{line}\n"));
    }
    page.push_str(&format!(
        "\n{}\n{}",
        styled(STRONG, "See also"),
        wrap(&entry.see_also.join(", "), "  ", "  ")
    ));
    page
}

fn as_json(entry: &GlossaryEntry) -> Value {
    json!({
        "kind": "word",
        "word": entry.word,
        "synonyms": entry.synonyms,
        "definition": entry.definition,
        "details": entry.details,
        "example": entry.example,
        "see_also": entry.see_also,
    })
}
