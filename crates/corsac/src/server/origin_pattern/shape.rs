//! A `*` within a label: where it may stand, and how a host is looked up among entries that have one.

/// The longest label of a host, in bytes.
const LONGEST_LABEL: usize = 63;

/// A label with a `*` in it, that stands for one or more of `a` to `z`, `0` to `9` and `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) struct Within {
    /// How many labels stand to the right of this one.
    pub(in crate::server) to_the_right: usize,
    /// The length of the fixed part before the `*`.
    before: usize,
    /// The length of the fixed part after the `*`.
    after: usize,
}

/// Where an entry has its wildcards. A host is covered by an entry of this shape exactly if the policy has the text that the host becomes
/// with `*` in these places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) struct Shape {
    /// How many labels the entry's host has, without `*.` before it.
    pub(in crate::server) labels: usize,
    /// Does `*.` stand before the host?
    pub(in crate::server) subdomains: bool,
    pub(in crate::server) within: Vec<Within>,
}

impl Shape {
    /// The part of a host that an entry of this shape names; `None` if the host has too few labels, or too many.
    pub(in crate::server) fn base_of<'h>(&self, host: &'h str, has_subdomains: bool) -> Option<&'h str> {
        let labels = host.split('.').count();
        if !self.subdomains {
            return (labels == self.labels && !has_subdomains).then_some(host);
        }
        if labels == self.labels {
            return has_subdomains.then_some(host);
        }
        let (dot, _) = host.rmatch_indices('.').nth(self.labels.checked_sub(1)?)?;
        host.get(dot + 1..)
    }

    /// Writes the host with `*` in the places of this shape. `None` if the host does not fit it, or the writer has no room.
    pub(in crate::server) fn write<'h>(
        &self,
        host: &'h str,
        mut write: impl FnMut(&'h str) -> Option<()>,
    ) -> Option<()> {
        for (index, label) in host.split('.').enumerate() {
            if index > 0 {
                write(".")?;
            }
            let to_the_right = self.labels.checked_sub(index + 1)?;
            let Some(within) = self.within.iter().find(|within| within.to_the_right == to_the_right) else {
                write(label)?;
                continue;
            };
            let (before, rest) = label.split_at_checked(within.before)?;
            let (middle, after) = rest.split_at_checked(rest.len().checked_sub(within.after)?)?;
            if middle.is_empty() || label.len() > LONGEST_LABEL || !middle.bytes().all(may_be_covered) {
                return None;
            }
            write(before)?;
            write("*")?;
            write(after)?;
        }
        Some(())
    }
}

/// A byte that a `*` within a label stands for. `*` itself is one, so that a narrower pattern is found below a wider one; no origin has it.
fn may_be_covered(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'*')
}

/// The origin with a `0` for each `*` within a label, and where they were. `None` if a `*` stands anywhere else.
pub(super) fn without_wildcards(text: &str) -> Option<(String, Vec<Within>)> {
    if !text.contains('*') {
        return Some((text.to_owned(), Vec::new()));
    }
    let (scheme, rest) = text.split_once("://")?;
    let (host, tail) = rest.split_at(rest.find([':', '/', '\\', '?', '#', '@']).unwrap_or(rest.len()));
    if scheme.contains('*') || tail.contains('*') {
        return None;
    }
    let labels = host.split('.').count();
    // The name that the rest belongs to is never a pattern: neither the last label, nor one before a dot at the end.
    let last = labels.saturating_sub(if host.ends_with('.') { 2 } else { 1 });
    let mut within = Vec::new();
    for (index, label) in host.split('.').enumerate() {
        let Some((before, after)) = label.split_once('*') else { continue };
        let is_whole = before.is_empty() && after.is_empty();
        // A name in `xn--` is encoded as a whole: a part of it means nothing.
        if is_whole
            || after.contains('*')
            || index >= last
            || before.starts_with("xn--")
            || label.len() > LONGEST_LABEL
        {
            return None;
        }
        within.push(Within { to_the_right: labels - 1 - index, before: before.len(), after: after.len() });
    }
    Some((text.replace('*', "0"), within))
}
