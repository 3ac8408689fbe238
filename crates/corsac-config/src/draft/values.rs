//! Reads the values of a policy's keys.

use std::ops::Range;

use corsac::server::{Enforce, PolicyConfig, ProblemCode, ResourcePolicy};

use super::{Draft, Written, placed};
use crate::keys::{self, KEYS};
use crate::problem::SpannedProblem;
use crate::syntax::{Entry, Kind, Node, Value};

impl Draft {
    pub(super) fn read_key(&mut self, entry: Entry, problems: &mut Vec<SpannedProblem>) {
        let Some(key) = KEYS.into_iter().find(|key| *key == entry.key) else {
            let intended = keys::intended_key(&entry.key);
            if intended == Some("origins") {
                self.unread.push("origins");
            }
            let why = match intended {
                Some(_) => "a policy has no such key".to_owned(),
                None => format!("a policy has no such key; its keys are {}", listed(&KEYS, "and")),
            };
            let problem = SpannedProblem::new(ProblemCode::KeyUnknown, "policy", entry.span, why);
            problems.push(problem.with_value(&entry.key).suggest(intended.map(str::to_owned)));
            return;
        };
        if matches!(entry.node.value, Value::Other(Kind::Unread)) {
            self.unread.push(key);
            return;
        }
        let before = problems.len();
        let mut written = Written { value: entry.node.span.clone(), items: Vec::new() };
        match Field::of(&mut self.config, key) {
            Some(Field::List(list)) => (*list, written.items) = strings(key, entry.node, problems),
            Some(Field::Flag(flag)) => *flag = read_flag(key, &entry.node, problems),
            Some(Field::MaxAge(length)) => *length = max_age(&entry.node, problems),
            Some(Field::ResourcePolicy(value)) => {
                let values = ResourcePolicy::ALL.map(|value| (value.as_str(), value));
                *value = choice(key, &entry.node, &values, problems);
            }
            Some(Field::Enforce(value)) => {
                let values = Enforce::ALL.map(|value| (value.as_str(), value));
                *value = choice(key, &entry.node, &values, problems).unwrap_or_default();
            }
            None => return self.read_file_key(key, &entry.node, problems),
        }
        self.written.insert(key, written);
        if problems.len() > before {
            self.unread.push(key);
        }
    }
}

