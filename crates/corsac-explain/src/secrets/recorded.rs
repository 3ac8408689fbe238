//! Secrets in the parts of a recording: URLs, header lines, bodies.

use corsac::header::is_cors_header;

use super::{REDACTED, is_secret_name, is_web_token};

/// Returns a URL, whole or relative, without its secrets: the user name and password, the values of parameters that have the name of a
/// secret, and web tokens wherever they stand. Everything else, names included, stays as it is.
///
/// ```
/// use corsac_explain::secrets::redacted_url;
/// assert_eq!(redacted_url("https://me:pw@api.example/a?page=2&access_token=x1"), "https://REDACTED:REDACTED@api.example/a?page=2&access_token=REDACTED");
/// assert_eq!(redacted_url("/cb#id_token=eyJh.eyJz.c&state=1"), "/cb#id_token=REDACTED&state=1");
/// ```
pub fn redacted_url(url: &str) -> String {
    redacted_url_where(url, &|name, value| {
        is_secret_name(&decoded(name)) || is_web_token(value) || has_secrets_inside(value)
    })
}

/// Like [`redacted_url`], but with all values of parameters redacted, and the whole fragment.
///
/// ```
/// use corsac_explain::secrets::redacted_parameters;
/// assert_eq!(redacted_parameters("https://api.example/a?page=2&x#top"), "https://api.example/a?page=REDACTED&REDACTED#REDACTED");
/// ```
pub fn redacted_parameters(url: &str) -> String {
    let (before, fragment) = split_before(url, &['#']);
    let (before, query) = split_before(before, &['?']);
    let mut redacted = redacted_url(before);
    if let Some(query) = query.strip_prefix('?').filter(|query| !query.is_empty()) {
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, "")) => format!("{}=", redacted_text(name)),
            Some((name, _)) => format!("{}={REDACTED}", redacted_text(name)),
            None if pair.is_empty() => String::new(),
            None => REDACTED.to_owned(),
        });
        redacted.push('?');
        redacted.push_str(&pairs.collect::<Vec<_>>().join("&"));
    } else {
        redacted.push_str(query);
    }
    if fragment.len() > 1 {
        redacted.push_str(&format!("#{REDACTED}"));
    }
    redacted
}

/// Returns the value of a header without its secrets. Names of cookies, their attributes and the scheme of `Authorization` stay.
///
/// ```
/// use corsac_explain::secrets::redacted_header;
/// assert_eq!(redacted_header("cookie", "sid=31d4; theme=dark"), "sid=REDACTED; theme=REDACTED");
/// assert_eq!(redacted_header("Set-Cookie", "sid=31d4; Path=/; Secure"), "sid=REDACTED; Path=/; Secure");
/// assert_eq!(redacted_header("Authorization", "Bearer 31d4"), "Bearer REDACTED");
/// assert_eq!(redacted_header("Access-Control-Allow-Headers", "authorization, x-token"), "authorization, x-token");
/// ```
pub fn redacted_header(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None if pair.trim().is_empty() => pair.to_owned(),
        None => REDACTED.to_owned(),
    };
    match name.as_str() {
        "cookie" | "cookie2" => value.split(';').map(pair).collect::<Vec<_>>().join(";"),
        "set-cookie" | "set-cookie2" => {
            // Some recordings join several with a line feed.
            let cookies = value.split('\n').map(|cookie| match cookie.split_once(';') {
                Some((first, attributes)) => format!("{};{attributes}", pair(first)),
                None => pair(cookie),
            });
            cookies.collect::<Vec<_>>().join("\n")
        }
        "authorization" | "proxy-authorization" => match value.trim().split_once(' ') {
            Some((scheme, _)) => format!("{scheme} {REDACTED}"),
            None if value.trim().is_empty() => value.to_owned(),
            None => REDACTED.to_owned(),
        },
        "www-authenticate" | "proxy-authenticate" | "origin" | "sec-websocket-key" => redacted_text(value),
        name if is_cors_header(name) => redacted_text(value),
        name if is_secret_name(name) || name.ends_with("-key") || name.contains("session") => {
            if value.is_empty() { String::new() } else { REDACTED.to_owned() }
        }
        "location" | "referer" | "content-location" | ":path" => redacted_url(value),
        _ => redacted_text(value),
    }
}

/// Returns a text without web tokens, bearer tokens, and secrets in the URLs that it contains.
///
/// ```
/// use corsac_explain::secrets::redacted_text;
/// assert_eq!(redacted_text("see <https://a.example/?sig=f00> (eyJh.eyJz.c)"), "see <https://a.example/?sig=REDACTED> (REDACTED)");
/// assert_eq!(redacted_text(r#"{"access_token": "31d4c0de-77", "code": 7}"#), r#"{"access_token": "REDACTED", "code": 7}"#);
/// ```
pub fn redacted_text(text: &str) -> String {
    redacted_text_with(text, redacted_url)
}

/// Like [`redacted_text`], but with all values of the parameters of URLs redacted.
pub(crate) fn redacted_text_and_parameters(text: &str) -> String {
    redacted_text_with(text, redacted_parameters)
}

