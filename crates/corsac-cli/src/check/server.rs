//! Who answers: a real server over the network, or a policy in memory.

use std::net::IpAddr;
use std::time::Duration;

use corsac::browser::{
    Engine, Exchange, Fetch, NetworkError, Outcome, PreflightCache, Request, ResponseHead, Step, Trace,
};
use corsac::server::{Enforcement, Policy, PolicyRefusal, RequestKind};
use corsac_fetch::{Network, Wire};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// Who answers.
#[allow(clippy::large_enum_variant)] // there is one for each run of the command
pub(crate) enum Server {
    /// Whoever is at the URL.
    Real { network: Network, body: Option<Vec<u8>>, timeout: Duration },
    /// A server that answers everything with an empty body and what the policy says.
    Policy(Policy),
}

/// One exchange: what was sent, and what came back.
#[derive(Clone)]
pub(crate) struct Carried {
    pub(crate) exchange: Exchange,
    /// The engine whose request it is.
    pub(crate) from: Engine,
    pub(crate) result: Result<ResponseHead, NetworkError>,
    /// The server's address, if a connection to it stood.
    pub(crate) address: Option<IpAddr>,
    /// How long it took; nothing when nothing was sent over a network.
    pub(crate) elapsed: Option<Duration>,
    /// Why a policy answered so.
    pub(crate) decided: Option<Decided>,
}

/// What a policy decided about a request, in words.
#[derive(Clone)]
pub(crate) struct Decided {
    pub(crate) kind: RequestKind,
    pub(crate) refusal: Option<PolicyRefusal>,
    pub(crate) enforcement: Enforcement,
    pub(crate) text: String,
    /// What to write about the origin, if that was refused.
    pub(crate) advice: Option<String>,
}

/// How a fetch went.
pub(crate) struct Fetched {
    pub(crate) outcome: Outcome,
    pub(crate) trace: Trace,
    pub(crate) exchanges: Vec<Carried>,
}

/// One request that really left for the server.
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: Url,
    /// `preflight`, `request`, `redirect` or `control`.
    pub(crate) why: &'static str,
}

/// A way to the server, for all the fetches of a question.
#[allow(clippy::large_enum_variant)] // there is one for each run of the command
pub(super) enum Way<'s> {
    Wire { wire: Wire<&'s Network>, controls: Vec<Sent> },
    Memory { policy: &'s Policy, request: Request },
}

impl Server {
    pub(super) fn way(&self, request: &Request) -> Way<'_> {
        let request = request.clone();
        match self {
            Self::Real { network, body, timeout } => {
                Way::Wire { wire: Wire::new(network, request, body.clone(), *timeout), controls: Vec::new() }
            }
            Self::Policy(policy) => Way::Memory { policy, request },
        }
    }

    /// The policy that answers, if one does.
    pub(crate) fn policy(&self) -> Option<&Policy> {
        match self {
            Self::Real { .. } => None,
            Self::Policy(policy) => Some(policy),
        }
    }
}

impl Way<'_> {
    /// One fetch, as this engine makes it.
    pub(super) async fn fetch(&mut self, engine: Engine) -> Fetched {
        let mut cache = PreflightCache::default();
        match self {
            Self::Wire { wire, .. } => wire.fetch(engine, &mut cache, Duration::ZERO).await.into(),
            Self::Memory { policy, request } => fetch_from(policy, request.clone(), engine, &mut cache),
        }
    }

    /// One exchange that belongs to no fetch.
    pub(super) async fn send_apart(&mut self, exchange: &Exchange) -> Result<ResponseHead, NetworkError> {
        match self {
            Self::Wire { wire, controls } => {
                let (method, url) = (exchange.method.clone(), exchange.url.clone());
                controls.push(Sent { method, url, why: "control" });
                wire.send_apart(exchange).await.map(|received| received.head)
            }
            Self::Memory { policy, .. } => Ok(answer(policy, exchange).0),
        }
    }

    /// Every request that left for the server, in order.
    pub(super) fn sent(self) -> Vec<Sent> {
        let Self::Wire { wire, controls } = self else { return Vec::new() };
        let carried = wire.sent().iter().filter(|carried| carried.peer.is_some()).map(|carried| {
            let Exchange { method, url, kind, .. } = &carried.exchange;
            Sent { method: method.clone(), url: url.clone(), why: kind.as_str() }
        });
        carried.chain(controls).collect()
    }
}

impl Fetched {
    /// The engine whose request the response answers, if that is another than `engine`: a request that may change something is sent once.
    pub(crate) fn judged_on(&self, engine: Engine) -> Option<Engine> {
        self.exchanges.iter().map(|carried| carried.from).find(|from| *from != engine)
    }
}

impl From<corsac_fetch::Fetched> for Fetched {
    fn from(fetched: corsac_fetch::Fetched) -> Self {
        let exchanges = fetched.exchanges.into_iter().map(|carried| Carried {
            exchange: carried.exchange,
            from: carried.from,
            result: carried.result.map(|received| received.head.clone()),
            address: carried.peer.filter(|peer| !peer.proxied).map(|peer| peer.address),
            elapsed: Some(carried.elapsed),
            decided: None,
        });
        Self { outcome: fetched.outcome, trace: fetched.trace, exchanges: exchanges.collect() }
    }
}

/// Both halves of the protocol in one program.
fn fetch_from(policy: &Policy, request: Request, engine: Engine, cache: &mut PreflightCache) -> Fetched {
    let mut fetch = Fetch::new(request, engine.profile());
    let mut exchanges = Vec::new();
    let outcome = loop {
        let exchange = match fetch.next(cache, Duration::ZERO) {
            Step::Send(exchange) => exchange.clone(),
            Step::Done(outcome) => break outcome.clone(),
        };
        let (head, decided) = answer(policy, &exchange);
        fetch.receive(Ok(head.clone()));
        exchanges.push(Carried {
            exchange,
            from: engine,
            result: Ok(head),
            address: None,
            elapsed: None,
            decided: Some(decided),
        });
    };
    let (_, trace) = fetch.finish();
    Fetched { outcome, trace, exchanges }
}

/// What a server with this policy answers, and why.
fn answer(policy: &Policy, exchange: &Exchange) -> (ResponseHead, Decided) {
    let mut request = HeaderMap::new();
    for line in &exchange.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(&line.name), HeaderValue::from_bytes(&line.value))
        {
            request.append(name, value);
        }
    }
    let method = http::Method::from_bytes(exchange.method.as_bytes()).unwrap_or_default(); // browsers send tokens only
    let decision = policy.decide(&method, &request);
    let enforcement = decision.enforce(&method, &request, Some(exchange.url.authority()));
    let status = match (decision.kind(), enforcement) {
        (RequestKind::Preflight, _) => 204,
        (_, Enforcement::Block) => 403,
        (_, Enforcement::Pass | Enforcement::Report) => 200,
    };
    let mut response = HeaderMap::new();
    decision.apply(&mut response);
    let lines = response.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let decided = Decided {
        kind: decision.kind(),
        refusal: decision.refusal(),
        enforcement,
        text: decision.explain(&request).text,
        advice: decision.advice(&request),
    };
    (ResponseHead::new(status, lines), decided)
}
