//! Points in time, as HARs write them.

/// Returns the milliseconds since 1970 of a time such as `2026-11-22T10:00:00.123+01:00`.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once(['T', ' '])?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, "Z"),
    };
    let mut time = time.splitn(3, ':');
    let (hours, minutes) = (time.next()?.parse::<i64>().ok()?, time.next()?.parse::<i64>().ok()?);
    let seconds: f64 = time.next().unwrap_or("0").parse().ok()?;
    let is_possible = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..=24).contains(&hours)
        && (0..=60).contains(&minutes)
        && (0.0..=61.0).contains(&seconds);
    if !is_possible {
        return None;
    }
    let minutes = (days(year, month, day) * 24 + hours) * 60 + minutes - offset_in_minutes(offset);
    Some(minutes * 60_000 + (seconds * 1000.0) as i64)
}

/// Returns the days from 1970-01-01 to this date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // A year that begins in March ends with the leap day.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

fn offset_in_minutes(offset: &str) -> i64 {
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits: String = offset.chars().filter(char::is_ascii_digit).take(4).collect();
    let number =
        |range| digits.get::<std::ops::Range<usize>>(range).and_then(|part| part.parse::<i64>().ok());
    sign * (number(0..2).unwrap_or_default() * 60 + number(2..4).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_an_offset() {
        let rows = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-22T10:00:00.123Z", Some(1_795_341_600_123)),
            ("2026-11-22T11:00:00.123+01:00", Some(1_795_341_600_123)),
            ("2026-11-22T05:30:00.123-0430", Some(1_795_341_600_123)),
            ("2024-02-29T00:00:00.000Z", Some(1_709_164_800_000)),
            ("yesterday", None),
            ("2026-13-01T00:00:00Z", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }
}
