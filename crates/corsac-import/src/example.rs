//! A text that a regular expression matches: a path or a host to ask for.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The most bytes of an example.
const MOST_BYTES: usize = 300;

/// The shortest text, or nearly, that the expression describes. Its anchors are taken as fulfilled, so whoever asks has to try it.
pub(crate) fn example(expression: &str) -> Option<String> {
    let hir = ParserBuilder::new().nest_limit(100).build().parse(expression).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, text: &mut String) -> Option<()> {
    if text.len() > MOST_BYTES {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            // A letter or a digit, if there is one: `[^/]` begins with characters that no path has.
            let readable = ['a'..='z', '0'..='9', 'A'..='Z'].into_iter().find_map(|wanted| {
                let within = class
                    .ranges()
                    .iter()
                    .find(|range| range.start() <= *wanted.end() && range.end() >= *wanted.start())?;
                Some(within.start().max(*wanted.start()))
            });
            text.push(readable.or_else(|| class.ranges().first().map(|range| range.start()))?);
        }
        HirKind::Class(Class::Bytes(class)) => text.push(char::from(class.ranges().first()?.start())),
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(parts) => write(parts.first()?, text)?,
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
            ("(a", None),
            ("a{400}", None),
        ] {
            assert_eq!(example(expression).as_deref(), expected, "{expression}");
        }
    }
}
