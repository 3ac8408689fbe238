//! The server's half of the [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol): a policy that says which origins may read
//! responses, and the decision about one request.
//!
//! ```
//! use corsac::server::{Policy, PolicyConfig, Request};
//! use http::{HeaderMap, Method};
//!
//! let mut config = PolicyConfig::default();
//! config.origins = vec!["https://app.example".into()];
//! config.methods = vec!["PUT".into()];
//! let policy = Policy::new(&config)?;
//!
//! let mut headers = HeaderMap::new();
//! headers.insert("origin", "https://app.example".parse().unwrap());
//! let mut response = HeaderMap::new();
//! policy.decide(&Request::new(&Method::GET, &headers)).apply(&mut response);
//! assert_eq!(response["access-control-allow-origin"], "https://app.example");
//! assert_eq!(response["vary"], "Origin");
//! # Ok::<(), corsac::server::Problems>(())
//! ```
//!
//! [`PolicyConfig`] holds a policy as a person writes it. [`Policy::new`] checks all of it, reports every [`Problem`] at once, and compiles it.
//! A [`Policy`] is cheap to clone and immutable: to change it, replace it. [`Policy::decide`] decides about one request, and
//! [`Decision::apply`] writes the response headers.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod advice;
mod builder;
mod check;
mod config;
mod constants;
mod decide;
mod decision;
mod edit;
mod enforce;
mod explanation;
mod into_origins;
mod lookalike;
mod max_age;
mod methods;
mod origin_entry;
mod origin_pattern;
mod origins;
mod path_prefix;
mod placement;
mod policy;
mod problem;
mod refusal;
mod request;
mod request_headers;
mod response;
mod shared;
mod vary;

pub use crate::max_age_limits::MAX_AGE_LIMITS;
pub use builder::PolicyBuilder;
pub use config::{Enforce, PolicyConfig, ResourcePolicy};
pub use constants::ResponseConstant;
pub use decision::Decision;
pub use edit::ResponseEdit;
pub use enforce::Enforcement;
pub use into_origins::IntoOrigins;
pub use origin_entry::OriginEntry;
pub use path_prefix::{PathMap, PathPrefix, PathPrefixError};
pub use placement::{Placed, Placement, PolicyChoice};
pub use policy::Policy;
pub use problem::{Place, Problem, ProblemCode, Problems, Severity, UnknownProblemCode};
pub use refusal::PolicyRefusal;
pub use request::{Request, RequestHeader, RequestHeaders, RequestKind};
pub use response::{ResponseHeader, ResponseHeaders};
pub use vary::add_vary;
