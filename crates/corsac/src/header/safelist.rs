//! Which request headers may be sent to another origin without a preflight: [CORS-safelisted
//! request-headers](https://fetch.spec.whatwg.org/#cors-safelisted-request-header), and the names that a preflight has to ask for.

use super::HeaderList;
use super::mime::type_and_subtype;
use super::names::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, RANGE, USER_AGENT};
use super::range::{parse_after_unit, parse_single_range};

/// How an engine's safelist differs from the standard's. [`SafelistRules::SPEC`] is the standard. The profiles of
/// [`Engine`](crate::browser::Engine) have the rules of each engine.
///
/// ```
/// use corsac::{browser::Profile, header::{SafelistRules, is_safelisted_request_header}};
/// // The client hint `Save-Data` needs a preflight in the standard, but not in Chromium.
/// assert!(!is_safelisted_request_header("Save-Data", b"on", &SafelistRules::SPEC));
/// assert!(is_safelisted_request_header("Save-Data", b"on", &Profile::CHROMIUM.safelist));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SafelistRules {
    /// Whether the unit of a `Range` is compared without case: `Range: Bytes=0-1` then equals `bytes=0-1`.
    pub range_unit_ignores_case: bool,
    /// Whether the start and the end of a `Range` may have a plus sign: `bytes=+0-1`.
    pub range_allows_plus: bool,
    /// Whether bytes above ASCII make an `Accept` or a `Content-Type` unsafe.
    pub above_ascii_is_unsafe: bool,
    /// Whether a comma makes a `Content-Type` unsafe, even in its parameters.
    pub content_type_is_single: bool,
    /// The greatest number in a safelisted `Range`. `None` if there is no limit.
    pub range_limit: Option<u64>,
    /// More safelisted names, in lower case. A client hint is safelisted only with a value that is valid for it (a number for `dpr`, `on`
    /// for `save-data`), any other name with every value.
    pub extra_names: &'static [&'static str],
    /// How many bytes all safelisted values may have together. If they have more, the preflight asks for all their names. `None` if there
    /// is no limit.
    pub total_limit: Option<usize>,
    /// Whether lines of the same name are joined with `, ` and checked as one value. If not, each line is checked separately.
    pub joins_lines: bool,
    /// Whether a `User-Agent` set by script is ignored.
    pub user_agent_is_safe: bool,
    /// Whether a name that is unsafe on two lines is asked for twice.
    pub keeps_repeats: bool,
}

impl SafelistRules {
    /// The rules of the standard.
    ///
    /// ```
    /// use corsac::header::{HeaderList, SafelistRules, unsafe_request_header_names};
    /// // Nine values of 120 bytes, each safelisted, exceed the limit of 1,024 together.
    /// let headers: HeaderList = (0..9).map(|_| ("Accept", [b'a'; 120])).collect();
    /// assert_eq!(unsafe_request_header_names(&headers, &SafelistRules::SPEC), ["accept"]);
    /// ```
    pub const SPEC: Self = Self {
        range_unit_ignores_case: false,
        range_allows_plus: false,
        above_ascii_is_unsafe: false,
        content_type_is_single: false,
        range_limit: None,
        extra_names: &[],
        total_limit: Some(1024),
        joins_lines: false,
        user_agent_is_safe: false,
        keeps_repeats: false,
    };
}

impl Default for SafelistRules {
    fn default() -> Self {
        Self::SPEC
    }
}

