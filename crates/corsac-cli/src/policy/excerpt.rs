//! The lines of a file around a problem, cut to the width of the terminal, so that the underline is below the problem.

use std::ops::Range;

use corsac::text::{LONGEST_MESSAGE, Printable, is_printable};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use textwrap::core::display_width;

/// Marks where a line is cut.
const CUT: &str = "...";

/// Where a problem is.
pub(crate) struct Position<'p> {
    /// The name of the file.
    pub(crate) name: &'p str,
    /// The text of the file.
    pub(crate) source: &'p str,
    /// The part of the text that is wrong, in bytes.
    pub(crate) span: Range<usize>,
    /// The line where it begins, from 1.
    pub(crate) line: usize,
    /// The column where it begins, from 1, in characters.
    pub(crate) column: usize,
}

/// The line of a problem, with the line before and the line after it.
#[derive(Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    /// The number of the first of the lines, from 0.
    first_line: usize,
    /// The line and column of the problem in the file, from 0.
    position: (usize, usize),
    /// The part of the text to underline.
    pub(crate) underlined: Range<usize>,
}

impl Excerpt {
    /// Returns the lines around a problem. They fit into `columns` with their line numbers.
    pub(crate) fn new(problem: &Position<'_>, columns: usize) -> Self {
        let source = problem.source;
        let line = problem.line.saturating_sub(1);
        let digits = problem.line.saturating_add(1).to_string().len();
        // Each line starts with a space, its number, and a bar between spaces.
        let columns = columns.saturating_sub(digits.saturating_add(4)).max(10);
        let start = problem.span.start.min(source.len());
        let own = line_at(source, start);
        let mut text = String::new();
        if let Some(end) = own.start.checked_sub(1) {
            let before = line_at(source, end);
            let cut = Line::around(source, &before, before.start..before.start, columns);
            text.push_str(&format!("{}\n", cut.text));
        }
        let cut = Line::around(source, &own, start..problem.span.end, columns);
        let at = text.len();
        text.push_str(&cut.text);
        let underlined = at.saturating_add(cut.part.start)..at.saturating_add(cut.part.end);
        let next = source.get(own.end..).and_then(|rest| rest.find('\n')).map(|end| own.end + end + 1);
        if let Some(next) = next.filter(|next| *next < source.len()) {
            let after = line_at(source, next);
            let cut = Line::around(source, &after, after.start..after.start, columns);
            text.push_str(&format!("\n{}", cut.text));
        }
        Self {
            name: Printable::new(problem.name, LONGEST_MESSAGE).to_string(),
            text,
            first_line: if own.start == 0 { line } else { line.saturating_sub(1) },
            position: (line, problem.column.saturating_sub(1)),
            underlined,
        }
    }
}

