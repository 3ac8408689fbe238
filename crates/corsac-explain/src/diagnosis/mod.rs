//! Diagnosis: why the server answered in a way that keeps the page from reading the response, from all available evidence.
//!
//! The browser side decides *that* a response is refused, and by which rule. Why the server answered like that is a separate question. Each
//! kind of cause is a rule in a file of its own in `rules/`, which looks at the [`Evidence`] and finds the cause or does not. Rules do not
//! know of each other. The order of the causes follows from how certain each is and how much evidence it needs, which each rule declares,
//! never from the order of the list of rules.

mod by_reason;
mod cause;
mod rule;
mod rules;

pub use cause::{Cause, Confidence, Layer};
pub(crate) use rules::{
    CORS_REFUSALS, guard_named, is_html_instead_of_data, login_elsewhere, looks_like_login,
};

use crate::evidence::Evidence;

/// A report contains at most this many causes.
const MOST_CAUSES: usize = 3;

/// Returns the causes of a refusal, the one to act on first. There is at least one for each refusal, and none if the page may read the
/// response.
///
/// If one is certain, it is the only one. See [`Cause`] for an example.
pub fn diagnose(evidence: &Evidence<'_>) -> Vec<Cause> {
    let Some(refusal) = evidence.outcome.refusal() else { return Vec::new() };
    let mut found: Vec<_> =
        rules::ALL.iter().filter_map(|rule| Some((rule, (rule.find)(evidence, refusal)?))).collect();
    found.sort_by_key(|(rule, cause)| std::cmp::Reverse((cause.confidence, rule.weight, cause.code)));
    let is_certain = found.first().is_some_and(|(_, cause)| cause.confidence == Confidence::Certain);
    let mut causes: Vec<Cause> = found.into_iter().map(|(_, cause)| cause).collect();
    if causes.is_empty() {
        causes.push(by_reason::cause(evidence, refusal));
    }
    causes.truncate(if is_certain { 1 } else { MOST_CAUSES });
    causes
}

/// Returns what the code of a diagnosis means in general, for `corsac explain CODE`.
///
/// ```
/// let entry = corsac_explain::diagnosis::entry("login-redirect").unwrap();
/// assert!(!entry.is_cors);
/// assert!(corsac_explain::diagnosis::entry("no-such-code").is_none());
/// ```
pub fn entry(code: &str) -> Option<&'static DiagnosisEntry> {
    entries().find(|entry| entry.code == code)
}

/// Returns the entries of all codes that rules may find. A [`Cause`] may also have the code of the browser's reason.
///
/// ```
/// use corsac_explain::diagnosis;
/// assert!(diagnosis::entries().any(|entry| entry.code == "challenge-page"));
/// ```
pub fn entries() -> impl Iterator<Item = &'static DiagnosisEntry> {
    rules::ALL.iter().map(|rule| &rule.entry)
}

/// What the code of a diagnosis means in general.
///
/// ```
/// let entry = corsac_explain::diagnosis::entry("challenge-page").unwrap();
/// assert_eq!(entry.title, "Bot protection answered instead of the server");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DiagnosisEntry {
    /// The code.
    pub code: &'static str,
    /// A headline.
    pub title: &'static str,
    /// What happened, and how Corsac recognizes it.
    pub what: &'static str,
    /// What to change.
    pub fix: &'static str,
    /// `false` if the failure only looks like CORS.
    pub is_cors: bool,
}

#[cfg(test)]
mod tests;
