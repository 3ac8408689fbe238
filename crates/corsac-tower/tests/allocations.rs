//! What the layer itself allocates for a request: pitfall 57. In a program of its own, because it counts what the whole program allocates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use corsac::server::Policy;
use corsac_tower::{Cors, CorsLayer, PolicyHandle};
use http::{HeaderMap, Request, Response};
use tower::{Layer, Service};

fn allocations(act: impl FnOnce()) -> u64 {
    allocation_counter::measure(act).count_total
}

/// Gives back a response that was made before, with room for headers.
struct Prepared(Option<Response<()>>);

impl Clone for Prepared {
    fn clone(&self) -> Self {
        Self(None)
    }
}

impl Service<Request<()>> for Prepared {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(self.0.take().expect("one request each")))
    }
}

fn request(method: &str, headers: &[(&'static str, &'static str)]) -> Request<()> {
    let mut request = Request::builder().method(method).uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

/// What the layer allocates between the request and its response.
fn share_of(layer: &CorsLayer, request: &Request<()>) -> u64 {
    let once = || {
        let mut response = Response::new(());
        *response.headers_mut() = HeaderMap::with_capacity(16);
        let mut service = layer.layer(Prepared(Some(response)));
        let request = request.clone();
        allocations(|| {
            let mut answer = pin!(service.call(request));
            let response = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(response, Poll::Ready(Ok(_))), "the fixed path waits for nothing");
        })
    };
    once(); // the first of its kind makes the key of its counter
    once()
}

#[test]
fn pitfall_57_neither_a_request_nor_a_clone_costs_an_allocation_however_many_origins_there_are() {
    const PAGE: &str = "https://app0.example";
    let headers = [
        ("origin", PAGE),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "x-a,x-b"),
    ];
    let requests = [
        ("without Origin", request("GET", &[]), 0),
        ("refused", request("GET", &[("origin", "https://evil.example")]), 0),
        ("malformed", request("GET", &[("origin", "nonsense")]), 0),
        ("null", request("GET", &[("origin", "null")]), 0),
        ("allowed", request("GET", &[("origin", PAGE)]), 0),
        // These have a response of the layer's own, whose map of headers grows.
        ("preflight, refused", request("OPTIONS", &[("origin", "https://evil.example"), headers[1]]), 2),
        ("preflight, allowed", request("OPTIONS", &headers), 3),
    ];
    for count in [1, 1_000, 100_000] {
        let origins = (0..count).map(|number| format!("https://app{number}.example"));
        let policy = Policy::builder(origins)
            .methods(["PUT"])
            .request_headers(["x-a", "x-b"])
            .credentials(true)
            .build()
            .unwrap();
        let again = || policy.clone();
        let layers: [(&str, Cors); 3] = [
            ("a policy", Cors::new(again())),
            ("a handle", Cors::new(PolicyHandle::new(again()))),
            ("paths", Cors::builder(again()).at("/a", again()).at("/b", again()).build().unwrap()),
        ];
        for (source, cors) in layers {
            let layer = CorsLayer::from(cors);
            for (name, request, most) in &requests {
                let share = share_of(&layer, request);
                assert!(share <= *most, "{count} origins, {source}, {name}: {share} allocations");
            }
            let service = layer.layer(Prepared(None));
            assert_eq!(
                allocations(|| drop((layer.clone(), service.clone()))),
                0,
                "{count} origins, {source}: a clone"
            );
        }
    }
}
