//! Regular expressions for origins: the entries of a policy that one stands for, and the origins that it lets in beside them.

mod entries;
mod shapes;
mod strangers;
pub(crate) mod written;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::server::Matching;

pub(crate) use strangers::{Stranger, is_covered};

/// The longest expression that is looked at, and the largest automaton.
const MOST_BYTES: usize = 64 << 10;
const LARGEST: usize = 2 << 20;

/// What an expression for origins does.
#[derive(Debug)]
pub(crate) struct Expression {
    regex: Regex,
    /// The expression in which the way of matching is written out.
    written_out: String,
    ignores_case: bool,
    /// What it stands for, as entries of `origins`; empty if that is everything, or nothing that can be named.
    pub(crate) entries: Vec<String>,
    /// Returns `true` if it matches every origin.
    pub(crate) matches_everything: bool,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// Fails if it is too large, or has something that only backtracking engines know, such as look-around. The text says what.
    pub(crate) fn new(expression: &str, matching: Matching, ignores_case: bool) -> Result<Self, String> {
        if expression.len() > MOST_BYTES {
            return Err(format!("it is longer than {} KiB", MOST_BYTES >> 10));
        }
        let written_out = match matching {
            Matching::Search => expression.to_owned(),
            Matching::Whole => format!("^(?:{expression})$"),
            Matching::Prefix => format!("^(?:{expression})"),
        };
        let regex = Regex::builder()
            .configure(Regex::config().nfa_size_limit(Some(LARGEST)).utf8_empty(false))
            .syntax(syntax_of(ignores_case))
            .build(&written_out)
            .map_err(|error| first_line(&error))?;
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .case_insensitive(ignores_case)
            .nest_limit(100)
            .build()
            .parse(&written_out)
            .map_err(|error| first_line(&error))?;
        let everything = ["https://corsac-other.invalid", "https://corsac-other.example.net"];
        let matches_everything = everything.iter().all(|origin| regex.is_match(*origin));
        let shapes = if matches_everything { None } else { shapes::of(&hir) };
        let entries = entries::of(&shapes.unwrap_or_default());
        Ok(Self { regex, written_out, ignores_case, entries, matches_everything })
    }

    /// Returns `true` if the expression matches the value of an `Origin` header.
    pub(crate) fn is_match(&self, origin: &str) -> bool {
        self.regex.is_match(origin)
    }

    /// The shortest origin that the expression matches and this entry covers.
    pub(crate) fn example(&self, entry: &str) -> Option<String> {
        strangers::search(self, std::slice::from_ref(&entry.to_owned()), true)
    }

    /// An origin that the expression matches: one that an entry covers, if there is one.
    pub(crate) fn sample(&self) -> Option<String> {
        let of_entry = self.entries.iter().find_map(|entry| self.example(entry));
        of_entry.or_else(|| strangers::search(self, &[], false))
    }

    /// An origin for each way in which the expression lets in more than these entries cover.
    pub(crate) fn strangers(&self, entries: &[String]) -> Vec<Stranger> {
        strangers::of(self, entries)
    }
}

fn syntax_of(ignores_case: bool) -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false).case_insensitive(ignores_case).nest_limit(100)
}

/// The message of the crate has the expression in several lines, and the reason in the last one.
fn first_line(error: &dyn std::error::Error) -> String {
    let source = error.source().map(ToString::to_string);
    let text = source.unwrap_or_else(|| error.to_string());
    let reason = text.lines().last().unwrap_or_default().trim();
    reason.strip_prefix("error: ").unwrap_or(reason).to_owned()
}

#[cfg(test)]
mod tests;
