//! Which filter a request meets: the routes of a configuration, in the order in which they are tried.

use std::collections::HashSet;
use std::rc::Rc;

use corsac::header::is_cors_header;

use super::answer::{answer, passed_on};
use super::{Application, Behaviour, Filter, Matcher, Names};
use crate::files::At;
use crate::note::Noted;
use crate::server::{Answer, Asked, Behind, Mention, Place, Server};

/// The most places.
const MOST_PLACES: usize = 200;

/// The most methods, and the most request headers, that are named.
const MOST_NAMES: usize = 100;

/// At the end of a place's path: the request has the headers that the place's route asks for, such as cookies. A preflight never has them.
const WITH_HEADERS: &str = ";corsac-with-headers";

/// A configuration that is a list of routes with filters.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    /// The first that takes a request counts.
    pub(crate) routes: Vec<Route>,
    /// The status of what no route takes; `None` if it goes on.
    pub(crate) otherwise: Option<u16>,
    /// Origins that are named outside of filters.
    pub(crate) mentions: Vec<Mention>,
    pub(crate) notes: Vec<Noted>,
    /// Codes of notes that make no sense for the product.
    pub(crate) irrelevant: &'static [&'static str],
}

/// A part of the server.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) at: At,
    /// What to call it.
    pub(crate) name: String,
    /// What it takes: a request for which one of these holds.
    pub(crate) when: Vec<When>,
    pub(crate) behaviour: Behaviour,
    /// The filters, of which the first that allows a request counts. None: the route has no CORS.
    pub(crate) filters: Vec<Rc<Filter>>,
    /// Headers that the route adds to what is behind it, before the filters: name and value.
    pub(crate) added: Vec<(String, String)>,
    /// Every request is answered with this status, because of what stands there. It has the CORS headers that are added to each response, and not
    /// those of a filter that answers preflights.
    pub(crate) fails: Option<(u16, At)>,
    /// Why it is not simply what begins with a path.
    pub(crate) is_more_than_prefix: Option<String>,
    /// The part of the configuration that it is from. Of routes from one part, those inside of another are no places.
    pub(crate) part: usize,
}

/// What a route takes.
#[derive(Clone, Debug)]
pub(crate) struct When {
    /// One of these hosts, `*.` for those below one; all if there are none.
    pub(crate) hosts: Vec<String>,
    pub(crate) path: Matcher,
    pub(crate) method: Matcher,
    /// Preflights are taken by the method that they ask for.
    pub(crate) takes_preflights: bool,
    /// What each path begins with, if `path` does not say it.
    pub(crate) begins: Option<String>,
    /// Conditions on other headers.
    pub(crate) headers: Vec<(String, Matcher)>,
}

impl When {
    /// Everything.
    pub(crate) fn always() -> Self {
        Self {
            hosts: Vec::new(),
            path: Matcher::Any,
            method: Matcher::Any,
            takes_preflights: false,
            begins: None,
            headers: Vec::new(),
        }
    }

    pub(crate) fn path(path: Matcher) -> Self {
        Self { path, ..Self::always() }
    }

    /// `has_headers` is whether the request has the headers that it asks for, beside those that are known.
    fn takes(&self, asked: &Asked<'_>, has_headers: bool) -> bool {
        let is_host = self.hosts.is_empty() || self.hosts.iter().any(|host| is_host(host, asked.host));
        let wanted = asked.header("Access-Control-Request-Method");
        let is_preflight = asked.method == "OPTIONS" && wanted.is_some() && asked.header("Origin").is_some();
        let method =
            wanted.as_deref().filter(|_| is_preflight && self.takes_preflights).unwrap_or(asked.method);
        is_host
            && self.path.matches(Some(asked.path))
            && self.method.matches(Some(method))
            && self.headers.iter().all(|(name, matcher)| {
                let is_sent = || has_headers && !is_known(name) && (!is_preflight || is_in_preflights(name));
                matcher.matches(asked.header(name).as_deref()) || is_sent()
            })
    }

    /// The path that it begins with, if it is about one.
    fn prefix(&self) -> Option<&str> {
        match &self.path {
            Matcher::Below(path) | Matcher::Prefix(path) | Matcher::Exact(path) => Some(path),
            _ => None,
        }
    }
}

/// Returns `true` for a request header that every request of a browser here carries.
fn is_known(name: &str) -> bool {
    is_cors_header(name) || name.eq_ignore_ascii_case("Origin")
}

