//! The arguments of `corsac check`, and those that describe a page's request, which other commands share.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser as _, ValueEnum};
use corsac::browser::{Credentials, Engine, Mode, RedirectMode, ReferrerPolicy, Verdict};
use corsac::origin::Origin;
use corsac_fetch::ResolveOverride;
use corsac_stacks::Stack;

use super::load::LoadArguments;
use super::suite::SuiteArguments;
use super::values;
use crate::suggestion::nearest;
use crate::terminal::printable;

/// The groups of options in `--help`.
pub(super) const REQUEST: &str = "Request options";
const CONNECTION: &str = "Connection options";
const VERDICT: &str = "Verdict options";
pub(super) const OUTPUT: &str = "Output options";

#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  Can a page on https://app.example.com read this?
    corsac check https://api.example.com/ --origin https://app.example.com
  Like fetch(url, {method: 'PUT', credentials: 'include', ...}):
    corsac check https://api.example.com/1 --origin https://app.example.com \\
      -X PUT -H 'Content-Type: application/json' -d '{\"a\":1}' \\
      --credentials include --cookie 'session=1'
  A local server, from a development server's page:
    corsac check http://localhost:8080/ --origin http://localhost:5173
  A local server, as if it were already deployed at https://api.example.com:
    corsac check http://localhost:8080/ --url-of https://api.example.com/ \\
      --origin https://app.example.com
  Like <img crossorigin src=...>, and like new WebSocket(...):
    corsac check https://cdn.example.com/a.png \\
      --origin https://app.example.com --as img --crossorigin
    corsac check wss://api.example.com/live --origin https://app.example.com \\
      --as websocket
  In CI: fail unless https://evil.example is blocked.
    corsac check https://api.example.com/ --origin https://evil.example \\
      --expect blocked
  Send only the preflight of a DELETE:
    corsac check https://api.example.com/1 --origin https://app.example.com \\
      -X DELETE --preflight-only
  Print the configuration of nginx that allows the request:
    corsac check https://api.example.com/ --origin https://app.example.com \\
      --stack nginx
  A request that was copied in a browser (\"Copy as cURL\"):
    corsac check --from copied.txt
  Several URLs from several origins, as a table:
    corsac check https://api.example.com/a https://api.example.com/b \\
      --origin https://app.example.com --origin https://www.example.com
  In CI: check everything that a file says must hold (docs/suites.md).
    corsac check --suite corsac.suite.toml --junit report.xml
  Begin such a file from what is true now, or from an OpenAPI document:
    corsac check https://api.example.com/ --origin https://app.example.com \\
      --record corsac.suite.toml
    corsac check --from-openapi openapi.yaml \\
      --origin https://app.example.com > corsac.suite.toml

The request is really sent, as a page would send it: -X DELETE deletes. With \
--engine all, a request whose method is not GET, HEAD or OPTIONS is sent only \
once, and all engines are evaluated against its response. To compare, Corsac \
then sends the same GET, HEAD or preflight without Origin and from other \
origins: see --controls. The report lists every request that was sent. With \
--preflight-only, at most the preflight is sent.

The variables http_proxy, https_proxy, all_proxy and no_proxy are honoured. \
Connections to this machine never use a proxy.

Exit status:
  0  readable, opaque or allowed (or as the --expect options say)
  1  blocked, or not as the --expect options say
  2  bad arguments, or the output cannot be written
  3  failed for a reason that is not CORS (unless --expect failed)
With several URLs or origins the worst status wins, in the order 2, 3, 1, 0. \
With --suite: 0 if all checks hold, 1 if one does not, 2 if the suite has \
mistakes, 3 if checks fail only because the network does.")]
pub(crate) struct CheckArguments {
    /// The URL that the page requests. Several URLs or origins print a table with one row for each pair
    #[arg(required_unless_present_any = ["suite", "from_openapi", "from"], value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// The page's origin, such as `https://app.example.com`, or `null` for a page without one (file:, sandboxed iframe). Repeatable
    #[arg(long = "origin", help_heading = REQUEST, required_unless_present_any = ["suite", "from"], value_name = "ORIGIN", value_parser = parse_origin)]
    pub(crate) origins: Vec<Origin>,

    /// Read the request from a file, or from standard input with `-`: a "Copy as cURL", "Copy as fetch" or "Copy as PowerShell" of a browser, HTTPie, or an `.http` file. Nothing in it is run. Options given here win over it; -H and --cookie add to it
    #[arg(long, help_heading = REQUEST, value_name = "FILE", conflicts_with = "load")]
    pub(crate) from: Option<PathBuf>,

    /// Send the request of --from without asking, even if its method is not GET, HEAD or OPTIONS
    #[arg(long, help_heading = REQUEST, requires = "from")]
    pub(crate) yes: bool,

    /// Check the server as if it were deployed at this URL. Only the connection still goes to <URL>
    #[arg(long, help_heading = CONNECTION, value_name = "URL")]
    pub(crate) url_of: Option<String>,

    #[command(flatten)]
    pub(crate) load: LoadArguments,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    /// fetch()'s `redirect`. Defaults to `follow`
    #[arg(long, help_heading = REQUEST, value_name = "MODE", value_parser = values(RedirectMode::ALL, RedirectMode::as_str))]
    pub(crate) redirect: Option<RedirectMode>,

    /// A cookie that the browser stores for the server. Sent only if --credentials allows it. Repeatable
    #[arg(help_heading = REQUEST, short = 'b', long = "cookie", value_name = "NAME=VALUE")]
    pub(crate) cookies: Vec<String>,

    /// Send only the preflight, never the request. The verdict is then `allowed`, `blocked` or `failed`. Implies --controls never
    #[arg(long, help_heading = REQUEST, conflicts_with = "controls")]
    pub(crate) preflight_only: bool,

    /// When to send comparison requests ("controls"): the same request without Origin and from other origins. `safe`: only where no shared cache can store the answer under the page's URL, with a unique query if needed; `always`: at the page's URL; `never`: none
    #[arg(long, help_heading = CONNECTION, default_value = "safe", value_name = "WHEN")]
    pub(crate) controls: ControlsChoice,

    /// Alias for --controls never
    #[arg(long, help_heading = CONNECTION, conflicts_with = "controls")]
    pub(crate) no_controls: bool,

    /// Timeout for all requests together, for each pair of URL and origin
    #[arg(long, help_heading = CONNECTION, default_value = "10", value_name = "SECONDS", value_parser = parse_seconds)]
    pub(crate) timeout: Duration,

    /// Connect to this address for a host and port, like curl's --resolve; `*` matches every host. Repeatable
    #[arg(long, help_heading = CONNECTION, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<ResolveOverride>,

    /// Accept any TLS certificate. A browser would not, so the verdict then ignores TLS
    #[arg(short = 'k', long, help_heading = CONNECTION)]
    pub(crate) insecure: bool,

    /// Also trust the CA certificates in this PEM file
    #[arg(long, help_heading = CONNECTION, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,

    /// The client certificate (PEM), if the server requires one. Like a cookie, it is sent only with credentials, and never with a preflight
    #[arg(long, help_heading = CONNECTION, value_name = "FILE")]
    pub(crate) cert: Option<PathBuf>,

    /// The private key of --cert (PEM), if it is in a separate file
    #[arg(long, help_heading = CONNECTION, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,

    /// Simulate Local Network Access: treat the page as one from a public address, and the browser's permission prompt as answered like this
    #[arg(long, help_heading = REQUEST, value_name = "ANSWER")]
    pub(crate) local_network: Option<LocalNetworkAnswer>,

    /// The server, framework or product that answers, such as `nginx`, `express` or `ollama`: print what to write there. `corsac stacks` lists them
    #[arg(long, help_heading = OUTPUT, value_name = "NAME", value_parser = parse_stack)]
    pub(crate) stack: Option<Stack>,

    /// Also explain why browsers have this rule, and show their console messages
    #[arg(short = 'v', long, help_heading = OUTPUT)]
    pub(crate) verbose: bool,

    /// Print a Markdown report for an issue or a chat: cause, fix, request, response and a curl command
    #[arg(long, help_heading = OUTPUT, conflicts_with = "json")]
    pub(crate) markdown: bool,

    /// Print one JSON object (schema corsac.check/2). With several URLs or origins, one per line; with --suite, schema corsac.suite/1
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) suite: SuiteArguments,
}

