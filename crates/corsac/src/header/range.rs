//! `Range` with one range, the only form that needs no preflight.

use super::max_age::saturating_decimal;

/// The range of bytes that a `Range` header requests. It has at least one end, and its start is not after its end.
///
/// ```
/// use corsac::header::{RangeValue, parse_single_range};
/// // The last 500 bytes: without a start, a range needs a preflight.
/// assert_eq!(parse_single_range(b"bytes=-500", false), Some(RangeValue { start: None, end: Some(500) }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a range has two ends")]
pub struct RangeValue {
    /// The first byte; `None` in `bytes=-500`, the last 500 bytes. A number over [`u64::MAX`] becomes [`u64::MAX`].
    pub start: Option<u64>,
    /// The last byte; `None` in `bytes=500-`. A number over [`u64::MAX`] becomes [`u64::MAX`].
    pub end: Option<u64>,
}

/// [Parses a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value). `None` is failure.
///
/// Numbers of any length are compared exactly, even if they do not fit an integer.
///
/// ```
/// use corsac::header::parse_single_range;
///
/// let range = parse_single_range(b"bytes=0-499", false).unwrap();
/// assert_eq!((range.start, range.end), (Some(0), Some(499)));
/// assert!(parse_single_range(b"bytes=0-1,4-5", false).is_none());
/// assert!(parse_single_range(b"bytes = 0 - 499", true).is_some());
/// ```
pub fn parse_single_range(value: &[u8], allow_whitespace: bool) -> Option<RangeValue> {
    // 1-3
    parse_after_unit(value.strip_prefix(b"bytes")?, allow_whitespace)
}

/// The rest of [`parse_single_range`], after the unit. WebKit accepts the unit in any case.
pub(super) fn parse_after_unit(rest: &[u8], allow_whitespace: bool) -> Option<RangeValue> {
    let skip_whitespace =
        |rest| if allow_whitespace { skip(rest, |byte| matches!(byte, b'\t' | b' ')).1 } else { rest };
    // 4-7
    let rest = skip_whitespace(skip_whitespace(rest).strip_prefix(b"=")?);
    // 8-9
    let (start, rest) = skip(rest, |byte| byte.is_ascii_digit());
    // 10-13
    let rest = skip_whitespace(skip_whitespace(rest).strip_prefix(b"-")?);
    // 14-15
    let (end, rest) = skip(rest, |byte| byte.is_ascii_digit());
    // 16-17
    if !rest.is_empty() || (start.is_empty() && end.is_empty()) {
        return None;
    }
    // 18
    if !start.is_empty() && !end.is_empty() && magnitude(start) > magnitude(end) {
        return None;
    }
    // 19
    Some(RangeValue { start: saturating_decimal(start), end: saturating_decimal(end) })
}

/// Splits at the first byte that is not `wanted`.
fn skip(bytes: &[u8], wanted: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| !wanted(byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

/// A key that orders strings of digits by the numbers that they spell, however long they are. Without leading zeros, the longer number is
/// greater.
fn magnitude(digits: &[u8]) -> (usize, &[u8]) {
    let digits = skip(digits, |&byte| byte == b'0').1;
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_and_all_else_fails() {
        const BIG: &str = "99999999999999999999";
        type Ends = (Option<u64>, Option<u64>);
        let cases: &[(&str, bool, Option<Ends>)] = &[
            ("bytes=0-1", false, Some((Some(0), Some(1)))),
            ("bytes=5-5", false, Some((Some(5), Some(5)))),
            ("bytes=0-", false, Some((Some(0), None))),
            ("bytes=-5", false, Some((None, Some(5)))),
            ("bytes=007-08", false, Some((Some(7), Some(8)))),
            ("bytes=10-9", false, None),
            ("bytes=10-09", false, None),
            ("bytes=09-10", false, Some((Some(9), Some(10)))),
            ("bytes=-", false, None),
            ("bytes=", false, None),
            ("bytes", false, None),
            ("byte", false, None),
            ("", false, None),
            ("bytes0-1", false, None),
            ("Bytes=0-1", false, None),
            ("BYTES=0-1", false, None),
            (" bytes=0-1", false, None),
            (" bytes=0-1", true, None),
            ("bytes=0-1 ", false, None),
            ("bytes=0-1 ", true, None),
            ("bytes =0-1", false, None),
            ("bytes= 0-1", false, None),
            ("bytes=0 -1", false, None),
            ("bytes=0- 1", false, None),
            ("bytes\t = \t0 \t- \t1", true, Some((Some(0), Some(1)))),
            ("bytes = 0 -", true, Some((Some(0), None))),
            ("bytes = 0 - ", true, Some((Some(0), None))),
            ("bytes=0 1-2", true, None),
            ("bytes=0-1,2-3", false, None),
            ("bytes=0-1,", false, None),
            ("bytes=0--1", false, None),
            ("bytes=+0-1", false, None),
            ("bytes=0x0-1", false, None),
            ("bytes=a-b", false, None),
            ("seconds=0-1", false, None),
            ("bytes=٣-", false, None),
            ("bytes=99999999999999999999-", false, Some((Some(u64::MAX), None))),
            ("bytes=0-99999999999999999999", false, Some((Some(0), Some(u64::MAX)))),
            ("bytes=99999999999999999999-99999999999999999998", false, None),
            (
                "bytes=99999999999999999998-99999999999999999999",
                false,
                Some((Some(u64::MAX), Some(u64::MAX))),
            ),
            ("bytes=00000000000000000000001-2", false, Some((Some(1), Some(2)))),
        ];
        for (value, whitespace, expected) in cases {
            let range = parse_single_range(value.as_bytes(), *whitespace);
            assert_eq!(range.map(|range| (range.start, range.end)), *expected, "{value:?}");
        }
        let long = format!("bytes={}-{}", BIG.repeat(1000), BIG.repeat(1001));
        assert!(parse_single_range(long.as_bytes(), false).is_some());
    }
}
