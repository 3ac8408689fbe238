//! The origins that a configuration names.

use std::collections::HashSet;

use super::expression::Expression;
use super::model::{Condition, Configuration, Key, Map, Step};
use super::value::{Part, Value};
use crate::files::At;
use crate::server::{Matching, Mention, Mentioned};

/// The most mentions.
const MOST: usize = 10_000;

pub(super) fn of(configuration: &Configuration) -> Vec<Mention> {
    let origins = same_as_origin(configuration);
    let mut collector = Collector {
        parts: parts_of_origin(configuration, &origins),
        origins,
        sent: variables_sent(configuration),
        mentions: Vec::new(),
    };
    for level in &configuration.levels {
        for header in level.add_headers.iter().filter(|header| is_allow_origin(&header.name)) {
            collector.sent(&header.value, header.at);
        }
        for more in &level.more_headers {
            for header in more.headers.iter().filter(|header| is_allow_origin(&header.name)) {
                collector.sent(&header.value, more.at);
            }
        }
        collector.steps(&level.steps);
    }
    for (name, map) in &configuration.maps {
        collector.map(name, map);
    }
    let mut mentions = collector.mentions;
    mentions.sort_by_key(|mention| mention.at);
    let mut seen = HashSet::new();
    mentions.retain(|mention| seen.insert((format!("{:?}", mention.what), mention.at)));
    mentions.truncate(MOST);
    mentions
}

fn is_allow_origin(name: &str) -> bool {
    name.eq_ignore_ascii_case("access-control-allow-origin")
}

/// The variables that have the value of `Origin`.
fn same_as_origin(configuration: &Configuration) -> HashSet<String> {
    let mut same = HashSet::from(["http_origin".to_owned()]);
    // As long as there are more: `set` can give it on from one variable to the next.
    for _ in 0..10 {
        let before = same.len();
        each_set(configuration, &mut |name, value, _| {
            if value.only_variable().is_some_and(|variable| same.contains(variable)) {
                same.insert(name.to_owned());
            }
        });
        if same.len() == before {
            break;
        }
    }
    same
}

/// The variables whose values `Access-Control-Allow-Origin` gets.
fn variables_sent(configuration: &Configuration) -> HashSet<String> {
    let mut sent = HashSet::new();
    for level in &configuration.levels {
        let added = level.add_headers.iter().map(|header| (&header.name, &header.value));
        let more = level
            .more_headers
            .iter()
            .flat_map(|more| &more.headers)
            .map(|header| (&header.name, &header.value));
        for (name, value) in added.chain(more) {
            if is_allow_origin(name) {
                sent.extend(value.only_variable().map(str::to_owned));
            }
        }
    }
    for _ in 0..10 {
        let before = sent.len();
        each_set(configuration, &mut |name, value, _| {
            if sent.contains(name) {
                sent.extend(value.only_variable().map(str::to_owned));
            }
        });
        for (name, map) in &configuration.maps {
            if sent.contains(name) {
                sent.extend(
                    map.entries.iter().filter_map(|entry| entry.value.only_variable().map(str::to_owned)),
                );
            }
        }
        if sent.len() == before {
            break;
        }
    }
    sent
}

fn each_set(configuration: &Configuration, found: &mut impl FnMut(&str, &Value, At)) {
    fn inside(steps: &[Step], found: &mut impl FnMut(&str, &Value, At)) {
        for step in steps {
            match step {
                Step::Set { name, value, at } => found(name, value, *at),
                Step::If { steps, .. } => inside(steps, found),
                Step::Return { .. } | Step::Rewrite { .. } | Step::Break => {}
            }
        }
    }
    for level in &configuration.levels {
        inside(&level.steps, found);
    }
}

struct Collector {
    origins: HashSet<String>,
    parts: HashSet<String>,
    sent: HashSet<String>,
    mentions: Vec<Mention>,
}

/// What a variable that is compared has of the origin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Origin,
    /// The origin, after something else.
    End,
    /// What a map takes from the origin, such as its host.
    Part,
    Nothing,
}

impl Collector {
    fn add(&mut self, what: Mentioned, at: At) {
        if self.mentions.len() < MOST.saturating_mul(2) {
            self.mentions.push(Mention { what, at });
        }
    }

