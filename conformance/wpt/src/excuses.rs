//! `excuses.toml`: why a subtest does not pass. It is an error if a subtest fails without a reason, and if one passes that has a reason.

use std::error::Error;
use std::path::Path;

use serde::Deserialize;

use crate::browsers::Browsers;
use crate::runner::Outcome;

#[derive(Debug, Deserialize)]
pub struct Excuses {
    excuse: Vec<Excuse>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Excuse {
    page: String,
    /// Names of subtests. `*` matches any string.
    subtests: Vec<String>,
    reason: String,
    /// The profiles to which it applies; all, if none is named.
    #[serde(default)]
    profiles: Vec<String>,
}

impl Excuse {
    fn is_for(&self, profile: &str, page: &str) -> bool {
        self.page == page && (self.profiles.is_empty() || self.profiles.iter().any(|one| one == profile))
    }
}

impl Excuses {
    pub fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(toml::from_str(&std::fs::read_to_string(file)?)?)
    }

    /// Why this subtest does not pass.
    pub fn reason(&self, profile: &str, page: &str, subtest: &str) -> Option<&str> {
        let excuse = self.excuse.iter().find(|excuse| {
            excuse.is_for(profile, page) && excuse.subtests.iter().any(|pattern| matches(pattern, subtest))
        });
        excuse.map(|excuse| excuse.reason.as_str())
    }

    /// Reports what differs from the excuses. `whole`: every page was run, so an excuse that applies to none of them is an error.
    pub fn complaints(
        &self,
        profile: &str,
        outcomes: &[Outcome],
        browsers: &Browsers,
        whole: bool,
    ) -> Vec<String> {
        let mut complaints = Vec::new();
        for outcome in outcomes {
            for subtest in &outcome.subtests {
                let excused = self.reason(profile, &outcome.page, &subtest.name).is_some();
                let (page, name) = (&outcome.page, &subtest.name);
                let as_its_browser = browsers.fails(profile, page, name);
                if subtest.passed && excused {
                    complaints.push(format!("passes, but has an excuse: {page}: {name}"));
                } else if !subtest.passed && !excused && !as_its_browser {
                    complaints.push(format!("fails: {page}: {name}: {}", subtest.message));
                }
            }
        }
        for excuse in self.excuse.iter().filter(|excuse| whole && excuse.is_for(profile, &excuse.page)) {
            for pattern in &excuse.subtests {
                let fails = outcomes.iter().filter(|outcome| outcome.page == excuse.page).any(|outcome| {
                    outcome.subtests.iter().any(|subtest| !subtest.passed && matches(pattern, &subtest.name))
                });
                if !fails {
                    complaints.push(format!("unused excuse: {}: {pattern}", excuse.page));
                }
            }
        }
        complaints
    }
}

/// Returns `true` if `text` matches `pattern`, in which `*` matches any string.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(index, _)| index)
                .chain([rest.len()])
                .any(|index| rest.get(index..).is_some_and(|rest| matches(after, rest)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("a*c*", "abcd", true),
            ("*c", "abcd", false),
            ("*", "", true),
            ("a*b*b", "ab", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
