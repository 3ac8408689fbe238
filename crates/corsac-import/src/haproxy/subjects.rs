//! What samples are about: the request's `Origin`, its path, its host. So origins are found that the configuration names, and paths.

use std::collections::HashMap;

use super::configuration::{Acl, Action, Condition, Configuration, Named, NewValue, Proxy, Rule};
use super::rules::literal;
use super::sample::{Converter, Fetch, Sample};
use crate::note::{NoteKind, Noted};
use crate::server::{Matching, Mention, Mentioned};

/// What a sample is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Origin { is_lowered: bool },
    Path,
    Host,
    Other,
}

/// The subjects of variables, and of the slots that are captured.
pub(super) struct Subjects {
    variables: HashMap<String, Subject>,
    captures: HashMap<usize, Subject>,
}

impl Subjects {
    pub(super) fn of(configuration: &Configuration, frontend: &Proxy) -> Self {
        let mut subjects = Self { variables: HashMap::new(), captures: HashMap::new() };
        for (slot, capture) in frontend.captures.iter().enumerate() {
            match capture.header.as_deref() {
                Some("origin") => {
                    subjects.captures.insert(slot, Subject::Origin { is_lowered: false });
                }
                Some("host") => {
                    subjects.captures.insert(slot, Subject::Host);
                }
                _ => {}
            }
        }
        for rule in configuration.proxies.iter().flat_map(Proxy::rules) {
            match &rule.action {
                Action::SetVariable { name, value: NewValue::Sample(sample), .. } => {
                    let subject = subjects.subject(sample);
                    if subject != Subject::Other {
                        subjects.variables.entry(name.clone()).or_insert(subject);
                    }
                }
                Action::SetVariable { name, value: NewValue::Format(format), .. } => {
                    if let Some(subject) =
                        format.samples().map(|sample| subjects.subject(sample)).find(is_known)
                    {
                        subjects.variables.entry(name.clone()).or_insert(subject);
                    }
                }
                Action::Capture { sample, slot } => {
                    let subject = subjects.subject(sample);
                    subjects.captures.insert(*slot, subject);
                }
                // A header of the request that is a copy of another.
                Action::SetHeader { name, value } | Action::AddHeader { name, value } => {
                    if let Some(subject) =
                        value.samples().map(|sample| subjects.subject(sample)).find(is_known)
                    {
                        subjects.variables.entry(format!("header {name}")).or_insert(subject);
                    }
                }
                _ => {}
            }
        }
        subjects
    }

    pub(super) fn subject(&self, sample: &Sample) -> Subject {
        let fetched = match &sample.fetch {
            Fetch::Header(header) if header.of_request => match header.name.as_str() {
                "origin" => Subject::Origin { is_lowered: false },
                "host" => Subject::Host,
                name => self.variables.get(&format!("header {name}")).copied().unwrap_or(Subject::Other),
            },
            Fetch::Host => Subject::Host,
            Fetch::Path | Fetch::OriginalUrl => Subject::Path,
            Fetch::Variable { name, .. } => self.variables.get(name).copied().unwrap_or(Subject::Other),
            Fetch::Captured(slot) => self.captures.get(slot).copied().unwrap_or(Subject::Other),
            _ => Subject::Other,
        };
        sample.converters.iter().fold(fetched, |subject, converter| match (subject, converter) {
            (Subject::Origin { .. }, Converter::Lower) => Subject::Origin { is_lowered: true },
            (Subject::Path | Subject::Host, Converter::Lower | Converter::UrlDecode) => subject,
            (Subject::Path, Converter::Substitute { .. }) => subject,
            (Subject::Host, Converter::HostOnly) => subject,
            (Subject::Host, Converter::Field { index: 1, .. }) => subject,
            _ => Subject::Other,
        })
    }
}

fn is_known(subject: &Subject) -> bool {
    *subject != Subject::Other
}

