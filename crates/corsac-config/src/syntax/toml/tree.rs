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
            if let Some(flag) = flag(value) {
                return not_a_flag(span, flag);
            }
            let error = SyntaxError::new(span, "a string has to be in quotes");
            return SyntaxError { suggestion: (!value.is_empty()).then(|| format!("\"{value}\"")), ..error };
        }
        message if message.starts_with("invalid boolean") => {
            let rest = text.get(span.start..).unwrap_or_default();
            let word =
                rest.split(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or_default();
            match flag(word) {
                Some(flag) => return not_a_flag(span, flag),
                None => format!("this is not TOML: {}", message.trim_end_matches('.')),
            }
        }
        "recursion limit" => "this is nested too deeply for a policy file".to_owned(),
        message => format!("this is not TOML: {}", message.trim_end_matches('.')),
    };
    SyntaxError::new(span, message)
}

/// Returns what a word for on or off is in TOML.
fn flag(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        _ => None,
    }
}

fn not_a_flag(span: Range<usize>, flag: &str) -> SyntaxError {
    let why = "what is on or off is `true` or `false`, in lower case and without quotes";
    SyntaxError { suggestion: Some(flag.to_owned()), ..SyntaxError::new(span, why) }
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
