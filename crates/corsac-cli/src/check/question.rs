//! From the command line to a question: the request as a browser would make it, and how to ask.

use std::io::Read as _;

use corsac::browser::{AddressSpace, Body, Client, Engine, Permission, Request, RequestError, RequestInit};
use corsac::server::Policy;
use corsac_fetch::{Network, NetworkOptions, ProxySettings};
use url::Url;

use super::server::Server;
use crate::arguments::{CheckArguments, ControlsChoice, EngineChoice, LocalNetworkAnswer, RequestArguments};
use crate::terminal::printable;

/// What to ask, and how.
pub(crate) struct Question {
    pub(crate) request: Request,
    pub(crate) engines: EngineChoice,
    pub(crate) controls: ControlsChoice,
    pub(crate) cookies: Vec<String>,
    pub(crate) server: Server,
}

impl Question {
    /// The engines to run, first the one whose verdict counts.
    pub(crate) fn engines(&self) -> Vec<Engine> {
        match self.engines {
            EngineChoice::One(engine) => vec![engine],
            EngineChoice::All => Engine::ALL.to_vec(),
        }
    }

    /// Reads the arguments of `corsac check`. The error is a sentence or two for a person.
    pub(crate) fn new(arguments: &CheckArguments) -> Result<Self, String> {
        let url = parse_url(&arguments.url)?;
        let body = arguments.request.data.as_deref().map(read_body).transpose()?;
        let mut client = Client::new(arguments.request.origin.clone());
        if let Some(answer) = arguments.local_network {
            client.address_space = Some(AddressSpace::Public);
            client.local_network_permission = match answer {
                LocalNetworkAnswer::Granted => Permission::Granted,
                LocalNetworkAnswer::Denied => Permission::Denied,
            };
        }
        let mut init = read_request(&arguments.request, RequestInit::new(url, client), body.is_some());
        init.redirect = arguments.redirect;
        let request = init.build().map_err(|error| impossible(&error))?;

        let options = NetworkOptions {
            timeout: arguments.timeout,
            body_limit: 0, // the head decides
            insecure: arguments.insecure,
            resolve: arguments.resolve.clone(),
            cookies: arguments.cookies.clone(),
            proxy: ProxySettings::from_environment(),
            ..NetworkOptions::default()
        };
        let network = Network::new(options).map_err(|error| error.to_string())?;
        Ok(Self {
            request,
            engines: arguments.request.engine,
            controls: if arguments.no_controls { ControlsChoice::Never } else { arguments.controls },
            cookies: arguments.cookies.clone(),
            server: Server::Real { network, body, timeout: arguments.timeout },
        })
    }

    /// The same request, answered by a policy.
    pub(crate) fn of_policy(url: &str, arguments: &RequestArguments, policy: Policy) -> Result<Self, String> {
        let url = parse_url(url)?;
        let has_body = arguments.data.as_deref().map(read_body).transpose()?.is_some();
        let init = RequestInit::new(url, Client::new(arguments.origin.clone()));
        let request = read_request(arguments, init, has_body).build().map_err(|error| impossible(&error))?;
        let server = Server::Policy(policy);
        Ok(Self {
            request,
            engines: arguments.engine,
            controls: ControlsChoice::Never,
            cookies: Vec::new(),
            server,
        })
    }
}

fn read_request(arguments: &RequestArguments, mut init: RequestInit, has_body: bool) -> RequestInit {
    init.method = match &arguments.method {
        Some(method) => method.clone(),
        None if has_body => "POST".to_owned(),
        None => "GET".to_owned(),
    };
    init.headers = arguments.headers.iter().cloned().collect();
    if has_body {
        init.body = Body::Bytes;
        // Fetch, "extract a body": what a string's media type is when script names none.
        if !init.headers.contains("content-type") {
            init.headers.append("Content-Type", "text/plain;charset=UTF-8");
        }
    }
    init.mode = arguments.mode;
    init.credentials = arguments.credentials;
    init.referrer_policy = arguments.referrer_policy;
    init.force_preflight = arguments.force_preflight;
    init
}

/// The URL that the page asks for: absolute, as `fetch()` in another origin's page needs it.
fn parse_url(text: &str) -> Result<Url, String> {
    let url = match Url::parse(text) {
        Ok(url) if url.has_host() || text.contains("://") || url.scheme() == "data" => url,
        Err(error) if text.contains("://") => {
            return Err(format!("`{}` is not a URL: {error}.", printable(text)));
        }
        _ => {
            let hint =
                with_scheme(text).map_or_else(String::new, |url| format!(" Write `{}`.", printable(&url)));
            return Err(format!(
                "`{}` is not an absolute URL: it needs a scheme and a host.{hint}",
                printable(text)
            ));
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "`{}` has the scheme `{}`: only http and https URLs can be asked across origins. \
             Serve the file or app over http, then check that URL.",
            printable(text),
            url.scheme()
        ));
    }
    Ok(url)
}

/// A host and what follows, written without a scheme: the URL that was probably meant.
fn with_scheme(text: &str) -> Option<String> {
    let host = text.split(['/', ':', '?', '#']).next().filter(|host| !host.is_empty())?;
    let local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok();
    let url = format!("{}://{text}", if local { "http" } else { "https" });
    (local || host.contains('.')).then_some(url).filter(|url| Url::parse(url).is_ok())
}

/// `-d`: the bytes themselves, or `@FILE`, or `@-` for standard input. At most 64 MiB.
fn read_body(data: &str) -> Result<Vec<u8>, String> {
    const LIMIT: u64 = 64 << 20;
    let Some(path) = data.strip_prefix('@') else {
        return Ok(data.as_bytes().to_vec());
    };
    let mut body = Vec::new();
    let read = if path == "-" {
        std::io::stdin().lock().take(LIMIT.saturating_add(1)).read_to_end(&mut body)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LIMIT.saturating_add(1)).read_to_end(&mut body))
    };
    read.map_err(|error| format!("cannot read the body from `{}`: {error}", printable(path)))?;
    if body.len() as u64 > LIMIT {
        return Err(format!(
            "the body in `{}` is over 64 MiB, more than this command sends",
            printable(path)
        ));
    }
    Ok(body)
}

/// A request that script cannot make, with what a browser says about it.
fn impossible(error: &RequestError) -> String {
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
