//! The parts of a configuration whose answers can differ: sites, and what is inside of them for some paths or hosts.

use super::matcher::{Condition, Matcher};
use super::pattern::matches_path;
use super::route::{Handler, Route};
use super::site::{Configuration, Site};
use crate::example::example;
use crate::files::At;
use crate::server::Place;

const MOST_PLACES: usize = 200;

pub(super) fn places(configuration: &Configuration) -> Vec<Place> {
    let mut found: Vec<Part> = Vec::new();
    let mut sites: Vec<&Site> = configuration.sites.iter().collect();
    sites.sort_by_key(|site| site.at);
    for site in sites {
        if found.len() >= MOST_PLACES {
            break;
        }
        let path = site.addresses.iter().map(|address| &address.path).find(|path| !path.is_empty());
        let whole = Part {
            host: named(site.addresses.iter().map(|address| &address.host)),
            prefix: path.map_or(String::new(), |path| path.trim_end_matches(['*', '/']).to_owned()),
            patterns: Vec::new(),
            excluded: Vec::new(),
            more: None,
            stripped: String::new(),
            at: site.at,
        };
        if site.only_redirects() {
            continue;
        }
        let has_own = site.routes.iter().any(|route| route.is_about_cors && !is_narrowed(route));
        if has_own {
            found.push(whole.clone());
        }
        walk(&site.routes, &whole, has_own, configuration, &mut found);
        for route in &site.errors {
            // What is only for errors makes no place of its own, unless nothing else is there.
            if route.routes.iter().any(|route| route.is_about_cors)
                && !found.iter().any(|part| part.at == site.at)
            {
                found.push(whole.clone());
            }
        }
    }
    found.sort_by_key(|part| part.at);
    finished(&found)
}

/// A place before it has a name and a path.
#[derive(Clone, Debug)]
struct Part {
    host: Option<String>,
    prefix: String,
    /// The paths that it is for, one of each list.
    patterns: Vec<Vec<String>>,
    /// The paths that it is not for.
    excluded: Vec<String>,
    more: Option<String>,
    /// What `handle_path` has taken from the paths that are seen inside.
    stripped: String,
    at: At,
}

fn walk(
    routes: &[Route],
    outside: &Part,
    has_cors_outside: bool,
    configuration: &Configuration,
    found: &mut Vec<Part>,
) {
    let mut stripped = outside.stripped.clone();
    for route in routes {
        if found.len() >= MOST_PLACES {
            return;
        }
        if let Handler::StripPrefix(prefix) = &route.handler {
            if route.matcher.is_none() {
                stripped.push_str(prefix);
            }
            continue;
        }
        let outside = Part { stripped: stripped.clone(), ..outside.clone() };
        let inside = match &route.handler {
            Handler::Block(inside) => Some(&**inside),
            Handler::Invoke(name) => configuration.named_routes.get(name).map(|routes| &**routes),
            _ => None,
        };
        let matters = route.is_about_cors || (has_cors_outside && inside.is_some());
        let narrowed = route.matcher.as_deref().and_then(|matcher| narrowed(matcher, &outside, route.at));
        match (narrowed, inside) {
            (Some(part), inside) if matters => {
                if !found.iter().any(|other| other.is_same(&part)) {
                    found.push(part.clone());
                }
                if let Some(inside) = inside {
                    walk(inside, &part, has_cors_outside || route.is_about_cors, configuration, found);
                }
            }
            (None, Some(inside))
                if matters
                // The named routes invoke each other only as far as blocks go.
                && !matches!(route.handler, Handler::Invoke(_)) =>
            {
                walk(inside, &outside, has_cors_outside || route.is_about_cors, configuration, found);
            }
            _ => {}
        }
    }
}

/// Whether a route is for some paths or hosts only.
fn is_narrowed(route: &Route) -> bool {
    match &route.handler {
        _ if route.matcher.as_deref().is_some_and(narrows) => true,
        Handler::Block(inside) => inside.iter().filter(|route| route.is_about_cors).all(is_narrowed),
        _ => false,
    }
}

/// Whether a matcher is about paths or hosts.
pub(super) fn narrows(matcher: &Matcher) -> bool {
    matcher.conditions.iter().any(Condition::narrows)
}

