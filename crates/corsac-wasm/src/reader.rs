//! Reads the fields of a JSON object, and knows the path of each for messages.

use corsac::text::{Printable, QUOTED};
use serde_json::{Map, Value};

use crate::error::Problem;

/// An object of the input. Each field is taken once; [`Fields::end`] refuses what is left.
pub(crate) struct Fields {
    path: String,
    fields: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Fields {
    pub(crate) fn of(path: &str, value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(fields) => Ok(Self { path: path.to_owned(), fields, known: Vec::new() }),
            other => {
                let what = if path.is_empty() { "The input" } else { "This" };
                Err(Problem::new(path, format!("{} has to be an object, and not {}.", what, kind(&other))))
            }
        }
    }

    /// Returns the path of a field of this object.
    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Takes a field. One that is `null` counts as missing.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => {
                let message = format!("This has to be text, and not {}.", kind(&other));
                Err(Problem::new(self.path_of(name), message))
            }
        }
    }

    /// Takes a field that has one of a few values.
    pub(crate) fn choice<T: std::str::FromStr<Err: std::fmt::Display> + Default>(
        &mut self,
        name: &'static str,
    ) -> Result<T, Problem> {
        let Some(text) = self.text(name)? else { return Ok(T::default()) };
        text.trim().parse().map_err(|error: T::Err| Problem::new(self.path_of(name), format!("{error}.")))
    }

    pub(crate) fn object(&mut self, name: &'static str) -> Result<Option<Fields>, Problem> {
        let path = self.path_of(name);
        self.value(name).map(|value| Self::of(&path, value)).transpose()
    }

    pub(crate) fn list(&mut self, name: &'static str) -> Result<Vec<Value>, Problem> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items),
            Some(other) => {
                let message = format!("This has to be a list, and not {}.", kind(&other));
                Err(Problem::new(self.path_of(name), message))
            }
        }
    }

    /// Refuses fields that were not taken.
    pub(crate) fn end(self) -> Result<(), Problem> {
        let Some(name) = self.fields.keys().next() else { return Ok(()) };
        let message = format!(
            "There is no field `{}` here: the fields are `{}`.",
            Printable::new(name, QUOTED),
            self.known.join("`, `")
        );
        Err(Problem::new(self.path_of(name), message))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
