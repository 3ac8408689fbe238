//! Text of a request in a log.

use std::fmt::{self, Write};

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};

/// Bytes that somebody sent, in a form in which they begin no line, field or quotation of their own: shortened, and everything escaped but
/// printable ASCII without space, `"`, `` ` `` and `\`.
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

const MOST: usize = 120;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.iter().take(MOST) {
            match byte {
                b' ' | b'`' => write!(f, "\\x{byte:02x}")?,
                b'\'' => f.write_char('\'')?,
                _ => write!(f, "{}", byte.escape_ascii())?,
            }
        }
        if self.0.len() > MOST { f.write_char('…') } else { Ok(()) }
    }
}

/// What an explanation quotes of a request, in the same form.
pub(crate) fn as_shown(request: &HeaderMap) -> HeaderMap {
    let mut shown = HeaderMap::new();
    for name in [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS] {
        for value in request.get_all(&name) {
            let text = Shown(value.as_bytes()).to_string();
            shown.extend(HeaderValue::try_from(text).ok().map(|value| (name.clone(), value)));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_62_what_was_sent_writes_no_line_of_its_own() {
        let long = [b'a'; 200];
        let cases: [(&str, &[u8], String); 9] = [
            ("an origin", b"https://app.example:8443", "https://app.example:8443".to_owned()),
            ("a line feed", b"a\r\nINFO forged", "a\\r\\nINFO\\x20forged".to_owned()),
            ("a field", b"x method=DELETE", "x\\x20method=DELETE".to_owned()),
            ("quotes", b"'\"`", "'\\\"\\x60".to_owned()),
            ("a backslash", b"\\x20", "\\\\x20".to_owned()),
            ("a terminal's escape", b"\x1b[2J", "\\x1b[2J".to_owned()),
            ("a right-to-left override", "\u{202e}".as_bytes(), "\\xe2\\x80\\xae".to_owned()),
            ("no UTF-8", b"\xff", "\\xff".to_owned()),
            ("too long", &long, format!("{}…", "a".repeat(120))),
        ];
        for (name, sent, shown) in cases {
            assert_eq!(Shown(sent).to_string(), shown, "{name}");
        }
    }
}
