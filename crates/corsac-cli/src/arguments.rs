//! The command line.

mod check;
mod explain;
mod load;
mod mcp;
mod policy;
mod suite;
mod ui;
mod verify;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;

use crate::terminal::{printable, width};
pub(crate) use check::{
    CheckArguments, ControlsChoice, EngineChoice, Expected, HeaderArgument, LocalNetworkAnswer,
    RequestArguments, name_of, parse_header, parse_origin,
};
pub(crate) use explain::{ExplainArguments, ExplainAs};
pub(crate) use mcp::McpArguments;
pub(crate) use policy::{
    CompileArguments, DiffArguments, FailOn, FileArguments, ImportArguments, InferArguments, LintArguments,
    PolicyArguments, PolicyCommand, WhyArguments,
};
pub(crate) use ui::UiArguments;
pub(crate) use verify::{ServerArguments, VerifyArguments};

/// Diagnose CORS problems, and check CORS policies
#[derive(Debug, Parser)]
#[command(name = "corsac", bin_name = "corsac", version, arg_required_else_help = true)]
#[command(long_version = env!("CORSAC_LONG_VERSION"))]
#[command(
    after_help = "Examples:\n  corsac demo\n  corsac check https://api.example.com/items --origin https://app.example.com"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Returns the arguments of this process, or the error or help to print.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        // The help is as wide as everything else that is printed.
        let command = Self::command().term_width(width());
        Self::from_arg_matches(&command.try_get_matches()?)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Send a request as a browser would, and explain whether CORS lets the page read the response. The request is really sent: -X DELETE deletes
    Check(Box<CheckArguments>),
    /// Lint, test and compare policy files, offline
    Policy(PolicyArguments),
    /// Test whether a server behaves as a policy says: too open, too closed, or fragile
    Verify(Box<VerifyArguments>),
    /// List the servers, frameworks and products whose configuration Corsac can write or knows
    Stacks,
    /// Explain a pasted console message, a code that `check` or `policy` prints, a word such as `preflight`, or a stack such as `nginx` or `ollama`
    Explain(Box<ExplainArguments>),
    /// Run a broken API on this machine, diagnose each of its routes, and fix them with one policy
    Demo(DemoArguments),
    /// Open a page: ask a server, play with both halves of CORS, prove it in your browser, edit policies, and read
    Ui(UiArguments),
    /// Serve the tools check, explain, lint, why, diff and compile to an assistant in an editor (Model Context Protocol, over standard input and output)
    Mcp(McpArguments),
    /// Print shell completions
    #[command(after_help = "Examples:
  corsac completions bash > ~/.local/share/bash-completion/completions/corsac
  corsac completions fish > ~/.config/fish/completions/corsac.fish")]
    Completions {
        /// The shell to print completions for
        shell: Shell,
    },
    /// Print a man page, for `corsac` or for one of its commands
    #[command(after_help = "Examples:
  corsac man check > corsac-check.1
  man ./corsac-check.1")]
    Man {
        /// The command, and its subcommand if it has one, as in `policy lint`
        command: Vec<String>,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac demo
  Ask about its routes on the page of `corsac ui`:
    corsac demo --serve

Nothing leaves this machine.")]
pub(crate) struct DemoArguments {
    /// Serve the broken API, and the page of `corsac ui` with its routes, until Ctrl-C
    #[arg(long)]
    pub(crate) serve: bool,

    /// The port of the API on 127.0.0.1, with --serve; 0 picks a free port
    #[arg(long, default_value_t = 8917, requires = "serve")]
    pub(crate) port: u16,

    /// Do not open a browser, with --serve: only print the link
    #[arg(long, requires = "serve")]
    pub(crate) no_open: bool,
}

/// Returns a parser for a fixed set of values. `--help` lists their names.
fn values<T: Copy + Send + Sync + 'static>(
    all: &[T],
    name: fn(T) -> &'static str,
) -> impl clap::builder::TypedValueParser<Value = T> {
    use clap::builder::TypedValueParser as _;
    let known: Vec<T> = all.to_vec();
    let names: Vec<&'static str> = known.iter().map(|value| name(*value)).collect();
    clap::builder::PossibleValuesParser::new(names).try_map(move |text| {
        let value = known.iter().copied().find(|value| name(*value) == text);
        value.ok_or_else(|| format!("`{}` is not one of the possible values", printable(&text)))
    })
}
