//! MIME types, as the MIME Sniffing standard parses and serializes them.

use std::collections::HashSet;

use super::normalize;
use crate::method::is_token;

/// [Parse a MIME type](https://mimesniff.spec.whatwg.org/#parse-a-mime-type), and keep its
/// [essence](https://mimesniff.spec.whatwg.org/#mime-type-essence): type and subtype in lower case. `None` when parsing fails.
///
/// Parameters never make it fail, however broken they are.
///
/// ```
/// use corsac::header::parse_mime_essence;
///
/// assert_eq!(parse_mime_essence(b"Text/Plain;charset=utf-8").as_deref(), Some("text/plain"));
/// assert_eq!(parse_mime_essence(b"text/plain, text/plain"), None);
/// ```
pub fn parse_mime_essence(value: &[u8]) -> Option<String> {
    let (kind, subtype) = type_and_subtype(value)?;
    // 10
    let mut essence = String::from_utf8([kind, b"/", subtype].concat()).ok()?;
    essence.make_ascii_lowercase();
    Some(essence)
}

/// Type and subtype as they stand in the value: nothing is allocated.
pub(super) fn type_and_subtype(value: &[u8]) -> Option<(&[u8], &[u8])> {
    // 1
    let input = normalize(value);
    // 2-6: one or more token bytes, up to the first solidus
    let solidus = input.iter().position(|&byte| byte == b'/')?;
    let (kind, rest) = input.split_at_checked(solidus)?;
    let rest = rest.strip_prefix(b"/")?;
    // 7-9: the same, up to the first semicolon
    let subtype = trim_whitespace_end(rest.split(|&byte| byte == b';').next()?);
    (is_token(kind) && is_token(subtype)).then_some((kind, subtype))
}

/// Drops the [HTTP whitespace](https://fetch.spec.whatwg.org/#http-whitespace-byte) at the end: line feed, carriage return, tab and space.
fn trim_whitespace_end(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r' | b'\t' | b' '] = value {
        value = rest;
    }
    value
}

/// A MIME type with its parameters. Each character of a text is one byte of the header's value.
#[derive(Debug)]
pub(crate) struct MimeType {
    essence: String,
    parameters: Vec<(String, String)>,
}

impl MimeType {
    /// [Parse a MIME type](https://mimesniff.spec.whatwg.org/#parse-a-mime-type).
    pub(crate) fn parse(value: &[u8]) -> Option<Self> {
        // 1-10
        let essence = parse_mime_essence(value)?;
        let text: String = normalize(value).iter().copied().map(char::from).collect();
        let mut rest = text.split_once(';').map(|(_, rest)| rest);
        let mut parameters = Vec::new();
        let mut names = HashSet::new();
        // 11
        while let Some(text) = rest {
            let text = text.trim_start_matches(WHITESPACE);
            let (name, after) = text.split_at(text.find([';', '=']).unwrap_or(text.len()));
            let Some(after) = after.strip_prefix('=') else {
                rest = after.strip_prefix(';');
                continue;
            };
            let (value, behind) = match after.strip_prefix('"') {
                Some(quoted) => quoted_string(quoted),
                None => {
                    let (value, behind) = after.split_at(after.find(';').unwrap_or(after.len()));
                    (value.trim_end_matches(WHITESPACE).to_owned(), behind)
                }
            };
            rest = behind.split_once(';').map(|(_, rest)| rest);
            let is_named = is_token(name.as_bytes()) && (!value.is_empty() || after.starts_with('"'));
            let is_valid = value.chars().all(|c| matches!(c, '\t' | ' '..='~' | '\u{80}'..='\u{ff}'));
            let name = name.to_ascii_lowercase();
            if is_named && is_valid && names.insert(name.clone()) {
                parameters.push((name, value));
            }
        }
        Some(Self { essence, parameters })
    }

    /// The value of the parameter of this name, which is in lower case.
    pub(crate) fn parameter_mut(&mut self, name: &str) -> Option<&mut String> {
        self.parameters.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// [Serialize a MIME type](https://mimesniff.spec.whatwg.org/#serialize-a-mime-type).
    pub(crate) fn serialize(&self) -> Vec<u8> {
        let mut text = self.essence.clone();
        for (name, value) in &self.parameters {
            text.extend([";", name, "="]);
            if is_token(value.as_bytes()) {
                text.push_str(value);
            } else {
                text.extend(["\"", &value.replace('\\', "\\\\").replace('"', "\\\""), "\""]);
            }
        }
        text.chars().filter_map(|character| u8::try_from(u32::from(character)).ok()).collect()
    }
}

const WHITESPACE: [char; 4] = ['\t', '\n', '\r', ' '];

/// [Collect an HTTP quoted string](https://fetch.spec.whatwg.org/#collect-an-http-quoted-string), after the opening quotation mark: the
/// string, and what follows it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_essence_is_what_mime_sniffing_says() {
        let cases: &[(&str, Option<&str>)] = &[
            ("text/plain", Some("text/plain")),
            (" text/plain", Some("text/plain")),
            ("\r\n\ttext/plain\t\r\n ", Some("text/plain")),
            ("TEXT/Plain", Some("text/plain")),
            ("text/plain;charset=utf-8", Some("text/plain")),
            ("text/plain; charset=utf-8", Some("text/plain")),
            ("text/plain ;charset=utf-8", Some("text/plain")),
            ("text/plain;", Some("text/plain")),
            ("text/plain;;;==\"", Some("text/plain")),
            ("text/plain;a/b", Some("text/plain")),
            ("multipart/form-data; boundary=\"a b\"", Some("multipart/form-data")),
            ("multipart/form-data; boundary=\"a b", Some("multipart/form-data")),
            ("application/vnd.api+json", Some("application/vnd.api+json")),
            ("*/*", Some("*/*")),
            ("x/x/", None),
            ("text/plain, text/plain", None),
            ("text/plain,text/plain", None),
            ("text/plain text/plain", None),
            ("text /plain", None),
            ("text/ plain", None),
            ("text", None),
            ("text;/plain", None),
            ("text/", None),
            ("text/;charset=utf-8", None),
            ("/plain", None),
            ("/", None),
            ("", None),
            (" ", None),
            (";", None),
            ("text/plaín", None),
            ("\u{b}text/plain", None),
            ("\u{c}text/plain", None),
        ];
        for (value, essence) in cases {
            assert_eq!(parse_mime_essence(value.as_bytes()).as_deref(), *essence, "{value:?}");
        }
    }
}