/// Returns `true` for a [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
///
/// `value` must not have white space around it, as in every [`HeaderList`].
///
/// ```
/// use corsac::header::{SafelistRules, is_safelisted_request_header};
///
/// let is_safelisted = |name, value| is_safelisted_request_header(name, value, &SafelistRules::SPEC);
/// assert!(is_safelisted("Content-Type", b"text/plain;charset=utf-8"));
/// assert!(!is_safelisted("Content-Type", b"application/json"));
/// assert!(!is_safelisted("Authorization", b""));
/// ```
pub fn is_safelisted_request_header(name: &str, value: &[u8], rules: &SafelistRules) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if rules.user_agent_is_safe && is(USER_AGENT) {
        return true;
    }
    // 1
    if value.len() > 128 {
        return false;
    }
    // 2-3
    let has_unsafe_byte =
        || value.iter().any(is_unsafe_byte) || (rules.above_ascii_is_unsafe && !value.is_ascii());
    if is(ACCEPT) {
        !has_unsafe_byte()
    } else if is(ACCEPT_LANGUAGE) || is(CONTENT_LANGUAGE) {
        value.iter().all(is_language_byte)
    } else if is(CONTENT_TYPE) {
        let is_list = rules.content_type_is_single && value.contains(&b',');
        !has_unsafe_byte() && !is_list && is_form_type(value)
    } else if is(RANGE) {
        is_safe_range(value, rules)
    } else {
        rules.extra_names.iter().any(|extra| is(extra) && is_safe_extra(extra, value))
    }
}

/// Returns the [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) of a request: those that
/// a preflight has to ask for, in lower case, sorted. Allocates nothing if there is none.
///
/// ```
/// use corsac::header::{HeaderList, SafelistRules, unsafe_request_header_names};
///
/// let headers = HeaderList::from_iter([("X-B", "1"), ("Accept", "*/*"), ("X-A", "1"), ("x-b", "2")]);
/// assert_eq!(unsafe_request_header_names(&headers, &SafelistRules::SPEC), ["x-a", "x-b"]);
/// ```
pub fn unsafe_request_header_names(headers: &HeaderList, rules: &SafelistRules) -> Vec<String> {
    // 1-4
    let (mut names, safelisted_size) =
        if rules.joins_lines { judge_joined(headers, rules) } else { judge_lines(headers, rules) };
    // 5
    if rules.total_limit.is_some_and(|limit| safelisted_size > limit) {
        names = considered(headers, rules).map(|(name, _)| name.to_ascii_lowercase()).collect();
    }
    // 6
    names.sort_unstable();
    if !rules.keeps_repeats {
        names.dedup();
    }
    names
}

/// Checks each line separately. Returns the names that are not safelisted, and the size of the values that are.
fn judge_lines(headers: &HeaderList, rules: &SafelistRules) -> (Vec<String>, usize) {
    let (mut names, mut safelisted_size) = (Vec::new(), 0);
    for (name, value) in considered(headers, rules) {
        if is_safelisted_request_header(name, value, rules) {
            safelisted_size += value.len();
        } else {
            names.push(name.to_ascii_lowercase());
        }
    }
    (names, safelisted_size)
}

/// The same for engines that first join the lines of a name.
fn judge_joined(headers: &HeaderList, rules: &SafelistRules) -> (Vec<String>, usize) {
    // By safelisted name, not by line: joining for each line would be quadratic.
    let safelisted_names = || SAFELISTED_NAMES.iter().chain(rules.extra_names);
    let (mut names, mut safelisted_size) = (Vec::new(), 0);
    for &name in safelisted_names() {
        let Some(value) = headers.get(name) else { continue };
        if is_safelisted_request_header(name, &value, rules) {
            safelisted_size += value.len();
        } else {
            names.push(name.to_owned());
        }
    }
    for (name, _) in considered(headers, rules) {
        if !safelisted_names().any(|safelisted| name.eq_ignore_ascii_case(safelisted)) {
            names.push(name.to_ascii_lowercase());
        }
    }
    (names, safelisted_size)
}

/// The lines to check, as name and value.
fn considered<'a>(
    headers: &'a HeaderList,
    rules: &SafelistRules,
) -> impl Iterator<Item = (&'a str, &'a [u8])> {
    let skips_user_agent = rules.user_agent_is_safe;
    let lines = headers.iter().filter(move |line| !(skips_user_agent && line.is(USER_AGENT)));
    lines.map(|line| (line.name.as_str(), line.value.as_slice()))
}

