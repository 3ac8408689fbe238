//! The report as text for a terminal.

use anstyle::Style;
use corsac::browser::{Credentials, ExchangeKind, FilteredResponse, Outcome, ResponseType, Verdict};
use corsac_explain::findings::{Finding, FindingSeverity};
use corsac_explain::{Explanation, Fix, spelled};

use super::controls::{Control, ControlResult};
use super::sent::{everything_sent, sequence};
use super::{EngineReport, Question, Report, answer, load, policy_words, stack};
use crate::terminal::{BAD, CAREFUL, FAINT, GOOD, LINE, STRONG, printable, printable_words, styled, wrap};

/// Returns the whole report. The verdict, the cause and the fix come first.
pub(crate) fn print(question: &Question, report: &Report) -> String {
    let Some(chosen) = report.chosen() else {
        return String::new();
    };
    let is_policy = question.server.policy().is_some();
    let mut page = headline(question, report) + &answer::from_page(question);
    match &chosen.fetched.outcome {
        Outcome::Refused(refusal) if is_policy => {
            let explained = corsac_explain::explain(refusal, &question.request);
            page.push('\n');
            page.push_str(&wrap(&printable_words(&explained.what), "  ", "  "));
            page.push_str(&answer::disagreement(question, report));
            page.push_str(&sequence(chosen, question));
            match policy_words::what_to_write(chosen) {
                Some(words) if words.is_empty() => {}
                Some(words) => {
                    page.push_str(&title("What to change in the policy"));
                    page.push_str(&wrap(&printable_words(&words), "  ", "  "));
                }
                None => page.push_str(&explanation(&explained)),
            }
        }
        Outcome::Refused(refusal) => {
            page.push_str(&answer::causes(&report.diagnosis, refusal, question.verbose));
            page.push_str(&stack::section(question, report));
            page.push_str(&answer::disagreement(question, report));
            page.push_str(&sequence(chosen, question));
        }
        Outcome::Readable(_) | Outcome::Opaque(_) => {
            page.push('\n');
            page.push_str(&wrap(&what_the_page_gets(question, report, &chosen.fetched.outcome), "  ", "  "));
            page.push_str(&answer::disagreement(question, report));
            page.push_str(&findings(report, true, question.verbose));
            page.push_str(&sequence(chosen, question));
        }
    }
    page.push_str(&everything_sent(report, chosen));
    page.push_str(&notes(question, report, chosen));
    if let Outcome::Refused(refusal) = &chosen.fetched.outcome {
        page.push_str(&findings(report, question.verbose || is_policy, question.verbose));
        if question.verbose && !is_policy {
            page.push_str(&explanation(&corsac_explain::explain(refusal, &question.request)));
        }
    }
    if question.verbose {
        page.push_str(&consoles(report));
    }
    if !is_policy {
        page.push_str(&answer::names(question, report, &chosen.fetched.outcome));
    }
    page
}

/// Returns the verdict, the cause and the fix, without the exchanges.
pub(crate) fn print_short(question: &Question, report: &Report) -> String {
    let Some(chosen) = report.chosen() else {
        return String::new();
    };
    let mut page = headline(question, report);
    if let Some(cause) = report.diagnosis.first() {
        page.push_str(&wrap(&printable_words(&cause.title), "  ", "  "));
        page.push_str(answer::fix(cause).trim_end());
        page.push('\n');
        return page;
    }
    page.push_str(&wrap(&what_the_page_gets(question, report, &chosen.fetched.outcome), "  ", "  "));
    if let Some(finding) = report.findings.first() {
        page.push_str(&wrap(&printable_words(&finding.message), "  ! ", "    "));
        page.push_str(&finding_fix(finding, &format!("    {} ", styled(STRONG, "Fix:"))));
    }
    page
}

fn headline(question: &Question, report: &Report) -> String {
    let request = &question.request;
    let (mark, style) = mark(report);
    let word = styled(style.bold(), &report.verdict_name().to_uppercase());
    let url = printable(request.init().url.as_str());
    format!("{} {word}  {} {url}\n", styled(style, mark), request.method())
}

/// Returns the symbol of a verdict, and its colour.
pub(super) fn mark(report: &Report) -> (&'static str, Style) {
    match report.verdict() {
        Verdict::Opaque if report.preflight_only => ("✓", GOOD),
        Verdict::Readable => ("✓", GOOD),
        Verdict::Opaque => ("○", CAREFUL),
        Verdict::Blocked | Verdict::Failed => ("✗", BAD),
    }
}

