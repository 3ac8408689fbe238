//! A `*` within a label: where it may stand, and how a host is looked up among entries that have one.

use crate::origin::split_port;

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

/// Why a `*` cannot stand where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// `*://example.com`
    Scheme,
    /// `https://example.com:80*`
    PartOfPort,
    /// `https://api.*.example.com`
    WholeLabelWithin,
    /// `https://example.*`
    LastLabel,
    /// `https://*app*.example.com`
    TwiceInLabel,
    /// `https://xn--*.example.com`
    Encoded,
    /// A label of more than 63 bytes.
    LongLabel,
}

impl Misplaced {
    /// The reason, with what to write: a clause without a full stop.
    pub(super) const fn why(self) -> &'static str {
        match self {
            Self::Scheme => {
                "`*` does not stand for a scheme. Write an entry that starts with `https://`, and one for each other scheme"
            }
            Self::PartOfPort => {
                "`*` does not stand for a part of a port. Write the number, or `:*` for every port of the host"
            }
            Self::WholeLabelWithin => {
                "`*` stands for whole labels only at the start of the host, where it covers every subdomain (`https://*.example.com`). \
                 Within the host it stands for a part of one label (`https://app-*.example.com`)"
            }
            Self::LastLabel => {
                "`*` does not stand in the last label of a host, because anybody can register a name with another ending. Write an entry \
                 for each host"
            }
            Self::TwiceInLabel => {
                "a label has at most one `*`. Write an entry for each form of the label; `*` as the whole first label \
                 (`https://*.example.com`) covers more, every subdomain"
            }
            Self::Encoded => {
                "a label that starts with `xn--` is encoded as a whole, so a part of it stands for nothing. Write the whole label"
            }
            Self::LongLabel => "a label of a host has at most 63 characters",
        }
    }
}

/// The origin with a `0` for each `*` within a label, and where they were. A `*` after the host and port is a `0` too: what it stands in is no
/// part of an origin.
pub(super) fn without_wildcards(text: &str) -> Result<(String, Vec<Within>), Misplaced> {
    let stand_in = || text.replace('*', "0");
    let Some((scheme, rest)) = text.split_once("://").filter(|_| text.contains('*')) else {
        return Ok((stand_in(), Vec::new()));
    };
    if scheme.contains('*') {
        return Err(Misplaced::Scheme);
    }
    let (authority, tail) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = split_port(authority);
    // The user name, the path, or the like is the mistake then, and says so itself.
    if authority.contains('@') || !tail.is_empty() && !host.contains('*') {
        return Ok((stand_in(), Vec::new()));
    }
    if port.is_some_and(|port| port.contains('*')) {
        return Err(Misplaced::PartOfPort);
    }
    let labels = host.split('.').count();
    // The name that the rest belongs to is never a pattern: neither the last label, nor one before a dot at the end.
    let last = labels.saturating_sub(if host.ends_with('.') { 2 } else { 1 });
    let mut within = Vec::new();
    for (index, label) in host.split('.').enumerate() {
        let Some((before, after)) = label.split_once('*') else { continue };
        let misplaced = [
            (before.starts_with("xn--"), Misplaced::Encoded),
            (after.contains('*'), Misplaced::TwiceInLabel),
            (index >= last, Misplaced::LastLabel),
            (label == "*", Misplaced::WholeLabelWithin),
            (label.len() > LONGEST_LABEL, Misplaced::LongLabel),
        ];
        if let Some((_, misplaced)) = misplaced.into_iter().find(|(is_so, _)| *is_so) {
            return Err(misplaced);
        }
        within.push(Within { to_the_right: labels - 1 - index, before: before.len(), after: after.len() });
    }
    Ok((stand_in(), within))
}
