//! The middleware's core, driven as an adapter drives it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod differences;
mod lookups;
mod nested_layers;
mod placements;
mod reports;
mod sources;
mod support;
mod tenants;
