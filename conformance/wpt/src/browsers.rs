//! `browsers.json`: the results of three browsers for the same pages.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Browsers {
    /// The versions, by name.
    pub browsers: BTreeMap<String, String>,
    pub pages: BTreeMap<String, BTreeMap<String, Measured>>,
}

/// One page in one browser.
#[derive(Debug, Deserialize)]
pub struct Measured {
    pub passed: usize,
    pub of: usize,
    #[serde(default)]
    pub failed: Vec<String>,
}

impl Browsers {
    pub fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(serde_json::from_slice(&std::fs::read(file)?)?)
    }

    /// Returns `true` if the browser of this profile fails the subtest too. The profile then has to fail it.
    pub fn fails(&self, browser: &str, page: &str, subtest: &str) -> bool {
        let measured = self.pages.get(page).and_then(|browsers| browsers.get(browser));
        measured.is_some_and(|measured| measured.failed.iter().any(|name| name == subtest))
    }
}
