//! The arguments of `corsac mcp`.

use std::path::PathBuf;

use clap::Args;
use corsac::origin::Origin;
use corsac_fetch::ResolveOverride;

use super::check::parse_origin;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  Explain codes, and check policies that are given as text; ask no server:
    corsac mcp
  Also ask one server, and read policy files of one directory:
    corsac mcp --allow https://api.example.com --root ./policies

An editor starts it, and speaks JSON-RPC over its standard input and output. \
docs/mcp.md has the configuration, and SECURITY.md what is refused.")]
pub(crate) struct McpArguments {
    /// An origin that may be asked, such as `https://api.example.com`. Repeatable. Without it, no server is asked
    #[arg(long, value_name = "ORIGIN", value_parser = parse_allowed)]
    pub(crate) allow: Vec<Origin>,

    /// Also ask an allowed host whose name leads to this machine or to a private network
    #[arg(long, requires = "allow")]
    pub(crate) allow_local_addresses: bool,

    /// Also send requests that may change something: other methods than GET, HEAD and OPTIONS
    #[arg(long, requires = "allow")]
    pub(crate) allow_unsafe_methods: bool,

    /// The directory whose policy files may be read. Without it, no file is read
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,

    /// Use this address for a host and port. Repeatable, as for curl
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<ResolveOverride>,
}

fn parse_allowed(text: &str) -> Result<Origin, String> {
    let origin = parse_origin(text)?;
    match origin.scheme() {
        Some("http" | "https") => Ok(origin),
        _ => {
            Err("requests are sent to http and https origins alone: write `https://api.example.com`"
                .to_owned())
        }
    }
}