/// The field of a `PolicyConfig` for a key.
pub(super) enum Field<'c> {
    List(&'c mut Vec<String>),
    Flag(&'c mut bool),
    MaxAge(&'c mut Option<String>),
    ResourcePolicy(&'c mut Option<ResourcePolicy>),
    Enforce(&'c mut Enforce),
}

impl<'c> Field<'c> {
    /// Returns the field for a key; `None` for a key that only files have.
    pub(super) fn of(config: &'c mut PolicyConfig, key: &str) -> Option<Self> {
        Some(match key {
            "origins" => Self::List(&mut config.origins),
            "null-origin" => Self::Flag(&mut config.null_origin),
            "methods" => Self::List(&mut config.methods),
            "request-headers" => Self::List(&mut config.request_headers),
            "expose-headers" => Self::List(&mut config.expose_headers),
            "credentials" => Self::Flag(&mut config.credentials),
            "max-age" => Self::MaxAge(&mut config.max_age),
            "timing" => Self::Flag(&mut config.timing),
            "resource-policy" => Self::ResourcePolicy(&mut config.resource_policy),
            "enforce" => Self::Enforce(&mut config.enforce),
            "acknowledge" => Self::List(&mut config.acknowledge),
            _ => return None,
        })
    }

    /// Takes the value of the same field of another policy.
    pub(super) fn take(self, other: Self) {
        match (self, other) {
            (Self::List(own), Self::List(other)) => std::mem::swap(own, other),
            (Self::Flag(own), Self::Flag(other)) => *own = *other,
            (Self::MaxAge(own), Self::MaxAge(other)) => std::mem::swap(own, other),
            (Self::ResourcePolicy(own), Self::ResourcePolicy(other)) => *own = *other,
            (Self::Enforce(own), Self::Enforce(other)) => *own = *other,
            _ => {}
        }
    }
}

/// Reads a list of strings. Returns the strings and their positions.
fn strings(
    key: &'static str,
    node: Node,
    problems: &mut Vec<SpannedProblem>,
) -> (Vec<String>, Vec<Range<usize>>) {
    let (mut strings, mut spans) = (Vec::new(), Vec::new());
    match node.value {
        Value::List(items) => {
            strings.reserve_exact(items.len());
            spans.reserve_exact(items.len());
            for (index, item) in items.into_iter().enumerate() {
                match item.value {
                    Value::Text(text) => {
                        strings.push(text);
                        spans.push(item.span);
                    }
                    other => {
                        let why = format!(
                            "an entry of `{key}` is a string in quotes, and this is {}",
                            other.kind()
                        );
                        problems.push(
                            SpannedProblem::new(ProblemCode::ValueType, key, item.span, why)
                                .with_value(plain(&other))
                                .at_index(Some(index)),
                        );
                    }
                }
            }
        }
        Value::Text(text) => {
            let why = format!("`{key}` is a list of strings, and this is a single string");
            let problem = SpannedProblem::new(ProblemCode::ValueType, key, node.span, why).with_value(&text);
            problems.push(problem.suggest(Some(format!("[{}]", separated(&text)))));
        }
        other => {
            let why = format!("`{key}` is a list of strings, and this is {}", other.kind());
            problems.push(
                SpannedProblem::new(ProblemCode::ValueType, key, node.span, why).with_value(plain(&other)),
            );
        }
    }
    (strings, spans)
}

fn read_flag(key: &'static str, node: &Node, problems: &mut Vec<SpannedProblem>) -> bool {
    match &node.value {
        Value::Flag(flag) => *flag,
        other => {
            let why = format!("`{key}` is `true` or `false`, without quotes, and this is {}", other.kind());
            let given = plain(other);
            let suggestion = match given.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Some("true".to_owned()),
                "false" | "no" | "off" | "0" | "" => Some("false".to_owned()),
                _ => None,
            };
            problems.push(
                SpannedProblem::new(ProblemCode::ValueType, key, node.span.clone(), why)
                    .with_value(given)
                    .suggest(suggestion),
            );
            false
        }
    }
}

fn max_age(node: &Node, problems: &mut Vec<SpannedProblem>) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Whole(seconds) => Some(seconds.clone()),
        other => {
            let why = format!(
                "`max-age` is a length of time such as `\"10m\"`, or a whole number of seconds, and this is {}",
                other.kind()
            );
            problems.push(
                SpannedProblem::new(ProblemCode::ValueType, "max-age", node.span.clone(), why)
                    .with_value(plain(other)),
            );
            None
        }
    }
}

/// Reads a value that is one of a few words.
pub(super) fn choice<T: Copy>(
    key: &'static str,
    node: &Node,
    values: &[(&'static str, T)],
    problems: &mut Vec<SpannedProblem>,
) -> Option<T> {
    let given = plain(&node.value);
    let is_text = matches!(node.value, Value::Text(_));
    if let Some((_, value)) = values.iter().find(|(word, _)| is_text && *word == given) {
        return Some(*value);
    }
    let words: Vec<&'static str> = values.iter().map(|(word, _)| *word).collect();
    let suggestion = match (given.as_str(), key) {
        ("true", "enforce") => Some("block"),
        ("false", "enforce") => Some("off"),
        _ => keys::nearest(&given.to_ascii_lowercase().replace('_', "-"), &words),
    };
    let suggestion = suggestion.map(|word| if is_text { word.to_owned() } else { format!("\"{word}\"") });
    let about_variables = placed::about_variables(&given);
    let why = match words.as_slice() {
        [word] => {
            format!("write `{key} = \"{word}\"`, which is the only value, or leave it out{about_variables}")
        }
        words => format!("`{key}` is {}, in quotes{about_variables}", listed(words, "or")),
    };
    problems.push(
        SpannedProblem::new(ProblemCode::ValueType, key, node.span.clone(), why)
            .with_value(given)
            .suggest(suggestion),
    );
    None
}

/// Returns a string, boolean, whole number or null as it is written, and an empty string for other values.
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

/// Returns `a, b` as the two strings that were meant: `"a", "b"`.
fn separated(text: &str) -> String {
    let parts = text.split([',', ' ', '\t', ';']).filter(|part| !part.is_empty());
    let quoted: Vec<String> = parts.map(|part| format!("\"{part}\"")).collect();
    quoted.join(", ")
}

/// Returns words as a list in a sentence: `a`, `b` and `c`.
fn listed(words: &[&str], last: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_policy_has_its_field_and_a_key_of_files_has_none() {
        for key in KEYS {
            let has_field = Field::of(&mut PolicyConfig::default(), key).is_some();
            assert_eq!(has_field, PolicyConfig::KEYS.contains(&key), "{key}");
        }
    }
}
