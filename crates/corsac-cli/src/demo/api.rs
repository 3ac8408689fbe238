//! The broken API, which answers as the table of routes says.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, Request, Response, StatusCode};
use tower_service::Service;

use super::addresses::Addresses;
use super::routes::{self, Answer};

/// The API, as a service.
#[derive(Clone)]
pub(super) struct Api {
    addresses: Arc<Addresses>,
}

impl Api {
    pub(super) fn new(addresses: Arc<Addresses>) -> Self {
        Self { addresses }
    }
}

impl<B> Service<Request<B>> for Api {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        ready(Ok(answer(&self.addresses, &request)))
    }
}

fn answer<B>(addresses: &Addresses, request: &Request<B>) -> Response<Full<Bytes>> {
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key("access-control-request-method");
    let origin = request.headers().get(ORIGIN);
    let is_listed = origin.is_some_and(|origin| origin.as_bytes() == addresses.page.as_bytes());
    let answer = routes::answer(request.uri().path(), is_preflight);
    let Answer { status, headers, body } = answer;
    let lines = headers.iter().filter_map(|(name, value)| {
        let value = match *value {
            "{page, if it is the origin}" if is_listed => addresses.page.clone(),
            "{page, if it is the origin}" => return None,
            value => addresses.fill(value),
        };
        Some(((*name).to_owned(), value))
    });
    respond(*status, lines, Bytes::from_static(body.as_bytes()))
}

fn respond(
    status: u16,
    lines: impl IntoIterator<Item = (String, String)>,
    body: Bytes,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in lines {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
