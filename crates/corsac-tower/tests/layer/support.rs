//! Services to put the layer around, and requests.

use std::convert::Infallible;
use std::future::{Ready, ready};

use corsac::server::Policy;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tower::{Layer, Service, ServiceExt};

use corsac_tower::CorsLayer;

pub(crate) const PAGE: &str = "https://app.example";
pub(crate) const STRANGER: &str = "https://evil.example";

pub(crate) fn policy() -> Policy {
    Policy::builder([PAGE]).methods(["PUT"]).build().expect("the test's own policy")
}

/// Answers every request with 200 and these headers; the body says that it was asked.
#[derive(Clone)]
pub(crate) struct Handler(pub(crate) &'static [(&'static str, &'static str)]);

impl Service<Request<()>> for Handler {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        let mut response = Response::new("handled".to_owned());
        for (name, value) in self.0 {
            response.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        ready(Ok(response))
    }
}

/// A request with these headers.
pub(crate) fn request(method: &str, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::builder().method(method).uri("/items");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).expect("the test's own request")
}

pub(crate) fn get(origin: &str) -> Request<()> {
    request("GET", &[("origin", origin)])
}

pub(crate) fn preflight(origin: &str, method: &str) -> Request<()> {
    request("OPTIONS", &[("origin", origin), ("access-control-request-method", method)])
}

pub(crate) async fn ask<M>(layer: &CorsLayer<M>, handler: Handler, request: Request<()>) -> Response<String>
where
    M: Clone + corsac_tower::MakeBody<String>,
{
    match layer.layer(handler).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

pub(crate) fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|line| line.to_str().expect("ASCII")).collect()
}
