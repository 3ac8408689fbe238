//! `corsac check`: sends the request as each engine would, and reports the result.

mod answer;
mod certificates;
mod controls;
mod deciding_engine;
mod diagram;
pub(crate) mod from;
pub(crate) mod json;
mod load;
mod markdown;
mod page;
mod policy_words;
mod question;
mod secrets;
mod sent;
mod server;
pub(crate) mod several;
mod stack;
mod text;

use corsac::browser::{
    CompletedExchange, Engine, ExchangeKind, Fetched, NetworkErrorKind, Outcome, Refusal, Verdict,
};
use corsac_explain::Evidence;
use corsac_explain::diagnosis::Cause;
use corsac_explain::findings::Finding;
use corsac_stacks::Recognition;

use crate::arguments::Expected;
pub(crate) use answer::{confidence, fix, told_cause};
pub(crate) use certificates::authorities;
use controls::Control;
pub(crate) use controls::safety;
pub(crate) use question::{Question, body_of, impossible, parse_url, read_bodies};
pub(crate) use secrets::Secrets;
use server::{Decided, Sent};
pub(crate) use text::print_short;

/// The result of a check.
pub(crate) struct Report {
    /// The fetch in each engine. The first one decides the verdict of the report.
    pub(crate) engines: Vec<EngineReport>,
    /// The causes, if the page may not read the response, the most likely first.
    pub(crate) diagnosis: Vec<Cause>,
    /// The servers, frameworks and products that show in the responses.
    pub(crate) stacks: Vec<Recognition>,
    /// Warnings about what works but is fragile or unsafe.
    pub(crate) findings: Vec<Finding>,
    /// The control requests and their responses.
    pub(crate) controls: Vec<Control>,
    /// Every request that was sent, in order.
    pub(crate) sent: Vec<Sent>,
    /// Whether only the preflight was sent.
    pub(crate) preflight_only: bool,
}

/// Returns the report as one JSON object, without secrets.
pub(crate) fn print_json(question: &Question, report: &Report) -> serde_json::Value {
    let mut object = json::print(question, report);
    Secrets::of(question, report).hide_in(&mut object);
    object
}

/// Returns what the page of `corsac ui` shows first, without secrets.
pub(crate) fn answer_json(question: &Question, report: &Report) -> serde_json::Value {
    let mut object = page::answer(question, report);
    Secrets::of(question, report).hide_in(&mut object);
    object
}

/// Returns what to write into the stack that was asked for, without secrets, or `None` if none was. Nothing is sent.
pub(crate) fn fix_json(question: &Question) -> Option<serde_json::Value> {
    let mut fix = page::fix_in(question.stack?, &question.request);
    Secrets::of_question(question).hide_in(&mut fix);
    Some(fix)
}

/// Returns the exchanges as steps: those of the browsers, in groups that tell the same story, and the controls. Without secrets.
pub(crate) fn diagram_json(question: &Question, report: &Report) -> [serde_json::Value; 2] {
    let secrets = Secrets::of(question, report);
    [diagram::groups(question, report), diagram::controls(question, report)].map(|steps| {
        let mut steps = serde_json::Value::from(steps);
        secrets.hide_in(&mut steps);
        steps
    })
}

/// Returns what to change in the policy that answered, if it refused.
pub(crate) fn policy_advice(report: &Report) -> Option<String> {
    page::advice(report)
}

/// Returns the report as Markdown, without secrets.
pub(crate) fn print_markdown(question: &Question, report: &Report) -> String {
    markdown::print(question, report, &Secrets::of(question, report))
}

/// Returns the report as text for a terminal, without secrets.
pub(crate) fn print_text(question: &Question, report: &Report) -> String {
    Secrets::of(question, report).hide(&text::print(question, report))
}

/// The fetch in one engine.
pub(crate) struct EngineReport {
    pub(crate) engine: Engine,
    pub(crate) fetched: Fetched,
    /// The policy's decision about each exchange, if a policy answers.
    pub(crate) decisions: Vec<Decided>,
    /// The engine's console messages.
    pub(crate) console: Vec<String>,
}

impl EngineReport {
    /// Returns the engine that sent the request, if this engine is evaluated against the response to another's request. A request that may change
    /// something on the server is sent only once.
    pub(crate) fn judged_on(&self) -> Option<Engine> {
        self.fetched.exchanges.iter().find_map(|completed| completed.from)
    }
}

impl Report {
    /// Returns the engine that decides the verdict. There is always one: see [`run`].
    pub(crate) fn chosen(&self) -> Option<&EngineReport> {
        self.engines.first()
    }

    /// Returns the status of the last response, if there was one.
    pub(crate) fn last_status(&self) -> Option<u16> {
        let exchanges = &self.chosen()?.fetched.exchanges;
        exchanges.iter().rev().find_map(CompletedExchange::response).map(|response| response.status)
    }

