//! Which engine decides the verdict of the report.

use corsac::browser::{Engine, Refusal};
use corsac_explain::{deciding_engine, is_set_aside};

use super::{EngineReport, Question, Report};

/// Moves the engine that decides to the front: see [`deciding_engine`]. The others keep the usual order.
pub(super) fn put_deciding_engine_first(question: &Question, engines: &mut [EngineReport]) {
    let outcomes: Vec<_> = engines.iter().map(|report| (report.engine, &report.fetched.outcome)).collect();
    let decides = deciding_engine(&outcomes, asks_as_deployed(question));
    let position = |engine: Engine| Engine::ALL.iter().position(|other| *other == engine);
    engines.sort_by_key(|report| (Some(report.engine) != decides, position(report.engine)));
}

/// Returns the browsers that refuse only because of where the server runs now, such as on this machine.
pub(super) fn refused_for_location<'r>(
    question: &Question,
    report: &'r Report,
) -> Vec<(Engine, &'r Refusal)> {
    let is_aside = |engine: &EngineReport| {
        is_set_aside(&engine.fetched.outcome, question.engines.len(), asks_as_deployed(question))
    };
    if report.chosen().is_some_and(is_aside) {
        return Vec::new();
    }
    let aside = report.browsers().filter(|engine| is_aside(engine));
    aside.filter_map(|engine| Some((engine.engine, engine.fetched.outcome.refusal()?))).collect()
}

fn asks_as_deployed(question: &Question) -> bool {
    question.request.init().client.address_space.is_some()
}
