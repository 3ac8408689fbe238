//! A rule: one kind of cause.

use corsac::browser::Refusal;

use super::DiagnosisEntry;
use super::cause::Cause;
use crate::evidence::Evidence;

/// One kind of cause.
pub(super) struct Rule {
    /// What its code means in general.
    pub(super) entry: DiagnosisEntry,
    /// How much evidence the rule needs. Of two causes that are equally certain, the one that needs more comes first.
    pub(super) weight: Weight,
    /// Returns the cause, if there is evidence for it.
    pub(super) find: fn(&Evidence<'_>, &Refusal) -> Option<Cause>,
}

/// How much evidence a rule needs, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// A status alone.
    Status,
    /// The shape of one response.
    Shape,
    /// A difference between two responses.
    Contrast,
    /// Something that identifies what answered, or why.
    Marker,
}