impl CheckArguments {
    /// Returns the arguments with which everything is as usual, for a caller that has no command line.
    pub(crate) fn usual() -> Result<Self, String> {
        let usual = ["corsac", "check", "http://localhost/", "--origin", "null"];
        match super::Arguments::try_parse_from(usual).map_err(|error| error.to_string())?.command {
            super::Command::Check(arguments) => Ok(*arguments),
            _ => Err("`corsac check` is no check".to_owned()),
        }
    }

    /// Returns `true` if an option says how to connect.
    pub(crate) fn has_connection_options(&self) -> bool {
        !self.resolve.is_empty() || self.insecure || self.cacert.is_some() || self.cert.is_some()
    }
}

/// The request as script makes it, the engines to simulate, and the expected result.
#[derive(Clone, Debug, Args)]
pub(crate) struct RequestArguments {
    /// The method. Defaults to POST with a body, and to GET without one
    #[arg(help_heading = REQUEST, short = 'X', long = "method", value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// A request header set by the page's script. Repeatable; the order is kept
    #[arg(help_heading = REQUEST, short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = parse_header)]
    pub(crate) headers: Vec<HeaderArgument>,

    /// The body. @FILE reads it from a file, @- from standard input
    #[arg(help_heading = REQUEST, short = 'd', long = "data", value_name = "BODY", allow_hyphen_values = true)]
    pub(crate) data: Option<OsString>,

