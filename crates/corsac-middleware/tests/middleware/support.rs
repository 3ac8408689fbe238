//! Requests, policies, and the adapter's part.

use corsac::server::{Policy, Refusal};
use corsac_middleware::{Begun, Cors, Judged, Later, RequestView, Verdict};
use http::{HeaderMap, Request};

pub(crate) const REFUSED: Verdict = Verdict::Refused(Refusal::OriginNotAllowed);

pub(crate) fn policy(origin: &str) -> Policy {
    Policy::builder([origin]).build().expect("the test's own policy")
}

pub(crate) fn get(path: &str, origin: &str) -> Request<()> {
    Request::get(path).header("origin", origin).body(()).expect("the test's own request")
}

pub(crate) fn preflight(path: &str, origin: &str) -> Request<()> {
    Request::options(path)
        .header("origin", origin)
        .header("access-control-request-method", "GET")
        .body(())
        .expect("the test's own request")
}

pub(crate) fn later(cors: &Cors, request: &Request<()>) -> Later {
    match cors.begin(&RequestView::of(request)) {
        Begun::Later(later) => later,
        Begun::Now(judged) => panic!("decided at once: {judged:?}"),
    }
}

pub(crate) fn now(cors: &Cors, request: &Request<()>) -> Judged {
    match cors.begin(&RequestView::of(request)) {
        Begun::Now(judged) => judged,
        Begun::Later(_) => panic!("a lookup was asked"),
    }
}

pub(crate) async fn judged(cors: &Cors, request: &Request<()>) -> Judged {
    match cors.begin(&RequestView::of(request)) {
        Begun::Now(judged) => judged,
        Begun::Later(later) => later.await,
    }
}

/// The headers of a response that had none.
pub(crate) fn finished(judged: &Judged) -> HeaderMap {
    let mut headers = HeaderMap::new();
    judged.finish(&mut headers);
    headers
}

/// All lines of `Vary`, as one text.
pub(crate) fn vary(headers: &HeaderMap) -> String {
    let lines: Vec<&str> = headers.get_all("vary").iter().map(|line| line.to_str().expect("ASCII")).collect();
    lines.join(" | ")
}
