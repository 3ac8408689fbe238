//! What must come of a check, and whether it does.

use corsac::browser::{Engine, Outcome, Verdict};
use corsac_explain::browser_name;

use crate::arguments::Expected;
use crate::check::{EngineReport, Question, Report, Secrets};
use crate::terminal::printable_words;

/// What must come of a check. It must hold in each engine that counts.
#[derive(Clone, Debug)]
pub(super) struct Expectation {
    pub(super) verdict: Expected,
    /// The code of the first cause.
    pub(super) cause: Option<&'static str>,
    /// The code of the browser's reason.
    pub(super) reason: Option<&'static str>,
    /// The status of the last response.
    pub(super) status: Option<u16>,
    /// Headers that script must be able to read.
    pub(super) readable_headers: Vec<String>,
}

/// What was found, without secrets. Only this is kept of a check's report.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) verdict: &'static str,
    pub(super) cause: Option<&'static str>,
    pub(super) reason: Option<&'static str>,
    pub(super) status: Option<u16>,
    /// The verdict of each engine.
    pub(super) engines: Vec<(Engine, &'static str)>,
    /// What is not as expected. Empty if the check holds.
    pub(super) differences: Vec<Difference>,
    /// The first cause in a sentence, and what to change. Empty if nothing was refused.
    pub(super) why: String,
    pub(super) fix: String,
    /// Whether there was no usable connection: another try may find something else.
    pub(super) is_network_failure: bool,
    /// How often it was tried.
    pub(super) tries: u8,
}

/// One thing that is not as expected.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) what: &'static str,
    pub(super) expected: String,
    pub(super) found: String,
    /// The browsers in which it differs, for the end of a sentence. Empty if it does not depend on the browser.
    pub(super) browsers: Vec<&'static str>,
}

impl Difference {
    /// Returns it as a sentence without its full stop.
    pub(super) fn sentence(&self) -> String {
        let Self { what, expected, found, browsers } = self;
        let browsers = match browsers.as_slice() {
            [] => String::new(),
            [one] => format!(" in {one}"),
            [others @ .., last] => format!(" in {} and {last}", others.join(", ")),
        };
        match *what {
            "readable-header" => format!("{expected} must be readable by script, and {found}{browsers}"),
            "sent" => found.clone(),
            what => format!("expected {what} {expected}, found {found}{browsers}"),
        }
    }
}

impl Found {
    /// Returns the result of a check that could not be run.
    pub(super) fn not_run(why: &str) -> Self {
        let found = format!("it could not be run: {}", printable_words(why));
        let difference =
            Difference { what: "sent", expected: "a request".to_owned(), found, browsers: Vec::new() };
        Self {
            verdict: Verdict::Failed.as_str(),
            cause: None,
            reason: None,
            status: None,
            engines: Vec::new(),
            differences: vec![difference],
            why: String::new(),
            fix: String::new(),
            is_network_failure: false,
            tries: 1,
        }
    }

    pub(super) fn holds(&self) -> bool {
        self.differences.is_empty()
    }

    /// Returns `true` if it does not hold, and the verdict is `failed` where another was expected.
    pub(super) fn is_unexpected_failure(&self) -> bool {
        let failed = Verdict::Failed.as_str();
        let verdict = |difference: &Difference| difference.what == "verdict" && difference.expected != failed;
        self.verdict == failed && self.differences.iter().any(verdict)
    }

    /// Returns the reasons why the check does not hold, as one sentence.
    pub(super) fn sentence(&self) -> String {
        let sentences: Vec<String> = self.differences.iter().map(Difference::sentence).collect();
        format!("{}.", sentences.join("; "))
    }
}

