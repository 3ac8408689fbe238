//! mod_headers: `Header` and `RequestHeader`.

use super::expression::{Condition, Word, parse_condition, parse_text};
use super::pattern::Pattern;
use super::request::{Found, Request, Table};
use super::words::next_word;
use crate::files::At;
use crate::headers::is_of_cors;

/// A `Header` or `RequestHeader` directive.
#[derive(Clone, Debug)]
pub(super) struct HeaderRule {
    pub(super) at: At,
    /// What it changes.
    pub(super) table: Which,
    pub(super) action: Action,
    pub(super) name: String,
    pub(super) value: Vec<Part>,
    pub(super) when: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    OnSuccess,
    Always,
    Request,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    Set,
    SetIfEmpty,
    Add,
    Append,
    Merge,
    Unset,
    Echo(Pattern),
    Edit { pattern: Pattern, all: bool },
    Note,
}

/// A part of a value.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    /// `%{NAME}e`.
    Environment(String),
    /// `expr=...`.
    Expression(Word),
    /// `%{HTTP:NAME}s`: what mod_ssl calls a variable.
    Tls(String),
    /// A time, a load.
    Unknown,
}

#[derive(Clone, Debug)]
pub(super) enum When {
    Always,
    /// Before everything else, whatever is asked for.
    Early,
    Environment {
        name: String,
        is_set: bool,
    },
    Expression(Condition),
}

impl HeaderRule {
    /// Reads the arguments of a `Header` directive, or of `RequestHeader`.
    pub(super) fn parse(arguments: &str, is_request: bool, at: At) -> Result<Self, String> {
        let mut rest = arguments;
        let mut action = next_word(&mut rest).unwrap_or_default().to_ascii_lowercase();
        let mut table = if is_request { Which::Request } else { Which::OnSuccess };
        if !is_request && (action == "always" || action == "onsuccess") {
            table = if action == "always" { Which::Always } else { Which::OnSuccess };
            action = next_word(&mut rest).unwrap_or_default().to_ascii_lowercase();
        }
        let Some(name) = next_word(&mut rest) else {
            return Err("The name of a header is missing.".to_owned());
        };
        let name = name.split(':').next().unwrap_or_default().to_owned();
        let values = match action.as_str() {
            "unset" | "echo" => 0,
            "edit" | "edit*" => 2,
            _ => 1,
        };
        let given: Vec<_> = std::iter::from_fn(|| next_word(&mut rest)).take(4).collect();
        let mut given = given.into_iter();
        let texts: Vec<_> = given.by_ref().take(values).collect();
        let clause = given.next();
        if texts.len() < values {
            return Err(format!("A value is missing after `{name}`."));
        }
        if given.next().is_some() {
            return Err(format!(
                "There is too much after `{name}`: a value with spaces has to be in quotes."
            ));
        }
        let first = texts.first().map_or("", String::as_str);
        let (action, value) = match action.as_str() {
            "set" => (Action::Set, first),
            "setifempty" => (Action::SetIfEmpty, first),
            "add" => (Action::Add, first),
            "append" => (Action::Append, first),
            "merge" => (Action::Merge, first),
            "unset" => (Action::Unset, ""),
            "note" => (Action::Note, ""),
            "echo" => (Action::Echo(Pattern::new(&name, false)), ""),
            "edit" | "edit*" => (
                Action::Edit { pattern: Pattern::new(first, false), all: action == "edit*" },
                texts.get(1).map_or("", String::as_str),
            ),
            _ => {
                return Err(format!(
                    "`{action}` is none of `set`, `setifempty`, `append`, `merge`, `add`, `unset`, `echo`, `edit`, `edit*` and `note`."
                ));
            }
        };
        let when = clause.map_or(Ok(When::Always), |clause| parse_clause(&clause))?;
        Ok(Self { at, table, action, name, value: parse_value(value)?, when })
    }

    /// Whether the header decides about CORS.
    pub(super) fn is_cors(&self) -> bool {
        is_of_cors(&self.name)
    }

    /// Whether it changes the header of responses that allows an origin.
    pub(super) fn allows_origin(&self) -> bool {
        self.table != Which::Request && self.name.eq_ignore_ascii_case("access-control-allow-origin")
    }

    /// All regular expressions in it.
    pub(super) fn patterns(&self) -> Vec<&Pattern> {
        let mut patterns = Vec::new();
        if let When::Expression(condition) = &self.when {
            condition.patterns(&mut patterns);
        }
        if let Action::Edit { pattern, .. } | Action::Echo(pattern) = &self.action {
            patterns.push(pattern);
        }
        patterns
    }

    /// The value, if it is the same for every request.
    pub(super) fn literal(&self) -> Option<String> {
        self.value
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.clone()),
                Part::Expression(word) => word.text(),
                Part::Environment(_) | Part::Tls(_) | Part::Unknown => None,
            })
            .collect()
    }
}

fn parse_clause(clause: &str) -> Result<When, String> {
    let lower = clause.to_ascii_lowercase();
    if lower == "early" {
        return Ok(When::Early);
    }
    if lower.starts_with("env=") {
        let name = clause.get(4..).unwrap_or_default();
        let (is_set, name) = name.strip_prefix('!').map_or((true, name), |name| (false, name));
        if name.is_empty() {
            return Err("The name of a variable is missing after `env=`.".to_owned());
        }
        return Ok(When::Environment { name: name.to_owned(), is_set });
    }
    if lower.starts_with("expr=") {
        let condition = parse_condition(clause.get(5..).unwrap_or_default())
            .map_err(|why| format!("The expression cannot be read: {why}."))?;
        return Ok(When::Expression(condition));
    }
    Err(format!(
        "`{clause}` is none of `early`, `env=...` and `expr=...`: a value with spaces has to be in quotes."
    ))
}

