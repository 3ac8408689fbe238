//! The differences as text for a terminal.

use super::changes::{Change, Effect, Kind};
use super::{Compared, Difference};
use crate::terminal::{BAD, CAREFUL, FAINT, GOOD, STRONG, printable, styled, wrap};

/// The most changes of one policy that are printed. Others are counted.
const MOST: usize = 200;

pub(super) fn print(compared: &[Compared], unplaced: &[Vec<String>; 2]) -> String {
    let mut page = String::new();
    for policy in compared {
        let name = styled(STRONG, &format!("policy {}", printable(&policy.name)));
        match &policy.difference {
            Difference::Added(changes) => {
                page.push_str(&format!("{name}: {} added\n", styled(CAREFUL, "+")));
                page.push_str(&lines(changes));
            }
            Difference::Removed(changes) => {
                page.push_str(&format!("{name}: {} removed\n", styled(BAD, "-")));
                page.push_str(&lines(changes));
            }
            Difference::Moved { was, is, changes } => {
                let path = styled(STRONG, &format!("path {}", printable(&policy.name)));
                page.push_str(&format!("{path}: {} applies instead of {}\n", printable(is), printable(was)));
                page.push_str(&lines(changes));
            }
            Difference::Kept(changes) if changes.is_empty() => {
                page.push_str(&format!("{name}: no difference\n"));
            }
            Difference::Kept(changes) => {
                page.push_str(&format!("{name}\n"));
                page.push_str(&lines(changes));
            }
        }
    }
    let has = |effect| compared.iter().any(|policy| policy.has(effect));
    let end = match (has(Effect::Widened), has(Effect::Narrowed)) {
        (false, false) => styled(GOOD, "What is allowed is the same."),
        (true, false) => styled(CAREFUL, "More is allowed than before."),
        (false, true) => styled(CAREFUL, "Less is allowed than before."),
        (true, true) => styled(CAREFUL, "Some requests are newly allowed, and others newly refused."),
    };
    for (which, names) in ["old", "new"].into_iter().zip(unplaced).filter(|(_, names)| !names.is_empty()) {
        let names: Vec<String> = names.iter().map(printable).collect();
        let note = format!(
            "In the {which} file, {} {} to no path. If a service selects a policy by its name, compare it with --policy NAME.",
            names.join(", "),
            if names.len() == 1 { "applies" } else { "apply" }
        );
        page.push_str(&wrap(&note, &format!("{} ", styled(CAREFUL, "!")), "  "));
    }
    page + &end + "\n"
}

fn lines(changes: &[Change]) -> String {
    let mut page: String = changes.iter().take(MOST).map(line).collect();
    let more = changes.len().saturating_sub(MOST);
    if more > 0 {
        page.push_str(&format!("  And {more} more. --json prints all of them.\n"));
    }
    page
}

fn line(change: &Change) -> String {
    let (mark, style) = match change.effect {
        Effect::Widened => ("+", CAREFUL),
        Effect::Narrowed => ("-", BAD),
        Effect::Other => ("~", FAINT),
    };
    let value = printable(&change.value);
    let what = match change.kind {
        Kind::Origin if change.value == "*" => "every other origin".to_owned(),
        Kind::Origin => format!("origin {value}"),
        Kind::Method if change.value == "*" => "every other method".to_owned(),
        Kind::Method => format!("method {value}"),
        Kind::RequestHeader if change.value == "*" => "every other request header".to_owned(),
        Kind::RequestHeader => format!("request header {value}"),
        Kind::ExposeHeader if change.value == "*" => "reading every other response header".to_owned(),
        Kind::ExposeHeader => format!("reading the response header {value}"),
        Kind::Credentials => "requests with credentials".to_owned(),
        Kind::Timing | Kind::ResourcePolicy | Kind::Enforce | Kind::MaxAge | Kind::At => value,
    };
    let words = match change.kind {
        Kind::Timing | Kind::ResourcePolicy | Kind::Enforce | Kind::MaxAge | Kind::At => {
            format!("{what}: changed from {} to {}", printable(&change.old), printable(&change.new))
        }
        _ => format!("{what}: now {}{}", change.new, example(change)),
    };
    wrap(&words, &format!("  {} ", styled(style, mark)), "    ")
}

/// Returns the end of a line: the request that shows the difference.
fn example(change: &Change) -> String {
    let Some(example) = &change.example else { return String::new() };
    let origin = printable(&example.origin);
    match (change.kind, &example.header) {
        (Kind::Origin, _) if example.origin == change.value => String::new(),
        (Kind::Origin, _) => format!(", e.g. from {origin}"),
        (Kind::Method, _) => format!(", e.g. {} from {origin}", printable(&example.method)),
        (_, Some(name)) => format!(", e.g. {} from {origin}", printable(name)),
        (_, None) => format!(", e.g. from {origin}"),
    }
}
