//! Turns the command line into a [`Question`]: the request to check, and how to send it.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use corsac::browser::{
    AddressSpace, BodyInit, BodyKind, Client, Engine, Load, Permission, Request, RequestError, RequestInit,
    ResponseHead, Verdict,
};
use corsac::header::names::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use corsac::origin::Origin;
use corsac::server::Policy;
use corsac_fetch::{ConnectInstead, MayConnect, Network, NetworkOptions, ProxySettings, ResolveOverride};
use corsac_stacks::Stack;
use url::Url;

use super::certificates;
use super::load;
use super::server::Server;
use crate::arguments::{
    CheckArguments, ControlsChoice, EngineChoice, Expected, LocalNetworkAnswer, RequestArguments,
};
use crate::terminal::{printable, printable_argument};

/// One request to check, and how to send it.
pub(crate) struct Question {
    pub(crate) request: Request,
    /// The engines to run.
    pub(crate) engines: Vec<Engine>,
    pub(crate) controls: ControlsChoice,
    /// Whether to send only the preflight.
    pub(crate) preflight_only: bool,
    /// The URL to connect to, if it is not that of the request (`--url-of`).
    pub(crate) connected_to: Option<Url>,
    pub(crate) cookies: Vec<String>,
    pub(crate) server: Server,
    /// The stack to write a fix for.
    pub(crate) stack: Option<Stack>,
    /// Whether to print the full report.
    pub(crate) verbose: bool,
    /// Whether to print tokens, cookies and signatures.
    pub(crate) show_secrets: bool,
}

impl Question {
    /// Reads the arguments of `corsac check`.
    pub(crate) fn new(
        arguments: &CheckArguments,
        url: &str,
        origin: &Origin,
        body: Option<Vec<u8>>,
    ) -> Result<Self, String> {
        check_expected(arguments.request.expect, arguments.preflight_only)?;
        let load = arguments.load.load;
        let parse: fn(&str) -> _ =
            if load == Some(Load::WebSocket) { parse_web_socket_url } else { parse_url };
        let (url, connected_to) = read_urls(url, arguments.url_of.as_deref(), parse)?;
        let mut client = Client::new(origin.clone());
        if let Some(answer) = arguments.local_network {
            client.address_space = Some(AddressSpace::Public);
            client.local_network_permission = match answer {
                LocalNetworkAnswer::Granted => Permission::Granted,
                LocalNetworkAnswer::Denied => Permission::Denied,
            };
        }
        let init = RequestInit::new(url, client);
        let init = match load {
            Some(load) => load::request(arguments, load, body, init)?,
            None => read_request(&arguments.request, init, body)
                .with(|init| init.redirect = arguments.redirect.unwrap_or_default()),
        };
        let request = init.build().map_err(|error| impossible(&error))?;

        let connect_instead = connected_to.as_ref().map(|at| ConnectInstead::new(&request.init().url, at));
        let connect_instead = connect_instead.transpose().map_err(|error| error.to_string())?;
        let extra_roots = certificates::authorities(arguments.cacert.as_deref())?;
        let client_certificate = certificates::client_certificate(arguments)?;
        let options = NetworkOptions::default().with(|options| {
            options.timeout = arguments.timeout;
            read_bodies(options);
            options.body_wanted = |response| may_explain_failure(response) || has_an_end(response);
            options.insecure = arguments.insecure;
            options.extra_roots = extra_roots;
            options.connect_instead = connect_instead;
            options.client_certificate = client_certificate;
            options.resolve.clone_from(&arguments.resolve);
            options.cookies.clone_from(&arguments.cookies);
            options.proxy = ProxySettings::from_environment();
        });
        let network = Network::new(options).map_err(|error| match &arguments.cacert {
            Some(path) => format!("--cacert {}: {error}.", printable(path.as_os_str().as_encoded_bytes())),
            None => error.to_string(),
        })?;
        Ok(Self {
            request,
            engines: arguments.request.engine.engines(),
            controls: if arguments.no_controls || arguments.preflight_only {
                ControlsChoice::Never
            } else {
                arguments.controls
            },
            preflight_only: arguments.preflight_only,
            connected_to,
            cookies: arguments.cookies.clone(),
            server: Server::Real { network, timeout: arguments.timeout },
            stack: arguments.stack,
            verbose: arguments.verbose,
            show_secrets: arguments.request.show_secrets,
        })
    }

