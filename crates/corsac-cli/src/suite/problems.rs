//! What is wrong in a suite's file, each problem at its line.

use std::fmt;
use std::ops::Range;

use miette::Diagnostic;

use crate::policy::draw::draw_one;
use crate::policy::excerpt::Position;
use crate::terminal::{printable, printable_words};

/// The most problems that are drawn. Others are counted.
const MOST: usize = 50;

/// One problem: a sentence about a part of the file.
#[derive(Debug)]
struct Problem {
    span: Range<usize>,
    message: String,
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    /// Adds a problem. What a case takes from `[defaults]` is read once for each case, and its problem is reported once.
    pub(super) fn add(&mut self, span: Range<usize>, message: impl Into<String>) {
        let problem = Problem { span, message: message.into() };
        if !self.0.iter().any(|other| other.span == problem.span && other.message == problem.message) {
            self.0.push(problem);
        }
    }

    /// Returns `Ok` if there are none, and otherwise an error that shows each with its line, in the order of the file.
    pub(super) fn into_result(mut self, name: &str, source: &str) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|problem| problem.span.start);
        let count = self.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        let mut page = format!("the suite `{}` has {count} {noun}\n\n", printable(name));
        for problem in self.0.iter().take(MOST) {
            let (line, column) = line_and_column(source, problem.span.start);
            let at = Position { name, source, span: problem.span.clone(), line, column };
            page.push_str(&draw_one(problem, &at));
        }
        if count > MOST {
            page.push_str(&format!("And {} more.\n", count.saturating_sub(MOST)));
        }
        Err(page.trim_end().to_owned())
    }
}

/// Returns the line and the column of an offset, both from 1; columns are characters.
pub(super) fn line_and_column(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.matches('\n').count().saturating_add(1);
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(start..).unwrap_or_default().chars().count().saturating_add(1);
    (line, column)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable_words(&self.message))
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {}
