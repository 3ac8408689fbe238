//! What can never have an effect, or cannot be understood, as the whole configuration shows.

use std::sync::Arc;

use super::assumption::written;
use super::configuration::{Acl, Action, Condition, Configuration, Named, Proxy, Rule, Term};
use super::evaluation::is_predefined;
use super::matcher::Matcher;
use super::rules::set_name;
use super::sample::Fetch;
use super::subjects::{OriginPart, Subject, Subjects, acls};
use crate::files::At;
use crate::headers::is_of_cors;
use crate::note::{NoteKind, Noted, header_name};

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// Adds what there is to say. `notes` are those of the single lines.
pub(super) fn extend(notes: &mut Vec<Noted>, configuration: &Configuration) {
    for proxy in &configuration.proxies {
        notes.extend(gone_with_the_request(proxy));
        if !proxy.is_http {
            notes.extend(without_http(configuration, proxy));
        }
        notes.extend(replaced(configuration, proxy));
        notes.extend(undefined(proxy));
        let lost = lost_on_own_answers(proxy, notes);
        notes.extend(lost);
    }
    notes.extend(parts_of_origins(configuration));
}

/// Conditions of responses that ask for something that only the request has.
fn gone_with_the_request(proxy: &Proxy) -> Vec<Noted> {
    let phases = [("http-response", &proxy.response), ("http-after-response", &proxy.after_response)];
    let rules = phases.into_iter().flat_map(|(keyword, rules)| rules.iter().map(move |rule| (keyword, rule)));
    let mut notes = Vec::new();
    for (keyword, rule) in rules.filter(|(_, rule)| proxy.is_http && rule.is_about_cors()) {
        let Some(condition) = rule.condition.as_ref().filter(|condition| never_holds(condition, proxy))
        else {
            continue;
        };
        let gone: Vec<&Term> = condition
            .any
            .first()
            .into_iter()
            .flatten()
            .filter(|term| !term.negated && is_gone(&of_term(term, proxy)))
            .collect();
        let Some(first) = gone.first() else { continue };
        let criteria: Vec<&str> = of_term(first, proxy).iter().map(|acl| acl.text.as_str()).collect();
        let message = format!(
            "The condition needs `{}`. Only the request has that, and `{keyword}` comes when the request is gone, so the condition never holds.",
            criteria.join("` or `")
        );
        let asked: Vec<String> = gone.iter().map(|term| written(&term.acl)).collect();
        let variable = match &first.acl {
            Named::Acl(name) if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => name,
            _ => "fits",
        };
        notes.push(Noted::new(NoteKind::Dead, "without-effect", rule.at, message).instead(format!(
            "Keep the result while the request is there: `http-request set-var(txn.{variable}) bool(true) if {}`. Then write `if {{ var(txn.{variable}) -m bool }}` here.",
            asked.join(" ")
        )));
    }
    notes
}

/// Whether a condition of a response asks for something that only the request has.
fn never_holds(condition: &Condition, proxy: &Proxy) -> bool {
    !condition.unless
        && acls(condition, proxy)
            .iter()
            .all(|terms| terms.iter().any(|(negated, acls)| !negated && is_gone(acls)))
}

fn is_gone(acls: &[&Acl]) -> bool {
    !acls.is_empty() && acls.iter().all(|acl| acl.sample.is_of_request())
}

fn of_term<'p>(term: &'p Term, proxy: &'p Proxy) -> Vec<&'p Acl> {
    match &term.acl {
        Named::Acl(name) => proxy.acls.get(name).into_iter().flatten().map(AsRef::as_ref).collect(),
        Named::Anonymous(acl) => vec![acl],
    }
}

/// Rules of a section without `mode http`.
fn without_http(configuration: &Configuration, proxy: &Proxy) -> Vec<Noted> {
    let backend = configuration.proxies.iter().find(|other| {
        other.has_servers && other.is_http && proxy.default_backend.as_ref() == Some(&other.name)
    });
    let noted = |rule: &Rule| {
        let name = &proxy.name;
        let noted = match backend {
            None => Noted::new(
                NoteKind::Dead,
                "without-effect",
                rule.at,
                format!("`{name}` is not in `mode http`, and without it HAProxy ignores this rule."),
            ),
            // Measured with HAProxy 2.6.12.
            Some(backend) => Noted::new(
                NoteKind::NotExpressible,
                "line-not-read",
                rule.at,
                format!(
                    "`{name}` is not in `mode http`. HAProxy says at its start that it ignores this rule, and version 2.6 follows it all the same, because `{}` is in `mode http`. The policy is written as if it were followed.",
                    backend.name
                ),
            ),
        };
        noted.instead("Write `mode http` into `defaults` or into this section.")
    };
    proxy.rules().filter(|rule| rule.is_about_cors()).map(noted).collect()
}

/// `http-response` is not evaluated for what HAProxy answers itself.
fn lost_on_own_answers(proxy: &Proxy, known: &[Noted]) -> Option<Noted> {
    let allows = |rule: &Rule| {
        matches!(rule.action, Action::LuaResponse(_))
            || rule.header_values().iter().any(|(name, _)| *name == ALLOW_ORIGIN)
    };
    let is_dead = |at: At| known.iter().any(|note| note.at == at && note.kind == NoteKind::Dead);
    let lost = proxy.response.iter().find(|rule| {
        let is_of_preflights =
            rule.condition.as_ref().is_some_and(|condition| is_for_options(condition, proxy));
        allows(rule) && !is_dead(rule.at) && !is_of_preflights
    })?;
    if !proxy.is_http || proxy.after_response.iter().any(|rule| allows(rule)) {
        return None;
    }
    let message = "HAProxy does not evaluate `http-response` for its own answers: 503 if no server is up, 504 if one is too slow, 401 and 403 of rules. \
                   Those have no `Access-Control-Allow-Origin`, so a page cannot read them, and the browser reports a CORS error instead.";
    let noted = Noted::new(NoteKind::Dead, "error-without-headers", lost.at, message);
    Some(noted.instead(
        "Write `http-after-response` instead of `http-response` here. HAProxy has it since version 2.2.",
    ))
}

