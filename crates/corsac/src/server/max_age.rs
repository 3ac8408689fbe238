//! `max-age`: how long a browser may cache the response to a preflight, as people write it (`10m`).

use std::fmt::Write;
use std::time::Duration;

use http::HeaderValue;
#[cfg(feature = "serde")]
use serde::{Deserialize, Deserializer};

use super::shared::shared;
use crate::max_age_limits::{self, MAX_AGE_LIMITS};

/// The `max-age` of a policy that has none, in seconds: the longest that WebKit caches a response.
pub(super) const DEFAULT: u32 = seconds_of(max_age_limits::WEBKIT);

/// The longest that any engine caches a response, in seconds.
pub(super) const LONGEST: u32 = seconds_of(max_age_limits::FIREFOX);

/// The longest that Chromium caches a response, in seconds.
pub(super) const LONGEST_IN_CHROMIUM: u32 = seconds_of(max_age_limits::CHROMIUM);

#[allow(clippy::cast_possible_truncation)] // a day at most
const fn seconds_of(limit: Duration) -> u32 {
    limit.as_secs() as u32
}

/// `Firefox 1d, Chromium 2h, WebKit 10m`
pub(super) fn limits() -> String {
    let limit = |(engine, limit): (&str, Duration)| format!("{engine} {}", text(seconds_of(limit)));
    MAX_AGE_LIMITS.map(limit).join(", ")
}

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Returns the number of seconds in `1h30m`, `600s` or `600`; `None` if the string has another form. Saturates at `u64::MAX`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().unwrap_or(u64::MAX));
    }
    let (mut rest, mut total, mut units) = (text, 0_u64, UNITS.as_slice());
    while !rest.is_empty() {
        let (digits, tail) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let unit = tail.chars().next()?;
        // Each unit at most once, larger units first.
        let position = units.iter().position(|(name, _)| *name == unit)?;
        let (_, length) = units.get(position)?;
        units = units.get(position + 1..)?;
        let count: u64 = if digits.is_empty() { return None } else { digits.parse().unwrap_or(u64::MAX) };
        total = total.saturating_add(count.saturating_mul(*length));
        rest = tail.get(unit.len_utf8()..)?;
    }
    (!text.is_empty()).then_some(total)
}

/// Returns the shortest string for a number of seconds.
pub(super) fn text(seconds: u32) -> String {
    let (mut rest, mut text) = (u64::from(seconds), String::new());
    for (name, length) in UNITS {
        if rest >= length {
            // Writing to a string does not fail.
            let _ = write!(text, "{}{name}", rest / length);
            rest %= length;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Returns the value of `Access-Control-Max-Age`. The common values are static: cloning them writes no reference count that threads share.
pub(super) fn value(seconds: u32) -> HeaderValue {
    match seconds {
        0 => const { HeaderValue::from_static("0") },
        60 => const { HeaderValue::from_static("60") },
        300 => const { HeaderValue::from_static("300") },
        600 => const { HeaderValue::from_static("600") },
        3_600 => const { HeaderValue::from_static("3600") },
        7_200 => const { HeaderValue::from_static("7200") },
        86_400 => const { HeaderValue::from_static("86400") },
        _ => shared(HeaderValue::from(seconds)),
    }
}

/// `"10m"` or `600`.
#[cfg(feature = "serde")]
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum TextOrSeconds {
    Text(String),
    Seconds(i64),
}

#[cfg(feature = "serde")]
pub(super) fn text_or_seconds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(Option::<TextOrSeconds>::deserialize(deserializer)?.map(|value| match value {
        TextOrSeconds::Text(text) => text,
        TextOrSeconds::Seconds(seconds) => seconds.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_numbers_with_units() {
        let cases = [
            ("0", Some(0)),
            ("600", Some(600)),
            ("10m", Some(600)),
            ("1h30m", Some(5400)),
            ("1d", Some(86_400)),
            ("0s", Some(0)),
            ("99999999999999999999", Some(u64::MAX)),
            ("99999999999999999999d", Some(u64::MAX)),
            ("", None),
            ("-1", None),
            ("1.5h", None),
            ("10 m", None),
            ("10min", None),
            ("m", None),
            ("30m1h", None),
            ("1h1h", None),
            ("10ü", None),
            ("10M", None),
        ];
        for (given, expected) in cases {
            assert_eq!(seconds(given), expected, "{given}");
        }
    }

    #[test]
    fn the_header_value_is_the_number_of_seconds() {
        for seconds in (0..=600).chain([3_600, 3_601, 7_200, 86_399, 86_400]) {
            assert_eq!(value(seconds), seconds.to_string(), "{seconds}");
        }
    }

    #[test]
    fn the_string_of_a_length_reads_back() {
        for length in [0, 1, 59, 60, 61, 600, 3600, 5400, 86_399, 86_400, u32::MAX] {
            assert_eq!(seconds(&text(length)), Some(u64::from(length)), "{length}");
        }
        assert_eq!(text(5400), "1h30m");
    }
}
