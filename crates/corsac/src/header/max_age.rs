//! `Access-Control-Max-Age`: the standard's grammar, and the other values that servers send. These are distinguished because engines treat
//! them differently.

use std::fmt;

use super::{HeaderList, names::ACCESS_CONTROL_MAX_AGE};
use crate::text::{Printable, QUOTED};

/// What [`Access-Control-Max-Age`](https://fetch.spec.whatwg.org/#http-access-control-max-age) says.
///
/// The standard distinguishes two cases: a number ([`Seconds`](Self::Seconds), [`Overflow`](Self::Overflow)), and failure, after which the
/// age is 5 seconds. Engines treat failures in different ways, so each kind has a variant here.
///
/// ```
/// use corsac::header::MaxAge;
/// assert_eq!(MaxAge::classify(b"600"), MaxAge::Seconds(600));
/// assert_eq!(MaxAge::classify(b"600s"), MaxAge::Malformed); // 5 seconds in the standard, none in Firefox
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaxAge {
    /// A number of seconds, at most [`i64::MAX`].
    Seconds(u64),
    /// A number over [`i64::MAX`]. It is valid in the standard; Chromium and WebKit cannot represent it.
    Overflow,
    /// `-` and a number.
    Negative,
    /// `+` and a number. A number over [`u64::MAX`] is returned as [`u64::MAX`].
    LeadingPlus(u64),
    /// Several lines. The grammar allows one.
    Repeated,
    /// An empty line.
    Empty,
    /// Anything else, such as `10.5`, `10, 10` or `1h`.
    Malformed,
}

impl MaxAge {
    /// Classifies the value of one line. Never returns [`Repeated`](Self::Repeated).
    ///
    /// ```
    /// use corsac::header::MaxAge;
    ///
    /// assert_eq!(MaxAge::classify(b"600"), MaxAge::Seconds(600));
    /// assert_eq!(MaxAge::classify(b"99999999999999999999"), MaxAge::Overflow);
    /// assert_eq!(MaxAge::classify(b"-1"), MaxAge::Negative);
    /// assert_eq!(MaxAge::classify(b"10m"), MaxAge::Malformed);
    /// ```
    pub fn classify(value: &[u8]) -> Self {
        let (sign, digits) = match value {
            [] => return Self::Empty,
            [sign @ (b'-' | b'+'), digits @ ..] => (Some(sign), digits),
            digits => (None, digits),
        };
        match (sign, saturating_decimal(digits)) {
            (None, Some(seconds)) if seconds > i64::MAX as u64 => Self::Overflow,
            (None, Some(seconds)) => Self::Seconds(seconds),
            (Some(b'-'), Some(_)) => Self::Negative,
            (Some(_), Some(seconds)) => Self::LeadingPlus(seconds),
            (_, None) => Self::Malformed,
        }
    }
}

/// An `Access-Control-Max-Age` that does not match the standard's grammar.
///
/// ```
/// let headers = corsac::header::HeaderList::from_iter([("Access-Control-Max-Age", "-1")]);
/// let problem = headers.extract_max_age().unwrap().unwrap_err();
/// assert_eq!(problem.to_string(), "`-1` is negative: write `0` to keep browsers from caching");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MaxAgeProblem {
    /// The kind of value that was sent instead of a number: never [`MaxAge::Seconds`] or [`MaxAge::Overflow`].
    pub kind: MaxAge,
    /// The lines, joined with `, `.
    pub value: String,
}

impl fmt::Display for MaxAgeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.kind {
            MaxAge::Empty => return f.write_str("the value is empty: write a number of seconds"),
            MaxAge::Repeated => "is on several lines: send one",
            MaxAge::Negative => "is negative: write `0` to keep browsers from caching",
            MaxAge::LeadingPlus(_) => "has a sign: write the digits only",
            MaxAge::Seconds(_) | MaxAge::Overflow | MaxAge::Malformed => {
                "is not a whole number of seconds: write digits only"
            }
        };
        write!(f, "`{}` {why}", Printable::new(&self.value, QUOTED))
    }
}

impl std::error::Error for MaxAgeProblem {}

impl HeaderList {
    /// Classifies `Access-Control-Max-Age`, over all its lines. Returns `None` if there is none.
    ///
    /// ```
    /// use corsac::header::{HeaderList, MaxAge};
    ///
    /// let headers = HeaderList::from_iter([("Access-Control-Max-Age", "5"), ("Access-Control-Max-Age", "5")]);
    /// assert_eq!(headers.classify_max_age(), Some(MaxAge::Repeated));
    /// ```
    pub fn classify_max_age(&self) -> Option<MaxAge> {
        let mut lines = self.all(ACCESS_CONTROL_MAX_AGE);
        let first = lines.next()?;
        Some(if lines.next().is_some() { MaxAge::Repeated } else { MaxAge::classify(first) })
    }