    /// fetch()'s `credentials`. Defaults to `same-origin`, which sends no cookies to another origin; `include` does
    #[arg(long, help_heading = REQUEST, value_name = "MODE", value_parser = values(Credentials::ALL, Credentials::as_str))]
    pub(crate) credentials: Option<Credentials>,

    /// fetch()'s `mode`. Defaults to `cors`
    #[arg(long, help_heading = REQUEST, value_name = "MODE", value_parser = values(&[Mode::Cors, Mode::NoCors, Mode::SameOrigin], Mode::as_str))]
    pub(crate) mode: Option<Mode>,

    /// The page's referrer policy. It decides the `Referer` header and, without CORS, `Origin`. Defaults to `strict-origin-when-cross-origin`
    #[arg(long, help_heading = REQUEST, value_name = "POLICY", hide_possible_values = true,
          value_parser = values(ReferrerPolicy::ALL, ReferrerPolicy::as_str))]
    pub(crate) referrer_policy: Option<ReferrerPolicy>,

    /// Force a preflight, as upload listeners of XMLHttpRequest do
    #[arg(long, help_heading = REQUEST)]
    pub(crate) force_preflight: bool,

    /// The browser engine to simulate. `all` reports the strictest browser's verdict, and where browsers differ
    #[arg(long, help_heading = VERDICT, default_value = "all", value_name = "ENGINE", value_parser = values(&EngineChoice::ALL, EngineChoice::as_str))]
    pub(crate) engine: EngineChoice,

    /// Do not replace tokens, cookies and signatures with REDACTED
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) show_secrets: bool,

    /// Exit with 0 if this is the verdict, and otherwise with 1, or with 3 if the verdict is `failed`. `allowed` needs --preflight-only
    #[arg(long, help_heading = VERDICT, value_name = "VERDICT", value_parser = values(&Expected::ALL, Expected::as_str))]
    pub(crate) expect: Option<Expected>,

    /// Exit with 0 if the first cause has this code, and otherwise with 1 or 3
    #[arg(long, help_heading = VERDICT, value_name = "CODE", value_parser = parse_cause)]
    pub(crate) expect_cause: Option<&'static str>,

    /// Exit with 0 if the last response has this status, and otherwise with 1 or 3
    #[arg(long, help_heading = VERDICT, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(100..=599))]
    pub(crate) expect_status: Option<u16>,
}