fn parse_value(value: &str) -> Result<Vec<Part>, String> {
    if let Some(expression) = value.strip_prefix("expr=") {
        let word = parse_text(expression).map_err(|why| format!("The expression cannot be read: {why}."))?;
        return Ok(vec![Part::Expression(word)]);
    }
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = value.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next_if(|next| matches!(next, '\\' | 'r' | 'n' | 't')) {
                Some('\\') => text.push('\\'),
                Some('r') => text.push('\r'),
                Some('n') => text.push('\n'),
                Some(_) => text.push('\t'),
                None => text.push('\\'),
            },
            '%' => {
                if rest.next_if_eq(&'%').is_some() || rest.peek().is_none() {
                    text.push('%');
                    continue;
                }
                let mut argument = String::new();
                if rest.next_if_eq(&'{').is_some() {
                    argument.extend(rest.by_ref().take_while(|next| *next != '}'));
                }
                parts.push(Part::Text(std::mem::take(&mut text)));
                parts.push(match rest.next() {
                    Some('e') => Part::Environment(argument),
                    Some('s') => Part::Tls(argument),
                    Some('t' | 'D' | 'l' | 'i' | 'b') => Part::Unknown,
                    other => {
                        let other = other.map(String::from).unwrap_or_default();
                        return Err(format!(
                            "`%{other}` is no format of a header. For the character itself write `%%`."
                        ));
                    }
                });
            }
            _ => text.push(character),
        }
    }
    parts.push(Part::Text(text));
    parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    Ok(parts)
}

/// Applies the rules for one table, early ones or the others.
pub(super) fn apply<'r>(
    request: &mut Request<'_>,
    rules: impl Iterator<Item = &'r HeaderRule>,
    table: Which,
    early: bool,
) {
    for rule in rules.filter(|rule| rule.table == table && matches!(rule.when, When::Early) == early) {
        if holds(request, rule) {
            change(request, rule);
        }
    }
}

fn holds(request: &mut Request<'_>, rule: &HeaderRule) -> bool {
    match &rule.when {
        When::Always | When::Early => true,
        When::Environment { name, is_set } => request.environment.get(name).is_some() == *is_set,
        When::Expression(condition) => {
            let mut found = Found::default();
            let holds = request.holds(condition, &mut found);
            request.vary(&found.looked_at, rule.at);
            holds
        }
    }
}

fn change(request: &mut Request<'_>, rule: &HeaderRule) {
    let value = value(request, rule);
    let (name, at) = (rule.name.as_str(), Some(rule.at));
    if let Action::Echo(pattern) = &rule.action {
        let echoed: Vec<_> = request
            .asked
            .headers
            .iter()
            .map(|line| (line.name.clone(), line.text().into_owned()))
            .filter(|(name, _)| pattern.is_match(name))
            .collect();
        for (name, value) in echoed {
            request.on_success.add(&name, value, at);
        }
        return;
    }
    let mut table = match rule.table {
        Which::OnSuccess => std::mem::take(&mut request.on_success),
        Which::Always => std::mem::take(&mut request.always),
        Which::Request => {
            let mut table = Table::default();
            if let Some(value) = request.header(name) {
                table.add(name, value, None);
            }
            table
        }
    };
    match &rule.action {
        Action::Set => table.set(name, value, at),
        Action::SetIfEmpty if table.get(name).is_none() => table.set(name, value, at),
        Action::Add => table.add(name, value, at),
        Action::Append => table.merge(name, value, at),
        Action::Merge if !has_item(table.get(name), &value) => table.merge(name, value, at),
        Action::Unset => table.unset(name),
        Action::Edit { pattern, all } => {
            // They go to the end, as Apache takes them out and adds them again.
            let (edited, others) = std::mem::take(&mut table.0)
                .into_iter()
                .partition(|line| line.name.eq_ignore_ascii_case(name));
            table.0 = others;
            for line in Vec::from_iter::<Vec<_>>(edited) {
                let edited = pattern.replaced(&line.value, &value, *all);
                let at = if edited == line.value { line.at } else { at };
                table.add(&line.name, edited, at);
            }
        }
        Action::SetIfEmpty | Action::Merge | Action::Echo(_) | Action::Note => {}
    }
    match rule.table {
        Which::OnSuccess => request.on_success = table,
        Which::Always => request.always = table,
        Which::Request => {
            let value = table.get(name).map(str::to_owned);
            request.changed_headers.push((name.to_owned(), value));
        }
    }
}

fn value(request: &mut Request<'_>, rule: &HeaderRule) -> String {
    let mut value = String::new();
    for part in &rule.value {
        match part {
            Part::Text(text) => value.push_str(text),
            Part::Environment(name) => {
                value.push_str(request.environment.get(name).unwrap_or("(null)"));
            }
            Part::Expression(word) => {
                let mut found = Found::default();
                value.push_str(&request.text(word, &mut found));
                request.vary(&found.looked_at, rule.at);
            }
            Part::Tls(name) => {
                let found = match name.split_once(':') {
                    Some((kind, header)) if kind.eq_ignore_ascii_case("http") => request.header(header),
                    Some((kind, name)) if kind.eq_ignore_ascii_case("env") => {
                        request.environment.get(name).map(str::to_owned)
                    }
                    _ => request.variable(name),
                };
                value.push_str(found.as_deref().unwrap_or("(null)"));
            }
            Part::Unknown => value.push_str("(null)"),
        }
    }
    value
}

/// Whether a list has this item, in the same spelling.
fn has_item(list: Option<&str>, item: &str) -> bool {
    list.is_some_and(|list| list.split(',').any(|one| one.trim_start() == item))
}
