//! Lines about CORS that no request gets, and errors that get the page of another location: what is found by sending requests through.

use std::collections::{HashMap, HashSet};

use super::build::says_cors;
use super::model::{AddHeader, Block, Condition, Configuration, Level, Paths, Step};
use super::path_conditions::variables;
use super::places;
use super::probe::Probes;
use super::run::FILE;
use crate::files::At;
use crate::headers::is_of_cors;
use crate::note::{NoteKind, Noted};

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// The variables that the requests show all values of.
const ASKED: &[&str] = &["http_origin", "request_method"];

pub(super) fn notes(configuration: &Configuration) -> Vec<Noted> {
    let probes = Probes::new(configuration);
    let mut seen = Seen::default();
    let mut notes = Vec::new();
    for place in places::of(configuration) {
        let host = place.host.as_deref().unwrap_or("server.example");
        let Some((server, _)) = configuration.server("https", host) else { continue };
        let Some(server) = configuration.servers.get(server) else { continue };
        for origin in &probes.origins {
            for method in METHODS {
                let probed = probes.ask(server, &place.path, method, origin.as_deref(), 200);
                // A file can have what nothing else has: that is not what most lines are for.
                if let Some(probed) = probed.filter(|_| !place.path.ends_with(FILE)) {
                    seen.add(probed.level, &probed.entered);
                }
            }
            let good = probes.ask(server, &place.path, "GET", origin.as_deref(), 200);
            for status in [404, 500] {
                let failed = probes.ask(server, &place.path, "GET", origin.as_deref(), status);
                if let (Some(good), Some(failed)) = (&good, &failed)
                    && failed.status >= 400
                {
                    notes.extend(page_without_headers(configuration, good.level, failed.level));
                }
            }
        }
    }
    if probes.are_complete {
        notes.extend(without_effect(configuration, &seen));
    }
    notes
}

/// What became of the `if` blocks.
#[derive(Default)]
struct Seen {
    in_force: HashSet<usize>,
    /// Those whose conditions were true, with the block that was in force in the end.
    replaced_by: HashMap<usize, usize>,
    /// The blocks that a request came to.
    asked: HashSet<usize>,
}

impl Seen {
    fn add(&mut self, level: usize, entered: &[usize]) {
        self.in_force.insert(level);
        for entered in entered.iter().filter(|entered| **entered != level) {
            self.replaced_by.insert(*entered, level);
        }
        self.asked.extend(entered.iter().copied().chain([level]));
    }
}

/// Headers of CORS in `if` blocks that are never in force.
fn without_effect(configuration: &Configuration, seen: &Seen) -> Vec<Noted> {
    let mut notes = Vec::new();
    let known = known(configuration);
    for level in configuration.levels.iter().filter(|level| level.block == Block::Location) {
        for step in &level.steps {
            let Step::If { condition, level: Some(own), at, .. } = step else { continue };
            let Some(block) = configuration.levels.get(*own).filter(|block| says_cors(block)) else {
                continue;
            };
            let Some(header) = block.add_headers.iter().find(|header| is_of_cors(&header.name)) else {
                continue;
            };
            if seen.in_force.contains(own) {
                continue;
            }
            if let Some(other) = seen.replaced_by.get(own).and_then(|other| configuration.levels.get(*other))
            {
                notes.push(replaced(header, other));
            } else if seen.is_asked(configuration, level)
                && variables(condition).into_iter().all(|name| known.contains(name))
            {
                notes.push(never_true(configuration, condition, header, *at));
            }
        }
    }
    notes
}

impl Seen {
    /// Returns `true` if a request came to this location.
    fn is_asked(&self, configuration: &Configuration, location: &Level) -> bool {
        let inside = |level: &&Level| {
            level.at == location.at
                || level
                    .around
                    .and_then(|around| configuration.levels.get(around))
                    .is_some_and(|around| level.block == Block::If && around.at == location.at)
        };
        self.asked.iter().filter_map(|level| configuration.levels.get(*level)).any(|level| inside(&level))
    }
}

fn replaced(header: &AddHeader, other: &Level) -> Noted {
    let message = format!(
        "`{}` is not sent: of several `if` blocks in a location whose conditions are true, only the last one is in force, and that is the one of line {}.",
        header.name, other.at.line
    );
    Noted::new(NoteKind::Dead, "without-effect", header.at, message).instead(
        "Let a `map` choose the value from `$http_origin`, and send it with one `add_header` outside of any `if`.",
    )
}

fn never_true(configuration: &Configuration, condition: &Condition, header: &AddHeader, at: At) -> Noted {
    let later =
        variables(condition).into_iter().find_map(|name| Some((name, set_after(configuration, name, at)?)));
    let why = match later {
        Some((name, line)) => format!(
            "these lines run in their order, and line {line} sets `${name}` only after the `if` of line {} has asked for it",
            at.line
        ),
        None => format!("no request makes the condition of the `if` of line {} true", at.line),
    };
    let message = format!("`{}` is never sent: {why}.", header.name);
    Noted::new(NoteKind::Dead, "without-effect", header.at, message)
        .instead("Move the `if` below what sets its variable, or compare what the request has itself.")
}

