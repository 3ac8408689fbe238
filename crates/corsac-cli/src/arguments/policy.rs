//! The arguments of `corsac policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use corsac::origin::Origin;
use corsac::server::PathPrefix;
use corsac_config::Format;
use corsac_import::Kind;
use corsac_stacks::Target;

use super::check::parse_origin;
use super::{RequestArguments, ServerArguments, values};

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "Policy file:
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
    /// Report errors and risky settings in policy files, with line numbers and fixes
    Lint(LintArguments),
    /// Explain whether a policy allows a request, and if not, why and what to write instead
    Why(Box<WhyArguments>),
    /// Compare what two policy files allow, with an example request for each difference
    Diff(DiffArguments),
    /// Write a policy as the configuration of another server, or as middleware of another framework
    Compile(CompileArguments),
    /// Read another server's configuration: the policy that it amounts to, and what in it is unsafe or has no effect, each at its line
    Import(ImportArguments),
    /// Ask a running server, and write the closest policy
    Infer(Box<InferArguments>),
    /// Print the JSON Schema of policy files, for editors
    #[command(after_help = "Examples:
  corsac policy schema > corsac.schema.json
  In a TOML file, as its first line: #:schema ./corsac.schema.json
  In a JSON file: \"$schema\": \"./corsac.schema.json\"")]
    Schema,
}

/// The policy file to read.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// The policy file, or `-` for standard input
    pub(crate) file: PathBuf,

    /// The file format. By default the extension (.toml, .json) decides, or the content
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac policy lint corsac.toml
  In CI, treat lints as errors:
    corsac policy lint api.toml admin.toml --deny-lints
  Lint generated policies:
    generate-policy | corsac policy lint - --format json --json

Errors make a file invalid. Lints are advice, and an `acknowledge` entry in \
the policy silences one. If a file cannot be read, nothing is printed to \
standard output, with --json too.

Exit status:
  0  no errors (with --deny-lints, no lints either)
  1  errors (with --deny-lints, or lints)
  2  bad arguments, a file cannot be read, or the output cannot be written")]
pub(crate) struct LintArguments {
    /// The policy files, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The file format. By default the extension (.toml, .json) decides, or the content
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,

    /// Exit with 1 if there are lints
    #[arg(long)]
    pub(crate) deny_lints: bool,

    /// Print one JSON object (schema corsac.lint/1)
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  Can a page on https://app.example.com read the response?
    corsac policy why corsac.toml --origin https://app.example.com
  Like fetch(url, {method: 'PUT', credentials: 'include', ...}):
    corsac policy why corsac.toml --policy app \\
      --origin https://app.example.com --credentials include \\
      -X PUT -H 'Content-Type: application/json' -d '{}'
  In CI: fail unless https://evil.example is blocked.
    corsac policy why corsac.toml --origin https://evil.example --expect blocked

Nothing is sent: browser and server are simulated in memory.

Exit status:
  0  readable or opaque (or as the --expect options say)
  1  blocked, or not as the --expect options say
  2  bad arguments, the file has errors, or the output cannot be written
  3  failed for a reason that is not CORS (unless --expect failed)")]
pub(crate) struct WhyArguments {
    #[command(flatten)]
    pub(crate) file: FileArguments,

    /// The policy to use. By default the one for the path of --url, or the only one
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,

    /// The page's origin, such as `https://app.example.com`, or `null` for a page without one (file:, sandboxed iframe)
    #[arg(long, value_name = "ORIGIN", value_parser = parse_origin)]
    pub(crate) origin: Origin,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    /// The URL that the page requests, on the server that has the policy
    #[arg(long, value_name = "URL", default_value = "https://your-server.example/")]
    pub(crate) url: String,

    /// Print one JSON object (schema corsac.why/2)
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac policy diff old.toml new.toml
  In CI, fail if a change allows more:
    git show main:corsac.toml | corsac policy diff - corsac.toml \\
      --fail-on widened

The policies' decisions are compared, not how they are written.

Exit status:
  0  the same is allowed (other changes, such as max-age, are listed)
  1  something is newly allowed or refused (or as --fail-on says)
  2  bad arguments, a file has errors, or the output cannot be written")]
pub(crate) struct DiffArguments {
    /// The old policy file, or `-` for standard input
    pub(crate) old: PathBuf,

    /// The new policy file, or `-` for standard input
    pub(crate) new: PathBuf,

    /// Compare only the policy of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,

    /// The file format. By default the extension (.toml, .json) decides, or the content
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,

    /// Exit with 1 if anything is newly allowed or refused (`any`), or only if more is allowed (`widened`)
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

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  What goes into an existing configuration of nginx:
    corsac policy compile nginx corsac.toml > cors.conf
  A whole file, which forwards requests to another server:
    corsac policy compile caddy corsac.toml --full \\
      --upstream http://127.0.0.1:3000 > Caddyfile
  In CI, fail if the file is not what the policy compiles to:
    corsac policy compile nginx corsac.toml --check cors.conf
  What each target can do:
    corsac policy compile --list

If the file has policies with `at`, all of them are written, each for its path. \
A target that cannot do exactly what a policy says refuses it, with the reason. \
docs/stacks.md has what was verified on real servers.

Exit status:
  0  written (with --check: the file is up to date)
  1  refused (with --check: or the file differs)
  2  bad arguments, the policy file has errors, or the output cannot be written")]
pub(crate) struct CompileArguments {
    /// The server or framework: see --list
    #[arg(value_name = "TARGET", value_parser = parse_target)]
    pub(crate) target: Option<Target>,

