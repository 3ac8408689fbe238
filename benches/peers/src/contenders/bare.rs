//! A tower service that answers at once, and the layers around it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::{Context, Poll};

use corsac_tower::CorsLayer;
use futures_executor::block_on;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, HeaderMap, HeaderName};
use http::{HeaderValue, Method, Request, Response};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, CorsLayer as TowerHttpLayer};

use super::{Contender, Runner, Source, decision, is_told};
use crate::Cell;
use crate::cases::{Case, Origins, TURNS};

#[derive(Clone, Default)]
struct Inner {
    /// Answer with nothing at all. No layer asks the service about a preflight, so that is what `none` does with one.
    empty: bool,
}

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
        if self.empty {
            return ready(Ok(response));
        }
        response.headers_mut().reserve(8);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        ready(Ok(response))
    }
}

/// The peer with the same policy.
pub fn tower_http(origins: Origins) -> TowerHttpLayer {
    let allow_origin = match origins {
        Origins::Exact(_) => AllowOrigin::list(
            origins.entries().into_iter().map(|origin| HeaderValue::try_from(origin).expect("visible ASCII")),
        ),
        Origins::Wildcards(_) => {
            let suffixes = origins.suffixes();
            AllowOrigin::predicate(move |origin, _| {
                let origin = origin.as_bytes();
                origin.starts_with(b"https://")
                    && suffixes.iter().any(|suffix| origin.ends_with(suffix.as_bytes()))
            })
        }
    };
    TowerHttpLayer::new()
        .allow_origin(allow_origin)
        .allow_methods([Method::PUT])
        .allow_headers([HeaderName::from_static("authorization"), CONTENT_TYPE])
        .allow_credentials(true)
        .max_age(std::time::Duration::from_secs(600))
}

pub fn source(cell: Cell) -> Option<Source> {
    match cell.contender {
        Contender::None => Some(drive(Inner { empty: cell.case.is_preflight() }, cell)),
        Contender::Corsac => {
            Some(drive(CorsLayer::new(decision::policy(cell.origins)).layer(Inner::default()), cell))
        }
        Contender::TowerHttp => Some(drive(tower_http(cell.origins).layer(Inner::default()), cell)),
        Contender::CorsacDecision | Contender::ActixCors => None,
    }
}

fn request(method: &Method, headers: &HeaderMap) -> Request<()> {
    let mut request = Request::new(());
    *request.method_mut() = method.clone();
    *request.headers_mut() = headers.clone();
    request
}

/// Each runner has a clone of the service, as each connection of a server has.
fn drive<S>(service: S, cell: Cell) -> Source
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible> + Clone + Send + Sync + 'static,
{
    Source::new(move || {
        let mut service = service.clone();
        let (requests, method) = (cell.case.requests(cell.origins), cell.case.method());
        Runner::new(move |count| {
            for turn in 0..count {
                let Some(headers) = requests.get(turn % TURNS) else { return };
                let Ok(response) = block_on(service.call(request(&method, headers)));
                black_box(response);
            }
        })
    })
}

pub fn check(origins: Origins, case: Case) {
    let request = || request(&case.method(), &case.requests(origins)[TURNS - 1]);
    let Ok(ours) =
        block_on(CorsLayer::new(decision::policy(origins)).layer(Inner::default()).call(request()));
    let Ok(theirs) = block_on(tower_http(origins).layer(Inner::default()).call(request()));
    for response in [ours, theirs] {
        assert_eq!(
            response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            is_told(case),
            "{origins:?} {case:?} {response:?}"
        );
    }
}
