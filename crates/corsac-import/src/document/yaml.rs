//! YAML, with several documents, anchors and merge keys.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::build::{Budget, MOST_LEVELS, map};
use super::{Key, Node, Value};
use crate::error::ImportError;
use crate::files::{At, Files};

/// Reads the documents of a file. Empty ones are left out.
///
/// # Errors
///
/// Fails at the line where it is no YAML, or where it is too deep or too large.
pub(crate) fn yaml(files: &Files<'_>, file: usize) -> Result<Vec<Node>, ImportError> {
    let whole = files.text(file);
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let options = granit_parser::options! {
        emit_comments: false,
        simple_key_max_lookahead: 4096,
        flow_nesting_limit: MOST_LEVELS,
        block_nesting_limit: MOST_LEVELS,
    };
    let mut reader = Reader {
        file,
        budget: Budget::new(files, file),
        open: Vec::new(),
        anchors: HashMap::new(),
        documents: Vec::new(),
    };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| {
            let at = At { file, line: error.marker().line().max(1) };
            reader.budget.error(at, not_yaml(text, at.line, &error.info()))
        })?;
        reader.event(event, span)?;
    }
    Ok(reader.documents)
}

fn not_yaml(text: &str, line: usize, why: &str) -> String {
    let wrong = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    if wrong.contains("{{") {
        return "This is a template and not YAML yet: read what it becomes, for example with `helm template`."
            .to_owned();
    }
    let mut letters = why.chars();
    let first = letters.next().map_or_else(String::new, |first| first.to_lowercase().to_string());
    format!("This is not YAML: {first}{}.", letters.as_str().trim_end_matches('.'))
}

/// What an anchor names, and what a copy of it costs.
struct Anchored {
    node: Node,
    nodes: usize,
    text: usize,
}

/// A list or map whose end was not read yet.
struct Open {
    at: At,
    anchor: usize,
    function: Option<String>,
    nodes: usize,
    text: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<(Key, Node)>, key: Option<Key>, merged: Vec<(Key, Node)> },
}

struct Reader<'a> {
    file: usize,
    budget: Budget<'a>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    documents: Vec<Node>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), ImportError> {
        let at = At { file: self.file, line: span.start.line().max(1) };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain
                    || tag.as_deref().and_then(|tag| tag.core_suffix()) == Some("str");
                self.budget.spend(1, text.len(), at)?;
                let bytes = text.len();
                let value = if is_text { Value::Text(text.into_owned()) } else { plain(text.into_owned()) };
                let function = tag.as_deref().and_then(function);
                self.value(called(function, Node { at, value }), anchor, 1, bytes)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(at, anchor, tag.as_deref().and_then(function), Content::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), key: None, merged: Vec::new() };
                self.begin(at, anchor, tag.as_deref().and_then(function), content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let Some(anchored) = self.anchors.get(&anchor) else {
                    return Err(self.budget.error(at, "This alias stands inside of what it names."));
                };
                let (nodes, text) = (anchored.nodes, anchored.text);
                self.budget.spend(nodes, text, at)?;
                let node = anchored.node.clone();
                self.budget.level(self.open.len().saturating_add(levels(&node)), at)?;
                self.value(node, 0, nodes, text)
            }
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        at: At,
        anchor: usize,
        function: Option<String>,
        content: Content,
    ) -> Result<(), ImportError> {
        self.budget.spend(1, 0, at)?;
        self.open.push(Open { at, anchor, function, nodes: 1, text: 0, content });
        self.budget.level(self.open.len(), at)
    }

    fn end(&mut self) -> Result<(), ImportError> {
        let Some(Open { at, anchor, function, nodes, text, content }) = self.open.pop() else {
            return Ok(());
        };
        let value = match content {
            Content::List(items) => Value::List(items),
            // What is merged is overridden by what is written.
            Content::Map { entries, mut merged, .. } => {
                merged.extend(entries);
                map(merged)
            }
        };
        self.value(called(function, Node { at, value }), anchor, nodes, text)
    }

    /// A value is complete: an item, a key, the value of a key, or a document.
    fn value(&mut self, node: Node, anchor: usize, nodes: usize, text: usize) -> Result<(), ImportError> {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), nodes, text });
        }
        let Some(open) = self.open.last_mut() else {
            if !node.is_null() {
                self.documents.push(node);
            }
            return Ok(());
        };
        open.nodes = open.nodes.saturating_add(nodes);
        open.text = open.text.saturating_add(text);
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, key: key @ Some(_), merged } => {
                let Some(key) = key.take() else { return Ok(()) };
                if key.text == "<<" && is_mergeable(&node) {
                    // The first of several wins, and the last of a map's entries does.
                    let maps: Vec<Node> = match node.value {
                        Value::List(maps) => maps,
                        _ => vec![node],
                    };
                    for merge in maps.into_iter().rev() {
                        if let Value::Map(more) = merge.value {
                            merged.extend(more);
                        }
                    }
                } else {
                    entries.push((key, node));
                }
            }
            Content::Map { key, .. } => {
                let text = match node.text() {
                    Some(text) => text.to_owned(),
                    None if node.is_null() => "null".to_owned(),
                    // `[/**]` without quotes, as people write it for Spring.
                    None if matches!(node.value, Value::List(_)) && node.items().len() == 1 => {
                        let only = node.items().first().and_then(Node::text).unwrap_or_default();
                        format!("[{only}]")
                    }
                    None => {
                        return Err(self
                            .budget
                            .error(node.at, "The key of an entry is a list or a map here."));
                    }
                };
                *key = Some(Key { text, at: node.at });
            }
        }
        Ok(())
    }
}

/// The function of CloudFormation that a tag is the short form of, by its name in JSON.
fn function(tag: &Tag) -> Option<String> {
    const FUNCTIONS: [&str; 10] = [
        "Sub",
        "If",
        "GetAtt",
        "Join",
        "ImportValue",
        "FindInMap",
        "Select",
        "Split",
        "Transform",
        "ToJsonString",
    ];
    let ("!", name) = tag.parts() else { return None };
    match name {
        "Ref" => Some("Ref".to_owned()),
        _ => FUNCTIONS.contains(&name).then(|| format!("Fn::{name}")),
    }
}

/// A value as the argument of a function of CloudFormation.
fn called(function: Option<String>, node: Node) -> Node {
    let at = node.at;
    match function {
        Some(text) => Node { at, value: Value::Map(vec![(Key { text, at }, node)]) },
        None => node,
    }
}

fn is_mergeable(node: &Node) -> bool {
    match &node.value {
        Value::Map(_) => true,
        Value::List(items) => items.iter().all(|item| matches!(item.value, Value::Map(_))),
        _ => false,
    }
}

/// How deep it is.
fn levels(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => items.iter().map(levels).max().unwrap_or(0).saturating_add(1),
        Value::Map(entries) => {
            entries.iter().map(|(_, node)| levels(node)).max().unwrap_or(0).saturating_add(1)
        }
        _ => 0,
    }
}

/// What a scalar without quotes is.
fn plain(text: String) -> Value {
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
            && text.parse::<f64>().is_ok() =>
        {
            Value::Number(text)
        }
        _ => Value::Text(text),
    }
}
