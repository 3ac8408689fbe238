//! The ways into a configuration: its frontends, and the hosts that stand for them, because a request here has no port.

use super::assumption::Assumption;
use super::configuration::{Configuration, Proxy};
use super::parts::{MOST_PLACES, in_condition};
use super::subjects::Subjects;
use crate::files::At;

/// The end of a host that stands for a frontend, because frontends differ by their ports and a request here has none.
pub(super) const FRONTEND: &str = ".frontend.example";

/// The ways into a configuration. They are found once, because every request asks for them.
#[derive(Default)]
pub(super) struct Entrances {
    all: Vec<Entrance>,
    pub(super) made_up: Vec<MadeUp>,
}

struct Entrance {
    /// Its number among the proxies.
    proxy: usize,
    label: String,
    /// The hosts that its conditions name.
    hosts: Vec<String>,
    is_tls: bool,
    is_about_cors: bool,
}

/// A host of a place that stands for something else than a host of that name.
pub(super) struct MadeUp {
    pub(super) asked: String,
    /// The number of the frontend, unless the host decides.
    pub(super) proxy: Option<usize>,
    /// The host that rules see.
    pub(super) host: String,
    /// As the file writes it.
    pub(super) written: Option<String>,
    pub(super) assumption: Assumption,
}

/// Where a request comes in.
pub(super) struct Entered<'e> {
    pub(super) proxy: usize,
    pub(super) host: &'e str,
    pub(super) assumption: &'e Assumption,
}

/// Nothing is assumed.
static NOTHING: Assumption = Assumption::nothing();

impl Entrances {
    pub(super) fn of(configuration: &Configuration) -> Self {
        let of_proxy = |proxy: &Proxy| Entrance {
            proxy: number(configuration, proxy),
            label: host_label(&proxy.name, proxy.at),
            hosts: hosts(configuration, proxy),
            is_tls: proxy.is_tls,
            is_about_cors: is_about_cors(configuration, proxy),
        };
        Self { all: candidates(configuration).into_iter().map(of_proxy).collect(), made_up: Vec::new() }
    }

    /// The proxy that a request comes to, the host that its rules see, and what is assumed.
    pub(super) fn find<'e>(&'e self, host: &'e str, scheme: &str) -> Option<Entered<'e>> {
        let made_up = self.made_up.iter().find(|made_up| made_up.asked == host);
        let (host, assumption, proxy) = match made_up {
            Some(made_up) => (made_up.host.as_str(), &made_up.assumption, made_up.proxy),
            None => (host, &NOTHING, None),
        };
        let proxy = proxy.or_else(|| self.frontend(host, scheme))?;
        Some(Entered { proxy, host, assumption })
    }

    fn frontend(&self, host: &str, scheme: &str) -> Option<usize> {
        let names_host = |entrance: &&Entrance| entrance.hosts.iter().any(|named| named == host);
        let serves = |entrance: &&Entrance| entrance.is_tls == (scheme == "https");
        let all = || self.all.iter();
        let found = all()
            .filter(names_host)
            .find(serves)
            .or_else(|| all().find(names_host))
            .or_else(|| all().find(|entrance| entrance.is_about_cors))
            .or(self.all.first())?;
        Some(found.proxy)
    }

    /// The host of a place as the file writes it, if it writes one.
    pub(super) fn written<'h>(&'h self, host: &'h str) -> Option<&'h str> {
        match self.made_up.iter().find(|made_up| made_up.asked == host) {
            Some(made_up) => made_up.written.as_deref(),
            None => Some(host),
        }
    }

    pub(super) fn label(&self, proxy: usize) -> Option<&str> {
        self.all.iter().find(|entrance| entrance.proxy == proxy).map(|entrance| entrance.label.as_str())
    }
}

pub(super) fn number(configuration: &Configuration, proxy: &Proxy) -> usize {
    configuration.proxies.iter().position(|other| std::ptr::eq(other, proxy)).unwrap_or_default()
}

/// The proxies that take connections; if there are none, because the file is only a part, all.
pub(super) fn candidates(configuration: &Configuration) -> Vec<&Proxy> {
    let leads_to_http = |proxy: &Proxy| {
        let backend = proxy.default_backend.as_ref();
        let mut backends = configuration.proxies.iter().filter(|other| other.has_servers);
        backends.find(|other| Some(&other.name) == backend).is_some_and(|other| other.is_http)
    };
    let is_taker = |proxy: &&Proxy| proxy.takes_connections && (proxy.is_http || leads_to_http(proxy));
    let takers: Vec<&Proxy> = configuration.proxies.iter().filter(is_taker).collect();
    let mut all = if takers.is_empty() { configuration.proxies.iter().collect() } else { takers };
    all.truncate(MOST_PLACES);
    all
}

/// The frontend that is meant if nothing else is said: the first that has to do with CORS.
pub(super) fn main<'l, 'c>(
    configuration: &Configuration,
    candidates: &'l [&'c Proxy],
) -> Option<&'l &'c Proxy> {
    candidates.iter().find(|proxy| is_about_cors(configuration, proxy)).or(candidates.first())
}

/// Whether a frontend, or something that it sends requests to, has rules about CORS.
pub(super) fn is_about_cors(configuration: &Configuration, frontend: &Proxy) -> bool {
    // A name that is computed can be of each backend.
    let leads_to = |name: &str| {
        let chosen = frontend.use_backend.iter().map(|choice| choice.name.literal());
        frontend.default_backend.as_deref() == Some(name)
            || chosen.into_iter().any(|chosen| chosen.is_none_or(|chosen| chosen == name))
    };
    frontend.is_about_cors()
        || configuration
            .proxies
            .iter()
            .any(|proxy| proxy.has_servers && proxy.is_about_cors() && leads_to(&proxy.name))
}

/// The hosts that a frontend's conditions name.
fn hosts(configuration: &Configuration, frontend: &Proxy) -> Vec<String> {
    let subjects = Subjects::of(configuration, frontend);
    let conditions = frontend.use_backend.iter().filter_map(|choice| choice.condition.as_ref());
    let conditions = conditions.chain(frontend.rules().filter_map(|rule| rule.condition.as_ref()));
    let found =
        conditions.flat_map(|condition| in_condition(&subjects, condition, frontend, frontend.at, &[]));
    found.filter_map(|part| Some(part.host?.name)).collect()
}

/// The name of a frontend as a part of a host.
pub(super) fn host_label(name: &str, at: At) -> String {
    let label: String = name
        .chars()
        .take(40)
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' })
        .collect();
    let label = label.trim_matches('-').to_owned();
    if label.is_empty() { format!("line-{}", at.line) } else { label }
}
