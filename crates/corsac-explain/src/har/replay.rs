//! Fetches again, as the recorded browser does, with the recorded responses as answers.

use std::time::Duration;

use corsac::browser::{
    CompletedExchange, Engine, Exchange, ExchangeKind, Fetch, NetworkError, Outcome, PreflightCache, Request,
    RequestInit, ResponseHead, Step,
};
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};

use super::failure::{Failure, failure};
use super::links::Links;
use super::recorded::Recorded;

/// How a fetch went, as far as it was recorded.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) request: Request,
    pub(super) end: End,
    pub(super) exchanges: Vec<CompletedExchange>,
    /// The preflights that were recorded.
    pub(super) preflights: Vec<usize>,
    /// `true` if a preflight was needed that is not in the recording.
    pub(super) lacks_preflight: bool,
    /// The positions of the requests, the first one and those to which redirects led.
    pub(super) hops: Vec<usize>,
}

#[derive(Debug)]
pub(super) enum End {
    /// The recording has all that was needed.
    Outcome(Outcome),
    /// A preflight without an answer, or none at all.
    NoPreflight,
    /// A request without an answer.
    NoResponse,
    /// A redirect whose target was not recorded.
    NotFollowed,
}

impl Replay {
    /// Replays the fetch that begins with an entry. `substitute` is an answer for that entry, if it has none.
    pub(super) fn run(
        links: &Links<'_>,
        first: usize,
        init: RequestInit,
        engine: Engine,
        substitute: Option<&ResponseHead>,
    ) -> Option<Self> {
        let request = init.build_for(engine.profile()).ok()?;
        let mut cache = PreflightCache::default();
        let mut fetch = Fetch::new(request.clone(), engine.profile());
        let mut replay = Self {
            request,
            end: End::NoResponse,
            exchanges: Vec::new(),
            preflights: Vec::new(),
            lacks_preflight: false,
            hops: vec![first],
        };
        loop {
            let exchange = match fetch.next(&mut cache, Duration::ZERO) {
                Step::Send(exchange) => exchange.clone(),
                Step::Done(outcome) => {
                    replay.end = End::Outcome(outcome.clone());
                    return Some(replay);
                }
            };
            let answer = match exchange.kind {
                ExchangeKind::Preflight => replay.preflight(links, &exchange),
                _ => replay.response(links, &exchange, substitute),
            };
            match answer {
                Ok(answer) => fetch.receive(answer),
                Err(end) => {
                    replay.end = end;
                    return Some(replay);
                }
            }
        }
    }

    fn preflight(
        &mut self,
        links: &Links<'_>,
        exchange: &Exchange,
    ) -> Result<Result<ResponseHead, NetworkError>, End> {
        let last = self.hops.last().copied().unwrap_or_default();
        let is_here = |position: usize| {
            links.entry(position).is_some_and(|entry| entry.url.as_ref() == Some(&exchange.url))
        };
        let hop = if is_here(last) { Some(last) } else { links.next_hop(last) };
        let method = exchange.headers.text(ACCESS_CONTROL_REQUEST_METHOD).unwrap_or_default();
        let origin = self.request.origin();
        let recorded = links.preflight(&exchange.url, &method, hop.unwrap_or(last), origin);
        if let Some((position, entry)) =
            recorded.and_then(|position| Some((position, links.entry(position)?)))
        {
            self.preflights.push(position);
            let answer = answer(entry).ok_or(End::NoPreflight)?;
            self.exchanges.push(completed(exchange, answer.clone(), entry));
            return Ok(answer);
        }
        self.lacks_preflight = true;
        // The browser sent the request, so it allowed it, now or before. That allowance is no part of the evidence.
        let was_sent = hop.and_then(|hop| links.entry(hop)).is_some_and(|entry| entry.status > 0);
        if was_sent { Ok(Ok(allowing(exchange))) } else { Err(End::NoPreflight) }
    }

    fn response(
        &mut self,
        links: &Links<'_>,
        exchange: &Exchange,
        substitute: Option<&ResponseHead>,
    ) -> Result<Result<ResponseHead, NetworkError>, End> {
        let last = self.hops.last().copied().unwrap_or_default();
        let position = match exchange.kind {
            ExchangeKind::Redirect => links.next_hop(last).ok_or(End::NotFollowed)?,
            _ => last,
        };
        if position != last {
            self.hops.push(position);
        }
        // A preflight whose request was not recorded stands for it.
        let entry = links.entry(position).filter(|entry| !entry.is_preflight()).ok_or(End::NoResponse)?;
        let answer = match (answer(entry), substitute) {
            (_, Some(substitute)) if exchange.kind == ExchangeKind::Request => Ok(substitute.clone()),
            (Some(Ok(head)), _) if head.status == 304 => Ok(revalidated(links, position, head)),
            (Some(answer), _) => answer,
            (None, _) => return Err(End::NoResponse),
        };
        self.exchanges.push(completed(exchange, answer.clone(), entry));
        Ok(answer)
    }
}

/// Returns what came back, if that was recorded.
fn answer(entry: &Recorded) -> Option<Result<ResponseHead, NetworkError>> {
    if let Some(head) = entry.head() {
        return Some(Ok(head));
    }
    match failure(entry.error.as_deref()?) {
        Failure::Network(error) => Some(Err(error)),
        _ => None,
    }
}

fn completed(
    exchange: &Exchange,
    answer: Result<ResponseHead, NetworkError>,
    entry: &Recorded,
) -> CompletedExchange {
    let mut completed = CompletedExchange::new(exchange.clone(), answer);
    completed.body = entry.body.as_ref().map(|body| body.as_bytes().into());
    completed
}

/// Returns the stored response that "304 Not Modified" renews, with the new headers.
fn revalidated(links: &Links<'_>, position: usize, head: ResponseHead) -> ResponseHead {
    let stored =
        links.earlier(position).filter_map(|(_, entry)| entry.head()).find(|stored| stored.status != 304);
    let Some(mut stored) = stored else { return head };
    for line in &head.headers {
        stored.headers.delete(&line.name);
    }
    for line in &head.headers {
        stored.headers.append(line.name.as_str(), line.value.clone());
    }
    stored
}

/// Returns an answer that allows what a preflight asks for.
fn allowing(exchange: &Exchange) -> ResponseHead {
    let asked = |name| exchange.headers.text(name).unwrap_or_default();
    ResponseHead::new(
        204,
        [
            (ACCESS_CONTROL_ALLOW_ORIGIN, asked(ORIGIN)),
            (ACCESS_CONTROL_ALLOW_CREDENTIALS, "true".to_owned()),
            (ACCESS_CONTROL_ALLOW_METHODS, asked(ACCESS_CONTROL_REQUEST_METHOD)),
            (ACCESS_CONTROL_ALLOW_HEADERS, asked(ACCESS_CONTROL_REQUEST_HEADERS)),
        ],
    )
}
