//! Runs the built binary against servers in this process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod arguments;
mod certificates;
mod command;
mod contract;
mod controls;
mod demo;
mod explain;
mod explain_hostile;
mod field;
mod from;
mod glossary;
mod hostile;
mod json;
mod loads;
mod markdown;
mod mcp;
mod once;
mod other_commands;
mod output;
mod policy;
mod preflight_only;
mod printable;
mod products;
mod schema;
mod secrets;
mod server;
mod several;
mod stack;
mod status;
mod suite;
mod ui;
mod url_of;
mod verify;
mod wire;
mod written;