    /// The policy file, or `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// The file format. By default the extension (.toml, .json) decides, or the content
    #[arg(long, value_name = "FORMAT", value_parser = values(&Format::ALL, Format::as_str))]
    pub(crate) format: Option<Format>,

    /// Write only this policy
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Write one policy, for this path and what is below it. Defaults to the policy's `at`
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<PathPrefix>,

    /// The server to forward requests to, such as `http://127.0.0.1:3000`
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Option<String>,

    /// Write a whole file that the server can be started with, and not only the part about CORS
    #[arg(long)]
    pub(crate) full: bool,

    /// Where the server of a whole file listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,

    /// Write nothing, and say whether this file is what the policy compiles to
    #[arg(long, value_name = "FILE")]
    pub(crate) check: Option<PathBuf>,

    /// List the targets, and what each can do
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac policy import nginx /etc/nginx/nginx.conf > corsac.toml
  What to change in the file itself:
    corsac policy import nginx nginx.conf --diff
  A configuration that lets every origin read with credentials, and the pages that are meant:
    corsac policy import express cors.json --origin https://app.example.com
  From a cluster:
    kubectl get httproute -o yaml | corsac policy import gateway-api -

The policy goes to standard output, the notes with their lines to standard error. The configuration is simulated and asked as \
a browser asks: nothing is sent, and nothing is changed. Included files are read from the configuration's folder only. \
docs/import.md explains every note.

Exit status:
  0  nothing is unsafe or without effect (with --diff: nothing to change)
  1  something is, or what it does is not known (with --diff: the changes are
     printed)
  2  bad arguments, a file cannot be read, or the output cannot be written")]
pub(crate) struct ImportArguments {
    /// nginx, apache, caddy, haproxy, envoy, traefik, express, spring, gateway-api, istio, ingress-nginx, s3 or cloudfront
    #[arg(value_name = "KIND", value_parser = parse_kind)]
    pub(crate) kind: Kind,

    /// The configuration, or `-` for standard input
    pub(crate) file: PathBuf,

    /// The folder outside of which no included file is read. Defaults to the folder of FILE
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,

    /// An origin that is meant, or a pattern as in a policy, for where the configuration lets every origin read with credentials. Repeatable
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Vec<String>,

    /// Print the smallest changes to the files that put right what the notes say (nginx, apache, caddy)
    #[arg(long)]
    pub(crate) diff: bool,

    /// Print one JSON object (schema corsac.import/1)
    #[arg(long, conflicts_with = "diff")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  corsac policy infer https://api.example.com/items > corsac.toml
  With the pages that may be allowed, one a line, or a policy file:
    corsac policy infer https://api.example.com/items --candidates pages.txt

Only GET, HEAD and OPTIONS requests are sent, at most as many as --limit says, each with a unique query parameter (`corsac-verify`), so that no cache \
stores the response for other visitors. No request is sent to another host, and cookies are never sent. A server does not say which origins it allows: only \
candidates and their relatives (subdomains, siblings, ports) are found.

Exit status:
  0  a policy was written that the server behaves as
  1  a policy was written, and the server is more open, or closed otherwise
  2  bad arguments, or output that cannot be written
  3  the server cannot be reached")]
pub(crate) struct InferArguments {
    #[command(flatten)]
    pub(crate) server: ServerArguments,

    /// A file with origins to try, one a line, or a policy file. Defaults to relatives of the server's own host, and localhost
    #[arg(long, value_name = "FILE")]
    pub(crate) candidates: Option<PathBuf>,

    /// An origin to try, or a pattern as in a policy; repeatable
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Vec<String>,

    /// The policy's name
    #[arg(long, value_name = "NAME", default_value = "app")]
    pub(crate) name: String,

    /// The most requests, half of them to find the policy and half to test it
    #[arg(long, value_name = "NUMBER", default_value_t = 400, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub(crate) limit: u32,

    /// Print one JSON object (schema corsac.infer/1)
    #[arg(long)]
    pub(crate) json: bool,
}

fn parse_kind(name: &str) -> Result<Kind, String> {
    const IN_CODE: [&str; 10] = [
        "tower-http",
        "axum",
        "actix-cors",
        "actix",
        "rs-cors",
        "rs/cors",
        "gin",
        "fastapi",
        "django",
        "flask",
    ];
    if IN_CODE.contains(&name) {
        return Err(format!(
            "{name} is configured in code, which is not read. docs/migrate.md has a table from its settings to the keys of a policy; or ask the running server with `corsac policy infer URL`"
        ));
    }
    Kind::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().copied().map(Kind::as_str).collect();
        format!("there is no such kind. Write one of {}", names.join(", "))
    })
}

fn parse_target(name: &str) -> Result<Target, String> {
    Target::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Target::ALL.iter().copied().map(Target::as_str).collect();
        format!("there is no such target. Write one of {}", names.join(", "))
    })
}

/// Which differences set the exit status to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Any,
    Widened,
}
