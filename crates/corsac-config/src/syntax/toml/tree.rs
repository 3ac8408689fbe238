//! From the tree of the `toml` crate, and its errors, to ours.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::syntax::{Entry, Kind, Node, SyntaxError, Value};

/// What is said of a name that stands there before.
pub(super) const TWICE: &str = "this stands twice; a key, and a policy, stands once";

/// The first error of each line: one slip makes the parser stumble several times, and the first is the one to mend.
pub(super) fn read_errors(errors: &[toml::de::Error], text: &str) -> Vec<SyntaxError> {
    let mut found: Vec<SyntaxError> = errors.iter().map(|error| read_error(error, text)).collect();
    found.sort_by_key(|error| error.span.start);
    let mut passed = None;
    found.retain(|error| {
        let since = passed.replace(error.span.start);
        since.is_none_or(|since| {
            text.get(since..error.span.start).is_some_and(|between| between.contains('\n'))
        })
    });
    found
}

pub(super) fn read_error(error: &toml::de::Error, text: &str) -> SyntaxError {
    let end = text.len();
    let span = error.span().unwrap_or(end..end);
    let message = match error.message() {
        "duplicate key" => TWICE.to_owned(),
        words if words.starts_with("string values must be quoted") => {
            let rest = text.get(span.start..).unwrap_or_default();
            let value = rest.split([',', ']', '\n', '\r', '#', '"']).next().unwrap_or_default().trim();
            let error = SyntaxError::new(span, "a text stands in quotes");
            return SyntaxError { meant: (!value.is_empty()).then(|| format!("\"{value}\"")), ..error };
        }
        "recursion limit" => "this is nested deeper than any policy".to_owned(),
        words => format!("this is not TOML: {}", words.trim_end_matches('.')),
    };
    SyntaxError::new(span, message)
}

pub(super) fn entries(table: DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry { span: key.span(), key: key.into_inner().into_owned(), node: node(value) })
        .collect();
    entries.sort_by_key(|entry| entry.span.start); // the map has them by name
    entries
}

/// Nesting is bounded by the parser.
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
