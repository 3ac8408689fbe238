//! The arguments of [axios](https://axios-http.com/docs/req_config).

use corsac::browser::Credentials;
use corsac::header::names::CONTENT_TYPE;

use super::super::ReadError;
use super::super::draft::{Draft, default_to_form};
use super::value::Value;
use super::{body, fields, form, headers, is_call_of, json_of, shown, text, url};

/// Reads a call of `axios()` or of `axios.METHOD()`.
pub(super) fn read(
    draft: &mut Draft,
    method: &str,
    arguments: impl Iterator<Item = Value>,
) -> Result<(), ReadError> {
    let mut arguments = arguments.peekable();
    let has_url = !matches!(arguments.peek(), Some(Value::Object(_)) | None);
    let mut target = arguments.next_if(|_| has_url);
    if !matches!(method, "" | "request") {
        draft.method = Some(method.to_ascii_uppercase());
    }
    let mut data = matches!(method, "post" | "put" | "patch").then(|| arguments.next()).flatten();
    let mut base = None;
    for (name, value) in fields(arguments.next(), "the configuration of axios")? {
        match name.as_str() {
            "url" => target = Some(value),
            "baseURL" => base = Some(url(value)?),
            "method" => draft.method = Some(text(value, "the method")?.to_ascii_uppercase()),
            "headers" => headers(draft, value)?,
            "params" => {
                let query = form(draft, Some(value))?;
                draft.query.push(String::from_utf8_lossy(&query).into_owned());
            }
            "data" => data = Some(value),
            "withCredentials" => {
                let Value::Bool(with) = value else {
                    return Err(ReadError::Computed { what: value.name(), place: "`withCredentials`" });
                };
                draft.credentials = Some(if with { Credentials::Include } else { Credentials::SameOrigin });
            }
            "auth" => {
                let [mut user, mut password] = [String::new(), String::new()];
                for (name, value) in fields(Some(value), "`auth`")? {
                    match name.as_str() {
                        "username" => user = shown(draft, value),
                        "password" => password = shown(draft, value),
                        _ => {}
                    }
                }
                draft.basic_authorization(format!("{user}:{password}").as_bytes());
            }
            _ => draft.ignored.push(name),
        }
    }
    let target = url(target.ok_or(ReadError::UrlMissing)?)?;
    draft.url = Some(match base {
        Some(base) if !target.contains("://") => {
            format!("{}/{}", base.trim_end_matches('/'), target.trim_start_matches('/'))
        }
        _ => target,
    });
    match data {
        Some(data @ (Value::Object(_) | Value::List(_))) => {
            draft.default_header(CONTENT_TYPE, "application/json");
            draft.body = Some(json_of(draft, data));
        }
        Some(data) => {
            let is_text = matches!(data, Value::Text(_)) || is_call_of(&data, "JSON.stringify");
            // A variable is an object more often than a string.
            let is_computed = matches!(data, Value::Computed(_));
            body(draft, data)?;
            if is_text {
                default_to_form(draft);
            } else if is_computed {
                draft.default_header(CONTENT_TYPE, "application/json");
            }
        }
        None => {}
    }
    // Unlike fetch(), axios sends GET with a body that was given as `data`.
    draft.method.get_or_insert_with(|| "GET".to_owned());
    Ok(())
}
