//! The arguments of `corsac policy`.

use clap::{Args, Subcommand};
use corsac_config::Format;

use super::values;

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "A policy file:
  [policy.app]
  origins = [\"https://app.example.com\", \"https://*.example.com\"]
  methods = [\"PUT\", \"DELETE\"]
  request-headers = [\"Authorization\", \"Content-Type\"]
  credentials = true

docs/policy.md explains every key.")]
pub(crate) struct PolicyArguments {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Say everything that is wrong or unwise in a policy file, with its line and what to write instead
    Lint(LintArguments),
}

/// Where the policies are.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// The policy file; `-` is standard input
    pub(crate) file: String,

    /// What the file is written in; else its name tells (.toml, .json), or what is in it
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac policy lint corsac.toml
  In CI, where advice counts as well:
    corsac policy lint corsac.toml --deny-lints
  What a program generates:
    generate-policy | corsac policy lint - --format json --json

Exit status: 0 no errors (with --deny-lints: no lints either), 1 some,
2 bad arguments, or the file cannot be read.")]
pub(crate) struct LintArguments {
    #[command(flatten)]
    pub(crate) file: FileArguments,

    /// Exit with 1 when there are lints
    #[arg(long)]
    pub(crate) deny_lints: bool,

    /// Print one JSON object (schema corsac.lint/1)
    #[arg(long)]
    pub(crate) json: bool,
}
