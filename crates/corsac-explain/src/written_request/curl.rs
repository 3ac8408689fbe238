//! The arguments of [curl](https://curl.se/docs/manpage.html), whatever shell they were written for.

mod options;

use corsac::browser::RedirectMode;
use corsac::header::names::{ACCEPT, CONTENT_TYPE};
use url::form_urlencoded;

use super::command_line::{CommandLine, Word};
use super::draft::{Draft, bearer, cookies, default_to_form};
use super::{Kind, ReadError, start};
use options::Effect;

/// A file that curl would read.
const FILE: &str = "because Corsac reads no file for a request: write its text in its place";

/// Reads the words of a command line.
pub(super) fn read(kind: Kind, line: CommandLine) -> Result<Draft, ReadError> {
    let mut reading = Reading {
        draft: Draft::new(kind),
        data: Vec::new(),
        urls: 0,
        user: None,
        token: None,
        removed: Vec::new(),
        has_json: false,
        is_get: false,
        is_head: false,
    };
    // Assignments of variables, and the name of the command.
    let mut words = line.words.into_iter().skip_while(|word| start::is_assignment(&word.lossy())).skip(1);
    let mut only_urls = false;
    while let Some(word) = words.next() {
        if only_urls || !word.bytes.starts_with(b"-") || word.bytes == b"-" {
            reading.url(&word)?;
        } else if word.bytes == b"--" {
            only_urls = true;
        } else {
            reading.option(word, &mut words)?;
        }
    }
    reading.finish(line.is_followed)
}

struct Reading {
    draft: Draft,
    /// The parts of the body, which `&` joins.
    data: Vec<Vec<u8>>,
    urls: usize,
    user: Option<Vec<u8>>,
    token: Option<Vec<u8>>,
    /// The headers that curl must not send.
    removed: Vec<String>,
    has_json: bool,
    is_get: bool,
    is_head: bool,
}

impl Reading {
    fn url(&mut self, word: &Word) -> Result<(), ReadError> {
        self.urls = self.urls.saturating_add(1);
        if self.urls == 1 {
            self.draft.url = Some(word.text("the URL")?);
        }
        Ok(())
    }

    /// Reads a word that starts with a hyphen, and the values of its options.
    fn option(&mut self, mut word: Word, words: &mut impl Iterator<Item = Word>) -> Result<(), ReadError> {
        if word.bytes.starts_with(b"--") {
            let text = word.lossy();
            let (name, joined) = match text.split_once('=') {
                Some((name, _)) => (name, word.bytes.splice(..name.len().saturating_add(1), []).count() > 0),
                None => (text.as_str(), false),
            };
            let option = options::long(name.trim_start_matches("--")).ok_or_else(|| unknown(name))?;
            let next = if joined { Some(word) } else { None };
            return self.apply(option, name, next, words);
        }
        let letters = word.lossy();
        for (at, letter) in letters.char_indices().skip(1) {
            let name = format!("-{letter}");
            let option = options::short(letter).ok_or_else(|| unknown(&name))?;
            let end = at.saturating_add(letter.len_utf8());
            if option.takes_value() && end < letters.len() {
                // The rest of the word is the value.
                word.bytes.drain(..end.min(word.bytes.len()));
                return self.apply(option, &name, Some(word), words);
            }
            self.apply(option, &name, None, words)?;
        }
        Ok(())
    }

    fn apply(
        &mut self,
        option: Effect,
        name: &str,
        joined: Option<Word>,
        words: &mut impl Iterator<Item = Word>,
    ) -> Result<(), ReadError> {
        if let Effect::Refused { why, .. } = option {
            return Err(ReadError::Refused { what: name.to_owned(), why });
        }
        if !option.takes_value() {
            self.flag(option, name);
            return Ok(());
        }
        let missing = || ReadError::Value { option: name.to_owned(), needs: "a value after it" };
        let value = joined.or_else(|| words.next()).ok_or_else(missing)?;
        self.value(option, name, value)
    }

    fn flag(&mut self, option: Effect, name: &str) {
        match option {
            Effect::Get => self.is_get = true,
            Effect::Head => self.is_head = true,
            Effect::Insecure => self.draft.insecure = true,
            Effect::Location => self.draft.redirect = Some(RedirectMode::Follow),
            _ => self.draft.ignored.push(name.to_owned()),
        }
    }