fn redacted_text_with(text: &str, redacted_url: fn(&str) -> String) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    // What a search without success passed over need not be passed over again: what follows there is a part of the same.
    let (mut no_token_until, mut no_secret_until) = (0, 0);
    while let Some(first) = rest.chars().next() {
        let at = text.len().saturating_sub(rest.len());
        let word_length = rest.find(|character| !is_of_word(character)).unwrap_or(rest.len());
        if word_length == 0 {
            redacted.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (word, after) = rest.split_at(word_length);
        let consumed = if after.starts_with("://") {
            let is_end = |character: char| character.is_whitespace() || "\"'<>`\\(){}[]".contains(character);
            let length = rest.find(is_end).unwrap_or(rest.len());
            redacted.push_str(&redacted_url(rest.get(..length).unwrap_or_default()));
            length
        } else if let Some(length) = web_token_at_start(rest, at, &mut no_token_until) {
            redacted.push_str(REDACTED);
            length
        } else if let Some((kept, hidden)) =
            secret_after_name(word, after, at.saturating_add(word_length), &mut no_secret_until)
        {
            redacted.push_str(word);
            redacted.push_str(after.get(..kept).unwrap_or_default());
            redacted.push_str(REDACTED);
            word_length.saturating_add(kept).saturating_add(hidden)
        } else {
            redacted.push_str(word);
            word_length
        };
        rest = rest.get(consumed..).unwrap_or_default();
    }
    redacted
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

/// Returns the length of the web token at the beginning of a text, which is the rest of one from `at` on.
fn web_token_at_start(text: &str, at: usize, none_until: &mut usize) -> Option<usize> {
    if at < *none_until || !text.starts_with("eyJ") {
        return None;
    }
    let is_end = |character| !is_of_word(character) && !matches!(character, '.' | '=');
    let length = text.find(is_end).unwrap_or(text.len());
    *none_until = at.saturating_add(length);
    text.get(..length).filter(|token| is_web_token(token)).map(str::len)
}

/// Finds the value that follows the name of a secret, as in `token=...` and `"token": "..."`. Returns how much to keep, and how much to hide.
/// `after` is the rest of a text from `at` on.
fn secret_after_name(name: &str, after: &str, at: usize, none_until: &mut usize) -> Option<(usize, usize)> {
    /// Shorter ones are words, as in `token: invalid`, or numbers, as in `code: 403`.
    const SHORTEST: usize = 10;
    let is_bearer = after.starts_with(' ') && name.eq_ignore_ascii_case("bearer");
    // Most words are followed by something else, and names take time.
    if !(is_bearer || has_separator(after) && is_secret_name(name)) {
        return None;
    }
    let value = after.trim_start_matches(['"', '\'', ' ', '\\']);
    let value = match value.strip_prefix([':', '=']) {
        Some(value) => value.trim_start_matches(['"', '\'', ' ', '\\']),
        None if is_bearer => value,
        None => return None,
    };
    let kept = after.len().saturating_sub(value.len());
    let at = at.saturating_add(kept);
    if at < *none_until {
        return None;
    }
    let is_end = |character: char| character.is_whitespace() || "\"'\\,;&<>(){}[]".contains(character);
    let hidden = value.find(is_end).unwrap_or(value.len());
    let hides = value.get(..hidden).is_some_and(|value| {
        value.len() >= SHORTEST && value != REDACTED && value.bytes().any(|byte| byte.is_ascii_digit())
    });
    *none_until = at.saturating_add(hidden);
    hides.then_some((kept, hidden))
}

/// Returns `true` if `:` or `=` follows, perhaps after quotes.
fn has_separator(after: &str) -> bool {
    after.trim_start_matches(['"', '\'', ' ', '\\']).starts_with([':', '='])
}

fn redacted_url_where(url: &str, is_secret: &dyn Fn(&str, &str) -> bool) -> String {
    let (before, fragment) = split_before(url, &['#']);
    let (before, query) = split_before(before, &['?']);
    let (scheme, rest) = match before.find("//") {
        Some(at) if before.get(..at).is_some_and(|scheme| scheme.is_empty() || scheme.ends_with(':')) => {
            before.split_at(at.saturating_add(2))
        }
        _ => ("", before),
    };
    let (authority, path) = if scheme.is_empty() { ("", rest) } else { split_before(rest, &['/', '\\']) };
    let mut redacted = scheme.to_owned();
    match authority.rsplit_once('@') {
        Some((user, host)) => {
            let password = if user.contains(':') { format!(":{REDACTED}") } else { String::new() };
            redacted.push_str(&format!("{REDACTED}{password}@{host}"));
        }
        None => redacted.push_str(authority),
    }
    let segments = path.split('/').map(|segment| {
        let parts = segment.split(';').map(|part| match part.split_once('=') {
            Some((name, value)) if is_secret(name, value) => format!("{name}={REDACTED}"),
            _ if is_web_token(part) => REDACTED.to_owned(),
            _ => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join(";")
    });
    redacted.push_str(&segments.collect::<Vec<_>>().join("/"));
    for part in [query, fragment] {
        let Some(mark) = part.chars().next() else { continue };
        let pairs = part.get(1..).unwrap_or_default().split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_secret(name, value) => {
                format!("{name}={REDACTED}")
            }
            None if is_web_token(pair) => REDACTED.to_owned(),
            _ => pair.to_owned(),
        });
        redacted.push(mark);
        redacted.push_str(&pairs.collect::<Vec<_>>().join("&"));
    }
    redacted
}

/// Returns `true` if a percent-encoded value is itself a URL, or a list of parameters, that has secrets.
fn has_secrets_inside(value: &str) -> bool {
    if !value.contains('%') && !value.contains("://") {
        return false;
    }
    let value = decoded(value);
    let is_secret = |name: &str, value: &str| is_secret_name(name) || is_web_token(value);
    value.contains(['=', '@']) && redacted_url_where(&value, &is_secret) != value
}

fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    url::form_urlencoded::parse(text.replace('&', "%26").replace('=', "%3D").as_bytes())
        .next()
        .map(|(text, _)| text.into_owned())
        .unwrap_or_default()
}

/// Splits before the first of these characters.
fn split_before<'t>(text: &'t str, marks: &[char]) -> (&'t str, &'t str) {
    text.split_at(text.find(marks).unwrap_or(text.len()))
}