/// The line of the first `set` of a variable after a place.
fn set_after(configuration: &Configuration, name: &str, at: At) -> Option<usize> {
    let mut lines = Vec::new();
    each_set(configuration, &mut |set, step, _| {
        if set == name && step.file == at.file && step.line > at.line {
            lines.push(step.line);
        }
    });
    lines.into_iter().min()
}

/// Calls for each `set` of the files, with the conditions that it stands in.
fn each_set<'c>(
    configuration: &'c Configuration,
    found: &mut impl FnMut(&'c str, At, (&'c Step, &[&'c Condition])),
) {
    fn inside<'s>(
        steps: &'s [Step],
        conditions: &mut Vec<&'s Condition>,
        found: &mut impl FnMut(&'s str, At, (&'s Step, &[&'s Condition])),
    ) {
        for step in steps {
            match step {
                Step::Set { name, at, .. } => found(name, *at, (step, conditions)),
                Step::If { condition, steps, .. } => {
                    conditions.push(condition);
                    inside(steps, conditions, found);
                    conditions.pop();
                }
                Step::Return { .. } | Step::Rewrite { .. } | Step::Break => {}
            }
        }
    }
    for level in &configuration.levels {
        inside(&level.steps, &mut Vec::new(), found);
    }
}

/// The variables that only the request's method and origin decide about: what was asked shows all of their values.
fn known(configuration: &Configuration) -> HashSet<&str> {
    let reads = reads(configuration);
    let mut readers: HashMap<&str, Vec<&str>> = HashMap::new();
    for (reader, read) in &reads {
        for read in read {
            readers.entry(read).or_default().push(reader);
        }
    }
    let is_open = |name: &&str| !reads.contains_key(name) && !ASKED.contains(name);
    let mut next: Vec<&str> = readers.keys().copied().filter(is_open).collect();
    let mut unknown: HashSet<&str> = next.iter().copied().collect();
    while let Some(name) = next.pop() {
        let readers = readers.get(name).into_iter().flatten().copied();
        next.extend(readers.filter(|reader| unknown.insert(reader)));
    }
    reads.into_keys().filter(|name| !unknown.contains(name)).chain(ASKED.iter().copied()).collect()
}

/// What each variable reads, itself left out: the variables in its values, and in the conditions that its `set`s stand in.
fn reads(configuration: &Configuration) -> HashMap<&str, HashSet<&str>> {
    let mut reads: HashMap<&str, HashSet<&str>> = HashMap::new();
    each_set(configuration, &mut |name, _, (step, conditions)| {
        let Step::Set { value, .. } = step else { return };
        let of_conditions = conditions.iter().flat_map(|condition| variables(condition));
        let read = value.variables().chain(of_conditions).filter(|read| *read != name);
        reads.entry(name).or_default().extend(read);
    });
    for (name, map) in &configuration.maps {
        let values = map.entries.iter().map(|entry| &entry.value).chain([&map.source]);
        reads.insert(name, values.flat_map(super::value::Value::variables).collect());
    }
    for name in configuration.unknown.iter().map(String::as_str).chain(ASKED.iter().copied()) {
        reads.remove(name);
    }
    reads
}

/// An error whose page belongs to a location without the headers that the other answers have.
fn page_without_headers(configuration: &Configuration, good: usize, failed: usize) -> Option<Noted> {
    let is_allow_origin =
        |header: &&AddHeader| header.name.eq_ignore_ascii_case("access-control-allow-origin");
    let header = configuration.add_headers(good).into_iter().find(is_allow_origin)?;
    let has = |header: &AddHeader| header.always && is_allow_origin(&header);
    if good == failed || !header.always || configuration.add_headers(failed).into_iter().any(has) {
        return None;
    }
    let page = configuration.levels.get(failed)?;
    let location = configuration.locations.iter().find(|location| location.level == failed);
    let name = location.map_or_else(
        || "what is in no location".to_owned(),
        |location| match &location.paths {
            Paths::Named(name) => format!("`location {name}`"),
            _ => format!("`location {}`", location.written()),
        },
    );
    let error_page = configuration.innermost(good, |level| level.error_pages.first())?;
    let message = format!(
        "Errors do not have this header: by `error_page` of line {}, they have the page of {name} of line {}, and its headers. A page then sees a CORS problem, and not the error.",
        error_page.at.line, page.at.line
    );
    let instead = format!("Repeat the headers of CORS in {name}, with `always`.");
    Some(Noted::new(NoteKind::Dead, "error-without-headers", header.at, message).instead(instead))
}
