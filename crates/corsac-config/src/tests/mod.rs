//! Whole files: what is reported about each mistake, at which position, and what must never happen.

mod mistakes;
mod placed;
mod round_trip;
mod text;

use crate::{FileProblems, Format, PolicyFile};

/// Returns all errors and lints of a file.
fn problems(text: &str, format: Format) -> FileProblems {
    match PolicyFile::parse(text, format) {
        Ok(file) => file.lints().clone(),
        Err(problems) => problems,
    }
}

/// Returns the problems as they are printed on a terminal of this width, without colour.
fn drawn(problems: &FileProblems, width: usize) -> String {
    let mut page = String::new();
    miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
        .with_width(width)
        .render_report(&mut page, problems)
        .unwrap();
    page
}

/// One of several problems, printed alone.
#[derive(Debug)]
struct FileProblemsOf<'a>(&'a FileProblems, &'a crate::FileProblem);

impl FileProblemsOf<'_> {
    fn draw(&self) -> String {
        let mut page = String::new();
        miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
            .render_report(&mut page, self)
            .unwrap();
        page
    }
}

impl std::fmt::Display for FileProblemsOf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.1.fmt(f)
    }
}

impl std::error::Error for FileProblemsOf<'_> {}

impl miette::Diagnostic for FileProblemsOf<'_> {
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        miette::Diagnostic::source_code(self.0)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        miette::Diagnostic::labels(self.1)
    }
}
