//! Notes that no request can bring to light.

use std::collections::HashSet;

use super::build::says_cors;
use super::expression::Expression;
use super::model::{AddHeader, Block, Condition, Configuration, Key, Level, Paths, Step};
use super::places::says;
use super::variables::is_built_in;
use crate::files::At;
use crate::headers::is_of_cors;
use crate::note::{NoteKind, Noted};

/// The most notes of one kind.
const MOST: usize = 100;

pub(super) fn add(configuration: &mut Configuration) {
    let mut notes = Vec::new();
    let (for_methods, defined) = (for_methods(configuration), defined(configuration));
    for level in configuration.levels.iter().filter(|level| !level.add_headers.is_empty()) {
        notes.extend(lost(configuration, &for_methods, level));
        notes.extend(unknown_variables(&defined, level));
    }
    for level in configuration.levels.iter().filter(|level| level.falls_back() && level.content.is_none()) {
        notes.extend(without_try_files(configuration, level));
    }
    let mut expressions = Vec::new();
    for location in &configuration.locations {
        let says = configuration.levels.get(location.level).is_some_and(says_cors);
        if let Paths::Expression(expression) = &location.paths
            && says
        {
            expressions.push((expression, location.at));
        }
    }
    for level in &configuration.levels {
        of_steps(&level.steps, &mut expressions);
    }
    for (expression, at) in expressions.into_iter().take(MOST.saturating_mul(20)) {
        notes.extend(not_compiled(expression, at));
    }
    for map in configuration.maps.values() {
        for entry in map.entries.iter().take(MOST.saturating_mul(20)) {
            let Key::Expression { text, ignores_case } = &entry.key else { continue };
            if map.source.variables().any(|name| name == "http_origin") {
                notes.extend(not_compiled(&Expression::new(text, *ignores_case), entry.at));
            }
        }
    }
    notes.truncate(MOST);
    configuration.notes.extend(notes);
    configuration.notes.sort_by_key(|note| note.at);
}

fn of_steps<'s>(steps: &'s [Step], expressions: &mut Vec<(&'s Expression, At)>) {
    for step in steps {
        if let Step::If { condition, steps, at, .. } = step {
            if let Condition::Matches { left, expression, .. } = condition
                && left.variables().any(|name| name.contains("origin"))
            {
                expressions.push((expression, *at));
            }
            of_steps(steps, expressions);
        }
    }
}

fn not_compiled(expression: &Expression, at: At) -> Option<Noted> {
    (!expression.is_known()).then(|| {
        let message = format!(
            "The expression `{}` cannot be read here: it is invalid, too large, or looks around or back, as `(?!...)` and `\\1` do. What it matches is \
             left out.",
            expression.text
        );
        Noted::new(NoteKind::NotExpressible, "line-not-read", at, message)
    })
}

/// Headers of CORS that a block loses because it has an `add_header` of its own.
fn lost(configuration: &Configuration, for_methods: &HashSet<At>, level: &Level) -> Option<Noted> {
    let around = level.around?;
    let first = level.add_headers.first()?;
    let (block, at) = match level.block {
        // What an `if` for a method answers is asked for.
        Block::If if !for_methods.contains(&level.at) => ("`if`", first.at),
        Block::Server => ("`server`", first.at),
        // The line of the place: what asking finds has the same.
        Block::Location => ("`location`", level.at),
        Block::If | Block::Http | Block::LimitExcept => return None,
    };
    let inherits = configuration.innermost(around, |level| level.inherits).or(level.inherits);
    let is_closed = configuration.innermost(around, |level| level.denies).or(level.denies);
    if inherits.is_some() || matches!(is_closed, Some((true, _))) {
        return None;
    }
    let mut of_cors = configuration.add_headers(around);
    of_cors.retain(|header| is_of_cors(&header.name));
    let lost = match of_cors.iter().find(|header| is_allow_origin(&header.name)) {
        // Whatever else the block has, nobody may read without it.
        Some(header) => (!sends(configuration, level, &is_allow_origin)).then_some(*header),
        // What is around can only be meant for answers that have it.
        None if sends(configuration, level, &is_allow_origin) => {
            let is_missing = |header: &&&AddHeader| {
                !sends(configuration, level, &|name| name.eq_ignore_ascii_case(&header.name))
            };
            of_cors.iter().find(is_missing).copied()
        }
        None => of_cors.first().filter(|_| !says(configuration, level)).copied(),
    }?;
    let message = format!(
        "This {block} has an `add_header` of its own, `{}`, so it loses all of those around it: `{}` of line {} is not sent here.",
        first.name, lost.name, lost.at.line
    );
    let instead = format!("Repeat the lines with the headers of CORS inside of this {block}.");
    Some(Noted::new(NoteKind::Dead, "headers-lost", at, message).instead(instead))
}