/// Whether a condition holds for `OPTIONS` alone.
fn is_for_options(condition: &Condition, proxy: &Proxy) -> bool {
    let is_method = |term: &Term| {
        let is_named = matches!(&term.acl, Named::Acl(name) if name == "METH_OPTIONS");
        let acls = of_term(term, proxy);
        let asks = |acl: &&Acl| {
            matches!(acl.sample.fetch, Fetch::Method | Fetch::OriginalMethod)
                && acl.keys.iter().all(|key| key.text == "OPTIONS")
        };
        !term.negated && (is_named || !acls.is_empty() && acls.iter().all(asks))
    };
    !condition.unless && condition.any.iter().all(|terms| terms.iter().any(is_method))
}

/// Headers that a later rule sets in every response, whatever an earlier one says.
fn replaced(configuration: &Configuration, proxy: &Proxy) -> Vec<Noted> {
    let leads_here = |other: &&Proxy| {
        other.takes_connections
            && !std::ptr::eq(*other, proxy)
            && (other.default_backend.as_ref() == Some(&proxy.name)
                || other
                    .use_backend
                    .iter()
                    .any(|choice| choice.name.literal().is_none_or(|name| name == proxy.name)))
    };
    let frontends: Vec<&Proxy> = if proxy.has_servers {
        configuration.proxies.iter().filter(leads_here).collect()
    } else {
        Vec::new()
    };
    let is_alone = frontends.is_empty() || proxy.takes_connections;
    let mut notes = Vec::new();
    let lists = [(false, &proxy.response), (true, &proxy.after_response)];
    for (is_after, rules) in lists {
        for (index, rule) in rules.iter().enumerate() {
            let Some(name) = set_name(rule).filter(|name| is_of_cors(name)) else { continue };
            let rest = rules.get(index.saturating_add(1)..).unwrap_or_default();
            let later: &[Arc<Rule>] = if is_after { &[] } else { &proxy.after_response };
            let own = replacing(rest, name).or_else(|| replacing(later, name));
            let by_frontends = || {
                let of = |frontend: &&Proxy| {
                    let first = if is_after { None } else { replacing(&frontend.response, name) };
                    first.or_else(|| replacing(&frontend.after_response, name))
                };
                let found: Option<Vec<At>> = frontends.iter().map(of).collect();
                found.filter(|_| !is_alone)?.first().copied()
            };
            let Some(by) = own.or_else(by_frontends) else { continue };
            let message = format!(
                "Line {} sets `{}` in every response after this rule, so what stands here is never sent.",
                by.line,
                header_name(name)
            );
            notes.push(
                Noted::new(NoteKind::Dead, "without-effect", rule.at, message)
                    .instead("Leave one of the two lines out, or give the other one a condition."),
            );
        }
    }
    notes
}

/// The rule that replaces a header in every response, if nothing before it ends the list.
fn replacing(rules: &[Arc<Rule>], name: &str) -> Option<At> {
    let goes_on = |rule: &&Arc<Rule>| !matches!(rule.action, Action::Allow | Action::Reply(_));
    let replaces = |rule: &&Arc<Rule>| {
        rule.condition.is_none() && matches!(&rule.action, Action::SetHeader { name: set, .. } if set == name)
    };
    rules.iter().take_while(goes_on).find(replaces).map(|rule| rule.at)
}

/// Conditions of CORS rules that name an ACL which is not there.
fn undefined(proxy: &Proxy) -> Vec<Noted> {
    let mut notes = Vec::new();
    for rule in proxy.rules().filter(|rule| rule.is_about_cors()) {
        let Some(condition) = &rule.condition else { continue };
        for term in condition.any.iter().flatten() {
            if let Named::Acl(name) = &term.acl
                && !proxy.acls.contains_key(name)
                && !is_predefined(name)
            {
                let message =
                    format!("The ACL `{name}` is not defined in `{}`, so this rule is left out.", proxy.name);
                notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", rule.at, message));
            }
        }
    }
    notes
}

/// Comparisons with something that is made of the `Origin` in a way that is not understood.
fn parts_of_origins(configuration: &Configuration) -> Vec<Noted> {
    let Some(subjects) = Subjects::of_all(configuration) else { return Vec::new() };
    let acls = configuration.proxies.iter().flat_map(Proxy::all_acls);
    let unknown = acls.filter(|acl| {
        let subject = subjects.subject(&acl.sample);
        matches!(subject, Subject::Origin { part: OriginPart::Unknown, .. })
            && !matches!(acl.matcher, Matcher::Found | Matcher::Boolean)
    });
    let noted = |acl: &Acl| {
        let at = acl.keys.first()?.at;
        let message = format!(
            "`{}` compares something that is made of the `Origin`, and what is made of it is not understood. Which origins that lets in is not known.",
            acl.text
        );
        Some(
            Noted::new(NoteKind::NotExpressible, "line-not-read", at, message)
                .instead("Compare the whole `Origin`."),
        )
    };
    unknown.filter_map(noted).collect()
}
