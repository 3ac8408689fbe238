//! What is counted: `decide` and `apply` by themselves, and a request through a layer around a service that answers at once.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::{Context, Poll};

use corsac::server::{self, Policy};
use corsac_tower::CorsLayer;
use futures_executor::block_on;
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use tower::{Layer, Service};

/// How often each is run; the count is that of one run.
pub const TIMES: u64 = 64;

/// Runs one thing once.
pub type Runner = Box<dyn FnMut()>;

/// One number of the file.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    what: &'static str,
    case: Case,
}

#[derive(Clone, Copy, Debug)]
struct Case {
    name: &'static str,
    origin: Option<&'static str>,
    is_preflight: bool,
}

const ALLOWED: Option<&str> = Some("https://app.example.com");
const REFUSED: Option<&str> = Some("https://evil.example");

const CASES: [Case; 5] = [
    Case { name: "no-origin", origin: None, is_preflight: false },
    Case { name: "allowed", origin: ALLOWED, is_preflight: false },
    Case { name: "refused", origin: REFUSED, is_preflight: false },
    Case { name: "preflight-allowed", origin: ALLOWED, is_preflight: true },
    Case { name: "preflight-refused", origin: REFUSED, is_preflight: true },
];

pub fn all() -> impl Iterator<Item = Measured> {
    ["decision", "layer"]
        .into_iter()
        .flat_map(|what| CASES.into_iter().map(move |case| Measured { what, case }))
}

impl Measured {
    pub fn name(self) -> String {
        format!("{}/{}", self.what, self.case.name)
    }

    pub fn runner(self) -> Runner {
        if self.what == "decision" { decision(self.case) } else { layer(self.case) }
    }
}

impl Case {
    fn method(self) -> Method {
        if self.is_preflight { Method::OPTIONS } else { Method::GET }
    }

    fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("user-agent", HeaderValue::from_static("benchmark"));
        headers.insert("accept", HeaderValue::from_static("*/*"));
        if let Some(origin) = self.origin {
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
        }
        if self.is_preflight {
            headers.insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("PUT"));
            headers.insert(
                ACCESS_CONTROL_REQUEST_HEADERS,
                HeaderValue::from_static("authorization,content-type"),
            );
        }
        headers
    }
}

fn policy() -> Policy {
    Policy::builder(["https://app.example.com"])
        .methods(["PUT"])
        .request_headers(["authorization", "content-type"])
        .credentials(true)
        .build()
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn decision(case: Case) -> Runner {
    let (policy, method, headers) = (policy(), case.method(), case.headers());
    let mut response = HeaderMap::with_capacity(16);
    Box::new(move || {
        response.clear();
        policy.decide(&server::Request::new(black_box(&method), black_box(&headers))).apply(&mut response);
        black_box(&response);
    })
}

fn layer(case: Case) -> Runner {
    let mut service = CorsLayer::new(policy()).layer(Inner);
    let (method, headers) = (case.method(), case.headers());
    Box::new(move || {
        let mut request = Request::new(());
        *request.method_mut() = method.clone();
        *request.headers_mut() = headers.clone();
        let Ok(response) = block_on(service.call(black_box(request)));
        black_box(response);
    })
}

/// Answers at once, with one header.
#[derive(Clone, Debug, Default)]
struct Inner;

impl Service<Request<()>> for Inner {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        black_box(&request);
        let mut response = Response::new(());
        response.headers_mut().reserve(8);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        ready(Ok(response))
    }
}
