//! The report for people.

use corsac::browser::Engine;
use corsac::header::is_cors_header;
use corsac::header::names::{CROSS_ORIGIN_RESOURCE_POLICY, LOCATION, TIMING_ALLOW_ORIGIN, VARY};
use corsac_explain::{browser_name, spelled};
use corsac_verify::{Class, Finding, SuiteOptions};

use super::{Report, curl};
use crate::check::Secrets;
use crate::terminal::{BAD, CAREFUL, GOOD, printable, printable_words, styled, wrap};

/// So many cases without a result are named.
const MOST_UNKNOWN: usize = 5;

pub(super) fn print(report: &Report<'_>) -> String {
    let findings = report.verification.findings();
    let mut page = headline(report);
    page.push_str(&wrap(&counts(report), "  ", "  "));
    for finding in &findings {
        page.push('\n');
        page.push_str(&one(finding, report));
    }
    let unknown = report.verification.unknown();
    if !unknown.is_empty() {
        page.push_str("\nUnknown\n");
        for (case, why) in unknown.iter().take(MOST_UNKNOWN) {
            page.push_str(&wrap(&printable_words(&format!("{case}: {why}")), "  - ", "    "));
        }
        if let Some(more) = unknown.len().checked_sub(MOST_UNKNOWN).filter(|more| *more > 0) {
            page.push_str(&format!("  - and {more} more\n"));
        }
    }
    if let Some(why) = &report.stopped {
        page.push('\n');
        page.push_str(&wrap(&printable_words(&format!("Stopped early: {why}.")), "", ""));
    }
    let not_tested = &report.suite.not_tested;
    if !not_tested.is_empty() {
        page.push_str("\nNot tested\n");
        not_tested.iter().for_each(|what| page.push_str(&wrap(what, "  - ", "    ")));
    }
    Secrets::of_exchanges(findings.iter().map(|finding| &finding.completed)).hide(&page)
}

fn headline(report: &Report<'_>) -> String {
    let [open, closed, fragile] = Class::ALL.map(|class| report.count(class));
    let (mark, style) = match (open, closed, fragile) {
        (0, 0, _) if report.shows_too_little() => ("✗ UNKNOWN", BAD),
        (0, 0, 0) => ("✓ AS THE POLICY SAYS", GOOD),
        (0, 0, _) => ("! FRAGILE", CAREFUL),
        (0, _, _) => ("✗ TOO CLOSED", BAD),
        _ => ("✗ TOO OPEN", BAD),
    };
    let url = printable(report.target.given.as_str());
    let name = printable(report.policy_name);
    format!("{}  {url}\n  policy {name}\n\n", styled(style.bold(), mark))
}

fn counts(report: &Report<'_>) -> String {
    let cases = report.suite.cases.len();
    let mut text = format!("{} of {cases} cases are as the policy says", report.verification.ok());
    for class in Class::ALL {
        let count = report.count(class);
        if count > 0 {
            let noun = if count == 1 { "finding" } else { "findings" };
            text.push_str(&format!("; {count} {noun}: {}", words(class)));
        }
    }
    if report.unknown() > 0 {
        text.push_str(&format!("; {} unknown", report.unknown()));
    }
    text.push_str(&format!(". {} requests were sent", report.sent));
    if report.suite.entries_left_out > 0 {
        text.push_str(&format!(
            "; {} entries of `origins` were not tried (chosen with --seed {}; --all tries every one)",
            report.suite.entries_left_out, report.arguments.seed
        ));
    }
    if report.suite.left_out > 0 {
        let left_out = report.suite.left_out;
        let limit = SuiteOptions::default().limit;
        text.push_str(&format!("; {left_out} cases did not fit into {limit} requests (--all runs them)"));
    }
    text + "."
}

fn words(class: Class) -> &'static str {
    match class {
        Class::Open => "too open",
        Class::Closed => "too closed",
        Class::Fragile => "fragile",
    }
}

fn one(finding: &Finding, report: &Report<'_>) -> String {
    let style = if finding.class == Class::Fragile { CAREFUL } else { BAD };
    let word = styled(style.bold(), words(finding.class));
    let mut text = format!("{word}  {}  ({})\n", finding.title, finding.code);
    let more = match finding.cases.saturating_sub(1) {
        0 => String::new(),
        1 => ", and one more case".to_owned(),
        more => format!(", and {more} more cases"),
    };
    text.push_str(&wrap(&printable_words(&format!("{}{more}", finding.case)), "  ", "  "));
    text.push_str(&wrap(&what_differs(finding), "  ", "  "));
    text.push_str(&wrap(&answered(finding), "  ", "  "));
    text.push_str(&wrap(finding.fix, "  Fix  ", "       "));
    text.push_str(&format!("  {}\n", curl::line(&finding.completed.exchange, report.target)));
    text
}

/// Which browsers decide otherwise, or what the response should have.
fn what_differs(finding: &Finding) -> String {
    if finding.engines.is_empty() {
        return format!("The policy says: {}.", finding.expected);
    }
    let browsers: Vec<&str> = Engine::BROWSERS
        .iter()
        .filter(|engine| finding.engines.contains(engine))
        .map(|engine| browser_name(*engine))
        .collect();
    let who = match browsers.as_slice() {
        [] => "By the standard, and in no browser of today,".to_owned(),
        browsers if browsers.len() == Engine::BROWSERS.len() => "In every browser".to_owned(),
        browsers => format!("In {}", browsers.join(" and ")),
    };
    let is = if finding.expected == "refused" { "allowed" } else { "refused" };
    format!("{who} it is {is}. The policy says: {}.", finding.expected)
}

/// What came back that matters.
fn answered(finding: &Finding) -> String {
    let Some(response) = finding.completed.response() else { return "There is no response.".to_owned() };
    let lines = response.headers.iter().filter(|line| {
        let others = [VARY, TIMING_ALLOW_ORIGIN, CROSS_ORIGIN_RESOURCE_POLICY, LOCATION];
        is_cors_header(&line.name) || others.iter().any(|name| line.is(name))
    });
    let lines = lines.map(|line| printable(&format!("{}: {}", spelled(&line.name), line.text())));
    let lines: Vec<String> = lines.collect();
    let what = if lines.is_empty() { "no CORS headers".to_owned() } else { lines.join("; ") };
    format!("Response: status {}, {what}.", response.status)
}
