//! Annotations for [GitHub Actions](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands): lines of the log that
//! show at the case in the suite's file.

use super::Report;
use super::text::{tries, without_commands};
use crate::terminal::printable;

pub(super) fn print(report: &Report<'_>) -> String {
    let mut page = String::new();
    for (check, found) in &report.results {
        let again = tries(report, found);
        let (kind, text) = match (found.holds(), &again) {
            (true, None) => continue,
            (true, Some(tries)) => ("warning", format!("The network failed first: {tries}.")),
            (false, _) => ("error", format!("{} {} {}", found.sentence(), found.why, found.fix)),
        };
        page.push_str(&format!(
            "::{kind} file={},line={},title={}::{}\n",
            property(report.path),
            check.line,
            property(&check.name),
            data(text.trim_end())
        ));
    }
    let summary = format!("{}: {}\n", printable(report.path), report.summary());
    page + &without_commands(&summary)
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Escapes what follows the properties.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_property_or_a_line_early() {
        assert_eq!(property("a,b:c%\r\nd"), "a%2Cb%3Ac%25%0D%0Ad");
        assert_eq!(data("a,b:c%\r\n::error::d"), "a,b:c%25%0D%0A::error::d");
    }
}
