//! Text of a request in a log.

use std::fmt::{self, Write};

/// Bytes that somebody sent: shortened, and everything but printable ASCII escaped, so that nobody writes lines of their own into a log.
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

const MOST: usize = 120;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.iter().take(MOST) {
            match byte {
                b' '..=b'~' => f.write_char(char::from(*byte))?,
                _ => write!(f, "{}", byte.escape_ascii())?,
            }
        }
        if self.0.len() > MOST { f.write_char('…') } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_62_what_was_sent_writes_no_line_of_its_own() {
        let long = [b'a'; 200];
        let cases: [(&str, &[u8], String); 6] = [
            ("an origin", b"https://app.example:8443", "https://app.example:8443".to_owned()),
            ("a line feed", b"a\r\nINFO forged", "a\\r\\nINFO forged".to_owned()),
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
