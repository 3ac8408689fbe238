//! What samples are about: the request's `Origin`, its path, its host. So origins are found that the configuration names, and paths.

use std::collections::HashMap;

use super::configuration::{Acl, Action, Condition, Configuration, Named, NewValue, Proxy, Rule};
use super::lua;
use super::rules::literal;
use super::sample::{Converter, Fetch, Sample};
use crate::server::{Mention, Mentioned};

/// What a sample is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Origin {
        is_lowered: bool,
        part: OriginPart,
    },
    Path,
    Host,
    /// The host and the path.
    Base,
    Other,
}

/// What is left of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OriginPart {
    Whole,
    HostAndPort,
    Host,
    /// Something else, which is not understood.
    Unknown,
}

/// Origins, and what each part of them is.
const PARTS: &[(OriginPart, [&str; 3])] = &[
    (OriginPart::Whole, ["https://a.b.example:81", "http://a.b.example", "https://localhost"]),
    (OriginPart::HostAndPort, ["a.b.example:81", "a.b.example", "localhost"]),
    (OriginPart::Host, ["a.b.example", "a.b.example", "localhost"]),
];

impl OriginPart {
    /// What a converter leaves of it.
    fn converted(self, converter: &Converter) -> Self {
        let Some((_, texts)) = PARTS.iter().find(|(part, _)| *part == self) else { return Self::Unknown };
        let left: Vec<Option<String>> = texts.iter().map(|text| converter.of_text(text).flatten()).collect();
        let is_same = |(_, expected): &&(Self, [&str; 3])| {
            left.iter().zip(expected).all(|(left, expected)| left.as_deref() == Some(*expected))
        };
        PARTS.iter().find(is_same).map_or(Self::Unknown, |(part, _)| *part)
    }
}

/// The subjects of variables, and of the slots that are captured.
pub(super) struct Subjects {
    variables: HashMap<String, Subject>,
    captures: HashMap<usize, Subject>,
}

impl Subject {
    const ORIGIN: Self = Self::Origin { is_lowered: false, part: OriginPart::Whole };
}

impl Subjects {
    pub(super) fn of(configuration: &Configuration, frontend: &Proxy) -> Self {
        let mut subjects = Self { variables: HashMap::new(), captures: HashMap::new() };
        for (slot, capture) in frontend.captures.iter().enumerate() {
            match capture.header.as_deref() {
                Some("origin") => {
                    subjects.captures.insert(slot, Subject::ORIGIN);
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

    /// Those of the frontend that captures most; nothing without any section.
    pub(super) fn of_all(configuration: &Configuration) -> Option<Self> {
        let takers = configuration.proxies.iter().filter(|proxy| proxy.takes_connections);
        let captures = takers.max_by_key(|proxy| proxy.captures.len()).or(configuration.proxies.first())?;
        Some(Self::of(configuration, captures))
    }

    pub(super) fn subject(&self, sample: &Sample) -> Subject {
        let fetched = match &sample.fetch {
            Fetch::Header(header) if header.of_request => match header.name.as_str() {
                "origin" => Subject::ORIGIN,
                "host" => Subject::Host,
                name => self.variables.get(&format!("header {name}")).copied().unwrap_or(Subject::Other),
            },
            Fetch::Host => Subject::Host,
            Fetch::Path | Fetch::OriginalUrl => Subject::Path,
            Fetch::Base => Subject::Base,
            Fetch::Variable { name, .. } => self.variables.get(name).copied().unwrap_or(Subject::Other),
            Fetch::Captured(slot) => self.captures.get(slot).copied().unwrap_or(Subject::Other),
            _ => Subject::Other,
        };
        sample.converters.iter().fold(fetched, |subject, converter| match (subject, converter) {
            (Subject::Origin { is_lowered, part }, _) => Subject::Origin {
                is_lowered: is_lowered || matches!(converter, Converter::Lower),
                part: part.converted(converter),
            },
            (Subject::Path | Subject::Host | Subject::Base, Converter::Lower | Converter::UrlDecode) => {
                subject
            }
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
    let Some(subjects) = Subjects::of_all(configuration) else { return mentions };
    for proxy in &configuration.proxies {
        for acl in proxy.all_acls() {
            of_acl(&subjects, acl, &mut mentions);
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
    if let Subject::Origin { is_lowered, part } = subjects.subject(&acl.sample) {
        let ignores_case = acl.ignores_case || is_lowered;
        for key in &acl.keys {
            let mentioned = acl.matcher.mentioned(key, part, ignores_case).into_iter();
            mentions.extend(mentioned.map(|what| Mention { what, at: key.at }));
        }
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
        if let Subject::Origin { is_lowered, part } = subjects.subject(&before) {
            for (key, _) in &map.keys {
                let mentioned = map.matcher.mentioned(key, part, is_lowered).into_iter();
                mentions.extend(mentioned.map(|what| Mention { what, at: key.at }));
            }
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
    for key in lua.origins.iter().filter(|key| key.text.trim() != "*") {
        mentions.extend(lua::mentioned(key).into_iter().map(|what| Mention { what, at: key.at }));
    }
}

fn push_text(mentions: &mut Vec<Mention>, text: &str, at: crate::files::At) {
    if text != "*" {
        mentions.push(Mention { what: Mentioned::Text { text: text.to_owned(), ignores_case: false }, at });
    }
}
