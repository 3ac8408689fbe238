//! `corsac check`: ask the real server as each engine would, and say what came of it.

mod controls;
mod exchange_marks;
mod json;
mod question;
mod text;

use corsac::browser::{Engine, Outcome, PreflightCache, Verdict};
use corsac_explain::findings::{Controls, Evidence, Finding, SeenExchange};
use corsac_fetch::{Carried, Fetched, Wire};
use std::time::Duration;

pub(crate) use json::print as print_json;
pub(crate) use question::Question;
pub(crate) use text::{print as print_text, print_short};

/// What came of it.
pub(crate) struct Report {
    /// How the fetch went in each engine, first the one whose verdict counts.
    pub(crate) engines: Vec<EngineReport>,
    /// What works but is fragile or unsafe.
    pub(crate) findings: Vec<Finding>,
    /// What the control requests brought.
    pub(crate) controls: Controls,
}

/// How the fetch went in one engine.
pub(crate) struct EngineReport {
    pub(crate) engine: Engine,
    pub(crate) fetched: Fetched,
    /// What the engine prints on its console.
    pub(crate) console: Vec<String>,
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

/// Asks. Identical requests of several engines are sent once.
pub(crate) async fn ask(question: &Question) -> Report {
    let mut wire = Wire::new(&question.network, question.body.clone(), question.timeout);
    let mut engines = Vec::new();
    for engine in question.engines() {
        let mut cache = PreflightCache::default();
        let request = question.request.clone();
        let fetched = wire.fetch(request, engine.profile(), &mut cache, Duration::ZERO).await;
        let console = console(engine, &fetched, question);
        engines.push(EngineReport { engine, fetched, console });
    }
    let answered =
        engines.iter().any(|report| report.fetched.exchanges.iter().any(|carried| carried.result.is_ok()));
    let controls = if question.controls && answered {
        controls::ask(&question.request, &mut wire).await
    } else {
        Controls::default()
    };
    let mut report = Report { engines, findings: Vec::new(), controls };
    report.findings = findings(question, &report);
    report
}

fn console(engine: Engine, fetched: &Fetched, question: &Question) -> Vec<String> {
    match &fetched.outcome {
        Outcome::Refused(refusal) => corsac_explain::console(engine, refusal, &question.request),
        Outcome::Readable(_) | Outcome::Opaque(_) => {
            corsac_explain::console_warnings(engine, &question.request, &seen(fetched))
        }
    }
}

/// The exchanges as `corsac-explain` looks at them.
fn seen(fetched: &Fetched) -> Vec<SeenExchange> {
    let seen = |carried: &Carried| SeenExchange {
        exchange: carried.exchange.clone(),
        response: carried.result.as_ref().ok().map(|received| received.head.clone()),
    };
    fetched.exchanges.iter().map(seen).collect()
}

fn findings(question: &Question, report: &Report) -> Vec<Finding> {
    let Some(chosen) = report.chosen() else {
        return Vec::new();
    };
    let carried = &chosen.fetched.exchanges;
    let address =
        carried.iter().filter_map(|carried| carried.peer).find(|peer| !peer.proxied).map(|peer| peer.address);
    corsac_explain::findings(&Evidence {
        request: &question.request,
        exchanges: &seen(&chosen.fetched),
        outcome: &chosen.fetched.outcome,
        controls: &report.controls,
        address,
        cookies_given: !question.cookies.is_empty(),
    })
}
