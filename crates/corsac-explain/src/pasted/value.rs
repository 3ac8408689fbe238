//! Values as they stand in a paste: URLs and origins, or what people wrote in their place.

use url::Url;

/// Returns the URL, if it is an absolute one. What people put in its place (`<url>`, `{server}`, `https://...`) is not.
pub(super) fn url(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    let text = text.strip_suffix(')').filter(|rest| !rest.contains('(')).unwrap_or(text);
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.chars().all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character));
    let is_elided = |part: &str| {
        part.is_empty()
            || part.starts_with(['<', '{', '[', '(', '$', '*', '…', '.', '_'])
                && !part.starts_with("[::")
                && !part.starts_with("[1")
                && !part.starts_with("[2")
                && !part.starts_with("[f")
            || part.contains("...")
            || part.contains(['…', '<', '{', '*'])
    };
    if !is_scheme {
        return None;
    }
    match rest.strip_prefix("//") {
        Some(after) => {
            let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
            if scheme != "file" && is_elided(authority) {
                return None;
            }
        }
        None if matches!(
            scheme,
            "blob" | "data" | "file" | "about" | "javascript" | "mailto" | "tel" | "urn"
        ) => {}
        None => return None,
    }
    Url::parse(text).ok()?;
    Some(text.to_owned())
}

/// Returns the origin, if it is one: `null` is.
pub(super) fn origin(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ',']);
    if text == "null" {
        return Some(text.to_owned());
    }
    url(text)
}

/// Returns the origin of a page whose URL stands there.
pub(super) fn origin_of(page: &str) -> Option<String> {
    let origin = Url::parse(&url(page)?).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}
