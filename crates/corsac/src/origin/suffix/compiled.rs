//! The list as the `psl` crate compiles it in: fast, and a megabyte of code.

use psl::Type;

use super::SuffixList;

/// Returns the public suffix of a name, and the part of the list that has it: `None` for the rule for names that are not listed.
pub(super) fn suffix(name: &str) -> Option<(&str, Option<SuffixList>)> {
    let suffix = psl::suffix(name.as_bytes())?;
    let list = suffix.typ().map(|part| match part {
        Type::Icann => SuffixList::Icann,
        Type::Private => SuffixList::Private,
    });
    let start = name.len().checked_sub(suffix.as_bytes().len())?;
    Some((name.get(start..)?, list))
}

/// Returns the public suffix of a name and one more label.
pub(super) fn registrable(name: &str) -> Option<&str> {
    psl::domain_str(name)
}
