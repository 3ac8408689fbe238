//! The origins that a configuration names: which entries they stand for, and which of them can never match.

use std::collections::HashSet;

use corsac::origin::Origin;
use corsac::server::{OriginEntry, Policy};
use corsac_verify::covered;

use crate::expression::{Expression, is_covered};
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::{Mention, Mentioned};

/// All of them, read.
pub(super) struct Mentions {
    read: Vec<Read>,
    notes: Vec<Noted>,
    /// Every entry that is meant, each once.
    pub(super) entries: Vec<String>,
    /// An origin for each expression that stands for no entry, or does not match what [`example`] gives: `[0-9]+` matches no letters.
    pub(super) samples: Vec<String>,
}

/// One of them.
pub(super) struct Read {
    pub(super) at: At,
    /// As the configuration writes it.
    pub(super) text: String,
    pub(super) entries: Vec<String>,
    pub(super) expression: Option<Expression>,
    /// Whether the text is a regular expression, and not another kind of pattern that one stands for.
    pub(super) is_expression: bool,
}

impl Mentions {
    pub(super) fn new(mentions: Vec<Mention>) -> Self {
        let mut all = Self { read: Vec::new(), notes: Vec::new(), entries: Vec::new(), samples: Vec::new() };
        for mention in mentions {
            match mention.what {
                Mentioned::Text { text, ignores_case } => all.add_text(&text, ignores_case, mention.at),
                Mentioned::Entry(entry) => all.add(mention.at, entry.clone(), vec![entry]),
                Mentioned::Expression { expression, matching, ignores_case } => {
                    let read = Expression::new(&expression, matching, ignores_case);
                    all.add_expression(read, expression, true, mention.at);
                }
                Mentioned::Pattern { pattern, expression, matching, ignores_case } => {
                    let read = Expression::new(&expression, matching, ignores_case);
                    all.add_expression(read, pattern, false, mention.at);
                }
            }
        }
        let mut seen = HashSet::new();
        let entries = all.read.iter().flat_map(|read| &read.entries);
        all.entries = entries.filter(|entry| seen.insert(*entry)).cloned().collect();
        all.samples = all.expressions().flat_map(|(read, expression)| samples(read, expression)).collect();
        all
    }

    /// What is wrong with the mentions themselves.
    pub(super) fn notes(&self) -> impl Iterator<Item = Noted> {
        self.notes.iter().cloned()
    }

    pub(super) fn expressions(&self) -> impl Iterator<Item = (&Read, &Expression)> {
        self.read.iter().filter_map(|read| Some((read, read.expression.as_ref()?)))
    }

    /// The mentions of one origin each.
    pub(super) fn single(&self) -> impl Iterator<Item = &Read> {
        self.read.iter().filter(|read| matches!(read.entries.as_slice(), [only] if !only.contains('*')))
    }

    /// Where the configuration says something that lets this origin in: an expression that matches it, or an entry that covers it.
    pub(super) fn that_lets_in(&self, origin: &str) -> Option<&Read> {
        let covers = |entry: &String| {
            Policy::builder([entry.as_str()]).build().is_ok_and(|policy| is_covered(&policy, origin))
        };
        self.read.iter().find(|read| match &read.expression {
            Some(expression) => expression.is_match(origin),
            None => read.entries.iter().any(covers),
        })
    }

    /// Where an entry is named.
    pub(super) fn of_entry(&self, entry: &str) -> Option<&Read> {
        self.read.iter().find(|read| read.entries.iter().any(|known| known == entry))
    }

    fn add(&mut self, at: At, text: String, entries: Vec<String>) {
        self.read.push(Read { at, text, entries, expression: None, is_expression: false });
    }

    fn add_text(&mut self, text: &str, ignores_case: bool, at: At) {
        let text = text.trim();
        if matches!(text, "" | "*" | "null") {
            return;
        }
        let compared = if ignores_case { text.to_ascii_lowercase() } else { text.to_owned() };
        match Origin::parse(&compared) {
            Ok(origin) if origin.as_str() == compared => self.add(at, text.to_owned(), vec![compared]),
            parsed => self.notes.push(never_matches(text, parsed.ok(), at)),
        }
    }

    fn add_expression(
        &mut self,
        read: Result<Expression, String>,
        text: String,
        is_expression: bool,
        at: At,
    ) {
        match read {
            Ok(expression) => {
                if !expression.matches_everything && expression.entries.is_empty() {
                    self.notes.push(no_entries(&text, at));
                }
                let entries = expression.entries.clone();
                self.read.push(Read { at, text, entries, expression: Some(expression), is_expression });
            }
            Err(why) => self.notes.push(
                Noted::new(
                    NoteKind::NotExpressible,
                    "expression-not-exact",
                    at,
                    format!("`{text}` cannot be examined: {why}. Which origins it lets in is not known."),
                )
                .instead("List the origins, or write an expression without it."),
            ),
        }
    }
}

/// Origins that an expression matches, for entries whose [`example`] it does not match, and one if it stands for no entry.
fn samples(read: &Read, expression: &Expression) -> Vec<String> {
    if read.entries.is_empty() {
        return expression.sample().into_iter().collect();
    }
    let is_matched = |entry: &str| example(entry).is_none_or(|origin| expression.is_match(&origin));
    let unmatched = read.entries.iter().filter(|entry| !is_matched(entry));
    unmatched.filter_map(|entry| expression.example(entry)).collect()
}

/// A text that no browser sends as an origin.
fn never_matches(text: &str, parsed: Option<Origin>, at: At) -> Noted {
    let several: Vec<&str> = text.split([',', ' ']).map(str::trim).filter(|one| !one.is_empty()).collect();
    if several.len() > 1 && several.iter().all(|one| one.contains("://") || *one == "*") {
        return several_origins(text, several.len(), at);
    }
    let meant = parsed
        .or_else(|| Origin::parse(text).err().and_then(|error| Origin::parse(&error.suggestion()?).ok()));
    let why = Origin::parse(text).err().map(|error| error.to_string());
    let why = why.as_deref().and_then(|why| why.split_once("not an origin: ")?.1.split(". Write").next());
    let why =
        why.unwrap_or("browsers send origins in their shortest form, in lower case").trim_end_matches('.');
    let message = format!("`{text}` never matches what a browser sends: {why}.");
    let instead = match meant {
        Some(origin) => format!("Write `{}`.", origin.as_str()),
        None if OriginEntry::split(text).is_some() => {
            "Compare the request's `Origin` with an expression: nothing else understands the wildcard."
                .to_owned()
        }
        None => "Write a scheme, a host and, if it is not the usual one, a port: `https://app.example.com`."
            .to_owned(),
    };
    Noted::new(NoteKind::Dead, "origin-never-matches", at, message).instead(instead)
}

/// A value of `Access-Control-Allow-Origin`, or a text that it is compared with, that names more than one origin.
pub(super) fn several_origins(text: &str, origins: usize, at: At) -> Noted {
    Noted::new(
        NoteKind::Dead,
        "several-origins",
        at,
        format!("`{text}` names {origins} origins. Browsers accept one, or `*`: they compare the whole value with the page's origin, so nobody may read."),
    )
    .instead("Compare the request's `Origin` with the list, and send back the one that matches.")
}

fn no_entries(text: &str, at: At) -> Noted {
    Noted::new(
        NoteKind::NotExpressible,
        "expression-not-exact",
        at,
        format!("No entries of a policy can stand for `{text}`, so the policy does without it."),
    )
    .instead("List the origins that are meant.")
}

/// An origin that an entry covers.
pub(super) fn example(entry: &str) -> Option<String> {
    covered(entry).into_iter().next()
}
