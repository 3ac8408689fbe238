//! What the codes of policies mean: problems in a policy ([`ProblemCode`]), and reasons for which a policy refuses a request
//! ([`PolicyRefusal`]).
//!
//! ```
//! use corsac::server::{ProblemCode, PolicyRefusal};
//!
//! let entry = corsac_explain::policy::problem(ProblemCode::OriginPath).unwrap();
//! assert_eq!((entry.wrong, entry.right), (r#"origins = ["https://app.example.com/"]"#, r#"origins = ["https://app.example.com"]"#));
//! assert!(corsac_explain::policy::refusal(PolicyRefusal::OriginNull).is_some());
//! ```

mod credentials;
mod file;
mod lists;
mod origins;
mod refusals;

use corsac::server::{PolicyRefusal, ProblemCode};

/// What a problem's code means.
///
/// ```
/// let entry = corsac_explain::policy::problem(corsac::server::ProblemCode::MethodLowerCase).unwrap();
/// assert!(entry.why.contains("case-sensitive"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProblemEntry {
    /// The code.
    pub code: ProblemCode,
    /// A headline: what is wrong.
    pub title: &'static str,
    /// Why it is an error, or inadvisable.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Lines of a policy that have the problem, without the other keys that a policy needs.
    pub wrong: &'static str,
    /// The same without it.
    pub right: &'static str,
}

/// What a refusal means.
///
/// ```
/// let entry = corsac_explain::policy::refusal(corsac::server::PolicyRefusal::MethodNotAllowed).unwrap();
/// assert!(entry.fix.contains("`methods`"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusalEntry {
    /// The refusal.
    pub refusal: PolicyRefusal,
    /// A headline: what was refused.
    pub title: &'static str,
    /// Why a policy refuses it, and what follows in the browser.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
}

const PROBLEMS: &[&[ProblemEntry]] = &[
    origins::SPELLING,
    origins::PATTERNS,
    credentials::ENTRIES,
    lists::METHODS,
    lists::HEADERS,
    file::ENTRIES,
];

/// Returns the entry of a problem's code. Every code of [`ProblemCode::ALL`] has one.
///
/// ```
/// use corsac::server::ProblemCode;
/// assert!(ProblemCode::ALL.iter().all(|code| corsac_explain::policy::problem(*code).is_some()));
/// ```
pub fn problem(code: ProblemCode) -> Option<&'static ProblemEntry> {
    problems().find(|entry| entry.code == code)
}

/// Returns the entries of all problems, in the order of a policy's keys.
///
/// ```
/// assert_eq!(corsac_explain::policy::problems().count(), corsac::server::ProblemCode::ALL.len());
/// ```
pub fn problems() -> impl Iterator<Item = &'static ProblemEntry> {
    PROBLEMS.iter().copied().flatten()
}

/// Returns the entry of a refusal. Every value of [`PolicyRefusal::ALL`] has one.
///
/// ```
/// use corsac::server::PolicyRefusal;
/// assert!(PolicyRefusal::ALL.iter().all(|refusal| corsac_explain::policy::refusal(*refusal).is_some()));
/// ```
pub fn refusal(refusal: PolicyRefusal) -> Option<&'static RefusalEntry> {
    refusals::ENTRIES.iter().find(|entry| entry.refusal == refusal)
}

const fn row(
    code: ProblemCode,
    title: &'static str,
    why: &'static str,
    fix: &'static str,
    wrong: &'static str,
    right: &'static str,
) -> ProblemEntry {
    ProblemEntry { code, title, why, fix, wrong, right }
}
