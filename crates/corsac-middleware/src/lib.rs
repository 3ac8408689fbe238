//! CORS as a middleware, without a framework: what `corsac-tower` and `corsac-actix` share.
//!
//! [`Cors`] is the whole of it: where the policy of a request comes from ([`PolicySource`]), lookups of origins ([`OriginLookup`]), a
//! second policy that is only reported about, and what is told of decisions. An adapter drives it:
//!
//! ```
//! use corsac::server::Policy;
//! use corsac_middleware::{Begun, Cors, RequestView};
//! use http::{Request, Response};
//!
//! async fn serve(cors: &Cors, request: Request<String>) -> Response<String> {
//!     let begun = cors.begin(&RequestView::of(&request));
//!     let judged = match begun {
//!         Begun::Now(judged) => judged,
//!         Begun::Later(later) => later.await, // a lookup is asked
//!     };
//!     // A preflight, or a request that is blocked: the service never sees it.
//!     if let Some(response) = judged.answer(str::to_owned) {
//!         return response;
//!     }
//!     let mut response = Response::new("the service's".to_owned());
//!     judged.finish_response(&mut response);
//!     response
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
//! What is logged and counted, and how it is bounded, is in [`events`].

mod begin;
mod cache;
mod cors;
mod handle;
mod judged;
mod lookup;
mod nobody;
mod observe;
mod outcome;
mod request;
mod source;
mod stacked;
mod tenants;

pub use begin::{Begun, Later, Meanwhile};
pub use cache::CacheOptions;
pub use cors::{BuildError, Cors, CorsBuilder};
pub use handle::PolicyHandle;
pub use judged::{Judged, Step};
pub use lookup::{LookupFailure, OriginLookup, OriginQuery};
pub use observe::{describe_metrics, events};
pub use outcome::{Outcome, Verdict};
pub use request::RequestView;
pub use source::PolicySource;
pub use tenants::Tenants;
