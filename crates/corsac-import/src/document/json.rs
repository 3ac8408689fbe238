//! JSON, with the comments and trailing commas that people leave in it.

use jsonc_parser::ast::{self, ObjectPropName};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::build::{Budget, Lines, map};
use super::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::{At, Files};

const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: true,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: true,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a file as JSON.
///
/// # Errors
///
/// Fails at the line where it is none, or where it is too deep or too large.
pub(crate) fn json(files: &Files<'_>, file: usize) -> Result<Node, ImportError> {
    let whole = files.text(file);
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let mut reader = Reader { lines: Lines::new(file, text), budget: Budget::new(files, file) };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).map_err(|error| {
        let at = reader.lines.at(error.range().start);
        reader.budget.error(at, format!("This is not JSON: {}.", error.kind()))
    })?;
    match parsed.value {
        Some(value) => reader.node(value, 0),
        None => Err(reader.budget.error(At { file, line: 1 }, "The file is empty.")),
    }
}

struct Reader<'a> {
    lines: Lines,
    budget: Budget<'a>,
}

impl Reader<'_> {
    fn node(&mut self, value: ast::Value<'_>, level: usize) -> Result<Node, ImportError> {
        let at = self.lines.at(value.range().start);
        self.budget.level(level, at)?;
        self.budget.spend(1, 0, at)?;
        let level = level.saturating_add(1);
        let value = match value {
            ast::Value::StringLit(text) => Value::Text(text.value.into_owned()),
            ast::Value::NumberLit(number) => Value::Number(number.value.to_owned()),
            ast::Value::BooleanLit(boolean) => Value::Bool(boolean.value),
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::Array(list) => {
                let items = list.elements.into_iter().map(|item| self.node(item, level));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            ast::Value::Object(object) => {
                let mut entries = Vec::with_capacity(object.properties.len());
                for property in object.properties {
                    let start = match &property.name {
                        ObjectPropName::String(name) => name.range.start,
                        ObjectPropName::Word(name) => name.range.start,
                    };
                    let key = Key { at: self.lines.at(start), text: property.name.into_string() };
                    entries.push((key, self.node(property.value, level)?));
                }
                map(entries)
            }
        };
        Ok(Node { at, value })
    }
}
