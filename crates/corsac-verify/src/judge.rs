//! A case's end on the server beside its end in memory.

use corsac::browser::{CompletedExchange, Engine, ExchangeKind, Outcome, ResponseHead, Stage};
use corsac::header::names::{ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
use corsac::server::Policy;
use corsac_explain::{Evidence, spelled};

use crate::case::{Ask, Case};
use crate::fragile::{differences, repeated};
use crate::in_memory::{self, answer};
use crate::run::Ended;

/// What a case shows.
pub(crate) enum Judged {
    /// These differences; none if the server answers as the policy says.
    Known(Vec<Difference>),
    /// Nothing, for this reason.
    Unknown(String),
}

/// One difference.
pub(crate) struct Difference {
    pub(crate) code: &'static str,
    pub(crate) engines: Vec<Engine>,
    pub(crate) completed: CompletedExchange,
    /// What the policy's answer would have been.
    pub(crate) expected: String,
}

impl Difference {
    /// A difference that is not about what browsers decide.
    fn of_response(code: &'static str, completed: &CompletedExchange, expected: String) -> Self {
        Self { code, engines: Vec::new(), completed: completed.clone(), expected }
    }
}

pub(crate) fn judge(policy: &Policy, case: &Case, actual: &Ended) -> Judged {
    if let Some(why) = unknown(case, actual) {
        return Judged::Unknown(why);
    }
    let Some(last) = actual.completed.last() else { return Judged::Known(Vec::new()) };
    let mut found: Vec<Difference> = Vec::new();
    if let Ask::Alone(_) = case.ask {
        found.extend(alone(policy, case, last));
    } else {
        let expected = in_memory::run(policy, case).is_allowed();
        let actual_allowed = actual.is_allowed();
        let differs = |wanted: bool| -> Vec<Engine> {
            let engines = expected.iter().zip(&actual_allowed);
            engines
                .filter(|((engine, expected), (other, actual))| {
                    engine == other && *expected == wanted && *actual != wanted
                })
                .map(|((engine, _), _)| *engine)
                .collect()
        };
        for (wanted, words) in [(false, "refused"), (true, "allowed")] {
            let engines = differs(wanted);
            if !engines.is_empty() {
                let completed = decisive(actual, engines.first().copied(), last).clone();
                let code = if wanted { closed_code(case, &completed) } else { case.open_code };
                found.push(Difference { code, engines, completed, expected: words.to_owned() });
            }
        }
        found.extend(not_blocked(policy, last));
    }
    for completed in &actual.completed {
        let Some(response) = completed.response() else { continue };
        let expected = answer(policy, &completed.exchange, |_| ()).0;
        // What is wrong with the decision is said already.
        let is_said = |code: &str| {
            found.iter().any(|known| known.code == code) || code == "refused-origin-told" && !found.is_empty()
        };
        let more: Vec<_> = differences(&completed.exchange, &expected, response)
            .into_iter()
            .filter(|(code, _)| !is_said(code))
            .map(|(code, expected)| Difference::of_response(code, completed, expected))
            .collect();
        found.extend(more);
    }
    Judged::Known(found)
}

/// Why the responses say nothing about the policy, if they do not.
fn unknown(case: &Case, actual: &Ended) -> Option<String> {
    if actual.outcomes.iter().any(|(_, outcome)| outcome.is_none()) {
        return Some("it redirects to another host".to_owned());
    }
    if let Some(why) = actual.completed.iter().find_map(unusable) {
        return Some(why);
    }
    let Ask::Page { request, .. } = &case.ask else { return None };
    let refused = actual
        .outcomes
        .iter()
        .find_map(|(_, outcome)| outcome.as_ref().filter(|outcome| outcome.refusal().is_some()))?;
    let evidence = Evidence::new(request, &actual.completed, refused);
    let cause = corsac_explain::diagnose(&evidence).into_iter().next()?;
    matches!(cause.code, "challenge-page" | "platform-wall").then(|| cause.title.to_owned())
}

/// Why a response is of no use, if it is not: there is none, or the server is too busy.
///
/// ```
/// use corsac::browser::{CompletedExchange, Exchange, ExchangeKind, ResponseHead};
/// let exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/".parse().unwrap());
/// let busy = CompletedExchange::new(exchange, Ok(ResponseHead::new(429, [("Retry-After", "60")])));
/// assert_eq!(corsac_verify::unusable(&busy).as_deref(), Some("status 429"));
/// ```
pub fn unusable(completed: &CompletedExchange) -> Option<String> {
    match &completed.result {
        Err(error) => Some(error.to_string()),
        Ok(response) if matches!(response.status, 429 | 503) => Some(format!("status {}", response.status)),
        Ok(_) => None,
    }
}

/// The code of a refusal by its cause: a case about a method or a header can also fail at the response itself.
fn closed_code(case: &Case, decisive: &CompletedExchange) -> &'static str {
    let Some(response) = decisive.response() else { return case.closed_code };
    if repeated(response).is_some() {
        return "header-repeated";
    }
    if response.is_redirect() {
        return "redirect-refused";
    }
    let is_about_the_preflight =
        matches!(case.closed_code, "method-refused" | "request-header-refused" | "forced-preflight-refused");
    match decisive.exchange.kind {
        ExchangeKind::Preflight => case.closed_code,
        _ if matches!(case.closed_code, "head-refused" | "error-without-headers") => case.closed_code,
        _ if response.status >= 400 => "error-refused",
        _ if is_about_the_preflight => "origin-refused",
        _ => case.closed_code,
    }
}

