//! The middleware's core, driven as an adapter drives it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod differences;
mod lookups;
mod placements;
mod reports;
mod sources;
mod stacked;
mod support;
mod tenants;
