//! Requests of `.http` files, as editors such as Visual Studio Code and IntelliJ IDEA send them, and the head of a request as it is sent.

use std::collections::HashMap;

use super::draft::Draft;
use super::{Kind, LONGEST, ReadError};

/// Returns `true` if the first line that is neither a comment nor a variable is a request line.
pub(super) fn starts_request(text: &str) -> bool {
    text.lines().find(|line| !is_before_request(line)).is_some_and(|line| request_line(line).is_some())
}

fn is_before_request(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || is_comment(line) || variable(line).is_some()
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}

/// `@name = value`
fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().strip_prefix('@')?.split_once('=')?;
    Some((name.trim(), value.trim()))
}

/// `METHOD URL`, with or without the version of HTTP. A line of a console that also starts like this goes on with something else.
fn request_line(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let line = match line.rsplit_once(' ') {
        Some((line, version)) if version.starts_with("HTTP/") => line.trim(),
        _ => line,
    };
    let (method, url) = line.split_once(' ').map(|(method, url)| (method, url.trim()))?;
    let is_method =
        !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    let is_url = ["http://", "https://", "{{", "/", "localhost", "ws://", "wss://"]
        .iter()
        .any(|start| url.starts_with(start));
    // A variable may have spaces between its braces.
    let outside = url.split("{{").map(|part| part.split_once("}}").map_or(part, |(_, after)| after));
    let has_space =
        outside.into_iter().any(|part| part.contains(char::is_whitespace)) && !url.starts_with("{{");
    (is_method && is_url && !has_space).then_some((method, url))
}

/// Reads the first request.
pub(super) fn read(text: &str) -> Result<Draft, ReadError> {
    let mut variables = Variables::default();
    let is_separator = |line: &str| line.starts_with("###");
    // A variable may be defined anywhere in the file.
    for (name, value) in text.lines().filter_map(variable) {
        variables.define(name, value);
    }
    let mut draft = Draft::new(Kind::HttpFile);
    let mut lines = text.lines().skip_while(|line| is_before_request(line)).peekable();
    let (method, target) = lines.next().and_then(request_line).ok_or(ReadError::UrlMissing)?;
    let mut url = target.to_owned();
    while let Some(more) =
        lines.next_if(|line| line.starts_with([' ', '\t']) && line.trim_start().starts_with(['?', '&']))
    {
        url.push_str(more.trim());
    }
    draft.method = Some(method.to_owned());
    let mut others = 0_usize;
    for line in lines.by_ref() {
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if is_separator(line) {
            others = others_after(lines.by_ref());
            break;
        }
        if is_comment(line) {
            continue;
        }
        // The value's variables are filled, the name's too.
        let line = variables.filled(line)?;
        let needs = "a header as `Name: value` on each line up to the empty line";
        let option = || line.split([' ', ':']).next().unwrap_or_default().to_owned();
        let (name, value) =
            line.split_once(':').ok_or_else(|| ReadError::Value { option: option(), needs })?;
        draft.header(name, value);
    }
    let mut body = Vec::new();
    let mut is_script = false;
    while let Some(line) = lines.next() {
        if is_separator(line) {
            others = others_after(lines.by_ref());
            break;
        }
        let start = line.trim_start();
        is_script |= ["> {%", "< {%"].iter().any(|script| start.starts_with(script));
        if is_script {
            is_script = !line.contains("%}");
            draft.ignored.push("{% ... %}".to_owned());
        } else if start.starts_with("<> ") || start.starts_with("> ") || start.starts_with(">> ") {
            draft.ignored.push("> FILE".to_owned());
        } else if start.starts_with("< ") || start.starts_with("<@") {
            let why = "because Corsac reads no file for a request: write its text in its place";
            return Err(ReadError::Refused { what: "< FILE".to_owned(), why });
        } else {
            body.push(line);
        }
    }
    let body = variables.filled(body.join("\n").trim_end())?;
    draft.body = Some(body).filter(|body| !body.is_empty()).map(String::into_bytes);
    let url = variables.filled(&url)?;
    draft.url = Some(if url.starts_with('/') { at_host(&mut draft, &url)? } else { url });
    draft.note_others(others);
    Ok(draft)
}

/// Counts the requests in what follows a separator.
fn others_after<'l>(lines: impl Iterator<Item = &'l str>) -> usize {
    let (mut count, mut is_counted) = (0_usize, false);
    for line in lines {
        if line.starts_with("###") {
            is_counted = false;
        } else if !is_before_request(line) && !is_counted {
            count = count.saturating_add(1);
            is_counted = true;
        }
    }
    count
}

/// Returns the URL of a path, with the host of the header `Host`.
fn at_host(draft: &mut Draft, path: &str) -> Result<String, ReadError> {
    let host = draft.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host =
        host.map(|(_, host)| String::from_utf8_lossy(host).into_owned()).ok_or(ReadError::UrlMissing)?;
    let is_here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|here| host.starts_with(here));
    let scheme = if is_here { "http" } else { "https" };
    draft.notes.push(format!("The head of a request does not say its scheme, so {scheme} is assumed."));
    Ok(format!("{scheme}://{host}{path}"))
}

/// The variables of a file.
#[derive(Default)]
struct Variables<'t> {
    values: HashMap<&'t str, &'t str>,
    /// How many bytes have been filled in so far: values can contain each other.
    filled: usize,
}

impl<'t> Variables<'t> {
    fn define(&mut self, name: &'t str, value: &'t str) {
        self.values.insert(name, value);
    }

    /// Returns the text with a value in place of each `{{name}}`.
    fn filled(&mut self, text: &str) -> Result<String, ReadError> {
        self.filled_to_depth(text, 8)
    }

    fn filled_to_depth(&mut self, text: &str, depth: usize) -> Result<String, ReadError> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else { break };
            let name = name.trim();
            filled.push_str(before);
            rest = after;
            let undefined = || ReadError::UndefinedVariable { name: name.to_owned() };
            if name.starts_with('$') {
                return Err(ReadError::Computed {
                    what: format!("{{{{{name}}}}}"),
                    place: "a part of the request",
                });
            }
            let value = *self.values.get(name).ok_or_else(undefined)?;
            let value = match depth.checked_sub(1) {
                Some(depth) if value.contains("{{") => self.filled_to_depth(value, depth)?,
                Some(_) => value.to_owned(),
                None => return Err(ReadError::TooDeep),
            };
            self.filled = self.filled.saturating_add(value.len()).saturating_add(1);
            if self.filled > LONGEST {
                return Err(ReadError::TooLong);
            }
            filled.push_str(&value);
        }
        filled.push_str(rest);
        Ok(filled)
    }
}
