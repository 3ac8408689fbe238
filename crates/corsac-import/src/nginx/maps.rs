//! `map`, and `geo` and `split_clients`, of which only what is for everybody is read.

use std::collections::HashMap;

use super::expression::Expression;
use super::model::{Configuration, Entry, Key, Map};
use super::parse::Directive;
use super::value::{Part, Value};

/// Adds the variable that a directive defines.
pub(super) fn add(configuration: &mut Configuration, directive: &Directive) {
    let Some(name) = directive.arguments().last() else { return };
    let name = name.text.trim_start_matches('$').to_ascii_lowercase();
    let map = match directive.name() {
        "map" => map(directive),
        // Who asks is nobody that `geo` knows, and in the last of the shares of `split_clients`.
        "geo" => default_only(directive, "default"),
        _ => default_only(directive, "*"),
    };
    configuration.maps.insert(name, map);
}

fn empty() -> Map {
    Map {
        source: Value::default(),
        default: Value::default(),
        texts: HashMap::new(),
        endings: Vec::new(),
        beginnings: Vec::new(),
        expressions: Vec::new(),
        is_volatile: false,
        entries: Vec::new(),
    }
}

fn default_only(directive: &Directive, key: &str) -> Map {
    let entry = directive.inside().iter().find(|entry| entry.name() == key);
    // No variables: `$` stands for itself.
    let text = entry.map_or("", |entry| entry.argument(0)).to_owned();
    Map { default: Value { parts: vec![Part::Text(text)] }, ..empty() }
}

fn map(directive: &Directive) -> Map {
    let mut map = Map { source: Value::parse(directive.argument(0)), ..empty() };
    let has_hosts = directive.inside().iter().any(is_alone("hostnames"));
    map.is_volatile = directive.inside().iter().any(is_alone("volatile"));
    for entry in directive.inside().iter().filter(|entry| !entry.arguments().is_empty()) {
        let value = Value::parse(entry.argument(0));
        let key = key(entry.name(), has_hosts);
        match &key {
            Key::Default => map.default = value.clone(),
            Key::Text(text) => {
                map.texts.entry(text.to_ascii_lowercase()).or_insert_with(|| value.clone());
            }
            Key::Hosts(hosts) => {
                let hosts = hosts.to_ascii_lowercase();
                if let Some(host) = hosts.strip_prefix('.') {
                    map.texts.entry(host.to_owned()).or_insert_with(|| value.clone());
                    map.endings.push((hosts, value.clone()));
                } else if let Some(ending) = hosts.strip_prefix('*') {
                    map.endings.push((ending.to_owned(), value.clone()));
                } else {
                    map.beginnings.push((hosts.trim_end_matches('*').to_owned(), value.clone()));
                }
            }
            Key::Expression { text, ignores_case } => {
                map.expressions.push((Expression::new(text, *ignores_case), value.clone()));
            }
        }
        map.entries.push(Entry { key, value, at: entry.at });
    }
    map
}

fn is_alone(name: &str) -> impl Fn(&Directive) -> bool + '_ {
    move |entry| entry.name() == name && entry.arguments().is_empty()
}

fn key(text: &str, has_hosts: bool) -> Key {
    if text == "default" {
        return Key::Default;
    }
    if let Some(expression) = text.strip_prefix('~') {
        let insensitive = expression.strip_prefix('*');
        let text = insensitive.unwrap_or(expression).to_owned();
        return Key::Expression { text, ignores_case: insensitive.is_some() };
    }
    // In front of a word of its own, a backslash makes it a text.
    let text = text.strip_prefix('\\').unwrap_or(text);
    if has_hosts && (text.starts_with('.') || text.starts_with("*.") || text.ends_with(".*")) {
        return Key::Hosts(text.to_owned());
    }
    Key::Text(text.to_owned())
}

impl Map {
    /// The value for a text, and the expression that decided. `is_match` says whether an expression matches, and keeps what it captured.
    pub(super) fn value(&self, text: &str, mut is_match: impl FnMut(&Expression) -> bool) -> &Value {
        let lower = text.to_ascii_lowercase();
        if let Some(value) = self.texts.get(&lower) {
            return value;
        }
        let longest = |pairs: &'_ [(String, Value)], fits: fn(&str, &str) -> bool| {
            let fitting = pairs.iter().enumerate().filter(|(_, (part, _))| fits(&lower, part));
            fitting.max_by_key(|(_, (part, _))| part.len()).map(|(index, _)| index)
        };
        if let Some(index) =
            longest(&self.endings, |text, ending| text.len() > ending.len() && text.ends_with(ending))
            && let Some((_, value)) = self.endings.get(index)
        {
            return value;
        }
        if let Some(index) =
            longest(&self.beginnings, |text, start| text.len() > start.len() && text.starts_with(start))
            && let Some((_, value)) = self.beginnings.get(index)
        {
            return value;
        }
        let matching = self.expressions.iter().find(|(expression, _)| is_match(expression));
        matching.map_or(&self.default, |(_, value)| value)
    }
}
