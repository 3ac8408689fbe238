//! The parts of a configuration whose headers of CORS can differ.

use super::build::says_cors;
use super::expression::Expression;
use super::model::{Condition, Configuration, Level, Location, Paths, Step, VirtualServer};
use super::path_conditions::{self, PathCondition, Tells};
use super::probe::Probes;
use super::run::FILE;
use crate::files::At;
use crate::server::Place;

/// More than are looked at.
const MOST: usize = 250;
/// The most paths that are tried to find one for each place.
const MOST_TRIES: usize = 2_000;

pub(super) fn of(configuration: &Configuration) -> Vec<Place> {
    let mut places = Vec::new();
    if !configuration.levels.iter().any(says_cors) {
        return places;
    }
    let http = configuration.levels.first().is_some_and(says_cors);
    let probes = Probes::new(configuration);
    for server in &configuration.servers {
        let before = places.len();
        let mut collector =
            Collector { configuration, server, probes: &probes, places: &mut places, tries: MOST_TRIES };
        let says = http || says_at(configuration, server.level);
        if says {
            collector.server();
        }
        collector.locations(&server.locations, says, None);
        if collector.places.len() > before {
            collector.paths_of_conditions(before);
        }
    }
    places.truncate(MOST);
    number(&mut places);
    places
}

struct Collector<'c, 'p> {
    configuration: &'c Configuration,
    server: &'c VirtualServer,
    probes: &'p Probes<'c>,
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

    /// Paths that an `if` or a map tells apart: `"~^/admin(?:/|$)"`.
    fn paths_of_conditions(&mut self, before: usize) {
        for PathCondition { tells, level, at } in path_conditions::of(self.configuration) {
            let (candidates, prefix, why) = match tells {
                Tells::Path(path) => {
                    let why = format!(
                        "Line {} is for the path `{path}` alone, and not for what begins with it.",
                        at.line
                    );
                    (vec![path.to_owned()], Some(path.to_owned()), Some(why))
                }
                Tells::Expression { text, ignores_case } => {
                    let folder = folder(text);
                    match folder.clone().or_else(|| plain_prefix(text).map(str::to_owned)) {
                        Some(path) => (vec![path.clone()], whole(&path), None),
                        None => {
                            let expression = Expression::new(text, ignores_case);
                            let sample = expression.sample().unwrap_or_default();
                            let mut paths = vec![sample.clone(), format!("/x{sample}"), format!("/{sample}")];
                            paths.retain(|path| expression.is_match(path));
                            let why = format!("Line {} is for the paths that `{text}` matches.", at.line);
                            (paths, None, Some(why))
                        }
                    }
                }
            };
            let is_here = |path: &String| {
                let found = self.configuration.location(self.server, path).location;
                let found = found.and_then(|index| self.configuration.locations.get(index));
                let stands = level.is_none_or(|level| {
                    level == self.server.level || found.is_some_and(|found| found.level == level)
                });
                stands && is_normal(path)
            };
            self.tries = self.tries.saturating_sub(candidates.len());
            let Some(path) = candidates.into_iter().find(is_here).filter(|_| self.tries > 0) else {
                continue;
            };
            if !self.places.iter().skip(before).any(|place| place.path == path) {
                self.add(path.clone(), prefix, why, &path, at);
            }
        }
    }

    fn locations(&mut self, locations: &[usize], says_around: bool, around: Option<&str>) {
        let configuration = self.configuration;
        let mut found = Vec::new();
        for index in locations {
            let Some(location) = configuration.locations.get(*index) else { continue };
            let says_itself = says_at(configuration, location.level)
                || location.limit.as_ref().is_some_and(|(_, level)| says_at(configuration, *level));
            let is_closed = location.is_internal
                || configuration
                    .innermost(location.level, |level| level.denies)
                    .is_some_and(|(denies, _)| denies);
            let path = if is_closed { None } else { self.path(*index, location, around) };
            // What it leads to may have headers: `try_files $uri @application`.
            let leads = path.as_ref().is_some_and(|path| {
                self.probes.lines(self.server, path).iter().any(|lines| !lines.is_empty())
            });
            found.push((location, path, says_itself || leads));
        }
        // What is below an open part is asked, too: nothing is inherited from there.
        let open: Vec<&str> = found
            .iter()
            .filter_map(|(location, path, says)| match &location.paths {
                Paths::Prefix { path: prefix, .. } if *says && path.is_some() => Some(prefix.as_str()),
                _ => None,
            })
            .collect();
        let is_below_open = |path: &str| open.iter().any(|open| path.starts_with(open));
        for (location, path, says) in &found {
            if self.places.len() >= MOST {
                return;
            }
            if let Some(path) = path.as_ref().filter(|path| *says || says_around || is_below_open(path)) {
                let (prefix, why) = described(location);
                let name = location.written();
                self.add(path.clone(), prefix.clone(), why, &name, location.at);
                self.files(location, path, prefix);
            }
            let prefix = match &location.paths {
                Paths::Prefix { path, .. } | Paths::Exact(path) => Some(path.as_str()),
                Paths::Expression(_) | Paths::Named(_) => around,
            };
            self.locations(&location.locations, says_around || *says, prefix);
        }
    }

    /// Files of a location, if they have other headers than what answers where there is no file.
    fn files(&mut self, location: &Location, path: &str, prefix: Option<String>) {
        let Some(level) = self.configuration.levels.get(location.level) else { return };
        let at = match &level.try_files {
            Some(tried) if level.falls_back() => tried.at,
            _ => match level.steps.iter().find_map(asks_for_files) {
                Some(at) => at,
                None => return,
            },
        };
        let file = match path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{FILE}"),
            None => return,
        };
        let found = |path: &str| self.configuration.location(self.server, path).location;
        if found(&file) == found(path)
            && self.probes.lines(self.server, &file) != self.probes.lines(self.server, path)
        {
            let why = format!(
                "Line {} tells files that are there from other paths, and they do not have the same headers of CORS.",
                at.line
            );
            let name = format!("{} files", location.written());
            self.add(file, prefix, Some(why), &name, at);
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
            is_normal(path) && self.configuration.location(self.server, path).location == Some(index)
        })
    }

    fn add(&mut self, path: String, prefix: Option<String>, why: Option<String>, location: &str, at: At) {
        let host = self.server.host();
        let server = host.as_deref().unwrap_or("server");
        let name = name(&format!("{server} {location}"));
        self.places.push(Place { name, host, path, prefix, is_more_than_prefix: why, at });
    }
}

/// The line of an `if` for files.
fn asks_for_files(step: &Step) -> Option<At> {
    match step {
        Step::If { condition: Condition::File { .. }, at, .. } => Some(*at),
        _ => None,
    }
}

fn is_normal(path: &str) -> bool {
    path.starts_with('/') && !path.contains(['?', '#']) && super::path::normalized(path) == path
}

/// A path as the beginning of others; none if that is everything.
fn whole(path: &str) -> Option<String> {
    (path != "/").then(|| path.trim_end_matches('/').to_owned()).filter(|path| !path.is_empty())
}

/// The path that a location begins with, and why it is not simply that.
fn described(location: &Location) -> (Option<String>, Option<String>) {
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
