//! The header lines and values of an exchange: how rules read and change them.

use super::configuration::{Format, Part};
use super::exchange::Exchange;
use super::sample::{Sample, Value};
use crate::files::At;
use crate::server::Line;

/// The most header lines of a message; HAProxy takes 101 if nothing else is said.
const MOST_LINES: usize = 250;
/// The most bytes of a value; HAProxy's buffer has so many.
pub(super) const MOST_BYTES: usize = 16 << 10;

impl Exchange<'_> {
    /// The value of a format; samples that are not there are empty.
    pub(super) fn value(&self, format: &Format) -> String {
        let mut text = String::new();
        for part in &format.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Sample(sample) => {
                    if let Some(Some(value)) = self.sample(sample) {
                        text.push_str(&value.text());
                    }
                }
            }
        }
        cut(&text, MOST_BYTES)
    }

    /// One line too many is left out; HAProxy has no room for it either.
    pub(super) fn append(&mut self, name: &str, value: String, at: At) {
        match &mut self.response {
            Some(response) if response.lines.len() < MOST_LINES => {
                response.lines.push(Line { name: name.to_owned(), value, at: Some(at) });
            }
            None if self.request.len() < MOST_LINES => self.request.push((name.to_owned(), value)),
            _ => {}
        }
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&str, &str) -> bool) {
        match &mut self.response {
            Some(response) => response.lines.retain(|line| keep(&line.name, &line.value)),
            None => self.request.retain(|(name, value)| keep(name, value)),
        }
    }

    pub(super) fn change(&mut self, at: At, changed: impl Fn(&str, &str) -> Option<String>) {
        match &mut self.response {
            Some(response) => {
                for line in &mut response.lines {
                    if let Some(value) = changed(&line.name, &line.value) {
                        line.value = value;
                        line.at = Some(at);
                    }
                }
            }
            None => {
                for (name, value) in &mut self.request {
                    if let Some(new) = changed(name, value) {
                        *value = new;
                    }
                }
            }
        }
    }
}

/// At most so many bytes.
pub(super) fn cut(value: &str, length: usize) -> String {
    let mut end = length.min(value.len());
    while !value.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    value.get(..end).unwrap_or_default().to_owned()
}

/// The values of a sample, for an ACL that tries each.
pub(super) type Values = Vec<Value>;

impl Exchange<'_> {
    /// The value of a sample: `None` if it cannot be known, `Some(None)` if it is not there.
    pub(super) fn sample(&self, sample: &Sample) -> Option<Option<Value>> {
        self.values(sample, false).map(|values| values.into_iter().next_back())
    }
}
