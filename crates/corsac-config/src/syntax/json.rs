//! JSON as defined by [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259): no comments, and no comma after the last entry.

use jsonc_parser::ast::{self, ObjectPropName};
use jsonc_parser::common::{Range, Ranged as _};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

use super::{DUPLICATE, Entry, Kind, Node, SyntaxError, Value};

/// The deepest nesting that is parsed. A policy file needs four levels.
const DEEPEST: usize = 64;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn parse(text: &str) -> Result<Vec<Entry>, SyntaxError> {
    if let Some(offset) = too_deep(text) {
        return Err(SyntaxError::new(
            offset..offset.saturating_add(1),
            "this is nested too deeply for a policy file",
        ));
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT)
        .map_err(|error| SyntaxError::new(bytes(error.range()), message(error.kind())))?;
    if parsed.value.is_none() {
        let why = "the file is empty: write `{\"policy\": {\"NAME\": {\"origins\": […]}}}`";
        return Err(SyntaxError::new(0..0, why));
    }
    // Checked with a second parser, because the first one is made for a superset of JSON.
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return Err(from_serde(text, &error));
    }
    match parsed.value {
        Some(ast::Value::Object(object)) => entries(object),
        Some(other) => Err(SyntaxError::new(
            bytes(other.range()),
            "the file is one object: `{\"policy\": {\"NAME\": {…}}}`",
        )),
        None => Ok(Vec::new()),
    }
}

/// Returns where the nesting exceeds [`DEEPEST`]. The parsers are recursive.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth = depth.saturating_add(1);
                if depth > DEEPEST {
                    return Some(offset);
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn message(kind: &ParseErrorKind) -> String {
    use ParseErrorKind as K;
    match kind {
        K::CommentsNotAllowed => "JSON has no comments; a policy file in TOML can have them".to_owned(),
        K::TrailingCommasNotAllowed => "JSON has no comma after the last entry".to_owned(),
        K::SingleQuotedStringsNotAllowed => "in JSON, strings are in double quotes".to_owned(),
        K::ExpectedStringObjectProperty => "in JSON, keys are in double quotes".to_owned(),
        K::ExpectedComma => "a comma is missing between two entries".to_owned(),
        K::MultipleRootJsonValues => {
            "there is something after the end of the object: the file is one object".to_owned()
        }
        K::UnterminatedArray => "a list is not closed: `]` is missing".to_owned(),
        K::UnterminatedObject => "an object is not closed: `}` is missing".to_owned(),
        other => {
            let message = other.to_string();
            let mut letters = message.chars();
            let first = letters.next().map_or_else(String::new, |first| first.to_lowercase().to_string());
            format!("this is not JSON: {first}{}", letters.as_str().trim_end_matches('.'))
        }
    }
}

fn from_serde(text: &str, error: &serde_json::Error) -> SyntaxError {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => {
            text.match_indices('\n').nth(line.saturating_sub(2)).map_or(0, |(at, _)| at.saturating_add(1))
        }
    };
    let mut offset = line_start.saturating_add(error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    SyntaxError::new(offset..offset, format!("this is not JSON: {message}"))
}

fn entries(object: ast::Object<'_>) -> Result<Vec<Entry>, SyntaxError> {
    let mut seen = std::collections::HashSet::with_capacity(object.properties.len());
    let mut entries = Vec::with_capacity(object.properties.len());
    for property in object.properties {
        let span = match &property.name {
            ObjectPropName::String(name) => bytes(name.range),
            ObjectPropName::Word(name) => bytes(name.range),
        };
        let key = property.name.into_string();
        if !seen.insert(key.clone()) {
            return Err(SyntaxError::new(span, DUPLICATE));
        }
        entries.push(Entry { key, span, node: node(property.value)? });
    }
    Ok(entries)
}

fn node(value: ast::Value<'_>) -> Result<Node, SyntaxError> {
    let span = bytes(value.range());
    let value = match value {
        ast::Value::StringLit(text) => Value::Text(text.value.into_owned()),
        ast::Value::BooleanLit(flag) => Value::Flag(flag.value),
        ast::Value::NumberLit(number) if number.value.contains(['.', 'e', 'E']) => {
            Value::Other(Kind::Fraction)
        }
        ast::Value::NumberLit(number) => Value::Whole(number.value.to_owned()),
        ast::Value::Array(list) => {
            Value::List(list.elements.into_iter().map(node).collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => Value::Table(entries(object)?),
        ast::Value::NullKeyword(_) => Value::Other(Kind::Null),
    };
    Ok(Node { span, value })
}

fn bytes(range: Range) -> std::ops::Range<usize> {
    range.start..range.end.max(range.start)
}
