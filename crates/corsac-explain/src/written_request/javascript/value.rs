//! Reads the arguments of a call: literals, and the names of what only a running program knows.
//!
//! Not JSON and not a whole parser of JavaScript: names without quotes, comments, templates and `new Headers({...})` have to be read, and everything
//! else only has to be skipped and named.

mod strings;

use super::super::ReadError;
use super::super::cursor::Cursor;

/// How deep objects, lists and calls may be inside each other.
const DEEPEST: usize = 64;

/// A text, with the names of computed parts in their places.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) computed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Undefined,
    Bool(bool),
    Number(String),
    Text(Text),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    /// `JSON.stringify(...)`, `new Headers(...)`
    Call {
        name: String,
        arguments: Vec<Self>,
    },
    /// Anything else, by its name.
    Computed(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Text { text: text.to_owned(), computed: Vec::new() })
    }
}

impl Value {
    /// Returns the name of a value that should have been something else.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Computed(name) => name.clone(),
            Self::Call { name, .. } => format!("{name}(...)"),
            Self::Text(Text { computed, .. }) => match computed.first() {
                Some(name) => format!("${{{name}}}"),
                None => "a string".to_owned(),
            },
            Self::Object(_) => "{...}".to_owned(),
            Self::List(_) => "[...]".to_owned(),
            Self::Number(number) => number.clone(),
            Self::Bool(truth) => truth.to_string(),
            Self::Null => "null".to_owned(),
            Self::Undefined => "undefined".to_owned(),
        }
    }

    /// Returns the value as `JSON.stringify` writes it. Computed values are strings with their names, which are added to `computed`.
    pub(super) fn into_json(self, computed: &mut Vec<String>) -> Option<serde_json::Value> {
        Some(match self {
            Self::Undefined => return None,
            Self::Null => serde_json::Value::Null,
            Self::Bool(truth) => truth.into(),
            Self::Number(number) => number_of(&number),
            Self::Text(text) => {
                computed.extend(text.computed);
                text.text.into()
            }
            Self::List(items) => {
                items.into_iter().map(|item| item.into_json(computed).unwrap_or_default()).collect()
            }
            Self::Object(fields) => {
                let fields =
                    fields.into_iter().filter_map(|(name, value)| Some((name, value.into_json(computed)?)));
                serde_json::Value::Object(fields.collect())
            }
            other => {
                let name = other.name();
                computed.push(name.clone());
                name.into()
            }
        })
    }
}

fn number_of(text: &str) -> serde_json::Value {
    let text = text.replace('_', "");
    let hexadecimal = text.strip_prefix("0x").and_then(|digits| i64::from_str_radix(digits, 16).ok());
    let whole = hexadecimal.or_else(|| text.parse::<i64>().ok());
    whole.map_or_else(|| text.parse::<f64>().unwrap_or_default().into(), Into::into)
}

