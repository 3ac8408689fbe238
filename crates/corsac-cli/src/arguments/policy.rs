//! The arguments of `corsac policy`.

use clap::{Args, Subcommand};
use corsac_config::Format;

use super::{RequestArguments, values};

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
    /// Ask a policy as a browser would: may the page read it, what says no, and what to write instead
    Why(Box<WhyArguments>),
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

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  May https://app.example.com read?
    corsac policy why corsac.toml --origin https://app.example.com
  As fetch(url, {method: 'PUT', credentials: 'include', …}) asks:
    corsac policy why corsac.toml --policy app --origin https://app.example.com \\
      -X PUT -H 'Content-Type: application/json' -d '{}' --credentials include
  In CI: this origin must never get in
    corsac policy why corsac.toml --origin https://evil.example --expect blocked

Nothing is sent: browser and server are both in memory.

Exit status: 0 readable or opaque (or as --expect says), 1 blocked,
2 bad arguments, or the file has errors, 3 failed for a reason that is not CORS.")]
pub(crate) struct WhyArguments {
    #[command(flatten)]
    pub(crate) file: FileArguments,

    /// The policy, where the file has several
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    /// The URL that the page asks for, on the server that has the policy
    #[arg(long, value_name = "URL", default_value = "https://your-server.example/")]
    pub(crate) url: String,

    /// Print one JSON object (schema corsac.why/1)
    #[arg(long)]
    pub(crate) json: bool,
}
