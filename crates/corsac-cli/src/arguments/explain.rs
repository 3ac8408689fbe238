//! The arguments of `corsac explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use corsac::origin::Origin;
use corsac_fetch::ResolveOverride;

use super::check::parse_origin;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  The red lines of a browser's console, an error of a program, a server's log:
    corsac explain \"Access to fetch at 'https://api.example.com/' from ...\"
    corsac explain console.txt
    pbpaste | corsac explain -
  A recording of the network panel, and a copy of it to show to others:
    corsac explain recording.har
    corsac explain recording.har --redact safe.har
  Ask the server about that very request:
    corsac explain - --check < console.txt
  A code, a word, a stack:
    corsac explain allow-origin-missing
    corsac explain preflight
    corsac explain nginx
    corsac explain ollama --origin https://app.example.com
    corsac explain --list

Values of cookies, of Authorization, and of tokens and signatures in URLs are \
printed as REDACTED.

Exit status:
  0  something was recognized
  1  nothing was recognized (with --check: as `corsac check` exits)
  2  bad arguments, or a file that cannot be read")]
pub(crate) struct ExplainArguments {
    /// What you have: a code, a word, a name that `corsac stacks` lists, a file, or the text itself; `-` reads standard input. Without it, Corsac asks
    #[arg(value_name = "CODE|WORD|STACK|FILE|TEXT|-")]
    pub(crate) subject: Option<String>,

    /// Decide what it is, instead of letting Corsac look
    #[arg(long = "as", value_name = "KIND", conflicts_with = "list")]
    pub(crate) read_as: Option<ExplainAs>,

    /// Then check the request that the text is about, as `corsac check` does. Only requests that change nothing are sent; of others, the preflight
    #[arg(long, conflicts_with = "list")]
    pub(crate) check: bool,

    /// The origin of your page: for the setting of a product [default: https://app.example.com], and for --check if the text does not contain it
    #[arg(long, value_parser = parse_origin, conflicts_with = "list")]
    pub(crate) origin: Option<Origin>,

    /// With --check, connect to this address for a host and port, like curl's --resolve; `*` matches every host. Repeatable
    #[arg(long, value_name = "HOST:PORT:ADDRESS", requires = "check")]
    pub(crate) resolve: Vec<ResolveOverride>,

    /// For a HAR file: also write a copy without secrets to this new file, which only you can read
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    pub(crate) redact: Option<PathBuf>,

    /// List all codes, words and stacks
    #[arg(long, conflicts_with = "subject")]
    pub(crate) list: bool,

    /// Print JSON (schema corsac.explain/2; with --list, corsac.explain-list/1)
    #[arg(long)]
    pub(crate) json: bool,
}

/// What the argument of `corsac explain` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainAs {
    /// A code, a word or a stack
    Code,
    /// The text of a console or a log, or a file with one
    Text,
    /// A recording of a browser's network panel
    Har,
}
