//! What a browser does in addition to the CORS checks, in tables of named cases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

#[path = "../pair/mod.rs"]
mod pair;

mod environment;
mod error_pages;
mod hostile;
mod loads;
mod metadata;
mod modes;
mod redirects;
mod refusals;
mod requests;
mod resource_policy;
mod script;
mod streams;
mod timing;
