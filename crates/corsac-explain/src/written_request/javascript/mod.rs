//! A call of `fetch()` or axios in JavaScript.

mod axios;
mod value;

use corsac::browser::{Credentials, Mode, RedirectMode, ReferrerPolicy};
use corsac::header::names::{CONTENT_TYPE, COOKIE, REFERER};
use url::form_urlencoded;

use super::draft::{Draft, FORM};
use super::{Kind, ReadError};
use value::{Reader, Text, Value};

/// Returns `true` if the text starts with such a call.
pub(super) fn starts_call(text: &str) -> bool {
    Reader::new(text).callee().is_some()
}

/// Reads the first call.
pub(super) fn read(text: &str) -> Result<Draft, ReadError> {
    let mut reader = Reader::new(text);
    let callee = reader.callee().ok_or(ReadError::UnknownKind)?;
    let mut arguments = reader.arguments()?.into_iter();
    let mut draft = Draft::new(Kind::Fetch);
    let others = ["fetch(", "axios(", "axios."].iter().map(|call| reader.rest().matches(call).count()).sum();
    if let Some(method) = callee.strip_prefix("axios") {
        axios::read(&mut draft, method.trim_start_matches('.'), arguments.by_ref())?;
    } else {
        let (mut target, mut options) = (arguments.next(), arguments.next());
        // `fetch(new Request(url, options))`
        if let Some(Value::Call { arguments, .. }) =
            target.take_if(|target| is_call_of(target, "new Request"))
        {
            let mut inner = arguments.into_iter();
            target = inner.next();
            options = inner.next().or(options);
        }
        read_options(&mut draft, options)?;
        draft.url = Some(url(target.ok_or(ReadError::UrlMissing)?)?);
    }
    let is_of_node = |name: &str| [COOKIE, REFERER].iter().any(|own| name.eq_ignore_ascii_case(own));
    if draft.headers.iter().any(|(name, _)| is_of_node(name)) {
        draft.kind = Kind::NodeFetch;
    }
    draft.note_others(others);
    Ok(draft)
}

fn is_call_of(value: &Value, wanted: &str) -> bool {
    matches!(value, Value::Call { name, .. } if name == wanted)
}

/// Reads fetch()'s second argument.
fn read_options(draft: &mut Draft, options: Option<Value>) -> Result<(), ReadError> {
    for (name, value) in fields(options, "the second argument of fetch()")? {
        match name.as_str() {
            "method" => draft.method = Some(text(value, "the method")?),
            "headers" => headers(draft, value)?,
            "body" => body(draft, value)?,
            "credentials" => {
                draft.credentials =
                    Some(choice(value, "`credentials`", Credentials::ALL, Credentials::as_str)?);
            }
            "mode" => read_mode(draft, value)?,
            "redirect" => {
                draft.redirect = Some(choice(value, "`redirect`", RedirectMode::ALL, RedirectMode::as_str)?);
            }
            "referrerPolicy" => {
                let policy = choice(value, "`referrerPolicy`", ReferrerPolicy::ALL, ReferrerPolicy::as_str);
                // The empty string is the page's policy.
                draft.referrer_policy = policy.ok();
            }
            "referrer" => draft.referrer = text(value, "`referrer`").ok(),
            _ => draft.ignored.push(name),
        }
    }
    Ok(())
}

fn read_mode(draft: &mut Draft, value: Value) -> Result<(), ReadError> {
    let modes = [Mode::Cors, Mode::NoCors, Mode::SameOrigin];
    let given = text(value, "`mode`")?;
    if matches!(given.as_str(), "navigate" | "websocket") {
        draft.notes.push(format!(
            "No script can use the mode `{given}`. The request is read as one in mode `cors`."
        ));
        draft.mode = Some(Mode::Cors);
    } else {
        draft.mode = Some(choice(Value::from(given.as_str()), "`mode`", &modes, Mode::as_str)?);
    }
    Ok(())
}

