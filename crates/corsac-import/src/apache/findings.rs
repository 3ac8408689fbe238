//! What asking shows that only Apache does: values of variables that are not set, headers for preflights alone, and origins that are taken out of others.

use corsac::header::HeaderList;
use corsac::header::names::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use corsac::origin::Origin;
use corsac::server::Policy;
use corsac_verify::covered;

use super::Apache;
use super::headers::{HeaderRule, Part as Value};
use super::pattern::{Pattern, sample};
use super::site::Rulebook;
use crate::asking::STRANGER;
use crate::expression::{Expression, is_covered};
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::{Answer, Asked, Behind, Line, Mention, Mentioned, Place, Server};

/// The most questions.
const MOST_QUESTIONS: usize = 5_000;
/// The most origins that are compared with each other.
const MOST_ORIGINS: usize = 100;
/// An origin that the configuration names, or that one of its expressions matches.
struct Named {
    at: At,
    /// As it is written.
    text: String,
    origin: String,
    expression: Option<Expression>,
}

/// The notes of a configuration.
pub(super) fn notes(server: &Apache) -> Vec<Noted> {
    let named: Vec<Named> = server.mentions().into_iter().filter_map(named).take(MOST_ORIGINS).collect();
    let mut places = server.places();
    places.truncate(MOST_QUESTIONS.checked_div(named.len().saturating_add(2)).unwrap_or(1).max(1));
    let mut notes = unset_variables(server, &places, &named);
    notes.extend(only_with_options(server, &places, &named));
    notes.extend(taken_out(server, &places, &named));
    notes
}

fn named(mention: Mention) -> Option<Named> {
    let at = mention.at;
    match mention.what {
        Mentioned::Text { text, .. } => {
            let origin = Origin::parse(&text).ok()?.to_string();
            Some(Named { at, text, origin, expression: None })
        }
        Mentioned::Expression { expression, matching, ignores_case } => {
            let read = Expression::new(&expression, matching, ignores_case).ok()?;
            let of_entry = read.entries.iter().find_map(|entry| read.example(entry));
            let origin = of_entry.or_else(|| sample(&Pattern::new(&expression, ignores_case)))?;
            Some(Named { at, text: expression, origin, expression: Some(read) })
        }
        Mentioned::Entry(_) | Mentioned::Pattern { .. } => None,
    }
}

/// What a place answers.
fn ask(server: &Apache, place: &Place, method: &str, path: &str, origin: Option<&str>) -> Answer {
    let mut headers = HeaderList::new();
    if let Some(origin) = origin {
        headers.append(ORIGIN, origin);
    }
    if method == "OPTIONS" {
        headers.append(ACCESS_CONTROL_REQUEST_METHOD, "PUT");
    }
    let host = place.host.as_deref().filter(|host| !host.contains('*')).unwrap_or("server.example");
    let behind = Behind::answers(200);
    server.answer(&Asked { method, scheme: "https", host, path, headers: &headers, behind: &behind })
}

/// The line of the configuration that allows an origin.
fn allows(answer: &Answer) -> Option<(&Line, At)> {
    let line = answer.line(ACCESS_CONTROL_ALLOW_ORIGIN)?;
    Some((line, line.at?))
}

/// Apache writes `(null)` for a variable that is not set.
fn unset_variables(server: &Apache, places: &[Place], named: &[Named]) -> Vec<Noted> {
    let mut notes: Vec<Noted> = Vec::new();
    let origins = named.iter().map(|named| Some(named.origin.as_str()));
    let origins: Vec<Option<&str>> = [Some(STRANGER), None].into_iter().chain(origins).collect();
    for place in places {
        for origin in &origins {
            let answer = ask(server, place, "GET", &place.path, *origin);
            let Some((_, at)) = allows(&answer).filter(|(line, _)| line.value == "(null)") else { continue };
            if notes.iter().all(|note| note.at != at) {
                notes.extend(rule_at(server, at).and_then(unset_variable));
            }
        }
    }
    notes
}

fn unset_variable(rule: &HeaderRule) -> Option<Noted> {
    let name = rule.value.iter().find_map(|part| match part {
        Value::Environment(name) => Some(name),
        _ => None,
    })?;
    let (message, instead) = if name.to_ascii_uppercase().starts_with("HTTP_") {
        (
            format!("Files are sent with `Access-Control-Allow-Origin: (null)`, which no browser accepts, because only scripts (PHP, CGI) have the variable `{name}`. A script sends back the request's header."),
            "Write `expr=%{req:Origin}` instead of the variable, with `env=` and a variable that `SetEnvIf Origin` sets for your own pages.".to_owned(),
        )
    } else {
        (
            format!(
                "Where the variable `{name}` is not set, `Access-Control-Allow-Origin: (null)` is sent, which no browser accepts and a cache may keep for others."
            ),
            format!(
                "Write `env={name}` at the end of the line, so that the header is only sent where the variable is set."
            ),
        )
    };
    Some(Noted::new(NoteKind::Dead, "origin-never-matches", rule.at, message).instead(instead))
}

