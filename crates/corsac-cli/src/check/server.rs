//! Where requests are sent: to a real server over the network, or to a policy in memory.

use std::net::IpAddr;
use std::time::Duration;

use corsac::browser::{
    CompletedExchange, Credentials, Engine, Exchange, Fetch, Fetched, PreflightCache, Request, ResponseHead,
};
use corsac::server::{Enforcement, Policy, PolicyRefusal, RequestKind};
use corsac_fetch::{Network, Wire};

/// Where requests are sent.
#[allow(clippy::large_enum_variant)] // there is one for each run of the command
pub(crate) enum Server {
    /// To the server of the URL.
    Real { network: Network, timeout: Duration },
    /// To a simulated server, which answers every request with an empty body and the policy's headers.
    Policy(Policy),
}

/// A policy's decision about a request.
#[derive(Clone)]
pub(crate) struct Decided {
    pub(crate) kind: RequestKind,
    pub(crate) refusal: Option<PolicyRefusal>,
    pub(crate) enforcement: Enforcement,
    pub(crate) text: String,
    /// What to change in the policy so that the whole request is allowed.
    pub(crate) advice: Option<String>,
}

/// A request that was sent over the network.
pub(crate) struct Sent {
    pub(crate) exchange: Exchange,
    /// `preflight`, `request`, `redirect` or `control`.
    pub(crate) why: &'static str,
}

/// The connection to the server for all fetches of one question.
#[allow(clippy::large_enum_variant)] // there is one for each run of the command
pub(super) enum Connection<'s> {
    Wire { network: &'s Network, wire: Wire<&'s Network>, controls: Vec<Sent>, preflight_only: bool },
    Memory { policy: &'s Policy, request: Request },
}

impl Server {
    /// Returns a connection. With `preflight_only`, each fetch ends before it would send the request itself.
    pub(super) fn connect(&self, request: &Request, preflight_only: bool) -> Connection<'_> {
        let request = request.clone();
        match self {
            Self::Real { network, timeout } => {
                let wire = Wire::new(network, request, *timeout);
                Connection::Wire { network, wire, controls: Vec::new(), preflight_only }
            }
            Self::Policy(policy) => Connection::Memory { policy, request },
        }
    }

    /// Returns the policy, if a policy answers.
    pub(crate) fn policy(&self) -> Option<&Policy> {
        match self {
            Self::Real { .. } => None,
            Self::Policy(policy) => Some(policy),
        }
    }
}

impl Connection<'_> {
    /// Runs the fetch as this engine does. Also returns the policy's decision about each exchange, if a policy answers.
    pub(super) async fn fetch(&mut self, engine: Engine) -> (Fetched, Vec<Decided>) {
        let mut cache = PreflightCache::default();
        let mut decisions = Vec::new();
        let fetched = match self {
            Self::Wire { wire, preflight_only: true, .. } => {
                wire.preflight(engine, &mut cache, Duration::ZERO).await
            }
            Self::Wire { wire, .. } => wire.fetch(engine, &mut cache, Duration::ZERO).await,
            Self::Memory { policy, request } => {
                let fetch = Fetch::new(request.clone(), engine.profile());
                fetch.run(&mut cache, Duration::ZERO, |exchange| {
                    let (head, decided) = answer(policy, request, exchange);
                    decisions.push(decided);
                    Ok(head)
                })
            }
        };
        (fetched, decisions)
    }

    /// Sends one exchange that is not part of a fetch.
    pub(super) async fn send_apart(&mut self, exchange: Exchange) -> CompletedExchange {
        match self {
            Self::Wire { wire, controls, .. } => {
                controls.push(Sent { exchange: exchange.clone(), why: "control" });
                wire.send_apart(exchange).await
            }
            Self::Memory { policy, request } => {
                let head = answer(policy, request, &exchange).0;
                CompletedExchange::new(exchange, Ok(head))
            }
        }
    }

    /// Sends one exchange that is not part of a fetch to this address of the host. Returns `None` if a policy answers.
    pub(super) async fn send_to(&mut self, exchange: Exchange, address: IpAddr) -> Option<CompletedExchange> {
        let Self::Wire { network, wire, controls, .. } = self else { return None };
        let (host, port) = (exchange.url.host_str()?, exchange.url.port_or_known_default()?);
        let there = network.resolving(format!("{host}:{port}:{address}").parse().ok()?).ok()?;
        let completed = wire.through(&there).send_apart(exchange).await;
        if completed.result.is_ok() {
            controls.push(Sent { exchange: completed.exchange.clone(), why: "control" });
        }
        Some(completed)
    }

    /// Returns every request that was sent over the network, in order.
    pub(super) fn sent(self) -> Vec<Sent> {
        let Self::Wire { wire, controls, .. } = self else { return Vec::new() };
        let completed = wire.sent().map(|completed| Sent {
            exchange: completed.exchange.clone(),
            why: completed.exchange.kind.as_str(),
        });
        completed.chain(controls).collect()
    }
}

/// Returns the response of a server with this policy, and the decision.
fn answer(policy: &Policy, request: &Request, exchange: &Exchange) -> (ResponseHead, Decided) {
    let with_credentials = request.init().credentials == Credentials::Include;
    corsac_verify::answer(policy, exchange, |decision| Decided {
        kind: decision.kind(),
        refusal: decision.refusal(),
        enforcement: decision.enforcement(),
        text: decision.explain(),
        advice: decision.advice(with_credentials),
    })
}