/// Returns the fields of an object. Of two with one name the last counts.
fn fields(value: Option<Value>, place: &'static str) -> Result<Vec<(String, Value)>, ReadError> {
    match value {
        None | Some(Value::Null | Value::Undefined) => Ok(Vec::new()),
        Some(Value::Object(fields)) => Ok(fields),
        Some(Value::Call { name, arguments })
            if matches!(name.as_str(), "new Headers" | "new URLSearchParams") =>
        {
            fields(arguments.into_iter().next(), place)
        }
        Some(Value::List(pairs)) => {
            let pair = |pair| match pair {
                Value::List(pair) => <[Value; 2]>::try_from(pair).ok(),
                _ => None,
            };
            let computed = || ReadError::Computed { what: "[...]".to_owned(), place };
            let pairs = pairs.into_iter().map(|value| pair(value).ok_or_else(computed));
            pairs.map(|pair| pair.and_then(|[name, value]| Ok((text(name, place)?, value)))).collect()
        }
        Some(other) => Err(ReadError::Computed { what: other.name(), place }),
    }
}

/// Returns a value that has to be known.
fn text(value: Value, place: &'static str) -> Result<String, ReadError> {
    match value {
        Value::Text(Text { text, computed }) if computed.is_empty() => Ok(text),
        other => Err(ReadError::Computed { what: other.name(), place }),
    }
}

fn choice<T: Copy>(
    value: Value,
    place: &'static str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, ReadError> {
    let given = text(value, place)?;
    let known = all.iter().copied().find(|one| name(*one) == given);
    known.ok_or(ReadError::Value {
        option: place.trim_matches('`').to_owned(),
        needs: "one of the values that fetch() has for it",
    })
}

/// Returns the URL: a string, or `new URL(string)`.
fn url(value: Value) -> Result<String, ReadError> {
    match value {
        Value::Call { name, arguments } if name == "new URL" && arguments.len() == 1 => {
            arguments.into_iter().next().map_or(Err(ReadError::UrlMissing), url)
        }
        value => text(value, "the URL"),
    }
}

/// Adds the headers of an object. Their names have to be known, and their values not.
fn headers(draft: &mut Draft, value: Value) -> Result<(), ReadError> {
    for (name, value) in fields(Some(value), "`headers`")? {
        let value = shown(draft, value);
        // A value is a byte string: a byte for each character.
        let bytes = value.chars().map(|character| u8::try_from(character).ok()).collect::<Option<Vec<u8>>>();
        let needs = "a value without characters above U+00FF: fetch() throws a TypeError for others";
        draft.header(&name, bytes.ok_or(ReadError::Value { option: name.clone(), needs })?);
    }
    Ok(())
}

/// Returns a value as text, with the name of what is computed in its place.
fn shown(draft: &mut Draft, value: Value) -> String {
    match value {
        Value::Text(Text { text, computed }) => {
            draft.variables.extend(computed);
            text
        }
        Value::Number(number) => number,
        Value::Bool(truth) => truth.to_string(),
        Value::Null => "null".to_owned(),
        other => {
            let name = other.name();
            draft.variables.push(name.clone());
            name
        }
    }
}

/// Reads the body of fetch().
fn body(draft: &mut Draft, value: Value) -> Result<(), ReadError> {
    match value {
        Value::Null | Value::Undefined => {}
        Value::Call { name, arguments } if name == "JSON.stringify" => {
            let json = arguments.into_iter().next().unwrap_or(Value::Undefined);
            draft.body = Some(json_of(draft, json));
        }
        Value::Call { name, arguments } if name == "new URLSearchParams" => {
            draft.body = Some(form(draft, arguments.into_iter().next())?);
            draft.default_header(CONTENT_TYPE, &format!("{FORM};charset=UTF-8"));
        }
        Value::Call { name, .. } if matches!(name.as_str(), "new FormData" | "new Blob" | "new File") => {
            return Err(ReadError::Computed { what: format!("{name}(...)"), place: "the body" });
        }
        other => draft.body = Some(shown(draft, other).into_bytes()),
    }
    Ok(())
}

fn json_of(draft: &mut Draft, value: Value) -> Vec<u8> {
    let mut computed = Vec::new();
    let json = value.into_json(&mut computed).unwrap_or(serde_json::Value::Null);
    draft.variables.extend(computed);
    json.to_string().into_bytes()
}

/// Returns the body or the query of a form.
fn form(draft: &mut Draft, value: Option<Value>) -> Result<Vec<u8>, ReadError> {
    if let Some(Value::Text(_)) = value {
        return Ok(value.map(|value| shown(draft, value)).unwrap_or_default().into_bytes());
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields(value, "the parameters")? {
        form.append_pair(&name, &shown(draft, value));
    }
    Ok(form.finish().into_bytes())
}
