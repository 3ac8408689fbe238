//! Runs the request in each browser, and chooses the one whose verdict counts.

use std::time::Duration;

use corsac::browser::{
    self, CompletedExchange, Credentials, Engine, ExchangeKind, Fetch, Fetched, Outcome, PreflightCache, Step,
};
use corsac_explain::diagnosis::Cause;
use corsac_explain::findings::Finding;
use corsac_explain::{Evidence, deciding_engine, refused_for_location};

use crate::answers::{Decided, Server};
use crate::error::Problem;
use crate::given::Play;
use crate::{policy, request};

/// What the browsers did.
pub(crate) struct Played {
    pub(crate) request: browser::Request,
    /// One for each browser, in the usual order.
    pub(crate) engines: Vec<Run>,
    /// The browser whose verdict counts.
    pub(crate) decides: Engine,
    /// The causes, if that browser refuses.
    pub(crate) diagnosis: Vec<Cause>,
    pub(crate) findings: Vec<Finding>,
}

/// What one browser did.
pub(crate) struct Run {
    pub(crate) engine: Engine,
    pub(crate) fetched: Fetched,
    /// Where the answer to each exchange is written.
    pub(crate) places: Vec<Place>,
    /// What a policy decided last.
    pub(crate) decided: Option<Decided>,
    pub(crate) console: Vec<String>,
}

/// Where an answer is written: what it answers, and after how many redirects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) kind: ExchangeKind,
    pub(crate) hop: usize,
}

impl Played {
    /// Returns the run that decides. There is always one.
    pub(crate) fn deciding(&self) -> Option<&Run> {
        self.engines.iter().find(|run| run.engine == self.decides)
    }
}

pub(crate) fn run(play: &Play) -> Result<Played, Problem> {
    let request = request::build(&play.request)?;
    let server = match &play.policy {
        Some(text) => Server::Policy(policy::read(text, &request.init().url)?),
        None => Server::Written(play),
    };
    let runs = Engine::BROWSERS.iter().map(|engine| run_in(*engine, &request, &server));
    let engines = runs.collect::<Result<Vec<Run>, Problem>>()?;
    let decides = deciding_engine(&outcomes(&engines), false).unwrap_or(Engine::Spec);
    let mut played = Played { request, engines, decides, diagnosis: Vec::new(), findings: Vec::new() };
    (played.diagnosis, played.findings) = explained(&played);
    Ok(played)
}

/// Runs the request in one browser.
pub(crate) fn run_in(
    engine: Engine,
    request: &browser::Request,
    server: &Server<'_>,
) -> Result<Run, Problem> {
    let mut cache = PreflightCache::default();
    let mut fetch = Fetch::new(request.clone(), engine.profile());
    let with_credentials = request.init().credentials == Credentials::Include;
    let (mut exchanges, mut places, mut decided, mut hop) = (Vec::new(), Vec::new(), None, 0_usize);
    let outcome = loop {
        let exchange = match fetch.next(&mut cache, Duration::ZERO) {
            Step::Send(exchange) => exchange.clone(),
            Step::Done(outcome) => break outcome.clone(),
        };
        let answered = server.answer(&exchange, hop, with_credentials)?;
        decided = answered.decided.or(decided);
        places.push(Place { kind: exchange.kind, hop });
        if exchange.kind != ExchangeKind::Preflight && answered.head.is_redirect() {
            hop = hop.saturating_add(1);
        }
        fetch.receive(Ok(answered.head.clone()));
        exchanges.push(CompletedExchange::new(exchange, Ok(answered.head)));
    };
    let (_, trace) = fetch.finish();
    let fetched = Fetched::new(outcome, trace, exchanges);
    let console = corsac_explain::console_of(engine, &fetched, request);
    Ok(Run { engine, fetched, places, decided, console })
}

/// Returns the causes and the findings of the run that decides.
fn explained(played: &Played) -> (Vec<Cause>, Vec<Finding>) {
    let Some(run) = played.deciding() else { return (Vec::new(), Vec::new()) };
    let aside = refused_for_location(&outcomes(&played.engines), false);
    let mut evidence = Evidence::new(&played.request, &run.fetched.exchanges, &run.fetched.outcome);
    evidence.refused_for_location = &aside;
    (corsac_explain::diagnose(&evidence), corsac_explain::findings(&evidence))
}

fn outcomes(engines: &[Run]) -> Vec<(Engine, &Outcome)> {
    engines.iter().map(|run| (run.engine, &run.fetched.outcome)).collect()
}
