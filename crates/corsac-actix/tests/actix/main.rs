//! The middleware around apps of actix-web: in memory, and its example over a real socket.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod app;
mod example;
