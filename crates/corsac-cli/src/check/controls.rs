//! Control requests: the same question without `Origin`, and from another origin. They tell a static answer from an echoed or a listed one.

use std::time::Duration;

use corsac::browser::{Engine, Exchange, Fetch, PreflightCache, Request, Step};
use corsac::origin::Origin;
use corsac_explain::findings::Controls;

use super::server::Way;

/// A site that nobody owns (RFC 2606), so no server has a reason to allow it.
const OTHER_HOST: &str = "corsac-control.example";

/// Asks what can be asked without changing anything on the server: GET and HEAD, and the preflights of other methods.
pub(crate) async fn ask(request: &Request, way: &mut Way<'_>) -> Controls {
    let mut controls = Controls::default();
    let Some((origin, exchange)) = from_another_origin(request) else {
        return controls;
    };
    if matches!(request.method(), "GET" | "HEAD") {
        let received = way.send_apart(&without_origin(request, &exchange)).await;
        controls.without_origin = received.ok();
    }
    if let Ok(head) = way.send_apart(&exchange).await {
        controls.other_origin = Some((origin, head));
    }
    controls
}

/// The first exchange of the same request from another origin: a preflight, or a request that changes nothing.
fn from_another_origin(request: &Request) -> Option<(String, Exchange)> {
    let scheme = request.origin().scheme().filter(|scheme| *scheme == "http").unwrap_or("https");
    let origin = Origin::parse(&format!("{scheme}://{OTHER_HOST}")).ok()?;
    let mut init = request.init().clone();
    init.client.url = None;
    init.client.origin = origin.clone();
    let mut fetch = Fetch::new(init.build().ok()?, Engine::Spec.profile());
    match fetch.next(&mut PreflightCache::default(), Duration::ZERO) {
        // A POST without a preflight is left out: to send it again could change something.
        Step::Send(exchange) if matches!(exchange.method.as_str(), "GET" | "HEAD" | "OPTIONS") => {
            Some((origin.as_str().to_owned(), exchange.clone()))
        }
        Step::Send(_) | Step::Done(_) => None,
    }
}

/// What a person types into the address bar: no `Origin`, and nothing that goes with it.
fn without_origin(request: &Request, exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    exchange.method = request.method().to_owned();
    let own = exchange.headers.iter().filter(|line| {
        !["origin", "referer", "access-control-request-method", "access-control-request-headers"]
            .iter()
            .any(|name| line.is(name))
            && !line.name.to_ascii_lowercase().starts_with("sec-fetch-")
    });
    exchange.headers = own.map(|line| (line.name.clone(), line.value.clone())).collect();
    exchange
}
