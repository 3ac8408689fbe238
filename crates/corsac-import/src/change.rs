//! Changes to the lines of a configuration.

use crate::files::{At, Source};

/// One change. The lines of all changes are those of the file before any of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// The line has this text instead, without a line break at its end; more than one line if it has line breaks inside.
    Replace { at: At, text: String },
    /// After the line comes this text, a line or more.
    InsertAfter { at: At, text: String },
    /// Before the line comes this text, a line or more.
    InsertBefore { at: At, text: String },
    /// The line goes away.
    Delete { at: At },
}

impl Edit {
    fn at(&self) -> At {
        match self {
            Self::Replace { at, .. }
            | Self::InsertAfter { at, .. }
            | Self::InsertBefore { at, .. }
            | Self::Delete { at } => *at,
        }
    }
}

/// The files with these changes. Line breaks stay as they are.
pub(crate) fn apply(files: &[Source], edits: &[Edit]) -> Vec<Source> {
    let changed = files.iter().enumerate().map(|(number, file)| {
        let mut text = String::with_capacity(file.text.len());
        let line_break = if file.text.contains("\r\n") { "\r\n" } else { "\n" };
        for (index, line) in file.text.split_inclusive('\n').enumerate() {
            let here = At { file: number, line: index.saturating_add(1) };
            let edits = || edits.iter().filter(|edit| edit.at() == here);
            let mut push = |more: &str| {
                for line in more.lines() {
                    text.push_str(line);
                    text.push_str(line_break);
                }
            };
            for edit in edits() {
                if let Edit::InsertBefore { text, .. } = edit {
                    push(text);
                }
            }
            match edits().find(|edit| matches!(edit, Edit::Replace { .. } | Edit::Delete { .. })) {
                Some(Edit::Replace { text, .. }) => push(text),
                Some(_) => {}
                None => text.push_str(line),
            }
            let mut after = edits().filter_map(|edit| match edit {
                Edit::InsertAfter { text, .. } => Some(text),
                _ => None,
            });
            if let Some(first) = after.next() {
                if !text.ends_with('\n') && !text.is_empty() {
                    text.push_str(line_break);
                }
                for more in std::iter::once(first).chain(after) {
                    for line in more.lines() {
                        text.push_str(line);
                        text.push_str(line_break);
                    }
                }
            }
        }
        Source { name: file.name.clone(), text }
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_made_at_their_lines() {
        let file = Source { name: "a".to_owned(), text: "one\r\n  two\r\nthree".to_owned() };
        let at = |line| At { file: 0, line };
        let edits = [
            Edit::Replace { at: at(1), text: "ONE".to_owned() },
            Edit::InsertBefore { at: at(2), text: "before".to_owned() },
            Edit::InsertAfter { at: at(3), text: "after\nend".to_owned() },
            Edit::Delete { at: at(2) },
        ];
        let changed = apply(&[file], &edits);
        assert_eq!(changed[0].text, "ONE\r\nbefore\r\nthree\r\nafter\r\nend\r\n");
    }
}
