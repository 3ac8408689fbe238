//! The report as text.

use corsac::browser::{CompletedExchange, Credentials, ExchangeKind, Outcome, Stage};
use corsac::header::{HeaderLine, is_cors_header, names};
use corsac::text::{LONGEST_MESSAGE, Printable};
use corsac_explain::diagnosis::Cause;
use corsac_explain::spelled;

use super::report::{EngineReport, Report, name};

/// Returns the whole report. What several browsers have in common is printed once.
pub(super) fn page(report: &Report) -> String {
    let init = report.request.init();
    let with = if init.credentials == Credentials::Include { ", with credentials" } else { "" };
    let (method, url) = (report.request.method(), printable(init.url.as_str()));
    let mut page = format!("{method} {url}\n  from {}{with}\n\n", report.request.origin());
    for engine in &report.engines {
        page.push_str(&format!("  {:9} {}\n", name(engine), verdict(report, engine)));
    }
    let mut printed: Vec<&EngineReport> = Vec::new();
    for engine in &report.engines {
        if !printed.iter().any(|other| is_alike(other, engine)) {
            page.push_str(&details(report, engine, printed.is_empty()));
            printed.push(engine);
        }
    }
    page
}

/// Returns `true` if both browsers come to the same decision for the same reason.
fn is_alike(one: &EngineReport, other: &EngineReport) -> bool {
    let code = |report: &EngineReport| report.fetched.outcome.refusal().map(|refusal| refusal.reason.code());
    one.fetched.outcome.verdict() == other.fetched.outcome.verdict() && code(one) == code(other)
}

fn verdict(report: &Report, engine: &EngineReport) -> String {
    match &engine.fetched.outcome {
        Outcome::Refused(refusal) => {
            let at = match refusal.stage {
                Stage::Start => "before anything was sent",
                Stage::Preflight => "in the preflight",
                Stage::Request => "in the response to the request",
                Stage::Redirect => "after a redirect",
                stage => stage.as_str(),
            };
            let word = refusal.verdict().as_str();
            format!("{word} ({}, {at}): {}", refusal.reason.code(), words(&refusal.reason.to_string()))
        }
        _ if report.preflight_only && engine.has_preflight() => "the preflight allows the request".to_owned(),
        _ if report.preflight_only => "sends this request directly, without a preflight".to_owned(),
        Outcome::Readable(response) => format!("readable: status {}", response.status),
        Outcome::Opaque(_) => "opaque: the page cannot read the response (mode no-cors)".to_owned(),
    }
}

fn details(report: &Report, engine: &EngineReport, is_first: bool) -> String {
    let browser = name(engine);
    let mut page = String::new();
    for (index, one) in engine.causes.iter().enumerate() {
        let heading = match (index, is_first) {
            (0, true) => "Cause".to_owned(),
            (0, false) => format!("Cause in {browser}"),
            _ => "Or".to_owned(),
        };
        page.push_str(&cause(one, &heading));
    }
    if !engine.fetched.exchanges.is_empty() {
        page.push_str(&format!("\nRequests and responses, as {browser} sends them:\n"));
        engine.fetched.exchanges.iter().for_each(|completed| page.push_str(&exchange(completed, report)));
    }
    if !engine.console.is_empty() {
        page.push_str(&format!("\n{browser} prints:\n"));
        engine.console.iter().for_each(|line| page.push_str(&format!("  {}\n", words(line))));
    }
    page
}

fn cause(cause: &Cause, heading: &str) -> String {
    let mut page =
        format!("\n{heading} ({}, {}): {}\n", cause.code, cause.confidence.as_str(), words(&cause.title));
    cause.evidence.iter().for_each(|sentence| page.push_str(&format!("  {}\n", words(sentence))));
    if !cause.fix.text.is_empty() {
        page.push_str(&format!("Fix: {}\n", words(&cause.fix.text)));
    }
    cause.fix.lines.iter().for_each(|line| page.push_str(&format!("    {}\n", printable(line))));
    page
}

fn exchange(completed: &CompletedExchange, report: &Report) -> String {
    let sent = &completed.exchange;
    let kind = match sent.kind {
        ExchangeKind::Preflight => "  (preflight)",
        ExchangeKind::Redirect => "  (after a redirect)",
        _ => "",
    };
    let mut page = format!("  → {} {}{kind}\n", printable(&sent.method), printable(sent.url.as_str()));
    let is_from_script = |line: &HeaderLine| report.request.headers().contains(&line.name);
    let matters =
        |line: &&HeaderLine| line.is(names::ORIGIN) || is_cors_header(&line.name) || is_from_script(line);
    sent.headers.iter().filter(matters).for_each(|line| page.push_str(&header(line)));
    if sent.credentials && !report.cookies.is_empty() {
        page.push_str(&format!("      Cookie: {}\n", printable(&report.cookies.join("; "))));
    }
    match &completed.result {
        Ok(head) => {
            page.push_str(&format!("  ← {}\n", head.status));
            let lines = head.headers.iter().filter(|line| response_line_matters(line));
            lines.for_each(|line| page.push_str(&header(line)));
            let has_none = !head.headers.contains(names::ACCESS_CONTROL_ALLOW_ORIGIN);
            if has_none && sent.headers.contains(names::ORIGIN) {
                page.push_str("      (no Access-Control-Allow-Origin)\n");
            }
        }
        Err(error) => page.push_str(&format!("  ✗ {}\n", words(&error.to_string()))),
    }
    page
}

fn response_line_matters(line: &HeaderLine) -> bool {
    const NAMES: [&str; 6] = [
        names::VARY,
        names::LOCATION,
        names::SET_COOKIE,
        names::WWW_AUTHENTICATE,
        names::CROSS_ORIGIN_RESOURCE_POLICY,
        "allow",
    ];
    is_cors_header(&line.name) || NAMES.iter().any(|name| line.is(name))
}

fn header(line: &HeaderLine) -> String {
    format!("      {}: {}\n", printable(&spelled(&line.name)), printable(&line.value))
}

/// A value from outside.
fn printable(text: &(impl AsRef<[u8]> + ?Sized)) -> String {
    Printable::new(text, 300).to_string()
}

/// Sentences that quote values from outside.
fn words(text: &str) -> String {
    Printable::new(text, LONGEST_MESSAGE).to_string()
}
