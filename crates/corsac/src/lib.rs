//! The CORS protocol as pure functions over HTTP messages: what a browser does, without the browser, and what a server says.
//!
//! - [`origin`]: who asks. Parsing, serializing, same origin, same site.
//! - [`header`]: the grammar of the CORS headers, and which request headers need permission.
//! - [`browser`]: the fetch as a state machine, with engine profiles for where Chromium, Firefox and WebKit leave the standard.
//! - [`server`]: the policy that a server has, checked before it runs, and its decision about a request.
//! - [`text`]: what came from outside, safe to print.
//!
//! The features `browser` and `serde` (a policy as plain data in any format) are on by default; a middleware needs neither.
//!
//! No sockets, no async, no clock: a driver sends what [`browser::Fetch`] says and passes the time in. `corsac-fetch` is such a driver.

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
