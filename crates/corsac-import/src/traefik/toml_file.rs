//! A dynamic configuration in TOML, as the tree that YAML is.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::{At, Files};

/// The most levels of tables, which the parser bounds, too.
const MOST_LEVELS: usize = 100;

/// Whether the file is TOML: by its name, or by a line such as `[http.routers]`.
pub(super) fn is_toml(files: &Files<'_>) -> bool {
    let has_table = |line: &str| {
        let line = line.trim();
        line.starts_with("[http") && line.ends_with(']')
    };
    files.name(0).to_ascii_lowercase().ends_with(".toml") || files.text(0).lines().any(has_table)
}

/// Reads the file.
///
/// # Errors
///
/// Fails at the line where it is no TOML.
pub(super) fn read(files: &Files<'_>) -> Result<Node, ImportError> {
    let text = files.text(0);
    let lines = Lines::of(text);
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| lines.at(span.start).line);
        ImportError::new(files.name(0), line, format!("This is no TOML: {}.", error.message()))
    })?;
    let at = At { file: 0, line: 1 };
    Ok(Node { at, value: Value::Map(entries(table.get_ref(), &lines, 0)) })
}

fn entries(table: &DeTable<'_>, lines: &Lines, levels: usize) -> Vec<(Key, Node)> {
    let entry = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        let key = Key { text: key.get_ref().to_string(), at: lines.at(key.span().start) };
        let node = node(value, lines, levels);
        (key, node)
    };
    table.iter().map(entry).collect()
}

fn node(value: &Spanned<DeValue<'_>>, lines: &Lines, levels: usize) -> Node {
    let at = lines.at(value.span().start);
    let levels = levels.saturating_add(1);
    let value = match value.get_ref() {
        _ if levels > MOST_LEVELS => Value::Null,
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(time) => Value::Text(time.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(item, lines, levels)).collect()),
        DeValue::Table(table) => Value::Map(entries(table, lines, levels)),
    };
    Node { at, value }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(std::iter::once(0).chain(breaks.map(|(index, _)| index.saturating_add(1))).collect())
    }

    fn at(&self, offset: usize) -> At {
        At { file: 0, line: self.0.partition_point(|start| *start <= offset).max(1) }
    }
}
