//! Reads JSON value by value, and steps over what is not wanted or has another type than expected.

use std::io::{self, Cursor, Read};

use struson::reader::{JsonReader as _, JsonStreamReader, ReaderError, ReaderSettings, ValueType};

use super::error::HarError;
use super::shortened::Shortened;

/// Values may stand inside each other as deep as this. Chromium nests the callers of an asynchronous script.
const DEEPEST: u32 = 512;

type File<R> = io::Chain<Cursor<Vec<u8>>, R>;

/// A JSON text.
pub(super) struct Json<R: Read> {
    pub(super) reader: JsonStreamReader<Shortened<File<R>>>,
}

pub(super) type Result<T> = std::result::Result<T, ReaderError>;

impl<R: Read> Json<R> {
    /// Begins to read. Says what the file is, if it clearly is something else.
    pub(super) fn new(mut file: R) -> std::result::Result<Self, HarError> {
        const LONGEST_MARK: u64 = 4;
        let mut start = Vec::new();
        file.by_ref().take(LONGEST_MARK).read_to_end(&mut start).map_err(HarError::Io)?;
        if let Some((what, instead)) = other_format(&start) {
            return Err(HarError::OtherFormat { what, instead });
        }
        if start.is_empty() {
            return Err(HarError::Empty);
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            start.drain(..3);
        }
        let settings = ReaderSettings {
            max_nesting_depth: Some(DEEPEST),
            restrict_number_values: true,
            track_path: false,
            ..ReaderSettings::default()
        };
        let text = Shortened::new(Cursor::new(start).chain(file));
        Ok(Self { reader: JsonStreamReader::new_custom(text, settings) })
    }

    /// Returns the error of the file for one of the JSON reader.
    pub(super) fn error(&mut self, error: &ReaderError) -> HarError {
        HarError::from_json(error, self.reader.reader_mut())
    }

    /// Reads an object. `member` has to read the value of each name.
    pub(super) fn object(&mut self, mut member: impl FnMut(&mut Self, &str) -> Result<()>) -> Result<()> {
        if self.reader.peek()? != ValueType::Object {
            return self.reader.skip_value();
        }
        self.reader.begin_object()?;
        while self.reader.has_next()? {
            let name = self.reader.next_name_owned()?;
            member(self, &name)?;
        }
        self.reader.end_object()
    }

    /// Reads an array. `item` has to read each value.
    pub(super) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        if self.reader.peek()? != ValueType::Array {
            return self.reader.skip_value();
        }
        self.reader.begin_array()?;
        while self.reader.has_next()? {
            item(self)?;
        }
        self.reader.end_array()
    }

    /// Reads a string, or a number as it is written. At most this many bytes are kept.
    pub(super) fn text(&mut self, longest: usize) -> Result<Option<String>> {
        match self.reader.peek()? {
            ValueType::String => {
                let mut text = self.reader.next_string()?;
                text.truncate(boundary(&text, longest));
                Ok(Some(text))
            }
            ValueType::Number => self.reader.next_number_as_string().map(Some),
            _ => self.reader.skip_value().map(|()| None),
        }
    }

    /// Reads a whole number, which some programs write as a string.
    pub(super) fn integer(&mut self) -> Result<Option<i64>> {
        let text = self.text(32)?;
        let number =
            text.and_then(|text| text.trim().parse::<f64>().ok()).filter(|number| number.is_finite());
        Ok(number.map(|number| number as i64))
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(&mut self) -> Result<bool> {
        match self.reader.peek()? {
            ValueType::Boolean => self.reader.next_bool(),
            _ => self.reader.skip_value().map(|()| false),
        }
    }

    pub(super) fn skip(&mut self) -> Result<()> {
        self.reader.skip_value()
    }
}

/// Returns the last position up to `most` at which the text can be cut.
fn boundary(text: &str, most: usize) -> usize {
    if most >= text.len() {
        return text.len();
    }
    (0..most.saturating_add(1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// Returns what a file is that begins with these bytes, and what to do, if it cannot be JSON in UTF-8.
fn other_format(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "Unpack it first.";
    const FORMATS: [(&[u8], &str, &str); 8] = [
        (b"\xff\xfe", "UTF-16", "A HAR is UTF-8: save it again in that encoding."),
        (b"\xfe\xff", "UTF-16", "A HAR is UTF-8: save it again in that encoding."),
        (b"\x1f\x8b", "compressed with gzip", UNPACK),
        (b"PK\x03\x04", "a zip archive", UNPACK),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd", UNPACK),
        (b"<", "XML or HTML, not JSON", "Export the recording as HAR."),
        (b"{\0", "UTF-16", "A HAR is UTF-8: save it again in that encoding."),
        (b"\0{", "UTF-16", "A HAR is UTF-8: save it again in that encoding."),
    ];
    let format = FORMATS.iter().find(|(mark, ..)| start.starts_with(mark));
    format.map(|(_, what, instead)| (*what, *instead)).or_else(|| {
        let is_binary = start.iter().any(|byte| *byte < b'\t' || (0x0e..0x20).contains(byte));
        is_binary.then_some(("binary, not JSON", "Export the recording as HAR."))
    })
}
