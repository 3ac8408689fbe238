//! CORS cases as data, and what the profiles of `corsac` do in them.
//!
//! `conformance/browsers` runs the same cases in real browsers. `conformance/vectors` has recordings of what those did, and the tests of
//! this crate compare the profiles with them without a browser.
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "plain data, read by two programs of this repository; the README has the schema"
)]

pub mod case;
pub mod catalogue;
pub mod compare;
pub mod compatibility;
pub mod console;
pub mod explained;
pub mod generate;
mod lanes;
pub mod minimize;
pub mod observation;
pub mod pasted;
pub mod places;
pub mod play;
pub mod profile;
mod request;
pub mod script;
pub mod vectors;

/// Why a program cannot continue. Disagreements are results, not failures.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
