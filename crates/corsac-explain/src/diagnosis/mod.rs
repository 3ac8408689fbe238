//! Diagnosis: what made a server answer so that a page may not read the response, from all the evidence there is.
//!
//! The browser half decides *that* a response is refused, and by which rule. Why the server answered so is a judgement beside it: each
//! kind of cause is a rule in a file of its own in `rules/`, which looks at the [`Evidence`] and finds the cause or does not.
//! Rules know nothing of each other. Which cause comes first follows from how sure it is and how much it takes to find it, which each rule
//! declares, never from the place of a rule in the list.

mod by_reason;
mod cause;
mod rule;
mod rules;

pub use cause::{Cause, Confidence, Layer};
pub(crate) use rules::{
    CORS_REFUSALS, guard_named, is_page_where_data_was_asked, login_elsewhere, looks_like_login,
};

use crate::evidence::Evidence;

/// No report names more causes than this.
const MOST_CAUSES: usize = 3;

/// The causes of a refusal, the one to act on first. There is at least one for each refusal; there is none if the page may read the response.
///
/// Where one is certain it stands alone. See [`Cause`] for an example.
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

/// What there is to know about the code of a diagnosis, without a case: for `corsac explain CODE`.
///
/// ```
/// let entry = corsac_explain::diagnosis::entry("login-redirect").unwrap();
/// assert!(!entry.is_cors);
/// assert!(corsac_explain::diagnosis::entry("no-such-code").is_none());
/// ```
pub fn entry(code: &str) -> Option<&'static DiagnosisEntry> {
    entries().find(|entry| entry.code == code)
}

/// The entries of all codes that a rule may find. Beside them a [`Cause`] may have the code of the browser's reason.
///
/// ```
/// use corsac_explain::diagnosis;
/// assert!(diagnosis::entries().any(|entry| entry.code == "challenge-page"));
/// ```
pub fn entries() -> impl Iterator<Item = &'static DiagnosisEntry> {
    rules::ALL.iter().map(|rule| &rule.entry)
}

/// What there is to know about a code, without a case.
///
/// ```
/// let entry = corsac_explain::diagnosis::entry("challenge-page").unwrap();
/// assert_eq!(entry.title, "Bot protection answered in the server's place");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DiagnosisEntry {
    /// The code.
    pub code: &'static str,
    /// A headline.
    pub title: &'static str,
    /// What happened, and how it is known.
    pub what: &'static str,
    /// What to change.
    pub fix: &'static str,
    /// `false` if CORS is only how the failure was noticed.
    pub is_cors: bool,
}

#[cfg(test)]
mod tests;
