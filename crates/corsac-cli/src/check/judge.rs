//! Which engine's verdict counts.

use std::cmp::Reverse;

use corsac::browser::{Engine, Reason, Refusal};
use corsac::origin::is_local_host;

use super::{EngineReport, Question, Report};

/// With several engines the strictest browser counts, since a server has to work in all of them: of those with its verdict the first of
/// Chromium, Firefox and WebKit. The standard stands beside them.
///
/// A refusal that comes only from where the server is now, and that not all browsers share, does not count: see
/// [`refused_for_the_place`].
pub(super) fn put_the_verdict_that_counts_first(question: &Question, engines: &mut [EngineReport]) {
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
    // Behind the one that counts, the usual order.
    if let Some((_, others)) = engines.split_first_mut() {
        others.sort_by_key(|report| position(report.engine));
    }
}

/// The browsers that refuse only because of where the server is now.
pub(super) fn refused_for_the_place<'r>(
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
        && question.engines().len() > 1
        && report.fetched.outcome.refusal().is_some_and(comes_from_the_place)
}

fn comes_from_the_place(refusal: &Refusal) -> bool {
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
