//! Compares the core with a short implementation of the Fetch standard, on generated pages and servers; and checks what must be true of
//! every engine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod agreement;
mod every_engine;
mod generate;
mod servers;
mod standard;

/// `times` times the usual number of cases, which the environment variable `PROPTEST_CASES` sets.
fn cases(times: u32) -> proptest::test_runner::Config {
    let usual = proptest::test_runner::Config::default();
    proptest::test_runner::Config { cases: usual.cases * times, failure_persistence: None, ..usual }
}
