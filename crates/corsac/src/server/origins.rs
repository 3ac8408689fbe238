//! The origins of a policy, compiled: one hash table of texts, however many there are. A request costs one look, and a few more where the
//! policy has patterns.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

use super::origin_pattern::{OriginPattern, Shape};
use crate::origin::Origin;

/// No origin in an `Origin` header that a policy could hold is longer, in bytes: scheme, `://`, host with a dot at the end, port.
pub(super) const LONGEST_ORIGIN: usize = LONGEST_SCHEME + 3 + LONGEST_HOST + 1 + 6;
pub(super) const LONGEST_SCHEME: usize = 64;
pub(super) const LONGEST_HOST: usize = 253;

/// Who may read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origins {
    /// `*`
    Any,
    /// The origins and patterns of a list.
    Listed(OriginSet),
}

/// Origins and patterns, by their texts.
#[derive(Clone, Default)]
pub(super) struct OriginSet {
    /// The texts in the order of the policy, a line feed behind each.
    texts: Vec<u8>,
    table: HashTable<Entry>,
    hasher: DefaultHashBuilder,
    /// Does any entry end in `:*`?
    has_any_port: bool,
    /// How many labels the hosts have below which any subdomain is allowed; in ascending order, each once.
    parent_depths: Vec<usize>,
    /// Where the entries with a `*` within a label have it; in ascending order, each once.
    shapes: Vec<Shape>,
    /// `true` if an entry stands for every host of an app's scheme.
    has_any_host: bool,
}

/// Where an entry stands in the texts: the start in the upper 48 bits, the length in the lower 16.
#[derive(Clone, Copy)]
struct Entry(u64);

impl Entry {
    fn new(start: usize, length: usize) -> Self {
        Self((start as u64) << 16 | length as u64)
    }

    fn range(self) -> std::ops::Range<usize> {
        let start = usize::try_from(self.0 >> 16).unwrap_or(usize::MAX);
        start..start.saturating_add(usize::from(self.0 as u16))
    }
}

impl OriginSet {
    /// Compiles the entries, in order; one that stands there twice is kept once.
    pub(super) fn new(patterns: impl ExactSizeIterator<Item = OriginPattern>) -> Self {
        let mut set = Self::default();
        set.table.reserve(patterns.len(), |_| 0); // the table is empty: nothing is hashed anew
        for pattern in patterns {
            set.has_any_port |= pattern.any_port;
            set.has_any_host |= pattern.any_host;
            if let Some(shape) = pattern.shape() {
                if let Err(position) = set.shapes.binary_search(&shape) {
                    set.shapes.insert(position, shape);
                }
            } else if pattern.subdomains {
                let depth = pattern.base.host().unwrap_or_default().split('.').count();
                if let Err(position) = set.parent_depths.binary_search(&depth) {
                    set.parent_depths.insert(position, depth);
                }
            }
            set.insert(&pattern);
        }
        set.texts.shrink_to_fit();
        set
    }

    fn insert(&mut self, pattern: &OriginPattern) {
        let text = pattern.as_str().as_bytes();
        if self.entry(text).is_none() {
            let entry = Entry::new(self.texts.len(), text.len());
            self.texts.extend_from_slice(text);
            self.texts.push(b'\n');
            let (texts, hasher) = (&self.texts, &self.hasher);
            let hash_of = |entry: &Entry| hasher.hash_one(texts.get(entry.range()).unwrap_or_default());
            self.table.insert_unique(hasher.hash_one(text), entry, hash_of);
        }
    }

    /// Does the set hold the origin of an `Origin` header? The bytes are compared as they are; nothing is decoded, trimmed or folded.
    pub(super) fn holds(&self, origin: &[u8]) -> bool {
        if origin.len() > LONGEST_ORIGIN {
            return false;
        }
        if !self.has_patterns() {
            return self.entry(origin).is_some();
        }
        // The strings of patterns are in the table too, and `*` is in no origin.
        !origin.contains(&b'*') && (self.entry(origin).is_some() || self.matches_pattern(origin))
    }

    /// Has the set exactly this entry?
    pub(super) fn has_entry(&self, text: &str) -> bool {
        self.entry(text.as_bytes()).is_some()
    }

