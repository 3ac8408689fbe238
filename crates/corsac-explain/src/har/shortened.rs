//! Bounds every string of a JSON text while it is read, so that no reader behind it can be made to keep a whole response body.
//!
//! It also replaces halves of surrogate pairs (`"\ud83d"`) with U+FFFD. Browsers write them when they cut a body in the middle of a
//! character, and JSON readers refuse them.

use std::io::{self, Read};

/// A string of the file longer than this is cut, in bytes.
pub(super) const LONGEST_STRING: usize = 64 * 1024;

/// How much is read from the file at once.
const CHUNK: usize = 64 * 1024;

/// A reader of JSON whose strings are at most [`LONGEST_STRING`] bytes long.
pub(super) struct Shortened<R> {
    inner: R,
    state: State,
    /// Bytes of the present string that were kept.
    kept: usize,
    /// The high half of a surrogate pair whose low half may follow.
    high: Option<u16>,
    /// What was read, and how much of `output` was handed on.
    input: Vec<u8>,
    output: Vec<u8>,
    handed_on: usize,
    /// All bytes that were read from the file.
    total: u64,
    /// What was made of them.
    produced: u64,
    has_ended: bool,
}

#[derive(Clone, Copy)]
enum State {
    Outside,
    Inside,
    AfterBackslash,
    Unit { digits: u8, value: u16 },
}

impl<R: Read> Shortened<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            state: State::Outside,
            kept: 0,
            high: None,
            input: vec![0; CHUNK],
            output: Vec::with_capacity(CHUNK),
            handed_on: 0,
            total: 0,
            produced: 0,
            has_ended: false,
        }
    }

    /// Returns how many bytes of the file were read.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Returns `true` if the file ends where the text has this many bytes.
    pub(super) fn ends_at(&self, position: u64) -> bool {
        self.has_ended && position >= self.produced
    }

    fn refill(&mut self) -> io::Result<()> {
        self.output.clear();
        self.handed_on = 0;
        while self.output.is_empty() {
            let mut input = std::mem::take(&mut self.input);
            let read = read_some(&mut self.inner, &mut input);
            if let Ok(length) = read {
                self.total = self.total.saturating_add(length as u64);
                input.iter().take(length).for_each(|byte| self.step(*byte));
            }
            self.input = input;
            if read? == 0 {
                self.has_ended = true;
                return Ok(());
            }
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) {
        self.state = match self.state {
            State::Outside if byte == b'"' => {
                self.kept = 0;
                self.output.push(byte);
                State::Inside
            }
            State::Outside => {
                self.output.push(byte);
                State::Outside
            }
            State::Inside if byte == b'\\' => State::AfterBackslash,
            State::Inside if byte == b'"' => {
                self.end_high();
                self.output.push(byte);
                State::Outside
            }
            State::Inside => {
                self.end_high();
                // The rest of a character is kept with its beginning.
                let continues = byte & 0b1100_0000 == 0b1000_0000;
                let is_cut = self.kept >= LONGEST_STRING && !(continues && self.kept == LONGEST_STRING);
                if !is_cut {
                    self.output.push(byte);
                    if !continues {
                        self.kept = self.kept.saturating_add(1);
                    }
                } else {
                    self.kept = LONGEST_STRING.saturating_add(1);
                }
                State::Inside
            }
            State::AfterBackslash if byte == b'u' => State::Unit { digits: 0, value: 0 },
            State::AfterBackslash => {
                self.end_high();
                self.keep(&[b'\\', byte]);
                State::Inside
            }
            State::Unit { digits, value } => match char::from(byte).to_digit(16) {
                Some(digit) => {
                    let value = value << 4 | u16::try_from(digit).unwrap_or_default();
                    if digits == 3 {
                        self.unit(value);
                        State::Inside
                    } else {
                        State::Unit { digits: digits.saturating_add(1), value }
                    }
                }
                // The JSON reader says what is wrong with it.
                None => {
                    self.output.extend_from_slice(b"\\u");
                    self.output.push(byte);
                    State::Inside
                }
            },
        };
    }

    /// Takes a `\uXXXX`.
    fn unit(&mut self, value: u16) {
        const HIGH: std::ops::Range<u16> = 0xD800..0xDC00;
        const LOW: std::ops::Range<u16> = 0xDC00..0xE000;
        match self.high.take() {
            Some(high) if LOW.contains(&value) => {
                self.keep(format!("\\u{high:04x}\\u{value:04x}").as_bytes());
            }
            had_high => {
                self.high = had_high;
                self.end_high();
                match value {
                    value if HIGH.contains(&value) => self.high = Some(value),
                    value if LOW.contains(&value) => self.keep(b"\\ufffd"),
                    value => self.keep(format!("\\u{value:04x}").as_bytes()),
                }
            }
        }
    }

    /// Replaces a high half whose low half did not follow.
    fn end_high(&mut self) {
        if self.high.take().is_some() {
            self.keep(b"\\ufffd");
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.kept < LONGEST_STRING {
            self.output.extend_from_slice(bytes);
            self.kept = self.kept.saturating_add(bytes.len());
        } else {
            self.kept = LONGEST_STRING.saturating_add(1);
        }
    }
}

impl<R: Read> Read for Shortened<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.handed_on >= self.output.len() {
            self.refill()?;
        }
        let mut rest = self.output.get(self.handed_on..).unwrap_or_default();
        let length = rest.read(buffer)?;
        self.handed_on = self.handed_on.saturating_add(length);
        self.produced = self.produced.saturating_add(length as u64);
        Ok(length)
    }
}

