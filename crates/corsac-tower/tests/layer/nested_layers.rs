//! One layer inside another: pitfalls 35 and 55.

use corsac::server::Policy;
use corsac_tower::CorsLayer;
use tower::{ServiceBuilder, ServiceExt};

use crate::support::{Handler, PAGE, STRANGER, get, lines, policy, preflight};

#[tokio::test]
async fn the_inner_layer_s_headers_are_kept_once() {
    let open = Policy::builder(["*"]).build().unwrap();
    let (outer, inner) = (CorsLayer::new(policy()), CorsLayer::new(open));
    let service = ServiceBuilder::new().layer(outer).layer(inner).service(Handler(&[("vary", "Accept")]));
    for origin in [PAGE, STRANGER] {
        let response = service.clone().oneshot(get(origin)).await.unwrap();
        assert_eq!(lines(response.headers(), "access-control-allow-origin"), ["*"], "{origin}");
        assert_eq!(lines(response.headers(), "vary"), ["Accept"], "{origin}");
    }
}

#[tokio::test]
async fn the_outer_layer_answers_preflights_which_is_why_layers_should_not_be_nested() {
    let open = Policy::builder(["*"]).build().unwrap();
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(policy()))
        .layer(CorsLayer::new(open))
        .service(Handler(&[]));
    let response = service.oneshot(preflight(STRANGER, "GET")).await.unwrap();
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn the_same_layer_twice_changes_nothing() {
    let layer = CorsLayer::new(policy());
    let service = ServiceBuilder::new().layer(layer.clone()).layer(layer).service(Handler(&[]));
    let response = service.oneshot(get(PAGE)).await.unwrap();
    assert_eq!(lines(response.headers(), "access-control-allow-origin"), [PAGE]);
    assert_eq!(lines(response.headers(), "vary"), ["Origin"]);
}
