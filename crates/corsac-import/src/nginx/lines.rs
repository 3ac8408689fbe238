//! Changes inside of a line.

pub(super) fn indentation(line: &str) -> String {
    line.chars().take_while(|next| next.is_whitespace()).collect()
}

/// Where the directives of a line end: the bytes of `;` outside of quotes and comments.
fn ends(line: &str) -> Vec<usize> {
    let (mut ends, mut quote, mut is_escaped) = (Vec::new(), None, false);
    for (at, next) in line.char_indices() {
        match (next, quote) {
            _ if is_escaped => is_escaped = false,
            ('\\', _) => is_escaped = true,
            ('"' | '\'', None) => quote = Some(next),
            (_, Some(open)) if next == open => quote = None,
            ('#', None)
                if line
                    .get(..at)
                    .is_some_and(|before| before.ends_with(char::is_whitespace) || before.is_empty()) =>
            {
                break;
            }
            (';', None) => ends.push(at),
            _ => {}
        }
    }
    ends
}

/// Returns `true` if the line has one directive and nothing else that matters.
pub(super) fn is_alone(line: &str) -> bool {
    ends(line).len() == 1 && !line.contains('{') && !line.trim_start().starts_with('}')
}

/// The line with ` always` in front of the `;` of each header of CORS that does not have it.
pub(super) fn with_always(line: &str) -> Option<String> {
    let mut changed = String::new();
    let mut start = 0;
    let ends = ends(line);
    for end in &ends {
        let directive = line.get(start..*end)?;
        let lower = directive.to_ascii_lowercase();
        let is_header = ends.len() == 1
            || lower.contains("add_header")
                && ["access-control-", "timing-allow-origin", "cross-origin-resource-policy", "vary"]
                    .iter()
                    .any(|name| lower.contains(name));
        changed.push_str(directive.trim_end());
        if is_header && !directive.trim_end().ends_with(" always") {
            changed.push_str(" always");
        }
        changed.push(';');
        start = end.saturating_add(1);
    }
    changed.push_str(line.get(start..)?);
    (changed != line).then_some(changed)
}

/// The line with one variable in place of another.
pub(super) fn with_value(line: &str, variable: &str, other: &str) -> Option<String> {
    let braced = format!("${{{variable}}}");
    let changed =
        line.replace(&braced, &format!("${other}")).replace(&format!("${variable}"), &format!("${other}"));
    (changed != line).then_some(changed)
}

/// The line with one expression in place of another, in quotes where it needs them.
pub(super) fn replaced_expression(
    line: &str,
    expression: &str,
    exact: &str,
    is_in_map: bool,
) -> Option<String> {
    if expression.is_empty() {
        return None;
    }
    let start = line.find(expression)?;
    let before = line.get(..start)?;
    let after = line.get(start.checked_add(expression.len())?..)?;
    // In a map, the `~` or `~*` is a part of the word.
    let word = if is_in_map { before.trim_end_matches(['~', '*']) } else { before };
    let modifier = before.get(word.len()..)?;
    if word.ends_with(['"', '\'']) {
        return Some(format!("{word}{modifier}{exact}{after}"));
    }
    let needs_quotes = exact.contains(['{', '}', ';', ' ', '"', '\'']);
    Some(if needs_quotes {
        format!("{word}\"{modifier}{exact}\"{after}")
    } else {
        format!("{word}{modifier}{exact}{after}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn always_is_written_in_front_of_the_semicolon() {
        for (line, changed) in [
            (
                "  add_header Access-Control-Allow-Origin *;",
                "  add_header Access-Control-Allow-Origin * always;",
            ),
            ("add_header Vary 'a;b' ; # why; not", "add_header Vary 'a;b' always; # why; not"),
            (
                "add_header Access-Control-Allow-Origin $o; return 204;",
                "add_header Access-Control-Allow-Origin $o always; return 204;",
            ),
            ("    'GET, PUT';", "    'GET, PUT' always;"),
        ] {
            assert_eq!(with_always(line).as_deref(), Some(changed));
        }
        assert_eq!(with_always("add_header Vary Origin always;"), None);
    }

    #[test]
    fn an_expression_is_replaced_with_the_quotes_that_it_needs() {
        for (line, expression, exact, is_in_map, changed) in [
            ("\"~https://a.b\" $o;", "https://a.b", r"^https://a\.b$", true, r#""~^https://a\.b$" $o;"#),
            ("~*a.b 1;", "a.b", r"^https://a\.b$", true, r"~*^https://a\.b$ 1;"),
            ("~a.b 1;", "a.b", "^a{1,5}$", true, "\"~^a{1,5}$\" 1;"),
            ("if ($http_origin ~* (a|b)) {", "(a|b)", "^a{2}$", false, "if ($http_origin ~* \"^a{2}$\") {"),
            ("if ($http_origin ~ '^a') {", "^a", "^a$", false, "if ($http_origin ~ '^a$') {"),
        ] {
            assert_eq!(
                replaced_expression(line, expression, exact, is_in_map).as_deref(),
                Some(changed),
                "{line}"
            );
        }
    }
}
