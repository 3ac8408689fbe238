//! The driver of a case without I/O: each engine runs its own fetch, and what is equal to CORS is sent once.

use std::time::Duration;

use corsac::browser::{
    CompletedExchange, Engine, Exchange, ExchangeKind, Fetch, FilteredResponse, NetworkError, Outcome,
    PreflightCache, ResponseHead, Step,
};
use corsac::header::list_items;
use corsac::header::names::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use url::Url;

use crate::case::{Ask, Case, Scope, Variation};

/// Runs one case: says what to send, and takes the responses.
///
/// ```
/// use corsac::browser::ResponseHead;
/// use corsac::server::Policy;
/// use corsac_verify::{Run, Suite, SuiteOptions};
///
/// let policy = Policy::builder(["https://app.example"]).build()?;
/// let suite = Suite::new(&policy, &"https://api.example/".parse().unwrap(), SuiteOptions::default());
/// let mut run = Run::new(&suite.cases[0]);
/// let first = run.next().unwrap();
/// assert_eq!(first.exchange().headers.text("Origin").as_deref(), Some("https://app.example"));
/// run.receive(first.completed(Ok(ResponseHead::new(200, [("Access-Control-Allow-Origin", "https://app.example")]))));
/// assert!(run.next().is_none()); // no engine sends anything else
/// assert!(run.finish().is_allowed().iter().all(|(_, is_allowed)| *is_allowed));
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Debug)]
pub struct Run<'c> {
    case: &'c Case,
    /// The engine whose turn it is, and its fetch.
    fetch: Option<(Engine, Fetch<'static>, PreflightCache)>,
    engines: std::slice::Iter<'static, Engine>,
    /// What was sent for which question.
    completed: Vec<(Exchange, CompletedExchange)>,
    asked: Option<Exchange>,
    outcomes: Vec<(Engine, Option<Outcome>)>,
    alone: Option<&'c Exchange>,
}

/// An exchange to send.
#[derive(Clone, Debug)]
pub struct Planned(Exchange);

impl Planned {
    /// What to send.
    pub fn exchange(&self) -> &Exchange {
        &self.0
    }

    /// The exchange with its response.
    pub fn completed(self, result: Result<ResponseHead, NetworkError>) -> CompletedExchange {
        CompletedExchange::new(self.0, result)
    }
}

/// How a case ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ended {
    /// What was sent, and what came back.
    pub completed: Vec<CompletedExchange>,
    /// How each engine's fetch ended; `None` if it was redirected to another host, to which nothing is sent.
    pub outcomes: Vec<(Engine, Option<Outcome>)>,
}

impl Ended {
    /// Whether each engine lets the page go on: it may read the response, or with [`Scope::Preflight`] send the request. An engine whose
    /// fetch was redirected to another host is left out.
    pub fn is_allowed(&self) -> Vec<(Engine, bool)> {
        let known = self.outcomes.iter().filter_map(|(engine, outcome)| Some((*engine, outcome.as_ref()?)));
        known.map(|(engine, outcome)| (engine, outcome.refusal().is_none())).collect()
    }
}

impl<'c> Run<'c> {
    /// A run of this case, which has sent nothing yet.
    pub fn new(case: &'c Case) -> Self {
        let alone = match &case.ask {
            Ask::Alone(exchange) => Some(exchange),
            Ask::Page { .. } => None,
        };
        Self {
            case,
            fetch: None,
            engines: Engine::ALL.iter(),
            completed: Vec::new(),
            asked: None,
            outcomes: Vec::new(),
            alone,
        }
    }

    /// What to send next, or `None` at the end. Follow it with [`receive`](Self::receive).
    #[allow(clippy::should_implement_trait)] // what comes next depends on what is received
    pub fn next(&mut self) -> Option<Planned> {
        let (request, scope, variation) = match &self.case.ask {
            Ask::Alone(_) => {
                let exchange = self.alone.take()?;
                self.asked = Some(exchange.clone());
                return Some(Planned(exchange.clone()));
            }
            Ask::Page { request, scope, variation } => (request, *scope, *variation),
        };
        loop {
            let (engine, mut fetch, mut cache) = match self.fetch.take() {
                Some(running) => running,
                None => {
                    let engine = *self.engines.next()?;
                    (engine, Fetch::new(request.clone(), engine.profile()), PreflightCache::default())
                }
            };
            let exchange = match fetch.next(&mut cache, Duration::ZERO) {
                Step::Done(outcome) => {
                    self.outcomes.push((engine, Some(outcome.clone())));
                    continue;
                }
                Step::Send(exchange)
                    if scope == Scope::Preflight && exchange.kind != ExchangeKind::Preflight =>
                {
                    self.outcomes.push((engine, Some(Outcome::Opaque(FilteredResponse::opaque()))));
                    continue;
                }
                Step::Send(exchange) if !same_host(&exchange.url, &request.init().url) => {
                    self.outcomes.push((engine, None));
                    continue;
                }
                Step::Send(exchange) => exchange.clone(),
            };
            let question = question(&exchange);
            if let Some((_, known)) = self.completed.iter().find(|(asked, _)| *asked == question) {
                fetch.receive(known.result.clone());
                self.fetch = Some((engine, fetch, cache));
                continue;
            }
            self.asked = Some(question);
            self.fetch = Some((engine, fetch, cache));
            return Some(Planned(varied(exchange, variation)));
        }
    }

    /// Takes the response to what [`next`](Self::next) returned.
    pub fn receive(&mut self, completed: CompletedExchange) {
        let Some(question) = self.asked.take() else { return };
        if let Some((_, fetch, _)) = &mut self.fetch {
            fetch.receive(completed.result.clone());
        }
        self.completed.push((question, completed));
    }

    /// How the case ended. Engines whose fetch is not at its end are left out.
    pub fn finish(self) -> Ended {
        Ended {
            completed: self.completed.into_iter().map(|(_, completed)| completed).collect(),
            outcomes: self.outcomes,
        }
    }
}

fn same_host(one: &Url, other: &Url) -> bool {
    one.host() == other.host() && one.port_or_known_default() == other.port_or_known_default()
}

/// What a CORS layer can see of an exchange: engines' requests also differ in `Referer`, `Sec-Fetch-*` and the like.
fn question(exchange: &Exchange) -> Exchange {
    let mut question = Exchange::new(exchange.kind, exchange.method.clone(), exchange.url.clone());
    let lines = exchange.headers.iter().filter(|line| {
        [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS]
            .iter()
            .any(|name| line.is(name))
    });
    question.headers = lines.map(|line| (line.name.to_ascii_lowercase(), line.value.clone())).collect();
    question
}

fn varied(mut exchange: Exchange, variation: Variation) -> Exchange {
    let Some(value) = exchange.headers.get(ACCESS_CONTROL_REQUEST_HEADERS).map(|value| value.into_owned())
    else {
        return exchange;
    };
    let names: Vec<&[u8]> = list_items(&value).collect();
    let values = match variation {
        Variation::None => return exchange,
        Variation::SeveralLines => names.iter().map(|name| name.to_vec()).collect(),
        Variation::EmptyItems => vec![[b", ".as_slice(), &names.join(b" ,, ".as_slice()), b","].concat()],
    };
    exchange.headers.delete(ACCESS_CONTROL_REQUEST_HEADERS);
    for value in values {
        exchange.headers.append(ACCESS_CONTROL_REQUEST_HEADERS, value);
    }
    exchange
}
