//! Whoever polls a future after its end hears of it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use corsac_tower::{Cors, CorsLayer, OriginLookup};
use http::{Request, Response};
use tower::{Layer, Service};

use crate::support::{STRANGER, get, policy, preflight};

/// Answers with futures that never complain themselves.
#[derive(Clone)]
struct Forgiving;

struct Always;

impl Future for Always {
    type Output = Result<Response<String>, Infallible>;

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(Response::new(String::new())))
    }
}

impl Service<Request<()>> for Forgiving {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Always;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Always {
        Always
    }
}

#[test]
fn a_future_that_is_polled_after_it_completed_panics() {
    let plain = || CorsLayer::new(policy());
    let asking = || {
        let lookup = OriginLookup::future(|_| async { Ok::<_, Infallible>(false) });
        CorsLayer::from(Cors::builder(policy()).origins(lookup).build().unwrap())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    for (name, layer, request) in [
        ("the service's response", plain(), get(STRANGER)),
        ("the layer's own", plain(), preflight(STRANGER, "PUT")),
        ("beside a lookup", asking(), get(STRANGER)),
        ("after a lookup", asking(), preflight(STRANGER, "PUT")),
    ] {
        let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut answer = pin!(layer.layer(Forgiving).call(request));
            let mut context = Context::from_waker(Waker::noop());
            assert!(answer.as_mut().poll(&mut context).is_ready(), "{name}");
            answer.as_mut().poll(&mut context).is_ready()
        }));
        let panic = polled.expect_err(name);
        let text =
            panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        assert!(text.unwrap_or_default().contains("polled after it completed"), "{name}: {text:?}");
    }
}