    /// Asks a server that `may_connect` allows, through no proxy, as all engines.
    pub(crate) fn limited(
        request: Request,
        preflight_only: bool,
        resolve: &[ResolveOverride],
        may_connect: MayConnect,
    ) -> Result<Self, String> {
        let options = NetworkOptions::default().with(|options| {
            read_bodies(options);
            options.body_wanted = |response| may_explain_failure(response) || has_an_end(response);
            options.resolve = resolve.to_vec();
            options.may_connect = Some(may_connect);
        });
        let timeout = options.timeout;
        let network = Network::new(options).map_err(|error| error.to_string())?;
        let server = Server::Real { network, timeout };
        let controls = if preflight_only { ControlsChoice::Never } else { ControlsChoice::Safe };
        Ok(Self { preflight_only, controls, ..Self::in_all_engines(request, server) })
    }

    /// Asks a policy, as all engines.
    pub(crate) fn of_request(request: Request, policy: Policy) -> Self {
        Self::in_all_engines(request, Server::Policy(policy))
    }

    fn in_all_engines(request: Request, server: Server) -> Self {
        Self {
            request,
            engines: EngineChoice::All.engines(),
            controls: ControlsChoice::Never,
            preflight_only: false,
            connected_to: None,
            cookies: Vec::new(),
            server,
            stack: None,
            verbose: false,
            show_secrets: false,
        }
    }

    /// Reads the arguments of a request that a policy answers.
    pub(crate) fn of_policy(
        url: &str,
        origin: &Origin,
        arguments: &RequestArguments,
        policy: Policy,
    ) -> Result<Self, String> {
        check_expected(arguments.expect, false)?;
        let url = parse_url(url)?;
        let body = body_of(arguments)?;
        let init = RequestInit::new(url, Client::new(origin.clone()));
        let request = read_request(arguments, init, body).build().map_err(|error| impossible(&error))?;
        Ok(Self {
            engines: arguments.engine.engines(),
            show_secrets: arguments.show_secrets,
            ..Self::of_request(request, policy)
        })
    }
}

/// Rejects an `--expect` that cannot be met.
fn check_expected(expected: Option<Expected>, preflight_only: bool) -> Result<(), String> {
    match expected {
        Some(Expected::Allowed) if !preflight_only => {
            Err("`allowed` is a verdict of `corsac check --preflight-only` alone. Write `--expect readable`."
                .to_owned())
        }
        Some(Expected::Fetched(verdict @ (Verdict::Readable | Verdict::Opaque))) if preflight_only => {
            Err(format!(
                "with `--preflight-only` the request is not sent, so the verdict is never {}: write `--expect allowed`.",
                verdict.as_str()
            ))
        }
        _ => Ok(()),
    }
}

fn read_request(arguments: &RequestArguments, mut init: RequestInit, body: Option<Vec<u8>>) -> RequestInit {
    init.method = match &arguments.method {
        Some(method) => method.clone(),
        None if body.is_some() => "POST".to_owned(),
        None => "GET".to_owned(),
    };
    init.headers = arguments.headers.iter().cloned().collect();
    init.body = body.map(|bytes| BodyInit::new(BodyKind::Text, bytes));
    init.mode = arguments.mode.unwrap_or(init.mode);
    init.credentials = arguments.credentials.unwrap_or(init.credentials);
    init.referrer_policy = arguments.referrer_policy.unwrap_or_default();
    init.force_preflight = arguments.force_preflight;
    init
}

