//! The compiled origins of a policy: one hash table of strings, however many there are. A request costs one lookup, and a few more if the
//! policy has patterns.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

use super::origin_pattern::{OriginPattern, Shape};
use crate::origin::Origin;

/// The longest origin that a policy can hold, in bytes: scheme, `://`, host with a dot at the end, port.
pub(super) const LONGEST_ORIGIN: usize = LONGEST_SCHEME + 3 + LONGEST_HOST + 1 + 6;
pub(super) const LONGEST_SCHEME: usize = 64;
pub(super) const LONGEST_HOST: usize = 253;

/// The origins that may read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origins {
    /// `*`
    Any,
    /// A list of origins and patterns.
    Listed(OriginSet),
}

/// A set of origins and patterns, as strings.
#[derive(Clone, Default)]
pub(super) struct OriginSet {
    /// The entries in the order of the policy, each followed by a line feed.
    text: Vec<u8>,
    table: HashTable<Entry>,
    hasher: DefaultHashBuilder,
    /// Whether any entry ends in `:*`.
    has_any_port: bool,
    /// The numbers of labels of the hosts whose subdomains are allowed; in ascending order, without duplicates.
    parent_depths: Vec<usize>,
    /// The shapes of the entries that have a `*` within a label; in ascending order, without duplicates.
    shapes: Vec<Shape>,
    /// Whether any entry covers every host of an app's scheme.
    has_any_host: bool,
}

/// The position of an entry in [`OriginSet::text`]: the start in the upper 48 bits, the length in the lower 16.
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
    /// Compiles the entries in order. Duplicates are dropped.
    pub(super) fn new(patterns: impl ExactSizeIterator<Item = OriginPattern>) -> Self {
        let mut set = Self::default();
        set.table.reserve(patterns.len(), |_| 0); // the table is empty, so nothing is rehashed
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
        set.text.shrink_to_fit();
        set
    }

    fn insert(&mut self, pattern: &OriginPattern) {
        let bytes = pattern.as_str().as_bytes();
        if self.entry(bytes).is_none() {
            let entry = Entry::new(self.text.len(), bytes.len());
            self.text.extend_from_slice(bytes);
            self.text.push(b'\n');
            let (text, hasher) = (&self.text, &self.hasher);
            let hash_of = |entry: &Entry| hasher.hash_one(text.get(entry.range()).unwrap_or_default());
            self.table.insert_unique(hasher.hash_one(bytes), entry, hash_of);
        }
    }

    /// Returns `true` if the set covers the value of an `Origin` header. Bytes are compared as they are: nothing is decoded, trimmed or folded.
    pub(super) fn holds(&self, origin: &[u8]) -> bool {
        if origin.len() > LONGEST_ORIGIN {
            return false;
        }
        if !self.has_patterns() {
            return self.entry(origin).is_some();
        }
        // The table holds patterns too, so a value with `*` could match one literally; no origin has a `*`.
        !origin.contains(&b'*') && (self.entry(origin).is_some() || self.matches_pattern(origin))
    }

    /// Returns `true` if the set has exactly this entry.
    pub(super) fn has_entry(&self, text: &str) -> bool {
        self.entry(text.as_bytes()).is_some()
    }

    fn entry(&self, text: &[u8]) -> Option<Entry> {
        self.table
            .find(self.hasher.hash_one(text), |entry| self.text.get(entry.range()) == Some(text))
            .copied()
    }

    /// Returns `true` if a pattern covers an origin: if the set holds the string that results from putting the pattern's wildcards into it.
    fn matches_pattern(&self, origin: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(origin) else { return false };
        let Some((scheme, rest)) = text.split_once("://") else { return false };
        if !matches!(scheme, "http" | "https") {
            return self.has_any_host && self.covers_any_host(scheme, rest) && Origin::is_serialized(text);
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
        let is_covered = self.has_any_port && holds("", host)
            || parents(host, &self.parent_depths).any(|parent| holds("*.", parent))
            || self.shapes.iter().any(|shape| self.matches_shape(shape, scheme, host, port));
        // Checking that the value is an origin at all costs most, so it comes last. `https://evil.example#.example.com` is not one.
        is_covered && Origin::is_serialized(text)
    }

    /// Returns `true` if the set holds the string that a host becomes with `*` in the places of the shape.
    fn matches_shape(&self, shape: &Shape, scheme: &str, host: &str, port: &str) -> bool {
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

    /// Returns `true` if the set covers every host of the scheme. Origins of apps have no ports.
    fn covers_any_host(&self, scheme: &str, host: &str) -> bool {
        !host.contains(':')
            && Candidate::new().write(&[scheme, "://*"]).is_some_and(|text| self.entry(text).is_some())
    }

    /// Returns the entries in the order of the policy.
    pub(super) fn entries(&self) -> impl Iterator<Item = &str> {
        self.text
            .split(|&byte| byte == b'\n')
            .filter(|entry| !entry.is_empty())
            .filter_map(|entry| std::str::from_utf8(entry).ok())
    }

    fn has_patterns(&self) -> bool {
        self.has_any_port || self.has_any_host || !self.parent_depths.is_empty() || !self.shapes.is_empty()
    }
}

/// Two sets are equal if they have the same entries in the same order.
impl PartialEq for OriginSet {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl std::fmt::Debug for OriginSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.entries()).finish()
    }
}

/// Returns the parent domains of a host that have one of these numbers of labels, shortest first, without the host itself.
fn parents<'a>(host: &'a str, depths: &[usize]) -> impl Iterator<Item = &'a str> {
    let mut depths = depths.iter().copied().peekable();
    // Counted from the right, the part after the n-th dot has n labels.
    host.rmatch_indices('.').enumerate().filter_map(move |(before, (dot, _))| {
        depths.next_if_eq(&(before + 1))?;
        host.get(dot + 1..)
    })
}

/// A string that is built on the stack.
struct Candidate {
    bytes: [u8; LONGEST_ORIGIN + "*.:*".len()],
    length: usize,
}

impl Candidate {
    fn new() -> Self {
        Self { bytes: [0; LONGEST_ORIGIN + "*.:*".len()], length: 0 }
    }

    /// Starts over with these pieces. Returns `None` if they are longer than any entry.
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
