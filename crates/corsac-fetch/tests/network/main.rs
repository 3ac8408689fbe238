//! The network layer against real sockets on loopback: what goes over the wire, and what hostile servers can do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod hostile;
mod http2;
mod in_process;
mod may_connect;
mod once;
mod proxy;
mod reach;
mod support;
mod tls;
mod wire;
