//! The names that a program gives values.

use std::collections::{HashMap, HashSet};

use super::lexer::Kind;
use super::{MOST_TYPE, Source};

/// Names, and where their values stand.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    bound: HashMap<&'a str, Bound<'a>>,
    /// The bytes of those that are literals.
    literals: HashMap<&'a str, (usize, usize)>,
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bound<'a> {
    /// The module that it is from.
    pub(super) from: Option<&'a str>,
    /// Whether it is the module as a whole, and not one of its parts.
    is_module: bool,
    /// The token of the name where it gets its value.
    declared: usize,
    /// The token that its value begins with.
    value: Option<usize>,
    /// How often it is declared. One that is so twice, in different functions, has no value that is known.
    times: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(source: &Source<'a>) -> Self {
        let mut names = Self::default();
        for (number, token) in source.tokens.iter().enumerate() {
            match source.written(number) {
                _ if token.kind != Kind::Word => {}
                "const" | "let" | "var" => names.declaration(source, number.saturating_add(1)),
                "import" => names.import(source, number),
                "function" => names.add(source.written(number.saturating_add(1)), Bound::default()),
                _ => names.further(source, number),
            }
        }
        names.literals = names
            .bound
            .iter()
            .filter(|(_, bound)| bound.times == 1 && bound.from.is_none())
            .filter_map(|(name, bound)| Some((*name, source.literal(bound.value?)?)))
            .collect();
        names
    }

    fn add(&mut self, name: &'a str, bound: Bound<'a>) {
        let times = self.bound.get(name).map_or(0, |known| known.times);
        self.bound.insert(name, Bound { times: times.saturating_add(1), ..bound });
    }

    /// `const NAME: Type = value`, `const { NAME } = require("module")`
    fn declaration(&mut self, source: &Source<'a>, first: usize) {
        let next = |token: usize| source.written(token);
        if next(first) == "{" {
            let Some(end) = source.partner(first) else { return };
            let from = module(source, end.saturating_add(2)).filter(|_| next(end.saturating_add(1)) == "=");
            self.parts(source, first.saturating_add(1), end, from);
            return;
        }
        if let Some(value) = value(source, first) {
            let from = module(source, value);
            let bound =
                Bound { from, is_module: from.is_some(), declared: first, value: Some(value), times: 0 };
            self.add(next(first), bound);
        }
    }

    /// `, NAME = value` after another declaration.
    fn further(&mut self, source: &Source<'a>, number: usize) {
        let before = number.checked_sub(1).map_or("", |before| source.written(before));
        if before == "," && source.written(number.saturating_add(1)) == "=" {
            self.declaration(source, number);
        }
    }

    /// `import NAME, { NAME, other as NAME } from "module"`, `import * as NAME from "module"`
    fn import(&mut self, source: &Source<'a>, number: usize) {
        let first = number.saturating_add(1);
        let last = first.saturating_add(MOST_IMPORTED);
        let Some(end) = (first..last).find(|token| source.kind(*token) == Some(Kind::Text)) else { return };
        if source.written(end.saturating_sub(1)) != "from" {
            return;
        }
        let from = Some(unquoted(source.written(end)));
        let braces = (first..end).find(|token| source.written(*token) == "{").unwrap_or(end);
        for token in first..braces.saturating_sub(1).max(first) {
            self.module_name(source, token, from);
        }
        self.parts(source, braces.saturating_add(1), end, from);
    }

    fn module_name(&mut self, source: &Source<'a>, token: usize, from: Option<&'a str>) {
        let name = source.written(token);
        if source.kind(token) == Some(Kind::Word) && !matches!(name, "as" | "type" | "from" | "import") {
            self.bound.insert(name, Bound { from, is_module: true, declared: token, value: None, times: 1 });
        }
    }

    /// The names between braces.
    fn parts(&mut self, source: &Source<'a>, first: usize, end: usize, from: Option<&'a str>) {
        for token in (first..end).take(MOST_IMPORTED) {
            let is_last = matches!(source.written(token.saturating_add(1)), "," | "}" | "=");
            if source.kind(token) == Some(Kind::Word) && is_last {
                let is_default = source.written(token.saturating_sub(2)) == "default";
                self.add(
                    source.written(token),
                    Bound { from, is_module: is_default, declared: token, value: None, times: 0 },
                );
            }
        }
    }

    pub(super) fn bound(&self, name: &str) -> Option<Bound<'a>> {
        self.bound.get(name).copied()
    }

    /// The bytes of the literal that is the value of a name.
    pub(super) fn literal(&self, name: &str) -> Option<(usize, usize)> {
        self.literals.get(name).copied()
    }

    /// The names for what a package exports.
    pub(super) fn imported_from(&self, package: &str) -> HashSet<&'a str> {
        let imported = self.bound.iter().filter(|(_, bound)| bound.is_module && bound.from == Some(package));
        imported.map(|(name, _)| *name).collect()
    }

    /// Returns `true` if the value of the name, which is this token, or a part of it is changed here.
    pub(super) fn is_changed_at(&self, source: &Source<'_>, name: &str, number: usize) -> bool {
        let before = |count: usize| number.checked_sub(count).map_or("", |token| source.written(token));
        let is_declared = self.bound(name).is_some_and(|bound| bound.declared == number);
        if is_declared || matches!(before(1), "." | "?.") {
            return false;
        }
        if [before(4), before(3), before(2), before(1)] == ["Object", ".", "assign", "("] {
            return true;
        }
        let is_assigned =
            |sign: &str| sign.ends_with('=') && !matches!(sign, "==" | "===" | "!=" | "!==" | "<=" | ">=");
        let (mut token, mut part) = (number.saturating_add(1), "");
        loop {
            let sign = source.written(token);
            let end = match sign {
                "." | "?." => token.saturating_add(1),
                "[" => source.partner(token).unwrap_or(token),
                "(" => return matches!(part, "push" | "unshift" | "splice" | "pop" | "shift"),
                _ => return is_assigned(sign),
            };
            part = source.written(end);
            token = end.saturating_add(1);
        }
    }
}

/// The most names of one `import`, and the tokens between them.
const MOST_IMPORTED: usize = 200;

/// The token that the value of a declared name begins with.
fn value(source: &Source<'_>, name: usize) -> Option<usize> {
    let mut token = name.saturating_add(1);
    if source.written(token) == ":" {
        for _ in 0..MOST_TYPE {
            match source.written(token) {
                "=" => break,
                ";" | "" => return None,
                _ => {}
            }
            token = source.partner(token).filter(|end| *end > token).unwrap_or(token).saturating_add(1);
        }
    }
    (source.written(token) == "=").then(|| token.saturating_add(1))
}

/// The module of `require("module")`.
fn module<'a>(source: &Source<'a>, token: usize) -> Option<&'a str> {
    let next = |count: usize| source.written(token.saturating_add(count));
    let is_call = next(0) == "require" && next(1) == "(" && next(3) == ")";
    // `require("module")(...)` and `require("module").part` are something else.
    (is_call && !matches!(next(4), "(" | "." | "[")).then(|| unquoted(next(2)))
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}
