//! Tests of reading requests.

mod commands;
mod javascript;
mod refusals;

use super::{Kind, WrittenRequest, read};

/// What a row expects: kind, method, URL, headers as `name: value`, body.
type Expected<'e> = (Kind, &'e str, &'e str, &'e [&'e str], Option<&'e str>);

fn request(text: &str) -> WrittenRequest {
    read(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn is(text: &str, name: &str, (kind, method, url, headers, body): Expected<'_>) -> WrittenRequest {
    let request = read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let lines: Vec<String> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
        .collect();
    let given = request.body.as_ref().map(|body| String::from_utf8_lossy(body).into_owned());
    assert_eq!(request.kind, kind, "{name}");
    assert_eq!(request.method, method, "{name}");
    assert_eq!(request.url.as_str(), url, "{name}");
    assert_eq!(lines, headers, "{name}");
    assert_eq!(given.as_deref(), body, "{name}");
    request
}
