//! Writes a copy of a recording without its secrets, as a stream.
//!
//! A recording has secrets in many places, and programs add fields of their own. So the known places are redacted as a whole, whatever
//! stands there: values of cookies and parameters, bodies, messages of WebSockets. Every other string is searched for tokens and URLs.

use std::io::{self, Read, Write};

use serde_json::Value;
use struson::reader::{JsonReader as _, ReaderError, ValueType};
use struson::writer::{JsonStreamWriter, JsonWriter as _, WriterSettings};

use super::error::HarError;
use super::json::Json;
use super::shortened::LONGEST_STRING;
use crate::secrets::{
    REDACTED, is_secret_name, redacted_header, redacted_parameters, redacted_text,
    redacted_text_and_parameters,
};

/// Writes a copy of a recording without its secrets. It can be read like the recording, with the same result.
///
/// Names stay: those of headers, cookies, parameters and of the fields of bodies in JSON. Values of cookies and parameters, bodies, and the
/// messages of WebSockets become `REDACTED`, and so do tokens and headers that hold secrets. Paths of URLs stay, apart from web tokens.
///
/// # Errors
///
/// As those of [`read`](super::read()), or if the copy cannot be written. The copy is then incomplete.
///
/// ```
/// use corsac_explain::har;
///
/// let recording = br#"{"log": {"entries": [{"request": {
///     "url": "https://api.example/items?page=2", "headers": [{"name": "Authorization", "value": "Bearer 31d4"}],
///     "cookies": [{"name": "sid", "value": "31d4"}], "postData": {"mimeType": "application/json", "text": "{\"pin\": \"31d4\"}"}
/// }}]}}"#;
/// let mut copy = Vec::new();
/// har::redact(&recording[..], &mut copy).unwrap();
/// let copy = String::from_utf8(copy).unwrap();
/// assert!(!copy.contains("31d4"));
/// assert!(copy.contains("items?page=REDACTED") && copy.contains("Bearer REDACTED") && copy.contains(r#"{\"pin\":\"REDACTED\"}"#));
/// ```
pub fn redact(file: impl Read, copy: impl Write) -> Result<(), HarError> {
    let json = Json::new(file)?;
    let settings = WriterSettings { pretty_print: true, ..WriterSettings::default() };
    let writer = JsonStreamWriter::new_custom(io::BufWriter::new(copy), settings);
    let mut redacting = Redacting { json, writer, has_log: false, has_entries: false };
    match redacting.document() {
        Ok(()) => {}
        Err(Stop::Read(error)) => return Err(redacting.json.error(&error)),
        Err(Stop::Write(error)) => return Err(HarError::Io(error)),
    }
    match (redacting.has_log, redacting.has_entries) {
        (false, _) => return Err(HarError::NotHar { missing: "`log`" }),
        (true, false) => return Err(HarError::NotHar { missing: "`log.entries`" }),
        (true, true) => {}
    }
    let mut copy = redacting.writer.finish_document().map_err(HarError::Io)?;
    copy.write_all(b"\n").and_then(|()| copy.flush()).map_err(HarError::Io)
}

/// Where a value stands, as far as it decides what is redacted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The whole file.
    Top,
    /// `log`
    Log,
    /// Lists of names and values.
    Headers,
    Parameters,
    /// Anything about cookies.
    Cookies,
    /// A response's body.
    Content,
    /// A request's body.
    PostData,
    /// Messages of a WebSocket, and other bodies that programs add: every string.
    Hidden,
    /// Everything else.
    Other,
}

impl Place {
    /// Returns the place of a member.
    fn of(self, name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        match (self, lower.as_str()) {
            (Self::Top, "log") => Self::Log,
            (Self::Cookies | Self::Hidden, _) => self,
            (_, name) if name.contains("cookie") => Self::Cookies,
            (_, name) if name.ends_with("headers") => Self::Headers,
            (_, "querystring" | "params") => Self::Parameters,
            (_, "content") => Self::Content,
            (_, "postdata") => Self::PostData,
            (_, name) if is_body(name) || is_secret_name(name) => Self::Hidden,
            _ => Self::Other,
        }
    }
}

/// Returns `true` for fields that hold a body, a message or a raw header block. (`bodySize` is a number, and numbers stay.)
fn is_body(name: &str) -> bool {
    const PARTS: [&str; 4] = ["websocketmessages", "body", "headerstext", "payload"];
    name != "bodysize" && PARTS.iter().any(|part| name.contains(part)) || name == "data" || name == "_data"
}

enum Stop {
    Read(ReaderError),
    Write(io::Error),
}

