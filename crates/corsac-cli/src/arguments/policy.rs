//! The arguments of `corsac policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use corsac::origin::Origin;
use corsac_config::Format;

use super::check::parse_origin;
use super::{RequestArguments, values};

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "A policy file:
  [policy.app]
  origins = [\"https://app.example.com\", \"https://*.preview.example.com\"]
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
    /// Compare two policy files: what becomes allowed or refused, with a request that shows it
    Diff(DiffArguments),
    /// Print the JSON Schema of policy files, for editors
    #[command(after_help = "Examples:
  corsac policy schema > corsac.schema.json
  In a TOML file, as its first line: #:schema ./corsac.schema.json
  In a JSON file: \"$schema\": \"./corsac.schema.json\"")]
    Schema,
}

/// Where the policies are.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// The policy file; `-` is standard input
    pub(crate) file: PathBuf,

    /// What the file is written in; else its name tells (.toml, .json), or what is in it
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac policy lint corsac.toml
  In CI, where advice counts as well:
    corsac policy lint api.toml admin.toml --deny-lints
  What a program generates:
    generate-policy | corsac policy lint - --format json --json

Exit status: 0 no errors (with --deny-lints: no lints either), 1 some,
2 bad arguments, or a file cannot be read: with a message on standard error,
and nothing on standard output, with --json too; or the output cannot be
written.")]
pub(crate) struct LintArguments {
    /// The policy files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// What the files are written in; else their names tell (.toml, .json), or what is in them
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,

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
2 bad arguments, the file has errors, or the output cannot be written, 3 failed
for a reason that is not CORS.")]
pub(crate) struct WhyArguments {
    #[command(flatten)]
    pub(crate) file: FileArguments,

    /// The policy, where the file has several
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,

    /// The page's origin, as in `https://app.example.com`; `null` for an opaque one (file:, sandboxed frame)
    #[arg(long, value_name = "ORIGIN", value_parser = parse_origin)]
    pub(crate) origin: Origin,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    /// The URL that the page asks for, on the server that has the policy
    #[arg(long, value_name = "URL", default_value = "https://your-server.example/")]
    pub(crate) url: String,

    /// Print one JSON object (schema corsac.why/2)
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac policy diff old.toml new.toml
  In CI, so that nobody opens a policy unseen:
    git show main:corsac.toml | corsac policy diff - corsac.toml \\
      --fail-on widened

What is compared is what the policies decide, not how they are written.

Exit status: 0 the same is allowed (other changes, such as max-age, are
listed), 1 something became allowed or refused (or as --fail-on says),
2 bad arguments, a file has errors, or the output cannot be written.")]
pub(crate) struct DiffArguments {
    /// The policy file as it was; `-` is standard input
    pub(crate) old: PathBuf,

    /// The policy file as it is
    pub(crate) new: PathBuf,

    /// Compare the policies of this name only
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,

    /// What the files are written in; else their names tell (.toml, .json), or what is in them
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,

    /// Exit with 1 on any change in what is allowed, or only when more is allowed
    #[arg(long, value_name = "WHAT", default_value = "any")]
    pub(crate) fail_on: FailOn,

    /// Print one JSON object (schema corsac.diff/1)
    #[arg(long)]
    pub(crate) json: bool,
}

impl DiffArguments {
    pub(crate) fn of_old(&self) -> FileArguments {
        FileArguments { file: self.old.clone(), format: self.format }
    }

    pub(crate) fn of_new(&self) -> FileArguments {
        FileArguments { file: self.new.clone(), format: self.format }
    }
}

/// Which differences are a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Any,
    Widened,
}
