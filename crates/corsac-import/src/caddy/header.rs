//! Changes of header lines: `header`, `request_header`, `header_up`, `header_down`.

use super::expression::Expression;
use super::findings::Findings;
use super::matcher::ResponseTest;
use super::route::is_of_cors;
use super::segment::Segment;
use crate::files::At;
use crate::server::Line;

/// What is added, set, deleted and replaced, in this order.
#[derive(Clone, Debug, Default)]
pub(super) struct Operations {
    pub(super) add: Vec<Operation>,
    pub(super) set: Vec<Operation>,
    pub(super) delete: Vec<Operation>,
    pub(super) replace: Vec<Replacement>,
}

#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) at: At,
}

#[derive(Clone, Debug)]
pub(super) struct Replacement {
    pub(super) name: String,
    search: Option<Expression>,
    with: String,
    at: At,
}

/// A `header` directive.
#[derive(Clone, Debug, Default)]
pub(super) struct ResponseChange {
    pub(super) operations: Operations,
    /// Whether it happens when the response is written, after everything else. Without a response of a handler, it never does.
    pub(super) is_deferred: bool,
    pub(super) require: Option<ResponseTest>,
}

impl Operations {
    pub(super) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.set.is_empty() && self.delete.is_empty() && self.replace.is_empty()
    }

    /// Takes `field value replacement` of a line.
    pub(super) fn take(
        &mut self,
        field: &str,
        value: &str,
        replacement: Option<&str>,
        at: At,
        findings: &mut Findings,
    ) {
        let operation = |name: &str| Operation { name: name.to_owned(), value: value.to_owned(), at };
        if let Some(name) = field.strip_prefix('+') {
            self.add.push(operation(name));
        } else if let Some(name) = field.strip_prefix('-') {
            self.delete.push(operation(name));
        } else if let Some(with) = replacement {
            self.replace.push(Replacement {
                name: field.trim_start_matches(['+', '-', '?', '>']).to_owned(),
                search: findings.compiled(value),
                with: with.to_owned(),
                at,
            });
        } else {
            self.set.push(operation(field.strip_prefix('>').unwrap_or(field)));
        }
    }

    /// Every header that it names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.add, &self.set, &self.delete];
        lists
            .into_iter()
            .flatten()
            .map(|operation| operation.name.as_str())
            .chain(self.replace.iter().map(|replacement| replacement.name.as_str()))
    }

    /// Whether a header of CORS is set or added.
    pub(super) fn sets_cors(&self) -> bool {
        self.add.iter().chain(&self.set).any(|operation| is_of_cors(&operation.name))
    }

    /// Changes the lines; `expand` gives the values of placeholders.
    pub(super) fn apply(&self, lines: &mut Vec<Line>, expand: impl Fn(&str) -> String) {
        let made = |operation: &Operation| Line {
            name: expand(&operation.name),
            value: expand(&operation.value),
            at: Some(operation.at),
        };
        if self.delete.iter().any(|operation| expand(&operation.name) == "*") {
            lines.clear();
        }
        lines.extend(self.add.iter().map(made));
        for operation in &self.set {
            let line = made(operation);
            lines.retain(|old| !old.name.eq_ignore_ascii_case(&line.name));
            lines.push(line);
        }
        for operation in &self.delete {
            let pattern = expand(&operation.name).to_ascii_lowercase();
            if pattern != "*" {
                lines.retain(|line| !matches_name(&pattern, &line.name.to_ascii_lowercase()));
            }
        }
        for replacement in &self.replace {
            let name = expand(&replacement.name);
            let Some(search) = &replacement.search else { continue };
            let with = expand(&replacement.with);
            for line in lines.iter_mut().filter(|line| name == "*" || line.name.eq_ignore_ascii_case(&name)) {
                let value = search.replace_all(&line.value, &with);
                if value != line.value {
                    line.value = value;
                    line.at = Some(replacement.at);
                }
            }
        }
    }
}

/// `x-*`, `*-x` and `*x*` are patterns.
fn matches_name(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(rest), Some(_)) => name.contains(rest.strip_suffix('*').unwrap_or(rest)),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

/// The changes of a `header` directive whose arguments, without its matcher, are these. Defaults (`?`) are a change of their own.
pub(super) fn response_changes(
    segment: &Segment,
    arguments: &[super::lexer::Token],
    findings: &mut Findings,
) -> Vec<ResponseChange> {
    let mut change = ResponseChange::default();
    let mut defaults = ResponseChange::default();
    let mut take = |field: &str, words: &[super::lexer::Token], at: At| {
        let mut words = words.iter().map(|word| word.text.as_str());
        let (value, replacement) = (words.next().unwrap_or_default(), words.next());
        if let Some(name) = field.strip_prefix('?') {
            defaults.require.get_or_insert_default().absent.push(name.to_owned());
            defaults.operations.take(name, value, None, at, findings);
            return;
        }
        change.is_deferred |= field.starts_with('-') || field.starts_with('>');
        change.operations.take(field, value, replacement, at, findings);
    };
    if let Some((field, words)) = arguments.split_first() {
        take(&field.text, words, segment.at());
    }
    let mut is_deferred = false;
    let mut require = None;
    for line in segment.inside() {
        match line.name() {
            "defer" => is_deferred = true,
            "match" => require = Some(ResponseTest::read(line)),
            // People write a colon behind the name, and in a block Caddy takes it away.
            name => take(name.strip_suffix(':').unwrap_or(name), line.arguments(), line.at()),
        }
    }
    change.is_deferred |= is_deferred;
    if require.is_some() {
        change.require = require;
    }
    [change, defaults].into_iter().filter(|change| !change.operations.is_empty()).collect()
}
