//! The words of a directive, as Apache splits them.

/// Takes the next word off the text: up to a space, or in quotes. `\\` is one backslash, and `\"` a quote inside of quotes.
pub(super) fn next_word(rest: &mut &str) -> Option<String> {
    let text = rest.trim_start();
    let mut characters = text.char_indices().peekable();
    let quote = characters.next_if(|(_, character)| matches!(character, '"' | '\'')).map(|(_, quote)| quote);
    if text.is_empty() {
        *rest = text;
        return None;
    }
    let mut word = String::new();
    let mut after = text.len();
    while let Some((at, character)) = characters.next() {
        let ends = quote.map_or(character.is_ascii_whitespace(), |quote| character == quote);
        if ends {
            after = at.saturating_add(character.len_utf8());
            break;
        }
        let escaped =
            characters.next_if(|(_, next)| character == '\\' && (*next == '\\' || Some(*next) == quote));
        word.push(escaped.map_or(character, |(_, next)| next));
    }
    *rest = text.get(after..).unwrap_or_default().trim_start();
    Some(word)
}

/// All words of a text.
pub(super) fn words(mut text: &str) -> Vec<String> {
    std::iter::from_fn(|| next_word(&mut text)).collect()
}

/// Takes the next word off the text as mod_rewrite does: a backslash keeps a space in the word, and nothing is unescaped.
pub(super) fn next_rewrite_word<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let text = rest.trim_start();
    let quote = text.chars().next().filter(|character| matches!(character, '"' | '\''));
    if text.is_empty() {
        *rest = text;
        return None;
    }
    let text = text.get(quote.map_or(0, char::len_utf8)..).unwrap_or_default();
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        let ends = quote.map_or(character.is_ascii_whitespace(), |quote| character == quote);
        let keeps = is_escaped && character.is_ascii_whitespace();
        if ends && !keeps {
            *rest = text.get(at.saturating_add(character.len_utf8())..).unwrap_or_default().trim_start();
            return text.get(..at);
        }
        is_escaped = character == '\\';
    }
    *rest = "";
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_apache_splits_them() {
        for (name, text, expected) in [
            ("plain", "set Access-Control-Allow-Origin *", vec!["set", "Access-Control-Allow-Origin", "*"]),
            ("quotes", r#"set X "a b" 'c "d"'"#, vec!["set", "X", "a b", "c \"d\""]),
            ("an escaped quote", r#""a \"b\"" c"#, vec!["a \"b\"", "c"]),
            ("two backslashes are one", r#""^https://a\\.example$""#, vec![r"^https://a\.example$"]),
            ("one backslash stays", r#""^https://a\.example$" b"#, vec![r"^https://a\.example$", "b"]),
            ("an empty word", r#"Origin "" x"#, vec!["Origin", "", "x"]),
            ("no end of the quote", r#""a b"#, vec!["a b"]),
            ("nothing", "  ", vec![]),
        ] {
            assert_eq!(words(text), expected, "{name}");
        }
    }

    #[test]
    fn words_of_mod_rewrite_keep_their_backslashes() {
        let mut rest = r#"%{HTTP:Origin} "^https://a\\.example$" [NC,OR]"#;
        let words: Vec<_> = std::iter::from_fn(|| next_rewrite_word(&mut rest)).collect();
        assert_eq!(words, ["%{HTTP:Origin}", r"^https://a\\.example$", "[NC,OR]"]);
        let mut rest = r"^a\ b$ - [F]";
        let words: Vec<_> = std::iter::from_fn(|| next_rewrite_word(&mut rest)).collect();
        assert_eq!(words, [r"^a\ b$", "-", "[F]"]);
    }
}
