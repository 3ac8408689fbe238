//! How browsers judge an answer to a preflight, by the standard.

use std::time::Duration;

use corsac::browser::{Engine, Fetch, PreflightCache, Refusal, Request, ResponseHead, Stage};

/// Returns the refusal if the preflight gets this answer, or `None` if the request is then sent.
pub(crate) fn refusal_of_preflight(request: &Request, answer: &ResponseHead) -> Option<Refusal> {
    let fetch = Fetch::new(request.clone(), Engine::Spec.profile());
    let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(answer.clone()));
    fetched.outcome.refusal().filter(|refusal| refusal.stage == Stage::Preflight).cloned()
}
