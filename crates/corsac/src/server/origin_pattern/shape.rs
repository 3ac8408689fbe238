//! A `*` within a label: where it is allowed, and how a host is looked up among entries that have one.

use crate::origin::split_port;

/// The longest label of a host, in bytes.
const LONGEST_LABEL: usize = 63;

/// A label with a `*` in it, which stands for one or more of `a` to `z`, `0` to `9` and `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) struct WildcardLabel {
    /// The number of labels to the right of this one.
    pub(in crate::server) labels_after: usize,
    /// The length of the fixed part before the `*`.
    before: usize,
    /// The length of the fixed part after the `*`.
    after: usize,
}

/// Where an entry has its wildcards. An entry of this shape covers a host exactly if the policy has the string that the host becomes with `*`
/// in these places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) struct Shape {
    /// The number of labels of the entry's host, without a leading `*.`.
    pub(in crate::server) labels: usize,
    /// Whether the host has a leading `*.`.
    pub(in crate::server) subdomains: bool,
    pub(in crate::server) wildcard_labels: Vec<WildcardLabel>,
}

impl Shape {
    /// Returns the part of a host that is compared with an entry of this shape; `None` if the host has too few or too many labels.
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

    /// Writes the host with `*` in the places of this shape. Returns `None` if the host does not match it, or if the writer has no room.
    pub(in crate::server) fn write<'h>(
        &self,
        host: &'h str,
        mut write: impl FnMut(&'h str) -> Option<()>,
    ) -> Option<()> {
        for (index, label) in host.split('.').enumerate() {
            if index > 0 {
                write(".")?;
            }
            let labels_after = self.labels.checked_sub(index + 1)?;
            let wildcard = self.wildcard_labels.iter().find(|label| label.labels_after == labels_after);
            let Some(wildcard) = wildcard else {
                write(label)?;
                continue;
            };
            let (before, rest) = label.split_at_checked(wildcard.before)?;
            let (middle, after) = rest.split_at_checked(rest.len().checked_sub(wildcard.after)?)?;
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

/// Returns `true` for a byte that a `*` within a label stands for. `*` itself is one, so that a wider pattern is found to cover a narrower
/// one; no origin has it.
fn may_be_covered(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'*')
}

/// Why a `*` is not allowed in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MisplacedWildcard {
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

impl MisplacedWildcard {
    /// Returns the reason and what to write instead: a clause without a full stop.
    pub(super) const fn why(self) -> &'static str {
        match self {
            Self::Scheme => {
                "`*` cannot stand for a scheme. Write an entry that starts with `https://`, and one for each other scheme"
            }
            Self::PartOfPort => {
                "`*` cannot stand for part of a port. Write the number, or `:*` for every port of the host"
            }
            Self::WholeLabelWithin => {
                "`*` stands for whole labels only at the start of the host, where it covers every subdomain (`https://*.example.com`). \
                 Elsewhere in the host it stands for part of one label (`https://app-*.example.com`)"
            }
            Self::LastLabel => {
                "`*` cannot be in the last label of a host, because anybody can register a name with another ending. Write an entry for \
                 each host"
            }
            Self::TwiceInLabel => {
                "a label can have only one `*`. Write an entry for each form of the label; `*` as the whole first label \
                 (`https://*.example.com`) covers more: every subdomain"
            }
            Self::Encoded => {
                "a label that starts with `xn--` is encoded as a whole, so part of it has no meaning. Write the whole label"
            }
            Self::LongLabel => "a label of a host can have at most 63 characters",
        }
    }
}

/// Returns the origin with a `0` for each `*` within a label, and where those were. A `*` after the host and port becomes a `0` too; that part
/// does not belong to an origin and is refused as such.
pub(super) fn without_wildcards(text: &str) -> Result<(String, Vec<WildcardLabel>), MisplacedWildcard> {
    let with_zeros = || text.replace('*', "0");
    let Some((scheme, rest)) = text.split_once("://").filter(|_| text.contains('*')) else {
        return Ok((with_zeros(), Vec::new()));
    };
    if scheme.contains('*') {
        return Err(MisplacedWildcard::Scheme);
    }
    let (authority, tail) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = split_port(authority);
    // A user name, path or query is then the mistake, and is reported as such.
    if authority.contains('@') || !tail.is_empty() && !host.contains('*') {
        return Ok((with_zeros(), Vec::new()));
    }
    if port.is_some_and(|port| port.contains('*')) {
        return Err(MisplacedWildcard::PartOfPort);
    }
    let labels = host.split('.').count();
    // The top-level domain is never a pattern: the last label, or the one before a dot at the end.
    let last = labels.saturating_sub(if host.ends_with('.') { 2 } else { 1 });
    let mut wildcard_labels = Vec::new();
    for (index, label) in host.split('.').enumerate() {
        let Some((before, after)) = label.split_once('*') else { continue };
        let mistakes = [
            (before.starts_with("xn--"), MisplacedWildcard::Encoded),
            (after.contains('*'), MisplacedWildcard::TwiceInLabel),
            (index >= last, MisplacedWildcard::LastLabel),
            (label == "*", MisplacedWildcard::WholeLabelWithin),
            (label.len() > LONGEST_LABEL, MisplacedWildcard::LongLabel),
        ];
        if let Some((_, misplaced)) = mistakes.into_iter().find(|(is_present, _)| *is_present) {
            return Err(misplaced);
        }
        let labels_after = labels - 1 - index;
        wildcard_labels.push(WildcardLabel { labels_after, before: before.len(), after: after.len() });
    }
    Ok((with_zeros(), wildcard_labels))
}