/// Returns the URL that the page requests, and the URL to connect to if it is another.
fn read_urls(
    url: &str,
    url_of: Option<&str>,
    parse: fn(&str) -> Result<Url, String>,
) -> Result<(Url, Option<Url>), String> {
    let url = parse(url)?;
    let Some(url_of) = url_of else { return Ok((url, None)) };
    let requested = parse(url_of)?;
    let target = |url: &Url| (url.path().to_owned(), url.query().map(str::to_owned));
    if target(&url) != target(&requested) && target(&url) != ("/".to_owned(), None) {
        let mut together = requested.clone();
        together.set_path(url.path());
        together.set_query(url.query());
        return Err(format!(
            "`--url-of` is the URL to request, and <URL> only the server to connect to, so their paths cannot differ. Write `--url-of {}`.",
            printable_argument(together.as_str())
        ));
    }
    Ok((requested, Some(url)))
}

/// Parses the URL that the page requests. It has to be absolute.
pub(crate) fn parse_url(text: &str) -> Result<Url, String> {
    let url = match Url::parse(text) {
        Ok(url) if url.has_host() || text.contains("://") || has_no_host(url.scheme()) => url,
        Err(error) if text.contains("://") => {
            return Err(format!("`{}` is not a URL: {error}.", printable_argument(text)));
        }
        _ => {
            let hint = with_scheme(text)
                .map_or_else(String::new, |url| format!(" Write `{}`.", printable_argument(&url)));
            return Err(format!(
                "`{}` is not an absolute URL: it needs a scheme and a host.{hint}",
                printable_argument(text)
            ));
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "`{}` has the scheme `{}`, and `corsac check` sends requests only to http and https URLs. {}",
            printable_argument(text),
            url.scheme(),
            about_scheme(url.scheme())
        ));
    }
    Ok(url)
}

/// Parses the URL of a WebSocket as [the standard](https://websockets.spec.whatwg.org/#dom-websocket-websocket) does: `ws:`, `wss:`, `http:` or
/// `https:`. The handshake is an HTTP request.
fn parse_web_socket_url(text: &str) -> Result<Url, String> {
    match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ws") => parse_url(&format!("http://{rest}")),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("wss") => parse_url(&format!("https://{rest}")),
        _ => parse_url(text),
    }
}

/// Returns `true` for the schemes of URLs without a host. Anything else before a colon is a host, as in `localhost:8080`.
fn has_no_host(scheme: &str) -> bool {
    matches!(scheme, "about" | "blob" | "data" | "file" | "javascript" | "mailto")
}

/// Explains what a page can do with a URL of this scheme, which is neither http nor https.
fn about_scheme(scheme: &str) -> &'static str {
    match scheme {
        "ws" | "wss" => {
            "CORS does not apply to a WebSocket: a page may open one to any origin, and the server has to check `Origin` in the handshake. \
             Add `--as websocket` to test that."
        }
        "data" => "A page may fetch a data URL. No server is involved, so CORS does not apply.",
        "blob" => {
            "A page may fetch a blob URL of its own origin. No server is involved, so CORS does not apply."
        }
        "about" | "javascript" | "mailto" => "No page can fetch such a URL.",
        "file" => "A page on the web cannot read files. Serve the file over http, then check that URL.",
        _ => "A page cannot fetch such a URL across origins. Serve it over http, then check that URL.",
    }
}

/// Returns the URL that was probably meant by a host and path without a scheme.
fn with_scheme(text: &str) -> Option<String> {
    let authority = text.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    let origin = Origin::parse(authority).err()?.suggestion()?;
    let (scheme, host) = origin.split_once("://")?;
    let is_host = host.contains('.') || Origin::parse(&origin).is_ok_and(|origin| origin.is_local());
    let url = format!("{scheme}://{text}");
    (is_host && Url::parse(&url).is_ok()).then_some(url)
}

/// Reads the body of the request, if it has one. Standard input can be read only once.
pub(crate) fn body_of(arguments: &RequestArguments) -> Result<Option<Vec<u8>>, String> {
    arguments.data.as_deref().map(read_body).transpose()
}

