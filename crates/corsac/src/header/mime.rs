//! The essence of MIME types, as the MIME Sniffing standard parses them.

use super::normalize;
use crate::method::is_token;

/// [Parses a MIME type](https://mimesniff.spec.whatwg.org/#parse-a-mime-type), and returns its
/// [essence](https://mimesniff.spec.whatwg.org/#mime-type-essence): type and subtype in lower case. Returns `None` if parsing fails.
///
/// Invalid parameters never make it fail.
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

/// The type and subtype as spelled in the value. Allocates nothing.
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

/// Removes the [HTTP whitespace](https://fetch.spec.whatwg.org/#http-whitespace-byte) at the end: line feed, carriage return, tab and
/// space.
fn trim_whitespace_end(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r' | b'\t' | b' '] = value {
        value = rest;
    }
    value
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
