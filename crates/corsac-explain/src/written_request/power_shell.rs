//! Commands of PowerShell: `Invoke-WebRequest` with the lines that browsers write before it, `Invoke-RestMethod`, and curl.

mod values;

use std::collections::HashMap;

use corsac::header::names::CONTENT_TYPE;
use url::form_urlencoded;

use super::command_line::{CommandLine, Word};
use super::draft::{Draft, bearer, default_to_form};
use super::{Kind, LONGEST, ReadError, curl};
use values::{Reader, Value};

/// Reads the first command that sends a request.
pub(super) fn read(text: &str) -> Result<Draft, ReadError> {
    let mut reader = Reader::new(text);
    let mut draft = Draft::new(Kind::PowerShell);
    let mut variables = Variables::default();
    loop {
        reader.skip_separators();
        if let Some(target) = reader.assignment() {
            if reader.is_command() {
                continue;
            }
            // `$session.UserAgent = ...` and new objects say nothing that is sent by script.
            match reader.value()? {
                Value::Computed(_) => reader.skip_statement(),
                value => _ = variables.values.insert(target, value),
            }
            continue;
        }
        if let Some(cookie) = reader.added_cookie()? {
            draft.cookies.push(cookie);
            continue;
        }
        let name = reader.word();
        if name.is_empty() {
            return Err(ReadError::UrlMissing);
        }
        let name = name.to_ascii_lowercase();
        if matches!(name.as_str(), "curl.exe" | "curl") && !reader.has_parameters() {
            return read_curl(reader, &mut variables);
        }
        read_parameters(&mut draft, &mut reader, &mut variables)?;
        if reader.skip_separators() {
            draft.notes.push(
                "Only the first request was read. What follows it was ignored, and nothing was run."
                    .to_owned(),
            );
        }
        return Ok(draft);
    }
}

/// Reads the arguments of curl, which PowerShell takes apart by its own rules.
fn read_curl(mut reader: Reader<'_>, variables: &mut Variables) -> Result<Draft, ReadError> {
    let mut words = vec![Word::from("curl")];
    while !reader.is_at_end_of_statement() {
        let value = reader.value()?;
        let mut word = match variables.fill(value)? {
            Value::Text(word) => word,
            Value::Variable(name) => {
                let mut word = Word::default();
                word.push_variable(format!("${name}"), &name);
                word
            }
            other => return Err(ReadError::Computed { what: other.name(), place: "an argument of curl" }),
        };
        // The program gets a quotation mark only if a backslash stands before it.
        if word.bytes.contains(&b'\\') && word.variables.is_empty() {
            word = Word::from(word.lossy().replace("\\\"", "\"").as_str());
        }
        words.push(word);
    }
    let is_followed = reader.skip_separators();
    curl::read(Kind::PowerShell, CommandLine { words, is_followed })
}

/// The variables that the text gives a value.
#[derive(Default)]
struct Variables {
    values: HashMap<String, Value>,
    /// How many bytes were put in so far.
    filled: usize,
}

impl Variables {
    /// Puts in the value of a variable. A table can be put in once.
    fn fill(&mut self, value: Value) -> Result<Value, ReadError> {
        let Value::Variable(name) = &value else { return Ok(value) };
        let name = name.to_ascii_lowercase();
        match self.values.get(&name) {
            Some(Value::Text(text)) => {
                self.filled = self.filled.saturating_add(text.bytes.len());
                if self.filled > LONGEST { Err(ReadError::TooLong) } else { Ok(Value::Text(text.clone())) }
            }
            Some(_) => Ok(self.values.remove(&name).unwrap_or(value)),
            None => Ok(value),
        }
    }
}

