//! Parses what it can of TOML with syntax errors. The file is split where tables and keys begin, and each piece is parsed separately, so that
//! a list without an end does not hide what follows it.

use std::collections::HashSet;

use toml::de::DeTable;

use super::tree::{entries, read_errors};
use crate::keys;
use crate::syntax::{DUPLICATE, Entry, Kind, Node, SyntaxError, Value};

/// What could be parsed, and the errors. A key whose value cannot be parsed has the value [`Kind::Unread`].
#[derive(Default)]
struct Recovered {
    file: Vec<Entry>,
    /// The table that the following keys belong to, as names from the top. `None` after a header that cannot be parsed.
    table: Option<Vec<String>>,
    /// The tables that have had a header.
    opened: HashSet<Vec<String>>,
    errors: Vec<SyntaxError>,
}

/// Longer files, in bytes, are not recovered, because tables are searched linearly.
const LONGEST: usize = 128 << 10;

/// Returns the tree of what can be parsed, and the errors. `None` if the file cannot be split reliably.
pub(super) fn recover(text: &str) -> Option<(Vec<Entry>, Vec<SyntaxError>)> {
    let has_dotted_key =
        || lines(text).any(|(_, line)| key_of(line).is_some_and(|(key, _)| key.contains('.')));
    if text.len() > LONGEST || text.contains("\"\"\"") || text.contains("'''") || has_dotted_key() {
        return None;
    }
    let mut starts: Vec<usize> = lines(text).filter(|(_, line)| begins(line)).map(|(at, _)| at).collect();
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    let mut recovered = Recovered { table: Some(Vec::new()), ..Recovered::default() };
    for (start, end) in starts.into_iter().zip(ends) {
        recovered.read(start, text.get(start..end).unwrap_or_default());
    }
    (!recovered.errors.is_empty()).then_some((recovered.file, recovered.errors))
}

impl Recovered {
    /// Parses a piece: a header or a key with its value, and the lines until the next one.
    fn read(&mut self, start: usize, piece: &str) {
        let first = piece.trim_start();
        let key = key_of(first);
        if let Some((key, ':')) = key {
            let span = start..start.saturating_add(key.len());
            let message = format!("in TOML, `=` separates a key and its value: write `{key} = …`");
            self.errors.push(SyntaxError::new(span, message));
            self.add(vec![unread(key, start)]);
            return;
        }
        let (table, errors) = DeTable::parse_recoverable(piece);
        let mut read = Some(table);
        if !errors.is_empty() {
            let mut errors = read_errors(&errors, piece);
            // The lines before the error can still be used if they are complete.
            let error_line = errors.first().map_or(0, |error| line_start(piece, error.span.start));
            let before = piece.get(..error_line).unwrap_or_default();
            read = DeTable::parse(before).ok().filter(|_| !before.trim().is_empty());
            errors.iter_mut().for_each(|error| error.move_by(start));
            self.errors.extend(errors);
        }
        let read = read.map(|table| {
            let mut entries = entries(table.into_inner());
            entries.iter_mut().for_each(|entry| entry.move_by(start));
            entries
        });
        if first.starts_with('[') {
            self.table = read.and_then(|entries| self.open(entries));
            return;
        }
        let entries = match (read, key) {
            (Some(entries), _) => entries,
            (None, Some((key, _))) => vec![unread(key, start)],
            (None, None) => Vec::new(),
        };
        self.add(entries);
    }

    /// Opens the table of a header, which the following keys belong to. If it was opened before, that is an error, and its keys are dropped.
    fn open(&mut self, mut header: Vec<Entry>) -> Option<Vec<String>> {
        let mut path = Vec::new();
        let mut place = &mut self.file;
        let mut span = 0..0;
        while let Some(entry) = header.pop() {
            let Value::Table(inner) = entry.node.value else { return None };
            span = entry.span.clone();
            path.push(entry.key.clone());
            let at = place.iter().position(|other| other.key == entry.key);
            let at = at.unwrap_or_else(|| {
                let node = Node { span: entry.node.span, value: Value::Table(Vec::new()) };
                place.push(Entry { key: entry.key, span: entry.span, node });
                place.len().saturating_sub(1)
            });
            let Some(Entry { node: Node { value: Value::Table(next), .. }, .. }) = place.get_mut(at) else {
                return None;
            };
            (place, header) = (next, inner);
        }
        if !self.opened.insert(path.clone()) {
            self.errors.push(SyntaxError::new(span, DUPLICATE));
            return None;
        }
        Some(path)
    }

    /// Adds keys to the table that is open.
    fn add(&mut self, entries: Vec<Entry>) {
        let Some(path) = &self.table else { return };
        let mut place = &mut self.file;
        for name in path {
            let inner = place.iter_mut().find(|entry| entry.key == *name).map(|entry| &mut entry.node.value);
            let Some(Value::Table(inner)) = inner else { return };
            place = inner;
        }
        for entry in entries {
            if place.iter().any(|other| other.key == entry.key) {
                self.errors.push(SyntaxError::new(entry.span, DUPLICATE));
            } else {
                place.push(entry);
            }
        }
    }
}

fn unread(key: &str, start: usize) -> Entry {
    let span = start..start.saturating_add(key.len());
    let node = Node { span: span.clone(), value: Value::Other(Kind::Unread) };
    Entry { key: key.to_owned(), span, node }
}

/// Returns `true` if a table or a key begins with this line. Entries of a list are in quotes, or should be.
fn begins(line: &str) -> bool {
    let is_header = line
        .strip_prefix('[')
        .is_some_and(|rest| rest.trim_start_matches('[').starts_with(|c: char| c.is_ascii_alphabetic()));
    (is_header && !line.contains("://")) || key_of(line).is_some()
}

/// Returns the key that a line begins with, and the character after it: `=`, or for a key of a policy also `:` as in YAML.
fn key_of(line: &str) -> Option<(&str, char)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let (key, rest) = line.split_at(line.find(|c| !is_part(c))?);
    let next = rest.trim_start_matches([' ', '\t']).chars().next()?;
    let is_one = !key.is_empty() && (next == '=' || (next == ':' && keys::KEYS.contains(&key)));
    is_one.then_some((key, next))
}

/// Returns the lines of a string, each with its offset.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0_usize, |at, line| {
        let start = *at;
        *at = at.saturating_add(line.len());
        Some((start, line))
    })
}

fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1))
}
