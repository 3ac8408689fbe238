//! The smallest change to an expression for origins after which it lets in nobody else.

use corsac_verify::covered;

use crate::expression::Expression;
use crate::expression::written::{pieces, with_escaped_dots};
use crate::server::Matching;

/// The expression with anchors, and with its dots escaped if that is needed; `exact` if neither is enough. Nothing, if all of them would let in an
/// origin that the expression does not.
pub(super) fn mended(expression: &str, exact: &str, entries: &[String]) -> Option<String> {
    let read = |text: &str| Expression::new(text, Matching::Search, false).ok();
    let original = read(expression)?;
    let is_right = |candidate: &String| {
        read(candidate).is_some_and(|candidate| {
            let keeps =
                |entry: &String| original.example(entry).is_none() || candidate.example(entry).is_some();
            candidate.strangers(entries).is_empty() && entries.iter().all(keeps)
        })
    };
    let candidates = [anchored(expression), anchored(&with_escaped_dots(expression))];
    candidates.into_iter().find(is_right).or_else(|| {
        let mut origins = entries.iter().flat_map(|entry| covered(entry));
        origins.all(|origin| original.is_match(&origin)).then(|| exact.to_owned())
    })
}

/// The expression with `^` and `$`, which are for all of its alternatives.
fn anchored(expression: &str) -> String {
    if has_alternatives(expression) {
        return format!("^(?:{expression})$");
    }
    let start = if expression.starts_with('^') { "" } else { "^" };
    let end = if expression.ends_with('$') && !expression.ends_with("\\$") { "" } else { "$" };
    format!("{start}{expression}{end}")
}

/// Whether a `|` stands outside of all groups.
fn has_alternatives(expression: &str) -> bool {
    let mut depth = 0_usize;
    pieces(expression).any(|(piece, is_in_class)| {
        match piece {
            "(" if !is_in_class => depth = depth.saturating_add(1),
            ")" if !is_in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
        piece == "|" && depth == 0 && !is_in_class
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_change_is_taken() {
        let one: &[&str] = &["https://a.example"];
        let local: &[&str] = &["https://app.example.com", "http://localhost:*"];
        let sub: &[&str] = &["https://*.a.example"];
        for (expression, entries, expected) in [
            (r"https://a\.example", one, Some(r"^https://a\.example$")),
            (r"^https://a\.example", one, Some(r"^https://a\.example$")),
            ("^https://a.example$", one, Some(r"^https://a\.example$")),
            ("https://a[.]example", one, Some("^https://a[.]example$")),
            // `http://localhost` without a port stays out.
            (
                r"http://localhost:[0-9]+|https://app\.example\.com",
                local,
                Some(r"^(?:http://localhost:[0-9]+|https://app\.example\.com)$"),
            ),
            (r"https://.*\.a\.example", sub, Some(r"^https://.*\.a\.example$")),
            (r"http://localhost.*:[0-9]+", &["http://localhost:*"], None),
        ] {
            let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
            assert_eq!(mended(expression, "exact", &entries).as_deref(), expected, "{expression}");
        }
    }
}
