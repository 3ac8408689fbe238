//! Secrets in a text that somebody pastes.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{REDACTED, is_secret_name};

/// `name=value`, `name: value` or `"name": "value"`, wherever it stands in a text, up to the third character of the value.
static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?P<name>[A-Za-z][A-Za-z0-9_.%\[\]-]{1,60})(?P<is>["']?\s?=\s?["']?|["']?\s?:\s?["']?)(?P<value>[^\s"'&;,<>()/][^\s"'&;,<>()]{2})"#,
    )
    .ok()
});
/// A parameter of a URL that is itself the value of a parameter, and so percent-encoded, perhaps several times.
static ENCODED_PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?P<start>%(?:25){0,3}(?:3f|26|23))(?P<name>[a-z][a-z0-9_.-]{1,60})(?P<is>%(?:25){0,3}3d)(?:[^\s"'&;,<>()%]|%(?:25){0,3}(?:[014-9a-f][0-9a-f]|2[0-247-9a-f]|3[0-9a-e]))+"#,
    )
    .ok()
});
/// A header whose whole line is secret. The scheme of `Authorization` is kept.
static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?P<name>(?:proxy-)?authorization|(?:set-)?cookie)(?P<is>["']?\s?:\s?["']?)(?P<scheme>(?:bearer|basic|digest|token|negotiate)\s+)?(?P<value>[^\n"']+)"#,
    )
    .ok()
});
/// `user:password@` in a URL.
static USER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?P<start>[a-z][a-z0-9+.-]*://)[^\s/?#'<>]+@").ok());
static WEB_TOKEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"eyJ[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_.=+/-]*").ok());
static BEARER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?P<scheme>bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}").ok());

/// Returns a text in which the values of cookies, `Authorization`, tokens, signatures and passwords are [`REDACTED`]. Names, and the scheme
/// of `Authorization`, are kept.
///
/// ```
/// use corsac_explain::secrets::redacted;
///
/// assert_eq!(redacted("GET https://a.example/?page=2&token=s3cret 401"), "GET https://a.example/?page=2&token=REDACTED 401");
/// assert_eq!(redacted("at 'https://a.example/x?token=s3cret' from"), "at 'https://a.example/x?token=REDACTED' from");
/// assert_eq!(redacted("Authorization: Bearer s3cret"), "Authorization: Bearer REDACTED");
/// assert_eq!(redacted("https://user:s3cret@a.example/"), "https://REDACTED@a.example/");
/// assert_eq!(redacted("Status code: 502"), "Status code: 502");
/// ```
pub fn redacted(text: &str) -> String {
    let mut text = text.to_owned();
    let mut replace = |expression: &Option<Regex>, with: &dyn Fn(&Captures<'_>) -> String| {
        if let Some(expression) = expression.as_ref().filter(|expression| expression.is_match(&text)) {
            text = expression.replace_all(&text, with).into_owned();
        }
    };
    let part = |captures: &Captures<'_>, name: &str| {
        captures.name(name).map_or_else(String::new, |part| part.as_str().to_owned())
    };
    replace(&WEB_TOKEN, &|_| REDACTED.to_owned());
    replace(&HEADER, &|captures| {
        format!("{}{}{}{REDACTED}", part(captures, "name"), part(captures, "is"), part(captures, "scheme"))
    });
    replace(&BEARER, &|captures| format!("{} {REDACTED}", part(captures, "scheme")));
    replace(&USER, &|captures| format!("{}{REDACTED}@", part(captures, "start")));
    replace(&ENCODED_PAIR, &|captures| {
        let value = match captures.get(0) {
            Some(whole) if !is_secret_name(&part(captures, "name")) => return whole.as_str().to_owned(),
            _ => REDACTED,
        };
        format!("{}{}{}{value}", part(captures, "start"), part(captures, "name"), part(captures, "is"))
    });
    without_pairs(&text)
}

/// Returns a text without the values of secrets that stand behind their names.
fn without_pairs(text: &str) -> String {
    let is_end = |character: char| character.is_whitespace() || "\"'&;,<>()".contains(character);
    let (mut redacted, mut done, mut at) = (String::with_capacity(text.len()), 0, 0);
    while let Some(captures) = PAIR.as_ref().and_then(|expression| expression.captures_at(text, at)) {
        let (Some(name), Some(is), Some(value)) =
            (captures.name("name"), captures.name("is"), captures.name("value"))
        else {
            break;
        };
        // What is no secret can hold one: `url: https://a.example/?token=...`.
        at = value.start();
        let rest = text.get(at..).unwrap_or_default();
        // "Status code: 502" is not the code of a login, and a colon needs more of a name than `=` does.
        let is_long_enough = is.as_str().contains('=') || name.len() > 4;
        if is_long_enough && is_secret_name(name.as_str()) && !is_redacted(rest) {
            redacted.push_str(text.get(done..at).unwrap_or_default());
            redacted.push_str(REDACTED);
            at = at.saturating_add(rest.find(is_end).unwrap_or(rest.len()));
            done = at;
        }
    }
    redacted.push_str(text.get(done..).unwrap_or_default());
    redacted
}

/// Returns `true` for the rest of a text whose first value is redacted already, perhaps behind the scheme of `Authorization`.
fn is_redacted(rest: &str) -> bool {
    const SCHEMES: [&str; 5] = ["bearer", "basic", "digest", "token", "negotiate"];
    let is_behind = |scheme: &str| {
        let (first, after) = rest.split_at_checked(scheme.len()).unwrap_or_default();
        first.eq_ignore_ascii_case(scheme)
            && after.starts_with(char::is_whitespace)
            && after.trim_start().starts_with(REDACTED)
    };
    rest.starts_with(REDACTED) || SCHEMES.into_iter().any(is_behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by `scripts/fuzz pasted`, apart from the first.
    #[test]
    fn a_secret_within_a_value_is_removed() {
        let table = [
            ("a header's own line", "Authorization: Bearer s3cret0123", "Authorization: Bearer REDACTED"),
            (
                "a URL behind its name",
                "url: https://a.example/?token=s3cret0123",
                "url: https://a.example/?token=REDACTED",
            ),
            (
                "a URL in a URL",
                "https://a.example/?next=https://b.example/?token=s3cret0123&page=2",
                "https://a.example/?next=https://b.example/?token=REDACTED&page=2",
            ),
            (
                "an encoded URL in a URL",
                "https://a.example/?next=https%3A%2F%2Fb.example%3Fsid%3Ds3cret0123%26page%3D2",
                "https://a.example/?next=https%3A%2F%2Fb.example%3Fsid%3DREDACTED%26page%3D2",
            ),
            (
                "one that is encoded twice",
                "next=https%253A%252F%252Fb.example%253Ftoken%253Ds3cret%252F0123%2526page%253D2",
                "next=https%253A%252F%252Fb.example%253Ftoken%253DREDACTED%2526page%253D2",
            ),
            ("a password with `@`", "https://me:s3cret@0123@a.example/", "https://REDACTED@a.example/"),
            ("a scheme in capitals", "HTTPS://me:s3cret0123@a.example/", "HTTPS://REDACTED@a.example/"),
            (
                "no secret",
                "a=b=c next=https%3A%2F%2Fb.example%3Fpage%3D2",
                "a=b=c next=https%3A%2F%2Fb.example%3Fpage%3D2",
            ),
        ];
        for (name, given, expected) in table {
            assert_eq!(redacted(given), expected, "{name}");
            assert_eq!(redacted(expected), expected, "{name}, once more");
        }
    }
}
