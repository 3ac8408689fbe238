//! `fetch()` over a real network, with CORS enforced as a browser does.
//!
//! The protocol is in [`corsac`], which knows no sockets. This crate carries its messages: [`Network::send`] takes one
//! [`Exchange`](corsac::browser::Exchange) over one connection and brings back the head of the response, or says in
//! which of the ways of [`NetworkErrorKind`](corsac::browser::NetworkErrorKind) it failed. It follows no redirect, adds
//! nothing that a browser would not send, and stays within its bounds of time and memory whatever the server does.
//! [`InProcess`] does the same with a service of the program itself, for tests without a socket.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod browser;
mod network;
mod wire;

pub use browser::Browser;
pub use wire::Wire;

/// The version of HTTP in [`Received::version`].
pub use hyper::Version;

pub use network::{
    ClientCertificate, ConnectInstead, InProcess, Network, NetworkOptions, NetworkSetupError, Peer,
    ProxySettings, Received, RequestBody, ResolveOverride, SendError, Timings, Transport,
};