/// Headers that responses have only if they answer `OPTIONS`.
fn only_with_options(server: &Apache, places: &[Place], named: &[Named]) -> Option<Noted> {
    let origins: Vec<&str> = named.iter().map(|named| named.origin.as_str()).chain([STRANGER]).collect();
    let mut found = None;
    for place in places {
        // A folder is answered as for GET, whatever the method is.
        let path = if place.path.ends_with('/') { format!("{}x", place.path) } else { place.path.clone() };
        for origin in &origins {
            let allowed = |method, path: &str| {
                allows(&ask(server, place, method, path, Some(origin))).map(|(_, at)| at)
            };
            if allowed("GET", &place.path).or_else(|| allowed("GET", &path)).is_some() {
                return None;
            }
            found = found.or_else(|| allowed("OPTIONS", &path));
        }
    }
    let message = "`Access-Control-Allow-Origin` is sent with `OPTIONS` alone. Preflights get it, and the requests that come after them do not, so no page can read anything unless the application sends it itself.";
    Some(
        Noted::new(NoteKind::Dead, "without-effect", found?, message)
            .instead("Send it with every method, outside of what is for `OPTIONS`."),
    )
}

/// Origins that a line takes out of what another one lets in.
fn taken_out(server: &Apache, places: &[Place], named: &[Named]) -> Vec<Noted> {
    let mut notes: Vec<Noted> = Vec::new();
    let mut left = MOST_QUESTIONS;
    let mut lets_in = |place: &Place, origin: &str| {
        left = left.checked_sub(1)?;
        let answer = ask(server, place, "GET", &place.path, Some(origin));
        Some(allows(&answer).is_some_and(|(line, _)| line.value == origin))
    };
    for one in named {
        if notes.iter().any(|note| note.at == one.at) {
            continue;
        }
        let wider = named.iter().filter(|other| {
            other.at != one.at && other.expression.as_ref().is_some_and(|other| other.is_match(&one.origin))
        });
        let mut entries: Vec<&String> = wider
            .filter_map(|other| other.expression.as_ref())
            .flat_map(|expression| &expression.entries)
            .filter(|entry| entry.contains('*'))
            .collect();
        entries.sort_unstable();
        entries.dedup();
        let others: Vec<(&String, String)> = entries
            .into_iter()
            .filter(|entry| covers(entry, &one.origin))
            .filter_map(|entry| Some((entry, covered(entry).into_iter().next()?)))
            .filter(|(_, origin)| *origin != one.origin)
            .collect();
        let Some(entry) = refused(places, &one.origin, &others, &mut lets_in) else { continue };
        notes.push(
            Noted::new(
                NoteKind::NotExpressible,
                "expression-not-exact",
                one.at,
                format!(
                    "`{}` takes {} out of what another line lets in. A policy has no exceptions, so its entry `{entry}` covers it.",
                    one.text, one.origin
                ),
            )
            .instead("List the hosts that are meant, without this one.")
            .origin(&one.origin),
        );
    }
    notes
}

/// The first entry of which a place lets in another origin, and not this one. It is `None`, too, when `lets_in` has no more answers.
fn refused<'e>(
    places: &[Place],
    origin: &str,
    others: &[(&'e String, String)],
    mut lets_in: impl FnMut(&Place, &str) -> Option<bool>,
) -> Option<&'e String> {
    for place in places.iter().filter(|_| !others.is_empty()) {
        if lets_in(place, origin)? {
            continue;
        }
        for (entry, other) in others {
            if lets_in(place, other)? {
                return Some(entry);
            }
        }
    }
    None
}

fn covers(entry: &str, origin: &str) -> bool {
    Policy::builder([entry]).build().is_ok_and(|policy| is_covered(&policy, origin))
}

/// The header that is written at a line.
fn rule_at(server: &Apache, at: At) -> Option<&HeaderRule> {
    fn of(rulebook: &Rulebook, at: At) -> Option<&HeaderRule> {
        let own = rulebook.headers.iter().find(|rule| rule.at == at);
        own.or_else(|| rulebook.branches.iter().find_map(|branch| of(&branch.rulebook, at)))
            .or_else(|| rulebook.files.iter().find_map(|part| of(&part.rulebook, at)))
    }
    server.sites.iter().find_map(|site| {
        let sections = site.sections.iter().map(|part| &part.rulebook);
        site.base.iter().chain(sections).find_map(|rulebook| of(rulebook, at))
    })
}
