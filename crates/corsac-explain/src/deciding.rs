//! Which engine's verdict counts, if several were asked.

use std::cmp::Reverse;

use corsac::browser::{Engine, Outcome, Reason, Refusal};
use corsac::origin::is_local_host;

/// Returns the engine that decides: the strictest browser, because a server has to work in all of them. If several are equally strict, it is
/// the first of Chromium, Firefox and WebKit. The standard decides only if it is the only engine.
///
/// A refusal that depends only on where the server runs now, and that not all browsers share, is ignored: see [`refused_for_location`].
///
/// ```
/// use corsac::browser::{Engine, FilteredResponse, Outcome, Reason, Refusal, Stage};
/// let refusal = Refusal::new(Stage::Request, "https://api.example/".parse().unwrap(), "https://app.example", Reason::AllowOriginMissing);
/// let (opaque, refused) = (Outcome::Opaque(FilteredResponse::opaque()), Outcome::Refused(Box::new(refusal)));
/// let outcomes = [(Engine::Chromium, &opaque), (Engine::Firefox, &refused), (Engine::WebKit, &refused)];
/// assert_eq!(corsac_explain::deciding_engine(&outcomes, false), Some(Engine::Firefox));
/// ```
pub fn deciding_engine(outcomes: &[(Engine, &Outcome)], asks_as_deployed: bool) -> Option<Engine> {
    let order = |(engine, outcome): &(Engine, &Outcome)| {
        let is_aside = is_set_aside(outcome, outcomes.len(), asks_as_deployed);
        let position = Engine::ALL.iter().position(|other| other == engine);
        (!engine.is_browser(), is_aside, Reverse(outcome.verdict()), position)
    };
    outcomes.iter().min_by_key(|outcome| order(outcome)).map(|(engine, _)| *engine)
}

/// Returns the browsers that refuse only because of where the server runs now, such as on this machine, and that so do not count. There are none
/// if no other engine is left to decide. A request that is made as if the server were deployed (`asks_as_deployed`) has no such refusal.
///
/// ```
/// use corsac::browser::{Engine, FilteredResponse, Outcome, Reason, Refusal, Stage};
/// let refusal = Refusal::new(Stage::Start, "http://127.0.0.1/".parse().unwrap(), "https://app.example", Reason::MixedContent);
/// let (opaque, refused) = (Outcome::Opaque(FilteredResponse::opaque()), Outcome::Refused(Box::new(refusal)));
/// let outcomes = [(Engine::Chromium, &opaque), (Engine::WebKit, &refused)];
/// assert_eq!(corsac_explain::deciding_engine(&outcomes, false), Some(Engine::Chromium));
/// assert_eq!(corsac_explain::refused_for_location(&outcomes, false)[0].0, Engine::WebKit);
/// assert!(corsac_explain::refused_for_location(&[(Engine::WebKit, &refused)], false).is_empty());
/// ```
pub fn refused_for_location<'o>(
    outcomes: &[(Engine, &'o Outcome)],
    asks_as_deployed: bool,
) -> Vec<(Engine, &'o Refusal)> {
    let is_aside = |outcome: &Outcome| is_set_aside(outcome, outcomes.len(), asks_as_deployed);
    let decides = deciding_engine(outcomes, asks_as_deployed);
    if outcomes.iter().any(|(engine, outcome)| Some(*engine) == decides && is_aside(outcome)) {
        return Vec::new();
    }
    let aside = outcomes.iter().filter(|(engine, outcome)| engine.is_browser() && is_aside(outcome));
    aside.filter_map(|(engine, outcome)| Some((*engine, outcome.refusal()?))).collect()
}

/// Returns `true` if one of several engines refuses only because of where the server runs now.
fn is_set_aside(outcome: &Outcome, engines: usize, asks_as_deployed: bool) -> bool {
    !asks_as_deployed && engines > 1 && outcome.refusal().is_some_and(depends_on_location)
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
