//! Programs in JavaScript and TypeScript, as far as their literals can be read: the arguments of calls, and the constants of the same file that they
//! name. Nothing is run: what is no literal is kept as code.

mod lexer;
mod literal;
mod names;

pub(crate) use literal::{CODE, SPREAD};

use std::collections::HashSet;

use super::Node;
use super::build::{Budget, Lines};
use crate::error::ImportError;
use crate::files::{At, Files};
use lexer::{Kind, Token, tokens};
use literal::{Reader, code_node};
use names::Names;

/// A program.
#[derive(Debug)]
pub(crate) struct Program<'a> {
    source: Source<'a>,
    names: Names<'a>,
    lines: Lines,
    budget: Budget<'a>,
    /// The constants whose values were read.
    followed: HashSet<String>,
}

/// The text of a program, and its tokens.
#[derive(Debug)]
struct Source<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

/// A call of a function.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) at: At,
    /// What the call is an argument of.
    pub(crate) mounted: Option<Mounted>,
    /// The first argument, if it is a name.
    pub(crate) name: Option<String>,
    /// The bracket before the arguments.
    open: usize,
}

/// A call that is an argument of a method: `app.use("/api", ...)`.
#[derive(Clone, Debug)]
pub(crate) struct Mounted {
    /// `app`; empty if it is no word.
    pub(crate) receiver: String,
    /// `use`
    pub(crate) method: String,
    /// The first argument, if it is a text.
    pub(crate) path: Option<String>,
    /// Whether the first argument is a list or an expression.
    pub(crate) is_pattern: bool,
}

/// The first argument of a call.
#[derive(Clone, Debug)]
pub(crate) enum Argument {
    /// There is none.
    Missing,
    /// A literal.
    Literal(Node),
    /// Something that only running the program would tell, as a node of [`CODE`].
    Code(Node),
    /// A name that the file does not give a value, or that it has from the module `from`.
    Elsewhere { name: String, from: Option<String> },
}

impl<'a> Program<'a> {
    /// Reads a file as a program.
    pub(crate) fn new(files: &'a Files<'_>, file: usize) -> Self {
        let whole = files.text(file);
        let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
        let source = Source { text, tokens: tokens(text) };
        Self {
            names: Names::new(&source),
            source,
            lines: Lines::new(file, text),
            budget: Budget::new(files, file),
            followed: HashSet::new(),
        }
    }

