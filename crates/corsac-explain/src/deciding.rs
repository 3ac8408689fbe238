//! Which engine's verdict counts, if several were asked.

use std::cmp::Reverse;

use corsac::browser::{Engine, Outcome, Reason, Refusal};
use corsac::origin::is_local_host;

/// Returns the engine that decides: the strictest browser, because a server has to work in all of them. If several are equally strict, it is
/// the first of Chromium, Firefox and WebKit. The standard decides only if it is the only engine.
///
/// A refusal that depends only on where the server runs now, and that not all browsers share, is ignored: see [`is_set_aside`].
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

/// Returns `true` if one of several engines refuses only because of where the server runs now, such as on this machine. A request that is
/// made as if the server were deployed (`asks_as_deployed`) has no such refusal.
///
/// ```
/// use corsac::browser::{Outcome, Reason, Refusal, Stage};
/// let refusal = Refusal::new(Stage::Start, "http://127.0.0.1/".parse().unwrap(), "https://app.example", Reason::MixedContent);
/// let outcome = Outcome::Refused(Box::new(refusal));
/// assert!(corsac_explain::is_set_aside(&outcome, 3, false));
/// assert!(!corsac_explain::is_set_aside(&outcome, 1, false));
/// ```
pub fn is_set_aside(outcome: &Outcome, engines: usize, asks_as_deployed: bool) -> bool {
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
