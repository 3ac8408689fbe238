//! The command line.

mod check;
mod load;
mod policy;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::terminal::printable;
pub(crate) use check::{
    CheckArguments, ControlsChoice, EngineChoice, Expected, LocalNetworkAnswer, RequestArguments, name_of,
};
pub(crate) use policy::{
    DiffArguments, FailOn, FileArguments, LintArguments, PolicyArguments, PolicyCommand, WhyArguments,
};

/// Ask a server as a browser would, and read in plain words what CORS says.
#[derive(Debug, Parser)]
#[command(name = "corsac", version, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "Start with:\n  corsac demo\n  corsac check https://api.example.com/items --origin https://app.example.com"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask a server as a browser would: may the page read it, why not, and what to change. The request is really sent: -X DELETE deletes
    Check(Box<CheckArguments>),
    /// Work on a policy file, offline: what is wrong in it, and what a browser makes of it
    Policy(PolicyArguments),
    /// Explain a code that `check` or `policy` prints, or a word such as `preflight`
    Explain(ExplainArguments),
    /// See it all on this machine, without a network: a broken API, and the diagnosis of each route
    Demo(DemoArguments),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page: of `corsac`, or of one of its commands
    Man {
        /// The command, and the command within it: `policy lint`
        command: Vec<String>,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  corsac explain allow-origin-missing\n  corsac explain origin-public-suffix\n  corsac explain preflight\n  corsac explain --list"
)]
pub(crate) struct ExplainArguments {
    /// A code, as `corsac check` or `corsac policy` prints it, or a word to look up
    #[arg(value_name = "CODE|WORD", required_unless_present = "list")]
    pub(crate) code: Option<String>,

    /// List all codes and words
    #[arg(long, conflicts_with = "code")]
    pub(crate) list: bool,

    /// Print JSON (schema corsac.explain/1)
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Keep the broken API up, to try it with a browser, until Ctrl-C
    #[arg(long)]
    pub(crate) serve: bool,

    /// With --serve: the port of the API on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8917, requires = "serve")]
    pub(crate) port: u16,
}

/// A parser for a closed set of values, with their names in `--help`.
fn values<T: Copy + Send + Sync + 'static>(
    all: &[T],
    name: fn(T) -> &'static str,
) -> impl clap::builder::TypedValueParser<Value = T> {
    use clap::builder::TypedValueParser as _;
    let known: Vec<T> = all.to_vec();
    let names: Vec<&'static str> = known.iter().map(|value| name(*value)).collect();
    clap::builder::PossibleValuesParser::new(names).try_map(move |text| {
        let value = known.iter().copied().find(|value| name(*value) == text);
        value.ok_or_else(|| format!("`{}` is not known here", printable(&text)))
    })
}
