//! The text of a file: where its lines begin, and a part of it that can be shown on a terminal.

use std::fmt;
use std::ops::Range;

use corsac::text::{LONGEST_MESSAGE, Printable, is_printable};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// A line that is longer is shown in part, in bytes.
const LONGEST_LINE: usize = 160;

/// The text of a file, as problems point into it.
#[derive(Clone)]
pub(crate) struct Source {
    /// What to call it: its path.
    pub(crate) name: String,
    pub(crate) text: String,
    /// The offsets at which lines begin.
    lines: Vec<usize>,
    /// The text for a terminal: what is no character of a line is replaced by as many bytes, so that offsets are the same.
    shown: Option<String>,
}

/// Without the text, which can be megabytes.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Source {
    pub(crate) fn new(name: &str, text: String) -> Self {
        let lines =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at.saturating_add(1))).collect();
        let shown = shown(&text);
        Self { name: name.to_owned(), text, lines, shown }
    }

    /// The name for a message or a page: a file can be called anything.
    pub(crate) fn printable_name(&self) -> Printable<'_> {
        Printable::new(&self.name, LONGEST_MESSAGE)
    }

    /// Which line an offset is in, from 0, and where that line begins.
    pub(crate) fn line(&self, offset: usize) -> (usize, usize) {
        let index = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        (index, self.lines.get(index).copied().unwrap_or_default())
    }

    /// The bytes of a line, without its end.
    fn line_bytes(&self, index: usize) -> Range<usize> {
        let start = self.lines.get(index).copied().unwrap_or(self.text.len());
        let end = self.lines.get(index.saturating_add(1)).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or_default();
        start..start.saturating_add(line.trim_end_matches(['\r', '\n']).len())
    }

    /// The part of a span to underline: on its first line, and not longer than what is shown of that.
    pub(crate) fn underlined(&self, span: &Range<usize>) -> Range<usize> {
        let line = self.line_bytes(self.line(span.start).0);
        let start = span.start.min(line.end);
        let end = span.end.clamp(start, line.end.max(start));
        let text = self.text.get(start..end).unwrap_or_default();
        start..start.saturating_add(up_to(text, LONGEST_LINE / 2).len())
    }
}

/// The text with characters that are not printable replaced by as many bytes; `None` where it has none.
fn shown(text: &str) -> Option<String> {
    let is_shown = |character| matches!(character, '\n' | '\t') || is_printable(character);
    // Before `\n`, a carriage return is part of the line's end.
    let ends_line = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
    let mut characters = text.char_indices();
    characters.any(|(at, character)| !is_shown(character) && !ends_line(at)).then(|| {
        text.char_indices().fold(String::with_capacity(text.len()), |mut shown, (at, character)| {
            match character.len_utf8() {
                _ if is_shown(character) || ends_line(at) => shown.push(character),
                1 => shown.push('?'),
                2 => shown.push('·'),
                3 => shown.push('\u{fffd}'),
                _ => shown.push_str("··"),
            }
            shown
        })
    })
}

/// The start of a text, so many bytes or a little less.
fn up_to(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

impl SourceCode for Source {
    /// The lines around a span. Where one of them is very long, only the span's own, and what is around it there.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.shown.as_deref().unwrap_or(&self.text);
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
        // Asked for a span alone, what is wanted is where it begins.
        let passed = text.get(line_start..span.offset()).filter(|_| before == 0).unwrap_or_default();
        let column = passed.chars().count();
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