/// Reads JavaScript.
pub(super) struct Reader<'t> {
    cursor: Cursor<'t>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { cursor: Cursor::new(text) }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.cursor.rest()
    }

    /// Goes past everything up to the `(` of the call, and returns what is called: `fetch`, `axios` or `axios.get`. `None` if the text does not start
    /// with such a call.
    pub(super) fn callee(&mut self) -> Option<String> {
        loop {
            self.skip_space();
            let word = self.cursor.name('$');
            match word {
                "const" | "let" | "var" => {
                    self.skip_space();
                    let start = self.cursor.peek()?;
                    // `const { data } = ...`
                    if let Some(end) = [('{', "}"), ('[', "]")].iter().find(|(open, _)| *open == start) {
                        self.cursor.take_until(end.1)?;
                    } else if self.cursor.name('$').is_empty() {
                        return None;
                    }
                    self.skip_space();
                    if !self.cursor.eat("=") {
                        return None;
                    }
                }
                "await" | "return" | "void" => {}
                "" if self.cursor.eat("(") => {}
                "" => return None,
                "fetch" | "axios" | "window" | "globalThis" | "self" => return self.end_of_callee(word),
                _ => {
                    self.skip_space();
                    if self.cursor.rest().starts_with("==") || !self.cursor.eat("=") {
                        return None;
                    }
                }
            }
        }
    }

    fn end_of_callee(&mut self, first: &str) -> Option<String> {
        let mut callee = first.to_owned();
        loop {
            self.skip_space();
            if self.cursor.eat("(") {
                break;
            }
            if !self.cursor.eat(".") {
                return None;
            }
            self.skip_space();
            callee = format!("{callee}.{}", self.cursor.name('$'));
            if callee.len() > 40 {
                return None;
            }
        }
        let callee = ["window.", "globalThis.", "self."]
            .iter()
            .find_map(|object| callee.strip_prefix(object))
            .unwrap_or(&callee);
        let method = callee.strip_prefix("axios").map(|method| method.trim_start_matches('.'));
        let is_axios = matches!(
            method,
            Some("" | "request" | "get" | "delete" | "head" | "options" | "post" | "put" | "patch")
        );
        (callee == "fetch" || is_axios).then(|| callee.to_owned())
    }

    /// Reads arguments to the `)`, after their `(`.
    pub(super) fn arguments(&mut self) -> Result<Vec<Value>, ReadError> {
        self.list(')', DEEPEST)
    }

    /// Reads values with commas between them, to `end`.
    fn list(&mut self, end: char, depth: usize) -> Result<Vec<Value>, ReadError> {
        let mut values = Vec::new();
        loop {
            self.skip_space();
            if self.cursor.peek() == Some(end) {
                self.cursor.next();
                return Ok(values);
            }
            if self.cursor.rest().starts_with("...") {
                return Err(ReadError::Computed { what: self.skip_expression(), place: "an argument" });
            }
            values.push(self.value(depth)?);
            self.end_of_item(end)?;
        }
    }

    /// Goes past the comma after an item, unless the list ends.
    fn end_of_item(&mut self, end: char) -> Result<(), ReadError> {
        self.skip_space();
        if self.cursor.eat(",") || self.cursor.peek() == Some(end) {
            return Ok(());
        }
        Err(self.cursor.unexpected("a comma or the end of the list"))
    }

    fn object(&mut self, depth: usize) -> Result<Value, ReadError> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        loop {
            self.skip_space();
            if self.cursor.eat("}") {
                return Ok(Value::Object(last_of_each(fields)));
            }
            if self.cursor.rest().starts_with("...") {
                return Err(ReadError::Computed {
                    what: self.skip_expression(),
                    place: "a part of an object",
                });
            }
            let quote = self.cursor.peek().filter(|first| matches!(first, '"' | '\''));
            let name = match quote {
                Some(quote) => self.quoted(quote)?,
                None => self.cursor.name('$').to_owned(),
            };
            self.skip_space();
            if name.is_empty() && quote.is_none() {
                if self.cursor.rest().starts_with('[') {
                    return Err(ReadError::Computed {
                        what: self.skip_expression(),
                        place: "the name of a field",
                    });
                }
                return Err(self.cursor.unexpected("the name of a field"));
            }
            let value = if self.cursor.eat(":") {
                self.value(depth)?
            } else if matches!(self.cursor.peek(), Some(',' | '}')) {
                // `{ body }` is `{ body: body }`.
                Value::Computed(name.clone())
            } else {
                self.skip_expression();
                Value::Computed(name.clone())
            };
            fields.push((name, value));
            self.end_of_item('}')?;
        }
    }

    /// Reads a value. Parts that `+` adds to a text are part of it.
    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        let depth = depth.checked_sub(1).ok_or(ReadError::TooDeep)?;
        self.skip_space();
        let start = self.cursor;
        let mut value = self.operand(depth)?;
        loop {
            self.skip_space();
            match self.cursor.peek() {
                None | Some(',' | ')' | ']' | '}' | ';' | ':') => return Ok(value),
                Some('+') if is_text(&value) => {
                    self.cursor.next();
                    self.skip_space();
                    let next = self.operand(depth)?;
                    value = joined(value, next);
                }
                Some(_) => {
                    // Some expression. Its name is how it starts.
                    self.skip_expression();
                    return Ok(Value::Computed(start_of(start)));
                }
            }
        }
    }

    fn operand(&mut self, depth: usize) -> Result<Value, ReadError> {
        let Some(first) = self.cursor.peek() else { return Err(self.cursor.unexpected("a value")) };
        match first {
            '"' | '\'' => Ok(Value::Text(Text { text: self.quoted(first)?, computed: Vec::new() })),
            '`' => self.template().map(Value::Text),
            '{' => {
                self.cursor.next();
                self.object(depth)
            }
            '[' => {
                self.cursor.next();
                self.list(']', depth).map(Value::List)
            }
            '0'..='9' | '.' | '-' => {
                self.cursor.next();
                let more = self.cursor.take_while(|character| {
                    character.is_ascii_alphanumeric() || matches!(character, '.' | '_')
                });
                let exponent = if more.ends_with(['e', 'E']) && !more.starts_with('x') {
                    self.cursor
                        .take_while(|character| character.is_ascii_digit() || matches!(character, '+' | '-'))
                } else {
                    ""
                };
                Ok(Value::Number(format!("{first}{more}{exponent}")))
            }
            _ => self.named(depth),
        }
    }

    /// Reads `null`, a variable, or a call by name.
    fn named(&mut self, depth: usize) -> Result<Value, ReadError> {
        let start = self.cursor;
        let mut name = self.dotted();
        match name.as_str() {
            "null" => return Ok(Value::Null),
            "undefined" => return Ok(Value::Undefined),
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "new" => {
                self.skip_space();
                name = format!("new {}", self.dotted());
            }
            _ => {}
        }
        self.skip_space();
        if name.is_empty() {
            self.skip_expression();
            return Ok(Value::Computed(start_of(start)));
        }
        let is_data = ["JSON.stringify", "new Headers", "new URLSearchParams", "new URL", "new Request"]
            .contains(&name.as_str());
        if is_data && self.cursor.eat("(") {
            let arguments = self.list(')', depth)?;
            return Ok(Value::Call { name, arguments });
        }
        if self.cursor.rest().starts_with('(') {
            self.skip_expression();
            return Ok(match name.as_str() {
                "new FormData" | "new Blob" | "new File" => Value::Call { name, arguments: Vec::new() },
                _ => Value::Computed(format!("{name}(...)")),
            });
        }
        Ok(Value::Computed(name))
    }

    fn dotted(&mut self) -> String {
        self.cursor
            .take_while(|character| {
                character.is_alphanumeric() || matches!(character, '_' | '$' | '.' | '?' | '!')
            })
            .to_owned()
    }

    /// Goes past everything up to the comma or bracket that ends the expression, and returns how it starts.
    fn skip_expression(&mut self) -> String {
        let start = self.cursor;
        let mut open = 0_usize;
        while let Some(character) = self.cursor.peek() {
            match character {
                '(' | '[' | '{' => open = open.saturating_add(1),
                ')' | ']' | '}' => match open.checked_sub(1) {
                    Some(fewer) => open = fewer,
                    None => break,
                },
                ',' | ';' if open == 0 => break,
                '"' | '\'' => {
                    // Without an end there is nothing left, and the caller finds that.
                    let _ = self.quoted(character);
                    continue;
                }
                '`' => {
                    let _ = self.template();
                    continue;
                }
                _ => {}
            }
            self.cursor.next();
        }
        start_of(start)
    }

    fn skip_space(&mut self) {
        loop {
            self.cursor.take_while(|character| character.is_whitespace() || character == '\u{feff}');
            if self.cursor.eat("//") {
                self.cursor.take_while(|character| character != '\n');
            } else if self.cursor.eat("/*") {
                self.cursor.take_until("*/");
            } else {
                return;
            }
        }
    }
}

