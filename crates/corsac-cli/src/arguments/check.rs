//! The arguments of `corsac check`, and of everything else that asks as a page would.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use corsac::browser::{Credentials, Engine, Mode, RedirectMode, ReferrerPolicy, Verdict};
use corsac::origin::Origin;
use corsac_fetch::ResolveOverride;

use super::load::LoadArguments;
use super::values;
use crate::terminal::printable;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  May https://app.example.com read this?
    corsac check https://api.example.com/ --origin https://app.example.com
  As fetch(url, {method: 'PUT', credentials: 'include', …}) asks:
    corsac check https://api.example.com/1 --origin https://app.example.com \\
      -X PUT -H 'Content-Type: application/json' -d '{\"a\":1}' \\
      --credentials include --cookie 'session=1'
  A server that is not public yet, from a development server's page:
    corsac check http://localhost:8080/ --origin http://localhost:5173
  The same server as it will be deployed: only the connection goes to the first URL.
    corsac check http://localhost:8080/ --url-of https://api.example.com/ \\
      --origin https://app.example.com
  As <img crossorigin src=...> asks, and as new WebSocket(...):
    corsac check https://cdn.example.com/a.png --origin https://app.example.com \\
      --as img --crossorigin
    corsac check wss://api.example.com/live --origin https://app.example.com \\
      --as websocket
  In a script: is the exit status 0?
    corsac check https://api.example.com/ --origin https://evil.example \\
      --expect blocked
  May the page delete this? Only the preflight is sent.
    corsac check https://api.example.com/1 --origin https://app.example.com \\
      -X DELETE --preflight-only
  Which of these may which page read? A table.
    corsac check https://api.example.com/a https://api.example.com/b \\
      --origin https://app.example.com --origin https://www.example.com

The request is really sent, as a page would send it: -X DELETE deletes. With
--engine all, a request whose method is not GET, HEAD or OPTIONS is sent once;
all engines are judged on its response. To compare, the same GET, HEAD or
preflight follows without Origin and from other origins: see --controls. The
report lists every request that was sent; --preflight-only sends no more than
the preflight.

The variables http_proxy, https_proxy, all_proxy and no_proxy count; this
machine is always reached directly.

Exit status: 0 readable, opaque or allowed (or as all --expect… say), 1 blocked,
2 bad arguments, or the output cannot be written, 3 failed for a reason that
is not CORS. Of several URLs or origins the worst: 2, 3, 1, 0.")]
pub(crate) struct CheckArguments {
    /// The URL that the page asks for. Of several, each is asked for each origin, and has a line of a table
    #[arg(required = true, value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// The page's origin, as in `https://app.example.com`; `null` for an opaque one (file:, sandboxed frame). May be given several times
    #[arg(long = "origin", required = true, value_name = "ORIGIN", value_parser = parse_origin)]
    pub(crate) origins: Vec<Origin>,

    /// Ask for this URL instead, and only connect to the one above: a server that runs here, as it will be once it is deployed
    #[arg(long, value_name = "URL")]
    pub(crate) url_of: Option<String>,

    #[command(flatten)]
    pub(crate) load: LoadArguments,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    /// What to do with redirects. Defaults to `follow`
    #[arg(long, value_name = "MODE", value_parser = values(RedirectMode::ALL, RedirectMode::as_str))]
    pub(crate) redirect: Option<RedirectMode>,

    /// A cookie that the browser has for the server; sent when the credentials mode lets it
    #[arg(short = 'b', long = "cookie", value_name = "NAME=VALUE")]
    pub(crate) cookies: Vec<String>,

    /// Send the preflight and not the request: is it `allowed`? Sends nothing if no preflight is needed. Without controls
    #[arg(long, conflicts_with = "controls")]
    pub(crate) preflight_only: bool,

    /// Whether to compare with the request without Origin and from another origin, after the page's own. `safe` asks only where no cache can store the answer for everybody, if need be with a query of its own; `always` asks at the page's URL
    #[arg(long, default_value = "safe", value_name = "WHEN")]
    pub(crate) controls: ControlsChoice,

    /// The same as --controls never
    #[arg(long, conflicts_with = "controls")]
    pub(crate) no_controls: bool,

    /// Seconds for everything together, for each URL and origin
    #[arg(long, default_value = "10", value_name = "SECONDS", value_parser = parse_seconds)]
    pub(crate) timeout: Duration,

    /// Use this address for a host and port, as curl does; `*` for every host
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<ResolveOverride>,

    /// Accept any TLS certificate. A browser would not: the verdict then says nothing about TLS
    #[arg(short = 'k', long)]
    pub(crate) insecure: bool,

    /// Trust the authorities in this PEM file, too, as a browser does where they are installed
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,

    /// The client's certificate as PEM, for a server that asks for one. Like a cookie it goes with credentials only, and with no preflight
    #[arg(long, value_name = "FILE")]
    pub(crate) cert: Option<PathBuf>,

    /// The private key of --cert as PEM, if it is not in the same file
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,

    /// Take the page for one from a public address, and the user's answer to "access devices on your local network?" as given
    #[arg(long, value_name = "ANSWER")]
    pub(crate) local_network: Option<LocalNetworkAnswer>,

    /// Also show why browsers do this, and what they print on the console
    #[arg(short = 'v', long)]
    pub(crate) verbose: bool,

    /// Print Markdown, to hand on: request, answer, cause, fix, and a line for curl
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,