fn is_allow_origin(name: &str) -> bool {
    name.eq_ignore_ascii_case("access-control-allow-origin")
}

/// Whether a block sends a header itself, in an `if` as well.
fn sends(configuration: &Configuration, level: &Level, is_it: &dyn Fn(&str) -> bool) -> bool {
    fn in_steps(configuration: &Configuration, steps: &[Step], is_it: &dyn Fn(&str) -> bool) -> bool {
        steps.iter().any(|step| match step {
            Step::If { level, steps, .. } => {
                let own = level.and_then(|level| configuration.levels.get(level));
                own.is_some_and(|own| own.add_headers.iter().any(|header| is_it(&header.name)))
                    || in_steps(configuration, steps, is_it)
            }
            _ => false,
        })
    }
    let more = level.more_headers.iter().flat_map(|more| &more.headers);
    level.add_headers.iter().any(|header| is_it(&header.name))
        || more.into_iter().any(|header| is_it(&header.name))
        || in_steps(configuration, &level.steps, is_it)
}

/// Each `if` about origins for which the `try_files` of its location is not in force.
fn without_try_files(configuration: &Configuration, location: &Level) -> Vec<Noted> {
    let Some(tried) = &location.try_files else { return Vec::new() };
    let lost = location.steps.iter().filter_map(|step| {
        let Step::If { condition, level, steps, at } = step else { return None };
        let block = configuration.levels.get((*level)?)?;
        let is_about_cors = says(configuration, block)
            || super::path_conditions::variables(condition).iter().any(|name| name.contains("origin"));
        let goes_on = steps.iter().all(|step| matches!(step, Step::Set { .. }));
        (is_about_cors && goes_on && block.content.is_none()).then(|| {
            let message = format!(
                "An `if` does not have the `try_files` of its location: whoever this `if` is for gets 404 where there is no file, instead of what line {} says.",
                tried.at.line
            );
            Noted::new(NoteKind::Dead, "without-effect", *at, message).instead(
                "Let a `map` choose the value from `$http_origin`, and send it with one `add_header` outside of any `if`.",
            )
        })
    });
    lost.collect()
}

/// The places of each `if` that is for a method: what it answers is asked for.
fn for_methods(configuration: &Configuration) -> HashSet<At> {
    let steps = configuration.levels.iter().flat_map(|level| &level.steps);
    let places = steps.filter_map(|step| match step {
        Step::If { condition: Condition::Is { left, .. } | Condition::Matches { left, .. }, at, .. } => {
            (left.only_variable() == Some("request_method")).then_some(*at)
        }
        _ => None,
    });
    places.collect()
}

/// Variables in the headers of CORS that nothing defines.
fn unknown_variables(defined: &HashSet<String>, level: &Level) -> Vec<Noted> {
    let headers = level.add_headers.iter().filter(|header| is_of_cors(&header.name));
    let unknown = headers.flat_map(|header| {
        let names = header.value.variables().filter(|name| !defined.contains(*name) && !is_built_in(name));
        names.map(|name| {
            let message = format!(
                "`${name}` gets its value outside of these files, or from a module, so it is read as empty: `{}` is not sent.",
                header.name
            );
            Noted::new(NoteKind::NotExpressible, "line-not-read", header.at, message)
        })
    });
    unknown.collect()
}

/// The names of all variables that the files define.
fn defined(configuration: &Configuration) -> HashSet<String> {
    let mut defined: HashSet<String> = configuration.maps.keys().cloned().collect();
    for map in configuration.maps.values() {
        defined.extend(
            map.expressions
                .iter()
                .filter(|(expression, _)| has_names(expression))
                .flat_map(|(expression, _)| expression.names()),
        );
    }
    for location in &configuration.locations {
        if let Paths::Expression(expression) = &location.paths
            && has_names(expression)
        {
            defined.extend(expression.names());
        }
    }
    for level in &configuration.levels {
        add_set(&level.steps, &mut defined);
    }
    for unknown in &configuration.unknown {
        defined.remove(unknown);
    }
    defined
}

/// Most have none, and need not be compiled to find that out.
fn has_names(expression: &Expression) -> bool {
    expression.text.contains("(?<") || expression.text.contains("(?P<")
}

fn add_set(steps: &[Step], defined: &mut HashSet<String>) {
    for step in steps {
        match step {
            Step::Set { name, .. } => {
                defined.insert(name.clone());
            }
            Step::If { condition, steps, .. } => {
                if let Condition::Matches { expression, .. } = condition
                    && has_names(expression)
                {
                    defined.extend(expression.names());
                }
                add_set(steps, defined);
            }
            Step::Return { .. } | Step::Rewrite { .. } | Step::Break => {}
        }
    }
}
