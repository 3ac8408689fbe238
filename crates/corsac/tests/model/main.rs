//! The core against a short reading of the Fetch standard, on generated pages and servers; and what must hold for every engine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

mod agreement;
mod every_engine;
mod generate;
mod servers;
mod standard;

/// So many times the usual number of cases, which the environment variable `PROPTEST_CASES` sets.
fn cases(times: u32) -> proptest::test_runner::Config {
    let usual = proptest::test_runner::Config::default();
    proptest::test_runner::Config { cases: usual.cases * times, failure_persistence: None, ..usual }
}