    fn entry(&self, text: &[u8]) -> Option<Entry> {
        self.table
            .find(self.hasher.hash_one(text), |entry| self.texts.get(entry.range()) == Some(text))
            .copied()
    }

    /// A pattern covers an origin when the set holds the text that the origin becomes with a wildcard in it.
    fn matches_pattern(&self, origin: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(origin) else { return false };
        let Some((scheme, rest)) = text.split_once("://") else { return false };
        if !matches!(scheme, "http" | "https") {
            return self.has_any_host && self.holds_any_host(scheme, rest) && Origin::is_serialized(text);
        }
        let (host, port) = match rest.rfind(':') {
            Some(colon) if !rest.ends_with(']') => rest.split_at(colon),
            _ => (rest, ""),
        };
        let mut candidate = Candidate::new();
        let mut holds = |wildcard: &str, host: &str| {
            [port, ":*"].into_iter().any(|port| {
                (port != ":*" || self.has_any_port)
                    && candidate
                        .write(&[scheme, "://", wildcard, host, port])
                        .is_some_and(|text| self.entry(text).is_some())
            })
        };
        let found = self.has_any_port && holds("", host)
            || parents(host, &self.parent_depths).any(|parent| holds("*.", parent))
            || self.shapes.iter().any(|shape| self.fits(shape, scheme, host, port));
        // Last, because it costs most: that the rest of it is an origin at all. `https://evil.example#.example.com` is none.
        found && Origin::is_serialized(text)
    }

    /// Returns `true` if the set holds the text that a host becomes with `*` in the places of the shape.
    fn fits(&self, shape: &Shape, scheme: &str, host: &str, port: &str) -> bool {
        let Some(base) = shape.base_of(host, false) else { return false };
        [port, ":*"].into_iter().any(|port| {
            let mut candidate = Candidate::new();
            let wildcard = if shape.subdomains { "*." } else { "" };
            (port != ":*" || self.has_any_port)
                && candidate.write(&[scheme, "://", wildcard]).is_some()
                && shape.write(base, |piece| candidate.push(piece)).is_some()
                && candidate.push(port).is_some()
                && self.entry(candidate.text()).is_some()
        })
    }

    /// Origins of apps have no ports.
    fn holds_any_host(&self, scheme: &str, host: &str) -> bool {
        !host.contains(':')
            && Candidate::new().write(&[scheme, "://*"]).is_some_and(|text| self.entry(text).is_some())
    }

    /// The entries, in the order of the policy.
    pub(super) fn entries(&self) -> impl Iterator<Item = &str> {
        self.texts
            .split(|&byte| byte == b'\n')
            .filter(|text| !text.is_empty())
            .filter_map(|text| std::str::from_utf8(text).ok())
    }

    fn has_patterns(&self) -> bool {
        self.has_any_port || self.has_any_host || !self.parent_depths.is_empty() || !self.shapes.is_empty()
    }
}

/// The same entries in the same order.
impl PartialEq for OriginSet {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts
    }
}

impl std::fmt::Debug for OriginSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.entries()).finish()
    }
}

/// The parents of a host that have one of these numbers of labels, the shortest first; the host itself is not among them.
fn parents<'a>(host: &'a str, depths: &[usize]) -> impl Iterator<Item = &'a str> {
    let mut depths = depths.iter().copied().peekable();
    // From the right, the text behind the n-th dot has n labels.
    host.rmatch_indices('.').enumerate().filter_map(move |(before, (dot, _))| {
        depths.next_if_eq(&(before + 1))?;
        host.get(dot + 1..)
    })
}

/// A text put together on the stack.
struct Candidate {
    bytes: [u8; LONGEST_ORIGIN + "*.:*".len()],
    length: usize,
}

impl Candidate {
    fn new() -> Self {
        Self { bytes: [0; LONGEST_ORIGIN + "*.:*".len()], length: 0 }
    }

    /// Begins anew with these pieces. `None` when they are too long for any entry.
    fn write(&mut self, pieces: &[&str]) -> Option<&[u8]> {
        self.length = 0;
        for piece in pieces {
            self.push(piece)?;
        }
        Some(self.text())
    }

    fn push(&mut self, piece: &str) -> Option<()> {
        let end = self.length + piece.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(piece.as_bytes());
        self.length = end;
        Some(())
    }

    fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}