/// Reads again if a signal interrupted reading.
fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a few bytes at a time, so that every boundary occurs.
    struct Few<'a>(&'a [u8], usize);

    impl Read for Few<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len());
            self.0.read(&mut buffer[..length])
        }
    }

    fn shortened(text: &str, at_once: usize) -> String {
        let mut output = String::new();
        Shortened::new(Few(text.as_bytes(), at_once)).read_to_string(&mut output).unwrap();
        output
    }

    #[test]
    fn short_strings_stay_as_they_are_and_halves_of_pairs_are_replaced() {
        let rows = [
            (r#"{"a\"\\": [1, "é🦊\n\u00e9"]}"#, r#"{"a\"\\": [1, "é🦊\n\u00e9"]}"#),
            (r#"["\ud83e\udd8a"]"#, r#"["\ud83e\udd8a"]"#),
            (r#"["\ud83e"]"#, r#"["\ufffd"]"#),
            (r#"["\ud83ex"]"#, r#"["\ufffdx"]"#),
            (r#"["\ud83e\n"]"#, r#"["\ufffd\n"]"#),
            (r#"["\udd8a"]"#, r#"["\ufffd"]"#),
            (r#"["\ud83e\ud83e\udd8a"]"#, r#"["\ufffd\ud83e\udd8a"]"#),
            (r#"["\ud83e\u0041"]"#, r#"["\ufffd\u0041"]"#),
        ];
        for (text, expected) in rows {
            for at_once in [1, 2, 3, 100] {
                assert_eq!(shortened(text, at_once), expected, "{text} by {at_once}");
            }
        }
    }

    #[test]
    fn a_long_string_is_cut_between_characters_and_the_text_stays_json() {
        for unit in ["x", "é", "🦊", r"\n", r"\u00e9", r"\ud83e\udd8a", r#"\""#] {
            let text = format!(r#"{{"{0}": "{0}", "after": "{0}"}}"#, unit.repeat(LONGEST_STRING));
            let short = shortened(&text, 4096);
            assert!(short.len() < 3 * (4 * LONGEST_STRING + 100), "{unit}: {}", short.len());
            let value: serde_json::Value = serde_json::from_str(&short).unwrap();
            assert_eq!(value.as_object().unwrap().len(), 2, "{unit}");
        }
    }
}
