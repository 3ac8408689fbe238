//! Bytes to text: UTF-8, or UTF-16 with a byte order mark, as some shells write it.

use std::fmt;

/// Why bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotText {
    /// They hold zero bytes, which no text has.
    Binary,
    /// They are not UTF-8 at this offset.
    NotUtf8 {
        /// The offset of the first byte that is not.
        at: usize,
    },
    /// They start with the mark of UTF-16, and are not UTF-16.
    NotUtf16,
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Binary => f.write_str("it has zero bytes"),
            Self::NotUtf8 { at } => write!(f, "the byte at offset {at} is not UTF-8"),
            Self::NotUtf16 => f.write_str("it starts like UTF-16, and is not"),
        }
    }
}

impl std::error::Error for NotText {}

/// Returns the text of these bytes: UTF-8, with or without a byte order mark, or UTF-16 with one.
///
/// # Errors
///
/// If the bytes are not text.
///
/// ```
/// use corsac_explain::pasted::{NotText, decode};
///
/// assert_eq!(decode(b"\xff\xfeC\0O\0R\0S\0").unwrap(), "CORS");
/// assert_eq!(decode(b"\x7fELF\0\0"), Err(NotText::Binary));
/// ```
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let pairs = rest.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).map(unit));
        let units: Result<Vec<u16>, _> = pairs.collect();
        String::from_utf16(&units.map_err(|_| NotText::NotUtf16)?).map_err(|_| NotText::NotUtf16)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => {
            let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            if rest.contains(&0) {
                return Err(NotText::Binary);
            }
            let text = std::str::from_utf8(rest);
            text.map(str::to_owned).map_err(|error| NotText::NotUtf8 { at: error.valid_up_to() })
        }
    }
}
