//! The parts of a configuration: what routers are for.

use super::rule::Rule;
use super::{Configuration, Router};
use crate::example::example;
use crate::server::Place;

const MOST_PLACES: usize = 200;
/// The most hosts that are named beside the first.
const MOST_HOSTS: usize = 5;

/// The path of a router that is made up for a middleware.
pub(super) fn made_up(name: &str) -> String {
    format!("/-/{name}/")
}

pub(super) fn places(configuration: &Configuration) -> Vec<Place> {
    let mut routers: Vec<&Router> = configuration.routers.iter().collect();
    routers.sort_by_key(|router| router.at);
    let parts: Vec<(&Router, Part)> = routers.iter().map(|router| (*router, Part::of(router))).collect();
    let about: Vec<&Part> = parts
        .iter()
        .filter(|(router, _)| configuration.is_about_cors(router))
        .map(|(_, part)| part)
        .collect();
    let mut places: Vec<Place> = Vec::new();
    for (router, part) in &parts {
        if places.len() >= MOST_PLACES {
            break;
        }
        let is_inside = about.iter().take(MOST_PLACES).any(|outer| outer.contains(part));
        if !is_inside || places.iter().any(|place| part.is(place)) {
            continue;
        }
        let name = name(&router.name, &places);
        let path = match part.path.as_deref() {
            _ if router.is_made_up => match &router.rule {
                Rule::PathPrefix(path) => path.clone(),
                _ => "/".to_owned(),
            },
            Some(path) => path.to_owned(),
            None => outside_of(&parts, part),
        };
        places.push(Place {
            name,
            host: part.hosts(),
            path,
            prefix: part.prefix.clone(),
            is_more_than_prefix: part.more.clone(),
            at: router.at,
        });
    }
    places
}

/// Returns `true` if the place stands for this router, alone or among others.
pub(super) fn is_for(router: &Router, place: &Place) -> bool {
    router.at == place.at || (!router.is_made_up && Part::of(router).is(place))
}

#[derive(Debug, Default)]
struct Part {
    host: Option<String>,
    /// Other hosts that it is for.
    other_hosts: Vec<String>,
    prefix: Option<String>,
    /// A path in it.
    path: Option<String>,
    more: Option<String>,
}

impl Part {
    fn of(router: &Router) -> Self {
        let mut part = Self::default();
        if !router.is_made_up {
            part.narrow(&router.rule);
        }
        part
    }

    fn narrow(&mut self, rule: &Rule) {
        match rule {
            Rule::All(rules) => rules.iter().for_each(|rule| self.narrow(rule)),
            Rule::Any(rules) => self.narrow_by_one(rules),
            Rule::Host(host) if host != "*" => {
                self.host = Some(host.replace('*', "any").to_ascii_lowercase());
            }
            Rule::PathPrefix(prefix) => self.below(prefix),
            Rule::Path(path) => {
                self.prefix = Some(path.trim_end_matches('/').to_owned()).filter(|path| !path.is_empty());
                self.path = Some(path.clone());
                self.more.get_or_insert(format!(
                    "The rule is for the path `{path}` alone, and not for what is below it."
                ));
            }
            Rule::PathExpression { pattern, .. } => {
                self.more.get_or_insert(format!("The expression `{pattern}` decides which paths it is for."));
                let path = example(pattern);
                self.path =
                    path.map(|path| if path.starts_with('/') { path } else { format!("/items{path}") });
            }
            Rule::HostExpression { pattern, .. } => {
                self.more.get_or_insert(format!("The expression `{pattern}` decides which hosts it is for."));
                self.host = example(pattern).filter(|host| !host.is_empty());
            }
            Rule::Not(inside) => {
                let about = inside.about();
                if !about.is_empty() {
                    self.more.get_or_insert(format!("It is not for `{}`.", about.join("` and `")));
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, prefix: &str) {
        let trimmed = prefix.trim_end_matches('/');
        if !trimmed.is_empty() {
            self.prefix = Some(trimmed.to_owned());
            self.path = Some(format!("{trimmed}/"));
        }
    }

    /// One of several: the first stands for all, and paths have to be spellings of one.
    fn narrow_by_one(&mut self, rules: &[Rule]) {
        let stem = |rule: &Rule| match rule {
            Rule::Path(path) | Rule::PathPrefix(path) => Some(path.trim_end_matches('/').to_owned()),
            _ => None,
        };
        let stems: Vec<_> = rules.iter().map(stem).collect();
        let is_one = stems.windows(2).all(|pair| pair.first() == pair.last());
        match (stems.first(), rules.first()) {
            (Some(Some(prefix)), _) if is_one => self.below(prefix),
            (_, Some(first)) => {
                let mut one = Self::default();
                one.narrow(first);
                let paths = one.prefix.is_some();
                if one.host.is_some() {
                    let host = |rule: &Rule| match rule {
                        Rule::Host(host) => Some(host.replace('*', "any").to_ascii_lowercase()),
                        _ => None,
                    };
                    self.other_hosts = rules.iter().skip(1).filter_map(host).take(MOST_HOSTS).collect();
                    self.more = self.more.take().or(one.more.take());
                }
                self.host = one.host.or_else(|| self.host.take());
                if paths {
                    self.prefix = one.prefix;
                    self.path = one.path;
                    self.more.get_or_insert("The rule is for more than one path.".to_owned());
                }
            }
            _ => {}
        }
    }

    /// The hosts with commas between them. The first is the one that is asked for.
    fn hosts(&self) -> Option<String> {
        let hosts: Vec<&str> = self.host.iter().chain(&self.other_hosts).map(String::as_str).collect();
        (!hosts.is_empty()).then(|| hosts.join(", "))
    }

    fn contains(&self, other: &Self) -> bool {
        let is_below = |outer: &str, inner: &str| inner == outer || inner.starts_with(&format!("{outer}/"));
        (self.host.is_none() || self.host == other.host)
            && match (&self.prefix, &other.prefix) {
                (None, _) => true,
                (Some(outer), Some(inner)) => is_below(outer, inner),
                (Some(_), None) => false,
            }
    }

    fn is(&self, place: &Place) -> bool {
        place.host == self.hosts()
            && place.prefix == self.prefix
            && place.is_more_than_prefix == self.more
            && !place.path.starts_with("/-/")
    }
}

/// A path that no other router of the host takes.
fn outside_of(parts: &[(&Router, Part)], part: &Part) -> String {
    let is_taken = |path: &str| {
        parts.iter().any(|(_, other)| {
            let same_host = other.host.is_none() || other.host == part.host;
            same_host && other.prefix.as_deref().is_some_and(|prefix| path.starts_with(prefix))
        })
    };
    ["/", "/items", "/-/items"].into_iter().find(|path| !is_taken(path)).unwrap_or("/").to_owned()
}

fn name(text: &str, places: &[Place]) -> String {
    let words: Vec<&str> =
        text.split(|each: char| !each.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() { "router".to_owned() } else { words.join("-") };
    let is_free = |name: &String| places.iter().all(|place| place.name != *name);
    let numbered = (2..).map(|number: usize| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or(name)
}
