//! The report for people: a line for each check, and below one that does not hold, why.

use super::Report;
use super::expectation::Found;
use super::plan::Check;
use crate::terminal::{BAD, CAREFUL, FAINT, GOOD, printable, styled, wrap};

pub(super) fn print(report: &Report<'_>) -> String {
    let mut page = String::new();
    for (check, found) in &report.results {
        page.push_str(&one(report, check, found));
    }
    let style = if report.failed().next().is_none() { GOOD } else { BAD };
    page.push_str(&format!("\n{}", styled(style, &wrap(&report.summary(), "", ""))));
    without_commands(&page)
}

fn one(report: &Report<'_>, check: &Check, found: &Found) -> String {
    let (mark, style) = match (found.holds(), found.tries) {
        (true, 1) => ("✓", GOOD),
        (true, _) => ("!", CAREFUL),
        (false, _) => ("✗", BAD),
    };
    let mut text = format!("{} {}", styled(style.bold(), mark), check.name);
    if let Some(tries) = tries(report, found) {
        text.push_str(&format!("  ({tries})"));
    }
    text.push('\n');
    if found.holds() {
        return text;
    }
    let at = format!("{}:{}", printable(report.path), check.line);
    text.push_str(&format!("  {}\n", styled(FAINT, &at)));
    text.push_str(&format!(
        "  {}\n",
        styled(
            FAINT,
            &format!("{} {} from {}", printable(&check.method), printable(&check.shown_url()), check.origin)
        )
    ));
    text.push_str(&wrap(&corsac_explain::capitalized(&found.sentence()), "  ", "  "));
    for (title, words) in [("Why", &found.why), ("Fix", &found.fix)] {
        if !words.is_empty() {
            text.push_str(&wrap(words, &format!("  {title}  "), "       "));
        }
    }
    text
}

/// Says at which try a check ended, if it was tried again.
pub(super) fn tries(report: &Report<'_>, found: &Found) -> Option<String> {
    let word = if found.holds() { "held at" } else { "does not hold at" };
    (found.tries > 1).then(|| format!("{word} try {} of {}", found.tries, report.most_tries))
}

/// Escapes what GitHub Actions would take for a command in its log: a line that begins with `::`, and `##[` anywhere.
pub(super) fn without_commands(page: &str) -> String {
    let lines = page.split('\n').map(|line| {
        let start = line.len().saturating_sub(line.trim_start().len());
        let (indent, rest) = line.split_at_checked(start).unwrap_or(("", line));
        match rest.strip_prefix("::") {
            Some(rest) => format!("{indent}\\u{{3a}}:{rest}"),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n").replace("##[", "#\\u{23}[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_a_command_of_github() {
        let table = [
            ("::error::a", "\\u{3a}:error::a"),
            ("  ::add-mask::a\nb ::error::c", "  \\u{3a}:add-mask::a\nb ::error::c"),
            ("a ##[set-env]b", "a #\\u{23}[set-env]b"),
            ("a\n\n", "a\n\n"),
        ];
        for (page, expected) in table {
            assert_eq!(without_commands(page), expected);
        }
    }
}
