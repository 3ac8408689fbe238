//! The values of a policy's keys, from a file to the policy.

use corsac::server::{Enforce, ProblemCode, ResourcePolicy};

use super::{Draft, Written, placed};
use crate::keys::{self, FILE_KEYS, KEYS, LISTS};
use crate::problem::Found;
use crate::syntax::{Entry, Kind, Node, Value};

impl Draft {
    pub(super) fn read_key(&mut self, entry: Entry, problems: &mut Vec<Found>) {
        let Some(key) = KEYS.into_iter().find(|key| *key == entry.key) else {
            let meant = keys::meant(&entry.key);
            if meant == Some("origins") {
                self.unread.push("origins");
            }
            let why = match meant {
                Some(_) => "a policy has no such key".to_owned(),
                None => format!("a policy has no such key; it has {}", listed(&KEYS, "and")),
            };
            let found = Found::new(ProblemCode::KeyUnknown, "policy", entry.span, why);
            problems.push(found.given(&entry.key).meant(meant.map(str::to_owned)));
            return;
        };
        if matches!(entry.node.value, Value::Other(Kind::Unread)) {
            self.unread.push(key);
            return;
        }
        if FILE_KEYS.contains(&key) {
            self.read_file_key(key, &entry.node, problems);
            return;
        }
        let before = problems.len();
        let written = Written { value: entry.node.span.clone(), items: Vec::new() };
        self.written.insert(key, written);
        if LISTS.contains(&key) {
            self.read_list(key, entry.node, problems);
        } else if key == "max-age" {
            self.config.max_age = max_age(&entry.node, problems);
        } else if key == "resource-policy" {
            let values = ResourcePolicy::ALL.map(|value| (value.as_str(), value));
            self.config.resource_policy = choice("resource-policy", &entry.node, &values, problems);
        } else if key == "enforce" {
            let values = Enforce::ALL.map(|value| (value.as_str(), value));
            self.config.enforce = choice("enforce", &entry.node, &values, problems).unwrap_or_default();
        } else {
            self.read_flag(key, &entry.node, problems);
        }
        if problems.len() > before {
            self.unread.push(key);
        }
    }

    fn read_list(&mut self, key: &'static str, node: Node, problems: &mut Vec<Found>) {
        let (mut texts, mut places) = (Vec::new(), Vec::new());
        match node.value {
            Value::List(items) => {
                texts.reserve_exact(items.len());
                places.reserve_exact(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    match item.value {
                        Value::Text(text) => {
                            texts.push(text);
                            places.push(item.span);
                        }
                        other => {
                            let why = format!(
                                "an entry of `{key}` is a text in quotes, and this is {}",
                                other.kind()
                            );
                            problems.push(
                                Found::new(ProblemCode::ValueType, key, item.span, why)
                                    .given(plain(&other))
                                    .at(Some(index)),
                            );
                        }
                    }
                }
            }
            Value::Text(text) => {
                let why = format!("`{key}` is a list of texts, and this is one text");
                let found = Found::new(ProblemCode::ValueType, key, node.span, why).given(&text);
                problems.push(found.meant(Some(format!("[{}]", separated(&text)))));
            }
            other => {
                let why = format!("`{key}` is a list of texts, and this is {}", other.kind());
                problems.push(Found::new(ProblemCode::ValueType, key, node.span, why).given(plain(&other)));
            }
        }
        if let Some(written) = self.written.get_mut(key) {
            written.items = places;
        }
        match key {
            "origins" => self.config.origins = texts,
            "methods" => self.config.methods = texts,
            "request-headers" => self.config.request_headers = texts,
            "expose-headers" => self.config.expose_headers = texts,
            _ => self.config.acknowledge = texts,
        }
    }

    fn read_flag(&mut self, key: &'static str, node: &Node, problems: &mut Vec<Found>) {
        let flag = match &node.value {
            Value::Flag(flag) => *flag,
            other => {
                let why =
                    format!("`{key}` is `true` or `false`, without quotes, and this is {}", other.kind());
                let given = plain(other);
                let meant = match given.to_ascii_lowercase().as_str() {
                    "true" | "yes" | "on" | "1" => Some("true".to_owned()),
                    "false" | "no" | "off" | "0" | "" => Some("false".to_owned()),
                    _ => None,
                };
                problems.push(
                    Found::new(ProblemCode::ValueType, key, node.span.clone(), why).given(given).meant(meant),
                );
                false
            }
        };
        match key {
            "null-origin" => self.config.null_origin = flag,
            "credentials" => self.config.credentials = flag,
            _ => self.config.timing = flag,
        }
    }
}

fn max_age(node: &Node, problems: &mut Vec<Found>) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Whole(seconds) => Some(seconds.clone()),
        other => {
            let why = format!(
                "`max-age` is a length of time such as `\"10m\"`, or a whole number of seconds, and this is {}",
                other.kind()
            );
            problems.push(
                Found::new(ProblemCode::ValueType, "max-age", node.span.clone(), why).given(plain(other)),
            );
            None
        }
    }
}

/// One of a few words.
pub(super) fn choice<T: Copy>(
    key: &'static str,
    node: &Node,
    values: &[(&'static str, T)],
    problems: &mut Vec<Found>,
) -> Option<T> {
    let given = plain(&node.value);
    let is_text = matches!(node.value, Value::Text(_));
    if let Some((_, value)) = values.iter().find(|(word, _)| is_text && *word == given) {
        return Some(*value);
    }
    let words: Vec<&'static str> = values.iter().map(|(word, _)| *word).collect();
    let meant = match (given.as_str(), key) {
        ("true", "enforce") => Some("block"),
        ("false", "enforce") => Some("off"),
        _ => keys::nearest(&given.to_ascii_lowercase().replace('_', "-"), &words),
    };
    let meant = meant.map(|word| if is_text { word.to_owned() } else { format!("\"{word}\"") });
    let why = format!("`{key}` is {}, in quotes{}", listed(&words, "or"), placed::about_variables(&given));
    problems.push(Found::new(ProblemCode::ValueType, key, node.span.clone(), why).given(given).meant(meant));
    None
}

/// A value that is no list and no table, as it is written.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Whole(text) => text.clone(),
        Value::Flag(flag) => flag.to_string(),
        Value::Other(Kind::Null) => "null".to_owned(),
        Value::Other(Kind::Fraction | Kind::Date | Kind::Unread) | Value::List(_) | Value::Table(_) => {
            String::new()
        }
    }
}

/// `a, b` as the two texts that were meant: `"a", "b"`.
fn separated(text: &str) -> String {
    let parts = text.split([',', ' ', '\t', ';']).filter(|part| !part.is_empty());
    let quoted: Vec<String> = parts.map(|part| format!("\"{part}\"")).collect();
    quoted.join(", ")
}

/// `a`, `b` and `c`
fn listed(words: &[&str], last: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