/// When control requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ControlsChoice {
    Always,
    Safe,
    Never,
}

/// The user's answer when a page wants to access the local network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LocalNetworkAnswer {
    Granted,
    Denied,
}

/// The verdict that a script expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Fetched(Verdict),
    /// The verdict of `--preflight-only` if the preflight passes or none is needed.
    Allowed,
}

impl Expected {
    pub(crate) const ALL: [Self; 5] = [
        Self::Fetched(Verdict::Readable),
        Self::Fetched(Verdict::Opaque),
        Self::Fetched(Verdict::Blocked),
        Self::Fetched(Verdict::Failed),
        Self::Allowed,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fetched(verdict) => verdict.as_str(),
            Self::Allowed => "allowed",
        }
    }
}

/// Which engines to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EngineChoice {
    One(Engine),
    All,
}

impl EngineChoice {
    const ALL: [Self; 5] = [
        Self::One(Engine::Spec),
        Self::One(Engine::Chromium),
        Self::One(Engine::Firefox),
        Self::One(Engine::WebKit),
        Self::All,
    ];

    /// Returns the engines to run.
    pub(crate) fn engines(self) -> Vec<Engine> {
        match self {
            Self::One(engine) => vec![engine],
            Self::All => Engine::ALL.to_vec(),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::One(engine) => engine.as_str(),
            Self::All => "all",
        }
    }
}

pub(crate) fn parse_origin(text: &str) -> Result<Origin, String> {
    Origin::parse(text).map_err(|error| error.to_string())
}

/// A request header: its name, and the bytes that a browser sends as its value.
pub(crate) type HeaderArgument = (String, Box<[u8]>);

/// Reads `Name: value`. The value is a [byte string](https://webidl.spec.whatwg.org/#idl-ByteString): one byte for each character up to U+00FF.
pub(crate) fn parse_header(text: &str) -> Result<HeaderArgument, String> {
    let Some((name, value)) = text.split_once(':') else {
        return Err(format!(
            "`{}` is not a header, because it has no colon: write `Name: value`",
            printable(name_of(text))
        ));
    };
    let bytes: Option<Box<[u8]>> =
        value.trim().chars().map(|character| u8::try_from(character).ok()).collect();
    let Some(bytes) = bytes else {
        return Err(format!(
            "the value of `{}` has a character that a header cannot contain: browsers accept U+0000 to U+00FF",
            printable(name)
        ));
    };
    if bytes.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err(format!(
            "the value of `{}` has a control character, which a header cannot contain",
            printable(name)
        ));
    }
    Ok((name.to_owned(), bytes))
}

/// Returns the name of a header or cookie as it is written, without its value, which may be a secret.
pub(crate) fn name_of(text: &str) -> &str {
    text.split([':', '=', ' ', '\t']).next().unwrap_or_default()
}

pub(super) fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=3_600.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("`{}` is not a number of seconds from 0.001 to 3600", printable(text)))
}

/// Reads the code of a cause: that of a diagnosis, or a browser's reason code.
fn parse_cause(text: &str) -> Result<&'static str, String> {
    let diagnosis = corsac_explain::diagnosis::entry(text).map(|entry| entry.code);
    let reason = || text.parse::<corsac::browser::ReasonCode>().ok().map(|code| code.as_str());
    diagnosis
        .or_else(reason)
        .ok_or_else(|| "no cause has this code: `corsac explain --list` prints all codes".to_owned())
}

/// Parses the name of a stack, and suggests the one that was probably meant.
fn parse_stack(name: &str) -> Result<Stack, String> {
    Stack::parse(name).ok_or_else(|| {
        let near = nearest(name, Stack::names());
        let hint = near.first().map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        format!("no server, framework or product has this name.{hint} `corsac stacks` lists them")
    })
}
