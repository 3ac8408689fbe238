//! The sites of a Caddyfile, its global options, and routes with names.

use std::collections::HashMap;
use std::sync::Arc;

use super::build::{Builder, Scope};
use super::directive::{self, Order};
use super::findings::Findings;
use super::import::Imported;
use super::pattern::{matches_host, matches_path};
use super::route::{Handler, Route};
use super::segment::{Segment, segments};
use crate::error::ImportError;
use crate::files::{At, Files};

/// A whole configuration.
#[derive(Debug)]
pub(super) struct Configuration {
    /// In the order in which Caddy tries them.
    pub(super) sites: Vec<Site>,
    pub(super) named_routes: HashMap<String, Vec<Route>>,
    pub(super) findings: Findings,
}

#[derive(Debug)]
pub(super) struct Site {
    pub(super) at: At,
    pub(super) addresses: Vec<Address>,
    pub(super) routes: Vec<Route>,
    /// `handle_errors`.
    pub(super) errors: Vec<ErrorRoute>,
    /// Whether directives stand in the file without a site, so that the site is elsewhere.
    pub(super) is_fragment: bool,
}

#[derive(Debug)]
pub(super) struct ErrorRoute {
    /// Statuses, or their first digits; none is all.
    pub(super) statuses: Vec<u16>,
    pub(super) routes: Vec<Route>,
}

/// An address of a site: `https://a.example:8443/path`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) is_http: bool,
    /// Empty for every host.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) path: String,
}

/// Reads the sites.
pub(super) fn configuration(imported: Imported, files: &Files<'_>) -> Result<Configuration, ImportError> {
    let Imported { tokens, notes } = imported;
    let parts = Parts::of(segments(tokens, files)?);
    let order = Order::new(&parts.options);
    let mut findings = Findings::new(notes);
    let ports = Ports::of(&parts.options);
    let mut builder = Builder { order: &order, findings: &mut findings, groups: 0, is_fragment: false };
    let named_routes = parts
        .named
        .iter()
        .map(|(name, lines)| (name.clone(), builder.routes(lines, &Arc::new(Scope::default()), true)))
        .collect();
    let mut sites: Vec<Site> = Vec::new();
    for part in parts.sites {
        builder.is_fragment = part.is_fragment;
        // Named matchers of the site are known in `handle_errors`, too.
        let scope = builder.scope(&part.lines, &Arc::new(Scope::default()));
        let routes = builder.block(&part.lines, &scope, true);
        let mut errors: Vec<ErrorRoute> = Vec::new();
        for line in part.lines.iter().filter(|line| line.name() == "handle_errors") {
            let digits = |text: &str| text.strip_suffix("xx").unwrap_or(text).parse().ok();
            let statuses = line.arguments().iter().filter_map(|word| digits(&word.text)).collect();
            errors.push(ErrorRoute { statuses, routes: builder.routes(line.inside(), &scope, true) });
        }
        errors.sort_by_key(|route| route.statuses.is_empty());
        let addresses = part.addresses.iter().map(|address| Address::read(address, &ports)).collect();
        sites.push(Site { at: part.at, addresses, routes, errors, is_fragment: part.is_fragment });
    }
    sites.sort_by_key(Site::generality);
    if let Some((at, why)) = findings.refused.take() {
        return Err(ImportError::new(files.name(at.file), at.line, why));
    }
    findings.resolve();
    Ok(Configuration { sites, named_routes, findings })
}

/// The parts at the top of a file.
#[derive(Default)]
struct Parts {
    options: Vec<Segment>,
    named: Vec<(String, Vec<Segment>)>,
    sites: Vec<Part>,
}

struct Part {
    at: At,
    addresses: Vec<String>,
    lines: Vec<Segment>,
    is_fragment: bool,
}

impl Parts {
    fn of(segments: Vec<Segment>) -> Self {
        let mut parts = Self::default();
        let mut segments = segments.into_iter().enumerate().peekable();
        while let Some((number, mut segment)) = segments.next() {
            if segment.words.is_empty() && number == 0 {
                parts.options = segment.block.take().unwrap_or_default();
                continue;
            }
            if let Some(name) = named_route(segment.name()) {
                parts.named.push((name.to_owned(), segment.block.take().unwrap_or_default()));
                continue;
            }
            if directive::is_known(segment.name()) {
                parts.fragment(segment);
                continue;
            }
            let at = segment.at();
            let mut addresses = words(&segment);
            // A comma at the end means that the list goes on in the next line.
            while segment.block.is_none() && addresses.last().is_some_and(|last| last.ends_with(',')) {
                let Some((_, next)) = segments.next() else { break };
                segment = next;
                addresses.extend(words(&segment));
            }
            // The brace may stand in a line of its own.
            if segment.block.is_none()
                && segments.peek().is_some_and(|(_, next)| next.words.is_empty())
                && let Some((_, next)) = segments.next()
            {
                segment = next;
            }
            let lines = match segment.block.take() {
                Some(lines) => lines,
                // A single site may do without braces; then the whole file is its.
                None => segments.by_ref().map(|(_, line)| line).collect(),
            };
            let addresses = addresses
                .iter()
                .flat_map(|address| address.split(','))
                .filter(|address| !address.is_empty())
                .map(str::to_owned)
                .collect();
            parts.sites.push(Part { at, addresses, lines, is_fragment: false });
        }
        parts
    }

