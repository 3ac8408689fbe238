//! A rule: one kind of cause.

use corsac::browser::Refusal;

use super::DiagnosisEntry;
use super::cause::Cause;
use crate::evidence::Evidence;

/// One kind of cause.
pub(super) struct Rule {
    /// What there is to know about it without a case.
    pub(super) entry: DiagnosisEntry,
    /// How much evidence it takes to find it: of two causes that are equally sure, the one that takes more comes first.
    pub(super) weight: Weight,
    /// The cause, if the evidence speaks for it.
    pub(super) find: fn(&Evidence<'_>, &Refusal) -> Option<Cause>,
}

/// How much evidence a rule takes, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// A status alone.
    Status,
    /// The shape of one response.
    Shape,
    /// A difference between two responses.
    Contrast,
    /// A sign that names who answered, or why.
    Marker,
}
