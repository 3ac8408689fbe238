//! Regular expressions as they are written, for changes that keep the rest.

/// The expression with a backslash before each dot that stands for one character: it is in no class, and nothing repeats it.
pub(crate) fn with_escaped_dots(expression: &str) -> String {
    let mut escaped = String::new();
    let mut pieces = pieces(expression).peekable();
    while let Some((piece, is_in_class)) = pieces.next() {
        let is_repeated = pieces.peek().is_some_and(|(next, _)| matches!(*next, "*" | "+" | "?" | "{"));
        if piece == "." && !is_in_class && !is_repeated {
            escaped.push('\\');
        }
        escaped.push_str(piece);
    }
    escaped
}

/// The characters, an escaped one with its backslash, and whether each stands in a class: `[a-z.]`.
pub(crate) fn pieces(expression: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = expression;
    let mut is_in_class = false;
    std::iter::from_fn(move || {
        let mut characters = rest.chars();
        let first = characters.next()?;
        if first == '\\' {
            characters.next();
        }
        let length = rest.len().saturating_sub(characters.as_str().len());
        let (piece, behind) = rest.split_at(length);
        rest = behind;
        let was_in_class = is_in_class;
        match piece {
            "[" => is_in_class = true,
            "]" => is_in_class = false,
            _ => {}
        }
        Some((piece, was_in_class))
    })
}
