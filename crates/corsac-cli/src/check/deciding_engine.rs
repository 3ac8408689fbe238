//! Which engine decides the verdict of the report.

use corsac::browser::{Engine, Outcome, Refusal};
use corsac_explain::deciding_engine;

use super::{EngineReport, Question, Report};

/// Moves the engine that decides to the front: see [`deciding_engine`]. The others keep the usual order.
pub(super) fn put_deciding_engine_first(question: &Question, engines: &mut [EngineReport]) {
    let decides = deciding_engine(&outcomes(engines), asks_as_deployed(question));
    let position = |engine: Engine| Engine::ALL.iter().position(|other| *other == engine);
    engines.sort_by_key(|report| (Some(report.engine) != decides, position(report.engine)));
}

/// Returns the browsers that refuse only because of where the server runs now, such as on this machine.
pub(super) fn refused_for_location<'r>(
    question: &Question,
    report: &'r Report,
) -> Vec<(Engine, &'r Refusal)> {
    corsac_explain::refused_for_location(&outcomes(&report.engines), asks_as_deployed(question))
}

fn outcomes(engines: &[EngineReport]) -> Vec<(Engine, &Outcome)> {
    engines.iter().map(|report| (report.engine, &report.fetched.outcome)).collect()
}

fn asks_as_deployed(question: &Question) -> bool {
    question.request.init().client.address_space.is_some()
}
