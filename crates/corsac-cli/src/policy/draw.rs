//! Draws the problems of a policy file with their lines, for a terminal.

use std::fmt;

use corsac_config::{FileProblem, FileProblems};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::{Excerpt, Position};
use crate::terminal::width;

/// The most problems that are drawn. Others are counted.
const MOST: usize = 100;

/// Draws each problem with its lines. Colours are removed when it is printed, if standard output is not a terminal.
pub(crate) fn draw(problems: &FileProblems) -> String {
    draw_where(problems, |_| true)
}

/// Draws the errors only.
pub(crate) fn draw_errors(problems: &FileProblems) -> String {
    draw_where(problems, FileProblem::is_error)
}

fn draw_where(problems: &FileProblems, wanted: impl Fn(&FileProblem) -> bool) -> String {
    let mut page = String::new();
    let mut wanted = problems.iter().filter(|problem| wanted(problem));
    for problem in wanted.by_ref().take(MOST) {
        page.push_str(&draw_one(problem, &position(problems, problem)));
    }
    let more = wanted.count();
    if more > 0 {
        page.push_str(&format!("And {more} more. `corsac policy lint --json` prints all of them.\n\n"));
    }
    page
}

/// Returns where a problem of a policy file is.
pub(super) fn position<'p>(problems: &'p FileProblems, problem: &FileProblem) -> Position<'p> {
    Position {
        name: problems.name(),
        source: problems.source(),
        span: problem.span.clone(),
        line: problem.line,
        column: problem.column,
    }
}

/// Draws one problem with the lines around it.
pub(crate) fn draw_one(problem: &dyn Diagnostic, at: &Position<'_>) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode())
        .with_links(false)
        .with_width(width())
        .with_break_words(false)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .with_word_separator(textwrap::WordSeparator::AsciiSpace);
    let mut page = String::new();
    let excerpt = Excerpt::new(at, width());
    // Writing to a string cannot fail.
    let _ = handler.render_report(&mut page, &Drawn { problem, excerpt });
    page.push('\n');
    page
}

/// One problem, with the lines around it.
#[derive(Debug)]
struct Drawn<'a> {
    problem: &'a dyn Diagnostic,
    excerpt: Excerpt,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.problem, f)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.code()
    }

    fn severity(&self) -> Option<miette::Severity> {
        self.problem.severity()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let underlined = &self.excerpt.underlined;
        let span = LabeledSpan::new_primary_with_span(None, (underlined.start, underlined.len()));
        Some(Box::new(std::iter::once(span)))
    }
}
