//! Directives of a block that can never have an effect because of the order in which Caddy runs them.

use super::findings::Findings;
use super::header::Operation;
use super::matcher::{Condition, Matcher};
use super::route::{Handler, Route, is_of_cors};
use crate::note::{NoteKind, Noted};

/// The most directives of a block that are compared with each other.
const MOST_COMPARED: usize = 200;
/// The most headers that these directives set.
const MOST_SET: usize = 1_000;

/// A header of CORS that a directive sets.
struct Set<'r> {
    operation: &'r Operation,
    route: &'r Route,
    /// Of the directive.
    number: usize,
}

/// Looks at the directives of a block in the order in which they run.
pub(super) fn look(routes: &[Route], is_sorted: bool, findings: &mut Findings) {
    // Something may answer between them.
    if !is_sorted {
        return;
    }
    let headers = routes.iter().filter(|route| route.is_about_cors).take(MOST_COMPARED);
    let of_route = |(number, route)| {
        let of_cors = set_by(route).iter().filter(|operation| is_of_cors(&operation.name));
        of_cors.map(move |operation| Set { operation, route, number })
    };
    let all: Vec<Set<'_>> = headers.enumerate().flat_map(of_route).take(MOST_SET).collect();
    let mut noted = None;
    for (index, set) in all.iter().enumerate() {
        // One note for each directive.
        if noted == Some(set.number) {
            continue;
        }
        if let Some(note) = overwritten(set, all.get(index..).unwrap_or_default()) {
            findings.notes.push(note);
            noted = Some(set.number);
        }
    }
    findings.notes.extend(routes.iter().take(MOST_COMPARED).filter_map(|route| never_runs(route, routes)));
}

/// What a `header` sets at once.
fn set_by(route: &Route) -> &[Operation] {
    match &route.handler {
        Handler::Header(change) if !change.is_deferred && change.require.is_none() => &change.operations.set,
        _ => &[],
    }
}

/// A header of CORS that a later directive sets to something else.
fn overwritten(set: &Set<'_>, all: &[Set<'_>]) -> Option<Noted> {
    let Set { operation: set, route, number } = set;
    let is_same = |other: &Operation| other.name.eq_ignore_ascii_case(&set.name) && other.value != set.value;
    let is_for_all = |other: &Route| match (&other.matcher, &route.matcher) {
        (None, _) => true,
        (Some(other), Some(own)) => std::sync::Arc::ptr_eq(other, own),
        (Some(_), None) => false,
    };
    let by = all
        .iter()
        .find(|other| other.number > *number && is_same(other.operation) && is_for_all(other.route))?
        .operation;
    let order = if by.at < set.at {
        "Caddy runs what is for some paths or requests first, and what is for all of them after that, wherever they stand."
    } else {
        "The last one wins."
    };
    let why = format!(
        "`{}` is set to `{}` in line {}, so what is set here is never sent. {order}",
        set.name, by.value, by.at.line
    );
    let instead = if by.at < set.at {
        "Put each of the two into a `handle` of its own."
    } else {
        "Leave one of the two out. Several origins need a matcher each: `@a header Origin https://a.example`."
    };
    Some(Noted::new(NoteKind::Dead, "without-effect", set.at, why).instead(instead))
}

/// An answer to preflights behind directives that have answered every request before.
fn never_runs(route: &Route, routes: &[Route]) -> Option<Noted> {
    let Handler::Respond { .. } = route.handler else { return None };
    let is_for_preflights = route.matcher.as_deref().is_some_and(is_for_preflights);
    let before: Vec<&Route> = routes.iter().take_while(|other| !std::ptr::eq(*other, route)).collect();
    let all = before.iter().find(|other| other.matcher.is_none() && answers(other))?;
    let of_group = before.iter().filter(|other| other.rank == all.rank);
    let is_dead = is_for_preflights && of_group.into_iter().all(|other| answers(other));
    is_dead.then(|| {
        let name = name(all);
        let why = format!(
            "Caddy runs `respond` after `{name}`, wherever the two stand, and the `{name}` in line {} takes every request that gets there. So preflights are never answered here.",
            all.at.line
        );
        let instead = if name == "handle" {
            "Put it into a `handle` with the same matcher, before the others: `handle @preflight { respond 204 }`, in three lines.".to_owned()
        } else {
            format!("Give the `{name}` a matcher that leaves preflights out: `@rest not method OPTIONS`, and `{name} @rest`.")
        };
        Noted::new(NoteKind::Dead, "without-effect", route.at, why).instead(instead)
    })
}

/// The name of a directive that answers.
fn name(route: &Route) -> &'static str {
    match &route.handler {
        Handler::Block(_) if route.group.is_none() => "route",
        Handler::Block(_) => "handle",
        Handler::Redirect { .. } => "redir",
        Handler::Proxy { .. } => "reverse_proxy",
        Handler::Files { .. } => "file_server",
        _ => "respond",
    }
}

fn is_for_preflights(matcher: &Matcher) -> bool {
    let is_of_options = |condition: &Condition| matches!(condition, Condition::Method(methods) if methods.iter().any(|method| method == "OPTIONS"));
    matcher.conditions.iter().any(is_of_options) && !matcher.conditions.iter().any(Condition::narrows)
}

/// Whether a directive answers every request that it is for.
fn answers(route: &Route) -> bool {
    match &route.handler {
        Handler::Proxy { responses, .. } => responses.is_empty(),
        Handler::Respond { .. } | Handler::Redirect { .. } | Handler::Files { passes_on: false } => true,
        Handler::Block(inside) => inside.iter().any(|route| route.matcher.is_none() && answers(route)),
        _ => false,
    }
}