/// The exchange that decided: the last one, or the preflight that was refused.
fn decisive<'a>(
    actual: &'a Ended,
    engine: Option<Engine>,
    last: &'a CompletedExchange,
) -> &'a CompletedExchange {
    let outcome =
        actual.outcomes.iter().find(|(of, _)| Some(*of) == engine).and_then(|(_, outcome)| outcome.as_ref());
    let refusal = outcome.and_then(Outcome::refusal).filter(|refusal| refusal.stage == Stage::Preflight);
    let mut preflights =
        actual.completed.iter().filter(|completed| completed.exchange.kind == ExchangeKind::Preflight);
    refusal.and(preflights.next_back()).unwrap_or(last)
}

/// Bodies of successful responses are not read. A body in chunks has no length.
fn is_empty(response: &ResponseHead) -> bool {
    let has_body = match response.headers.text("content-length") {
        Some(length) => length != "0",
        None => response.headers.contains("transfer-encoding"),
    };
    response.status == 204 || !has_body
}

/// Requests that no page makes are judged by their response alone.
fn alone(policy: &Policy, case: &Case, completed: &CompletedExchange) -> Option<Difference> {
    let response = completed.response()?;
    let expected = answer(policy, &completed.exchange, |_| ()).0;
    let difference =
        |name| Some(Difference::of_response(case.open_code, completed, format!("no {}", spelled(name))));
    match case.open_code {
        // An application that answers has something to say; the headers alone change nothing.
        "options-taken-for-preflight"
            if response.headers.contains(ACCESS_CONTROL_ALLOW_METHODS) && is_empty(response) =>
        {
            difference(ACCESS_CONTROL_ALLOW_METHODS)
        }
        "origin-case-ignored" => {
            let allows = |response: &ResponseHead| {
                response.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN) == completed.exchange.headers.get(ORIGIN)
            };
            // Where every origin is allowed, sending each one back ignores nothing.
            let is_for_all = expected.headers.text(ACCESS_CONTROL_ALLOW_ORIGIN).as_deref() == Some("*");
            if allows(response) && !allows(&expected) && !is_for_all {
                difference(ACCESS_CONTROL_ALLOW_ORIGIN)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// A request that the policy answers with 403, and that the server carries out.
fn not_blocked(policy: &Policy, completed: &CompletedExchange) -> Option<Difference> {
    let response = completed.response()?;
    let is_blocked =
        answer(policy, &completed.exchange, |decision| decision.answer().is_some_and(|status| status == 403))
            .1;
    (completed.exchange.may_change_something() && is_blocked && response.status < 400)
        .then(|| Difference::of_response("write-not-blocked", completed, "status 403".to_owned()))
}
