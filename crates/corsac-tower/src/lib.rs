//! CORS for servers built on tower, such as axum, tonic and hyper.
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
//! Put it outermost: outside of authentication, because preflights carry no credentials, and outside of the layers that turn timeouts,
//! errors and panics into responses, so that these responses get CORS headers too. With axum, that is the last call of `Router::layer`. If an
//! inner service *fails*, there is no response to add headers to: turn errors into responses (`HandleErrorLayer`) inside of this layer.
//!
//! Use one layer for the whole server. [`CorsBuilder::at`] gives a part of the server another policy, and [`PolicySource::select`] chooses a
//! policy by anything else. If one layer is inside another, a warning is logged.
//!
//! # What reaches the service
//!
//! Every request except preflights, whether or not the policy allows it, because CORS only decides who may read the response. `OPTIONS`
//! requests that are not preflights reach it too. Only a policy with `enforce = "block"` answers some requests with 403.
//!
//! # Readiness
//!
//! The layer is ready when the service is, because it cannot know whether the next request is a preflight. If it is one, whatever the service
//! has reserved for it (such as the permit of a concurrency limit) is released: the layer replaces the service by a fresh clone.

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

/// The examples of the guides, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct WorkspaceReadme;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/serve.md")]
struct Serve;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/testing.md")]
struct Testing;
