//! The content of a file: where its lines begin, and which part of it is printed on a terminal.

use std::fmt;
use std::ops::Range;

use corsac::text::{LONGEST_MESSAGE, Printable, is_printable};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// A longer line, in bytes, is printed only in part.
const LONGEST_LINE: usize = 160;

/// The content of a file, into which problems point.
#[derive(Clone)]
pub(crate) struct Source {
    /// The file's path, or another name for it.
    pub(crate) name: String,
    pub(crate) text: String,
    /// The offsets at which lines begin.
    lines: Vec<usize>,
    /// The text for a terminal, if it differs: unprintable characters are replaced by others of the same length in bytes, so that offsets stay
    /// the same.
    printable: Option<String>,
}

/// Leaves out the text, which can be megabytes.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Source {
    pub(crate) fn new(name: &str, text: String) -> Self {
        let lines =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at.saturating_add(1))).collect();
        let printable = printable(&text);
        Self { name: name.to_owned(), text, lines, printable }
    }

    /// Returns the name in printable form, because a file name can have any characters.
    pub(crate) fn printable_name(&self) -> Printable<'_> {
        Printable::new(&self.name, LONGEST_MESSAGE)
    }

    /// Returns the line of an offset, from 0, and where that line begins.
    pub(crate) fn line(&self, offset: usize) -> (usize, usize) {
        let index = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        (index, self.lines.get(index).copied().unwrap_or_default())
    }

    /// Returns the position of a line in bytes, without its line break.
    fn line_bytes(&self, index: usize) -> Range<usize> {
        let start = self.lines.get(index).copied().unwrap_or(self.text.len());
        let end = self.lines.get(index.saturating_add(1)).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or_default();
        start..start.saturating_add(line.trim_end_matches(['\r', '\n']).len())
    }

    /// Returns the part of a span to underline: the part on its first line, cut to the length that is printed.
    pub(crate) fn underlined(&self, span: &Range<usize>) -> Range<usize> {
        let line = self.line_bytes(self.line(span.start).0);
        let start = span.start.min(line.end);
        let end = span.end.clamp(start, line.end.max(start));
        let text = self.text.get(start..end).unwrap_or_default();
        start..start.saturating_add(up_to(text, LONGEST_LINE / 2).len())
    }
}

/// Returns the text with unprintable characters replaced by others of the same length in bytes; `None` if it has none.
fn printable(text: &str) -> Option<String> {
    let is_kept = |character| matches!(character, '\n' | '\t') || is_printable(character);
    // A carriage return before `\n` is part of the line break.
    let ends_line = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
    let mut characters = text.char_indices();
    characters.any(|(at, character)| !is_kept(character) && !ends_line(at)).then(|| {
        text.char_indices().fold(String::with_capacity(text.len()), |mut printable, (at, character)| {
            match character.len_utf8() {
                _ if is_kept(character) || ends_line(at) => printable.push(character),
                1 => printable.push('?'),
                2 => printable.push('·'),
                3 => printable.push('\u{fffd}'),
                _ => printable.push_str("··"),
            }
            printable
        })
    })
}

/// Returns the start of a string, of at most this many bytes.
fn up_to(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

impl SourceCode for Source {
    /// Returns the lines around a span. If one of them is very long, returns only the part of the span's line around it.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.printable.as_deref().unwrap_or(&self.text);
        let (index, line_start) = self.line(span.offset());
        let first = index.saturating_sub(before);
        let last = index.saturating_add(after).min(self.lines.len().saturating_sub(1));
        let lines = self.line_bytes(first).start..self.line_bytes(last).end;
        let is_long = (first..=last).any(|line| self.line_bytes(line).len() > LONGEST_LINE);
        let (bytes, first) = if is_long {
            let end = self.line_bytes(index).end;
            let mut start = span.offset().saturating_sub(LONGEST_LINE / 4).max(line_start);
            while !text.is_char_boundary(start) {
                start = start.saturating_sub(1);
            }
            (
                start
                    ..start
                        .saturating_add(up_to(text.get(start..end).unwrap_or_default(), LONGEST_LINE).len()),
                index,
            )
        } else {
            (lines, first)
        };
        // Without lines before the span, the caller wants the column where it begins.
        let before_span = text.get(line_start..span.offset()).filter(|_| before == 0).unwrap_or_default();
        let column = before_span.chars().count();
        let data = text.get(bytes.clone()).ok_or(MietteError::OutOfBounds)?;
        let contents = MietteSpanContents::new_named(
            self.printable_name().to_string(),
            data.as_bytes(),
            (bytes.start, bytes.len()).into(),
            first,
            column,
            data.lines().count(),
        );
        Ok(Box::new(contents))
    }
}
