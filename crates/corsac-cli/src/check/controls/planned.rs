//! Chooses the controls of a request. None of them changes anything on the server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use corsac::browser::{
    CompletedExchange, Credentials, Engine, Exchange, ExchangeKind, Fetch, Fetched, Load, Mode, Outcome,
    PreflightCache, Reason, Refusal, Request, RequestInit, Stage, Step,
};
use corsac::header::{HeaderList, names};
use corsac::origin::{Origin, is_local_host};

use super::ControlKind;

/// A reserved name (RFC 2606), so no server has a reason to allow it.
const OTHER_HOST: &str = "corsac-control.example";

/// Returns the controls to send, in order.
pub(super) fn controls(request: &Request, fetched: &Fetched) -> Vec<(ControlKind, Exchange)> {
    let refusal = fetched.outcome.refusal();
    match request.init().api.load() {
        Some(Load::WebSocket) => return web_socket_from_another_origin(request, refusal),
        // Such a request does not contain the origin of the page.
        Some(_) if request.init().mode != Mode::Cors => return Vec::new(),
        _ => {}
    }
    let mut planned = Vec::new();
    planned.extend(next_preflight(request, fetched));
    let is_get = matches!(request.method(), "GET" | "HEAD");
    let refused_preflight = refusal.is_some_and(|refusal| refusal.stage == Stage::Preflight);
    if refused_preflight && let Some(get) = plain_get(request) {
        let without = without_origin("GET", &get);
        planned.push((ControlKind::PlainGet, get));
        if !is_get {
            planned.push((ControlKind::NoOrigin, without));
        }
    }
    let Some((origin, exchange)) = from_another_origin(request) else { return planned };
    if is_get {
        planned.push((ControlKind::NoOrigin, without_origin(request.method(), &exchange)));
    }
    if refusal.is_some_and(|refusal| may_be_about_the_origin(refusal, &exchange)) {
        planned.extend(from_its_own_origin(request, &exchange));
    }
    planned.push((ControlKind::OtherOrigin(origin), exchange));
    planned
}

/// Returns the preflight of the next request of the same protocol, if there is one that needs more permissions.
fn next_preflight(request: &Request, fetched: &Fetched) -> Option<(ControlKind, Exchange)> {
    let Outcome::Readable(_) = fetched.outcome else { return None };
    let response = fetched.exchanges.last().and_then(CompletedExchange::response)?;
    let next = corsac_explain::next_request(request, response)?;
    let exchange = first_exchange(next.request.init().clone())?;
    (exchange.kind == ExchangeKind::Preflight)
        .then_some((ControlKind::NextPreflight(next.protocol), exchange))
}

/// Returns the page's first exchange and the other address of `localhost`, if a server on `localhost` refused it. Two programs may listen on IPv4
/// and IPv6.
pub(super) fn at_the_other_address(
    request: &Request,
    refusal: Option<&Refusal>,
    seen: &[&CompletedExchange],
) -> Option<(Exchange, IpAddr)> {
    let host =
        request.init().url.host_str().filter(|host| is_local_host(host) && !host.contains([':', '[']))?;
    let is_name = host.parse::<IpAddr>().is_err();
    let first =
        seen.first().filter(|_| is_name && refusal.is_some_and(|refusal| refusal.status.is_some()))?;
    let other: IpAddr = match first.address? {
        IpAddr::V4(_) => Ipv6Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv4Addr::LOCALHOST.into(),
    };
    (!first.exchange.may_change_something()).then(|| (first.exchange.clone(), other))
}

/// Returns the same handshake from another origin, if the server opened the WebSocket.
fn web_socket_from_another_origin(
    request: &Request,
    refusal: Option<&Refusal>,
) -> Vec<(ControlKind, Exchange)> {
    let foreign = from_another_origin(request).filter(|_| refusal.is_none());
    foreign.map(|(origin, exchange)| (ControlKind::OtherOrigin(origin), exchange)).into_iter().collect()
}

/// Returns the first exchange of the same request from another origin: a preflight, or a request that changes nothing.
fn from_another_origin(request: &Request) -> Option<(String, Exchange)> {
    let scheme = request.origin().scheme().filter(|scheme| *scheme == "http").unwrap_or("https");
    let origin = Origin::parse(&format!("{scheme}://{OTHER_HOST}")).ok()?;
    let mut init = request.init().clone();
    init.client.url = None;
    init.client.origin = origin.clone();
    Some((origin.as_str().to_owned(), first_exchange(init)?))
}

/// Returns the same exchange with the server's own origin. A server that only compares `Origin` with its own origin accepts it.
fn from_its_own_origin(request: &Request, exchange: &Exchange) -> Option<(ControlKind, Exchange)> {
    let own = Origin::of(&request.init().url);
    let mut exchange = exchange.clone();
    exchange.headers = exchange
        .headers
        .iter()
        .map(|line| {
            let value = if line.is(names::ORIGIN) { own.as_str().into() } else { line.value.clone() };
            (line.name.clone(), value)
        })
        .filter(|(name, _)| !is_about_the_page(name))
        .collect();
    (own != *request.origin()).then(|| (ControlKind::OwnOrigin(own.as_str().to_owned()), exchange))
}

/// Returns a GET of the same URL that needs no preflight. It shows whether only responses to `OPTIONS` lack the headers.
fn plain_get(request: &Request) -> Option<Exchange> {
    let mut init = request.init().clone();
    init.method = "GET".to_owned();
    init.headers = HeaderList::default();
    init.body = None;
    init.credentials = Credentials::Omit;
    init.force_preflight = false;
    first_exchange(init).filter(|exchange| exchange.kind == ExchangeKind::Request)
}

/// Returns the first exchange of a fetch, if that changes nothing on the server.
fn first_exchange(init: RequestInit) -> Option<Exchange> {
    let mut fetch = Fetch::new(init.build().ok()?, Engine::Spec.profile());
    match fetch.next(&mut PreflightCache::default(), Duration::ZERO) {
        // A POST without a preflight is not sent again, because it could change something.
        Step::Send(exchange) if !exchange.may_change_something() => Some(exchange.clone()),
        Step::Send(_) | Step::Done(_) => None,
    }
}

/// Returns the exchange without `Origin` and related headers, as when the URL is typed into the address bar.
fn without_origin(method: &str, exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    exchange.kind = ExchangeKind::Request;
    exchange.method = method.to_owned();
    let own = exchange.headers.iter().filter(|line| {
        ![names::ORIGIN, names::ACCESS_CONTROL_REQUEST_METHOD, names::ACCESS_CONTROL_REQUEST_HEADERS]
            .iter()
            .any(|name| line.is(name))
            && !is_about_the_page(&line.name)
    });
    exchange.headers = own.map(|line| (line.name.clone(), line.value.clone())).collect();
    exchange
}

/// Returns `true` if the header describes the page, and not the request.
fn is_about_the_page(name: &str) -> bool {
    name.eq_ignore_ascii_case(names::REFERER) || name.to_ascii_lowercase().starts_with("sec-fetch-")
}

/// Returns `true` if `exchange` is like the one that was refused, and the server may have refused it because of its origin.
fn may_be_about_the_origin(refusal: &Refusal, exchange: &Exchange) -> bool {
    let is_preflight = exchange.kind == ExchangeKind::Preflight;
    is_preflight == (refusal.stage == Stage::Preflight)
        && matches!(refusal.reason, Reason::AllowOriginMissing | Reason::PreflightStatus { .. })
}