/// The ACLs of a condition: those that have to hold, and whether they are negated.
pub(super) fn acls<'c>(condition: &'c Condition, proxy: &'c Proxy) -> Vec<Vec<(bool, Vec<&'c Acl>)>> {
    condition
        .any
        .iter()
        .map(|terms| {
            terms
                .iter()
                .map(|term| {
                    let acls = match &term.acl {
                        Named::Acl(name) => {
                            proxy.acls.get(name).map(|acls| acls.iter().map(AsRef::as_ref).collect())
                        }
                        Named::Anonymous(acl) => Some(vec![acl]),
                    };
                    (term.negated != condition.unless, acls.unwrap_or_default())
                })
                .collect()
        })
        .collect()
}

/// The origins that a configuration names.
pub(super) fn mentions(configuration: &Configuration) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let takers = configuration.proxies.iter().filter(|proxy| proxy.takes_connections);
    let captures = takers.max_by_key(|proxy| proxy.captures.len()).or(configuration.proxies.first());
    let Some(subjects) = captures.map(|frontend| Subjects::of(configuration, frontend)) else {
        return mentions;
    };
    for proxy in &configuration.proxies {
        for acl in proxy.acls.values().flatten() {
            of_acl(&subjects, acl, &mut mentions);
        }
        let chosen = proxy.use_backend.iter().filter_map(|choice| choice.condition.as_ref());
        for condition in proxy.rules().filter_map(|rule| rule.condition.as_ref()).chain(chosen) {
            for term in condition.any.iter().flatten() {
                if let Named::Anonymous(acl) = &term.acl {
                    of_acl(&subjects, acl, &mut mentions);
                }
            }
        }
        for rule in proxy.rules() {
            of_rule(&subjects, rule, &mut mentions);
        }
        for (name, value, at) in proxy.error_files.values().flat_map(|file| &file.lines) {
            if name == "access-control-allow-origin" {
                push_text(&mut mentions, value, *at);
            }
        }
    }
    mentions.sort_by_key(|mention| mention.at);
    mentions.dedup();
    mentions
}

fn of_acl(subjects: &Subjects, acl: &Acl, mentions: &mut Vec<Mention>) {
    of_maps(subjects, &acl.sample, mentions);
    if let Subject::Origin { is_lowered } = subjects.subject(&acl.sample) {
        let ignores_case = acl.ignores_case || is_lowered;
        mentions.extend(
            acl.keys.iter().filter_map(|key| {
                Some(Mention { what: acl.matcher.mentioned(key, ignores_case)?, at: key.at })
            }),
        );
    }
}

/// The keys of maps that are asked for the origin.
fn of_maps(subjects: &Subjects, sample: &Sample, mentions: &mut Vec<Mention>) {
    for (index, converter) in sample.converters.iter().enumerate() {
        let Converter::Map(map) = converter else { continue };
        let before = Sample {
            fetch: sample.fetch.clone(),
            converters: sample.converters.get(..index).unwrap_or_default().to_vec(),
        };
        if let Subject::Origin { is_lowered } = subjects.subject(&before) {
            mentions.extend(map.keys.iter().filter_map(|(key, _)| {
                Some(Mention { what: map.matcher.mentioned(key, is_lowered)?, at: key.at })
            }));
        }
    }
}

fn of_rule(subjects: &Subjects, rule: &Rule, mentions: &mut Vec<Mention>) {
    for sample in rule.samples() {
        of_maps(subjects, sample, mentions);
    }
    for (name, value) in rule.header_values() {
        if let (true, Some(text)) = (name == "access-control-allow-origin", literal(value)) {
            push_text(mentions, &text, rule.at);
        }
    }
    // A variable that is set to an origin and sent later.
    if let Action::SetVariable { name, value, .. } = &rule.action {
        let text = match value {
            NewValue::Sample(Sample { fetch: Fetch::Constant(value), .. }) => Some(value.text()),
            NewValue::Format(format) => literal(format),
            NewValue::Sample(_) => None,
        };
        if let Some(text) =
            text.filter(|text| name.to_ascii_lowercase().contains("origin") || text.contains("://"))
        {
            push_text(mentions, &text, rule.at);
        }
    }
    let lua = match &rule.action {
        Action::LuaRequest(cors) | Action::LuaResponse(Some(cors)) => cors,
        Action::Reply(reply) => {
            for (name, value, at) in reply.file.iter().flat_map(|file| &file.lines) {
                if name == "access-control-allow-origin" {
                    push_text(mentions, value, *at);
                }
            }
            return;
        }
        _ => return,
    };
    for key in &lua.origins {
        if let Some(expression) = key.expression.as_ref().filter(|_| key.text.trim() != "*") {
            let expression = expression.text.clone();
            let what = Mentioned::Expression { expression, matching: Matching::Search, ignores_case: false };
            mentions.push(Mention { what, at: key.at });
        }
    }
}

