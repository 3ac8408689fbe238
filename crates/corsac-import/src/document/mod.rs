//! Documents as a tree that knows the line of each part: YAML, JSON, XML and Java properties alike.
//!
//! A tree is at most 100 levels deep and has at most 100,000 nodes, those that an alias of YAML repeats among them. What is written more than once
//! in a map counts as its last value, as most programs read it.

mod build;
mod javascript;
mod json;
mod properties;
#[cfg(test)]
mod tests;
mod xml;
mod yaml;

pub(crate) use javascript::{Argument, CODE, Call, Program, SPREAD};
pub(crate) use json::json;
pub(crate) use properties::{java_properties, nested};
pub(crate) use xml::xml;
pub(crate) use yaml::yaml;

use crate::error::ImportError;
use crate::files::{At, Files};

/// A value, and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) at: At,
    pub(crate) value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// Each key is there once.
    Map(Vec<(Key, Node)>),
}

/// The key of an entry, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) at: At,
}

/// A text of a document, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) at: At,
}

/// Reads what is YAML to people: documents of YAML, or one of JSON, as `kubectl get -o json` writes it.
///
/// # Errors
///
/// Fails at the line where the text is neither, or where it is too deep or too large.
pub(crate) fn yaml_or_json(files: &Files<'_>, file: usize) -> Result<Vec<Node>, ImportError> {
    if !files.text(file).trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        return yaml(files, file);
    }
    match json(files, file) {
        Ok(node) => Ok(vec![node]),
        // YAML can begin with a bracket, too. If it is neither, it was probably meant as JSON.
        Err(error) => yaml(files, file).map_err(|_| error),
    }
}

impl Node {
    /// The value of the entry with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, node)| node)
    }

    /// The entry with this key.
    pub(crate) fn entry(&self, key: &str) -> Option<(&Key, &Self)> {
        self.find(|text| text == key)
    }

    /// The entry with this key as Spring compares keys: without regard to case, `-` and `_`. `allowed-origins` and `allowedOrigins` are one.
    pub(crate) fn relaxed(&self, key: &str) -> Option<(&Key, &Self)> {
        let wanted = relaxed(key);
        self.find(|text| relaxed(text) == wanted)
    }

    /// The value at the end of these keys.
    pub(crate) fn path(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    fn find(&self, is_wanted: impl Fn(&str) -> bool) -> Option<(&Key, &Self)> {
        self.entries().iter().find(|(key, _)| is_wanted(&key.text)).map(|(key, node)| (key, node))
    }

    /// The entries; none if it is no map.
    pub(crate) fn entries(&self) -> &[(Key, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list. Something that is no list is a list of itself, and null an empty one.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The text of a text, a number or a boolean.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The text of the entry with this key.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }

    /// The texts of a list, each with its place.
    pub(crate) fn texts(&self) -> Vec<Text> {
        let text = |node: &Self| Some(Text { text: node.text()?.to_owned(), at: node.at });
        self.items().iter().filter_map(text).collect()
    }

    /// The boolean that this is, also as a text: `"true"`, `yes`, `on`.
    pub(crate) fn boolean(&self) -> Option<bool> {
        let text = self.text()?.trim().to_ascii_lowercase();
        match text.as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// The whole number that this is, also as a text.
    pub(crate) fn whole_number(&self) -> Option<i64> {
        self.text()?.trim().parse().ok()
    }

    /// Returns `true` if it is null, or not there in effect.
    pub(crate) fn is_null(&self) -> bool {
        self.value == Value::Null
    }
}

/// A key without what Spring ignores in it.
fn relaxed(key: &str) -> String {
    key.chars().filter(|letter| !matches!(letter, '-' | '_')).flat_map(char::to_lowercase).collect()
}