    /// Print one JSON object (schema corsac.check/2); several URLs or origins: one on each line
    #[arg(long)]
    pub(crate) json: bool,
}

/// The request, as script makes it, and who judges.
#[derive(Debug, Args)]
pub(crate) struct RequestArguments {
    /// The method; POST when there is a body, else GET
    #[arg(short = 'X', long = "method", value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// A request header that script sets; may be given several times, and order is kept
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = parse_header)]
    pub(crate) headers: Vec<HeaderArgument>,

    /// The body; @FILE reads it from a file, @- from standard input
    #[arg(short = 'd', long = "data", value_name = "BODY", allow_hyphen_values = true)]
    pub(crate) data: Option<OsString>,

    /// Whether cookies and other credentials go along. Defaults to `same-origin`
    #[arg(long, value_name = "MODE", value_parser = values(Credentials::ALL, Credentials::as_str))]
    pub(crate) credentials: Option<Credentials>,

    /// The request's mode. Defaults to `cors`
    #[arg(long, value_name = "MODE", value_parser = values(&[Mode::Cors, Mode::NoCors, Mode::SameOrigin], Mode::as_str))]
    pub(crate) mode: Option<Mode>,

    /// How much of the page's address `Referer` and, without CORS, `Origin` tell
    #[arg(long, default_value = "strict-origin-when-cross-origin", value_name = "POLICY", hide_possible_values = true,
          value_parser = values(ReferrerPolicy::ALL, ReferrerPolicy::as_str))]
    pub(crate) referrer_policy: ReferrerPolicy,

    /// Preflight even if nothing in the request needs it, as upload listeners of XMLHttpRequest do
    #[arg(long)]
    pub(crate) force_preflight: bool,

    /// Whose rules decide; with `all`, the verdict of the strictest browser counts, and the report says where browsers differ
    #[arg(long, default_value = "all", value_name = "ENGINE", value_parser = values(&EngineChoice::ALL, EngineChoice::as_str))]
    pub(crate) engine: EngineChoice,

    /// Show tokens, cookies and signatures as they are. Without it they are REDACTED in the report and in JSON
    #[arg(long)]
    pub(crate) show_secrets: bool,

    /// Exit with 0 if this is the verdict, else with 1; 3 if it failed for a reason that is not CORS. `allowed` goes with --preflight-only
    #[arg(long, value_name = "VERDICT", value_parser = values(&Expected::ALL, Expected::as_str))]
    pub(crate) expect: Option<Expected>,

    /// Exit with 0 if this is the code of the first cause, else with 1
    #[arg(long, value_name = "CODE", value_parser = parse_cause)]
    pub(crate) expect_cause: Option<&'static str>,

    /// Exit with 0 if the last response has this status, else with 1
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(100..=599))]
    pub(crate) expect_status: Option<u16>,
}

/// When control requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ControlsChoice {
    Always,
    Safe,
    Never,
}

/// What the user says when a page wants to reach the local network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LocalNetworkAnswer {
    Granted,
    Denied,
}

/// The verdict that a script expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Fetched(Verdict),
    /// The preflight passes, or none is needed: the verdict of `--preflight-only` in place of readable and opaque.
    Allowed,
}

impl Expected {
    const ALL: [Self; 5] = [
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

/// One engine, or all of them.
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

    fn as_str(self) -> &'static str {
        match self {
            Self::One(engine) => engine.as_str(),
            Self::All => "all",
        }
    }
}

pub(super) fn parse_origin(text: &str) -> Result<Origin, String> {
    Origin::parse(text).map_err(|error| error.to_string())
}

/// A request header: its name, and the bytes that a browser makes of its value.
type HeaderArgument = (String, Box<[u8]>);

/// A value is a [byte string](https://webidl.spec.whatwg.org/#idl-ByteString): one byte for each character, U+00FF at most.
fn parse_header(text: &str) -> Result<HeaderArgument, String> {
    let Some((name, value)) = text.split_once(':') else {
        return Err(format!(
            "a header is written `Name: value`; `{}` has no colon",
            printable(name_of(text))
        ));
    };
    let bytes: Option<Box<[u8]>> =
        value.trim().chars().map(|character| u8::try_from(character).ok()).collect();
    let Some(bytes) = bytes else {
        return Err(format!(
            "the value of `{}` holds a character that no header can carry: browsers take U+0000 to U+00FF",
            printable(name)
        ));
    };
    if bytes.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err(format!(
            "the value of `{}` holds a control character, which a header line cannot carry",
            printable(name)
        ));
    }
    Ok((name.to_owned(), bytes))
}

/// The start of a header or cookie as it is written, up to its value, which may be a secret.
pub(crate) fn name_of(text: &str) -> &str {
    text.split([':', '=', ' ', '\t']).next().unwrap_or_default()
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=3_600.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("`{}` is not a number of seconds from 0.001 to 3600", printable(text)))
}

/// The code of a cause: a diagnosis, or the browser's reason where no diagnosis knows more.
fn parse_cause(text: &str) -> Result<&'static str, String> {
    let diagnosis = corsac_explain::diagnosis::entry(text).map(|entry| entry.code);
    let reason = || text.parse::<corsac::browser::ReasonCode>().ok().map(|code| code.as_str());
    diagnosis
        .or_else(reason)
        .ok_or_else(|| "no cause has this code: `corsac explain --list` prints all of them".to_owned())
}
