//! A text that a regular expression matches: a path or a host to ask for.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

/// The longest text, and the most parts of an expression that are looked at for it.
const MOST: usize = 500;

/// The shortest text, or nearly, that the expression describes. Its anchors are taken as fulfilled, so whoever asks has to try it.
pub(crate) fn example(expression: &str) -> Option<String> {
    let hir = ParserBuilder::new().nest_limit(100).build().parse(expression).ok()?;
    let mut text = String::new();
    write(&hir, &mut text, &mut 0)?;
    Some(text)
}

/// `steps` bounds the work, because what is repeated may be empty.
fn write(hir: &Hir, text: &mut String, steps: &mut usize) -> Option<()> {
    *steps = steps.saturating_add(1);
    if text.len().max(*steps) > MOST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            // A letter if there is one, and in any case one that needs no escape in a path.
            let has = |wanted: &char| {
                class.ranges().iter().any(|range| (range.start()..=range.end()).contains(wanted))
            };
            let usual = ('a'..='z').chain('0'..='9').chain("-_/.".chars()).find(has);
            text.push(usual.or_else(|| class.ranges().first().map(ClassUnicodeRange::start))?);
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            (0..repetition.min).try_for_each(|_| write(&repetition.sub, text, steps))?;
        }
        HirKind::Capture(capture) => write(&capture.sub, text, steps)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text, steps))?,
        HirKind::Alternation(parts) => write(parts.first()?, text, steps)?,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_what_the_expression_asks_for_and_no_more() {
        for (expression, expected) in [
            (r"^/projects/[0-9]+/sql$", Some("/projects/0/sql")),
            (r"^/api(/|$)", Some("/api/")),
            (r"^/[^/]+/x{2}(?:\.json)?$", Some("/a/xx")),
            (r"\.example\.com$", Some(".example.com")),
            ("/v[0-9]+/(items|things)/?", Some("/v0/items")),
            (r"^/\w{2}\.json$", Some("/aa.json")),
            ("(((){1000}){1000}){1000}", Some("")),
            ("((a{30}){30}){30}", None),
            ("(a", None),
        ] {
            assert_eq!(example(expression).as_deref(), expected, "{expression}");
        }
    }
}
