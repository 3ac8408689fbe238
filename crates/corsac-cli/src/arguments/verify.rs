//! The arguments of `corsac verify`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use corsac_config::Format;
use corsac_fetch::ResolveOverride;
use corsac_verify::Class;

use super::check::parse_seconds;
use super::values;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  Does this server behave as the policy says?
    corsac verify https://api.example.com/items --policy corsac.toml
  In CI, with a report for the CI system, and against a server on this machine:
    corsac verify http://localhost:8080/items --policy corsac.toml \\
      --name app --junit verify.xml
  Fail on what is fragile, too:
    corsac verify https://api.example.com/ --policy corsac.toml \\
      --fail-on fragile

Unless --unsafe-methods is given, only GET, HEAD and OPTIONS requests are sent; at most 400 without --all. Each has a unique query \
parameter (`corsac-verify`), so that no cache stores the response for other visitors. No request is sent to another host, and cookies \
are never sent.

Exit status:
  0  no findings
  1  too open or too closed (or as --fail-on says)
  2  bad arguments, an invalid policy, or output that cannot be written
  3  the server cannot be reached, more than 10 % of the cases are unknown, or the
     first one is, a request that the policy allows")]
pub(crate) struct VerifyArguments {
    #[command(flatten)]
    pub(crate) server: ServerArguments,

    /// The policy file, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: PathBuf,

    /// The policy's name. Defaults to the one for the URL's path, or the only one
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// The file's format. Defaults to what its name says (.toml, .json), or its content
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,

    /// Another path whose errors pages should be able to read; repeatable
    #[arg(long, value_name = "PATH")]
    pub(crate) also: Vec<String>,

    /// Try every entry of the policy, however many requests that takes. Defaults to a sample of each kind, and at most 400 requests
    #[arg(long)]
    pub(crate) all: bool,

    /// Choose the sample by this number. Defaults to 0
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    pub(crate) seed: u64,

    /// Also send POST requests, which may change something on the server; `enforce` is tested with them
    #[arg(long)]
    pub(crate) unsafe_methods: bool,

    /// Exit with 1 on findings of this class, or worse
    #[arg(long, value_name = "CLASS", default_value = "closed", value_parser = values(&Class::ALL, Class::as_str))]
    pub(crate) fail_on: Class,

    /// Print one JSON object (schema corsac.verify/1)
    #[arg(long)]
    pub(crate) json: bool,

    /// Also write a JUnit report to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,

    /// Also write a SARIF report to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
}

/// A server that is asked, and how.
#[derive(Debug, Args)]
pub(crate) struct ServerArguments {
    /// A URL of the server, below which the policy applies
    pub(crate) url: String,

    /// Ask the server as if it were deployed at this URL. Only the connection still goes to <URL>
    #[arg(long, value_name = "URL")]
    pub(crate) url_of: Option<String>,

    /// The most requests in a second
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) rate: u32,

    /// Seconds for one request
    #[arg(long, default_value = "10", value_name = "SECONDS", value_parser = parse_seconds)]
    pub(crate) timeout: Duration,

    /// Connect to this address for a host and port, like curl's --resolve; `*` matches every host. Repeatable
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<ResolveOverride>,

    /// Accept any TLS certificate
    #[arg(short = 'k', long)]
    pub(crate) insecure: bool,

    /// Also trust the CA certificates in this PEM file
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
}
