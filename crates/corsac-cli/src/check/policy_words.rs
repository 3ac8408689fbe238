//! Words about a policy's decision, and what to change in the policy.

use corsac::browser::{Outcome, ReasonCode};
use corsac::server::Enforcement;

use super::EngineReport;
use super::server::Decided;

/// Describes the policy's decision about one exchange.
pub(super) fn about_exchange(decided: &Decided) -> String {
    let enforced = match decided.enforcement {
        Enforcement::Pass => "",
        Enforcement::Report => " With `enforce = \"report\"`, the request is served, and logged.",
        Enforcement::Block => " With `enforce = \"block\"`, the request is answered with 403.",
    };
    format!("policy: {}{enforced}", decided.text)
}

/// Returns the code of the policy's refusal, if that is why the page may not read.
pub(super) fn code(chosen: &EngineReport) -> Option<&'static str> {
    chosen.fetched.outcome.refusal()?;
    chosen.decisions.last()?.refusal.map(|refusal| refusal.as_str())
}

/// Returns why the policy refused, as a sentence, if that is why the page may not read.
pub(super) fn refused(chosen: &EngineReport) -> Option<String> {
    let start = format!("refused ({}): ", code(chosen)?);
    let text = chosen.decisions.last()?.text.as_str();
    Some(corsac_explain::capitalized(text.strip_prefix(start.as_str()).unwrap_or(text)))
}

/// Returns what to change in the policy, or `None` if the policy is not what refused the request.
pub(super) fn what_to_write(chosen: &EngineReport) -> Option<String> {
    let Outcome::Refused(refusal) = &chosen.fetched.outcome else { return None };
    let decided = chosen.decisions.last()?;
    if refusal.reason.code() == ReasonCode::ResourcePolicy {
        return Some(
            "`resource-policy` does not let pages of other origins load this response without CORS. Such a request has no `Origin`, so \
             `origins` is not used. To let these pages show it, write `resource-policy = \"cross-origin\"`. Or load it with CORS \
             (`crossorigin` on the element) from an origin that is listed."
                .to_owned(),
        );
    }
    // If the policy refused and has no advice, guesses about the server would mislead.
    decided.advice.clone().or_else(|| decided.refusal.map(|_| String::new()))
}
