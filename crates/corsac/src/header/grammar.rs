//! The grammar that the CORS headers share: comma-separated lists of tokens, on one line or several, and the split that respects quoted
//! strings.

use std::borrow::Cow;
use std::fmt;

use super::HeaderList;
use crate::method::is_token;
use crate::text::{Printable, QUOTED};

impl HeaderList {
    /// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) for the headers whose grammar is a list of
    /// tokens: `Access-Control-Allow-Methods`, `-Allow-Headers`, `-Expose-Headers` and `-Request-Headers`. Returns `None` if there is no
    /// such line.
    ///
    /// Empty items are skipped, as [RFC 9110](https://httpwg.org/specs/rfc9110.html#abnf.extension.recipient) requires of recipients. One
    /// item that is not a token makes the whole header fail, with all its lines.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    ///
    /// let headers = HeaderList::from_iter([("Access-Control-Allow-Methods", "PUT, , PATCH"), ("access-control-allow-methods", "*")]);
    /// assert_eq!(headers.extract_tokens("access-control-allow-methods"), Some(Ok(vec!["PUT".into(), "PATCH".into(), "*".into()])));
    ///
    /// let headers = HeaderList::from_iter([("Access-Control-Allow-Methods", "GET; PUT")]);
    /// let error = headers.extract_tokens("access-control-allow-methods").unwrap().unwrap_err();
    /// assert_eq!(error.item, "GET; PUT");
    /// ```
    pub fn extract_tokens(&self, name: &str) -> Option<Result<Vec<String>, InvalidItem>> {
        // 1
        if !self.contains(name) {
            return None;
        }
        // 2: does not apply, as a list may be on any number of lines. 3-5
        let tokens = self.all(name).flat_map(|line| {
            list_tokens(line).map(move |token| match token {
                Ok(token) => Ok(token.to_owned()),
                Err(item) => Err(InvalidItem::new(item, line)),
            })
        });
        Some(tokens.collect())
    }

    /// [Get, decode, and split](https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split): returns the comma-separated values of
    /// all lines called `name`. Commas within quotes do not separate. Returns `None` if there is no such line.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    ///
    /// let headers = HeaderList::from_iter([("Timing-Allow-Origin", "https://a.example, *"), ("Timing-Allow-Origin", "")]);
    /// let values = headers.get_decode_and_split("timing-allow-origin").unwrap();
    /// assert_eq!(values, ["https://a.example", "*", ""]);
    /// ```
    pub fn get_decode_and_split(&self, name: &str) -> Option<Vec<String>> {
        self.get(name).map(|value| get_decode_and_split(&value))
    }
}

/// An item of a list that should be a token and is not, with the value of its header line.
///
/// ```
/// let headers = corsac::header::HeaderList::from_iter([("Access-Control-Allow-Headers", "X-A, \"X-B\"")]);
/// let invalid = headers.extract_tokens("Access-Control-Allow-Headers").unwrap().unwrap_err();
/// assert_eq!(invalid.item, "\"X-B\""); // because of this item, `X-A` is not allowed either
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidItem {
    /// The item, without the white space around it. Bytes that are not UTF-8 are replaced by U+FFFD.
    pub item: String,
    /// The value of the whole line.
    pub value: String,
}

impl InvalidItem {
    fn new(item: &[u8], value: &[u8]) -> Self {
        let text = |bytes| Cow::into_owned(String::from_utf8_lossy(bytes));
        Self { item: text(item), value: text(value) }
    }
}

impl fmt::Display for InvalidItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` in `{}` is not a token: a list separates names with commas and nothing else",
            Printable::new(&self.item, QUOTED),
            Printable::new(&self.value, QUOTED)
        )
    }
}

impl std::error::Error for InvalidItem {}

/// Returns the items of a list in one header line, by the list grammar of
/// [RFC 9110](https://httpwg.org/specs/rfc9110.html#abnf.extension). It splits at commas, removes spaces and tabs around items, and skips
/// empty items. It does not check the items.
///
/// ```
/// let items: Vec<&[u8]> = corsac::header::list_items(b", a,\t b c ,,").collect();
/// assert_eq!(items, [&b"a"[..], b"b c"]);
/// ```
pub fn list_items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(trim_tabs_and_spaces).filter(|item| !item.is_empty())
}

/// Returns the tokens of a list in one header line. An item that is not a token is returned as an error.
///
/// ```
/// let tokens: Vec<_> = corsac::header::list_tokens(b"ETag, (x)").collect();
/// assert_eq!(tokens, [Ok("ETag"), Err(&b"(x)"[..])]);
/// ```
pub fn list_tokens(value: &[u8]) -> impl Iterator<Item = Result<&str, &[u8]>> {
    list_items(value).map(|item| match std::str::from_utf8(item) {
        Ok(text) if is_token(item) => Ok(text),
        _ => Err(item),
    })
}

/// [Gets, decodes, and splits](https://fetch.spec.whatwg.org/#header-value-get-decode-and-split) a value: commas separate, except within
/// quotes. Every byte becomes the character with the same number, and the quotes stay.
///
/// ```
/// use corsac::header::get_decode_and_split;
///
/// assert_eq!(get_decode_and_split(br#""1,2", 3"#), [r#""1,2""#, "3"]);
/// assert_eq!(get_decode_and_split(b""), [""]);
/// ```
pub fn get_decode_and_split(value: &[u8]) -> Vec<String> {
    // 5: one pass. A backslash escapes the next byte, within quotes only. Quotes that are never closed extend to the end.
    let (mut quoted, mut escaped) = (false, false);
    let values = value.split(|&byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' => return !quoted,
            _ => {}
        }
        false
    });
    // 1, 5.3
    values.map(|value| trim_tabs_and_spaces(value).iter().copied().map(char::from).collect()).collect()
}

/// Drops the [HTTP tab or space bytes](https://fetch.spec.whatwg.org/#http-tab-or-space-byte) at both ends.
fn trim_tabs_and_spaces(mut value: &[u8]) -> &[u8] {
    while let [b'\t' | b' ', rest @ ..] | [rest @ .., b'\t' | b' '] = value {
        value = rest;
    }
    value
}

#[cfg(test)]
mod tests;
