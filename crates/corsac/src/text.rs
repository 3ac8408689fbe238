//! Makes strings from outside safe to print: on a terminal, in a report, in a log.
//!
//! Header values, URLs, file names and arguments can contain characters that act on the text around them: they start a line, colour or
//! clear a terminal, reverse the direction of writing, or are invisible. [`Printable`] escapes these characters and limits the length.
//! Everything from outside that is printed goes through it.

use std::fmt::{self, Write as _};

#[cfg(test)]
mod tests;

/// How many characters of a value a sentence quotes: more than any origin, method or header name that browsers send.
pub const QUOTED: usize = 120;

/// The number of characters after which a whole message is cut. Our own words take far fewer, but what they quote can have any length.
pub const LONGEST_MESSAGE: usize = 2_000;

/// A string from outside in a form that is safe to print. Its length is limited, and a `…` marks where it was cut.
///
/// ```
/// use corsac::text::Printable;
///
/// let printed = |bytes: &[u8]| Printable::new(bytes, 12).to_string();
/// assert_eq!(printed(b"a\x1b[31mb\nc"), "a\\u{1b}[31mb\\nc");
/// assert_eq!(printed("https://\u{202e}b".as_bytes()), "https://\\u{202e}b");
/// assert_eq!(printed(b"caf\xc3\xa9 \xff"), "café \\xff"); // the last byte is not UTF-8
/// assert_eq!(printed(b"0123456789abcdef"), "0123456789ab…");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Printable<'a> {
    bytes: &'a [u8],
    most: usize,
    is_field: bool,
}

impl<'a> Printable<'a> {
    /// Writes at most `most` characters of the string. A byte that is not part of UTF-8 counts as one.
    ///
    /// Characters that [`is_printable`] refuses are written as `\n`, `\r`, `\t` or `\u{202e}`, bytes that are not UTF-8 as `\xff`.
    pub fn new(text: &'a (impl AsRef<[u8]> + ?Sized), most: usize) -> Self {
        Self { bytes: text.as_ref(), most, is_field: false }
    }

    /// Writes at most `most` bytes of the string as one field of a log line. It escapes everything except printable ASCII, and also space,
    /// `"`, `` ` `` and `\`. The string therefore cannot end a field, quotation or line, whatever formats the log.
    ///
    /// ```
    /// use corsac::text::Printable;
    ///
    /// assert_eq!(Printable::field("x method=PUT", 120).to_string(), "x\\x20method=PUT");
    /// ```
    pub fn field(text: &'a (impl AsRef<[u8]> + ?Sized), most: usize) -> Self {
        Self { bytes: text.as_ref(), most, is_field: true }
    }

    fn write_characters(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.most;
        for chunk in self.bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                if left == 0 {
                    return f.write_char('…');
                }
                left -= 1;
                if is_printable(character) {
                    f.write_char(character)?;
                } else {
                    write!(f, "{}", character.escape_default())?;
                }
            }
            for byte in chunk.invalid() {
                if left == 0 {
                    return f.write_char('…');
                }
                left -= 1;
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }

    fn write_field(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.bytes.iter().take(self.most) {
            match byte {
                b'\'' => f.write_char('\'')?,
                b' ' | b'`' => write!(f, "\\x{byte:02x}")?,
                _ => write!(f, "{}", byte.escape_ascii())?,
            }
        }
        if self.bytes.len() > self.most { f.write_char('…') } else { Ok(()) }
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_field { self.write_field(f) } else { self.write_characters(f) }
    }
}

/// Returns `true` if a character is visible or a space, and has no other effect.
///
/// All other characters are in Unicode's [general categories](https://www.unicode.org/reports/tr44/#General_Category_Values) `Cc`
/// (controls), `Cf` (format characters, including those that reverse the direction of writing, and U+FEFF), `Zl` and `Zp` (line and
/// paragraph separators), or in a range that Unicode reserves for format characters. The space, U+0020, is printable; line feed and tab are
/// not.
///
/// ```
/// use corsac::text::is_printable;
///
/// assert!(['a', 'é', ' ', '漢', '🦊'].into_iter().all(is_printable));
/// assert!(!['\n', '\u{1b}', '\u{9b}', '\u{61c}', '\u{200b}', '\u{2028}', '\u{202e}', '\u{feff}'].into_iter().any(is_printable));
/// ```
pub fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        _ => !UNPRINTABLE.iter().any(|(first, last)| (*first..=*last).contains(&character)),
    }
}

/// Replaces what comes before an `@` in a URL by `…`. It also accepts what was meant as a URL: `https://user:password@app.example`,
/// `user:password@app.example`.
///
/// ```
/// use corsac::text::without_user_info;
///
/// assert_eq!(without_user_info("https://user:password@app.example/"), "https://…@app.example/");
/// assert_eq!(without_user_info("https://app.example/users/@me"), "https://app.example/users/@me");
/// ```
pub fn without_user_info(text: &str) -> String {
    let is_end = |character: char| {
        character.is_whitespace()
            || matches!(character, '/' | '\\' | '?' | '#' | '"' | '\'' | '`' | '<' | '>' | ',')
    };
    let mut shown = String::with_capacity(text.len());
    let mut has_scheme = false;
    for part in text.split_inclusive(is_end) {
        match part.rsplit_once('@') {
            // Without a scheme, only if there is a password: an email address has none.
            Some((user_info, host)) if has_scheme || user_info.contains(':') => {
                shown.push_str("…@");
                shown.push_str(host);
            }
            _ => shown.push_str(part),
        }
        // The part after `//` is the authority. Each slash is a part by itself.
        let is_slash = matches!(part, "/" | "\\");
        has_scheme = part.ends_with(":/") || part.ends_with(":\\") || has_scheme && is_slash;
    }
    shown
}

/// What [`is_printable`] refuses, in Unicode 17.0.
const UNPRINTABLE: &[(char, char)] = &[
    // Cc
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    // Cf
    ('\u{ad}', '\u{ad}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    // Zl, Zp, then Cf
    ('\u{2028}', '\u{202e}'),
    // Cf; U+2065 is reserved for one
    ('\u{2060}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    // U+FFF0 to U+FFF8 are reserved for such
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    // U+E0100 to U+E01EF are variation selectors: marks, not format characters
    ('\u{e0000}', '\u{e00ff}'),
    ('\u{e01f0}', '\u{e0fff}'),
];
