//! A route of an axum router. The router clones the layered service for each request.

use std::hint::black_box;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use corsac_tower::CorsLayer;
use futures_executor::block_on;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderMap};
use http::{Method, Response};
use tower::Service;

use super::{Contender, Runner, Source, bare, decision, is_told};
use crate::Cell;
use crate::cases::{Case, Origins, TURNS};

fn router(contender: Contender, origins: Origins) -> Option<Router> {
    let router = Router::new().route("/", get(async || "hello").options(async || "options"));
    Some(match contender {
        Contender::None => router,
        Contender::Corsac => router.layer(CorsLayer::new(decision::policy(origins))),
        Contender::TowerHttp => router.layer(bare::tower_http(origins)),
        Contender::CorsacDecision | Contender::ActixCors => return None,
    })
}

fn request(method: &Method, headers: &HeaderMap) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method.clone();
    *request.headers_mut() = headers.clone();
    request
}

fn send(router: &mut Router, method: &Method, headers: &HeaderMap) -> Response<Body> {
    match block_on(Service::<Request<Body>>::call(router, request(method, headers))) {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

pub fn source(cell: Cell) -> Option<Source> {
    let router = router(cell.contender, cell.origins)?;
    Some(Source::new(move || {
        let mut router = router.clone();
        let (requests, method) = (cell.case.requests(cell.origins), cell.case.method());
        Runner::new(move |count| {
            for turn in 0..count {
                let Some(headers) = requests.get(turn % TURNS) else { return };
                black_box(send(&mut router, &method, headers));
            }
        })
    }))
}

pub fn check(origins: Origins, case: Case) {
    for contender in [Contender::Corsac, Contender::TowerHttp] {
        let mut router = router(contender, origins).expect("both have a router");
        let response = send(&mut router, &case.method(), &case.requests(origins)[TURNS - 1]);
        assert_eq!(
            response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            is_told(case),
            "{contender:?} {origins:?} {case:?}"
        );
    }
}
