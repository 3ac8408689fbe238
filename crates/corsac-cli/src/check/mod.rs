//! `corsac check`: ask the server as each engine would, and say what came of it.

mod answer;
mod certificates;
mod controls;
mod exchange_marks;
mod json;
mod judge;
mod load;
mod markdown;
mod policy_words;
mod question;
mod secrets;
mod sent;
mod server;
pub(crate) mod several;
mod text;

use corsac::browser::{
    CompletedExchange, Engine, ExchangeKind, Fetched, NetworkErrorKind, Outcome, Refusal, Verdict,
};
use corsac_explain::Evidence;
use corsac_explain::diagnosis::Cause;
use corsac_explain::findings::Finding;

use crate::arguments::Expected;
use controls::Control;
pub(crate) use question::Question;
use secrets::Secrets;
use server::{Decided, Sent};
pub(crate) use text::print_short;

/// What came of it.
pub(crate) struct Report {
    /// How the fetch went in each engine, first the one whose verdict counts.
    pub(crate) engines: Vec<EngineReport>,
    /// What made the server answer so, if the page may not read the response: the cause to act on first.
    pub(crate) diagnosis: Vec<Cause>,
    /// What works but is fragile or unsafe.
    pub(crate) findings: Vec<Finding>,
    /// The control requests, and what they brought.
    pub(crate) controls: Vec<Control>,
    /// Everything that left for the server, in order.
    pub(crate) sent: Vec<Sent>,
    /// The request itself was left out.
    pub(crate) preflight_only: bool,
}

/// The report as one JSON object, without secrets.
pub(crate) fn print_json(question: &Question, report: &Report) -> serde_json::Value {
    let mut object = json::print(question, report);
    Secrets::of(question, report).hide_in(&mut object);
    object
}

/// The report as Markdown, without secrets.
pub(crate) fn print_markdown(question: &Question, report: &Report) -> String {
    markdown::print(question, report, &Secrets::of(question, report))
}

/// The report for people, without secrets.
pub(crate) fn print_text(question: &Question, report: &Report) -> String {
    Secrets::of(question, report).hide(&text::print(question, report))
}

/// How the fetch went in one engine.
pub(crate) struct EngineReport {
    pub(crate) engine: Engine,
    pub(crate) fetched: Fetched,
    /// What a policy decided about each exchange, if one answers.
    pub(crate) decisions: Vec<Decided>,
    /// What the engine prints on its console.
    pub(crate) console: Vec<String>,
}

impl EngineReport {
    /// The engine whose request the response answers, if that is another: a request that may change something is sent once.
    pub(crate) fn judged_on(&self) -> Option<Engine> {
        self.fetched.exchanges.iter().find_map(|carried| carried.from)
    }
}

impl Report {
    /// The engine whose verdict counts. There is always one: see [`ask`].
    pub(crate) fn chosen(&self) -> Option<&EngineReport> {
        self.engines.first()
    }

    /// The status of the last response, if there was one.
    pub(crate) fn last_status(&self) -> Option<u16> {
        let exchanges = &self.chosen()?.fetched.exchanges;
        exchanges.iter().rev().find_map(CompletedExchange::response).map(|response| response.status)
    }

    /// The three browsers, as far as they were asked.
    pub(crate) fn browsers(&self) -> impl Iterator<Item = &EngineReport> {
        Engine::BROWSERS
            .iter()
            .filter_map(|browser| self.engines.iter().find(|report| report.engine == *browser))
    }

    /// Returns `true` if all browsers that were asked come to the same verdict.
    pub(crate) fn browsers_agree(&self) -> bool {
        let mut verdicts = self.browsers().map(|report| report.fetched.outcome.verdict());
        let first = verdicts.next();
        verdicts.all(|verdict| Some(verdict) == first)
    }

