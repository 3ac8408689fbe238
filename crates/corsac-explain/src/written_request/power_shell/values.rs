//! Reads the statements and values of PowerShell that requests are made of.

use super::super::ReadError;
use super::super::command_line::{Word, redirection, substitution};
use super::super::cursor::Cursor;

/// How deep tables may be inside each other.
const DEEPEST: usize = 64;

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Word),
    /// `@{ name = value }`
    Table(Vec<(String, Value)>),
    /// A variable, by its name without the `$`.
    Variable(String),
    /// Anything else, by how it starts.
    Computed(String),
}

impl Value {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Text(word) => {
                word.variables.first().map_or_else(|| "a string".to_owned(), |(_, name)| name.clone())
            }
            Self::Table(_) => "@{...}".to_owned(),
            Self::Variable(name) => format!("${name}"),
            Self::Computed(start) => start.clone(),
        }
    }
}

pub(super) struct Reader<'t> {
    cursor: Cursor<'t>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { cursor: Cursor::new(text) }
    }

    /// Goes past spaces, and past a line feed after a backtick.
    fn skip_space(&mut self) {
        while !self.cursor.take_while(|character| matches!(character, ' ' | '\t')).is_empty()
            || self.cursor.eat("`\n")
        {}
    }

    /// Goes past the ends of statements and comments. Returns `true` if anything follows.
    pub(super) fn skip_separators(&mut self) -> bool {
        loop {
            self.skip_space();
            if self.cursor.eat("#") {
                self.cursor.take_while(|character| character != '\n');
            }
            if self.cursor.take_while(|character| matches!(character, '\n' | ';')).is_empty() {
                return self.cursor.peek().is_some();
            }
        }
    }

    /// Goes past `$name =` or `$name.property =`, and returns the name in lower case.
    pub(super) fn assignment(&mut self) -> Option<String> {
        let start = self.cursor;
        if self.cursor.eat("$") {
            let name = self.cursor.name('.').to_ascii_lowercase();
            self.skip_space();
            if self.cursor.eat("=") {
                self.skip_space();
                return Some(name);
            }
        }
        self.cursor = start;
        None
    }

    /// Returns `true` if a command that sends a request comes next.
    pub(super) fn is_command(&self) -> bool {
        let mut cursor = self.cursor;
        let word = cursor.take_while(|character| !character.is_whitespace()).to_ascii_lowercase();
        ["invoke-webrequest", "invoke-restmethod", "iwr", "irm", "curl", "curl.exe"].contains(&word.as_str())
    }

    /// Reads `$session.Cookies.Add((New-Object System.Net.Cookie("name", "value", ...)))`.
    pub(super) fn added_cookie(&mut self) -> Result<Option<String>, ReadError> {
        if !self.cursor.rest().starts_with('$') {
            return Ok(None);
        }
        let start = self.cursor;
        let call = self.cursor.take_while(|character| !matches!(character, '"' | '\'' | '\n'));
        if !call.to_ascii_lowercase().contains(".cookies.add(") {
            return Err(ReadError::Computed {
                what: start
                    .rest()
                    .chars()
                    .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '$' | '.' | '_'))
                    .take(40)
                    .collect(),
                place: "a statement",
            });
        }
        let mut parts = Vec::new();
        while parts.len() < 2 {
            let Value::Text(word) = self.value()? else { break };
            parts.push(word.lossy());
            self.skip_space();
            self.cursor.eat(",");
        }
        self.skip_statement();
        Ok(Some(parts.join("=")))
    }

    /// Goes past the rest of a line.
    pub(super) fn skip_statement(&mut self) {
        self.cursor.take_while(|character| character != '\n');
    }

    pub(super) fn word(&mut self) -> &'t str {
        self.cursor.take_while(|character| !character.is_whitespace() && !matches!(character, ';' | '|'))
    }

    /// Returns `true` if the parameters are those of `Invoke-WebRequest`, whose alias `curl` is.
    pub(super) fn has_parameters(&self) -> bool {
        let rest = self.cursor.rest();
        rest.split_whitespace().any(|word| {
            let name = word.to_ascii_lowercase();
            ["-uri", "-method", "-headers", "-body", "-usebasicparsing", "-contenttype"]
                .contains(&name.as_str())
        })
    }

    pub(super) fn is_at_end_of_statement(&mut self) -> bool {
        self.skip_space();
        matches!(self.cursor.peek(), None | Some('\n' | ';' | '|' | '&'))
    }

    /// Reads `-Name` or `-Name:`, without the hyphen.
    pub(super) fn parameter(&mut self) -> Option<String> {
        self.skip_space();
        if !self.cursor.eat("-") {
            return None;
        }
        let name = self.cursor.name('-').to_owned();
        self.cursor.eat(":");
        Some(name)
    }

    pub(super) fn value(&mut self) -> Result<Value, ReadError> {
        self.value_to_depth(DEEPEST)
    }

    fn value_to_depth(&mut self, depth: usize) -> Result<Value, ReadError> {
        let depth = depth.checked_sub(1).ok_or(ReadError::TooDeep)?;
        self.skip_space();
        let start = self.cursor;
        if self.cursor.eat("@{") || self.cursor.eat("[ordered]@{") {
            return self.table(depth).map(Value::Table);
        }
        for (open, close) in [("@'\n", "\n'@"), ("@\"\n", "\n\"@")] {
            if self.cursor.eat(open) {
                let text = self.cursor.take_until(close).ok_or_else(|| unfinished(start))?;
                return Ok(Value::Text(Word::from(text)));
            }
        }
        // `([System.Text.Encoding]::UTF8.GetBytes("..."))`, which browsers write around a body that is not ASCII.
        if self.cursor.eat("([System.Text.Encoding]::UTF8.GetBytes(") {
            let value = self.value_to_depth(depth)?;
            self.skip_space();
            return if self.cursor.eat("))") { Ok(value) } else { Err(self.cursor.unexpected("`))`")) };
        }
        if let Some(inside @ ('(' | '[')) = self.cursor.peek() {
            self.skip_brackets();
            return Ok(Value::Computed(if inside == '(' { "(...)" } else { "[...]" }.to_owned()));
        }
        let mut word = Word::default();
        let mut is_quoted = false;
        loop {
            match self.cursor.peek() {
                Some('\'') => {
                    is_quoted = true;
                    self.single_quoted(&mut word)?;
                }
                Some('"') => {
                    is_quoted = true;
                    self.double_quoted(&mut word)?;
                }
                Some('$') => self.variable(&mut word)?,
                Some('`') => {
                    self.cursor.next();
                    word.push(escaped(self.cursor.next().unwrap_or('`')));
                }
                Some(sign @ ('>' | '<')) => return Err(redirection(&sign.to_string())),
                None | Some(' ' | '\t' | '\n' | ';' | '|' | '&' | ',' | ')' | '}') => break,
                Some(character) => {
                    self.cursor.next();
                    word.push(character);
                }
            }
        }
        if start.rest().len() == self.cursor.rest().len() {
            return Err(self.cursor.unexpected("a value"));
        }
        match word.variables.as_slice() {
            [(0, written)] if !is_quoted && written.len() == word.bytes.len().saturating_add(1) => {
                Ok(Value::Variable(word.lossy()))
            }
            _ if word.bytes.eq_ignore_ascii_case(b"new-object") && !is_quoted => {
                Ok(Value::Computed("New-Object".to_owned()))
            }
            _ => Ok(Value::Text(word)),
        }
    }

    /// Reads `name = value` pairs to the `}`.
    fn table(&mut self, depth: usize) -> Result<Vec<(String, Value)>, ReadError> {
        let mut fields = Vec::new();
        loop {
            self.skip_separators();
            if self.cursor.eat("}") {
                return Ok(fields);
            }
            let mut name = Word::default();
            match self.cursor.peek() {
                Some('\'') => self.single_quoted(&mut name)?,
                Some('"') => self.double_quoted(&mut name)?,
                Some(_) => self.cursor.name('-').chars().for_each(|character| name.push(character)),
                None => return Err(self.cursor.unexpected("`}`")),
            }
            let name = name.text("the name of a field")?;
            self.skip_space();
            if name.is_empty() || !self.cursor.eat("=") {
                return Err(self.cursor.unexpected("`name = value`"));
            }
            fields.push((name, self.value_to_depth(depth)?));
        }
    }

    fn single_quoted(&mut self, word: &mut Word) -> Result<(), ReadError> {
        let start = self.cursor;
        self.cursor.next();
        loop {
            let inside = self.cursor.take_until("'").ok_or_else(|| unfinished(start))?;
            word.bytes.extend_from_slice(inside.as_bytes());
            if !self.cursor.eat("'") {
                return Ok(());
            }
            word.push('\'');
        }
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), ReadError> {
        let start = self.cursor;
        self.cursor.next();
        loop {
            if self.cursor.eat("\"\"") {
                word.push('"');
                continue;
            }
            match self.cursor.peek().ok_or_else(|| unfinished(start))? {
                '"' => {
                    self.cursor.next();
                    return Ok(());
                }
                '`' => {
                    self.cursor.next();
                    word.push(escaped(self.cursor.next().ok_or_else(|| unfinished(start))?));
                }
                '$' => self.variable(word)?,
                character => {
                    self.cursor.next();
                    word.push(character);
                }
            }
        }
    }

    /// Reads what starts with `$`. Browsers write a character that is not ASCII as `$([char]228)`.
    fn variable(&mut self, word: &mut Word) -> Result<(), ReadError> {
        if self.cursor.eat("$([char]") {
            let code = self.cursor.take_while(|character| character.is_ascii_digit());
            let character = code.parse().ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            word.push(character);
            return if self.cursor.eat(")") { Ok(()) } else { Err(substitution("$(...)")) };
        }
        self.cursor.next();
        match self.cursor.peek() {
            Some('(') => Err(substitution("$(...)")),
            Some('{') => {
                let start = self.cursor;
                self.cursor.next();
                let name = self.cursor.take_until("}").ok_or_else(|| unfinished(start))?;
                word.push_variable(format!("${{{name}}}"), name);
                Ok(())
            }
            Some(first) if first.is_alphabetic() || first == '_' => {
                let name = self.cursor.name(':');
                word.push_variable(format!("${name}"), name);
                Ok(())
            }
            _ => {
                word.push('$');
                Ok(())
            }
        }
    }

    /// Goes past brackets and what is in them.
    fn skip_brackets(&mut self) {
        let mut open = 0_usize;
        while let Some(character) = self.cursor.next() {
            match character {
                '(' | '[' | '{' => open = open.saturating_add(1),
                ')' | ']' | '}' => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }
}

fn unfinished(start: Cursor<'_>) -> ReadError {
    ReadError::Unfinished { what: "a string", line: start.line() }
}

/// Returns the character that stands for a letter after a backtick.
fn escaped(letter: char) -> char {
    match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        other => other,
    }
}