    fn fragment(&mut self, segment: Segment) {
        match self.sites.iter_mut().find(|site| site.is_fragment) {
            Some(site) => site.lines.push(segment),
            None => {
                let (at, addresses) = (segment.at(), vec![":443".to_owned()]);
                self.sites.push(Part { at, addresses, lines: vec![segment], is_fragment: true });
            }
        }
    }
}

fn words(segment: &Segment) -> Vec<String> {
    segment.words.iter().map(|word| word.text.clone()).collect()
}

fn named_route(name: &str) -> Option<&str> {
    name.strip_prefix("&(")?.strip_suffix(')')
}

struct Ports {
    http: u16,
    https: u16,
}

impl Ports {
    fn of(options: &[Segment]) -> Self {
        let port = |name: &str, default: u16| {
            let option = options.iter().find(|option| option.name() == name);
            let word = option.and_then(|option| option.arguments().first());
            word.and_then(|word| word.text.parse().ok()).unwrap_or(default)
        };
        Self { http: port("http_port", 80), https: port("https_port", 443) }
    }
}

impl Address {
    fn read(text: &str, ports: &Ports) -> Self {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) if !path.is_empty() => (authority, format!("/{path}")),
            Some((authority, _)) => (authority, String::new()),
            None => (rest, String::new()),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') && (!host.contains(':') || host.ends_with(']')) => {
                (host, port)
            }
            _ => (authority, ""),
        };
        let is_http = scheme.eq_ignore_ascii_case("http") || port == ports.http.to_string();
        let default = if is_http { ports.http } else { ports.https };
        // A host whose name is not in the file can be any.
        let host = if host.contains('{') { "" } else { host };
        Self {
            is_http,
            host: host.trim_matches(['[', ']']).to_ascii_lowercase(),
            port: port.parse().unwrap_or(default),
            path,
        }
    }
}

impl Site {
    /// Whether a request to this host and path is for the site.
    pub(super) fn takes(&self, port: u16, host: &str, path: &str) -> bool {
        // One address without a host stands for every host.
        let every_host = self.addresses.iter().any(|address| address.host.is_empty());
        self.addresses.iter().any(|address| address.port == port)
            && self.addresses.iter().any(|address| {
                (every_host || matches_host(&address.host, host))
                    && (address.path.is_empty()
                        || matches_path(&address.path.to_ascii_lowercase(), &path.to_ascii_lowercase()))
            })
    }

    /// Sites with longer hosts come first, and those for every host last.
    fn generality(&self) -> (bool, bool, std::cmp::Reverse<usize>, std::cmp::Reverse<usize>) {
        let specificity = |text: &str| text.len().saturating_sub(text.matches('*').count());
        let longest = |of: fn(&Address) -> &String| {
            self.addresses.iter().map(|address| specificity(of(address))).max().unwrap_or(0)
        };
        let host = longest(|address| &address.host);
        let has_wildcard =
            self.addresses.iter().any(|address| address.host.is_empty() || address.host.contains('*'));
        (
            host == 0,
            has_wildcard,
            std::cmp::Reverse(host),
            std::cmp::Reverse(longest(|address| &address.path)),
        )
    }

    /// Whether every request is redirected, unless a part of the site answers it before.
    pub(super) fn only_redirects(&self) -> bool {
        let first = self.routes.iter().find(|route| {
            matches!(route.handler, Handler::Block(_) | Handler::Redirect { .. } | Handler::Respond { .. })
        });
        first.is_some_and(|route| {
            route.matcher.is_none()
                && matches!(&route.handler, Handler::Redirect { status, .. } if status != "html")
        })
    }

    /// Whether something that is not simulated may answer.
    pub(super) fn may_answer_elsewhere(&self) -> bool {
        fn any(routes: &[Route]) -> bool {
            routes.iter().any(|route| match &route.handler {
                Handler::Plugin => true,
                Handler::Block(inside) => any(inside),
                _ => false,
            })
        }
        self.is_fragment || any(&self.routes)
    }
}
