//! What the layer does with the readiness of the service: pitfall 60.

use std::future::poll_fn;
use std::time::Duration;

use corsac::server::{Enforce, Policy};
use corsac_tower::{Cors, CorsLayer, CorsOutcome, CorsVerdict, OriginLookup};
use http::{Request, Response, StatusCode};
use tower::limit::ConcurrencyLimitLayer;
use tower::{Service, ServiceBuilder, ServiceExt};

use crate::support::{Handler, PAGE, STRANGER, get, policy, preflight, request};

#[tokio::test]
async fn pitfall_60_a_preflight_releases_what_the_service_reserved_for_it() {
    let lookup = OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) });
    let blocking = Policy::builder([PAGE]).enforce(Enforce::Block).build().unwrap();
    let cases = [
        ("decided at once", CorsLayer::new(policy()), preflight(PAGE, "PUT")),
        (
            "after a lookup",
            CorsLayer::from(Cors::builder(policy()).origins(lookup).build().unwrap()),
            preflight(STRANGER, "PUT"),
        ),
        ("blocked", CorsLayer::new(blocking), request("POST", &[("origin", STRANGER)])),
    ];
    for (name, layer, request) in cases {
        // One request at a time: the permit for it is taken when the service becomes ready.
        let service =
            ServiceBuilder::new().layer(layer).layer(ConcurrencyLimitLayer::new(1)).service(Handler(&[]));
        let (mut first, mut second) = (service.clone(), service);
        poll_fn(|context| first.poll_ready(context)).await.unwrap();
        let response = first.call(request);
        let free = tokio::time::timeout(Duration::from_secs(5), second.ready()).await;
        assert!(free.is_ok(), "{name}: the permit is still held");
        assert!(
            matches!(response.await.unwrap().status(), StatusCode::NO_CONTENT | StatusCode::FORBIDDEN),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_layer_is_ready_when_the_service_is() {
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(policy()))
        .layer(ConcurrencyLimitLayer::new(1))
        .service(Handler(&[]));
    let (mut first, mut second) = (service.clone(), service);
    first.ready().await.unwrap();
    let busy = tokio::time::timeout(Duration::from_millis(1), second.ready()).await;
    assert!(busy.is_err(), "a service that is busy has to show, so that load can be shed");
}

#[tokio::test]
async fn a_handler_reads_the_outcome_when_it_is_asked_for() {
    let lookup = OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) });
    let cases = [
        ("not asked for", Cors::new(policy()), get(PAGE), None),
        (
            "at once",
            Cors::builder(policy()).outcome_for_handlers().build().unwrap(),
            get(PAGE),
            Some(CorsVerdict::Allowed),
        ),
        (
            "after a lookup",
            Cors::builder(policy()).origins(lookup).outcome_for_handlers().build().unwrap(),
            get("https://tenant.example"),
            Some(CorsVerdict::Allowed),
        ),
        (
            "no lookup and no origin",
            Cors::builder(policy()).outcome_for_handlers().build().unwrap(),
            request("GET", &[]),
            Some(CorsVerdict::NotAsked),
        ),
    ];
    for (name, cors, request, verdict) in cases {
        let service =
            ServiceBuilder::new().layer(CorsLayer::from(cors)).service_fn(async |request: Request<()>| {
                let outcome = request.extensions().get::<CorsOutcome>().map(|outcome| outcome.verdict);
                Ok::<_, std::io::Error>(Response::new(format!("{outcome:?}")))
            });
        let response = service.oneshot(request).await.unwrap();
        assert_eq!(response.body(), &format!("{verdict:?}"), "{name}");
    }
}