/// Returns `true` for a request header that preflights have as well: one of the browser or of a proxy.
fn is_in_preflights(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("x-forwarded-")
        || name.starts_with("sec-")
        || ["user-agent", "accept", "accept-language", "accept-encoding", "host", "x-real-ip"]
            .contains(&&*name)
}

fn is_host(pattern: &str, host: &str) -> bool {
    let host = host.split_once(':').map_or(host, |(name, _)| name);
    match pattern.strip_prefix('*') {
        Some(suffix) => {
            host.len() > suffix.len() && host.to_ascii_lowercase().ends_with(&suffix.to_ascii_lowercase())
        }
        None => pattern.eq_ignore_ascii_case(host),
    }
}

impl Route {
    /// A route for everything.
    pub(crate) fn new(name: &str, behaviour: Behaviour, filters: Vec<Rc<Filter>>, at: At) -> Self {
        Self {
            at,
            name: name.to_owned(),
            when: vec![When::always()],
            behaviour,
            filters,
            added: Vec::new(),
            fails: None,
            is_more_than_prefix: None,
            part: 0,
        }
    }

    fn has_cors(&self) -> bool {
        !self.filters.is_empty() || self.fails.is_some()
    }

    /// Returns `true` if it can be inside of what the other takes.
    fn is_inside(&self, other: &Self) -> bool {
        self.when.iter().any(|when| other.when.iter().any(|outer| when.is_inside(outer)))
    }
}

impl When {
    fn is_inside(&self, outer: &Self) -> bool {
        let is_host = self.hosts.is_empty()
            || outer.hosts.is_empty()
            || self.hosts.iter().any(|host| outer.hosts.contains(host));
        let path = self.prefix().or(self.begins.as_deref()).unwrap_or("/");
        is_host
            && match &outer.path {
                Matcher::Any | Matcher::Everything => true,
                Matcher::Below(outer) | Matcher::Prefix(outer) => {
                    Matcher::Below(outer.clone()).matches(Some(path))
                }
                _ => false,
            }
    }
}

impl Declared {
    /// The filters, each once: a file can have a hundred thousand routes with the same long one.
    fn filters(&self) -> Vec<&Filter> {
        let mut seen = HashSet::new();
        let all = self.routes.iter().flat_map(|route| &route.filters);
        all.filter(|filter| seen.insert(Rc::as_ptr(filter))).map(Rc::as_ref).collect()
    }

    fn route(&self, asked: &Asked<'_>) -> Option<&Route> {
        let Some((before, after)) = asked.path.split_once(WITH_HEADERS) else {
            return self.first(asked, false);
        };
        let path = format!("{before}{after}");
        self.first(&Asked { path: &path, ..*asked }, true)
    }

    fn first(&self, asked: &Asked<'_>, has_headers: bool) -> Option<&Route> {
        self.routes.iter().find(|route| route.when.iter().any(|when| when.takes(asked, has_headers)))
    }

    /// A place for a route: the first of its paths that leads to it.
    fn place(&self, route: &Route) -> Option<Place> {
        let no_headers = corsac::header::HeaderList::new();
        let behind = Behind::answers(200);
        // Not everything can be asked below a single path, so that comes last.
        let is_prefix =
            |when: &&When| matches!(when.path, Matcher::Below(_) | Matcher::Prefix(_) | Matcher::Any);
        let (first, last): (Vec<&When>, Vec<&When>) = route.when.iter().partition(is_prefix);
        for when in first.into_iter().chain(last) {
            let host = when.hosts.first().map(|host| match host.strip_prefix('*') {
                Some(suffix) => format!("www{suffix}"),
                None => host.clone(),
            });
            let prefix =
                when.prefix().or(when.begins.as_deref()).filter(|path| path.starts_with('/')).unwrap_or("/");
            let inside = format!("{}/corsac", prefix.trim_end_matches('/'));
            let with_headers = format!("{prefix}{WITH_HEADERS}");
            let with_headers = if when.headers.is_empty() { prefix } else { &with_headers };
            for path in [prefix, &inside, "/", "/corsac", "/api", "/api/corsac", with_headers] {
                let asked = |method| Asked {
                    method,
                    scheme: "https",
                    host: host.as_deref().unwrap_or("server.example"),
                    path,
                    headers: &no_headers,
                    behind: &behind,
                };
                let leads =
                    |method| self.route(&asked(method)).is_some_and(|found| std::ptr::eq(found, route));
                if ["GET", "POST", "PUT", "DELETE", "PATCH"].into_iter().any(leads) {
                    let is_prefix = matches!(when.path, Matcher::Below(_) | Matcher::Prefix(_));
                    return Some(Place {
                        name: route.name.clone(),
                        host,
                        path: path.to_owned(),
                        prefix: when
                            .prefix()
                            .filter(|prefix| !matches!(*prefix, "" | "/"))
                            .map(str::to_owned),
                        is_more_than_prefix: route.is_more_than_prefix.clone().or_else(|| {
                            let is_all = is_prefix || matches!(when.path, Matcher::Any | Matcher::Everything);
                            (!is_all).then(|| "It is one path, or an expression for paths.".to_owned())
                        }),
                        at: route.at,
                    });
                }
            }
        }
        None
    }
}

