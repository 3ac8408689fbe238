//! A line with a regular expression for origins, without what lets strangers in.

use crate::apache::words::{next_word, words};
use crate::expression::Expression;
use crate::expression::written::with_escaped_dots;
use crate::server::Matching;

/// The line with an expression for the origins that its own one is meant for. `wanted` are the entries of the policy.
pub(super) fn mended(line: &str, wanted: &[String]) -> Option<String> {
    let written = Written::find(line)?;
    let now = Expression::new(written.expression, Matching::Search, written.ignores_case).ok()?;
    let meant: Vec<String> = now.entries.iter().filter(|entry| wanted.contains(entry)).cloned().collect();
    let meant = if meant.is_empty() { wanted.to_vec() } else { meant };
    let is_exact = |text: &String| {
        let changed = Expression::new(text, Matching::Search, written.ignores_case);
        changed.is_ok_and(|changed| {
            let keeps = |entry: &String| now.example(entry).is_none() || changed.example(entry).is_some();
            meant.iter().all(keeps) && changed.strangers(&meant).is_empty()
        })
    };
    let smallest = smallest(written.expression).into_iter().find(is_exact);
    let whole = corsac_stacks::origin_expression(&meant);
    // Whole matches and first groups are the same, whichever the line uses.
    let whole = || Some(format!("^({})$", whole.strip_prefix('^')?.strip_suffix('$')?));
    Some(written.with(&smallest.or_else(whole)?))
}

/// An expression for origins in a line.
struct Written<'l> {
    before: &'l str,
    expression: &'l str,
    after: &'l str,
    ignores_case: bool,
    /// What is around the expression, if that is not quotes.
    separator: Option<char>,
}

impl<'l> Written<'l> {
    fn find(line: &'l str) -> Option<Self> {
        if let Some(operator) = operator(line) {
            let rest = line.get(operator..)?.strip_prefix("=~")?.trim_start();
            let opened = rest.strip_prefix('m').unwrap_or(rest);
            let separator = opened.chars().next()?;
            let (expression, after) = opened.get(separator.len_utf8()..)?.split_once(separator)?;
            return Some(Self {
                before: line.get(..operator)?,
                expression,
                after,
                ignores_case: after.starts_with('i'),
                separator: Some(separator),
            });
        }
        let names = words(line);
        let [directive, subject, _, rest @ ..] = names.as_slice() else { return None };
        let directive = directive.to_ascii_lowercase();
        let is_condition = directive == "rewritecond" && subject.eq_ignore_ascii_case("%{HTTP:Origin}");
        let is_origin = directive.starts_with("setenvif") && subject.eq_ignore_ascii_case("origin");
        let (start, end) = third_word(line).filter(|_| is_condition || is_origin)?;
        let quoted = line.get(start..end)?;
        let quote = quoted.chars().next().filter(|first| matches!(first, '"' | '\''));
        let expression =
            quote.and_then(|quote| quoted.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(quoted);
        // One that must not match, or a text.
        if is_condition && expression.starts_with(['!', '=']) {
            return None;
        }
        let flags = rest.first().map(|flags| flags.to_ascii_lowercase()).unwrap_or_default();
        Some(Self {
            before: line.get(..start)?,
            expression,
            after: line.get(end..)?,
            ignores_case: directive.ends_with("nocase") || is_condition && flags.contains("nc"),
            separator: None,
        })
    }

    fn with(&self, expression: &str) -> String {
        let Self { before, after, .. } = self;
        match self.separator {
            Some(separator) if expression.contains(separator) || separator == '#' => {
                format!("{before}=~ m#{expression}#{after}")
            }
            Some(separator) => format!("{before}=~ m{separator}{expression}{separator}{after}"),
            None => format!("{before}\"{expression}\"{after}"),
        }
    }
}

/// Where `=~` stands that compares the origin. The only one of a line may compare a variable with it.
fn operator(line: &str) -> Option<usize> {
    let compares = |at: &usize| {
        let before = line.get(..*at).unwrap_or_default().trim_end().to_ascii_lowercase();
        before.trim_end_matches(['"', '\'', ')', '}']).ends_with("origin")
    };
    let mut all = line.match_indices("=~").map(|(at, _)| at);
    all.clone().find(compares).or_else(|| all.next().filter(|_| all.next().is_none()))
}

/// The expression with its dots escaped, and with the anchors that it does not have, the smallest change first.
fn smallest(expression: &str) -> Vec<String> {
    let text = with_escaped_dots(expression);
    let first = if text.starts_with('^') { "" } else { "^" };
    let last = if text.ends_with('$') && !text.ends_with("\\$") { "" } else { "$" };
    let inside = text.strip_prefix('^').unwrap_or(&text);
    let inside = if last.is_empty() { inside.strip_suffix('$').unwrap_or(inside) } else { inside };
    let all = [
        text.clone(),
        format!("{text}{last}"),
        format!("{first}{text}"),
        format!("{first}{text}{last}"),
        format!("^(?:{inside})$"),
    ];
    let mut changed: Vec<String> = all.into_iter().filter(|text| text != expression).collect();
    changed.dedup();
    changed
}

/// Where the third word of a line begins and ends, with its quotes.
fn third_word(line: &str) -> Option<(usize, usize)> {
    let mut rest = line;
    next_word(&mut rest)?;
    next_word(&mut rest)?;
    let start = line.len().checked_sub(rest.len())?;
    next_word(&mut rest)?;
    let end = line.len().checked_sub(rest.len())?;
    let end = line.get(..end)?.trim_end().len();
    Some((start, end))
}
