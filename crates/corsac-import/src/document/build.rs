//! What the readers share: the limits, lines of offsets, and maps without repeated keys.

use std::collections::HashMap;

use super::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::{At, Files};

/// The most levels of lists and maps.
pub(super) const MOST_LEVELS: usize = 100;
/// The most nodes of a file.
const MOST_NODES: usize = 100_000;
/// The most bytes of all texts, those that aliases repeat among them.
const MOST_TEXT: usize = 16 << 20;

/// Counts what a document needs.
#[derive(Debug)]
pub(super) struct Budget<'a> {
    name: &'a str,
    nodes: usize,
    text: usize,
}

impl<'a> Budget<'a> {
    pub(super) fn new(files: &'a Files<'_>, file: usize) -> Self {
        Self { name: files.name(file), nodes: 0, text: 0 }
    }

    /// One node more, with a text of so many bytes.
    pub(super) fn spend(&mut self, nodes: usize, text: usize, at: At) -> Result<(), ImportError> {
        self.nodes = self.nodes.saturating_add(nodes);
        self.text = self.text.saturating_add(text);
        if self.nodes > MOST_NODES {
            return Err(self.error(at, format!("There are more than {MOST_NODES} values up to this line.")));
        }
        if self.text > MOST_TEXT {
            return Err(self.error(at, "Aliases repeat more text than can be read."));
        }
        Ok(())
    }

    /// Checks that there are not too many levels.
    pub(super) fn level(&self, levels: usize, at: At) -> Result<(), ImportError> {
        if levels > MOST_LEVELS {
            return Err(self.error(at, format!("This is nested over more than {MOST_LEVELS} levels.")));
        }
        Ok(())
    }

    pub(super) fn error(&self, at: At, message: impl Into<String>) -> ImportError {
        ImportError::new(self.name, at.line, message)
    }
}

/// The lines of a text.
#[derive(Debug)]
pub(super) struct Lines {
    file: usize,
    /// The offset of each line's first byte.
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn new(file: usize, text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(offset, _)| offset.saturating_add(1))).collect();
        Self { file, starts }
    }

    /// The place of this offset.
    pub(super) fn at(&self, offset: usize) -> At {
        At { file: self.file, line: self.starts.partition_point(|start| *start <= offset) }
    }
}

/// A map of these entries; the last of those with the same key counts, in the place of the first.
pub(super) fn map(entries: Vec<(Key, Node)>) -> Value {
    let mut index: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    let mut kept: Vec<(Key, Node)> = Vec::with_capacity(entries.len());
    for (key, node) in entries {
        match index.get(&key.text).and_then(|place| kept.get_mut(*place)) {
            Some(earlier) => *earlier = (key, node),
            None => {
                index.insert(key.text.clone(), kept.len());
                kept.push((key, node));
            }
        }
    }
    Value::Map(kept)
}