impl Server for Declared {
    fn parts_inherit(&self) -> bool {
        false
    }

    fn irrelevant(&self, _place: &Place) -> &'static [&'static str] {
        self.irrelevant
    }

    fn places(&self) -> Vec<Place> {
        let with_cors: Vec<&Route> = self.routes.iter().filter(|route| route.has_cors()).collect();
        let mut names = HashSet::new();
        let is_relevant = |route: &&Route| {
            route.has_cors() || with_cors.iter().take(MOST_PLACES).any(|outer| route.is_inside(outer))
        };
        let considered = || self.routes.iter().take(MOST_PLACES.saturating_mul(5));
        let is_repeated = |route: &Route| {
            considered().any(|other| {
                other.part == route.part
                    && !std::ptr::eq(other, route)
                    && route.is_inside(other)
                    && !other.is_inside(route)
            })
        };
        let mut places: Vec<&Route> =
            considered().filter(is_relevant).filter(|route| !is_repeated(route)).collect();
        places.sort_by_key(|route| route.at);
        places
            .into_iter()
            .filter_map(|route| self.place(route))
            .take(MOST_PLACES)
            .map(|place| {
                let mut name = place.name.clone();
                let mut number = 2_usize;
                while !names.insert(name.clone()) {
                    name = format!("{}-{number}", place.name);
                    number = number.saturating_add(1);
                }
                Place { name, ..place }
            })
            .collect()
    }

    fn mentions(&self) -> Vec<Mention> {
        let allowed = self.filters().into_iter().flat_map(|filter| &filter.origins);
        let named = allowed
            .filter_map(|allowed| Some(Mention { what: allowed.mentioned.clone()?, at: allowed.at }))
            .chain(self.mentions.iter().cloned());
        let mut mentions: Vec<Mention> = Vec::new();
        let mut seen = HashSet::new();
        // Two routes may share a filter.
        for mention in named {
            if seen.insert(format!("{mention:?}")) {
                mentions.push(mention);
            }
        }
        mentions
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        let filters = self.filters();
        let of = |names: fn(&Filter) -> &Names| {
            let mut listed: Vec<String> = Vec::new();
            for filter in &filters {
                let Names::Listed { names, .. } = names(filter) else { continue };
                for name in names.iter().filter(|name| *name != "*").take(MOST_NAMES) {
                    if listed.len() < MOST_NAMES && !listed.contains(name) {
                        listed.push(name.clone());
                    }
                }
            }
            listed
        };
        (of(|filter| &filter.methods), of(|filter| &filter.headers))
    }

    fn notes(&self) -> Vec<Noted> {
        self.notes.clone()
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        match (self.route(asked), self.otherwise) {
            (Some(route @ Route { fails: Some((status, at)), .. }), _) => {
                let own = Behind { status: *status, headers: route.added.clone() };
                let filters = if route.behaviour.answers.is_none() { route.filters.as_slice() } else { &[] };
                let answered = answer(filters, &route.behaviour, &Asked { behind: &own, ..*asked });
                Answer { answered_at: Some(*at), ..answered }
            }
            (Some(route), _) if !route.added.is_empty() => {
                let mut behind = asked.behind.clone();
                behind.headers.extend(route.added.iter().cloned());
                answer(&route.filters, &route.behaviour, &Asked { behind: &behind, ..*asked })
            }
            (Some(route), _) => answer(&route.filters, &route.behaviour, asked),
            (None, Some(status)) => Answer { status, answered_at: None, lines: Vec::new() },
            (None, None) => passed_on(asked, Vec::new(), Application::Replaced),
        }
    }
}

/// A name of a policy from words of the configuration: letters, digits and `-`.
pub(crate) fn slug(words: &[&str]) -> String {
    let mut name = String::new();
    for letter in words.join("-").chars() {
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name: String = name.chars().take(60).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "server".to_owned() } else { name.to_owned() }
}
