//! CORS as a middleware, without a framework: what `corsac-tower` and `corsac-actix` share.
//!
//! [`Cors`] is the whole of it: where the policy of a request comes from ([`PolicySource`]), lookups of origins ([`OriginLookup`]), a
//! second policy that is only reported about, and what is told of decisions. An adapter drives it:
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
//!         Begun::Pending(later) => match later.await { // a lookup is asked
//!             Decided::Answer(response) => Decided::Answer(response.map(str::to_owned)),
//!             Decided::Forward(forward) => Decided::Forward(forward),
//!         },
//!     };
//!     match decided {
//!         Decided::Answer(response) => response, // to a preflight, or to a request that is blocked: the service never sees it
//!         Decided::Forward(forward) => {
//!             let mut response = Response::new("the service's".to_owned());
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
//! An adapter whose HTTP types are not the `http` crate's implements [`RequestHead`], [`RequestHeaders`](corsac::server::RequestHeaders) and
//! [`ResponseHeaders`](corsac::server::ResponseHeaders) for them.
//!
//! What is logged and counted, and how it is bounded, is in [`events`].

#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs names the feature that an item needs
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod begin;
#[cfg(feature = "lookups")]
mod begin_pending;
#[cfg(feature = "lookups")]
mod cache;
mod cors;
mod failure;
mod finish;
mod handle;
mod lookup;
mod no_policy;
mod observe;
mod outcome;
mod pending;
mod request;
mod site;
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
