//! Which engine decides the verdict of the report.

use std::cmp::Reverse;

use corsac::browser::{Engine, Reason, Refusal};
use corsac::origin::is_local_host;

use super::{EngineReport, Question, Report};

/// Moves the engine that decides to the front. With several engines this is the strictest browser, because a server has to work in all of them.
/// If several are equally strict, it is the first of Chromium, Firefox and WebKit. The standard decides only if it is the only engine.
///
/// A refusal that depends only on where the server runs now, and that not all browsers share, is ignored: see [`refused_for_location`].
pub(super) fn put_deciding_engine_first(question: &Question, engines: &mut [EngineReport]) {
    let order = |report: &EngineReport| {
        let is_aside = is_set_aside(question, report);
        (
            !report.engine.is_browser(),
            is_aside,
            Reverse(report.fetched.outcome.verdict()),
            position(report.engine),
        )
    };
    let mut keys: Vec<_> = engines.iter().map(|report| (order(report), report.engine)).collect();
    keys.sort();
    let rank = |engine: Engine| keys.iter().position(|(_, other)| *other == engine);
    engines.sort_by_key(|report| rank(report.engine));
    // The other engines keep the usual order.
    if let Some((_, others)) = engines.split_first_mut() {
        others.sort_by_key(|report| position(report.engine));
    }
}

/// Returns the browsers that refuse only because of where the server runs now, such as on this machine.
pub(super) fn refused_for_location<'r>(
    question: &Question,
    report: &'r Report,
) -> Vec<(Engine, &'r Refusal)> {
    if report.chosen().is_some_and(|chosen| is_set_aside(question, chosen)) {
        return Vec::new();
    }
    let aside = report.browsers().filter(|engine| is_set_aside(question, engine));
    aside.filter_map(|engine| Some((engine.engine, engine.fetched.outcome.refusal()?))).collect()
}

fn is_set_aside(question: &Question, report: &EngineReport) -> bool {
    let asks_as_deployed = question.request.init().client.address_space.is_some();
    !asks_as_deployed
        && question.engines.len() > 1
        && report.fetched.outcome.refusal().is_some_and(depends_on_location)
}

fn depends_on_location(refusal: &Refusal) -> bool {
    match refusal.reason {
        Reason::MixedContent => refusal.url.host_str().is_some_and(is_local_host),
        Reason::LocalNetworkDenied { .. }
        | Reason::LocalNetworkInsecure { .. }
        | Reason::LocalNetworkMismatch { .. } => true,
        _ => false,
    }
}

fn position(engine: Engine) -> Option<usize> {
    Engine::ALL.iter().position(|other| *other == engine)
}