fn push_text(mentions: &mut Vec<Mention>, text: &str, at: crate::files::At) {
    if text != "*" {
        mentions.push(Mention { what: Mentioned::Text { text: text.to_owned(), ignores_case: false }, at });
    }
}

/// What can never have an effect, as the whole configuration shows.
pub(super) fn notes(configuration: &Configuration) -> Vec<Noted> {
    let mut notes = Vec::new();
    for proxy in &configuration.proxies {
        for rule in proxy.response.iter().chain(&proxy.after_response) {
            if !rule.is_about_cors() {
                continue;
            }
            if proxy.is_http && rule.condition.as_ref().is_some_and(|condition| never_holds(condition, proxy))
            {
                let message = "The condition needs something that only the request has, such as its `Origin` or its path, and this rule comes when the request is gone. So the condition never holds.";
                notes.push(Noted::new(NoteKind::Dead, "without-effect", rule.at, message).instead(
                    "Keep it in a variable: `http-request set-var(txn.origin) req.hdr(origin)`, and ask for `{ var(txn.origin) -m found }` here.",
                ));
            }
        }
        if !proxy.is_http {
            notes.extend(proxy.rules().filter(|rule| rule.is_about_cors()).map(|rule| {
                let message = format!(
                    "`{}` is not in `mode http`, and without it HAProxy ignores this rule.",
                    proxy.name
                );
                Noted::new(NoteKind::Dead, "without-effect", rule.at, message)
                    .instead("Write `mode http` into `defaults` or into this section.")
            }));
        }
        notes.extend(lost_on_own_answers(proxy));
        notes.extend(undefined(proxy));
    }
    notes
}

/// Whether a condition of a response asks for something that only the request has.
fn never_holds(condition: &Condition, proxy: &Proxy) -> bool {
    !condition.unless
        && acls(condition, proxy).iter().all(|terms| {
            terms.iter().any(|(negated, acls)| {
                !negated && !acls.is_empty() && acls.iter().all(|acl| acl.sample.is_of_request())
            })
        })
}

/// `http-response` is not evaluated for what HAProxy answers itself.
fn lost_on_own_answers(proxy: &Proxy) -> Option<Noted> {
    let allows = |rule: &Rule| {
        matches!(rule.action, Action::LuaResponse(_))
            || rule.header_values().iter().any(|(name, _)| *name == "access-control-allow-origin")
    };
    let lost = proxy.response.iter().find(|rule| allows(rule))?;
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

/// Conditions of CORS rules that name an ACL which is not there.
fn undefined(proxy: &Proxy) -> Vec<Noted> {
    let mut notes = Vec::new();
    for rule in proxy.rules().filter(|rule| rule.is_about_cors()) {
        let Some(condition) = &rule.condition else { continue };
        for term in condition.any.iter().flatten() {
            if let Named::Acl(name) = &term.acl {
                let is_known = proxy.acls.contains_key(name) || super::evaluation::is_predefined(name);
                if !is_known {
                    let message = format!(
                        "The ACL `{name}` is not defined in `{}`, so this rule is left out.",
                        proxy.name
                    );
                    notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", rule.at, message));
                }
            }
        }
    }
    notes
}
