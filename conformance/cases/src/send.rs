//! What [send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send) makes of a `Content-Type` that script set: a text is always sent as
//! UTF-8, so another charset is written anew. That comes before the fetch, and decides whether a joined value is simple.

use corsac::browser::Engine;
use corsac::header::normalize;
use corsac::method::is_token;

use crate::case::Body;

/// The value as the fetch gets it.
pub fn content_type(given: &str, body: Body, engine: Engine) -> String {
    let is_text = body == Body::Text || (body == Body::Form && engine != Engine::Spec);
    match engine {
        _ if !is_text => given.to_owned(),
        Engine::Spec | Engine::WebKit => as_utf8(given),
        Engine::Chromium => with_values_replaced(given),
        // It writes the value anew behind the fetch: see `as_utf8` in `explained.rs`.
        Engine::Firefox => given.to_owned(),
    }
}

/// send(), step 4, "If originalAuthorContentType is non-null": parsed, given the charset, and serialized, unless it is UTF-8 already.
pub fn as_utf8(given: &str) -> String {
    let Some((essence, mut parameters)) = parse(given) else {
        return given.to_owned();
    };
    let Some((_, charset)) = parameters.iter_mut().find(|(name, _)| name == "charset") else {
        return given.to_owned();
    };
    if charset.eq_ignore_ascii_case("utf-8") {
        return given.to_owned();
    }
    "UTF-8".clone_into(charset);
    serialize(&essence, &parameters)
}

type Parameters = Vec<(String, String)>;

/// [Parse a MIME type](https://mimesniff.spec.whatwg.org/#parse-a-mime-type).
fn parse(given: &str) -> Option<(String, Parameters)> {
    let essence = corsac::header::parse_mime_essence(given.as_bytes())?;
    let trimmed = normalize(given.as_bytes());
    let mut rest = std::str::from_utf8(trimmed).ok()?.split_once(';').map(|(_, rest)| rest);
    let mut parameters = Parameters::new();
    while let Some(text) = rest {
        let text = text.trim_start_matches(WHITESPACE);
        let end = text.find([';', '=']).unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let Some(value_and_rest) = after.strip_prefix('=') else {
            rest = after.strip_prefix(';');
            continue;
        };
        let (value, behind) = match value_and_rest.strip_prefix('"') {
            Some(quoted) => quoted_string(quoted),
            None => {
                let end = value_and_rest.find(';').unwrap_or(value_and_rest.len());
                let (value, behind) = value_and_rest.split_at(end);
                (value.trim_end_matches(WHITESPACE).to_owned(), behind)
            }
        };
        let named = is_token(name.as_bytes()) && (!value.is_empty() || value_and_rest.starts_with('"'));
        let valid = value
            .chars()
            .all(|c| c == '\t' || (' '..='~').contains(&c) || ('\u{80}'..='\u{ff}').contains(&c));
        let name = name.to_ascii_lowercase();
        if named && valid && !parameters.iter().any(|(known, _)| *known == name) {
            parameters.push((name, value));
        }
        rest = behind.split_once(';').map(|(_, rest)| rest);
    }
    Some((essence, parameters))
}

const WHITESPACE: [char; 4] = ['\t', '\n', '\r', ' '];

/// What is behind an opening quotation mark: the string, and what follows it.
fn quoted_string(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, text.get(at.saturating_add(1)..).unwrap_or_default()),
            '\\' => value.push(characters.next().map_or('\\', |(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

/// [Serialize a MIME type](https://mimesniff.spec.whatwg.org/#serialize-a-mime-type).
fn serialize(essence: &str, parameters: &Parameters) -> String {
    let mut text = essence.to_owned();
    for (name, value) in parameters {
        let value = if is_token(value.as_bytes()) {
            value.clone()
        } else {
            format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
        };
        text.push_str(&format!(";{name}={value}"));
    }
    text
}

/// Chromium replaces each charset where it stands, up to white space, a quotation mark or a semicolon; a comma behind it goes, too.
fn with_values_replaced(given: &str) -> String {
    let mut text = String::new();
    let mut rest = given;
    while let Some((before, value, behind)) = next_charset(rest, text.is_empty()) {
        if value.is_empty() {
            break;
        }
        text.push_str(before);
        text.push_str("UTF-8");
        rest = behind;
    }
    text + rest
}

/// What is before the next charset, its value, and what is behind it.
fn next_charset(text: &str, at_start: bool) -> Option<(&str, &str, &str)> {
    const NAME: &str = "charset";
    let lower = text.to_ascii_lowercase();
    let mut from = 0_usize;
    loop {
        let at = from.checked_add(lower.get(from..)?.find(NAME)?)?;
        if at == 0 && at_start {
            return None;
        }
        from = at.checked_add(NAME.len())?;
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(|c| c > ' ' && c != ';') {
            continue;
        }
        let Some(value) = text.get(from..)?.trim_start_matches(|c| c <= ' ').strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start_matches(|c| c <= ' ' || matches!(c, '"' | '\''));
        let end = value.find(|c| c <= ' ' || matches!(c, '"' | '\'' | ';')).unwrap_or(value.len());
        let (value, behind) = value.split_at(end);
        let before = text.len().checked_sub(value.len().checked_add(behind.len())?)?;
        return Some((text.get(..before)?, value, behind));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the browsers sent (catalogue `xhr-charset/*`).
    #[test]
    fn a_text_is_sent_as_utf_8() {
        let cases = [
            ("text/plain;charset=latin1", "text/plain;charset=UTF-8", "text/plain;charset=UTF-8"),
            ("text/plain;charset=utf-8", "text/plain;charset=utf-8", "text/plain;charset=UTF-8"),
            ("text/plain;charset=\"utf-8\"", "text/plain;charset=\"utf-8\"", "text/plain;charset=\"UTF-8\""),
            ("text/plain", "text/plain", "text/plain"),
            (
                "text/plain;charset=utf-8, text/plain;x=\"y\"",
                "text/plain;charset=UTF-8;x=y",
                "text/plain;charset=UTF-8 text/plain;x=\"y\"",
            ),
            (
                "text/plain;a=<, text/plain;charset=latin1",
                "text/plain;a=\"<, text/plain\";charset=UTF-8",
                "text/plain;a=<, text/plain;charset=UTF-8",
            ),
            (
                "text/plain; charset, text/plain;charset=x;charset=y",
                "text/plain;charset=UTF-8",
                "text/plain; charset, text/plain;charset=UTF-8;charset=UTF-8",
            ),
        ];
        for (given, webkit, chromium) in cases {
            assert_eq!(content_type(given, Body::Text, Engine::WebKit), webkit, "{given}");
            assert_eq!(content_type(given, Body::Form, Engine::Chromium), chromium, "{given}");
            assert_eq!(content_type(given, Body::Json, Engine::WebKit), given);
        }
    }
}
