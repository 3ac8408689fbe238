//! `results.json`: what passed and what failed on each page, in each profile that was run.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::runner::Outcome;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Results {
    /// The revision of the tests, for a person to read.
    pub tests: String,
    pub pages: BTreeMap<String, PageResults>,
}

/// A page's subtests.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PageResults {
    /// Passed in every profile that was run.
    pub passed: Vec<String>,
    /// The others, each with the profiles in which it failed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<String, Vec<String>>,
}

impl PageResults {
    pub fn total(&self) -> usize {
        self.passed.len() + self.failed.len()
    }

    pub fn passed_in(&self, profile: &str) -> usize {
        self.total() - self.failed_in(profile).count()
    }

    pub fn failed_in<'a>(&'a self, profile: &'a str) -> impl Iterator<Item = &'a str> {
        let failed =
            self.failed.iter().filter(move |(_, profiles)| profiles.iter().any(|one| one == profile));
        failed.map(|(name, _)| name.as_str())
    }
}

impl Results {
    pub fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        if !file.exists() {
            return Ok(Self { tests: "web-platform-tests 0a2ab583, 2025-10-28".into(), ..Self::default() });
        }
        Ok(serde_json::from_slice(&std::fs::read(file)?)?)
    }

    /// Writes one line for each page, so that a change of one page changes one line.
    pub fn write(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        let mut text = format!("{{\"tests\": {},\n\"pages\": {{\n", serde_json::to_string(&self.tests)?);
        for (index, (page, results)) in self.pages.iter().enumerate() {
            let comma = if index == 0 { "" } else { ",\n" };
            let page = serde_json::to_string(page)?;
            text.push_str(&format!("{comma}{page}: {}", serde_json::to_string(results)?));
        }
        text.push_str("\n}}\n");
        std::fs::write(file, text)?;
        Ok(())
    }

    /// Takes the results of a run in this profile.
    pub fn put(&mut self, profile: &str, outcomes: &[Outcome]) {
        for outcome in outcomes {
            let page = self.pages.entry(outcome.page.clone()).or_default();
            let mut failed = std::mem::take(&mut page.failed);
            for profiles in failed.values_mut() {
                profiles.retain(|one| one != profile);
            }
            page.passed.clear();
            for subtest in &outcome.subtests {
                let mut profiles = failed.remove(&subtest.name).unwrap_or_default();
                if !subtest.passed {
                    profiles.push(profile.to_owned());
                    profiles.sort();
                }
                if profiles.is_empty() {
                    page.passed.push(subtest.name.clone());
                } else {
                    page.failed.insert(subtest.name.clone(), profiles);
                }
            }
            // Subtests that this run does not have (most likely the harness) still failed in the other profiles.
            page.failed.extend(failed.into_iter().filter(|(_, profiles)| !profiles.is_empty()));
        }
    }
}