const SAFELISTED_NAMES: &[&str] = &[ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, RANGE];

/// Returns `true` for a [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_unsafe_byte(byte: &u8) -> bool {
    matches!(
        byte,
        0..=0x08 | 0x0a..=0x1f | b'"' | b'(' | b')' | b':' | b'<' | b'>' | b'?' | b'@' | b'[' | b'\\' | b']' | b'{' | b'}' | 0x7f
    )
}

fn is_language_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'*' | b',' | b'-' | b'.' | b';' | b'=')
}

/// Step 2 for `Content-Type`: returns `true` for the types that an HTML form can send.
fn is_form_type(value: &[u8]) -> bool {
    const FORM_TYPES: [(&str, &str); 3] =
        [("application", "x-www-form-urlencoded"), ("multipart", "form-data"), ("text", "plain")];
    type_and_subtype(value).is_some_and(|(kind, subtype)| {
        let is = |bytes: &[u8], name: &str| bytes.eq_ignore_ascii_case(name.as_bytes());
        FORM_TYPES.iter().any(|(form_kind, form_subtype)| is(kind, form_kind) && is(subtype, form_subtype))
    })
}

/// Step 2 for `Range`: returns `true` for one range, without white space, with a start.
fn is_safe_range(value: &[u8], rules: &SafelistRules) -> bool {
    let without_plus;
    let value = if rules.range_allows_plus {
        without_plus = drop_plus(value);
        &without_plus
    } else {
        value
    };
    let range = match value.split_at_checked(b"bytes".len()) {
        Some((unit, rest)) if rules.range_unit_ignores_case && unit.eq_ignore_ascii_case(b"bytes") => {
            parse_after_unit(rest, false)
        }
        _ => parse_single_range(value, false),
    };
    range.is_some_and(|range| range.start.is_some())
        && rules.range_limit.is_none_or(|limit| numbers_are_within(value, limit))
}

/// Returns `true` if every number of the value is at most `limit`. One that does not fit 64 bits exceeds any limit.
fn numbers_are_within(value: &[u8], limit: u64) -> bool {
    let numbers = value.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let mut parsed = numbers.map(|digits| std::str::from_utf8(digits).ok()?.parse::<u64>().ok());
    parsed.all(|number| number.is_some_and(|number| number <= limit))
}

/// The value without a plus sign before its first or second number.
fn drop_plus(value: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(value.len());
    for (index, byte) in value.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| value.get(before));
        let after = index.checked_add(1).and_then(|after| value.get(after));
        let is_sign =
            *byte == b'+' && matches!(before, Some(b'=' | b'-')) && after.is_some_and(u8::is_ascii_digit);
        if !is_sign {
            plain.push(*byte);
        }
    }
    plain
}

/// Returns `true` if the client hint called `name` can have this value. A name that is not a client hint can have any value.
///
/// Chromium checks this in `IsCorsSafelistedHeader` (services/network/public/cpp/cors/cors.cc, as of about the end of 2024).
fn is_safe_extra(name: &str, value: &[u8]) -> bool {
    match name {
        "device-memory" | "downlink" | "dpr" => is_decimal_fraction(value),
        "rtt" | "viewport-width" | "width" => is_digits(value),
        "ect" => matches!(value, b"slow-2g" | b"2g" | b"3g" | b"4g"),
        "save-data" => value.eq_ignore_ascii_case(b"on"),
        _ => true,
    }
}

/// Returns `true` for digits, optionally with a point and digits after it.
fn is_decimal_fraction(value: &[u8]) -> bool {
    let mut parts = value.splitn(2, |&byte| byte == b'.');
    parts.next().is_some_and(is_digits) && parts.next().is_none_or(is_digits)
}

fn is_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests;