    /// A value of `Access-Control-Allow-Origin`.
    fn sent(&mut self, value: &Value, at: At) {
        if let Some(text) =
            value.literal().filter(|text| !matches!(*text, "" | "*") && !text.starts_with(':'))
        {
            self.add(Mentioned::Text { text: text.to_owned(), ignores_case: false }, at);
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Set { name, value, at } if self.sent.contains(name) => {
                    if value.literal().is_some_and(is_like_an_origin) {
                        self.sent(value, *at);
                    }
                }
                Step::If { condition, steps, at, .. } => {
                    match condition {
                        Condition::Is { left, right, .. } if self.compared(left) == Compared::Origin => {
                            if let Some(text) = right.literal().filter(|text| !text.is_empty()) {
                                self.add(Mentioned::Text { text: text.to_owned(), ignores_case: false }, *at);
                            }
                        }
                        Condition::Matches { left, expression, .. } => {
                            self.expression(self.compared(left), expression, *at);
                        }
                        _ => {}
                    }
                    self.steps(steps);
                }
                Step::Set { .. } | Step::Return { .. } | Step::Rewrite { .. } | Step::Break => {}
            }
        }
    }

    fn map(&mut self, name: &str, map: &Map) {
        let compared = self.compared(&map.source);
        for entry in &map.entries {
            match &entry.key {
                Key::Text(text) if compared == Compared::Origin && !text.is_empty() => {
                    self.add(Mentioned::Text { text: text.clone(), ignores_case: true }, entry.at);
                }
                Key::Text(text) if compared == Compared::End => {
                    if let Some(origin) = text.find("http").and_then(|start| text.get(start..)) {
                        self.add(Mentioned::Text { text: origin.to_owned(), ignores_case: true }, entry.at);
                    }
                }
                Key::Text(host) if compared == Compared::Part && host.contains('.') => {
                    let host = host.trim_start_matches("https://").trim_start_matches("http://");
                    self.add(Mentioned::Entry(format!("https://{host}")), entry.at);
                }
                Key::Hosts(hosts) if compared == Compared::Part => {
                    if let Some(host) = hosts.trim_start_matches('*').strip_prefix('.') {
                        self.add(Mentioned::Entry(format!("https://*.{host}")), entry.at);
                        if hosts.starts_with('.') {
                            self.add(Mentioned::Entry(format!("https://{host}")), entry.at);
                        }
                    }
                }
                Key::Hosts(hosts) if compared == Compared::Origin => {
                    let expression = match hosts.strip_suffix('*') {
                        Some(start) => format!("{}.+", escaped(start)),
                        None => format!(".+{}", escaped(hosts.trim_start_matches('*'))),
                    };
                    let what =
                        Mentioned::Expression { expression, matching: Matching::Whole, ignores_case: true };
                    self.add(what, entry.at);
                }
                Key::Expression { text, ignores_case } => {
                    self.expression(compared, &Expression::new(text, *ignores_case), entry.at);
                }
                Key::Default | Key::Text(_) | Key::Hosts(_) => {}
            }
            if self.sent.contains(name) && entry.value.literal().is_some_and(is_like_an_origin) {
                self.sent(&entry.value, entry.at);
            }
        }
    }

    fn expression(&mut self, compared: Compared, expression: &Expression, at: At) {
        let text = expression.translated();
        let text = match compared {
            Compared::Origin => text,
            // `^OPTIONS:https://a\.example$` on `$request_method:$http_origin`.
            Compared::End => match text.find("http").and_then(|start| text.get(start..)) {
                Some(end) if is_balanced(end) => format!("^{end}"),
                _ => return,
            },
            Compared::Part | Compared::Nothing => return,
        };
        let ignores_case = expression.ignores_case;
        self.add(Mentioned::Expression { expression: text, matching: Matching::Search, ignores_case }, at);
    }

    fn compared(&self, value: &Value) -> Compared {
        if let Some(name) = value.only_variable() {
            if self.origins.contains(name) {
                return Compared::Origin;
            }
            return if self.parts.contains(name) { Compared::Part } else { Compared::Nothing };
        }
        match value.parts.last() {
            Some(Part::Variable(name)) if self.origins.contains(name) => Compared::End,
            _ => Compared::Nothing,
        }
    }
}

/// The variables that maps take from the origin: the values of those maps, and the groups of their expressions.
fn parts_of_origin(configuration: &Configuration, origins: &HashSet<String>) -> HashSet<String> {
    let mut parts = HashSet::new();
    for (name, map) in &configuration.maps {
        if !map.source.only_variable().is_some_and(|variable| origins.contains(variable)) {
            continue;
        }
        if map.entries.iter().any(|entry| takes_a_group(&entry.value)) {
            parts.insert(name.clone());
        }
        let named = map.expressions.iter().filter(|(expression, _)| expression.text.contains('<'));
        parts.extend(named.flat_map(|(expression, _)| expression.names()));
    }
    parts
}

fn takes_a_group(value: &Value) -> bool {
    value.parts.iter().any(|part| match part {
        Part::Group(_) => true,
        Part::Variable(name) => !super::variables::is_built_in(name),
        Part::Text(_) => false,
    })
}

fn is_like_an_origin(text: &str) -> bool {
    text.contains("://") || text == "null" || text.contains('.')
}

fn is_balanced(expression: &str) -> bool {
    let mut depth = 0_i64;
    for character in expression.chars() {
        match character {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

fn escaped(text: &str) -> String {
    regex_syntax::escape(text)
}
