//! The arguments of [HTTPie](https://httpie.io/docs/cli), and of xh, which has the same.

use std::collections::HashSet;

use corsac::browser::RedirectMode;
use corsac::header::names::CONTENT_TYPE;
use serde_json::Value;
use url::form_urlencoded;

use super::command_line::{CommandLine, Word};
use super::draft::{Draft, bearer, default_to_form};
use super::{Kind, ReadError, start};

const FILE: &str = "because Corsac reads no file for a request: write its text in its place";

/// How the fields of the body are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Json,
    Form,
}

/// Reads the words of a command line.
pub(super) fn read(line: CommandLine) -> Result<Draft, ReadError> {
    let mut draft = Draft::new(Kind::Httpie);
    let mut words = line.words.into_iter().skip_while(|word| start::is_assignment(&word.lossy())).peekable();
    let command = words.next().map(|word| word.lossy()).unwrap_or_default();
    if command.ends_with("https") || command.ends_with("xhs") {
        draft.default_scheme = "https";
    }
    let (mut arguments, mut body) = (Vec::new(), Body::Json);
    let mut authorization: (Option<Word>, Option<String>) = (None, None);
    while let Some(word) = words.next() {
        let text = word.lossy();
        if !text.starts_with('-') || text == "-" {
            arguments.push(word);
            continue;
        }
        let (name, joined) = match text.split_once('=').filter(|_| text.starts_with("--")) {
            Some((name, value)) => (name.to_owned(), Some(Word::from(value))),
            None => (text, None),
        };
        let mut value = || {
            let missing = || ReadError::Value { option: name.clone(), needs: "a value after it" };
            joined.clone().or_else(|| words.next()).ok_or_else(missing)
        };
        match name.as_str() {
            "--form" | "-f" => body = Body::Form,
            "--json" | "-j" => body = Body::Json,
            "--follow" | "-F" => draft.redirect = Some(RedirectMode::Follow),
            "--auth" | "-a" => authorization.0 = Some(value()?),
            "--auth-type" | "-A" => authorization.1 = Some(value()?.lossy()),
            "--raw" => {
                let raw = value()?;
                draft.body = Some(draft.value(raw));
            }
            "--verify" => {
                let checks = value()?.lossy();
                draft.insecure = matches!(checks.to_ascii_lowercase().as_str(), "no" | "false");
            }
            "--default-scheme" => {
                if value()?.lossy() == "https" {
                    draft.default_scheme = "https";
                }
            }
            "--output" | "-o" | "--download" | "-d" | "--continue" | "-c" => {
                return Err(refused(&name, "because it writes a file: leave it out"));
            }
            "--session" | "--session-read-only" => {
                return Err(refused(
                    &name,
                    "because it reads a file: write the headers and cookies of the session in its place",
                ));
            }
            "--multipart" => {
                return Err(refused(
                    &name,
                    "because Corsac writes no multipart body: write `Content-Type:multipart/form-data --raw ''`, since for CORS only the type counts",
                ));
            }
            "--pretty" | "--style" | "-s" | "--print" | "-p" | "--format-options" | "--timeout"
            | "--max-redirects" | "--max-headers" | "--proxy" | "--cert" | "--cert-key" | "--ssl"
            | "--ciphers" | "--response-charset" | "--response-mime" | "--boundary" => {
                value()?;
                draft.ignored.push(name);
            }
            _ if is_flag(&name) => draft.ignored.push(name),
            _ => return Err(ReadError::UnknownOption { command: "HTTPie", option: name }),
        }
    }
    authorize(&mut draft, authorization)?;
    let items = method_and_url(&mut draft, arguments)?;
    read_items(&mut draft, items, body)?;
    if line.is_followed {
        draft.notes.push(
            "Only the first command was read. What follows it was ignored, and nothing was run.".to_owned(),
        );
    }
    Ok(draft)
}

fn refused(what: &str, why: &'static str) -> ReadError {
    ReadError::Refused { what: what.to_owned(), why }
}

/// Returns `true` for an option without a value that changes nothing about the request. Short ones may stand together.
fn is_flag(name: &str) -> bool {
    const LONG: [&str; 15] = [
        "--all",
        "--body",
        "--check-status",
        "--chunked",
        "--compress",
        "--debug",
        "--headers",
        "--ignore-netrc",
        "--ignore-stdin",
        "--meta",
        "--offline",
        "--quiet",
        "--stream",
        "--traceback",
        "--verbose",
    ];
    let is_short = !name.starts_with("--")
        && name.len() > 1
        && name.chars().skip(1).all(|letter| "bhIqSvxm".contains(letter));
    is_short || LONG.contains(&name) || matches!(name, "--sorted" | "--unsorted" | "--path-as-is")
}

fn authorize(draft: &mut Draft, (user, kind): (Option<Word>, Option<String>)) -> Result<(), ReadError> {
    let Some(user) = user else { return Ok(()) };
    let user = draft.value(user);
    match kind.as_deref() {
        None | Some("basic") => draft.basic_authorization(&user),
        Some("bearer") => bearer(draft, &user),
        Some(kind) => {
            return Err(refused(
                &format!("--auth-type {kind}"),
                "because script cannot authenticate like this: set the header `Authorization`",
            ));
        }
    }
    Ok(())
}

