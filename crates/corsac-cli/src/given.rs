//! The arguments of a call by another program: an assistant in an editor, or the page of `corsac ui`.

use rmcp::model::JsonObject;
use serde_json::Value;

use crate::terminal::printable;

/// The arguments of a call, taken one by one. What is left is unknown.
pub(crate) struct Given(JsonObject);

impl Given {
    pub(crate) fn new(arguments: JsonObject) -> Self {
        Self(arguments)
    }

    /// Takes a string.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("`{name}` has to be a string")),
        }
    }

    /// Takes anything.
    pub(crate) fn value(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Takes a string that has to be given.
    pub(crate) fn needed(&mut self, name: &str) -> Result<String, String> {
        self.text(name)?.ok_or_else(|| format!("`{name}` is missing"))
    }

    /// Takes a string that has to be one of these names.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Result<Option<T>, String> {
        let Some(given) = self.text(name)? else { return Ok(None) };
        let found = all.iter().copied().find(|value| as_str(*value) == given);
        found.map(Some).ok_or_else(|| {
            let names: Vec<&str> = all.iter().copied().map(as_str).collect();
            format!("`{name}` is `{}`, and has to be one of {}", printable(&given), names.join(", "))
        })
    }

    /// Takes a boolean. Defaults to `false`.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, String> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(format!("`{name}` has to be true or false")),
        }
    }

    /// Takes a number.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<f64>, String> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_f64()),
            Some(_) => Err(format!("`{name}` has to be a number")),
        }
    }

    /// Takes a list of strings. Defaults to an empty one.
    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<String>, String> {
        let wrong = || format!("`{name}` has to be a list of strings");
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| if let Value::String(text) = item { Ok(text) } else { Err(wrong()) })
                .collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// Takes an object whose values are strings.
    pub(crate) fn strings(&mut self, name: &str) -> Result<Vec<(String, String)>, String> {
        let wrong = || format!("`{name}` has to be an object with strings, such as {{\"X-Trace\": \"1\"}}");
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(fields)) => fields
                .into_iter()
                .map(|(name, value)| match value {
                    Value::String(value) => Ok((name, value)),
                    _ => Err(wrong()),
                })
                .collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// Rejects what was not taken.
    pub(crate) fn end(self) -> Result<(), String> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(format!("there is no argument `{}`", printable(name))),
        }
    }
}
