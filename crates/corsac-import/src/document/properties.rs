//! Java properties, and the nesting that Spring gives to their keys.

use std::collections::{BTreeMap, HashMap};

use super::build::{Budget, MOST_LEVELS, map};
use super::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::{At, Files};

/// The entries of a file of [properties](https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)),
/// for [`nested`]. `#---` and `!---` begin another document, as they do for Spring.
pub(crate) fn java_properties(files: &Files<'_>, file: usize) -> Vec<Vec<(Key, Node)>> {
    let whole = files.text(file);
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let mut documents = Vec::new();
    let mut entries = Vec::new();
    let mut lines = text.lines().zip(1_usize..);
    while let Some((line, number)) = lines.next() {
        let line = line.trim_start_matches([' ', '\t', '\u{c}']);
        if matches!(line.trim_end(), "#---" | "!---") {
            documents.push(std::mem::take(&mut entries));
        }
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let mut logical = line.to_owned();
        while ends_in_continuation(&logical) {
            logical.pop();
            match lines.next() {
                Some((more, _)) => logical.push_str(more.trim_start_matches([' ', '\t', '\u{c}'])),
                None => break,
            }
        }
        let at = At { file, line: number };
        let (key, value) = key_and_value(&logical);
        let node = Node { at, value: Value::Text(value) };
        entries.push((Key { text: key, at }, node));
    }
    documents.push(entries);
    documents.retain(|entries| !entries.is_empty());
    documents
}

/// An odd number of backslashes at the end.
fn ends_in_continuation(line: &str) -> bool {
    let backslashes = line.bytes().rev().take_while(|byte| *byte == b'\\').count();
    backslashes % 2 == 1
}

/// The key ends at the first `=`, `:` or blank that is not escaped; blanks and one `=` or `:` after it are no part of the value.
fn key_and_value(line: &str) -> (String, String) {
    let mut escaped = false;
    let end = line.find(|letter: char| {
        let ends = !escaped && matches!(letter, '=' | ':' | ' ' | '\t' | '\u{c}');
        escaped = !escaped && letter == '\\';
        ends
    });
    let (key, rest) = line.split_at_checked(end.unwrap_or(line.len())).unwrap_or((line, ""));
    let rest = rest.trim_start_matches([' ', '\t', '\u{c}']);
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start_matches([' ', '\t', '\u{c}']);
    (unescape(key), unescape(value))
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('f') => plain.push('\u{c}'),
            Some('u') => {
                let digits: String = letters.clone().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                if let Some(decoded) = code.and_then(char::from_u32) {
                    plain.push(decoded);
                    letters.by_ref().take(4).for_each(drop);
                }
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}

/// Nests entries as Spring does: `a.b[0].c` is a map in a list in a map; `a.[/**].b` has the key `/**`. Values may be trees whose own keys are
/// nested in the same way.
///
/// # Errors
///
/// Fails at the line where it becomes too deep or too large.
pub(crate) fn nested(files: &Files<'_>, file: usize, entries: Vec<(Key, Node)>) -> Result<Node, ImportError> {
    let mut budget = Budget::new(files, file);
    let start = entries.first().map_or(At { file, line: 1 }, |(key, _)| key.at);
    let mut root = Growing::new(start);
    for (key, node) in entries {
        insert(&mut root, &key, node, 0, &mut budget)?;
    }
    Ok(root.node())
}

/// A value that grows: with entries it is a map, with items a list, with neither a leaf.
struct Growing {
    at: At,
    leaf: Value,
    /// The entries, each with its number, because a map of Rust keeps no order.
    entries: HashMap<String, (usize, At, Self)>,
    items: BTreeMap<usize, Self>,
}

enum Segment {
    Key(String),
    Item(usize),
}

fn insert(
    growing: &mut Growing,
    key: &Key,
    node: Node,
    level: usize,
    budget: &mut Budget<'_>,
) -> Result<(), ImportError> {
    let mut growing = growing;
    let mut level = level;
    let mut segments = segments(&key.text).into_iter().peekable();
    while let Some(segment) = segments.next() {
        level = level.saturating_add(1);
        budget.level(level, key.at)?;
        budget.spend(1, 0, key.at)?;
        growing = growing.child(segment, key.at, segments.peek().is_none());
    }
    match node.value {
        Value::Map(entries) if !entries.is_empty() => {
            entries.into_iter().try_for_each(|(key, node)| insert(growing, &key, node, level, budget))
        }
        Value::List(items) if !items.is_empty() => {
            growing.items.clear();
            items.into_iter().enumerate().try_for_each(|(number, item)| {
                let key = Key { text: format!("[{number}]"), at: item.at };
                insert(growing, &key, item, level, budget)
            })
        }
        leaf => {
            *growing = Growing { leaf, ..Growing::new(node.at) };
            Ok(())
        }
    }
}

/// The segments of a key: what is between dots, numbers and other texts in brackets. No more of them than are allowed, and one.
fn segments(key: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut rest = key;
    let closed_until = key.rfind(']').unwrap_or(0);
    while !rest.is_empty() && segments.len() <= MOST_LEVELS {
        let offset = key.len().saturating_sub(rest.len());
        if let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            segments.push(match inside.parse() {
                Ok(number) => Segment::Item(number),
                Err(_) => Segment::Key(inside.to_owned()),
            });
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        // A bracket begins a segment, too, if it is closed.
        let begins = |at: usize| at > 0 && offset.saturating_add(at) < closed_until;
        let end = rest
            .char_indices()
            .find(|(at, letter)| *letter == '.' || (*letter == '[' && begins(*at)))
            .map_or(rest.len(), |(at, _)| at);
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        segments.push(Segment::Key(name.to_owned()));
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    segments
}

impl Growing {
    fn new(at: At) -> Self {
        Self { at, leaf: Value::Null, entries: HashMap::new(), items: BTreeMap::new() }
    }

    /// The value at a segment. The last of a key is what the line is about, so it stands where that line does.
    fn child(&mut self, segment: Segment, at: At, is_last: bool) -> &mut Self {
        match segment {
            Segment::Item(number) => self.items.entry(number).or_insert_with(|| Self::new(at)),
            Segment::Key(text) => {
                let number = self.entries.len();
                let entry = self.entries.entry(text).or_insert_with(|| (number, at, Self::new(at)));
                if is_last {
                    entry.1 = at;
                }
                &mut entry.2
            }
        }
    }

    fn node(self) -> Node {
        let at = self.at;
        if self.entries.is_empty() && self.items.is_empty() {
            return Node { at, value: self.leaf };
        }
        if self.entries.is_empty() {
            return Node { at, value: Value::List(self.items.into_values().map(Self::node).collect()) };
        }
        let mut entries: Vec<_> = self.entries.into_iter().collect();
        entries.sort_unstable_by_key(|(_, (number, _, _))| *number);
        let named = entries.into_iter().map(|(text, (_, at, grown))| (Key { text, at }, grown.node()));
        let numbered = self.items.into_iter().map(|(number, grown)| {
            let node = grown.node();
            (Key { text: number.to_string(), at: node.at }, node)
        });
        Node { at, value: map(named.chain(numbered).collect()) }
    }
}
