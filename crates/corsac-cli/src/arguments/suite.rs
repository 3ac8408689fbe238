//! The arguments of `corsac check` about suites: files that say what must hold.

use std::path::PathBuf;

use clap::Args;

use super::check::OUTPUT;

const SUITE: &str = "Suite options";

/// The options that a suite's cases have instead, so that they cannot be given with `--suite`.
const OF_A_CASE: [&str; 21] = [
    "urls",
    "from",
    "origins",
    "url_of",
    "load",
    "crossorigin",
    "method",
    "headers",
    "data",
    "credentials",
    "mode",
    "referrer_policy",
    "force_preflight",
    "engine",
    "expect",
    "expect_cause",
    "expect_status",
    "redirect",
    "cookies",
    "preflight_only",
    "local_network",
];

/// The other options that have no meaning for a suite.
const OF_ONE_REPORT: [&str; 6] = ["controls", "no_controls", "stack", "verbose", "markdown", "show_secrets"];

/// What is not for a skeleton, which sends nothing.
const OF_A_SKELETON: [&str; 7] = ["suite", "record", "urls", "from", "method", "expect", "json"];

/// A suite to run, to record or to begin.
#[derive(Clone, Debug, Args)]
pub(crate) struct SuiteArguments {
    /// Check what this file (TOML) says must hold: its cases have the URLs, origins and expected verdicts. The connection options still apply
    #[arg(long, help_heading = SUITE, value_name = "FILE", conflicts_with_all = OF_A_CASE, conflicts_with_all = OF_ONE_REPORT)]
    pub(crate) suite: Option<PathBuf>,

    /// With --suite, the most checks that run at the same time. One host gets at most 2
    #[arg(long, help_heading = SUITE, value_name = "NUMBER", default_value_t = 4, requires = "suite",
          value_parser = clap::value_parser!(u8).range(1..=8))]
    pub(crate) jobs: u8,

    /// With --suite, try a check again, so many times, if the network failed. A verdict about CORS is never tried again, nor is a request that may change something
    #[arg(long, help_heading = SUITE, value_name = "NUMBER", default_value_t = 0, requires = "suite",
          value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(crate) retries: u8,

    /// With --suite, also write a JUnit report to this file
    #[arg(long, help_heading = OUTPUT, value_name = "FILE", requires = "suite")]
    pub(crate) junit: Option<PathBuf>,

    /// With --suite, also write a SARIF report to this file
    #[arg(long, help_heading = OUTPUT, value_name = "FILE", requires = "suite")]
    pub(crate) sarif: Option<PathBuf>,

    /// Write what is found to this file as a suite, which `--suite` then checks. Secrets become variables of the environment
    #[arg(long, help_heading = SUITE, value_name = "FILE", conflicts_with_all = ["suite", "load", "url_of", "local_network", "force_preflight", "referrer_policy"])]
    pub(crate) record: Option<PathBuf>,

    /// Print the skeleton of a suite from an OpenAPI 3 document (JSON or YAML), for pages of --origin. Sends nothing
    #[arg(long, help_heading = SUITE, value_name = "FILE", conflicts_with_all = OF_A_SKELETON)]
    pub(crate) from_openapi: Option<PathBuf>,

    /// With --record, overwrite the file if it exists
    #[arg(long, help_heading = SUITE, requires = "record")]
    pub(crate) force: bool,

    /// With --suite, print annotations for GitHub Actions instead of text
    #[arg(long, help_heading = OUTPUT, requires = "suite", conflicts_with = "json")]
    pub(crate) github: bool,
}