/// Reads the value of `-d`: the body itself, `@FILE`, or `@-` for standard input. At most 64 MiB.
fn read_body(data: &OsStr) -> Result<Vec<u8>, String> {
    const LIMIT: u64 = 64 << 20;
    let given = data.as_encoded_bytes();
    let Some(path) = given.strip_prefix(b"@") else {
        let text = data.to_str().ok_or("the body is not UTF-8: write it to a file, and pass it as @FILE")?;
        return Ok(text.as_bytes().to_vec());
    };
    let mut body = Vec::new();
    let file = || path_of(path).ok_or(std::io::ErrorKind::InvalidFilename.into());
    let read = if path == b"-" {
        std::io::stdin().lock().take(LIMIT.saturating_add(1)).read_to_end(&mut body)
    } else {
        file()
            .and_then(std::fs::File::open)
            .and_then(|file| file.take(LIMIT.saturating_add(1)).read_to_end(&mut body))
    };
    read.map_err(|error| format!("cannot read the body from `{}`: {error}", printable(path)))?;
    if body.len() as u64 > LIMIT {
        return Err(format!("the body in `{}` is over 64 MiB, which is the limit", printable(path)));
    }
    Ok(body)
}

/// Returns the path in an argument. Only on Unix can all bytes be a path.
#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<&Path> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(Path::new(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<&Path> {
    std::str::from_utf8(bytes).ok().map(Path::new)
}

/// Describes a request that script cannot make, with the browser's error.
pub(crate) fn impossible(error: &RequestError) -> String {
    let browser = match error {
        RequestError::MethodNotToken { method } => {
            Some(format!("'{}' is not a valid HTTP method.", printable(method)))
        }
        RequestError::MethodForbidden { method } => {
            Some(format!("'{}' HTTP method is unsupported.", printable(method)))
        }
        RequestError::MethodInNoCorsMode { method } => {
            Some(format!("'{}' is unsupported in no-cors mode.", printable(method)))
        }
        RequestError::BodyNotAllowed { .. } => {
            Some("Request with GET/HEAD method cannot have body.".to_owned())
        }
        RequestError::HeaderName { .. } => Some("Invalid name".to_owned()),
        RequestError::HeaderValue { .. } => Some("Invalid value".to_owned()),
        _ => None,
    };
    match browser {
        Some(words) => {
            format!("{error}.\nChromium throws: TypeError: Failed to execute 'fetch' on 'Window': {words}")
        }
        None => format!("{error}."),
    }
}

/// The most bytes of a body that are read, both before and after its content coding is removed.
const LONGEST_BODY: usize = 64 * 1024;

/// A body that takes longer is not read to its end: an event stream never ends.
const LONGEST_WAIT_FOR_BODY: Duration = Duration::from_secs(2);

/// Sets the limits of bodies, and reads only those that may explain a failure.
pub(crate) fn read_bodies(options: &mut NetworkOptions) {
    options.body_limit = LONGEST_BODY;
    options.body_timeout = LONGEST_WAIT_FOR_BODY;
    options.body_wanted = may_explain_failure;
}

/// Returns `true` if the body may explain a failure: that of an error, or of a response without `Access-Control-Allow-Origin`. Browsers do not
/// show it. The verdict itself never depends on a body.
pub(super) fn may_explain_failure(response: &ResponseHead) -> bool {
    response.status != 101
        && (!(200..300).contains(&response.status) || !response.headers.contains(ACCESS_CONTROL_ALLOW_ORIGIN))
}

/// Returns `true` unless the response's type is that of an endless stream. Such a body is read only to see whether it is complete.
fn has_an_end(response: &ResponseHead) -> bool {
    const ENDLESS: [&str; 5] =
        ["text/event-stream", "application/x-ndjson", "multipart/x-mixed-replace", "video/", "audio/"];
    let kind = response.headers.text(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    response.status != 101 && !ENDLESS.iter().any(|endless| kind.starts_with(endless))
}