    fn value(&mut self, option: Effect, name: &str, value: Word) -> Result<(), ReadError> {
        let is_file = value.bytes.starts_with(b"@");
        let file = || Err(ReadError::Refused { what: format!("{name} @FILE"), why: FILE });
        match option {
            Effect::Url if is_file => return file(),
            Effect::Url => self.url(&value)?,
            Effect::Request => self.draft.method = Some(value.text("the method")?),
            Effect::Header if is_file => return file(),
            Effect::Header => self.header(value)?,
            Effect::Data | Effect::Json if is_file => return file(),
            Effect::Data | Effect::DataRaw => {
                let data = self.draft.value(value);
                self.data.push(data);
            }
            Effect::DataUrlencode => {
                let encoded = self.urlencoded(name, value)?;
                self.data.push(encoded);
            }
            Effect::UrlQuery => {
                let encoded = match value.bytes.strip_prefix(b"+") {
                    Some(as_it_is) => as_it_is.to_vec(),
                    None => self.urlencoded(name, value)?,
                };
                self.draft.query.push(String::from_utf8_lossy(&encoded).into_owned());
            }
            Effect::Json => {
                let data = self.draft.value(value);
                // curl joins them without a sign between them.
                match self.data.last_mut().filter(|_| self.has_json) {
                    Some(last) => last.extend(data),
                    None => self.data.push(data),
                }
                self.has_json = true;
            }
            Effect::User => {
                let user = self.draft.value(value);
                self.user = Some(if user.contains(&b':') { user } else { [user.as_slice(), b":"].concat() });
            }
            Effect::Bearer => {
                let token = self.draft.value(value);
                self.token = Some(token);
            }
            Effect::UserAgent => self.draft.header("User-Agent", value.bytes),
            Effect::Referer => {
                let page = value.lossy();
                self.draft.header("Referer", page.strip_suffix(";auto").unwrap_or(&page));
            }
            Effect::Range => self.draft.header("Range", [b"bytes=".as_slice(), &value.bytes].concat()),
            Effect::Cookie if !value.bytes.contains(&b'=') && value.variables.is_empty() => {
                let (what, why) = (
                    format!("{name} FILE"),
                    "because Corsac reads no file for a request: write the cookies as `name=value`",
                );
                return Err(ReadError::Refused { what, why });
            }
            Effect::Cookie => {
                let pairs = self.draft.value(value);
                self.draft.cookies.extend(cookies(&String::from_utf8_lossy(&pairs)));
            }
            _ => self.draft.ignored.push(name.to_owned()),
        }
        Ok(())
    }

    /// `Name: value`, `Name;` for an empty value, and `Name:` to remove a header that curl would send by itself.
    fn header(&mut self, word: Word) -> Result<(), ReadError> {
        let colon = word.bytes.iter().skip(1).position(|byte| *byte == b':').map(|at| at.saturating_add(1));
        let end_of_name = colon.unwrap_or(word.bytes.len());
        if let Some((_, variable)) = word.variables.iter().find(|(at, _)| *at <= end_of_name) {
            return Err(ReadError::Computed { what: variable.clone(), place: "the name of a header" });
        }
        let bytes = self.draft.value(word);
        let (name, value) = bytes.split_at_checked(end_of_name).unwrap_or_default();
        let name = String::from_utf8_lossy(name).trim().to_owned();
        match (value.strip_prefix(b":").map(<[u8]>::trim_ascii), name.strip_suffix(';')) {
            (Some(b""), _) => self.removed.push(name),
            (Some(value), _) => self.draft.header(&name, value),
            (None, Some(name)) => self.draft.header(name, ""),
            (None, None) => {
                return Err(ReadError::Value { option: "-H".to_owned(), needs: "a header as `Name: value`" });
            }
        }
        Ok(())
    }

    /// `content`, `=content`, `name=content`; the forms with `@` read files.
    fn urlencoded(&mut self, name: &str, value: Word) -> Result<Vec<u8>, ReadError> {
        let bytes = self.draft.value(value);
        let sign = bytes.iter().position(|byte| matches!(byte, b'=' | b'@'));
        let (field, content) = match sign.and_then(|at| bytes.split_at_checked(at)) {
            None => (&[][..], bytes.as_slice()),
            Some((_, [b'@', ..])) => {
                return Err(ReadError::Refused { what: format!("{name} @FILE"), why: FILE });
            }
            Some((field, content)) => (field, content.get(1..).unwrap_or_default()),
        };
        let encoded: String = form_urlencoded::byte_serialize(content).collect();
        let equals = if field.is_empty() { &b""[..] } else { b"=" };
        Ok([field, equals, encoded.as_bytes()].concat())
    }

    fn finish(self, is_followed: bool) -> Result<Draft, ReadError> {
        let Self { mut draft, data, urls, user, token, removed, has_json, is_get, is_head } = self;
        if let Some(token) = token {
            bearer(&mut draft, &token);
        }
        if let Some(user) = user {
            draft.basic_authorization(&user);
        }
        let body = (!data.is_empty()).then(|| data.join(&b'&'));
        if has_json {
            draft.default_header(CONTENT_TYPE, "application/json");
            draft.default_header(ACCEPT, "application/json");
        }
        match body {
            Some(body) if is_get => {
                draft.query.push(String::from_utf8_lossy(&body).into_owned());
                draft.method.get_or_insert_with(|| "GET".to_owned());
            }
            Some(body) => {
                if !removed.iter().any(|name| name.eq_ignore_ascii_case(CONTENT_TYPE)) {
                    default_to_form(&mut draft);
                }
                draft.body = Some(body);
            }
            None => {}
        }
        if is_head {
            draft.method.get_or_insert_with(|| "HEAD".to_owned());
        }
        draft.note_others(urls.saturating_sub(1));
        if is_followed {
            draft.notes.push(
                "Only the first command was read. What follows it was ignored, and nothing was run."
                    .to_owned(),
            );
        }
        Ok(draft)
    }
}

fn unknown(name: &str) -> ReadError {
    ReadError::UnknownOption { command: "curl", option: name.to_owned() }
}
