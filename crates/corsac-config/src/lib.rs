//! Reads Corsac's policy files.
//!
//! ```
//! use corsac_config::{Format, PolicyFile};
//!
//! let file = PolicyFile::parse(
//!     r#"
//!     [policy.app]
//!     origins = ["https://app.example.com", "https://*.preview.example.com"]
//!     methods = ["PUT", "DELETE"]
//!     credentials = true
//!     "#,
//!     Format::Toml,
//! )?;
//! let policy = file.policy("app").unwrap();
//! assert!(policy.allows_credentials());
//! # Ok::<(), corsac_config::FileProblems>(())
//! ```
//!
//! A file is a table of policies in TOML or JSON. The keys of a policy are the fields of [`PolicyConfig`](corsac::server::PolicyConfig) in
//! kebab-case. [`PolicyFile::parse`] checks all policies of a file and reports all problems at once. Each [`FileProblem`] has a code, the
//! value, what to write instead, and its line and column. [`FileProblems`] implements [`miette::Diagnostic`], so that a program can print it
//! with the lines of the file.

#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs names the feature that an item needs

mod diagnostic;
mod draft;
mod file;
mod format;
mod keys;
mod placement;
mod problem;
mod read_error;
#[cfg(feature = "schema")]
mod schema;
mod source;
mod syntax;
mod watch;
mod write;

pub use file::{MOST_BYTES, NamedPolicy, PolicyFile};
pub use format::Format;
pub use placement::{FilePlacement, Placed};
pub use problem::{FileProblem, FileProblems};
pub use read_error::{ReadError, UnknownPolicy};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use watch::{WATCH_INTERVAL, Watch};
pub use write::{policy_to_toml, to_toml};

/// The crate whose `Diagnostic` the problems implement. To print them with the lines of the file, enable one of its features, such as `fancy`.
pub use miette;

#[cfg(test)]
mod tests;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
