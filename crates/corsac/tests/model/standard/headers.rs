//! The standard's header algorithms, as written there.

use std::time::Duration;

use corsac::header::HeaderList;

/// Byte-case-insensitive match.
pub(super) fn is(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
pub(super) fn cors_unsafe_request_header_names(headers: &HeaderList) -> Vec<String> {
    // 1-3
    let (mut unsafe_names, mut potentially_unsafe_names, mut safelist_value_size) =
        (Vec::new(), Vec::new(), 0);
    // 4
    for header in headers {
        if is_cors_safelisted_request_header(&header.name, &header.value) {
            potentially_unsafe_names.push(&header.name);
            safelist_value_size += header.value.len();
        } else {
            unsafe_names.push(&header.name);
        }
    }
    // 5
    if safelist_value_size > 1024 {
        unsafe_names.append(&mut potentially_unsafe_names);
    }
    // 6
    let sorted: std::collections::BTreeSet<String> =
        unsafe_names.iter().map(|name| name.to_ascii_lowercase()).collect();
    sorted.into_iter().collect()
}

/// <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
fn is_cors_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    // 1
    if value.len() > 128 {
        return false;
    }
    // 2
    let has_unsafe_byte =
        value.iter().any(|byte| (*byte < 0x20 && *byte != 0x09) || b"\"():<>?@[\\]{}\x7f".contains(byte));
    match name.to_ascii_lowercase().as_str() {
        "accept" => !has_unsafe_byte,
        "accept-language" | "content-language" => {
            value.iter().all(|byte| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte))
        }
        "content-type" => {
            let form = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
            !has_unsafe_byte
                && mime_type_essence(value).is_some_and(|essence| form.contains(&essence.as_str()))
        }
        "range" => is_single_range_with_start(value),
        _ => false,
    }
}

/// <https://mimesniff.spec.whatwg.org/#parse-a-mime-type>, the essence
fn mime_type_essence(value: &[u8]) -> Option<String> {
    let text: String = value.iter().copied().map(char::from).collect();
    let (kind, rest) = text.trim_matches(is_http_whitespace).split_once('/')?;
    let subtype = rest.split(';').next()?.trim_end_matches(is_http_whitespace);
    (is_token(kind) && is_token(subtype)).then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
}

fn is_http_whitespace(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\t' | ' ')
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// <https://fetch.spec.whatwg.org/#simple-range-header-value> without white space, and a start
fn is_single_range_with_start(value: &[u8]) -> bool {
    let Some((start, end)) = std::str::from_utf8(value)
        .ok()
        .and_then(|text| text.strip_prefix("bytes="))
        .and_then(|text| text.split_once('-'))
    else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number =
        |text: &'_ str| (text.trim_start_matches('0').len(), text.trim_start_matches('0').to_owned());
    digits(start) && digits(end) && !start.is_empty() && (end.is_empty() || number(start) <= number(end))
}

/// <https://fetch.spec.whatwg.org/#extract-header-list-values> for lists of tokens: null, failure, or the values
pub(super) fn extract_tokens(headers: &HeaderList, name: &str) -> Result<Option<Vec<String>>, ()> {
    if !headers.contains(name) {
        return Ok(None);
    }
    let mut values = Vec::new();
    for line in headers.all(name) {
        for item in line.split(|byte| *byte == b',') {
            let item: String = item.iter().copied().map(char::from).collect();
            let item = item.trim_matches([' ', '\t']);
            match item {
                "" => {} // RFC 9110, 5.6.1.2: a recipient ignores empty items
                item if is_token(item) => values.push(item.to_owned()),
                _ => return Err(()),
            }
        }
    }
    Ok(Some(values))
}

/// The same for `Access-Control-Max-Age`, `1*DIGIT` in one line; `None` is null or failure.
pub(super) fn extract_max_age(headers: &HeaderList) -> Option<Duration> {
    let lines: Vec<&[u8]> = headers.all("Access-Control-Max-Age").collect();
    let [line] = lines.as_slice() else { return None };
    let digits = std::str::from_utf8(line)
        .ok()
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(digits.parse().map_or(Duration::MAX, Duration::from_secs))
}

/// <https://fetch.spec.whatwg.org/#header-value-get-decode-and-split>; null is no value
pub(super) fn get_decode_and_split(headers: &HeaderList, name: &str) -> Vec<String> {
    let Some(value) = headers.get(name) else { return Vec::new() };
    let input: Vec<char> = value.iter().copied().map(char::from).collect();
    let (mut position, mut values, mut temporary_value) = (0, Vec::new(), String::new());
    // 5
    loop {
        // 5.1
        while position < input.len() && !matches!(input[position], '"' | ',') {
            temporary_value.push(input[position]);
            position += 1;
        }
        // 5.2
        if position < input.len() && input[position] == '"' {
            collect_http_quoted_string(&input, &mut position, &mut temporary_value);
            if position < input.len() {
                continue;
            }
        }
        // 5.3-5.5
        values.push(std::mem::take(&mut temporary_value).trim_matches([' ', '\t']).to_owned());
        // 5.6-5.8
        if position >= input.len() {
            return values;
        }
        position += 1;
    }
}

/// <https://fetch.spec.whatwg.org/#collect-an-http-quoted-string>, what it returns without the extract-value flag
fn collect_http_quoted_string(input: &[char], position: &mut usize, collected: &mut String) {
    collected.push(input[*position]);
    *position += 1;
    while *position < input.len() {
        let quote_or_backslash = input[*position];
        collected.push(quote_or_backslash);
        *position += 1;
        match quote_or_backslash {
            '"' => return,
            '\\' if *position < input.len() => {
                collected.push(input[*position]);
                *position += 1;
            }
            _ => {}
        }
    }
}
