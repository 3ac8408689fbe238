//! In the standard's profile the core does what the standard says: the same requests, outcomes and readable headers, and the same cache for
//! the next request.

use std::time::Duration;

use corsac::browser::{
    Engine, Exchange, Fetch, Outcome, PreflightCache, Reason, ReasonCode, Refusal, Request, ResponseHead,
    Step,
};
use proptest::prelude::*;

use crate::generate::scenario;
use crate::servers::{Asked, Plan};
use crate::standard::{self, NetworkError, Seen, Sent, UserAgent};

/// What was sent, and how it ended.
type Run = (Vec<Sent>, Result<Seen, NetworkError>);

/// The response to the exchange number `index`.
fn answer(plans: &[Plan], index: usize, sent: &Sent) -> Option<ResponseHead> {
    let asked = Asked {
        origin: sent.origin.as_deref(),
        request_method: sent.request_method.as_deref(),
        request_headers: sent.request_headers.as_deref(),
    };
    plans[index % plans.len()].answer(&asked).ok()
}

fn by_core(request: &Request, cache: &mut PreflightCache, now: Duration, plans: &[Plan]) -> Run {
    let mut wire = Vec::new();
    let mut fetch = Fetch::new(request.clone(), Engine::Spec.profile());
    let outcome = loop {
        let sent = match fetch.next(cache, now) {
            Step::Send(exchange) => sent(exchange),
            Step::Done(outcome) => break outcome,
        };
        let answer = answer(plans, wire.len(), &sent);
        wire.push(sent);
        let error = corsac::browser::NetworkError::new(corsac::browser::NetworkErrorKind::Timeout, "");
        fetch.receive(answer.ok_or(error));
    };
    let outcome = match outcome {
        Outcome::Readable(response) | Outcome::Opaque(response) => Ok(Seen {
            kind: response.kind,
            status: response.status,
            headers: response.headers.clone(),
            url: response.url.as_ref().map(ToString::to_string),
            redirected: response.redirected,
            timing_allowed: response.timing_allowed,
        }),
        Outcome::Refused(refusal) => Err(algorithm(refusal)),
    };
    (wire, outcome)
}

fn sent(exchange: &Exchange) -> Sent {
    Sent {
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        origin: exchange.headers.text("origin"),
        request_method: exchange.headers.text("access-control-request-method"),
        request_headers: exchange.headers.text("access-control-request-headers"),
        credentials: exchange.credentials,
        body: exchange.body,
    }
}

/// The algorithm of the standard that returned the network error.
fn algorithm(refusal: &Refusal) -> NetworkError {
    use ReasonCode as C;
    let is_preflight = refusal.stage == corsac::browser::Stage::Preflight;
    match refusal.reason.code() {
        _ if matches!(refusal.reason, Reason::Network(_)) => "network",
        _ if is_preflight => "CORS-preflight fetch",
        C::BadPort => "bad port",
        C::MixedContent => "mixed content",
        C::ModeSameOrigin | C::NoCorsRedirectMode => "main fetch",
        C::ResourcePolicy => "cross-origin resource policy check",
        C::RangeNotRequested => "range",
        C::RedirectModeError => "redirect mode",
        C::RedirectCredentials | C::TooManyRedirects | C::LocationInvalid | C::StreamBodyRedirected => {
            "HTTP-redirect fetch"
        }
        // From a redirect, if a response came before.
        C::SchemeNotHttp if refusal.status.is_some() => "HTTP-redirect fetch",
        C::SchemeNotHttp => "main fetch",
        _ => "CORS check",
    }
}

fn by_standard(
    request: &Request,
    agent: &mut Vec<standard::CacheEntry>,
    now: Duration,
    plans: &[Plan],
) -> Run {
    let mut wire = Vec::new();
    let mut network = |sent: &Sent| {
        let answer = answer(plans, wire.len(), sent);
        wire.push(sent.clone());
        answer
    };
    let mut agent = UserAgent { cache: agent, now, network: &mut network };
    // The model leaves out the headers' guard.
    let mut made = request.init().clone();
    made.headers.clone_from(request.headers());
    let outcome = standard::fetch(&mut agent, standard::Request::new(made));
    (wire, outcome)
}

proptest! {
    #![proptest_config(crate::cases(8))]

    #[test]
    fn the_core_does_what_the_standard_says(scenario in scenario()) {
        let (mut kept_by_core, mut kept_by_standard) = (PreflightCache::default(), Vec::new());
        let mut now = Duration::ZERO;
        for visit in &scenario.visits {
            now += visit.wait;
            let core = by_core(&visit.request, &mut kept_by_core, now, &visit.plans);
            let standard = by_standard(&visit.request, &mut kept_by_standard, now, &visit.plans);
            prop_assert_eq!(core, standard);
        }
    }
}
