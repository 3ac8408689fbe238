//! The CORS protocol as pure functions over HTTP messages: what a browser sends and checks, and what a server answers.
//!
//! - [`origin`]: parsing, serializing and comparing origins.
//! - [`header`]: the grammar of the CORS headers, and which request headers need permission.
//! - [`browser`]: the fetch as a state machine, with profiles of how Chromium, Firefox and WebKit differ from the standard.
//! - [`server`]: a server's policy, checked before it is used, and its decision about a request.
//! - [`text`]: makes strings from outside safe to print.
//!
//! The features `browser` and `serde` (a policy as plain data in any format) are on by default; a middleware needs neither.
//!
//! There are no sockets, no async and no clock. A driver sends what [`browser::Fetch`] returns, and passes in the time; `corsac-fetch` is
//! such a driver. Here a server in memory answers:
//!
//! ```
//! use std::time::Duration;
//! use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
//! use corsac::origin::Origin;
//!
//! let page = Client::new(Origin::parse("https://app.example")?);
//! let request = RequestInit::new("https://api.example/items".parse()?, page).build()?;
//! let fetch = Fetch::new(request, Engine::Firefox.profile());
//! let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_exchange| {
//!     Ok(ResponseHead::new(200, [("Access-Control-Allow-Origin", "https://other.example")]))
//! });
//! let refusal = fetched.outcome.refusal().unwrap();
//! assert_eq!(refusal.reason.code().as_str(), "allow-origin-mismatch");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`server::Policy`] has an example of the other half.

#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs names the feature that an item needs
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

#[cfg(feature = "browser")]
pub mod browser;
pub mod header;
mod max_age_limits;
pub mod method;
pub mod origin;
pub mod server;
pub mod text;

pub use {http, url};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