/// Takes the method, if there is one, and the URL. Returns the rest.
fn method_and_url(
    draft: &mut Draft,
    arguments: Vec<Word>,
) -> Result<impl Iterator<Item = Word> + use<>, ReadError> {
    let mut arguments = arguments.into_iter().peekable();
    let mut first = arguments.next().ok_or(ReadError::UrlMissing)?;
    let is_method = |word: &Word| {
        let text = word.lossy();
        let is_known = ["get", "head", "post", "put", "patch", "delete", "options"].contains(&text.as_str());
        is_known || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    if is_method(&first) && arguments.peek().is_some() {
        draft.method = Some(first.text("the method")?.to_ascii_uppercase());
        first = arguments.next().ok_or(ReadError::UrlMissing)?;
    }
    let url = first.text("the URL")?;
    // `:/path` and `:3000/path` are on this machine.
    draft.url = Some(match url.strip_prefix(':') {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => format!("localhost:{rest}"),
        Some(rest) => format!("localhost{rest}"),
        None => url,
    });
    Ok(arguments)
}

/// Reads the [request items](https://httpie.io/docs/cli/request-items).
fn read_items(draft: &mut Draft, items: impl Iterator<Item = Word>, body: Body) -> Result<(), ReadError> {
    let mut fields: Vec<(String, Value)> = Vec::new();
    let mut removed = HashSet::new();
    for word in items {
        let text = word.lossy();
        let needs = "`Name:value`, `name=value`, `name:=JSON` or `name==value`";
        let item = split(&text)
            .ok_or_else(|| ReadError::Value { option: "a request item of HTTPie".to_owned(), needs })?;
        if let Some((_, variable)) = word.variables.iter().find(|(at, _)| *at < item.name.len()) {
            return Err(ReadError::Computed {
                what: variable.clone(),
                place: "the name of a header or field",
            });
        }
        draft.variables.extend(word.variables.into_iter().map(|(_, variable)| variable));
        match item.separator {
            ":" if item.value.is_empty() => _ = removed.insert(item.name.to_ascii_lowercase()),
            ":" => draft.header(&item.name, item.value),
            ";" => draft.header(&item.name, ""),
            "==" => {
                let pair = form_urlencoded::Serializer::new(String::new())
                    .append_pair(&item.name, &item.value)
                    .finish();
                draft.query.push(pair);
            }
            "=" => fields.push((item.name, Value::String(item.value))),
            ":=" => {
                let invalid =
                    |_| ReadError::Value { option: format!("{}:=", item.name), needs: "JSON after it" };
                let value = serde_json::from_str(&item.value).map_err(invalid)?;
                fields.push((item.name, value));
            }
            _ => return Err(refused(&format!("{}{}FILE", item.name, item.separator), FILE)),
        }
    }
    draft.headers.retain(|(name, _)| !removed.contains(&name.to_ascii_lowercase()));
    if fields.is_empty() {
        if draft.body.is_some() && body == Body::Json {
            draft.default_header(CONTENT_TYPE, "application/json");
        } else if draft.body.is_some() {
            default_to_form(draft);
        }
        return Ok(());
    }
    draft.body = Some(match body {
        Body::Json => {
            if let Some((name, _)) = fields.iter().find(|(name, _)| name.contains('[')) {
                return Err(refused(
                    &format!("{name}="),
                    "because Corsac does not read nested fields: write the body as `--raw '{...}'`",
                ));
            }
            draft.default_header(CONTENT_TYPE, "application/json");
            Value::Object(fields.into_iter().collect()).to_string().into_bytes()
        }
        Body::Form => {
            default_to_form(draft);
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in &fields {
                let other = value.to_string();
                form.append_pair(name, value.as_str().unwrap_or(&other));
            }
            form.finish().into_bytes()
        }
    });
    Ok(())
}

struct Item {
    name: String,
    separator: &'static str,
    value: String,
}

/// Splits an item at its first separator that no backslash escapes. Of those at one place the longest counts.
fn split(text: &str) -> Option<Item> {
    const SEPARATORS: [&str; 9] = [":=@", "==@", ":=", "==", "=@", ":@", "=", ":", "@"];
    let mut name = String::new();
    let mut characters = text.chars();
    loop {
        let rest = characters.as_str();
        if let Some(separator) = SEPARATORS.into_iter().find(|separator| rest.starts_with(separator)) {
            let value = rest.strip_prefix(separator).unwrap_or_default();
            return Some(Item { name, separator, value: value.to_owned() });
        }
        match characters.next() {
            Some('\\') => name.extend(characters.next()),
            Some(';') if characters.as_str().is_empty() => {
                return Some(Item { name, separator: ";", value: String::new() });
            }
            character => name.push(character?),
        }
    }
}