/// The part that a matcher makes of another, if it is about paths or hosts.
fn narrowed(matcher: &Matcher, outside: &Part, at: At) -> Option<Part> {
    let mut part = Part { at, ..outside.clone() };
    let mut is_narrower = false;
    for condition in &matcher.conditions {
        match condition {
            Condition::Host(hosts) => {
                part.host = Some(named(hosts.iter().filter(|host| !host.contains('{')))?);
                is_narrower = true;
            }
            Condition::Path(paths) => {
                let patterns: Vec<String> =
                    paths.iter().map(|path| format!("{}{path}", outside.stripped)).collect();
                let [pattern, others @ ..] = &*patterns else { continue };
                match prefix(pattern) {
                    Some(prefix) => part.prefix = prefix,
                    None => {
                        part.more.get_or_insert(if pattern.contains(['*', '?', '[', '{']) {
                            format!("It is for the paths that `{pattern}` covers, and not for all that begin the same.")
                        } else {
                            format!("It is for the path `{pattern}` alone, and not for what is below it.")
                        });
                        part.prefix =
                            pattern.split('*').next().unwrap_or_default().trim_end_matches('/').to_owned();
                    }
                }
                if !others.is_empty() && !same_prefix(&patterns) {
                    part.more
                        .get_or_insert(format!("It is for more than one path: `{}`.", patterns.join("`, `")));
                }
                part.patterns.push(patterns);
                is_narrower = true;
            }
            Condition::PathExpression(named) => {
                match simple(&named.pattern) {
                    Some(literal) => {
                        let pattern = format!("{}{literal}", outside.stripped);
                        part.patterns.push(vec![pattern.clone(), format!("{pattern}/*")]);
                        part.prefix = pattern;
                    }
                    None => {
                        let why =
                            format!("The expression `{}` decides which paths it is for.", named.pattern);
                        part.more.get_or_insert(why);
                        if let Some(sample) = sample(&named.pattern) {
                            part.patterns.push(vec![format!("{}{sample}", outside.stripped)]);
                        }
                    }
                }
                is_narrower = true;
            }
            Condition::Not(inner) if narrows(inner) => {
                let excluded: Vec<String> = inner
                    .conditions
                    .iter()
                    .flat_map(|condition| match condition {
                        Condition::Path(paths) => paths.as_slice(),
                        _ => &[],
                    })
                    .map(|path| format!("{}{path}", outside.stripped))
                    .collect();
                part.more.get_or_insert(match &*excluded {
                    [] => "A `not` decides which hosts or paths it is for.".to_owned(),
                    paths => format!("It is not for `{}`.", paths.join("` and `")),
                });
                part.excluded.extend(excluded);
                is_narrower = true;
            }
            Condition::Formula(formula) if formula.narrows() => {
                part.more.get_or_insert("An expression decides which hosts or paths it is for.".to_owned());
                is_narrower = true;
            }
            _ => {}
        }
    }
    is_narrower.then_some(part)
}

/// The most hosts that are named.
const MOST_HOSTS: usize = 5;

/// The hosts with commas between them, if there are some. The first is the one that is asked for.
fn named<'h>(hosts: impl Iterator<Item = &'h String>) -> Option<String> {
    let mut hosts: Vec<String> = hosts.filter(|host| !host.is_empty()).map(|host| concrete(host)).collect();
    let mut seen = std::collections::HashSet::new();
    hosts.retain(|host| seen.insert(host.clone()));
    let more = hosts.len().saturating_sub(MOST_HOSTS);
    hosts.truncate(MOST_HOSTS);
    if more > 0 {
        hosts.push(format!("{more} more"));
    }
    (!hosts.is_empty()).then(|| hosts.join(", "))
}

/// `/api` of `/api/*` and `/api*`.
fn prefix(pattern: &str) -> Option<String> {
    let start = pattern.strip_suffix('*')?;
    (start.starts_with('/') && !start.contains(['*', '?', '[', '\\', '{']))
        .then(|| start.trim_end_matches('/').to_owned())
}

