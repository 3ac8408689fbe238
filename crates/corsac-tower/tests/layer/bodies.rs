//! Bodies of the layer's own responses.

use axum::body::Body;
use corsac::server::{Enforce, Policy};
use corsac_tower::CorsLayer;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::support::{Handler, PAGE, STRANGER, ask, request};

fn blocking() -> Policy {
    Policy::builder([PAGE]).enforce(Enforce::Block).build().unwrap()
}

#[tokio::test]
async fn a_blocked_request_is_answered_403_with_a_text_when_the_layer_can_make_one() {
    let post = || request("POST", &[("origin", STRANGER), ("host", "api.example")]);
    let bare = ask(&CorsLayer::new(blocking()), Handler(&[]), post()).await;
    let texted = ask(&CorsLayer::new(blocking()).body_from(str::to_owned), Handler(&[]), post()).await;
    for response in [&bare, &texted] {
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert_eq!(response.headers()["vary"], "Origin");
    }
    assert_eq!(bare.body(), "");
    assert!(texted.body().starts_with("Forbidden: "));
    assert_eq!(texted.headers()["content-type"], "text/plain; charset=utf-8");
}

#[tokio::test]
async fn a_body_without_a_default_works_too() {
    struct NoDefault(&'static str);
    let layer = CorsLayer::new(blocking()).body_from(NoDefault);
    let service = layer.layer(service_fn(async |_: Request<()>| {
        Ok::<_, std::io::Error>(Response::new(NoDefault("handled")))
    }));
    assert_eq!(service.oneshot(request("GET", &[])).await.unwrap().body().0, "handled");
}

#[test]
fn the_layer_keeps_the_body_s_type_and_can_be_sent_between_threads() {
    fn fits_axum<S>(_: &S)
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
    }
    fits_axum(&CorsLayer::new(blocking()).layer(axum::Router::new()));
    fits_axum(&CorsLayer::new(blocking()).body_from(Body::from).layer(axum::Router::new()));
}

#[tokio::test]
async fn a_hyper_body_is_fine() {
    let service = CorsLayer::new(blocking()).body_from(Full::<axum::body::Bytes>::from).layer(service_fn(
        async |_: Request<()>| Ok::<_, std::io::Error>(Response::new(Full::from("handled"))),
    ));
    let response = service.oneshot(request("POST", &[("origin", STRANGER)])).await.unwrap();
    assert!(response.into_body().collect().await.unwrap().to_bytes().starts_with(b"Forbidden"));
}