/// Describes what the page can do with the response.
pub(super) fn what_the_page_gets(question: &Question, report: &Report, outcome: &Outcome) -> String {
    match question.request.init().api.load() {
        Some(load) if !report.preflight_only => load::what_the_page_gets(load, outcome),
        _ => script_sees(report, outcome),
    }
}

/// Describes what script can read of the response.
fn script_sees(report: &Report, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Readable(_) | Outcome::Opaque(_) if report.preflight_only => {
            match report.is_preflight_needed() {
                Some(false) => {
                    "No preflight is needed: a browser sends this request directly. Nothing was sent. Only the response to the request \
                     itself shows whether the page may read it."
                }
                _ => {
                    "The preflight allows the request, which was not sent. Only the response to the request itself shows whether the page \
                     may read it."
                }
            }
            .to_owned()
        }
        Outcome::Readable(response) => {
            let kind = if response.status >= 400 { ", which is an error" } else { "" };
            let sees = what_script_reads(report, response);
            format!("The page may read the response{kind}: {sees}.{}", same_origin(response))
        }
        Outcome::Opaque(_) => "The request is sent, but the page cannot read the response: neither its status, nor its headers, nor its \
                               body."
            .to_owned(),
        Outcome::Refused(_) => String::new(),
    }
}

/// Lists what script can read of a response.
pub(super) fn what_script_reads(report: &Report, response: &FilteredResponse) -> String {
    let mut names: Vec<String> =
        response.headers.iter().map(|line| spelled(&printable(&line.name))).collect();
    names.dedup();
    let names =
        if names.is_empty() { String::new() } else { format!(" and the headers {}", names.join(", ")) };
    let body = if report.body_breaks_off() { ", not the body, which is cut off," } else { ", the body" };
    format!("status {}{body}{names}", response.status)
}

/// Says that CORS does not apply, if it does not.
pub(super) fn same_origin(response: &FilteredResponse) -> &'static str {
    if response.kind == ResponseType::Basic {
        " Page and server have the same origin, so CORS does not apply."
    } else {
        ""
    }
}

/// Returns notes about what was not sent or not checked.
fn notes(question: &Question, report: &Report, chosen: &EngineReport) -> String {
    let mut notes = Vec::new();
    notes.extend(not_sent(&report.controls));
    let sent = |kind| chosen.fetched.exchanges.iter().any(|completed| completed.exchange.kind == kind);
    let load = question.request.init().api.load();
    if let Some(load) = load {
        notes.push(load::not_modelled(load).to_owned());
    }
    let cross_origin = load.is_none()
        && matches!(&chosen.fetched.outcome, Outcome::Readable(response) if response.kind == ResponseType::Cors);
    if cross_origin && !sent(ExchangeKind::Preflight) {
        notes.push(
            "No preflight was needed. Requests with JSON, a token or another method need one: test that with -H, -d and -X."
                .to_owned(),
        );
    }
    let is_fine = report.findings.iter().all(|finding| finding.severity == FindingSeverity::Info);
    if cross_origin && is_fine {
        let note = if question.server.policy().is_some() {
            "If a browser refuses it nevertheless, the server does not serve this policy. `corsac verify` tests that."
        } else {
            "If the browser still refuses it, the cause is in the browser: a cached response, a service worker, an extension, or the page's \
             Content-Security-Policy."
        };
        notes.push(note.to_owned());
    }
    let cookies_stay = !question.cookies.is_empty()
        && question.request.init().credentials != Credentials::Include
        && !chosen.fetched.exchanges.iter().any(|completed| completed.exchange.credentials);
    if cookies_stay {
        notes.push(
            "The cookie was not sent. Another origin gets cookies only with --credentials include."
                .to_owned(),
        );
    }
    let notes: String = notes.iter().map(|note| styled(FAINT, &wrap(note, "  ", "  "))).collect();
    if notes.is_empty() { notes } else { format!("\n{notes}") }
}