    /// Returns the engines whose verdicts count: the browsers, or the standard if no browser was asked. A browser that refuses only because of
    /// where the server runs now, which not all browsers do, does not count.
    pub(crate) fn counting(&self, question: &Question) -> Vec<&EngineReport> {
        let aside = deciding_engine::refused_for_location(question, self);
        let counts = |engine: &&EngineReport| aside.iter().all(|(other, _)| *other != engine.engine);
        let browsers: Vec<&EngineReport> = self.browsers().filter(counts).collect();
        if browsers.is_empty() { self.chosen().into_iter().collect() } else { browsers }
    }

    /// Returns the browsers among the engines.
    pub(crate) fn browsers(&self) -> impl Iterator<Item = &EngineReport> {
        Engine::BROWSERS
            .iter()
            .filter_map(|browser| self.engines.iter().find(|report| report.engine == *browser))
    }

    /// Returns `true` if all browsers among the engines have the same verdict.
    pub(crate) fn browsers_agree(&self) -> bool {
        let mut verdicts = self.browsers().map(|report| report.fetched.outcome.verdict());
        let first = verdicts.next();
        verdicts.all(|verdict| Some(verdict) == first)
    }

    /// Returns the verdict as a word: `allowed` if only the preflight was sent and nothing was refused.
    pub(crate) fn verdict_name(&self) -> &'static str {
        self.name_of(self.verdict())
    }

    /// Returns the word for an engine's verdict.
    pub(crate) fn name_of(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Readable | Verdict::Opaque if self.preflight_only => Expected::Allowed.as_str(),
            verdict => verdict.as_str(),
        }
    }

    /// Returns whether browsers send a preflight first, or `None` if they refuse the request before that.
    pub(crate) fn is_preflight_needed(&self) -> Option<bool> {
        let fetched = &self.chosen()?.fetched;
        let is_preflight = |completed: &CompletedExchange| completed.exchange.kind == ExchangeKind::Preflight;
        match &fetched.outcome {
            _ if fetched.exchanges.iter().any(is_preflight) => Some(true),
            Outcome::Refused(_) => None,
            Outcome::Readable(_) | Outcome::Opaque(_) => Some(false),
        }
    }

    /// Returns `true` if the last response's body was cut off.
    pub(crate) fn body_breaks_off(&self) -> bool {
        let last = self.chosen().and_then(|report| report.fetched.exchanges.last());
        let error = last.and_then(|completed| completed.body_error.as_ref());
        error.is_some_and(|error| error.kind != NetworkErrorKind::Timeout)
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.chosen().map_or(Verdict::Failed, |report| report.fetched.outcome.verdict())
    }
}

/// Sends the requests. Identical requests of several engines are sent once, and one that may change something on the server once in any case.
pub(crate) async fn run(question: &Question) -> Report {
    let mut connection = question.server.connect(&question.request, question.preflight_only);
    let mut engines = Vec::new();
    for engine in in_sending_order(question) {
        let (fetched, decisions) = connection.fetch(engine).await;
        let console = corsac_explain::console_of(engine, &fetched, &question.request);
        engines.push(EngineReport { engine, fetched, decisions, console });
    }
    deciding_engine::put_deciding_engine_first(question, &mut engines);
    let seen: Vec<&CompletedExchange> = engines.iter().flat_map(|report| &report.fetched.exchanges).collect();
    let controls = match engines.first() {
        Some(chosen) if seen.iter().any(|completed| completed.result.is_ok()) => {
            controls::send(&question.request, &chosen.fetched, question.controls, &seen, &mut connection)
                .await
        }
        _ => Vec::new(),
    };
    let mut report = Report {
        engines,
        diagnosis: Vec::new(),
        stacks: Vec::new(),
        findings: Vec::new(),
        controls,
        sent: connection.sent(),
        preflight_only: question.preflight_only,
    };
    report.stacks = stack::recognized(&report);
    let refused_for_location = deciding_engine::refused_for_location(question, &report);
    if let Some(evidence) = evidence(question, &report, &refused_for_location) {
        let (diagnosis, findings) =
            (corsac_explain::diagnose(&evidence), corsac_explain::findings(&evidence));
        (report.diagnosis, report.findings) = (diagnosis, findings);
    }
    report
}

/// Returns the engines in the order in which they send. If a request is sent only once, it is a browser's, if a browser would send it.
fn in_sending_order(question: &Question) -> Vec<Engine> {
    let mut engines = question.engines.clone();
    if !matches!(question.request.method(), "GET" | "HEAD" | "OPTIONS") {
        engines.sort_by_key(|engine| !engine.is_browser());
    }
    engines
}

/// Collects everything that is known about the fetch that decides the verdict.
fn evidence<'r>(
    question: &'r Question,
    report: &'r Report,
    refused_for_location: &'r [(Engine, &'r Refusal)],
) -> Option<Evidence<'r>> {
    let fetched = &report.chosen()?.fetched;
    let mut evidence = Evidence::new(&question.request, &fetched.exchanges, &fetched.outcome);
    evidence.controls = controls::answered(&report.controls);
    evidence.connected_to = question.connected_to.as_ref();
    evidence.cookies_given = !question.cookies.is_empty();
    evidence.refused_for_location = refused_for_location;
    Some(evidence)
}
