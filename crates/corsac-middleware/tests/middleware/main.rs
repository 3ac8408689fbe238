//! The middleware's core, driven as an adapter drives it.

mod lookups;
mod reports;
mod sources;
mod stacked;
mod support;
mod tenants;