/// Lists the comparison requests that were skipped, grouped by the reason.
fn not_sent(controls: &[Control]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for Control { kind, result } in controls {
        let ControlResult::Skipped { why, .. } = result else { continue };
        match reasons.iter_mut().find(|(reason, _)| reason == why) {
            Some((_, titles)) => titles.push(kind.title()),
            None => reasons.push((why, vec![kind.title()])),
        }
    }
    let note = |(why, titles): (&str, Vec<String>)| {
        format!(
            "Comparison skipped because {why}: the request {}. Use --controls always to send it anyway.",
            titles.join("; the request ")
        )
    };
    reasons.into_iter().map(note).collect()
}

fn explanation(explanation: &Explanation) -> String {
    let mut page = String::new();
    if !explanation.causes.is_empty() {
        page.push_str(&title(if explanation.causes.len() == 1 {
            "Likely cause"
        } else {
            "Likely causes, the most likely first"
        }));
        for cause in &explanation.causes {
            page.push_str(&wrap(&printable_words(cause), "  - ", "    "));
        }
    }
    if !explanation.fixes.is_empty() {
        page.push_str(&title("What to change"));
        for fix in &explanation.fixes {
            page.push_str(&print_fix(fix, "-"));
        }
    }
    page.push_str(&title("Why browsers do this"));
    page.push_str(&wrap(&explanation.why, "  ", "  "));
    page.push_str(&styled(FAINT, &format!("  {}\n", explanation.spec)));
    if let Some(mdn) = explanation.mdn {
        page.push_str(&styled(FAINT, &format!("  {mdn}\n")));
    }
    page
}

fn print_fix(fix: &Fix, bullet: &str) -> String {
    let mut page = wrap(&printable_words(&fix.text), &format!("  {bullet} "), "    ");
    for line in &fix.lines {
        page.push_str(&format!("      {}\n", styled(LINE, &printable(line))));
    }
    page
}

fn consoles(report: &Report) -> String {
    let mut page = String::new();
    for engine in report.engines.iter().filter(|engine| !engine.console.is_empty()) {
        page.push_str(&styled(STRONG, &format!("  {}\n", engine.engine.title())));
        for line in &engine.console {
            let note = corsac_explain::console_note(line).map(|note| format!(" {note}")).unwrap_or_default();
            page.push_str(&wrap(&format!("{}{note}", printable_words(line)), "    ", "    "));
        }
    }
    if page.is_empty() {
        return page;
    }
    title("Console messages of the browsers") + &page
}

/// Lists the findings. Unless `whole`, as after a refusal, those that are only informative or part of the cause are left out, and so are fixes.
fn findings(report: &Report, whole: bool, is_verbose: bool) -> String {
    let causes: Vec<&str> = report.diagnosis.iter().map(|cause| cause.code).collect();
    let is_in_diagnosis =
        |code| causes.contains(&code) || code == "duplicate-header" && causes.contains(&"header-twice");
    let is_shown = |finding: &&Finding| {
        whole || finding.severity > FindingSeverity::Info && !is_in_diagnosis(finding.code)
    };
    if !report.findings.iter().any(|finding| is_shown(&finding)) {
        return String::new();
    }
    let mut page = if whole { title("Also worth knowing") } else { "\n".to_owned() };
    for finding in report.findings.iter().filter(is_shown) {
        let (style, mark) = match finding.severity {
            FindingSeverity::Info => (FAINT, "·"),
            FindingSeverity::Warning => (CAREFUL, "!"),
            FindingSeverity::Problem => (BAD, "!"),
        };
        let message = format!("{} ({})", printable_words(&finding.message), finding.code);
        page.push_str(&wrap(&message, &format!("  {} ", styled(style, mark)), "    "));
        let has_fix = whole && (is_verbose || finding.severity > FindingSeverity::Info);
        if has_fix && !finding.fix.is_empty() {
            page.push_str(&finding_fix(finding, "    Fix: "));
        }
    }
    page
}

/// Describes the fix of a finding. A command stays on one line, so that it can be pasted.
fn finding_fix(finding: &Finding, first: &str) -> String {
    let (words, command) = finding.fix.split_once('\n').unwrap_or((&finding.fix, ""));
    let mut page = wrap(&printable_words(words), first, "    ");
    if !command.is_empty() {
        page.push_str(&format!("      {}\n", styled(LINE, &printable_words(command))));
    }
    page
}

pub(super) fn title(text: &str) -> String {
    format!("\n{}\n", styled(STRONG, text))
}
