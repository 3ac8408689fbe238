//! XML, as far as it is data: elements, without attributes.

use super::build::{Budget, map};
use super::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::{At, Files};

/// The most bytes. The configurations that are XML have limits of their own, of 64 KiB.
const MOST_BYTES: usize = 128 << 10;

/// Reads a file as XML: a map with the root element. An element with elements in it is a map, in which what is repeated is a list; others are
/// texts.
///
/// # Errors
///
/// Fails at the line where it is none, or where it is too deep or too large.
pub(crate) fn xml(files: &Files<'_>, file: usize) -> Result<Node, ImportError> {
    let whole = files.text(file);
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let mut budget = Budget::new(files, file);
    let start = At { file, line: 1 };
    if text.len() > MOST_BYTES {
        return Err(budget.error(start, format!("The file is larger than {} KiB.", MOST_BYTES >> 10)));
    }
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: 100_000, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(|error| {
        let line = usize::try_from(error.pos().row).unwrap_or(1).max(1);
        budget.error(At { file, line }, format!("This is not XML that can be read: {error}."))
    })?;
    let lines = super::build::Lines::new(file, text);
    let root = document.root_element();
    let at = lines.at(root.range().start);
    let key = Key { text: root.tag_name().name().to_owned(), at };
    let node = element(root, &lines, &mut budget, 1)?;
    Ok(Node { at, value: Value::Map(vec![(key, node)]) })
}

fn element(
    element: roxmltree::Node<'_, '_>,
    lines: &super::build::Lines,
    budget: &mut Budget<'_>,
    level: usize,
) -> Result<Node, ImportError> {
    let at = lines.at(element.range().start);
    budget.level(level, at)?;
    budget.spend(1, 0, at)?;
    let mut children: Vec<(Key, Vec<Node>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for child in element.children().filter(roxmltree::Node::is_element) {
        let name = child.tag_name().name();
        let node = self::element(child, lines, budget, level.saturating_add(1))?;
        let place = *places.entry(name).or_insert(children.len());
        match children.get_mut(place) {
            Some((_, nodes)) => nodes.push(node),
            None => children.push((Key { text: name.to_owned(), at: node.at }, vec![node])),
        }
    }
    if children.is_empty() {
        let text: String = element.children().filter_map(|child| child.text()).collect();
        return Ok(Node { at, value: Value::Text(text.trim().to_owned()) });
    }
    let entries = children.into_iter().map(|(key, mut nodes)| {
        let node = match (nodes.pop(), nodes.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                nodes.extend(last);
                Node { at: key.at, value: Value::List(nodes) }
            }
        };
        (key, node)
    });
    Ok(Node { at, value: map(entries.collect()) })
}