impl From<ReaderError> for Stop {
    fn from(error: ReaderError) -> Self {
        Self::Read(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

struct Redacting<R: Read, W: Write> {
    json: Json<R>,
    writer: JsonStreamWriter<W>,
    has_log: bool,
    has_entries: bool,
}

impl<R: Read, W: Write> Redacting<R, W> {
    /// Copies the whole text. What is open is kept in a list, because values can stand deep inside each other.
    fn document(&mut self) -> Result<(), Stop> {
        let mut open: Vec<Open> = self.value(Place::Top, "")?.into_iter().collect();
        while let Some(inner) = open.last() {
            if !self.json.reader.has_next()? {
                self.end(inner.is_object)?;
                open.pop();
                continue;
            }
            let begun = if inner.is_object {
                let name = self.json.reader.next_name_owned()?;
                self.has_log |= inner.place == Place::Top && name == "log";
                self.has_entries |= inner.place == Place::Log && name == "entries";
                self.writer.name(&redacted_text(&name))?;
                self.value(inner.place.of(&name), &name)?
            } else {
                self.value(inner.place, &inner.name)?
            };
            open.extend(begun);
        }
        Ok(())
    }

    fn end(&mut self, is_object: bool) -> Result<(), Stop> {
        if is_object {
            self.json.reader.end_object()?;
            self.writer.end_object()?;
        } else {
            self.json.reader.end_array()?;
            self.writer.end_array()?;
        }
        Ok(())
    }

    /// Copies a value that has this name, or begins an object or array and returns it.
    fn value(&mut self, place: Place, name: &str) -> Result<Option<Open>, Stop> {
        let reader = &mut self.json.reader;
        match reader.peek()? {
            ValueType::Object
                if matches!(place, Place::Headers | Place::Parameters | Place::Content | Place::PostData) =>
            {
                let fields = self.fields()?;
                self.write_fields(place, &fields)?;
            }
            kind @ (ValueType::Object | ValueType::Array) => {
                let is_object = kind == ValueType::Object;
                if is_object {
                    reader.begin_object()?;
                    self.writer.begin_object()?;
                } else {
                    reader.begin_array()?;
                    self.writer.begin_array()?;
                }
                return Ok(Some(Open { place, name: name.to_owned(), is_object }));
            }
            ValueType::String => {
                let text = reader.next_str()?;
                self.writer.string_value(&redacted_string(place, name, text))?;
            }
            ValueType::Number => {
                let number = reader.next_number_as_string()?;
                self.writer.number_value_from_string(&number).map_err(io::Error::other)?;
            }
            ValueType::Boolean => self.writer.bool_value(reader.next_bool()?)?,
            ValueType::Null => {
                reader.next_null()?;
                self.writer.null_value()?;
            }
        }
        Ok(None)
    }

    /// Reads an object whose values depend on each other. Lists are written as they are read, so only strings and numbers are kept.
    fn fields(&mut self) -> Result<Vec<(String, Field)>, Stop> {
        /// A header has three, a body six.
        const MOST: usize = 32;
        let mut fields = Vec::new();
        self.json.reader.begin_object()?;
        while self.json.reader.has_next()? {
            let name = self.json.reader.next_name_owned()?;
            let reader = &mut self.json.reader;
            let field = match reader.peek()? {
                ValueType::String => Some(Field::Text(reader.next_string()?)),
                ValueType::Number => Some(Field::Number(reader.next_number_as_string()?)),
                ValueType::Array if name == "params" => Some(Field::Pairs(self.pairs()?)),
                _ => {
                    reader.skip_value()?;
                    None
                }
            };
            if let Some(field) = field.filter(|_| fields.len() < MOST) {
                fields.push((name, field));
            }
        }
        self.json.reader.end_object()?;
        Ok(fields)
    }

    /// Reads the fields of a form. The names alone are kept.
    fn pairs(&mut self) -> Result<Vec<String>, Stop> {
        const MOST: usize = 1_000;
        const LONGEST: usize = 200;
        let mut names = Vec::new();
        self.json.array(|json| {
            json.object(|json, name| {
                match name {
                    "name" if names.len() < MOST => names.extend(json.text(LONGEST)?),
                    _ => json.skip()?,
                }
                Ok(())
            })
        })?;
        Ok(names)
    }

    fn write_fields(&mut self, place: Place, fields: &[(String, Field)]) -> Result<(), Stop> {
        let text_of = |wanted: &str| {
            fields.iter().find_map(|(name, field)| match field {
                Field::Text(text) if name == wanted => Some(text.clone()),
                _ => None,
            })
        };
        let (name_of_pair, media_type) =
            (text_of("name").unwrap_or_default(), text_of("mimeType").unwrap_or_default());
        self.writer.begin_object()?;
        for (name, field) in fields {
            let text = match (field, place) {
                (Field::Number(number), _) => {
                    self.writer.name(name)?;
                    self.writer.number_value_from_string(number).map_err(io::Error::other)?;
                    continue;
                }
                (Field::Pairs(names), _) => {
                    self.writer.name(name)?;
                    self.write_pairs(names)?;
                    continue;
                }
                // The body is gone, and with it how it was encoded.
                (Field::Text(_), Place::Content) if matches!(name.as_str(), "encoding" | "comment") => {
                    continue;
                }
                (Field::Text(text), _) if text.is_empty() => String::new(),
                (Field::Text(text), Place::Headers) if name == "value" => header(&name_of_pair, text),
                (Field::Text(text), Place::PostData) if name == "text" => post_data(&media_type, text),
                (Field::Text(_), Place::Parameters) if matches!(name.as_str(), "value" | "fileName") => {
                    REDACTED.to_owned()
                }
                (Field::Text(_), Place::Content) if name == "text" => REDACTED.to_owned(),
                (Field::Text(text), _) => redacted_string(Place::Other, name, text),
            };
            self.writer.name(name)?;
            self.writer.string_value(&text)?;
        }
        if place == Place::Content {
            self.writer.name("comment")?;
            self.writer.string_value("The body was removed.")?;
        }
        self.writer.end_object()?;
        Ok(())
    }

    fn write_pairs(&mut self, names: &[String]) -> Result<(), Stop> {
        self.writer.begin_array()?;
        for name in names {
            self.writer.begin_object()?;
            self.writer.name("name")?;
            self.writer.string_value(&redacted_text(name))?;
            self.writer.name("value")?;
            self.writer.string_value(REDACTED)?;
            self.writer.end_object()?;
        }
        self.writer.end_array()?;
        Ok(())
    }
}

/// An object or array that is being copied.
struct Open {
    place: Place,
    name: String,
    is_object: bool,
}

enum Field {
    Text(String),
    Number(String),
    Pairs(Vec<String>),
}

fn redacted_string(place: Place, name: &str, text: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let is_hidden = match place {
        Place::Hidden => !matches!(lower.as_str(), "type" | "opcode"),
        Place::Cookies => !matches!(
            lower.as_str(),
            "name" | "domain" | "path" | "expires" | "samesite" | "type" | "priority"
        ),
        _ => text.len() >= LONGEST_STRING,
    };
    match lower.as_str() {
        _ if text.is_empty() => String::new(),
        _ if is_hidden => REDACTED.to_owned(),
        "url" | "redirecturl" | "_url" | "referrer" | "documenturl" | "_documenturl" => {
            redacted_parameters(text)
        }
        // Chromium's title of a page is its URL.
        "title" if text.contains("://") => redacted_parameters(text),
        _ => redacted_text_and_parameters(text),
    }
}

/// Redacts the value of a header. All parameters go, as in the URLs of the copy.
fn header(name: &str, value: &str) -> String {
    let lines = value.split('\n').map(|value| {
        let redacted = redacted_header(name, value);
        match name.to_ascii_lowercase().as_str() {
            "location" | "referer" | "content-location" | ":path" => redacted_parameters(&redacted),
            "cookie" | "set-cookie" => redacted,
            _ => redacted_text_and_parameters(&redacted),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Redacts a request's body: the names of JSON and of forms stay, and the values go. Of any other body nothing stays.
fn post_data(media_type: &str, text: &str) -> String {
    if text.len() >= LONGEST_STRING {
        return REDACTED.to_owned();
    }
    if let Ok(mut value) = serde_json::from_str::<Value>(text) {
        redact_leaves(&mut value);
        return value.to_string();
    }
    if media_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        let pairs = text.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) => format!("{}={REDACTED}", redacted_text(name)),
            None => REDACTED.to_owned(),
        });
        return pairs.collect::<Vec<_>>().join("&");
    }
    REDACTED.to_owned()
}

fn redact_leaves(value: &mut Value) {
    match value {
        Value::String(text) => REDACTED.clone_into(text),
        Value::Number(_) => *value = 0.into(),
        Value::Array(items) => items.iter_mut().for_each(redact_leaves),
        Value::Object(fields) => {
            let redacted = std::mem::take(fields).into_iter().map(|(name, mut value)| {
                redact_leaves(&mut value);
                (redacted_text(&name), value)
            });
            *fields = redacted.collect();
        }
        Value::Bool(_) | Value::Null => {}
    }
}
