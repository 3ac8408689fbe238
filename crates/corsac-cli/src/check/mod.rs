//! `corsac check`: ask the server as each engine would, and say what came of it.

mod controls;
mod exchange_marks;
mod json;
mod policy_words;
mod question;
mod server;
mod text;

use corsac::browser::{Carried, Engine, Fetched, Outcome, Verdict};
use corsac_explain::findings::{Evidence, Finding};

use controls::Control;
pub(crate) use json::print as print_json;
pub(crate) use question::Question;
use server::{Decided, Sent};
pub(crate) use text::{print as print_text, print_short};

/// What came of it.
pub(crate) struct Report {
    /// How the fetch went in each engine, first the one whose verdict counts.
    pub(crate) engines: Vec<EngineReport>,
    /// What works but is fragile or unsafe.
    pub(crate) findings: Vec<Finding>,
    /// The control requests, and what they brought.
    pub(crate) controls: Vec<Control>,
    /// Everything that left for the server, in order.
    pub(crate) sent: Vec<Sent>,
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

    pub(crate) fn verdict(&self) -> Verdict {
        self.chosen().map_or(Verdict::Failed, |report| report.fetched.outcome.verdict())
    }
}

/// Asks. Identical requests of several engines are sent once, and what may change something on the server once in any case.
pub(crate) async fn ask(question: &Question) -> Report {
    let mut way = question.server.way(&question.request);
    let mut engines = Vec::new();
    for engine in in_sending_order(question) {
        let (fetched, decisions) = way.fetch(engine).await;
        let console = console(engine, &fetched, question);
        engines.push(EngineReport { engine, fetched, decisions, console });
    }
    // First the one whose verdict counts.
    let order = question.engines();
    engines.sort_by_key(|report| order.iter().position(|engine| *engine == report.engine));
    let seen: Vec<&Carried> = engines.iter().flat_map(|report| &report.fetched.exchanges).collect();
    let controls = if seen.iter().any(|carried| carried.result.is_ok()) {
        controls::ask(&question.request, question.controls, &seen, &mut way).await
    } else {
        Vec::new()
    };
    let mut report = Report { engines, findings: Vec::new(), controls, sent: way.sent() };
    report.findings = findings(question, &report);
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

fn findings(question: &Question, report: &Report) -> Vec<Finding> {
    let Some(chosen) = report.chosen() else {
        return Vec::new();
    };
    let fetched = &chosen.fetched;
    let mut evidence = Evidence::new(&question.request, &fetched.exchanges, &fetched.outcome);
    evidence.controls = controls::answered(&report.controls);
    evidence.cookies_given = !question.cookies.is_empty();
    corsac_explain::findings(&evidence)
}
