//! The charset of a `Content-Type` that script set, which [send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send) rewrites: a string
//! is always sent as UTF-8. This comes before the fetch, and decides whether a combined value is safelisted.

use super::body::BodyKind;
use super::engine::XhrCharset;
use crate::header::MimeType;

/// send(), step 4, "If originalAuthorContentType is non-null": the value as the fetch gets it.
pub(crate) fn as_sent(given: &[u8], body: &BodyKind, rule: XhrCharset) -> Vec<u8> {
    let is_text = match rule {
        XhrCharset::OfStrings => matches!(body, BodyKind::Text),
        XhrCharset::OfStringsAndForms | XhrCharset::InPlace => {
            matches!(body, BodyKind::Text | BodyKind::UrlSearchParams)
        }
        XhrCharset::OnWire => false,
    };
    match rule {
        _ if !is_text => given.to_vec(),
        XhrCharset::InPlace => with_values_replaced(given),
        _ => as_utf8(given),
    }
}

/// Engine difference: see [`XhrCharset::OnWire`].
pub(crate) fn on_wire(given: &[u8], body: &BodyKind) -> Vec<u8> {
    match body {
        BodyKind::Text => as_utf8(given),
        BodyKind::UrlSearchParams => with_values_up_to_commas_replaced(given),
        _ => given.to_vec(),
    }
}

/// Parsed, given the charset, and serialized, unless it is UTF-8 already.
fn as_utf8(given: &[u8]) -> Vec<u8> {
    let Some(mut parsed) = MimeType::parse(given) else {
        return given.to_vec();
    };
    match parsed.parameter_mut("charset") {
        Some(charset) if !charset.eq_ignore_ascii_case("utf-8") => {
            "UTF-8".clone_into(charset);
            parsed.serialize()
        }
        _ => given.to_vec(),
    }
}

/// Engine difference: see [`XhrCharset::InPlace`].
fn with_values_replaced(given: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(given.len());
    let mut copied = 0_usize;
    while let Some((start, end)) = next_charset(given, copied) {
        replaced.extend_from_slice(given.get(copied..start).unwrap_or_default());
        replaced.extend_from_slice(b"UTF-8");
        copied = end;
    }
    replaced.extend_from_slice(given.get(copied..).unwrap_or_default());
    replaced
}

/// The same, as Firefox does it: quotation marks belong to the value, and a comma ends it.
fn with_values_up_to_commas_replaced(given: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = b"charset=";
    let mut replaced = Vec::with_capacity(given.len());
    let mut rest = given;
    while let Some(at) = rest.windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME)) {
        let (before, value) = rest.split_at(at.saturating_add(NAME.len()));
        replaced.extend_from_slice(before);
        replaced.extend_from_slice(b"UTF-8");
        rest = skip(value, |byte| !matches!(byte, b';' | b','));
    }
    replaced.extend_from_slice(rest);
    replaced
}

/// Where the value of the next charset begins and ends. A value that is empty ends the search, as does a charset at the very start.
fn next_charset(given: &[u8], searched: usize) -> Option<(usize, usize)> {
    const NAME: &[u8] = b"charset";
    let mut from = searched;
    loop {
        let windows = given.get(from..)?.windows(NAME.len());
        let at =
            from.checked_add(windows.into_iter().position(|window| window.eq_ignore_ascii_case(NAME))?)?;
        let before = given.get(..at)?.last()?;
        from = at.checked_add(NAME.len())?;
        if *before > b' ' && *before != b';' {
            continue;
        }
        let value = skip(given.get(from..)?, |byte| byte <= b' ');
        let Some(value) = value.strip_prefix(b"=") else { continue };
        let value = skip(value, |byte| byte <= b' ' || matches!(byte, b'"' | b'\''));
        let start = given.len().checked_sub(value.len())?;
        let ends = |byte: &u8| *byte <= b' ' || matches!(byte, b'"' | b'\'' | b';');
        let length = value.iter().position(ends).unwrap_or(value.len());
        return (length > 0).then_some((start, start.checked_add(length)?));
    }
}

fn skip(bytes: &[u8], is_skipped: impl Fn(u8) -> bool) -> &[u8] {
    let start = bytes.iter().position(|byte| !is_skipped(*byte)).unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the browsers sent (catalogue `xhr-charset/*`).
    #[test]
    fn a_text_is_sent_as_utf_8() {
        let cases = [
            ("text/plain;charset=latin1", "text/plain;charset=UTF-8", "text/plain;charset=UTF-8"),
            ("text/plain;charset=utf-8", "text/plain;charset=utf-8", "text/plain;charset=UTF-8"),
            ("text/plain;charset=\"utf-8\"", "text/plain;charset=\"utf-8\"", "text/plain;charset=\"UTF-8\""),
            ("text/plain", "text/plain", "text/plain"),
            ("charset=latin1", "charset=latin1", "charset=latin1"),
            (
                "text/plain;charset=utf-8, text/plain;x=\"y\"",
                "text/plain;charset=UTF-8;x=y",
                "text/plain;charset=UTF-8 text/plain;x=\"y\"",
            ),
            (
                "text/plain;a=<, text/plain;charset=latin1",
                "text/plain;a=\"<, text/plain\";charset=UTF-8",
                "text/plain;a=<, text/plain;charset=UTF-8",
            ),
            (
                "text/plain; charset, text/plain;charset=x;charset=y",
                "text/plain;charset=UTF-8",
                "text/plain; charset, text/plain;charset=UTF-8;charset=UTF-8",
            ),
        ];
        let text = BodyKind::Text;
        for (given, webkit, chromium) in cases {
            let sent = |body, rule| String::from_utf8(as_sent(given.as_bytes(), body, rule)).unwrap();
            assert_eq!(sent(&text, XhrCharset::OfStrings), webkit, "{given}");
            assert_eq!(sent(&BodyKind::UrlSearchParams, XhrCharset::InPlace), chromium, "{given}");
            for unchanged in [
                sent(&BodyKind::BufferSource, XhrCharset::OfStringsAndForms),
                sent(&BodyKind::UrlSearchParams, XhrCharset::OfStrings),
                sent(&text, XhrCharset::OnWire),
            ] {
                assert_eq!(unchanged, given);
            }
        }
    }

    #[test]
    fn firefox_writes_a_charset_only_on_the_wire() {
        let cases = [
            ("text/plain;charset=latin1", "text/plain;charset=UTF-8", "text/plain;charset=UTF-8"),
            ("text/plain;charset=\"utf-8\"", "text/plain;charset=\"utf-8\"", "text/plain;charset=UTF-8"),
            (
                "text/plain;charset=utf-8, text/plain;x=\"y\"",
                "text/plain;charset=UTF-8;x=y",
                "text/plain;charset=UTF-8, text/plain;x=\"y\"",
            ),
        ];
        for (given, text, form) in cases {
            assert_eq!(on_wire(given.as_bytes(), &BodyKind::Text), text.as_bytes(), "{given}");
            assert_eq!(on_wire(given.as_bytes(), &BodyKind::UrlSearchParams), form.as_bytes(), "{given}");
            assert_eq!(on_wire(given.as_bytes(), &BodyKind::BufferSource), given.as_bytes());
        }
    }
}