/// Reads the parameters of `Invoke-WebRequest` and `Invoke-RestMethod`.
fn read_parameters(
    draft: &mut Draft,
    reader: &mut Reader<'_>,
    variables: &mut Variables,
) -> Result<(), ReadError> {
    let (mut body, mut content_type) = (None, None);
    while !reader.is_at_end_of_statement() {
        let Some(name) = reader.parameter() else {
            let url = variables.fill(reader.value()?)?;
            draft.url = Some(text(url, "the URL")?);
            continue;
        };
        let parameter = name.to_ascii_lowercase();
        match parameter.as_str() {
            "outfile" | "sessionvariable" | "passthru" | "resume" => {
                return Err(refused(&name, "because it keeps the response or a session: leave it out"));
            }
            "infile" | "form" => {
                return Err(refused(
                    &name,
                    "because Corsac reads no file for a request: write the body as `-Body`",
                ));
            }
            "credential" | "usedefaultcredentials" | "certificate" | "certificatethumbprint" => {
                return Err(refused(
                    &name,
                    "because script cannot authenticate like this: leave it out, or set the header `Authorization`",
                ));
            }
            "skipcertificatecheck" => {
                draft.insecure = true;
                continue;
            }
            "usebasicparsing"
            | "disablekeepalive"
            | "skipheadervalidation"
            | "skiphttperrorcheck"
            | "noproxy"
            | "allowunencryptedauthentication"
            | "preserveauthorizationonredirect"
            | "allowinsecureredirect"
            | "verbose"
            | "debug" => {
                draft.ignored.push(format!("-{name}"));
                continue;
            }
            _ => {}
        }
        let value = variables.fill(reader.value()?)?;
        match parameter.as_str() {
            "uri" => draft.url = Some(text(value, "the URL")?),
            "method" | "custommethod" => draft.method = Some(text(value, "the method")?.to_ascii_uppercase()),
            "headers" => {
                for (name, value) in table(value, "-Headers")? {
                    let value = bytes(draft, value)?;
                    draft.header(&name, value);
                }
            }
            "body" => body = Some(value),
            "contenttype" => content_type = Some(text(value, "the content type")?),
            "useragent" => {
                let agent = bytes(draft, value)?;
                draft.header("User-Agent", agent);
            }
            "token" => {
                let token = bytes(draft, value)?;
                bearer(draft, &token);
            }
            "authentication"
            | "websession"
            | "timeoutsec"
            | "maximumredirection"
            | "proxy"
            | "httpversion"
            | "sslprotocol"
            | "transferencoding"
            | "maximumretrycount"
            | "retryintervalsec"
            | "erroraction"
            | "statuscodevariable"
            | "responseheadersvariable"
            | "operationtimeoutseconds"
            | "connectiontimeoutseconds" => {
                if parameter != "websession" {
                    draft.ignored.push(format!("-{name}"));
                }
            }
            _ => {
                return Err(ReadError::UnknownOption {
                    command: "Invoke-WebRequest",
                    option: format!("-{name}"),
                });
            }
        }
    }
    if let Some(content_type) = content_type {
        draft.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(CONTENT_TYPE));
        draft.header("Content-Type", content_type);
    }
    let is_get = draft.method.as_deref().is_none_or(|method| matches!(method, "GET" | "HEAD"));
    match body {
        Some(fields @ Value::Table(_)) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in table(fields, "-Body")? {
                form.append_pair(&name, &String::from_utf8_lossy(&bytes(draft, value)?));
            }
            // With GET, the fields are the query.
            if is_get {
                draft.query.push(form.finish());
            } else {
                draft.body = Some(form.finish().into_bytes());
            }
        }
        Some(body) => draft.body = Some(bytes(draft, body)?),
        None => {}
    }
    if draft.body.is_some() {
        default_to_form(draft);
    }
    draft.method.get_or_insert_with(|| "GET".to_owned());
    Ok(())
}

fn refused(name: &str, why: &'static str) -> ReadError {
    ReadError::Refused { what: format!("-{name}"), why }
}

/// Returns a value that has to be known.
fn text(value: Value, place: &'static str) -> Result<String, ReadError> {
    match value {
        Value::Text(word) => word.text(place),
        other => Err(ReadError::Computed { what: other.name(), place }),
    }
}

/// Returns a value, with the name of what is computed in its place.
fn bytes(draft: &mut Draft, value: Value) -> Result<Vec<u8>, ReadError> {
    match value {
        Value::Text(word) => Ok(draft.value(word)),
        Value::Table(_) => Err(ReadError::Computed { what: "@{...}".to_owned(), place: "a value" }),
        other => {
            draft.variables.push(other.name());
            Ok(other.name().trim_matches(['$', '(', ')', '.']).as_bytes().to_vec())
        }
    }
}

fn table(value: Value, place: &'static str) -> Result<Vec<(String, Value)>, ReadError> {
    match value {
        Value::Table(fields) => Ok(fields),
        other => Err(ReadError::Computed { what: other.name(), place }),
    }
}
