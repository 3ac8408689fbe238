//! The parts of a configuration whose answers can differ, and the origins that it names.

use corsac::header::HeaderList;

use super::configuration::{Action, Configuration, HeaderCondition, PathMatch, Route, VirtualHost};
use super::exchange::arrive;
use crate::example::example;
use crate::server::{Asked, Behind, Mention, Mentioned, Place};

/// The most places of a configuration.
const MOST_PLACES: usize = 200;
/// The most routes that are tried.
const MOST_ATTEMPTS: usize = 2_000;
const ANY_HOST: &str = "server.example";

/// All places: the paths of the routes of each virtual host that has to do with CORS.
pub(super) fn places(configuration: &Configuration) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut attempts = 0_usize;
    for table in configuration.tables.iter().filter(|table| table.is_about_cors()) {
        let is_for_all = table.headers.is_about_cors() || table.policy.is_some();
        for host in table.hosts.iter().filter(|host| is_for_all || host.is_about_cors()) {
            let Some(name) = host_of(host) else { continue };
            for route in &host.routes {
                attempts = attempts.saturating_add(1);
                if places.len() >= MOST_PLACES || attempts > MOST_ATTEMPTS {
                    return places;
                }
                let Some(place) = place(host, name.clone(), route) else { continue };
                let is_new = places.iter().all(|known| known.host != place.host || known.path != place.path);
                if is_new && arrives(configuration, host, &place) {
                    places.push(place);
                }
            }
        }
    }
    places
}

fn place(host: &VirtualHost, name: Option<String>, route: &Route) -> Option<Place> {
    let (path, prefix, is_more_than_prefix) = match &route.path {
        PathMatch::Any => ("/".to_owned(), None, None),
        PathMatch::Prefix(prefix) => (prefix.clone(), Some(prefix), None),
        PathMatch::Segments(prefix) => (prefix.clone(), Some(prefix), None),
        PathMatch::Whole(whole) => {
            (whole.clone(), Some(whole), Some(format!("Only the path `{whole}` itself is meant.")))
        }
        PathMatch::Expression(expression) => {
            let literal: String = expression
                .text
                .trim_start_matches('^')
                .chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '-' | '_'))
                .collect();
            let ends = ["", "/", "1", "x", "/x", "1/", "/1/", "1/x", "/1/x", "v1/x"];
            let tried = ends.iter().map(|end| format!("{literal}{end}")).chain(example(&expression.text));
            let path = tried.into_iter().find(|path| path.starts_with('/') && expression.fits(path))?;
            let why = format!("Paths that the regular expression `{}` matches are meant.", expression.text);
            (path, None, Some(why))
        }
    };
    let prefix =
        prefix.map(|prefix| prefix.trim_end_matches('/').to_owned()).filter(|prefix| !prefix.is_empty());
    let named = if route.name.is_empty() { &host.name } else { &route.name };
    let name_of_place =
        named.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    path.starts_with('/').then_some(Place {
        name: name_of_place,
        host: name,
        path,
        prefix,
        is_more_than_prefix,
        at: route.at,
    })
}

/// A host of a virtual host: `Some(None)` if it is for any.
fn host_of(host: &VirtualHost) -> Option<Option<String>> {
    if host.domains.iter().any(|domain| domain == "*") {
        return Some(None);
    }
    host.domains.iter().find_map(|domain| Some(Some(host_for(domain)?)))
}

/// A host that a domain stands for.
fn host_for(domain: &str) -> Option<String> {
    let bare = domain.rsplit_once(':').map_or(domain, |(name, _)| name);
    let name = match (bare.strip_prefix('*'), bare.strip_suffix('*')) {
        (Some(end), _) => format!("www{end}"),
        (_, Some(beginning)) => format!("{}.example", beginning.trim_end_matches('.')),
        _ => bare.to_owned(),
    };
    let is_host = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    is_host.then_some(name)
}

/// The domain that the host of a place stands for.
pub(super) fn written_host<'c>(configuration: &'c Configuration, place: &Place) -> Option<&'c str> {
    let hosts = configuration.tables.iter().flat_map(|table| &table.hosts);
    let mut domains = hosts.flat_map(|host| &host.domains).map(String::as_str);
    domains.find(|domain| host_for(domain) == place.host)
}

/// Whether a request of a page gets to a route of the virtual host there.
fn arrives(configuration: &Configuration, host: &VirtualHost, place: &Place) -> bool {
    let behind = Behind::answers(200);
    let headers = HeaderList::new();
    let name = place.host.as_deref().unwrap_or(ANY_HOST);
    let asked = Asked {
        method: "GET",
        scheme: "https",
        host: name,
        path: &place.path,
        headers: &headers,
        behind: &behind,
    };
    arrive(configuration, &asked).is_some_and(|arrived| {
        let is_answer = arrived.route.is_some_and(|route| !matches!(route.action, Action::Redirect(_)));
        is_answer && std::ptr::eq(arrived.host, host)
    })
}

/// The origins that a configuration names.
pub(super) fn mentions(configuration: &Configuration) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for table in &configuration.tables {
        for matcher in table.all_policies().flat_map(|policy| &policy.origins) {
            mentions.extend(matcher.mentioned().map(|what| Mention { what, at: matcher.at }));
        }
        for condition in
            table.hosts.iter().flat_map(|host| &host.routes).flat_map(|route| &route.headers_match)
        {
            if let ("origin", HeaderCondition::Text(matcher)) = (condition.name.as_str(), &condition.what) {
                mentions.extend(matcher.mentioned().map(|what| Mention { what, at: matcher.at }));
            }
        }
        for added in table.all_headers().flat_map(|headers| &headers.add) {
            let is_literal = added.name == "access-control-allow-origin" && !added.value.contains('%');
            if is_literal && added.value != "*" {
                let what = Mentioned::Text { text: added.value.clone(), ignores_case: false };
                mentions.push(Mention { what, at: added.at });
            }
        }
    }
    mentions.sort_by_key(|mention: &Mention| mention.at);
    mentions.dedup();
    mentions
}
