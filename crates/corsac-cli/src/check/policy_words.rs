//! What a policy says about an exchange, and what to write in it.

use corsac::browser::{Outcome, ReasonCode};
use corsac::server::Enforcement;

use super::EngineReport;
use super::server::Decided;

/// The policy's own words about one exchange.
pub(super) fn about_exchange(decided: &Decided) -> String {
    let enforced = match decided.enforcement {
        Enforcement::Pass => "",
        Enforcement::Report => " With `enforce = \"report\"`, the request is served and reported.",
        Enforcement::Block => " With `enforce = \"block\"`, the request is not served: the answer is 403.",
    };
    format!("policy: {}{enforced}", decided.text)
}

/// What to write in the policy, beyond what it says itself. `None` when the policy is not what refused.
pub(super) fn what_to_write(chosen: &EngineReport) -> Option<String> {
    let Outcome::Refused(refusal) = &chosen.fetched.outcome else { return None };
    let decided = chosen.decisions.last()?;
    if refusal.reason.code() == ReasonCode::ResourcePolicy {
        return Some(
            "`resource-policy` keeps the response from pages of other origins that load it without CORS; such a load sends no `Origin`, so \
             that `origins` does not count. If these pages may show it, write `resource-policy = \"cross-origin\"`. Or let the page ask with \
             CORS (`crossorigin` on the element), from an origin that is listed."
                .to_owned(),
        );
    }
    // Where a policy refuses and nothing is to be advised, there is nothing to guess about the server either.
    decided.advice.clone().or_else(|| decided.refusal.map(|_| String::new()))
}
