//! Reads an expression.

use super::{Condition, Operator, Word};
use crate::apache::pattern::Pattern;

/// The most parentheses and operators inside each other.
const MOST_LEVELS: usize = 50;

/// The most regular expressions in one expression. Each takes memory.
const MOST_PATTERNS: usize = 100;

/// Reads the condition of `<If>`, `expr=` and `SetEnvIfExpr`.
pub(in crate::apache) fn parse_condition(text: &str) -> Result<Condition, String> {
    let mut reader = Reader { rest: text, levels: 0, patterns: 0 };
    let condition = reader.any()?;
    reader.end()?;
    Ok(condition)
}

/// Reads the value after `expr=`, which is a text with variables.
pub(in crate::apache) fn parse_text(text: &str) -> Result<Word, String> {
    let mut reader = Reader { rest: text, levels: 0, patterns: 0 };
    reader.interpolated(None)
}

struct Reader<'t> {
    rest: &'t str,
    levels: usize,
    patterns: usize,
}

impl<'t> Reader<'t> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn end(&mut self) -> Result<(), String> {
        self.skip_spaces();
        if self.rest.is_empty() { Ok(()) } else { Err(self.wrong("the end of the expression")) }
    }

    fn wrong(&self, expected: &str) -> String {
        let found: String = self.rest.chars().take(20).collect();
        if found.is_empty() {
            format!("it ends where {expected} is expected")
        } else {
            format!("`{found}` is where {expected} is expected")
        }
    }

    /// Takes this text off, if it is next.
    fn takes(&mut self, text: &str) -> bool {
        self.skip_spaces();
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes this word off, if it is next and does not go on.
    fn takes_word(&mut self, word: &str) -> bool {
        self.skip_spaces();
        let rest = self.rest.strip_prefix(word).filter(|rest| {
            !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_' || next == '(')
        });
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.levels >= MOST_LEVELS {
            return Err(format!("it has more than {MOST_LEVELS} levels"));
        }
        self.levels = self.levels.saturating_add(1);
        let result = read(self);
        self.levels = self.levels.saturating_sub(1);
        result
    }

    fn any(&mut self) -> Result<Condition, String> {
        let first = self.all()?;
        let mut conditions = vec![first];
        while self.takes("||") || self.takes_word("or") {
            conditions.push(self.all()?);
        }
        Ok(single(conditions, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, String> {
        let first = self.not()?;
        let mut conditions = vec![first];
        while self.takes("&&") || self.takes_word("and") {
            conditions.push(self.not()?);
        }
        Ok(single(conditions, Condition::All))
    }

    fn not(&mut self) -> Result<Condition, String> {
        if self.takes("!") || self.takes("not ") {
            return self.deeper(|reader| Ok(Condition::Not(Box::new(reader.not()?))));
        }
        if self.takes("(") {
            let inside = self.deeper(Self::any)?;
            return if self.takes(")") { Ok(inside) } else { Err(self.wrong("`)`")) };
        }
        if self.takes_word("true") {
            return Ok(Condition::Always(true));
        }
        if self.takes_word("false") {
            return Ok(Condition::Always(false));
        }
        self.unary().unwrap_or_else(|| self.comparison())
    }

    /// `-n word`.
    fn unary(&mut self) -> Option<Result<Condition, String>> {
        self.skip_spaces();
        let after = self.rest.strip_prefix('-')?;
        let test = after.chars().next().filter(char::is_ascii_alphabetic)?;
        let after = after.get(1..)?;
        if after.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_') {
            return None;
        }
        self.rest = after;
        Some(self.word().map(|word| match test {
            'n' | 'z' | 'T' => Condition::Is { test, word },
            _ => Condition::Unknown,
        }))
    }

    fn comparison(&mut self) -> Result<Condition, String> {
        let left = self.word()?;
        for (text, is_negated) in [("=~", false), ("!~", true)] {
            if self.takes(text) {
                return Ok(Condition::Matches { word: left, pattern: self.pattern()?, is_negated });
            }
        }
        if self.takes_word("-in") || self.takes_word("in") {
            return Ok(Condition::IsIn { word: left, list: self.list()? });
        }
        for name in ["-strmatch", "-strcmatch", "-fnmatch"] {
            if self.takes_word(name) {
                self.count()?;
                let glob = self.word()?.text().ok_or("its pattern is not a plain text")?;
                let pattern = Pattern::new(&expression_of_glob(&glob), name == "-strcmatch");
                return Ok(Condition::Matches { word: left, pattern, is_negated: false });
            }
        }
        if self.takes_word("-ipmatch") {
            self.word()?;
            return Ok(Condition::Unknown);
        }
        let (operator, as_numbers) = self.operator()?;
        Ok(Condition::Compares { left, operator, right: self.word()?, as_numbers })
    }

    fn operator(&mut self) -> Result<(Operator, bool), String> {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        for (text, operator) in [
            ("==", Equal),
            ("!=", NotEqual),
            ("<=", LessOrEqual),
            (">=", GreaterOrEqual),
            ("=", Equal),
            ("<", Less),
            (">", Greater),
        ] {
            if self.takes(text) {
                return Ok((operator, false));
            }
        }
        for (text, operator) in [
            ("eq", Equal),
            ("ne", NotEqual),
            ("le", LessOrEqual),
            ("ge", GreaterOrEqual),
            ("lt", Less),
            ("gt", Greater),
        ] {
            if self.takes_word(text) || self.takes_word(&format!("-{text}")) {
                return Ok((operator, true));
            }
        }
        Err(self.wrong("a comparison"))
    }

    /// `m#...#i` or `/.../i`. A backslash does not keep the separator.
    fn pattern(&mut self) -> Result<Pattern, String> {
        self.count()?;
        self.skip_spaces();
        let rest = self.rest.strip_prefix('m').unwrap_or(self.rest);
        let separator =
            rest.chars().next().filter(|first| !first.is_alphanumeric() && !first.is_whitespace());
        let Some(separator) = separator.filter(|first| rest.len() < self.rest.len() || *first == '/') else {
            return Err(self.wrong("a regular expression such as `m#...#`"));
        };
        let inside = rest.get(separator.len_utf8()..).unwrap_or_default();
        let Some((text, after)) = inside.split_once(separator) else {
            return Err(self.wrong("the end of the regular expression"));
        };
        let flags = after.find(|flag| !"ismg".contains(flag)).unwrap_or(after.len());
        let (flags, after) = after.split_at_checked(flags).unwrap_or((after, ""));
        self.rest = after;
        Ok(Pattern::new(text, flags.contains('i')))
    }

    fn count(&mut self) -> Result<(), String> {
        self.patterns = self.patterns.saturating_add(1);
        if self.patterns > MOST_PATTERNS {
            return Err(format!("it has more than {MOST_PATTERNS} regular expressions"));
        }
        Ok(())
    }

    fn list(&mut self) -> Result<Vec<Word>, String> {
        if !self.takes("{") {
            return Err(self.wrong("a list in `{` and `}`"));
        }
        let mut list = vec![self.word()?];
        while self.takes(",") {
            list.push(self.word()?);
        }
        if self.takes("}") { Ok(list) } else { Err(self.wrong("`}`")) }
    }

    fn word(&mut self) -> Result<Word, String> {
        self.deeper(|reader| {
            let first = reader.single_word()?;
            let mut words = vec![first];
            while reader.takes(".") {
                words.push(reader.single_word()?);
            }
            Ok(match <[Word; 1]>::try_from(words) {
                Ok([word]) => word,
                Err(words) => Word::Joined(words),
            })
        })
    }

    fn single_word(&mut self) -> Result<Word, String> {
        self.skip_spaces();
        let Some(first) = self.rest.chars().next() else { return Err(self.wrong("a word")) };
        match first {
            '"' | '\'' => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                self.interpolated(Some(first))
            }
            '%' => self.variable(),
            '$' => {
                let number = self.rest.get(1..2).and_then(|digit| digit.parse().ok());
                self.rest = self.rest.get(2..).unwrap_or_default();
                number.map(Word::Captured).ok_or_else(|| self.wrong("a number after `$`"))
            }
            '0'..='9' | '-' => {
                let sign = usize::from(first == '-');
                let after = self.rest.get(sign..).unwrap_or_default();
                let digits = after.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(after.len());
                if digits == 0 {
                    return Err(self.wrong("a word"));
                }
                let (number, rest) =
                    self.rest.split_at_checked(digits.saturating_add(sign)).unwrap_or((self.rest, ""));
                self.rest = rest;
                Ok(Word::Text(number.to_owned()))
            }
            _ if first.is_ascii_alphabetic() => self.function(),
            _ => Err(self.wrong("a word")),
        }
    }

    fn function(&mut self) -> Result<Word, String> {
        let name = self.identifier();
        if !self.takes("(") {
            return Err(format!("`{name}` is neither a text in quotes nor a function"));
        }
        let argument = self.word()?;
        if !self.takes(")") {
            return Err(self.wrong("`)`"));
        }
        called(&name, argument)
    }

    fn identifier(&mut self) -> String {
        let end = self
            .rest
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        name.to_owned()
    }

    /// `%{NAME}` or `%{name:argument}`.
    fn variable(&mut self) -> Result<Word, String> {
        let Some(rest) = self.rest.strip_prefix("%{") else { return Err(self.wrong("`%{`")) };
        self.rest = rest;
        let name = self.identifier();
        if let Some(rest) = self.rest.strip_prefix('}') {
            self.rest = rest;
            let name = name.to_ascii_uppercase();
            return if is_variable(&name) {
                Ok(Word::Variable(name))
            } else {
                Err(format!("there is no variable `{name}` in expressions"))
            };
        }
        let Some(rest) = self.rest.strip_prefix(':') else { return Err(self.wrong("`}`")) };
        let Some((argument, rest)) = rest.split_once('}') else { return Err(self.wrong("`}`")) };
        self.rest = rest;
        called(&name.to_ascii_lowercase(), Word::Text(argument.to_owned()))
    }

    /// A text with variables, up to this quote, or to the end.
    fn interpolated(&mut self, quote: Option<char>) -> Result<Word, String> {
        let mut words = Vec::new();
        let mut text = String::new();
        loop {
            let Some(first) = self.rest.chars().next() else {
                if quote.is_some() {
                    return Err(self.wrong("the end of the quotes"));
                }
                break;
            };
            let after = self.rest.get(first.len_utf8()..).unwrap_or_default();
            let next = after.chars().next();
            let captured = next.filter(|_| first == '$').and_then(|digit| digit.to_digit(10));
            if Some(first) == quote {
                self.rest = after;
                break;
            } else if first == '%' && next == Some('{') {
                words.push(Word::Text(std::mem::take(&mut text)));
                words.push(self.variable()?);
            } else if let Some(number) = captured {
                words.push(Word::Text(std::mem::take(&mut text)));
                words.push(Word::Captured(number as usize));
                self.rest = after.get(1..).unwrap_or_default();
            } else if first == '\\' {
                let escaped = next.ok_or_else(|| self.wrong("a character after the backslash"))?;
                text.push(match escaped {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    other => other,
                });
                self.rest = after.get(escaped.len_utf8()..).unwrap_or_default();
            } else {
                text.push(first);
                self.rest = after;
            }
        }
        words.push(Word::Text(text));
        words.retain(|word| !matches!(word, Word::Text(text) if text.is_empty()));
        Ok(match <[Word; 1]>::try_from(words) {
            Ok([word]) => word,
            Err(words) if words.is_empty() => Word::Text(String::new()),
            Err(words) => Word::Joined(words),
        })
    }
}

fn single(mut conditions: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    if conditions.len() > 1 {
        return many(conditions);
    }
    conditions.pop().unwrap_or(Condition::Always(true))
}

fn called(name: &str, argument: Word) -> Result<Word, String> {
    const NAMES: &[&str] = &[
        "req",
        "http",
        "req_novary",
        "resp",
        "reqenv",
        "env",
        "osenv",
        "note",
        "tolower",
        "toupper",
        "escape",
        "unescape",
        "base64",
        "unbase64",
        "md5",
        "sha1",
        "file",
        "filesize",
        "filemod",
        "ssl",
    ];
    if !NAMES.contains(&name) {
        return Err(format!("`{name}` is not a function that is known here"));
    }
    Ok(Word::Function { name: name.to_owned(), argument: Box::new(argument) })
}

fn is_variable(name: &str) -> bool {
    const STARTS: &[&str] =
        &["REQUEST_", "REMOTE_", "SERVER_", "SCRIPT_", "CONN_", "TIME", "SSL_", "CONTEXT_", "DOCUMENT_"];
    const NAMES: &[&str] = &[
        "HTTP_USER_AGENT",
        "HTTP_PROXY_CONNECTION",
        "HTTP_REFERER",
        "HTTP_COOKIE",
        "HTTP_FORWARDED",
        "HTTP_HOST",
        "HTTP_ACCEPT",
        "PATH_INFO",
        "QUERY_STRING",
        "IS_SUBREQ",
        "AUTH_TYPE",
        "THE_REQUEST",
        "CONTENT_TYPE",
        "HANDLER",
        "HTTPS",
        "HTTP2",
        "IPV6",
        "LAST_MODIFIED",
        "API_VERSION",
    ];
    STARTS.iter().any(|start| name.starts_with(start)) || NAMES.contains(&name)
}

/// `*` and `?` as a regular expression.
fn expression_of_glob(glob: &str) -> String {
    let mut expression = "^".to_owned();
    for character in glob.chars() {
        match character {
            '*' => expression.push_str(".*"),
            '?' => expression.push('.'),
            _ => {
                if character.is_ascii_punctuation() {
                    expression.push('\\');
                }
                expression.push(character);
            }
        }
    }
    expression.push('$');
    expression
}
