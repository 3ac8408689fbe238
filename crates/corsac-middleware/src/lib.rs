//! CORS as a middleware, without a framework: what `corsac-tower` and `corsac-actix` share.
//!
//! [`Cors`] decides about requests. Its settings say where the policy of a request comes from ([`PolicySource`]), how to look up origins that
//! a policy does not list ([`OriginLookup`]), and which policy to try out. An adapter for a framework calls it:
//!
//! ```
//! use corsac::server::Policy;
//! use corsac_middleware::{Begun, Cors, Decided, RequestView};
//! use http::{Request, Response, StatusCode};
//!
//! async fn serve(cors: &Cors, request: Request<String>) -> Response<String> {
//!     let respond = |status: StatusCode, text: &'static str| {
//!         let mut response = Response::new(text.to_owned());
//!         *response.status_mut() = status;
//!         response
//!     };
//!     let decided = match cors.begin(&RequestView::of(&request), respond) {
//!         Begun::Decided(decided) => decided,
//!         Begun::Pending(decision) => match decision.await { // a lookup runs
//!             Decided::Answer(response) => Decided::Answer(response.map(str::to_owned)),
//!             Decided::Forward(forward) => Decided::Forward(forward),
//!         },
//!     };
//!     match decided {
//!         Decided::Answer(response) => response, // to a preflight or a blocked request, which the service never sees
//!         Decided::Forward(forward) => {
//!             let mut response = Response::new("the service's response".to_owned());
//!             forward.finish.apply(response.headers_mut());
//!             response
//!         }
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # let cors = Cors::new(Policy::builder(["https://app.example"]).build().unwrap());
//! # let request = Request::get("/").header("origin", "https://app.example").body(String::new()).unwrap();
//! # let response = serve(&cors, request).await;
//! # assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
//! # }
//! ```
//!
//! An adapter with HTTP types of another crate implements [`RequestHead`], [`RequestHeaders`](corsac::server::RequestHeaders) and
//! [`ResponseHeaders`](corsac::server::ResponseHeaders) for them.
//!
//! [`events`] lists what is logged and counted.

#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs names the feature that an item needs
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod begin;
#[cfg(feature = "lookups")]
mod begin_pending;
#[cfg(feature = "lookups")]
mod cache;
mod cors;
mod deny_all;
mod failure;
mod finish;
mod handle;
mod lookup;
mod observe;
mod outcome;
mod pending;
mod request;
mod server_part;
mod source;
#[cfg(feature = "lookups")]
mod tenants;

pub use begin::Begun;
#[cfg(feature = "lookups")]
pub use cache::CacheOptions;
pub use cors::{BuildError, Cors, CorsBuilder};
pub use corsac::server::PolicyChoice;
pub use failure::LookupFailure;
pub use finish::{Decided, Finish, Forward};
pub use handle::{PlacementHandle, PolicyHandle};
pub use lookup::{OriginLookup, OriginQuery};
#[cfg(feature = "metrics")]
pub use observe::describe_metrics;
pub use observe::events;
pub use outcome::{CorsOutcome, CorsVerdict};
pub use pending::{PendingDecision, WhilePending};
pub use request::{RequestHead, RequestView};
pub use source::PolicySource;
#[cfg(feature = "lookups")]
pub use tenants::Tenants;
pub use {corsac, http};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
