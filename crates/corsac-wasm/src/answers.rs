//! The server: answers that somebody wrote, or a policy.

use corsac::browser::{Exchange, ExchangeKind, ResponseHead};
use corsac::server::Policy;

use crate::error::Problem;
use crate::given::{Answer, Play};

/// Who answers.
pub(crate) enum Server<'p> {
    /// The answers of a play.
    Written(&'p Play),
    /// A policy. `None` where the file says that no policy applies.
    Policy(Option<Policy>),
}

/// An answer.
pub(crate) struct Answered {
    pub(crate) head: ResponseHead,
    /// What a policy says about its decision, and what to change in it.
    pub(crate) decided: Option<Decided>,
}

/// What a policy says about its decision.
pub(crate) struct Decided {
    pub(crate) is_refused: bool,
    pub(crate) text: String,
    pub(crate) advice: Option<String>,
}

impl Server<'_> {
    /// Returns the answer to what is sent after `hop` redirects.
    pub(crate) fn answer(
        &self,
        exchange: &Exchange,
        hop: usize,
        with_credentials: bool,
    ) -> Result<Answered, Problem> {
        match self {
            Self::Written(play) => {
                let answer = written(play, exchange, hop)?;
                let lines = answer.headers.lines.iter().map(|line| (line.name.as_str(), line.value.as_str()));
                Ok(Answered { head: ResponseHead::new(answer.status, lines), decided: None })
            }
            Self::Policy(None) => {
                let head = ResponseHead::new(200, Vec::<(String, Vec<u8>)>::new());
                Ok(Answered { head, decided: None })
            }
            Self::Policy(Some(policy)) => {
                let (head, decided) = decide(policy, exchange, with_credentials);
                Ok(Answered { head, decided: Some(decided) })
            }
        }
    }
}

/// Returns the name of the field with the answer to an exchange.
pub(crate) fn field(kind: ExchangeKind, hop: usize) -> String {
    let which = if kind == ExchangeKind::Preflight { "preflight" } else { "request" };
    match hop.checked_sub(1) {
        None => format!("answers.{which}"),
        Some(redirect) => format!("answers.redirects.{redirect}.{which}"),
    }
}

fn written<'p>(play: &'p Play, exchange: &Exchange, hop: usize) -> Result<&'p Answer, Problem> {
    let answer = play.answers.get(exchange.kind, hop);
    answer.ok_or_else(|| {
        let (method, url) = (&exchange.method, &exchange.url);
        let after = if hop == 0 { "" } else { "After the redirect, " };
        let kind = if exchange.kind == ExchangeKind::Preflight { "a preflight, " } else { "" };
        let message = format!(
            "{after}{} browser sends {kind}`{method} {url}`, and nothing says what the server answers: add its status and its header lines.",
            if hop == 0 { "The" } else { "the" }
        );
        Problem::new(field(exchange.kind, hop), message)
    })
}

/// Returns the response of a server with this policy, and what it says about its decision.
fn decide(policy: &Policy, exchange: &Exchange, with_credentials: bool) -> (ResponseHead, Decided) {
    let (head, decided) = corsac_verify::answer(policy, exchange, |decision| Decided {
        is_refused: decision.refusal().is_some(),
        text: decision.explain(),
        advice: decision.advice(with_credentials),
    });
    // Shown to people, who know the usual spelling.
    let lines = head.headers.iter().map(|line| (corsac_explain::spelled(&line.name), line.value.clone()));
    (ResponseHead::new(head.status, lines), decided)
}