/// Whether the patterns are only the spellings of one prefix: `/api` and `/api/*`.
fn same_prefix(patterns: &[String]) -> bool {
    let stem = |pattern: &String| pattern.trim_end_matches('*').trim_end_matches('/').to_owned();
    let mut stems = patterns.iter().map(stem);
    let first = stems.next();
    patterns.iter().any(|pattern| pattern.ends_with('*')) && stems.all(|other| Some(other) == first)
}

/// `/api` of `^/api(?:/|$)`, `^/api(/|$)`, `^/api/` and `^/api`.
fn simple(expression: &str) -> Option<String> {
    let rest = expression.strip_prefix('^')?;
    let rest = ["(?:/|$)", "(/|$)", "(/.*)?$", "/.*$", "/.*", ".*$", ".*", "/"]
        .iter()
        .find_map(|end| rest.strip_suffix(end))
        .unwrap_or(rest);
    let mut literal = String::new();
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => literal.push(characters.next().filter(|escaped| !escaped.is_alphanumeric())?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            literally => literal.push(literally),
        }
    }
    literal.starts_with('/').then_some(literal)
}

/// A path that an expression matches.
fn sample(expression: &str) -> Option<String> {
    let path = example(expression)?;
    Some(if path.starts_with('/') { path } else { format!("/items{path}") })
}

/// A host that a pattern is for.
fn concrete(host: &str) -> String {
    host.split('.').map(|label| if label == "*" { "any" } else { label }).collect::<Vec<_>>().join(".")
}

impl Part {
    fn is_same(&self, other: &Self) -> bool {
        self.host == other.host
            && self.prefix == other.prefix
            && self.more.is_some() == other.more.is_some()
            && self.patterns.len() == other.patterns.len()
            && self.excluded == other.excluded
    }

    fn takes(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let is_covered = |pattern: &String| matches_path(&pattern.to_ascii_lowercase(), &path);
        self.patterns.iter().all(|patterns| patterns.iter().any(is_covered))
            && !self.excluded.iter().any(is_covered)
    }

    /// A path that is for this part, and for no smaller one.
    fn path(&self, smaller: &[&Self]) -> String {
        let exact = self.patterns.last().and_then(|patterns| patterns.first());
        let base = exact.map_or_else(|| format!("{}/", self.prefix), |pattern| pattern.replace('*', ""));
        let candidates = [
            format!("{}/", self.prefix),
            self.prefix.clone(),
            format!("{}/items", self.prefix),
            base.clone(),
            format!("{base}items"),
            exact.map_or(String::new(), |pattern| pattern.replace('*', "items")),
            exact.map_or(String::new(), |pattern| format!("/{}", pattern.replace('*', "items"))),
            format!("{}/items-1", self.prefix),
        ];
        let fits = |path: &&String| {
            path.starts_with('/') && self.takes(path) && !smaller.iter().any(|part| part.takes(path))
        };
        candidates
            .iter()
            .find(fits)
            .cloned()
            .unwrap_or_else(|| if base.starts_with('/') { base } else { "/".to_owned() })
    }
}

fn finished(parts: &[Part]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for part in parts {
        let smaller: Vec<&Part> = parts
            .iter()
            .filter(|other| other.host == part.host && !other.is_same(part) && !other.patterns.is_empty())
            .filter(|other| {
                other.prefix.len() > part.prefix.len() || other.patterns.len() > part.patterns.len()
            })
            .collect();
        let name = name(part, &places);
        places.push(Place {
            name,
            host: part.host.clone(),
            path: part.path(&smaller),
            prefix: (!part.prefix.is_empty()).then(|| part.prefix.clone()),
            is_more_than_prefix: part.more.clone(),
            at: part.at,
        });
    }
    places
}

fn name(part: &Part, places: &[Place]) -> String {
    let host = part.host.as_deref().and_then(|host| host.split(", ").next()).unwrap_or_default();
    let text = format!("{host}{}", part.prefix);
    let words: Vec<&str> =
        text.split(|each: char| !each.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() { "site".to_owned() } else { words.join("-") };
    let is_free = |name: &String| places.iter().all(|place| place.name != *name);
    let numbered = (2..).map(|number: usize| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or(name)
}
