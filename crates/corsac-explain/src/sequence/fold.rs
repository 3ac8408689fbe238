//! What is left out so that a diagram stays readable: middle redirects, and lines that nobody judged.

use corsac::header::names::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, TIMING_ALLOW_ORIGIN};

use super::line::Line;
use super::step::Step;

/// A diagram of more steps than this folds its middle redirects.
const MOST_STEPS: usize = 12;

/// A step of more lines than this keeps only those that were judged or name an origin.
const MOST_LINES: usize = 12;

/// Folds the redirects between the first and the last, if there are too many steps. Each step comes with the number of redirects before it.
pub(super) fn fold(steps: Vec<(usize, Step)>) -> Vec<Step> {
    let last = steps.iter().map(|(redirects, _)| *redirects).max().unwrap_or_default();
    let middle = 2..last;
    let is_folded = steps.len() > MOST_STEPS && !middle.is_empty();
    let mut shown = Vec::with_capacity(steps.len());
    for (redirects, step) in steps {
        if !is_folded || !middle.contains(&redirects) {
            shown.push(step);
        } else if !matches!(shown.last(), Some(Step::Fold { .. })) {
            shown.push(Step::Fold { count: middle.len() });
        }
    }
    shown
}

/// Returns the lines to show, and how many are left out.
pub(super) fn fewer(lines: Vec<Line>) -> (Vec<Line>, usize) {
    let count = lines.len();
    if count <= MOST_LINES {
        return (lines, 0);
    }
    let shown: Vec<Line> =
        lines.into_iter().filter(|line| line.rule.is_some() || names_origin(line)).collect();
    let more = count.saturating_sub(shown.len());
    (shown, more)
}

fn names_origin(line: &Line) -> bool {
    let names = [ORIGIN, ACCESS_CONTROL_ALLOW_ORIGIN, TIMING_ALLOW_ORIGIN];
    names.iter().any(|name| line.name.eq_ignore_ascii_case(name))
}