/// Returns the bytes of the line at this offset, without its line ending.
fn line_at(source: &str, at: usize) -> Range<usize> {
    let start = source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let rest = source.get(start..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    start..start + line.strip_suffix('\r').unwrap_or(line).len()
}

/// A line as it is printed.
struct Line {
    text: String,
    /// The range of the problem in `text`.
    part: Range<usize>,
}

impl Line {
    /// Cuts a line to `columns`. The start of `part` is always in it.
    fn around(source: &str, line: &Range<usize>, part: Range<usize>, columns: usize) -> Self {
        let start = part.start.clamp(line.start, line.end);
        let before = source.get(line.start..start).unwrap_or_default();
        let after = source.get(start..line.end).unwrap_or_default();
        let (right, right_is_cut) = fit(after.chars(), columns);
        // A quarter of the columns, or what is free if the rest of the line needs less.
        let for_left = columns.saturating_sub(width(&right)).max(columns / 4);
        let (mut left, left_is_cut) = fit(before.chars().rev(), for_left);
        left.reverse();
        let cut = if left_is_cut { CUT.len() } else { 0 };
        let for_right = columns.saturating_sub(width(&left)).saturating_sub(cut);
        let (right, right_is_cut) = if right_is_cut || width(&right) > for_right {
            fit(after.chars(), for_right)
        } else {
            (right, false)
        };
        let mut text = String::new();
        if left_is_cut {
            text.push_str(CUT);
        }
        text.extend(left);
        let from = text.len();
        let (mut passed, mut to) = (start, from);
        for (character, printed) in after.chars().zip(&right) {
            text.push_str(printed);
            passed = passed.saturating_add(character.len_utf8());
            if passed <= part.end {
                to = text.len();
            }
        }
        if right_is_cut {
            text.push_str(CUT);
        }
        Self { text, part: from..to }
    }
}

/// Returns as many characters as fit, in printable form, and whether more follow. If so, there are columns left for [`CUT`].
fn fit(characters: impl Iterator<Item = char>, columns: usize) -> (Vec<String>, bool) {
    let mut printed: Vec<String> = Vec::new();
    let mut used = 0_usize;
    for character in characters {
        let text = match character {
            '\t' => "    ".to_owned(),
            character if is_printable(character) => character.to_string(),
            character => Printable::new(&character.to_string(), 1).to_string(),
        };
        used = used.saturating_add(display_width(&text));
        printed.push(text);
        if used > columns {
            while used.saturating_add(CUT.len()) > columns
                && let Some(last) = printed.pop()
            {
                used = used.saturating_sub(display_width(&last));
            }
            return (printed, true);
        }
    }
    (printed, false)
}

fn width(printed: &[String]) -> usize {
    printed.iter().map(|text| display_width(text)).sum()
}

impl SourceCode for Excerpt {
    /// Returns the whole text. Without context lines, miette asks for the position of the problem in the file.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (line, column) = if before == 0 { self.position } else { (self.first_line, 0) };
        let contents = MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            line,
            column,
            self.text.split('\n').count(),
        );
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use corsac_config::{Format, PolicyFile};

    use super::*;

    fn excerpts(text: &str, columns: usize) -> Vec<Excerpt> {
        let read = PolicyFile::parse(text, Format::Toml);
        let problems = read.as_ref().map_or_else(|problems| problems, PolicyFile::lints);
        problems
            .iter()
            .map(|problem| Excerpt::new(&crate::policy::draw::position(problems, problem), columns))
            .collect()
    }

    #[test]
    fn a_line_that_fits_is_printed_whole() {
        let [excerpt] = &excerpts("[policy.a]\norigins = [\"b.example\"]\n# c\n", 60)[..] else { panic!() };
        assert_eq!(excerpt.text, "[policy.a]\norigins = [\"b.example\"]\n# c");
        assert_eq!((excerpt.first_line, excerpt.position), (0, (1, 11)));
        assert_eq!(&excerpt.text[excerpt.underlined.clone()], "\"b.example\"");
    }

    #[test]
    fn the_start_of_the_problem_is_printed_in_any_width_and_cuts_are_marked() {
        let good: String = (10..40).map(|n| format!("\"https://app{n}.example\", ")).collect();
        let table = [
            ("at the start", format!("origins = [\"b.example\", {good}]"), false),
            ("in the middle", format!("origins = [{good}\"b.example\"] # {good}"), true),
            ("at the end", format!("origins = [{good}\"b.example\"]"), true),
            (
                "among wide characters",
                format!("origins = [\"b.example\", {good}] # {}", "漢".repeat(90)),
                false,
            ),
            ("after what is escaped", format!("origins = [{good}\"b.example\", \"\u{202e}\"]"), true),
        ];
        for (name, line, begins_with_cut) in table {
            for columns in [20, 40, 60, 61, 100, 1_000_000] {
                let excerpts =
                    excerpts(&format!("# {good}\n[policy.a]\n{line}\nmax-age = 1 # {good}\n"), columns);
                let excerpt = &excerpts[0];
                for line in excerpt.text.lines() {
                    assert!(display_width(line) + 5 <= columns.max(15), "{name} in {columns}: {line}");
                }
                let own = excerpt.text.lines().nth(1).unwrap();
                if columns >= 60 {
                    let is_cut = begins_with_cut && columns < 1_000;
                    assert_eq!(own.starts_with(CUT), is_cut, "{name} in {columns}: {own}");
                }
                let underlined = &excerpt.text[excerpt.underlined.clone()];
                assert!(
                    "\"b.example\"".starts_with(underlined) && underlined.len() > 3,
                    "{name} in {columns}: {own}"
                );
            }
        }
    }

    #[test]
    fn nothing_of_a_file_reaches_the_terminal_unescaped() {
        for excerpt in excerpts(
            "[policy.a]\r\norigins = [\"https://a\u{202e}\"] # \u{9b}\u{1b}[2J\r\n'\u{e0001}' = 1\r\n",
            60,
        ) {
            assert!(excerpt.text.chars().all(|c| c == '\n' || is_printable(c)), "{:?}", excerpt.text);
        }
    }
}
