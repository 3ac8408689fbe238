//! Converts the tree and the errors of the `toml` crate.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::syntax::{DUPLICATE, Entry, Kind, Node, SyntaxError, Value};

/// Returns the first error of each line. One mistake can make the parser report several errors, and the first one is the one to fix.
pub(super) fn read_errors(errors: &[toml::de::Error], text: &str) -> Vec<SyntaxError> {
    let mut syntax_errors: Vec<SyntaxError> = errors.iter().map(|error| read_error(error, text)).collect();
    syntax_errors.sort_by_key(|error| error.span.start);
    let mut previous = None;
    syntax_errors.retain(|error| {
        let previous = previous.replace(error.span.start);
        previous.is_none_or(|previous| {
            text.get(previous..error.span.start).is_some_and(|between| between.contains('\n'))
        })
    });
    syntax_errors
}

pub(super) fn read_error(error: &toml::de::Error, text: &str) -> SyntaxError {
    let end = text.len();
    let span = error.span().unwrap_or(end..end);
    let message = match error.message() {
        "duplicate key" => DUPLICATE.to_owned(),
        message if message.starts_with("string values must be quoted") => {
            let rest = text.get(span.start..).unwrap_or_default();
            let value = rest.split([',', ']', '\n', '\r', '#', '"']).next().unwrap_or_default().trim();
            let error = SyntaxError::new(span, "a string has to be in quotes");
            return SyntaxError { suggestion: (!value.is_empty()).then(|| format!("\"{value}\"")), ..error };
        }
        "recursion limit" => "this is nested too deeply for a policy file".to_owned(),
        message => format!("this is not TOML: {}", message.trim_end_matches('.')),
    };
    SyntaxError::new(span, message)
}

pub(super) fn entries(table: DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry { span: key.span(), key: key.into_inner().into_owned(), node: node(value) })
        .collect();
    entries.sort_by_key(|entry| entry.span.start); // the map sorts them by name
    entries
}

/// Converts a value. The parser limits how deeply values are nested.
fn node(value: Spanned<DeValue<'_>>) -> Node {
    let span: Range<usize> = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Integer(number) => Value::Whole(decimal(&number)),
        DeValue::Array(items) => Value::List(items.into_iter().map(node).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
        DeValue::Float(_) => Value::Other(Kind::Fraction),
        DeValue::Datetime(_) => Value::Other(Kind::Date),
    };
    Node { span, value }
}

fn decimal(number: &DeInteger<'_>) -> String {
    let digits = number.as_str();
    match i128::from_str_radix(digits, number.radix()) {
        Ok(value) => value.to_string(),
        Err(_) => digits.to_owned(),
    }
}
