//! Directives of a block that can never have an effect because of the order in which Caddy runs them.

use super::findings::Findings;
use super::header::Operation;
use super::matcher::{Condition, Matcher};
use super::route::{Handler, Route, is_of_cors};
use crate::note::{NoteKind, Noted};

/// The most directives of a block that are compared with each other.
const MOST_COMPARED: usize = 200;

/// Looks at the directives of a block in the order in which they run.
pub(super) fn look(routes: &[Route], is_sorted: bool, findings: &mut Findings) {
    let headers: Vec<&Route> =
        routes.iter().filter(|route| route.is_about_cors).take(MOST_COMPARED).collect();
    for (number, route) in headers.iter().enumerate() {
        let later = headers.get(number.saturating_add(1)..).unwrap_or_default();
        // Something may answer between them.
        let later = later.iter().take_while(|_| is_sorted);
        let note =
            set_by(route).iter().find_map(|set| overwritten(set, route, later.clone().copied(), is_sorted));
        findings.notes.extend(note);
    }
    if is_sorted {
        findings
            .notes
            .extend(routes.iter().take(MOST_COMPARED).filter_map(|route| never_runs(route, routes)));
    }
}

/// What a `header` sets at once.
fn set_by(route: &Route) -> &[Operation] {
    match &route.handler {
        Handler::Header(change) if !change.is_deferred && change.require.is_none() => &change.operations.set,
        _ => &[],
    }
}

/// A header of CORS that a later directive sets to something else.
fn overwritten<'r>(
    set: &Operation,
    route: &Route,
    mut later: impl Iterator<Item = &'r Route>,
    is_sorted: bool,
) -> Option<Noted> {
    let is_same = |other: &&Operation| other.name.eq_ignore_ascii_case(&set.name) && other.value != set.value;
    let is_for_all = |other: &Route| match (&other.matcher, &route.matcher) {
        (None, _) => true,
        (Some(other), Some(own)) => std::sync::Arc::ptr_eq(other, own),
        (Some(_), None) => false,
    };
    let by = later
        .find_map(|other| set_by(other).iter().find(is_same).filter(|_| is_for_all(other)))
        .filter(|_| is_of_cors(&set.name) && is_sorted)?;
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
        let why = format!(
            "Caddy runs `respond` after `handle`, wherever the two stand, and the `handle` in line {} takes every request that gets there. So preflights are never answered here.",
            all.at.line
        );
        Noted::new(NoteKind::Dead, "without-effect", route.at, why)
            .instead("Put it into a `handle` with the same matcher, before the others: `handle @preflight { respond 204 }`, in three lines.")
    })
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
