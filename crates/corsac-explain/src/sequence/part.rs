//! Which entries of a trace belong to which exchange. A trace is one list, in the order in which the rules ran.

use corsac::browser::{CompletedExchange, ExchangeKind, Rule, RuleResult, Stage, Trace, TraceEntry};

/// An exchange with the rules that ran before it was sent, and those that judged it.
pub(super) struct Part<'a> {
    pub(super) completed: &'a CompletedExchange,
    pub(super) before: &'a [TraceEntry],
    pub(super) after: &'a [TraceEntry],
}

impl Part<'_> {
    /// Returns `true` if the response redirects, and the browser follows.
    pub(super) fn is_followed_redirect(&self) -> bool {
        self.after.iter().any(|entry| entry.rule == Rule::Redirect && entry.result == RuleResult::Pass)
    }
}

/// Returns the parts, and the entries after the last exchange: what refused a request that was not sent.
pub(super) fn parts<'a>(
    exchanges: &'a [CompletedExchange],
    trace: &'a Trace,
) -> (Vec<Part<'a>>, &'a [TraceEntry]) {
    let mut rest = trace.entries();
    let mut previous = None;
    let mut parts = Vec::with_capacity(exchanges.len());
    for completed in exchanges {
        let kind = completed.exchange.kind;
        let (before, others) = split(rest, before_sending(rest, kind, previous));
        let (after, others) = split(others, about_exchange(others, completed));
        rest = others;
        previous = Some(kind);
        parts.push(Part { completed, before, after });
    }
    (parts, rest)
}

fn split(entries: &[TraceEntry], count: usize) -> (&[TraceEntry], &[TraceEntry]) {
    entries.split_at_checked(count).unwrap_or((entries, &[]))
}

/// Counts the entries of the rules that ran before this exchange was sent.
fn before_sending(entries: &[TraceEntry], kind: ExchangeKind, previous: Option<ExchangeKind>) -> usize {
    let while_stage_differs =
        |stage| entries.iter().take_while(|entry: &&TraceEntry| entry.stage != stage).count();
    match kind {
        ExchangeKind::Preflight => while_stage_differs(Stage::Preflight),
        ExchangeKind::Request => while_stage_differs(Stage::Request),
        // The rules before and after a redirect's exchange have the same stage. Main fetch and the lookup are the last before it, unless a
        // preflight came in between.
        _ if previous == Some(ExchangeKind::Preflight) => 0,
        _ => {
            let main_fetch = entries.iter().position(|entry| entry.rule == Rule::MainFetch);
            main_fetch.map_or(0, |at| {
                let later = entries.iter().skip(at.saturating_add(1));
                let lookups = later.take_while(|entry| entry.rule == Rule::PreflightNeeded).count();
                at.saturating_add(1).saturating_add(lookups)
            })
        }
    }
}

/// Counts the entries of the rules that judged this exchange.
fn about_exchange(entries: &[TraceEntry], completed: &CompletedExchange) -> usize {
    let stage = match completed.exchange.kind {
        ExchangeKind::Preflight => Stage::Preflight,
        ExchangeKind::Request => Stage::Request,
        _ => Stage::Redirect,
    };
    let of_stage = entries.iter().take_while(|entry| entry.stage == stage).count();
    // A preflight without a response may be sent again, and a redirect is the last that happens to a response.
    let ends_at = |rule: Rule| {
        let at = entries.iter().take(of_stage).position(|entry| entry.rule == rule);
        at.map_or(of_stage, |at| at.saturating_add(1))
    };
    match (&completed.result, completed.exchange.kind) {
        (Err(_), _) => ends_at(Rule::EngineDifference),
        (Ok(_), ExchangeKind::Preflight) => of_stage,
        (Ok(_), _) => ends_at(Rule::Redirect),
    }
}