impl Expectation {
    /// Compares a report with what is expected.
    pub(super) fn compare(&self, question: &Question, report: &Report, secrets: &Secrets) -> Found {
        let hidden = |text: &str| printable_words(&secrets.hide(text));
        let counting = report.counting(question);
        let cause = report.diagnosis.first();
        let refusal = report.chosen().and_then(|chosen| chosen.fetched.outcome.refusal());
        let mut found = Found {
            verdict: report.verdict_name(),
            cause: cause.map(|cause| cause.code),
            reason: refusal.map(|refusal| refusal.reason.code().as_str()),
            status: report.last_status(),
            engines: report
                .engines
                .iter()
                .map(|engine| (engine.engine, report.name_of(engine.fetched.outcome.verdict())))
                .collect(),
            differences: Vec::new(),
            why: cause.map_or_else(String::new, |cause| hidden(&cause.title)),
            fix: cause.map_or_else(String::new, |cause| hidden(cause.fix.text.trim_end_matches(':'))),
            is_network_failure: refusal
                .is_some_and(|refusal| matches!(refusal.reason, corsac::browser::Reason::Network(_))),
            tries: 1,
        };
        if question.preflight_only && report.is_preflight_needed() == Some(false) {
            found.differences.push(nothing_was_sent());
            return found;
        }
        let verdict = self.verdict.as_str();
        let differences = &mut found.differences;
        add_by_browser(differences, &counting, "verdict", verdict, |engine| {
            let own = report.name_of(engine.fetched.outcome.verdict());
            (own != verdict).then(|| own.to_owned())
        });
        if let Some(reason) = self.reason {
            add_by_browser(differences, &counting, "reason", reason, |engine| {
                let own =
                    engine.fetched.outcome.refusal().map_or("none", |refusal| refusal.reason.code().as_str());
                (own != reason).then(|| own.to_owned())
            });
        }
        for name in &self.readable_headers {
            add_by_browser(differences, &counting, "readable-header", name, |engine| hides(engine, name));
        }
        let number =
            |status: Option<u16>| status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        let mut add = |what, expected: String, found: String| {
            differences.push(Difference { what, expected, found, browsers: Vec::new() });
        };
        if let Some(expected) = self.cause.filter(|expected| Some(*expected) != found.cause) {
            add("cause", expected.to_owned(), found.cause.unwrap_or("none").to_owned());
        }
        if self.status.is_some() && self.status != found.status {
            add("status", number(self.status), number(found.status));
        }
        found
    }
}

/// A preflight alone was asked for, and browsers send none.
fn nothing_was_sent() -> Difference {
    Difference {
        what: "sent",
        expected: "a preflight".to_owned(),
        found: "browsers send no preflight before this request, so nothing was sent and nothing was checked: remove `preflight-only`".to_owned(),
        browsers: Vec::new(),
    }
}

/// Adds a difference for each other value that engines have, with the browsers that have it.
fn add_by_browser(
    differences: &mut Vec<Difference>,
    engines: &[&EngineReport],
    what: &'static str,
    expected: &str,
    other: impl Fn(&EngineReport) -> Option<String>,
) {
    let start = differences.len();
    for engine in engines {
        let Some(found) = other(engine) else { continue };
        let name = if engine.engine.is_browser() { browser_name(engine.engine) } else { "the standard" };
        match differences.iter_mut().skip(start).find(|difference| difference.found == found) {
            Some(difference) => difference.browsers.push(name),
            None => {
                let expected = expected.to_owned();
                differences.push(Difference { what, expected, found, browsers: vec![name] });
            }
        }
    }
}

/// Returns why script cannot read this header, or `None` if it can.
fn hides(engine: &EngineReport, name: &str) -> Option<String> {
    if let Outcome::Readable(response) = &engine.fetched.outcome
        && response.headers.contains(name)
    {
        return None;
    }
    let last = engine.fetched.exchanges.iter().rev().find_map(|completed| completed.response());
    let is_there = last.is_some_and(|response| response.headers.contains(name));
    let is_readable = matches!(engine.fetched.outcome, Outcome::Readable(_));
    Some(match (is_readable, is_there) {
        (true, true) => format!("the response does not expose it (Access-Control-Expose-Headers: {name})"),
        (true, false) => "the response does not have it".to_owned(),
        (false, _) => "the page reads no response".to_owned(),
    })
}
