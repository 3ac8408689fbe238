//! CORS for everything of tower: axum, tonic, hyper.
//!
//! ```
//! use corsac::server::Policy;
//! use corsac_tower::CorsLayer;
//! use http::{Request, Response};
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::builder(["https://app.example"]).methods(["PUT"]).build()?;
//! let service = CorsLayer::new(policy).layer(service_fn(async |_: Request<String>| {
//!     Ok::<_, std::convert::Infallible>(Response::new("hello".to_owned()))
//! }));
//!
//! let request = Request::get("/").header("origin", "https://app.example").body(String::new())?;
//! let response = service.oneshot(request).await?;
//! assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
//! # Ok(()) }
//! ```
//!
//! # Where to put the layer
//!
//! Outermost: around authentication, which has nothing to check in a preflight, and around what makes responses of timeouts, errors and
//! panics, so that these carry the headers, too. With axum, that is the last call of `Router::layer`. An inner service that *fails* gives no
//! response to put headers on: turn errors into responses (`HandleErrorLayer`) inside of this layer.
//!
//! One layer is enough. For a part of a server with another policy there is [`CorsBuilder::at`], and [`PolicySource::select`] for a choice
//! by anything else. Two layers on top of each other are noticed and logged as a warning.
//!
//! # What reaches the service
//!
//! Every request but a preflight, whatever is decided: CORS is about who may read the response. `OPTIONS` that is no preflight goes through,
//! too. Only with `enforce = "block"` in the policy are requests answered with 403.
//!
//! # Readiness
//!
//! The layer is ready when the service is: what is to come cannot be known before. A preflight then gives back what the service reserved for
//! it (the permit of a concurrency limit, for one), by taking a fresh clone of the service.

#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs names the feature that an item needs
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod body;
mod future;
mod layer;
mod service;

pub use body::{EmptyBody, MakeBody};
#[cfg(feature = "metrics")]
pub use corsac_middleware::describe_metrics;
pub use corsac_middleware::{
    BuildError, Cors, CorsBuilder, CorsOutcome, CorsVerdict, LookupFailure, OriginLookup, OriginQuery,
    PlacementHandle, PolicyChoice, PolicyHandle, PolicySource, RequestView,
};
#[cfg(feature = "lookups")]
pub use corsac_middleware::{CacheOptions, Tenants};
pub use future::ResponseFuture;
pub use layer::CorsLayer;
pub use service::CorsService;
pub use {corsac, http};

/// The examples of the guide, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/serve.md")]
struct Serve;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/testing.md")]
struct Testing;
