//! The glossary: the words that one needs to read about CORS, and those that Corsac's reports use.
//!
//! ```
//! let entry = corsac_explain::glossary::find("Preflights").unwrap();
//! assert_eq!(entry.word, "preflight");
//! ```

mod origins;
mod policies;
mod requests;
mod responses;

/// A word and what it means.
///
/// ```
/// let entry = corsac_explain::glossary::find("opaque-response").unwrap();
/// assert_eq!(entry.word, "opaque");
/// assert!(entry.definition.starts_with("An opaque response is "));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GlossaryEntry {
    /// The word, in lower case, with hyphens in place of spaces.
    pub word: &'static str,
    /// Other words for the same thing, written in the same way.
    pub synonyms: &'static [&'static str],
    /// One sentence that defines the word.
    pub definition: &'static str,
    /// What else one should know, in a few sentences.
    pub details: &'static str,
    /// The lines of an example.
    pub example: &'static [&'static str],
    /// Codes, and other words of the glossary, to read next.
    pub see_also: &'static [&'static str],
}

/// Returns every entry: origins first, then requests, responses, and the words of policies and reports.
///
/// ```
/// assert!(corsac_explain::glossary::entries().any(|entry| entry.word == "same-site"));
/// ```
pub fn entries() -> impl Iterator<Item = &'static GlossaryEntry> {
    [origins::ENTRIES, requests::ENTRIES, responses::ENTRIES, policies::ENTRIES].into_iter().flatten()
}

/// Returns the entry of a word or of one of its synonyms, whatever its case. A plural in `s`, and spaces in place of hyphens, are
/// understood.
///
/// ```
/// use corsac_explain::glossary::find;
///
/// assert_eq!(find("Same Origin"), find("same-origin"));
/// assert_eq!(find("Access-Control-Max-Age").unwrap().word, "preflight-cache");
/// assert_eq!(find("no-such-word"), None);
/// ```
pub fn find(text: &str) -> Option<&'static GlossaryEntry> {
    let word = text.trim().to_ascii_lowercase().replace([' ', '_'], "-");
    let named = |word: &str| entries().find(|entry| entry.word == word || entry.synonyms.contains(&word));
    named(&word).or_else(|| named(word.strip_suffix('s')?))
}

#[cfg(test)]
mod tests;
