//! A black-box test of any HTTP server against a [`Policy`](corsac::server::Policy): which requests to send, and what the responses mean. Nothing here does I/O.
//!
//! [`Suite::new`] derives [`Case`]s from a policy. A [`Run`] says what to send for a case, and takes the responses. A [`Verification`] compares what
//! browsers make of them with what they make of the policy's own answers in memory, and returns [`Finding`]s: the server is too open, too
//! closed, or fragile.
//!
//! ```
//! use corsac::browser::ResponseHead;
//! use corsac::server::Policy;
//! use corsac_verify::{Class, Run, Suite, SuiteOptions, Verification};
//!
//! let policy = Policy::builder(["https://app.example"]).build()?;
//! let suite = Suite::new(&policy, &"https://api.example/items".parse().unwrap(), SuiteOptions::default());
//!
//! // A server that lets everybody read.
//! let mut verification = Verification::new(&policy);
//! for case in &suite.cases {
//!     let mut run = Run::new(case);
//!     while let Some(exchange) = run.next() {
//!         run.receive(exchange.completed(Ok(ResponseHead::new(200, [("Access-Control-Allow-Origin", "*")]))));
//!     }
//!     verification.add(case, &run.finish());
//! }
//! let findings = verification.findings();
//! assert!(findings.iter().any(|finding| finding.class == Class::Open && finding.code == "any-origin-allowed"));
//! # Ok::<(), corsac::server::Problems>(())
//! ```
//!
//! What is compared is what a browser does, so servers may differ in everything that no browser notices, such as the status of a preflight or
//! the order of lists.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod case;
mod cases;
mod code;
mod fragile;
mod in_memory;
mod infer;
mod judge;
mod response;
mod run;
mod verification;

pub use case::{Ask, Case, Scope, Variation};
pub use cases::entries::covered;
pub use cases::near_misses::{NearMiss, near_misses};
pub use cases::{Suite, SuiteOptions};
pub use code::{CODES, Class, Code, code};
pub use in_memory::answer;
pub use infer::{EveryOrigin, InferOptions, Inference, Inferred, Unknown, make_valid};
pub use judge::unusable;
pub use response::varies_by_origin;
pub use run::{Ended, Planned, Run};
pub use verification::{Finding, Verification};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
