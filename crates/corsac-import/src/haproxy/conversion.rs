//! What converters make of texts.

use super::sample::Converter;

impl Converter {
    /// What the converter makes of a text, if nothing but the text decides: `Some(None)` if nothing is left, `None` if something else is needed.
    pub(super) fn of_text(&self, text: &str) -> Option<Option<String>> {
        Some(match self {
            Self::Lower => Some(text.to_ascii_lowercase()),
            Self::Upper => Some(text.to_ascii_uppercase()),
            Self::UrlDecode => url_decoded(text),
            Self::Substitute { expression, replacement, each } => {
                Some(expression.substitute(text, replacement, *each))
            }
            Self::Field { index, delimiters } => {
                let fields: Vec<&str> = text.split(|character| delimiters.contains(character)).collect();
                nth(&fields, *index)
            }
            Self::Word { index, delimiters } => {
                let words: Vec<&str> = text
                    .split(|character| delimiters.contains(character))
                    .filter(|word| !word.is_empty())
                    .collect();
                nth(&words, *index)
            }
            Self::HostOnly => {
                let host = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                    Some((host, _)) => host,
                    None => text.split(':').next().unwrap_or_default(),
                };
                Some(host.to_owned())
            }
            Self::Bytes { offset, length } => {
                let rest = text.get(*offset..).unwrap_or_default();
                Some(length.and_then(|length| rest.get(..length)).unwrap_or(rest).to_owned())
            }
            _ => return None,
        })
    }
}

fn nth(parts: &[&str], index: i64) -> Option<String> {
    let number = usize::try_from(index.unsigned_abs().saturating_sub(1)).ok()?;
    let part = if index > 0 { parts.get(number) } else { parts.iter().rev().nth(number) };
    part.filter(|part| !part.is_empty()).map(|part| (*part).to_owned())
}

/// The text without percent signs, or nothing if one is wrong.
fn url_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high.saturating_mul(16).saturating_add(low)).ok()?);
        } else if byte == b'?' {
            bytes.push(byte);
            bytes.extend(rest.by_ref());
        } else {
            bytes.push(byte);
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
