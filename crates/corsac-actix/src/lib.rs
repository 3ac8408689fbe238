//! CORS for actix-web 4.
//!
//! ```
//! use actix_web::{App, test, web};
//! use corsac::server::Policy;
//! use corsac_actix::CorsMiddleware;
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), corsac::server::Problems> {
//! // Made once, outside of the closure that makes apps, because clones share everything.
//! let cors = CorsMiddleware::new(Policy::builder(["https://app.example"]).methods(["PUT"]).build()?);
//!
//! let app = App::new().route("/items", web::get().to(async || "the items")).wrap(cors.clone());
//! let app = test::init_service(app).await;
//! let request = test::TestRequest::get().uri("/items").insert_header(("origin", "https://app.example"));
//! let response = test::call_service(&app, request.to_request()).await;
//! assert_eq!(response.headers().get("access-control-allow-origin").unwrap(), "https://app.example");
//! # Ok(()) }
//! ```
//!
//! # Where to put it
//!
//! Put it outermost, which in actix-web is the *last* `wrap` of the app: outside of authentication, because preflights carry no credentials, and
//! outside of everything that makes responses from errors. Responses to errors of handlers, extractors and inner middlewares get CORS headers
//! too.
//!
//! Use one middleware for the whole server. [`CorsBuilder::at`] gives a part of the server another policy, and [`PolicySource::select`] chooses a
//! policy by anything else.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod convert;
mod error;
mod future;
mod middleware;

#[cfg(feature = "metrics")]
pub use corsac_middleware::describe_metrics;
pub use corsac_middleware::{
    BuildError, Cors, CorsBuilder, CorsOutcome, CorsVerdict, LookupFailure, OriginLookup, OriginQuery,
    PlacementHandle, PolicyChoice, PolicyHandle, PolicySource, RequestView,
};
#[cfg(feature = "lookups")]
pub use corsac_middleware::{CacheOptions, Tenants};
pub use error::ErrorWithCors;
pub use future::ResponseFuture;
pub use middleware::{CorsMiddleware, CorsService};
pub use {corsac, http};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
