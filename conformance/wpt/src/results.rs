//! `results.json`: what passed and what did not, page by page, for each profile that was run.

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

    /// One line for each page: a change of one page is a change of one line.
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

    /// Takes what a run in this profile brought.
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
            // What this run has no subtest for (the harness, most likely) still failed in the others.
            page.failed.extend(failed.into_iter().filter(|(_, profiles)| !profiles.is_empty()));
        }
    }
}