    /// The verdict in one word: `allowed` where the request was left out and nothing refuses it.
    pub(crate) fn verdict_name(&self) -> &'static str {
        self.name_of(self.verdict())
    }

    /// The word for an engine's verdict.
    pub(crate) fn name_of(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Readable | Verdict::Opaque if self.preflight_only => Expected::Allowed.as_str(),
            verdict => verdict.as_str(),
        }
    }

    /// Whether browsers ask with a preflight first; `None` if they refuse before that.
    pub(crate) fn is_preflight_needed(&self) -> Option<bool> {
        let fetched = &self.chosen()?.fetched;
        let is_preflight = |carried: &CompletedExchange| carried.exchange.kind == ExchangeKind::Preflight;
        match &fetched.outcome {
            _ if fetched.exchanges.iter().any(is_preflight) => Some(true),
            Outcome::Refused(_) => None,
            Outcome::Readable(_) | Outcome::Opaque(_) => Some(false),
        }
    }

    /// Returns `true` if the last response's body ended before its end.
    pub(crate) fn body_breaks_off(&self) -> bool {
        let last = self.chosen().and_then(|report| report.fetched.exchanges.last());
        let error = last.and_then(|carried| carried.body_error.as_ref());
        error.is_some_and(|error| error.kind != NetworkErrorKind::Timeout)
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.chosen().map_or(Verdict::Failed, |report| report.fetched.outcome.verdict())
    }
}

/// Asks. Identical requests of several engines are sent once, and what may change something on the server once in any case.
pub(crate) async fn ask(question: &Question) -> Report {
    let mut way = question.server.way(&question.request, question.preflight_only);
    let mut engines = Vec::new();
    for engine in in_sending_order(question) {
        let (fetched, decisions) = way.fetch(engine).await;
        let console = console(engine, &fetched, question);
        engines.push(EngineReport { engine, fetched, decisions, console });
    }
    judge::put_the_verdict_that_counts_first(question, &mut engines);
    let seen: Vec<&CompletedExchange> = engines.iter().flat_map(|report| &report.fetched.exchanges).collect();
    let controls = match engines.first() {
        Some(chosen) if seen.iter().any(|carried| carried.result.is_ok()) => {
            controls::ask(&question.request, &chosen.fetched, question.controls, &seen, &mut way).await
        }
        _ => Vec::new(),
    };
    let mut report = Report {
        engines,
        diagnosis: Vec::new(),
        findings: Vec::new(),
        controls,
        sent: way.sent(),
        preflight_only: question.preflight_only,
    };
    let refused_for_the_place = judge::refused_for_the_place(question, &report);
    if let Some(evidence) = evidence(question, &report, &refused_for_the_place) {
        let (diagnosis, findings) =
            (corsac_explain::diagnose(&evidence), corsac_explain::findings(&evidence));
        (report.diagnosis, report.findings) = (diagnosis, findings);
    }
    report
}

/// The engine that comes first sends a request that is sent once: a browser's, if one would send it.
fn in_sending_order(question: &Question) -> Vec<Engine> {
    let mut engines = question.engines();
    if !matches!(question.request.method(), "GET" | "HEAD" | "OPTIONS") {
        engines.sort_by_key(|engine| !engine.is_browser());
    }
    engines
}

fn console(engine: Engine, fetched: &Fetched, question: &Question) -> Vec<String> {
    match &fetched.outcome {
        Outcome::Refused(refusal) => corsac_explain::console(engine, refusal, &question.request),
        Outcome::Readable(_) | Outcome::Opaque(_) => {
            corsac_explain::console_warnings(engine, &question.request, &fetched.exchanges)
        }
    }
}

/// All that is known about the fetch whose verdict counts.
fn evidence<'r>(
    question: &'r Question,
    report: &'r Report,
    refused_for_the_place: &'r [(Engine, &'r Refusal)],
) -> Option<Evidence<'r>> {
    let fetched = &report.chosen()?.fetched;
    let mut evidence = Evidence::new(&question.request, &fetched.exchanges, &fetched.outcome);
    evidence.controls = controls::answered(&report.controls);
    evidence.connected_to = question.connected_to.as_ref();
    evidence.cookies_given = !question.cookies.is_empty();
    evidence.refused_for_location = refused_for_the_place;
    Some(evidence)
}
