//! The command line.

use std::path::PathBuf;

use corsac::browser::Engine;

/// The options on the command line.
#[derive(Debug)]
pub struct Arguments {
    /// The configuration that wptserve runs with.
    pub config: PathBuf,
    /// The engines whose rules `fetch()` follows, with one run for each.
    pub engines: Vec<Engine>,
    /// Only files whose path contains one of these strings.
    pub only: Vec<String>,
    /// How many pages run at a time.
    pub jobs: usize,
    /// Whether to update results.json and docs/wpt.md.
    pub write: bool,
    /// Whether to print what pages log, and the message of each failure.
    pub verbose: bool,
}

const USAGE: &str = "usage: conformance-wpt --config FILE [--profile spec|chromium|firefox|webkit|all] [--only TEXT]... [--jobs N] [--write] [--verbose]";

impl Arguments {
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self {
            config: PathBuf::new(),
            engines: vec![Engine::Spec],
            only: Vec::new(),
            jobs: 6,
            write: false,
            verbose: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"));
            match word.as_str() {
                "--config" => arguments.config = value()?.into(),
                "--profile" => {
                    let name = value()?;
                    let is_wanted = |engine: &Engine| name == "all" || engine.as_str() == name;
                    arguments.engines = Engine::ALL.into_iter().filter(is_wanted).collect();
                    if arguments.engines.is_empty() {
                        return Err(format!("`{name}` is not a profile\n{USAGE}"));
                    }
                }
                "--only" => arguments.only.push(value()?),
                "--jobs" => arguments.jobs = value()?.parse().map_err(|_| USAGE)?,
                "--write" => arguments.write = true,
                "--verbose" => arguments.verbose = true,
                _ => return Err(format!("`{word}` is not an argument\n{USAGE}")),
            }
        }
        if arguments.config.as_os_str().is_empty() {
            return Err(USAGE.into());
        }
        Ok(arguments)
    }

    pub fn wants(&self, file: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| file.contains(text))
    }
}
