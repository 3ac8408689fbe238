//! CORS cases as data, and what the profiles of `corsac` say about them.
//!
//! `conformance/browsers` runs the same cases in real browsers. What those did is kept in `conformance/vectors`, and the tests of this
//! crate hold the profiles against it without any browser.
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
pub mod places;
pub mod profile;
mod request;
pub mod script;
pub mod vectors;

/// Why a program cannot go on. Disagreements are results, not failures.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
