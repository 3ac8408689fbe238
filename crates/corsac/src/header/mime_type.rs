//! MIME types with their parameters, as the MIME Sniffing standard parses and serializes them. Browsers do this to a `Content-Type`.

use std::collections::HashSet;

use super::{normalize, parse_mime_essence};
use crate::method::is_token;

/// A MIME type with its parameters. Each character of a string is one byte of the header's value.
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

    /// The value of the parameter called `name`, which is in lower case.
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

/// [Collect an HTTP quoted string](https://fetch.spec.whatwg.org/#collect-an-http-quoted-string), after the opening quotation mark. Returns
/// the string, and what follows it.
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
