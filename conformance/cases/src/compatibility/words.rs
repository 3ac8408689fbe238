//! Values as phrases.

use std::time::Duration;

use corsac::browser::CacheMode;

/// For a value that has no phrase yet. A test rejects the empty phrase.
pub(super) const MISSING: &str = "";

/// One of two phrases.
pub(super) fn either(value: bool, yes: &str, no: &str) -> String {
    if value { yes } else { no }.to_owned()
}

/// `7,200 s`; the standard's profile has no limit, as it leaves that to the engine.
pub(super) fn limit(duration: Duration) -> String {
    if duration == Duration::MAX {
        return "left to the browser".to_owned();
    }
    format!("{} s", number(duration.as_secs()))
}

/// How long a response is kept.
pub(super) fn kept(duration: Option<Duration>) -> String {
    match duration {
        None => "not kept".to_owned(),
        Some(Duration::ZERO) => "ends existing entries".to_owned(),
        Some(duration) => format!("kept for {} s", number(duration.as_secs())),
    }
}

/// `1,024 bytes`, or that there is no limit.
pub(super) fn at_most(count: Option<usize>, unit: &str) -> String {
    count.map_or_else(|| "no limit".to_owned(), |count| format!("{} {unit}", number(count as u64)))
}

/// Header names or methods.
pub(super) fn names(names: &[&str]) -> String {
    list(names.iter().map(|name| (*name).to_owned()))
}

/// Cache modes, as they are written in a call of `fetch()`.
pub(super) fn modes(modes: &[CacheMode]) -> String {
    list(modes.iter().map(|mode| mode.as_str().to_owned()))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.map(|item| format!("`{item}`")).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

/// With a comma after each thousand.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
