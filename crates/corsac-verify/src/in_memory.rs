//! The server's half in memory: what a server with the policy would answer.

use corsac::browser::{Exchange, ResponseHead};
use corsac::server::{self, Decision, Policy};
use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::case::Case;
use crate::run::{Ended, Run};

/// What a server answers that has this policy and otherwise answers everything with an empty 200. `decided` is given the decision.
///
/// ```
/// use corsac::browser::{Exchange, ExchangeKind};
/// use corsac::server::Policy;
///
/// let policy = Policy::builder(["https://app.example"]).build()?;
/// let mut exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/".parse().unwrap());
/// exchange.headers.append("Origin", "https://app.example");
/// let (response, is_refused) = corsac_verify::answer(&policy, &exchange, |decision| decision.refusal().is_some());
/// assert_eq!(response.headers.text("Access-Control-Allow-Origin").as_deref(), Some("https://app.example"));
/// assert!(!is_refused);
/// # Ok::<(), corsac::server::Problems>(())
/// ```
pub fn answer<T>(
    policy: &Policy,
    exchange: &Exchange,
    decided: impl FnOnce(&Decision<'_>) -> T,
) -> (ResponseHead, T) {
    let mut headers = HeaderMap::new();
    for line in &exchange.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(&line.name), HeaderValue::from_bytes(&line.value))
        {
            headers.append(name, value);
        }
    }
    let method = http::Method::from_bytes(exchange.method.as_bytes()).unwrap_or_default(); // browsers send tokens only
    let decision =
        policy.decide(&server::Request::new(&method, &headers).with_authority(exchange.url.authority()));
    let status = decision.answer().map_or(200, |status| status.as_u16());
    let mut response = HeaderMap::new();
    decision.apply(&mut response);
    let lines = response.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    (ResponseHead::new(status, lines), decided(&decision))
}

/// How a case ends on such a server.
pub(crate) fn run(policy: &Policy, case: &Case) -> Ended {
    let mut run = Run::new(case);
    while let Some(planned) = run.next() {
        let response = answer(policy, planned.exchange(), |_| ()).0;
        run.receive(planned.completed(Ok(response)));
    }
    run.finish()
}
