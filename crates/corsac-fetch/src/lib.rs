//! `fetch()` over a real network, with CORS enforced as a browser does.
//!
//! [`Browser`] fetches like a browser: with preflights, redirects and a preflight cache. It sends its exchanges through a [`Transport`]: a
//! [`Network`], or a service of your program ([`InProcess`]), for tests without a socket. The protocol itself is in [`corsac`], which does no
//! I/O.
//!
//! ```no_run
//! use corsac::browser::{Client, Engine, RequestInit};
//! use corsac::origin::Origin;
//! use corsac_fetch::{Browser, Network, NetworkOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let mut browser = Browser::new(Network::new(NetworkOptions::default())?, Engine::Chromium);
//! let page = Client::new(Origin::parse("https://app.example")?);
//! let request = RequestInit::new("https://api.example/items".parse()?, page).build()?;
//! let fetched = browser.fetch(request).await;
//! println!("{}: {:?}", fetched.outcome.verdict().as_str(), fetched.body());
//! # Ok(()) }
//! ```
//!
//! With the feature `testing`, `corsac_fetch::testing` has assertions for tests of your own server, such as `assert_readable!`.
//!
//! [`Network::send`] sends one [`Exchange`](corsac::browser::Exchange) on one connection and returns the head of the response, or one of the
//! [kinds of failure](corsac::browser::NetworkErrorKind). It follows no redirects, adds nothing that a browser would not send, and limits time
//! and memory whatever the server does.

#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs names the feature that an item needs
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod browser;
mod network;
#[cfg(feature = "testing")]
pub mod testing;
mod wire;

pub use browser::Browser;
pub use wire::Wire;

/// The version of HTTP in [`Received::version`].
pub use hyper::Version;

pub use network::{
    ClientCertificate, ConnectInstead, InProcess, MayConnect, Network, NetworkOptions, NetworkSetupError,
    Peer, ProxySettings, Received, RequestBody, ResolveOverride, SendError, Timings, Transport,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