    /// The literal that the whole file is, as JSON is one.
    ///
    /// # Errors
    ///
    /// Fails at the line where it cannot be read, or where it is too deep or too large.
    pub(crate) fn whole(&mut self) -> Result<Option<Node>, ImportError> {
        match self.source.tokens.first().map(|first| first.start) {
            Some(start) if matches!(self.source.written(0), "{" | "[") => {
                self.read(start, self.source.text.len()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The calls of the function that a package exports, by whichever name the file has it, and of a method. Those inside of the arguments of
    /// another one are left out.
    pub(crate) fn calls(&self, package: &str, method: &str) -> Vec<Call> {
        let source = &self.source;
        let mut names = self.names.imported_from(package);
        if names.is_empty() {
            names.insert(package);
        }
        let mut calls: Vec<Call> = Vec::new();
        let (mut around, mut inside_until): (Vec<usize>, usize) = (Vec::new(), 0);
        for (number, token) in source.tokens.iter().enumerate() {
            while around.last().is_some_and(|open| source.partner(*open).is_none_or(|end| end <= number)) {
                around.pop();
            }
            let word = source.written(number);
            if token.kind == Kind::Sign && matches!(word, "(" | "[" | "{") && token.partner.is_some() {
                around.push(number);
            }
            if number < inside_until || token.kind != Kind::Word {
                continue;
            }
            let before = number.checked_sub(1).map_or("", |before| source.written(before));
            let open = if word == "require" && source.is_import(number, package) {
                Some(number.saturating_add(4))
            } else if before == "." && word == method || before != "." && names.contains(word) {
                source.arguments(number)
            } else {
                None
            };
            let Some(open) = open.filter(|open| source.written(*open) == "(" && before != "function") else {
                continue;
            };
            // `cors() {...}` is a method of that name.
            let after = source.partner(open).map(|end| source.written(end.saturating_add(1)));
            if after == Some("{") {
                continue;
            }
            inside_until = source.partner(open).unwrap_or(open);
            let mounted = around.last().and_then(|open| self.mounted(*open));
            let first = open.saturating_add(1);
            let name = source.is_name(first).then(|| source.written(first).to_owned());
            calls.push(Call { at: self.lines.at(token.start), mounted, name, open });
        }
        calls
    }

    fn mounted(&self, open: usize) -> Option<Mounted> {
        let source = &self.source;
        let before =
            |count: usize| open.checked_sub(count).map(|token| (source.kind(token), source.written(token)));
        let (Some((Some(Kind::Word), method)), Some((_, "."))) = (before(1), before(2)) else { return None };
        if source.written(open) != "(" {
            return None;
        }
        let receiver = match before(3) {
            Some((Some(Kind::Word), receiver)) => receiver,
            _ => "",
        };
        let first = open.saturating_add(1);
        let has_more = source.written(first.saturating_add(1)) == ",";
        let text = source.written(first);
        Some(Mounted {
            receiver: receiver.to_owned(),
            method: method.to_owned(),
            path: (source.kind(first) == Some(Kind::Text) && has_more)
                .then(|| text.trim_matches(['"', '\'']).to_owned()),
            is_pattern: source.kind(first) == Some(Kind::Expression) || text == "[",
        })
    }

    /// The first argument of a call.
    ///
    /// # Errors
    ///
    /// Fails at the line where a literal cannot be read, or where it is too deep or too large.
    pub(crate) fn argument(&mut self, call: &Call) -> Result<Argument, ImportError> {
        let source = &self.source;
        let first = call.open.saturating_add(1);
        let Some(close) = source.partner(call.open) else {
            return Err(self.budget.error(call.at, "A call is not closed: `)` is missing."));
        };
        if first == close || matches!(source.written(first), "undefined" | "null") {
            return Ok(Argument::Missing);
        }
        if let Some((start, end)) = source.literal(first) {
            return Ok(match source.written(first) {
                "{" => Argument::Literal(self.read(start, end)?),
                _ => Argument::Code(self.code(first, close)),
            });
        }
        let Some(name) = call.name.as_deref() else { return Ok(Argument::Code(self.code(first, close))) };
        let elsewhere = |from| Argument::Elsewhere { name: name.to_owned(), from };
        let Some(bound) = self.names.bound(name) else { return Ok(elsewhere(None)) };
        if let Some(from) = bound.from {
            return Ok(elsewhere(Some(from.to_owned())));
        }
        match self
            .names
            .literal(name)
            .filter(|(start, _)| source.text.get(*start..).is_some_and(|text| text.starts_with('{')))
        {
            Some((start, end)) => {
                self.followed.insert(name.to_owned());
                Ok(Argument::Literal(self.read(start, end)?))
            }
            None => Ok(Argument::Code(self.code(first, close))),
        }
    }

    /// The code between two tokens, with the place of the first.
    fn code(&self, first: usize, end: usize) -> Node {
        let start = self.source.tokens.get(first).map_or(0, |token| token.start);
        let end = self.source.tokens.get(end).map_or(start, |token| token.start);
        code_node(self.source.text.get(start..end).unwrap_or_default().trim(), self.lines.at(start))
    }

    /// The object that is most probably meant of those with a wanted entry: one with a name that has `part` in it, then any that is a value, then one inside of
    /// others. `is_wanted` is asked with the key and what the value begins with. One that is assigned in a function or a block is kept as code, because
    /// only running the program would tell whether it is.
    ///
    /// # Errors
    ///
    /// Fails at the line where it cannot be read, or where it is too deep or too large.
    pub(crate) fn object_with(
        &mut self,
        part: &str,
        is_wanted: impl Fn(&str, &str) -> bool,
    ) -> Result<Option<Node>, ImportError> {
        let source = &self.source;
        let mut around: Vec<usize> = Vec::new();
        let mut best: Option<(usize, usize)> = None;
        for (number, token) in source.tokens.iter().enumerate() {
            while around.last().is_some_and(|open| source.partner(*open).is_none_or(|end| end <= number)) {
                around.pop();
            }
            if token.kind == Kind::Sign && token.partner.is_some_and(|partner| partner > number) {
                around.push(number);
            }
            if !matches!(token.kind, Kind::Word | Kind::Text) {
                continue;
            }
            let Some(open) = around.last().copied().filter(|open| source.written(*open) == "{") else {
                continue;
            };
            let before = number.checked_sub(1).map_or("", |before| source.written(before));
            let after = source.written(number.saturating_add(1));
            let is_entry = matches!(before, "{" | ",") && matches!(after, ":" | "," | "}" | "(");
            let key = source.written(number).trim_matches(['"', '\'']);
            if is_entry && is_wanted(key, source.written(number.saturating_add(2))) {
                let rank = source.rank(open, part);
                best = rank
                    .filter(|rank| best.is_none_or(|(known, _)| *rank < known))
                    .map(|rank| (rank, open))
                    .or(best);
            }
        }
        let Some((_, open)) = best else { return Ok(None) };
        let end = source.partner(open).and_then(|end| source.tokens.get(end)).map_or(0, |token| token.end);
        let start = |token: usize| source.tokens.get(token).map_or(0, |token| token.start);
        if open.checked_sub(1).is_some_and(|before| source.written(before) == "=") && source.is_in_block(open)
        {
            let name = start(open.saturating_sub(2));
            let code = source.text.get(name..end).unwrap_or_default();
            return Ok(Some(code_node(code, self.lines.at(start(open)))));
        }
        self.read(start(open), end).map(Some)
    }

    /// Reads the literal between two bytes.
    fn read(&mut self, start: usize, end: usize) -> Result<Node, ImportError> {
        let mut reader = Reader::new(&self.source, &self.lines, &self.names, &mut self.budget);
        let node = reader.literal(start, end)?;
        self.followed.extend(reader.followed);
        Ok(node)
    }

    /// Where constants that were read are changed afterwards: each name, and the place of the first change.
    pub(crate) fn changes(&self) -> Vec<(String, At)> {
        let mut changes: Vec<(String, At)> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        for (number, token) in
            self.source.tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word)
        {
            let name = self.source.written(number);
            let is_read = !known.contains(name) && self.followed.contains(name);
            if is_read && self.names.is_changed_at(&self.source, name, number) {
                known.insert(name);
                changes.push((name.to_owned(), self.lines.at(token.start)));
            }
        }
        changes
    }
}

impl<'a> Source<'a> {
    fn written(&self, token: usize) -> &'a str {
        self.tokens.get(token).and_then(|token| self.text.get(token.start..token.end)).unwrap_or_default()
    }

    fn kind(&self, token: usize) -> Option<Kind> {
        self.tokens.get(token).map(|token| token.kind)
    }

    fn partner(&self, token: usize) -> Option<usize> {
        self.tokens.get(token).and_then(|token| token.partner)
    }

    /// The first token that does not begin before this byte.
    fn token_at(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| token.start < offset)
    }

    /// `require("package")`
    fn is_import(&self, token: usize, package: &str) -> bool {
        let next = |count: usize| self.written(token.saturating_add(count));
        next(0) == "require"
            && next(1) == "("
            && next(3) == ")"
            && next(2).trim_matches(['"', '\'']) == package
    }

    /// The bracket before the arguments of what is called at this token, after the arguments of its type.
    fn arguments(&self, token: usize) -> Option<usize> {
        let next = token.saturating_add(1);
        if self.written(next) != "<" {
            return Some(next);
        }
        let end = (next..next.saturating_add(MOST_TYPE)).find(|token| self.written(*token) == ">")?;
        Some(end.saturating_add(1))
    }

    /// The bytes of the literal that begins at this token, if it is the whole value.
    fn literal(&self, first: usize) -> Option<(usize, usize)> {
        let last = match (self.kind(first)?, self.written(first)) {
            (Kind::Sign, "{" | "[") => self.partner(first)?,
            (Kind::Text | Kind::Expression | Kind::Number, _)
            | (Kind::Word, "true" | "false" | "null" | "undefined") => first,
            (Kind::Template, text) if text.len() > 1 && text.ends_with('`') => first,
            _ => return None,
        };
        let end = self.tokens.get(last)?.end;
        self.ends_value(last.saturating_add(1), last).then_some((self.tokens.get(first)?.start, end))
    }

    /// Returns `true` if this token is a value that is a name.
    fn is_name(&self, token: usize) -> bool {
        self.kind(token) == Some(Kind::Word)
            && self.literal(token).is_none()
            && self.ends_value(token.saturating_add(1), token)
    }

    /// Returns `true` if a value ends before this token. `last` is its own last one.
    fn ends_value(&self, next: usize, last: usize) -> bool {
        let word = self.written(next);
        let (Some(before), Some(after)) = (self.tokens.get(last), self.tokens.get(next)) else { return true };
        let is_next_line =
            self.text.get(before.end..after.start).is_some_and(|between| between.contains('\n'));
        match after.kind {
            Kind::Sign => matches!(word, ";" | "," | ")" | "]" | "}"),
            Kind::Word => matches!(word, "as" | "satisfies") || is_next_line,
            _ => is_next_line && after.kind != Kind::Template,
        }
    }

    /// Returns `true` if this token is inside of braces that are not those of a class.
    fn is_in_block(&self, token: usize) -> bool {
        let is_around = |open: &usize| {
            self.written(*open) == "{" && self.partner(*open).is_some_and(|close| close > token)
        };
        (0..token).filter(is_around).any(|open| !self.is_class(open))
    }

    /// Returns `true` if the members of a class begin at this brace.
    fn is_class(&self, open: usize) -> bool {
        let before = (open.saturating_sub(MOST_TYPE)..open).rev().map(|token| self.written(token));
        before.take_while(|word| !matches!(*word, ";" | "{" | "}" | ")" | "=>")).any(|word| word == "class")
    }

    /// How probably the object that begins here is meant; 0 for the most.
    fn rank(&self, open: usize, part: &str) -> Option<usize> {
        let before = open.checked_sub(1)?;
        let is_named = (before.saturating_sub(6)..before).any(|token| {
            self.kind(token) == Some(Kind::Word) && self.written(token).to_ascii_lowercase().contains(part)
        });
        match self.written(before) {
            "=" if is_named => Some(0),
            "=" | "(" | "default" | "return" => Some(1),
            ":" | "," | "[" => Some(2),
            _ => None,
        }
    }
}

/// The most tokens of a type.
const MOST_TYPE: usize = 60;
