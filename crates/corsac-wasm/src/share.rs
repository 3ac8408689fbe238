//! Removes secrets from what is put into links, histories and files.

use corsac_explain::secrets::{REDACTED, is_secret_name, redacted_header, redacted_text, redacted_url};
use serde_json::{Value, json};

use crate::MOST_BYTES;
use crate::error::Problem;

/// Returns a request without its secrets: what [`play`](crate::play()) takes, or the fields of another request of the page. The values of
/// `Authorization`, `Cookie`, `Set-Cookie` and of headers with the name of a secret become `REDACTED`, and so do tokens and signatures in
/// URLs, header lines and bodies. A header line that cannot be read has no value afterwards.
///
/// ```
/// let shared = corsac_wasm::share(r#"{"request":{"url":"https://api.example.com/?token=s3cret","headers":"Authorization: Bearer 1234"}}"#);
/// assert_eq!(shared, r#"{"request":{"url":"https://api.example.com/?token=REDACTED","headers":"Authorization: Bearer REDACTED"}}"#);
/// ```
pub fn share(text: &str) -> String {
    let mut value: Value = match serde_json::from_str(text) {
        Ok(value) if text.len() <= MOST_BYTES => value,
        Ok(_) => {
            let message = format!("This is longer than {} KiB, and too long to share.", MOST_BYTES / 1024);
            return json!({ "error": Problem::new("", message).to_json() }).to_string();
        }
        Err(error) => {
            let problem = Problem::new("", format!("This is not JSON: {error}."));
            return json!({ "error": problem.to_json() }).to_string();
        }
    };
    hide_in(&mut value, "");
    value.to_string()
}

fn hide_in(value: &mut Value, name: &str) {
    match value {
        Value::String(text) => *text = hidden(name, text),
        Value::Array(items) => items.iter_mut().for_each(|item| hide_in(item, name)),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| hide_in(value, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn hidden(name: &str, text: &str) -> String {
    match name {
        "url" | "url_of" | "origin" => redacted_url(text),
        "headers" => text.split('\n').map(header_line).collect::<Vec<_>>().join("\n"),
        "cookies" => redacted_header("cookie", text),
        "body" => body(text),
        _ => redacted_text(text),
    }
}

fn header_line(line: &str) -> String {
    match line.split_once(':') {
        Some((name, value)) => {
            let start = value.len().saturating_sub(value.trim_start().len());
            let (space, value) = value.split_at(start);
            format!("{name}:{space}{}", redacted_header(name.trim(), value))
        }
        // Perhaps a part of a value that was wrapped.
        None if line.trim().is_empty() => line.to_owned(),
        None => REDACTED.to_owned(),
    }
}

/// Returns a body without its secrets. In JSON and in forms, the name says what a value is, however short it is.
fn body(text: &str) -> String {
    if let Ok(mut value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str::<Value>(text) {
        let before = value.clone();
        hide_secret_fields(&mut value);
        return if value == before { text.to_owned() } else { value.to_string() };
    }
    if text.contains('=') && !text.contains(|character: char| character.is_whitespace() || character == '{') {
        return redacted_url(&format!("?{text}")).split_off(1);
    }
    redacted_text(text)
}

fn hide_secret_fields(value: &mut Value) {
    match value {
        Value::String(text) => *text = redacted_text(text),
        Value::Array(items) => items.iter_mut().for_each(hide_secret_fields),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| match value {
            Value::String(_) | Value::Number(_) if is_secret_name(name) => *value = REDACTED.into(),
            value => hide_secret_fields(value),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
