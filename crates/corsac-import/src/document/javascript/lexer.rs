//! The tokens of a program in JavaScript or TypeScript, without its comments: enough to know what is code and what is text, and which brackets belong
//! together. What is no program gets tokens, too, in linear time.

/// A word, text or sign, from the byte `start` to before the byte `end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The token of the bracket that closes this one, or that this one closes.
    pub(super) partner: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// `"..."` and `'...'`
    Text,
    /// A part of a template between backticks: all of it, if nothing is put in.
    Template,
    /// `/.../flags`
    Expression,
    /// Operators and brackets. `${` of a template is one.
    Sign,
}

/// Operators that are more than one sign, the longer ones first.
const OPERATORS: [&str; 23] = [
    ">>>=", "===", "!==", "...", "**=", "<<=", ">>=", "&&=", "||=", "??=", "=>", "==", "!=", "<=", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", "?.",
];

/// Words after which a slash begins an expression.
const BEFORE_EXPRESSION: [&str; 10] =
    ["return", "typeof", "case", "in", "of", "void", "throw", "do", "else", "yield"];

/// The tokens of a program.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), open: Vec::new(), no_expression_before: 0 };
    while lexer.at < text.len() {
        lexer.token();
    }
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    /// The brackets that are not closed yet.
    open: Vec<usize>,
    /// Up to here a slash was found to begin no expression.
    no_expression_before: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Up to where this is found, and including it.
    fn through(&self, end: &str) -> usize {
        self.rest().find(end).map_or(self.rest().len(), |found| found.saturating_add(end.len()))
    }

    fn token(&mut self) {
        let rest = self.rest();
        let Some(letter) = rest.chars().next() else { return };
        if letter.is_whitespace() {
            self.skip(letter.len_utf8());
        } else if rest.starts_with("//") || (self.at == 0 && rest.starts_with("#!")) {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(self.through("*/"));
        } else if letter.is_ascii_digit() {
            self.push(Kind::Number, word_length(rest, "."));
        } else if is_word(letter) {
            self.push(Kind::Word, word_length(rest, ""));
        } else if letter == '"' || letter == '\'' {
            self.push(Kind::Text, text_length(rest, letter));
        } else if letter == '`' {
            self.template(1);
        } else if let Some(length) = self.expression_length() {
            self.push(Kind::Expression, length);
        } else if let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            self.push(Kind::Sign, operator.len());
        } else {
            self.sign(letter);
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn push(&mut self, kind: Kind, bytes: usize) {
        let start = self.at;
        self.skip(bytes);
        self.tokens.push(Token { kind, start, end: self.at, partner: None });
    }

    fn written(&self, token: usize) -> &str {
        self.tokens.get(token).and_then(|token| self.text.get(token.start..token.end)).unwrap_or_default()
    }

    fn sign(&mut self, letter: char) {
        let number = self.tokens.len();
        self.push(Kind::Sign, letter.len_utf8());
        let begins: &[&str] = match letter {
            '(' | '[' | '{' => return self.open.push(number),
            ')' => &["("],
            ']' => &["["],
            '}' => &["{", "${"],
            _ => return,
        };
        // A bracket that closes nothing is left alone, and one that is not closed ends with the one around it.
        let is_begin = |open: &usize| begins.contains(&self.written(*open));
        let Some(depth) = self.open.iter().rev().take(MOST_UNCLOSED).position(is_begin) else { return };
        let kept = self.open.len().saturating_sub(depth.saturating_add(1));
        let Some(begin) = self.open.get(kept).copied() else { return };
        self.open.truncate(kept);
        let is_template = self.written(begin) == "${";
        for (one, other) in [(begin, number), (number, begin)] {
            if let Some(token) = self.tokens.get_mut(one) {
                token.partner = Some(other);
            }
        }
        if is_template {
            self.template(0);
        }
    }

    /// A part of a template, up to its end or to `${`. `begins` are the bytes of the backtick before it.
    fn template(&mut self, begins: usize) {
        let rest = self.rest();
        let mut escaped = false;
        let mut before = ' ';
        let end = rest.char_indices().skip(begins).find_map(|(offset, letter)| {
            let found = match letter {
                _ if escaped => None,
                '`' => Some((offset.saturating_add(1), false)),
                '{' if before == '$' => Some((offset.saturating_sub(1), true)),
                _ => None,
            };
            escaped = letter == '\\' && !escaped;
            before = letter;
            found
        });
        let (length, has_more) = end.unwrap_or((rest.len(), false));
        self.push(Kind::Template, length);
        if has_more {
            self.open.push(self.tokens.len());
            self.push(Kind::Sign, 2);
        }
    }

    /// The length of the expression that begins here, if one does.
    fn expression_length(&mut self) -> Option<usize> {
        if !self.rest().starts_with('/') || self.at < self.no_expression_before {
            return None;
        }
        let begins = self.tokens.last().is_none_or(|before| match before.kind {
            Kind::Sign => !matches!(self.text.get(before.start..before.end), Some(")" | "]" | "}")),
            Kind::Word => {
                BEFORE_EXPRESSION.contains(&self.text.get(before.start..before.end).unwrap_or_default())
            }
            _ => false,
        });
        if !begins {
            return None;
        }
        let length = expression_length(self.rest());
        if length.is_none() {
            let line = self.rest().find('\n').unwrap_or(self.rest().len());
            self.no_expression_before = self.at.saturating_add(line);
        }
        length
    }
}

/// The most brackets that one bracket ends although they are never closed.
const MOST_UNCLOSED: usize = 20;

pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

fn word_length(rest: &str, more: &str) -> usize {
    rest.find(|letter| !is_word(letter) && !more.contains(letter)).unwrap_or(rest.len())
}

/// A text ends with its quote, and with its line if that is missing.
fn text_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, letter)| {
        let ends = !escaped && (*letter == quote || *letter == '\n');
        escaped = *letter == '\\' && !escaped;
        ends
    });
    end.map_or(rest.len(), |(offset, letter)| offset.saturating_add(letter.len_utf8()))
}

/// The length of `/source/flags`, if it is closed in its line.
pub(super) fn expression_length(rest: &str) -> Option<usize> {
    let (mut escaped, mut in_class) = (false, false);
    let end = rest.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == '\n' || (*letter == '/' && !escaped && !in_class);
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        ends
    });
    let Some((end, '/')) = end else { return None };
    let after = rest.get(end.saturating_add(1)..).unwrap_or_default();
    let flags = after.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(after.len());
    Some(end.saturating_add(1).saturating_add(flags))
}
