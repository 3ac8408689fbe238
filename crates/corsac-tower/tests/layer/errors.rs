//! Errors, timeouts and panics: pitfall 52. To a page, a 500 without CORS headers looks like a CORS error.

use std::time::Duration;

use corsac_tower::{Cors, CorsLayer, OriginLookup};
use http::{Request, Response, StatusCode};
use tower::timeout::TimeoutLayer;
use tower::util::MapResultLayer;
use tower::{BoxError, ServiceBuilder, ServiceExt, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

use crate::support::{PAGE, get, policy};

type Body = http_body_util::Full<axum::body::Bytes>;

#[tokio::test(start_paused = true)]
async fn pitfall_52_responses_for_errors_timeouts_and_panics_carry_the_headers() {
    let service = service_fn(async |request: Request<()>| match request.uri().path() {
        "/error" => Err(BoxError::from("broken")),
        "/slow" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(Response::new(Body::default()))
        }
        "/panic" => panic!("the test's own panic"),
        _ => Ok(Response::new(Body::default())),
    });
    // An error becomes a response inside of the layer: axum's `HandleErrorLayer` does the same.
    let respond = MapResultLayer::new(|result: Result<Response<Body>, BoxError>| {
        let status = match &result {
            Ok(_) => return result,
            Err(error) if error.is::<tower::timeout::error::Elapsed>() => StatusCode::GATEWAY_TIMEOUT,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = Response::new(Body::default());
        *response.status_mut() = status;
        Ok(response)
    });
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(policy()))
        .layer(CatchPanicLayer::new())
        .layer(respond)
        .layer(TimeoutLayer::new(Duration::from_secs(5)))
        .service(service);
    for (path, status) in [("/", 200), ("/error", 500), ("/slow", 504), ("/panic", 500)] {
        let mut request = get(PAGE);
        *request.uri_mut() = path.parse().unwrap();
        let response = service.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(response.headers()["access-control-allow-origin"], PAGE, "{path}");
        assert_eq!(response.headers()["vary"], "Origin", "{path}");
    }
}

#[tokio::test]
async fn an_error_without_a_response_passes_through() {
    let lookup = OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) });
    let layers = [
        ("at once", CorsLayer::new(policy())),
        (
            "beside a lookup",
            CorsLayer::from(Cors::builder(policy()).origins(lookup.clone()).build().unwrap()),
        ),
        (
            "after a lookup",
            CorsLayer::from(Cors::builder(policy()).origins(lookup).outcome_for_handlers().build().unwrap()),
        ),
    ];
    for (name, layer) in layers {
        let service = ServiceBuilder::new()
            .layer(layer)
            .service_fn(async |_: Request<()>| Err::<Response<String>, _>("broken"));
        assert_eq!(service.oneshot(get("https://tenant.example")).await.unwrap_err(), "broken", "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lookup_that_never_answers_does_not_hold_up_the_response() {
    let lookup = OriginLookup::future(|_| std::future::pending::<Result<bool, std::io::Error>>());
    let layer = CorsLayer::from(Cors::builder(policy()).origins(lookup).build().unwrap());
    let service = ServiceBuilder::new()
        .layer(layer)
        .service_fn(async |_: Request<()>| Ok::<_, std::io::Error>(Response::new("handled".to_owned())));
    let start = tokio::time::Instant::now();
    let response = service.oneshot(get("https://tenant.example")).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!(response.body(), "handled");
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}
