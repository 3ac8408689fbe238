//! The layer around services of tower.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod bodies;
mod errors;
mod nested_layers;
mod nested_routes;
mod pass;
mod pitfalls;
mod polled;
mod readiness;
mod support;
mod swap;
