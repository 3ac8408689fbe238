//! Problems as diagnostics of `miette`, for programs that print them with the lines of the file.

use std::fmt::Display;

use corsac::server::Severity;
use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::problem::{FileProblem, FileProblems};

/// Its label points into the source of the [`FileProblems`] that it belongs to.
impl Diagnostic for FileProblem {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(self.problem.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.code.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Lint => miette::Severity::Warning,
        })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = LabeledSpan::new_primary_with_span(None, (self.underlined.start, self.underlined.len()));
        Some(Box::new(std::iter::once(span)))
    }
}

/// Its related diagnostics are the problems.
impl Diagnostic for FileProblems {
    fn severity(&self) -> Option<miette::Severity> {
        Some(if self.count().0 > 0 { miette::Severity::Error } else { miette::Severity::Warning })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.iter().map(|problem| problem as &dyn Diagnostic)))
    }
}
