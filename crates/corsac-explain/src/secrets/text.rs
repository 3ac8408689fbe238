//! Secrets in a text that somebody pastes.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{REDACTED, is_secret_name};

/// `name=value`, `name: value` or `"name": "value"`, wherever it stands in a text.
static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?P<name>[A-Za-z][A-Za-z0-9_.%\[\]-]{1,60})(?P<is>["']?\s?=\s?["']?|["']?\s?:\s?["']?)(?P<value>[^\s"'&;,<>()/][^\s"'&;,<>()]{2,})"#,
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
    LazyLock::new(|| Regex::new(r"(?P<start>[a-z][a-z0-9+.-]*://)[^\s/?#@'<>]+@").ok());
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
    let whole =
        |captures: &Captures<'_>| captures.get(0).map_or_else(String::new, |whole| whole.as_str().to_owned());
    replace(&WEB_TOKEN, &|_| REDACTED.to_owned());
    replace(&HEADER, &|captures| {
        format!("{}{}{}{REDACTED}", part(captures, "name"), part(captures, "is"), part(captures, "scheme"))
    });
    replace(&BEARER, &|captures| format!("{} {REDACTED}", part(captures, "scheme")));
    replace(&USER, &|captures| format!("{}{REDACTED}@", part(captures, "start")));
    replace(&PAIR, &|captures| {
        let (name, is) = (part(captures, "name"), part(captures, "is"));
        // "Status code: 502" is not the code of a login, and a colon needs more of a name than `=` does.
        let is_secret =
            if is.contains('=') { is_secret_name(&name) } else { is_secret_name(&name) && name.len() > 4 };
        let is_kept = part(captures, "value").starts_with(REDACTED);
        if is_secret && !is_kept { format!("{name}{is}{REDACTED}") } else { whole(captures) }
    });
    text
}
