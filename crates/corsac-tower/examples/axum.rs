//! CORS for an axum server: one layer, outermost.
//!
//! `cargo run -p corsac-tower --example axum`, and then for example
//! `corsac check http://localhost:3000/items --origin https://app.example -X PUT`.

#![allow(clippy::print_stdout, reason = "an example says where it listens")]

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::error_handling::HandleErrorLayer;
use axum::extract::Extension;
use axum::http::StatusCode;
use axum::routing::{get, options};
use axum::{BoxError, Router};
use corsac::server::{Enforce, Policy, Problems};
use corsac_tower::{Cors, CorsLayer, CorsOutcome, PolicyHandle};
use tower::ServiceBuilder;
use tower::timeout::TimeoutLayer;
use tower_http::catch_panic::CatchPanicLayer;

/// The server. `handle` holds the policy of everything except `/public`, and can replace it while the server runs.
pub(crate) fn app(handle: PolicyHandle) -> Result<Router, Box<dyn std::error::Error>> {
    let cors = Cors::builder(handle)
        .at("/public", Policy::builder(["*"]).build()?)
        .outcome_for_handlers()
        .build()?;
    // Errors become responses inside of the CORS layer, so that pages can read the status 500 or 504.
    let errors = ServiceBuilder::new()
        .layer(CatchPanicLayer::new())
        .layer(HandleErrorLayer::new(async |error: BoxError| {
            if error.is::<tower::timeout::error::Elapsed>() {
                (StatusCode::GATEWAY_TIMEOUT, "it took too long")
            } else {
                (StatusCode::INTERNAL_SERVER_ERROR, "it failed")
            }
        }))
        .layer(TimeoutLayer::new(Duration::from_millis(300)));
    Ok(Router::new()
        .route("/items", get("the items").put("replaced").post("added"))
        .route("/items/options", options("no preflight: OPTIONS reached the handler"))
        .route("/outcome", get(async |Extension(outcome): Extension<CorsOutcome>| outcome.verdict.as_str()))
        .route("/public", get("for everybody"))
        .route("/slow", get(async || std::future::pending::<&str>().await))
        .route("/panic", get(panics))
        .layer(errors)
        .layer(CorsLayer::from(cors).body_from(Body::from)))
}

#[allow(clippy::panic, reason = "shows that the response to a panic has CORS headers")]
async fn panics() -> Result<&'static str, Infallible> {
    panic!("the example's own panic")
}

/// The initial policy.
pub(crate) fn policy() -> Result<Policy, Problems> {
    Policy::builder(["https://app.example", "http://localhost:*"])
        .methods(["PUT"])
        .request_headers(["content-type"])
        .enforce(Enforce::Block)
        .build()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app(PolicyHandle::new(policy()?))?).await?;
    Ok(())
}
