//! What the standard and the three engines do where they differ, row by row, measured on Chromium 156, Firefox ESR 153.7 and WebKitGTK
//! 2.50.6 or read in their sources. Expectations stand in the order of [`Engine::ALL`]: the standard, Chromium, Firefox, WebKit. Where a
//! closer measurement has corrected an earlier one, the row holds the later.
//!
//! What these rows cannot hold, because the core has no timers, windows or bodies:
//! - Three identical requests at once: Chromium joined two of three preflights when their timing allowed it. Here all three are on the
//!   way before the first answer, so each asks for itself: `preflight_cache::three_requests_at_once_ask_three_times`.
//! - Chromium throws out ten random answers when 1,024 are kept. Which ones cannot be said; the bound is tested.
//! - A 401 with credentials opens a password window in Chromium and Firefox. A person decides what is sent then; the trace says that the
//!   window opens: `cors_check::a_401_with_credentials_asks_for_a_password_in_two_engines`.
//! - WebKit waits for the end of the preflight's body (fixed in 2026-08). The core sees heads only.
//! - Chromium adds `Origin` to a no-cors GET whose `Sec-Fetch-Storage-Access` is `inactive` (source): a matter of cookie settings, which
//!   the core does not have.
//! - `ReadableStream` in WebKit is an exception of `fetch()` itself; here it is a refusal before anything is sent.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

#[path = "../pair/mod.rs"]
mod pair;

mod cors_check;
mod preflight_cache;
mod preflight_decisions;
mod preflight_safelist;
mod redirects;
mod refusals;

use corsac::browser::Engine;

/// The same in all four profiles.
const fn all<T: Copy>(expected: T) -> [T; 4] {
    [expected; 4]
}

/// Each profile with what a row expects of it.
fn each<T: Copy>(expected: &[T; 4]) -> impl Iterator<Item = (Engine, T)> {
    Engine::ALL.into_iter().zip(*expected)
}
