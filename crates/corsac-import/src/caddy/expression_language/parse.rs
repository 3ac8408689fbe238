//! The words of a formula, and its terms.

use super::{Comparison, Term};
use crate::caddy::findings::Findings;
use crate::caddy::lexer::Token;
use crate::caddy::matcher::{self, HeaderTest, Matcher};
use crate::caddy::placeholder;
use crate::files::At;

/// The most parts inside of each other.
const MOST_LEVELS: usize = 60;

/// Reads a formula, or nothing if it is not understood. `name` is that of its matcher.
pub(super) fn term(word: &Token, name: &str, findings: &mut Findings) -> Option<Term> {
    let tokens = split(&word.text);
    let mut parser = Parser { tokens: &tokens, at: word.at, name, findings, levels: 0 };
    parser.or().filter(|_| parser.tokens.is_empty())
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Number(i64),
    Name(String),
    Placeholder(String),
    Sign(&'static str),
    Wrong,
}

const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", "{", "}", ",", ":", ".", "+", "-",
    "?",
];

fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (piece, behind) = piece(first, rest);
        pieces.push(piece);
        rest = behind.trim_start();
    }
    pieces
}

fn piece(first: char, rest: &str) -> (Piece, &str) {
    if first == '\'' || first == '"' {
        return quoted(rest.get(1..).unwrap_or_default(), first, false);
    }
    if first == 'r' && (rest.starts_with("r'") || rest.starts_with("r\"")) {
        let quote = if rest.starts_with("r'") { '\'' } else { '"' };
        return quoted(rest.get(2..).unwrap_or_default(), quote, true);
    }
    if first == '{' {
        let inside = rest.get(1..).and_then(|inside| inside.split_once('}'));
        if let Some((name, behind)) = inside {
            // `{'Origin': 'x'}` is a map.
            if !name.is_empty()
                && name.chars().all(|each| each.is_ascii_alphanumeric() || "._-%?/*[]".contains(each))
            {
                return (Piece::Placeholder(name.to_owned()), behind);
            }
        }
    }
    if first.is_ascii_digit() {
        let end = rest.find(|each: char| !each.is_ascii_digit()).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
        return (number.parse().map_or(Piece::Wrong, Piece::Number), behind);
    }
    if first.is_alphabetic() || first == '_' {
        let end = rest.find(|each: char| !each.is_alphanumeric() && each != '_').unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        return (Piece::Name(name.to_owned()), behind);
    }
    match SIGNS.iter().find_map(|sign| Some((*sign, rest.strip_prefix(sign)?))) {
        Some((sign, behind)) => (Piece::Sign(sign), behind),
        None => (Piece::Wrong, rest.get(first.len_utf8()..).unwrap_or_default()),
    }
}

fn quoted(rest: &str, quote: char, is_raw: bool) -> (Piece, &str) {
    let mut text = String::new();
    let mut characters = rest.char_indices();
    while let Some((index, character)) = characters.next() {
        if character == quote {
            return (Piece::Text(text), rest.get(index.saturating_add(1)..).unwrap_or_default());
        }
        if character != '\\' || is_raw {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some((_, 'n')) => text.push('\n'),
            Some((_, 't')) => text.push('\t'),
            // In Caddy a brace is escaped so that it begins no placeholder.
            Some((_, escaped @ ('\\' | '\'' | '"' | '`' | '{' | '}' | '?' | '/'))) => text.push(escaped),
            // The language refuses other escapes, and people mean the expression with the backslash.
            Some(_) | None => return (Piece::Wrong, ""),
        }
    }
    (Piece::Wrong, "")
}

struct Parser<'p> {
    tokens: &'p [Piece],
    at: At,
    name: &'p str,
    findings: &'p mut Findings,
    levels: usize,
}

