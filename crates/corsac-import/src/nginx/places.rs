//! The parts of a configuration whose headers of CORS can differ.

use super::build::says_cors;
use super::model::{Configuration, Key, Level, Location, Paths, Step, VirtualServer};
use crate::files::At;
use crate::server::Place;

/// More than are looked at.
const MOST: usize = 250;
/// The most paths that are tried to find one for each place.
const MOST_TRIES: usize = 2_000;

pub(super) fn of(configuration: &Configuration) -> Vec<Place> {
    let http = configuration.levels.first().is_some_and(says_cors);
    let mut places = Vec::new();
    for server in &configuration.servers {
        let before = places.len();
        let mut collector = Collector { configuration, server, places: &mut places, tries: MOST_TRIES };
        let says = http || says_at(configuration, server.level);
        if says {
            collector.server();
        }
        collector.locations(&server.locations, says, None);
        if collector.places.len() > before {
            collector.paths_of_maps();
        }
    }
    places.truncate(MOST);
    number(&mut places);
    places
}

struct Collector<'c, 'p> {
    configuration: &'c Configuration,
    server: &'c VirtualServer,
    places: &'p mut Vec<Place>,
    tries: usize,
}

impl Collector<'_, '_> {
    /// What is in no location.
    fn server(&mut self) {
        let is_free = |path: &&&str| self.configuration.location(self.server, path).location.is_none();
        if let Some(path) = ["/", "/nothing-of-this-name", "/nothing-of-this-name/"].iter().find(is_free) {
            self.add((*path).to_owned(), None, None, "", self.server.at);
        }
    }

    /// Paths that a map of `$uri` tells apart: `"~^/admin(?:/|$)"`.
    fn paths_of_maps(&mut self) {
        for map in self.configuration.maps.values() {
            if !map.source.variables().any(|name| matches!(name, "uri" | "request_uri")) {
                continue;
            }
            for entry in &map.entries {
                let Key::Expression { text, .. } = &entry.key else { continue };
                if let Some(prefix) = folder(text) {
                    self.add(prefix.clone(), Some(prefix.clone()), None, &prefix, entry.at);
                }
            }
        }
    }

    fn locations(&mut self, locations: &[usize], says_around: bool, around: Option<&str>) {
        for index in locations {
            let Some(location) = self.configuration.locations.get(*index) else { continue };
            if self.places.len() >= MOST {
                return;
            }
            let says_itself = says_at(self.configuration, location.level)
                || location.limit.as_ref().is_some_and(|(_, level)| says_at(self.configuration, *level));
            let is_closed = location.is_internal
                || self
                    .configuration
                    .innermost(location.level, |level| level.denies)
                    .is_some_and(|(denies, _)| denies);
            let prefix = match &location.paths {
                Paths::Prefix { path, .. } | Paths::Exact(path) => Some(path.as_str()),
                Paths::Expression(_) | Paths::Named(_) => around,
            };
            if (says_itself || says_around)
                && !is_closed
                && let Some(path) = self.path(*index, location, around)
            {
                let (prefix, why) = described(location);
                let name = location.written();
                self.add(path, prefix, why, &name, location.at);
            }
            self.locations(&location.locations, says_around || says_itself, prefix);
        }
    }

    /// A path for which this location answers. One inside of others is best where theirs begin.
    fn path(&mut self, index: usize, location: &Location, around: Option<&str>) -> Option<String> {
        let candidates = match &location.paths {
            Paths::Exact(path) => vec![path.clone()],
            Paths::Prefix { path, .. } => {
                let folder = path.trim_end_matches('/');
                vec![
                    path.clone(),
                    format!("{folder}/"),
                    format!("{folder}/nothing-of-this-name"),
                    format!("{path}-"),
                ]
            }
            Paths::Expression(expression) => {
                let sample = expression.sample()?;
                let around = around.unwrap_or("/");
                let folder = around.trim_end_matches('/');
                vec![
                    sample.clone(),
                    format!("{folder}/x{sample}"),
                    format!("{folder}/{sample}"),
                    format!("{around}{sample}"),
                    format!("/x{sample}"),
                ]
            }
            Paths::Named(_) => Vec::new(),
        };
        self.tries = self.tries.checked_sub(candidates.len())?;
        candidates.into_iter().find(|path| {
            path.starts_with('/')
                && super::path::normalized(path) == *path
                && self.configuration.location(self.server, path).location == Some(index)
        })
    }

    fn add(&mut self, path: String, prefix: Option<String>, why: Option<String>, location: &str, at: At) {
        let host = self.server.host();
        let server = host.as_deref().unwrap_or("server");
        let name = name(&format!("{server} {location}"));
        self.places.push(Place { name, host, path, prefix, is_more_than_prefix: why, at });
    }
}

/// The path that a location begins with, and why it is not simply that.
fn described(location: &Location) -> (Option<String>, Option<String>) {
    let whole = |path: &str| {
        (path != "/").then(|| path.trim_end_matches('/').to_owned()).filter(|path| !path.is_empty())
    };
    match &location.paths {
        Paths::Prefix { path, .. } => (whole(path), None),
        Paths::Exact(path) => {
            let why = format!("`location = {path}` is for this path alone, and not for what begins with it.");
            (whole(path).or_else(|| Some(path.clone())), Some(why))
        }
        Paths::Expression(expression) => {
            if let Some(prefix) = plain_prefix(&expression.text) {
                return (whole(prefix), None);
            }
            let why =
                format!("`location {}` is for the paths that an expression matches.", location.written());
            (None, Some(why))
        }
        Paths::Named(_) => (None, None),
    }
}

/// `^/api/` is a prefix as well.
fn plain_prefix(expression: &str) -> Option<&str> {
    let path = expression.strip_prefix('^')?;
    let path = path.strip_suffix("(.*)").or_else(|| path.strip_suffix(".*")).unwrap_or(path);
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte));
    (is_plain && path.starts_with('/')).then_some(path)
}

/// The path of an expression for it and what is below it: `^/admin(?:/|$)`.
fn folder(expression: &str) -> Option<String> {
    let path = expression.strip_prefix('^')?;
    let path = path.strip_suffix("(?:/|$)").or_else(|| path.strip_suffix("(/|$)"))?.replace("\\.", ".");
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte));
    (is_plain && path.len() > 1 && path.starts_with('/')).then_some(path)
}

/// Whether a block says something about CORS, in an `if` as well.
pub(super) fn says(configuration: &Configuration, level: &Level) -> bool {
    says_cors(level) || level.steps.iter().any(|step| step_says(configuration, step))
}

fn says_at(configuration: &Configuration, level: usize) -> bool {
    configuration.levels.get(level).is_some_and(|level| says(configuration, level))
}

fn step_says(configuration: &Configuration, step: &Step) -> bool {
    let Step::If { level, steps, .. } = step else { return false };
    level.is_some_and(|level| configuration.levels.get(level).is_some_and(says_cors))
        || steps.iter().any(|step| step_says(configuration, step))
}

fn name(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|next: char| !next.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(60).collect();
    name.trim_end_matches('-').to_owned()
}

/// Two places have two names.
fn number(places: &mut [Place]) {
    let mut seen = std::collections::HashMap::<String, usize>::new();
    for place in places {
        let count = seen.entry(place.name.clone()).or_default();
        *count = count.saturating_add(1);
        if *count > 1 {
            place.name = format!("{}-{count}", place.name);
        }
    }
}
