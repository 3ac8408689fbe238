//! Asks a server as each browser would.

use std::future::Future;
use std::time::Duration;

use corsac::browser::{Engine, Fetched, Outcome, PreflightCache, Request};
use corsac_explain::{Evidence, console, diagnose};

use super::report::{EngineReport, Report};
use super::request::PageRequest;
use super::server::Server;
use crate::network::Transport;
use crate::wire::Wire;

/// Sends the request as each browser would, and reports what the page gets.
///
/// Exchanges that are the same in several browsers are sent once. A request whose method is not GET, HEAD or OPTIONS is sent once in any case, and
/// all browsers are judged on its response, so a handler that changes something runs once.
///
/// # Panics
///
/// If no page can make the request, as with the method `TRACE` or a line break in a header.
///
/// ```
/// use corsac_fetch::testing::{check, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new("[]".to_owned())) });
/// let report = check(app, page("https://app.example").get("https://api.example/items")).await;
/// assert!(!report.is_readable());
/// assert_eq!(report.readable().map(|response| response.status), None);
/// println!("{report}");
/// # }
/// ```
#[track_caller]
pub fn check(server: impl Server, request: impl Into<PageRequest>) -> impl Future<Output = Report> {
    run(server, request.into(), false)
}

/// Sends the preflight as each browser would, and never the request itself.
///
/// # Panics
///
/// If no page can make the request.
///
/// ```
/// use corsac_fetch::testing::{check_preflight, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
/// let report = check_preflight(app, page("https://app.example").delete("https://api.example/items/7")).await;
/// assert!(!report.is_preflight_allowed());
/// # }
/// ```
#[track_caller]
pub fn check_preflight(server: impl Server, request: impl Into<PageRequest>) -> impl Future<Output = Report> {
    run(server, request.into(), true)
}

/// What is wrong with the test itself is said before the future is made, and so with the place of the caller.
#[track_caller]
fn run(server: impl Server, request: PageRequest, preflight_only: bool) -> impl Future<Output = Report> {
    let (request, cookies, engines) = request.build();
    let transport = server.transport(cookies.clone());
    async move {
        let time = transport.timeout();
        let mut wire = Wire::new(transport, request.clone(), time);
        let mut reports = Vec::new();
        for engine in engines {
            let mut cache = PreflightCache::default();
            let fetched = if preflight_only {
                wire.preflight(engine, &mut cache, Duration::ZERO).await
            } else {
                wire.fetch(engine, &mut cache, Duration::ZERO).await
            };
            reports.push(judged(engine, fetched, &request, !cookies.is_empty()));
        }
        Report::new(request, cookies, reports, preflight_only)
    }
}

fn judged(engine: Engine, fetched: Fetched, request: &Request, cookies_given: bool) -> EngineReport {
    let (mut causes, mut lines) = (Vec::new(), Vec::new());
    if let Outcome::Refused(refusal) = &fetched.outcome {
        let mut evidence = Evidence::new(request, &fetched.exchanges, &fetched.outcome);
        evidence.cookies_given = cookies_given;
        causes = diagnose(&evidence);
        lines = console(engine, refusal, request);
    }
    EngineReport { engine, fetched, causes, console: lines }
}