impl Parser<'_> {
    fn sign(&mut self, sign: &str) -> Option<()> {
        let (first, rest) = self.tokens.split_first()?;
        matches!(first, Piece::Sign(found) if *found == sign).then(|| self.tokens = rest)
    }

    fn next(&mut self) -> Option<&Piece> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn or(&mut self) -> Option<Term> {
        self.levels = self.levels.saturating_add(1);
        if self.levels > MOST_LEVELS {
            return None;
        }
        let mut terms = vec![self.and()?];
        while self.sign("||").is_some() {
            terms.push(self.and()?);
        }
        self.levels = self.levels.saturating_sub(1);
        if terms.len() == 1 { terms.pop() } else { Some(Term::Or(terms)) }
    }

    fn and(&mut self) -> Option<Term> {
        let mut terms = vec![self.comparison()?];
        while self.sign("&&").is_some() {
            terms.push(self.comparison()?);
        }
        if terms.len() == 1 { terms.pop() } else { Some(Term::And(terms)) }
    }

    fn comparison(&mut self) -> Option<Term> {
        let left = self.not()?;
        let comparison = match self.tokens.first() {
            Some(Piece::Sign("==")) => Comparison::Equal,
            Some(Piece::Sign("!=")) => Comparison::Unequal,
            Some(Piece::Sign("<=")) => Comparison::LessOrEqual,
            Some(Piece::Sign(">=")) => Comparison::GreaterOrEqual,
            Some(Piece::Sign("<")) => Comparison::Less,
            Some(Piece::Sign(">")) => Comparison::Greater,
            Some(Piece::Name(name)) if name == "in" => Comparison::In,
            _ => return Some(left),
        };
        self.next();
        let right = self.not()?;
        self.mention(&left, &right);
        self.mention(&right, &left);
        Some(Term::Compared(Box::new(left), comparison, Box::new(right)))
    }

    fn mention(&mut self, origin: &Term, with: &Term) {
        if !is_origin(origin) {
            return;
        }
        match with {
            Term::Text(text) => self.findings.text(text, self.at),
            Term::List(list) => {
                for each in list {
                    if let Term::Text(text) = each {
                        self.findings.text(text, self.at);
                    }
                }
            }
            _ => {}
        }
    }

    fn not(&mut self) -> Option<Term> {
        let mut negations = 0_usize;
        while self.sign("!").is_some() {
            negations = negations.saturating_add(1);
        }
        let term = self.called()?;
        Some(if negations % 2 == 1 { Term::Not(Box::new(term)) } else { term })
    }

    fn called(&mut self) -> Option<Term> {
        let mut term = self.primary()?;
        let mut calls = 0_usize;
        while self.sign(".").is_some() {
            calls = calls.saturating_add(1);
            if calls > MOST_LEVELS {
                return None;
            }
            let Some(Piece::Name(method)) = self.next().cloned() else { return None };
            self.sign("(")?;
            let arguments = self.terms(")")?;
            term = self.method(term, method, arguments)?;
        }
        Some(term)
    }

    fn method(&mut self, of: Term, method: String, arguments: Vec<Term>) -> Option<Term> {
        let of_origin = is_origin(&of);
        let escape = regex_syntax::escape;
        match (method.as_str(), &*arguments) {
            ("startsWith", [Term::Text(text)]) if of_origin => {
                self.findings.searched(&format!("^{}", escape(text)), self.at);
            }
            ("endsWith", [Term::Text(text)]) if of_origin => {
                self.findings.searched(&format!("{}$", escape(text)), self.at);
            }
            ("contains", [Term::Text(text)]) if of_origin => self.findings.searched(&escape(text), self.at),
            ("startsWith" | "endsWith" | "contains", [_])
            | ("lowerAscii" | "upperAscii" | "trim" | "size", []) => {}
            ("matches", [Term::Text(pattern)]) => {
                let word = Token { text: pattern.clone(), at: self.at, quote: None, begins_line: false };
                let expression = self.findings.expression(&word, of_origin);
                return Some(Term::Matches(Box::new(of), expression));
            }
            _ => return None,
        }
        Some(Term::Method(Box::new(of), method, arguments))
    }

    fn terms(&mut self, end: &str) -> Option<Vec<Term>> {
        let mut terms = Vec::new();
        while self.sign(end).is_none() {
            terms.push(self.or()?);
            if self.sign(",").is_none() {
                self.sign(end)?;
                break;
            }
        }
        Some(terms)
    }

    fn primary(&mut self) -> Option<Term> {
        match self.next()?.clone() {
            Piece::Text(text) => Some(Term::Text(text)),
            Piece::Number(number) => Some(Term::Number(number)),
            Piece::Placeholder(name) => Some(Term::Placeholder(placeholder::full_name(&name))),
            Piece::Sign("-") => match self.next()? {
                Piece::Number(number) => Some(Term::Number(number.saturating_neg())),
                _ => None,
            },
            Piece::Sign("(") => {
                let inside = self.or()?;
                self.sign(")")?;
                Some(inside)
            }
            Piece::Sign("[") => Some(Term::List(self.terms("]")?)),
            Piece::Sign("{") => self.map(),
            Piece::Name(name) => match name.as_str() {
                "true" => Some(Term::Truth(true)),
                "false" => Some(Term::Truth(false)),
                "null" => Some(Term::Nothing),
                _ => {
                    self.sign("(")?;
                    let arguments = self.terms(")")?;
                    self.function(&name, &arguments)
                }
            },
            Piece::Sign(_) | Piece::Wrong => None,
        }
    }

    fn map(&mut self) -> Option<Term> {
        let mut pairs = Vec::new();
        while self.sign("}").is_none() {
            let key = self.or()?;
            self.sign(":")?;
            pairs.push((key, self.or()?));
            if self.sign(",").is_none() {
                self.sign("}")?;
                break;
            }
        }
        Some(Term::Map(pairs))
    }

    /// Another matcher, which is called as a function.
    fn function(&mut self, name: &str, arguments: &[Term]) -> Option<Term> {
        let mut texts = Vec::new();
        for argument in arguments {
            match argument {
                Term::Text(text) => texts.push(text.clone()),
                Term::List(list) => {
                    for each in list {
                        let Term::Text(text) = each else { return None };
                        texts.push(text.clone());
                    }
                }
                Term::Map(pairs) if name == "header" => return self.headers(pairs),
                _ => return None,
            }
        }
        let word = |text: &String| Token { text: text.clone(), at: self.at, quote: None, begins_line: false };
        let mut words: Vec<Token> = vec![word(&name.to_owned())];
        words.extend(texts.iter().map(word));
        if ![
            "host",
            "path",
            "path_regexp",
            "method",
            "header_regexp",
            "vars_regexp",
            "protocol",
            "remote_ip",
            "client_ip",
            "file",
        ]
        .contains(&name)
        {
            return None;
        }
        let mut matcher = Matcher::default();
        matcher.take(&words, &[], self.name, self.findings);
        Some(Term::Matcher(matcher))
    }

    /// `header({'Origin': ['a', 'b']})`.
    fn headers(&mut self, pairs: &[(Term, Term)]) -> Option<Term> {
        let mut matcher = Matcher::default();
        for (name, values) in pairs {
            let Term::Text(name) = name else { return None };
            let values = match values {
                Term::Text(value) => vec![value.clone()],
                Term::List(list) => list
                    .iter()
                    .map(|value| if let Term::Text(value) = value { Some(value.clone()) } else { None })
                    .collect::<Option<_>>()?,
                _ => return None,
            };
            if name.eq_ignore_ascii_case("origin") {
                values.iter().for_each(|value| self.findings.wildcard(value, self.at));
            }
            matcher
                .conditions
                .push(matcher::Condition::Header(HeaderTest { name: name.clone(), values: Some(values) }));
        }
        Some(Term::Matcher(matcher))
    }
}

fn is_origin(term: &Term) -> bool {
    match term {
        Term::Placeholder(name) => name.eq_ignore_ascii_case("http.request.header.origin"),
        Term::Method(of, method, _) if method == "lowerAscii" => is_origin(of),
        _ => false,
    }
}