fn is_text(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Computed(_) | Value::Number(_))
}

/// Returns the text of two values that `+` joins.
fn joined(first: Value, second: Value) -> Value {
    let mut text = Text::default();
    for value in [first, second] {
        match value {
            Value::Text(part) => {
                text.text.push_str(&part.text);
                text.computed.extend(part.computed);
            }
            Value::Number(number) => text.text.push_str(&number),
            other => {
                let name = other.name();
                text.text.push_str(&name);
                text.computed.push(name);
            }
        }
    }
    Value::Text(text)
}

/// Returns the start of an expression, as its name.
fn start_of(cursor: Cursor<'_>) -> String {
    const LONGEST: usize = 40;
    let is_name =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '.' | '[' | ']');
    let name: String =
        cursor.rest().chars().take_while(|character| is_name(*character)).take(LONGEST).collect();
    if name.is_empty() { "an expression".to_owned() } else { name }
}

/// Of the fields with one name the last counts, at the place of the first.
fn last_of_each(fields: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut places = std::collections::HashMap::new();
    let mut kept: Vec<(String, Value)> = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        match places.get(&name).and_then(|place: &usize| kept.get_mut(*place)) {
            Some(field) => field.1 = value,
            None => {
                places.insert(name.clone(), kept.len());
                kept.push((name, value));
            }
        }
    }
    kept
}