    /// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) for `Access-Control-Max-Age`, in seconds. A
    /// number over [`u64::MAX`] is returned as [`u64::MAX`].
    ///
    /// ```
    /// use corsac::header::{HeaderList, MaxAge};
    ///
    /// let headers = HeaderList::from_iter([("Access-Control-Max-Age", "600")]);
    /// assert_eq!(headers.extract_max_age(), Some(Ok(600)));
    /// let headers = HeaderList::from_iter([("Access-Control-Max-Age", "+10")]);
    /// let problem = headers.extract_max_age().unwrap().unwrap_err();
    /// assert_eq!(problem.kind, MaxAge::LeadingPlus(10));
    /// ```
    pub fn extract_max_age(&self) -> Option<Result<u64, MaxAgeProblem>> {
        // 1
        let value = self.get(ACCESS_CONTROL_MAX_AGE)?;
        // 2-5
        Some(match (self.classify_max_age()?, saturating_decimal(&value)) {
            (MaxAge::Seconds(_) | MaxAge::Overflow, Some(seconds)) => Ok(seconds),
            (kind, _) => Err(MaxAgeProblem { kind, value: String::from_utf8_lossy(&value).into_owned() }),
        })
    }
}

/// The number that one or more ASCII digits spell, at most [`u64::MAX`]. `None` for anything else.
pub(super) fn saturating_decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, &byte| {
        byte.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_max_age_is_told_apart() {
        let cases: &[(&[&str], Option<MaxAge>)] = &[
            (&[], None),
            (&["0"], Some(MaxAge::Seconds(0))),
            (&["600"], Some(MaxAge::Seconds(600))),
            (&["0600"], Some(MaxAge::Seconds(600))),
            (&["9223372036854775807"], Some(MaxAge::Seconds(i64::MAX as u64))),
            (&["9223372036854775808"], Some(MaxAge::Overflow)),
            (&["18446744073709551616"], Some(MaxAge::Overflow)),
            (&["00000000000000000000000000000007"], Some(MaxAge::Seconds(7))),
            (&["-1"], Some(MaxAge::Negative)),
            (&["-0"], Some(MaxAge::Negative)),
            (&["-99999999999999999999"], Some(MaxAge::Negative)),
            (&["+10"], Some(MaxAge::LeadingPlus(10))),
            (&["+99999999999999999999"], Some(MaxAge::LeadingPlus(u64::MAX))),
            (&["+"], Some(MaxAge::Malformed)),
            (&["-"], Some(MaxAge::Malformed)),
            (&["+-1"], Some(MaxAge::Malformed)),
            (&[""], Some(MaxAge::Empty)),
            (&["10.5"], Some(MaxAge::Malformed)),
            (&["10,"], Some(MaxAge::Malformed)),
            (&["10, 10"], Some(MaxAge::Malformed)),
            (&["10 "], Some(MaxAge::Malformed)),
            (&["1e3"], Some(MaxAge::Malformed)),
            (&["0x10"], Some(MaxAge::Malformed)),
            (&["abc"], Some(MaxAge::Malformed)),
            (&["\"10\""], Some(MaxAge::Malformed)),
            (&["٣"], Some(MaxAge::Malformed)),
            (&["10", "10"], Some(MaxAge::Repeated)),
            (&["", ""], Some(MaxAge::Repeated)),
        ];
        for (lines, expected) in cases {
            let headers: HeaderList = lines.iter().map(|line| ("Access-Control-Max-Age", *line)).collect();
            assert_eq!(headers.classify_max_age(), *expected, "{lines:?}");
            // The standard's reading agrees with this finer one.
            let seconds =
                headers.extract_max_age().map(|extracted| extracted.map_err(|problem| problem.kind));
            let by_class = expected.map(|class| match class {
                MaxAge::Seconds(seconds) => Ok(seconds),
                MaxAge::Overflow => Ok(lines[0].parse().unwrap_or(u64::MAX)),
                class => Err(class),
            });
            assert_eq!(seconds, by_class, "{lines:?}");
        }
    }

    #[test]
    fn a_problem_says_what_to_write() {
        let headers =
            HeaderList::from_iter([("Access-Control-Max-Age", "5"), ("access-control-max-age", "6")]);
        let problem = headers.extract_max_age().unwrap().unwrap_err();
        assert_eq!(problem.to_string(), "`5, 6` is on several lines: send one");
        for (value, message) in [
            ("", "the value is empty: write a number of seconds"),
            ("-1", "`-1` is negative: write `0` to keep browsers from caching"),
            ("+1", "`+1` has a sign: write the digits only"),
            ("1h", "`1h` is not a whole number of seconds: write digits only"),
        ] {
            let headers = HeaderList::from_iter([("Access-Control-Max-Age", value)]);
            assert_eq!(headers.extract_max_age().unwrap().unwrap_err().to_string(), message);
        }
    }
}
